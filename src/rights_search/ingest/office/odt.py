"""The reader of OpenDocument texts (ODT): the one post that a document is.

What the reader of the document does not see is left out, as in DOCX: tracked deletions,
hidden text, comments, lists of contents, the descriptions of pictures.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace

from rights_search.errors import ReadError
from rights_search.ingest.archives.zip import read_part
from rights_search.ingest.document_facts import DocumentFacts, with_facts
from rights_search.ingest.office.document import CELL_MARK, Paragraph, document_draft
from rights_search.ingest.office.opendocument import CONTENT, SPACES, open_document
from rights_search.ingest.office.xml import Attributes, parse_part
from rights_search.ingest.paragraphs import tidy
from rights_search.ingest.source import Record, Source


def read_odt(source: Source) -> Iterator[Record]:
    """Yield the post that a document is; nothing for one without text.

    Footnotes and endnotes follow the text. Headers and footers are no part of it; the header of
    the first page may be a letterhead. What the file's properties say counts only where the
    text says nothing.

    Raises:
        ReadError: if the document is damaged, encrypted, broken or too large.
    """
    body = _Body()
    sheet = _Sheet(body.styles)
    with open_document(source) as archive:
        styles = "styles.xml"
        if styles in archive.namelist():
            parse_part(read_part(archive, styles, source.name), sheet, source.name)
        parse_part(read_part(archive, CONTENT, source.name), body, source.name)
        facts = _facts(archive, source.name)
    header = sheet.header_of(body.styles.page_of(body.first_style))
    draft = document_draft((*body.paragraphs, *body.notes), source, header)
    if draft is not None:
        yield with_facts(replace(draft, url=source.url), facts, source)


_UNSEEN = frozenset(
    "tracked-changes annotation note-citation ruby-text number script forms title desc binary-data "
    "table-of-content illustration-index table-index object-index user-index alphabetical-index "
    "bibliography".split()
)
_PARAGRAPHS = ("p", "h")
_NO = "none"
_PAGE = "Standard"
_HEADERS = ("header-first", "header")


class _Styles:
    """Gathers which styles rest on which, and which of them hide text."""

    def __init__(self) -> None:
        self.parents: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.pages: dict[str, str] = {}
        self._name = ""

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "style":
            self._name = attributes.get("name", "")
            self.parents[self._name] = attributes.get("parent-style-name", "")
            self.pages[self._name] = attributes.get("master-page-name", "")
        elif tag == "text-properties" and attributes.get("display") == _NO:
            self.hidden.add(self._name)

    def data(self, text: str) -> None:
        """Nothing stands in styles."""

    def end(self, tag: str) -> None:
        """Nothing ends with a style."""

    def name_of(self, style: str) -> str:
        """Return the name, lower case, of a style that has one: those of a document have none."""
        return (self.parents.get(style) or style).lower()

    def page_of(self, style: str) -> str:
        """Return the name of the page that a paragraph of a style begins."""
        return self.pages.get(style) or self.pages.get(self.parents.get(style, "")) or _PAGE


class _Body:
    """Gathers paragraphs: a stack of open ones, for notes and text boxes stand inside of others."""

    def __init__(self, tab: str = " ") -> None:
        self.styles = _Styles()
        self.first_style = ""
        self._tab = tab
        self.paragraphs: list[Paragraph] = []
        self.notes: list[Paragraph] = []
        self._sinks = [self.paragraphs]
        self._rows: list[list[str]] = []
        self._open: list[list[str]] = []
        self._names: list[str] = []
        self._unseen = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        if self._unseen or tag in _UNSEEN or self._is_hidden(tag, attributes):
            self._unseen += 1
        elif tag in _PARAGRAPHS:
            self._open.append([])
            self._names.append(self._style(tag, attributes))
            self.first_style = self.first_style or attributes.get("style-name", "")
        elif tag in SPACES:
            self.data(self._tab if tag == "tab" else " ")
        elif tag == "note":
            self._sinks.append(self.notes)
        elif tag == "table-row":
            self._rows.append([])
        elif tag == "table-cell":
            self._sinks.append([])
        else:
            self.styles.start(tag, attributes)

    def data(self, text: str) -> None:
        if self._open and not self._unseen:
            self._open[-1].append(text)

    def end(self, tag: str) -> None:
        if self._unseen:
            self._unseen -= 1
        elif tag in _PARAGRAPHS:
            self._add("".join(self._open.pop()), self._names.pop())
        elif tag == "note":
            self._sinks.pop()
        elif tag == "table-cell":
            cell = " ".join(paragraph.text for paragraph in self._sinks.pop())
            if self._rows:
                self._rows[-1].append(cell)
        elif tag == "table-row":
            self._add(CELL_MARK.join(filter(None, self._rows.pop())), "table")

    def _add(self, text: str, style: str) -> None:
        text = tidy(text)
        if text:
            self._sinks[-1].append(Paragraph(text, style))

    def _is_hidden(self, tag: str, attributes: Attributes) -> bool:
        if tag == "section":
            return attributes.get("display") == _NO
        return attributes.get("style-name") in self.styles.hidden and tag in (*_PARAGRAPHS, "span")

    def _style(self, tag: str, attributes: Attributes) -> str:
        if tag == "h":
            return f"heading {attributes.get('outline-level', '1')}"
        return self.styles.name_of(attributes.get("style-name", ""))


class _Sheet:
    """Gathers styles, and the headers of pages: page → kind of header → what stands in it."""

    def __init__(self, styles: _Styles) -> None:
        self.headers: dict[str, dict[str, _Body]] = {}
        self._styles = styles
        self._page = ""
        self._header: _Body | None = None

    def start(self, tag: str, attributes: Attributes) -> None:
        if self._header is not None:
            self._header.start(tag, attributes)
        elif tag == "master-page":
            self._page = attributes.get("name", "")
        elif tag in _HEADERS and attributes.get("display") != "false":
            self._header = _Body(CELL_MARK)
            self.headers.setdefault(self._page, {})[tag] = self._header
        else:
            self._styles.start(tag, attributes)

    def data(self, text: str) -> None:
        if self._header is not None:
            self._header.data(text)

    def end(self, tag: str) -> None:
        if tag in _HEADERS:
            self._header = None
        elif self._header is not None:
            self._header.end(tag)

    def header_of(self, page: str) -> list[str]:
        """Return the lines of the header that the first page has."""
        headers = self.headers.get(page, {})
        found = next((headers[kind] for kind in _HEADERS if kind in headers), None)
        return [] if found is None else [paragraph.text for paragraph in found.paragraphs]


class _Facts:
    """Gathers what properties say: name → text."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self._tag = ""

    def start(self, tag: str, _: Attributes) -> None:
        self._tag = tag

    def data(self, text: str) -> None:
        self.texts[self._tag] = self.texts.get(self._tag, "") + text

    def end(self, _: str) -> None:
        self._tag = ""


def _facts(archive: zipfile.ZipFile, name: str) -> DocumentFacts:
    """Return the properties; none where they are missing or broken, for they are not needed."""
    facts = _Facts()
    if "meta.xml" in archive.namelist():
        try:
            parse_part(read_part(archive, "meta.xml", name), facts, name)
        except ReadError:
            return DocumentFacts()
    author = facts.texts.get("initial-creator") or facts.texts.get("creator")
    return DocumentFacts(facts.texts.get("title"), author, facts.texts.get("creation-date"))
