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

    Footnotes and endnotes follow the text. Headers and footers are no part of it. What the
    file's properties say counts only where the text says nothing.

    Raises:
        ReadError: if the document is damaged, encrypted, broken or too large.
    """
    body = _Body()
    with open_document(source) as archive:
        styles = "styles.xml"
        if styles in archive.namelist():
            parse_part(read_part(archive, styles, source.name), body.styles, source.name)
        parse_part(read_part(archive, CONTENT, source.name), body, source.name)
        facts = _facts(archive, source.name)
    draft = document_draft((*body.paragraphs, *body.notes), source)
    if draft is not None:
        yield with_facts(replace(draft, url=source.url), facts, source)


_UNSEEN = frozenset(
    "tracked-changes annotation note-citation ruby-text number script forms title desc binary-data "
    "table-of-content illustration-index table-index object-index user-index alphabetical-index "
    "bibliography".split()
)
_PARAGRAPHS = ("p", "h")
_NO = "none"


class _Styles:
    """Gathers which styles rest on which, and which of them hide text."""

    def __init__(self) -> None:
        self.parents: dict[str, str] = {}
        self.hidden: set[str] = set()
        self._name = ""

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "style":
            self._name = attributes.get("name", "")
            self.parents[self._name] = attributes.get("parent-style-name", "")
        elif tag == "text-properties" and attributes.get("display") == _NO:
            self.hidden.add(self._name)

    def data(self, text: str) -> None:
        """Nothing stands in styles."""

    def end(self, tag: str) -> None:
        """Nothing ends with a style."""

    def name_of(self, style: str) -> str:
        """Return the name, lower case, of a style that has one: those of a document have none."""
        return (self.parents.get(style) or style).lower()


class _Body:
    """Gathers paragraphs: a stack of open ones, for notes and text boxes stand inside of others."""

    def __init__(self) -> None:
        self.styles = _Styles()
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
        elif tag in SPACES:
            self.data(" ")
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
