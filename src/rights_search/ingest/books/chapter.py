"""The reader of a chapter of a book: a page that is nothing but text.

Nothing has to be told from menus or lists of posts, and a date in it is one of what it tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rights_search.ingest.encodings.decoding import read_text
from rights_search.ingest.html.dom import (
    HEADINGS,
    blocks,
    drop_scripts,
    first_line,
    language_of,
    last_line,
    parse,
    remove,
    text_of,
)
from rights_search.ingest.source import Draft, Record, Source, Span

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def read_chapter(source: Source) -> Iterator[Record]:
    """Yield the post that a chapter is; nothing for a page without words, such as a cover.

    Its title is its first heading, else that of the page where it is not the book's.

    Raises:
        ReadError: if it is no text, too large, or nests without end.
    """
    decoded = read_text(source)
    root = parse(decoded.text, source.name)
    drop_scripts(root)
    body = next(root.iter("body"), root)
    span = Span(first_line(body), last_line(body))
    title = _take_heading(body) or _page_title(root, source)
    found = blocks(body)
    if not found.paragraphs:
        return
    yield Draft(
        paragraphs=found.paragraphs,
        span=span,
        title=title.text,
        captions=found.captions,
        url=source.url,
        language=language_of(root) or language_of(body),
        notes=decoded.notes,
        encoding=decoded.encoding,
        origins=(("title", title.origin), ("language", "html: lang")),
    )


@dataclass(frozen=True, slots=True)
class _Title:
    text: str | None
    origin: str


def _take_heading(body: Element) -> _Title | None:
    """Cut out the first heading, if any: what stands above it is no title."""
    for node in body.iter(*HEADINGS):
        text = text_of(node)
        if text:
            remove([node])
            return _Title(text, "first heading")
    return None


def _page_title(root: Element, source: Source) -> _Title:
    text = next((text_of(node) for node in root.iter("title")), "")
    is_of_book = source.member is not None and text == source.member.source_name
    return _Title(None if is_of_book else text or None, "html: title")
