"""Whole results as files for other programs: one module a format, one of what a citation says.

Each module offers ``write(posts, stream)``, which writes one post at a time, so that a
result of any length takes no more memory than a short one. To add a format, add its
module, a row here and its name to `ExportFormat`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import Literal, TextIO, TypeAlias

from rights_search.post import Post

Write: TypeAlias = Callable[[Iterable[Post], TextIO], None]

ExportFormat: TypeAlias = Literal["jsonl", "csv", "bibtex", "ris", "csl-json", "markdown", "html"]
"""How posts are written for other programs: see `export`."""

FORMATS: Mapping[str, str] = {
    "jsonl": "lines",
    "csv": "table",
    "bibtex": "bibtex",
    "ris": "ris",
    "csl-json": "csl",
    "markdown": "markdown",
    "html": "pages",
}
"""Name of a format → the module that writes it."""


def writer(name: str) -> Write:
    """Return what writes a format; only its module is imported."""
    write: Write = import_module(f"{__name__}.{FORMATS[name]}").write
    return write


def export(posts: Iterable[Post], stream: TextIO, format: ExportFormat) -> int:  # noqa: A002 - as people call it
    """Write posts for other programs, each with its citation and its place in its source.

    Use it with `Archive.posts`: one post is read and written at a time. Dates have the parts
    that the source gave; names of authors stay in one piece.

    Args:
        posts: what to write, in this order.
        stream: a text file, best opened with ``encoding="utf-8", newline=""``.
        format: ``jsonl`` for all that is known of a post, an object a line; ``csv`` for
            spreadsheets, in which no cell is a formula; ``bibtex``, ``ris``, ``csl-json`` for
            reference managers; ``markdown`` for a list to read; ``html`` for a page with the
            texts, to read and to print.

    Returns:
        How many posts were written.

    Raises:
        ValueError: if there is no such format.
    """
    if format not in FORMATS:
        raise ValueError(f"no format {format!r}; there are {', '.join(FORMATS)}")
    count = 0

    def counted() -> Iterator[Post]:
        nonlocal count
        for post in posts:
            yield post
            count += 1

    writer(format)(counted(), stream)
    return count


def cite(post: Post) -> str:
    """Return the citation of a post as a line of text: authors, title, source, date, address.

    Nothing is made up: what the source does not say is left out, a date has the parts that it
    gave, and a title that we derived stands in square brackets. Where it stands in the source
    is `Post.provenance`.
    """
    from rights_search.exports import citation  # noqa: PLC0415 - formats import it themselves

    return citation.text(post)
