r"""BibTeX, as LaTeX and reference managers read it: an ``@misc`` for each post.

The key is the post's id. Braces of a text are spelt out, also as ``\{``: BibTeX counts
them without heeding the backslash, and one that is alone would swallow the next entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from rights_search.exports import citation
from rights_search.post import Post

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_SPECIAL = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", "#": r"\#", "$": r"\$", "%": r"\%",
    "&": r"\&", "_": r"\_",
})  # fmt: skip


def write(posts: Iterable[Post], stream: TextIO) -> None:
    """Write an entry for each post."""
    for number, post in enumerate(posts):
        fields = ",\n".join(f"  {name} = {value}" for name, value in _fields(post))
        stream.write(f"{chr(10) * bool(number)}@misc{{{citation.key(post)},\n{fields}\n}}\n")


def _fields(post: Post) -> Iterator[tuple[str, str]]:
    authors = citation.authors(post)
    if authors:
        # Braces around each: "and" in a name would part it, a comma would turn it round.
        yield "author", _braced(" and ".join(_braced(escape(name)) for name in authors))
    # Braces within braces keep the capitals, which many styles would lower.
    yield "title", _braced(_braced(escape(citation.title(post))))
    for name, text in (
        ("howpublished", citation.publication(post)),
        ("organization", citation.publisher(post)),
    ):
        if text:
            yield name, _braced(escape(text))
    yield from _date_fields(post)
    if address := citation.url(post):
        yield "url", _braced(address)
    if (day := citation.accessed(post)) is not None:
        yield "urldate", _braced(day.isoformat())
    if language := citation.language(post):
        yield "language", _braced(escape(language))
    # Not "note", which styles print.
    yield "annote", _braced(escape(citation.place(post)))


def _date_fields(post: Post) -> Iterator[tuple[str, str]]:
    if post.date is None:
        return
    year, *rest = citation.date_parts(post.date)
    yield "year", _braced(f"{year:04}")
    if rest:
        yield "month", _MONTHS[rest[0] - 1]
    if len(rest) > 1:
        yield "day", _braced(str(rest[1]))
    if citation.is_circa(post.date):
        yield "note", _braced(f"c. {post.date.iso}")


def escape(text: str) -> str:
    """Return a text that LaTeX shows as it is."""
    return text.translate(_SPECIAL)


def _braced(text: str) -> str:
    return f"{{{text}}}"
