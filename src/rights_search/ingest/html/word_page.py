"""A document that a word processor saved as HTML: Word, LibreOffice, OpenOffice.

It is a document that a browser can show, not a page of a site: there is nothing around its text,
but a letterhead, a banner and contacts stand in it as in the file that it was made of. The
language that it names is that of the program.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rights_search.ingest.document_facts import DocumentFacts, with_facts
from rights_search.ingest.html.dom import (
    CAPTIONS,
    HEADINGS,
    Piece,
    first_line,
    is_unseen,
    last_line,
    pieces,
    text_of,
)
from rights_search.ingest.html.entry import Page
from rights_search.ingest.office.document import Paragraph, document_draft
from rights_search.ingest.paragraphs import tidy
from rights_search.ingest.source import Draft, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element


def is_word_page(content: bytes) -> bool:
    """Return whether a page says in its head that a word processor made it."""
    # To look for their names takes a tenth of the time of the pattern, and tells nearly all pages.
    head = content[:_HEAD_BYTES].lower()
    return any(name in head for name in _PROGRAMS) and _MADE.search(head) is not None


def word_draft(root: Element, body: Element, page: Page) -> Draft | None:
    """Return the post that such a document is.

    None where it is a sheet, or has no text: it is read as other pages are then.

    Args:
        root: the page.
        body: its body.
        page: what else is known of it.
    """
    header = [piece.text for box in body.iterfind(_HEADER) for piece in pieces(box)]
    found = pieces(body, is_passed_over=_passes_over)
    captions = tuple(piece.text for piece in found if piece.tag in CAPTIONS)
    texts = [piece for piece in found if piece.tag not in CAPTIONS]
    if 2 * sum(piece.tag in _CELLS for piece in texts) > len(texts):
        return None
    title = _styled(body)
    paragraphs = [Paragraph(piece.text, _style(piece, title)) for piece in texts]
    draft = document_draft(paragraphs, page.source, header)
    if draft is None:
        return None
    draft = replace(
        draft,
        span=Span(first_line(body), last_line(body)),
        captions=(*draft.captions, *captions),
        url=page.facts.url or page.source.url,
        encoding=page.encoding,
        notes=(*page.notes, *draft.notes),
    )
    return with_facts(draft, _facts(root, page), page.source)


_HEAD_BYTES = 4096
_PROGRAMS = (b"microsoft word", b"word.document", b"libreoffice", b"openoffice")
_MADE = re.compile(  # in lower case
    rb"<meta\s(?=[^<>]{0,80}\bname\s*=\s*[\"']?(?:generator|progid)\b)"
    rb"[^<>]{0,80}\bcontent\s*=\s*[\"']?(?:" + b"|".join(map(re.escape, _PROGRAMS)) + rb")"
)
_CELLS = frozenset({"td", "th", "tr"})
_TITLES = frozenset({"msotitle", "title"})
_NOTE_MARKS = frozenset({"msofootnotereference", "sdfootnoteanc", "sdfootnotesym"})
# So LibreOffice marks them; Word keeps them in a file beside the page.
_HEADER = ".//div[@title='header']"
_AROUND = frozenset({"header", "footer"})
# Marks of lists, which Word writes as text, and what reviewers said beside it.
_UNSEEN = re.compile(
    r"mso-list\s*:\s*ignore|mso-element\s*:\s*comment|mso-hide\s*:\s*all", re.IGNORECASE
)


def _passes_over(element: Element, _: Sequence[Piece]) -> bool:
    if element.tag == "del" or element.get("class", "").lower() in _NOTE_MARKS:
        return True
    if element.get("title") in _AROUND or is_unseen(element):
        return True
    style = element.get("style")
    return style is not None and _UNSEEN.search(style) is not None


def _styled(body: Element) -> str | None:
    """Return the text of the first paragraph that has the style of a title."""
    for element in body.iter("p"):
        if element.get("class", "").lower() in _TITLES:
            return tidy(text_of(element))
    return None


def _style(piece: Piece, title: str | None) -> str:
    if piece.text == title:
        return "title"
    return f"heading {piece.tag[1]}" if piece.tag in HEADINGS else ""


def _facts(root: Element, page: Page) -> DocumentFacts:
    told = {
        element.get("name", "").lower(): element.get("content") for element in root.iter("meta")
    }
    return DocumentFacts(page.facts.title, told.get("author"), told.get("created"))
