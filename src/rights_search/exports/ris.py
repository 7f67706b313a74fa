"""RIS, as reference managers read it: a record of tagged lines for each post."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from rights_search.exports import citation
from rights_search.post import Post


def write(posts: Iterable[Post], stream: TextIO) -> None:
    """Write a record for each post. No value holds a line end, so none can begin a tag."""
    for number, post in enumerate(posts):
        lines = (f"{tag}  - {value}".rstrip() for tag, value in _tags(post) if value)
        stream.write("\n" * bool(number) + "\n".join(lines) + "\nER  - \n")


def _tags(post: Post) -> Iterator[tuple[str, str]]:
    address = citation.url(post)
    yield "TY", "ELEC" if address else "GEN"
    yield "ID", citation.key(post)
    for name in citation.authors(post):
        yield "AU", name
    yield "TI", citation.title(post)
    yield "T2", citation.publication(post)
    yield "PB", citation.publisher(post)
    if post.date is not None:
        year, *rest = citation.date_parts(post.date)
        yield "PY", f"{year:04}"
        # Year, month, day and other information: what is not known stays empty.
        month, day = (*(f"{part:02}" for part in rest), "", "")[:2]
        yield "DA", f"{year:04}/{month}/{day}/{'c.' if citation.is_circa(post.date) else ''}"
    if (got := citation.accessed(post)) is not None:
        yield "Y2", f"{got:%Y/%m/%d}/"
    yield "LA", citation.language(post)
    yield "UR", address
    yield "N1", citation.place(post)
