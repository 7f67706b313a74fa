"""The text of a word processor's document (WordprocessingML): paragraphs, lists, tables.

Read as a stream. What the reader of the document does not see is left out: deleted
and moved text, hidden text, field codes, the second copy of text boxes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from rights_search.errors import ReadError
from rights_search.ingest.office.document import CELL_MARK, Paragraph
from rights_search.ingest.paragraphs import tidy

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True, slots=True)
class Section:
    """What the first section of a document says of the headers of its pages.

    Args:
        headers: kind (``first``, ``default``, ``even``) → relation of the part.
        has_first: whether its first page has a header of its own.
    """

    headers: Mapping[str, str]
    has_first: bool

    @property
    def first_header(self) -> str | None:
        """The relation of the part that stands above the first page."""
        return self.headers.get("first" if self.has_first else "default")


def read_body(
    data: bytes, name: str, styles: Mapping[str, str], *, tab: str = " "
) -> tuple[tuple[Paragraph, ...], Section]:
    """Return the paragraphs of a part of a document, and what its first section says.

    Args:
        data: the XML of the part.
        name: the document, for errors.
        styles: id of a style → its name.
        tab: what a tabulator is read as; in a header it parts what stands left and right.

    Raises:
        ReadError: if it is no well-formed XML.
    """
    from lxml import etree  # noqa: PLC0415

    body = _Body(styles, tab)
    events = etree.iterparse(
        BytesIO(data),
        events=("start", "end"),
        tag="{*}*",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for event, element in events:
            if event == "start":
                body.start(_local(element))
            else:
                body.end(_local(element), element)
    except etree.XMLSyntaxError as error:
        raise ReadError(name, f"its text is broken XML: {error}", fatal=True) from error
    return tuple(body.paragraphs), Section(body.headers, body.has_first)


_UNSEEN = frozenset({"Fallback", "moveFrom", "del", "rPrChange", "pPrChange", "sectPrChange"})
_SIGNS = {"br": " ", "cr": " ", "noBreakHyphen": "-"}
_OFF = frozenset({"0", "false", "off"})


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def local_attribute(element: Element, name: str) -> str | None:
    """Return an attribute whatever its name space: there are two for these documents."""
    found = (str(value) for key, value in element.items() if str(key).endswith(f"}}{name}"))
    return next(found, None)


class _Body:
    """Gathers paragraphs: a stack of open ones, for text boxes stand inside of others."""

    def __init__(self, styles: Mapping[str, str], tab: str) -> None:
        self.paragraphs: list[Paragraph] = []
        self.headers: dict[str, str] = {}
        self.has_first = False
        self._has_section = False
        self._signs = {**_SIGNS, "tab": tab, "ptab": tab}
        self._styles = styles
        self._sinks: list[list[Paragraph]] = [self.paragraphs]
        self._rows: list[list[str]] = []
        self._open: list[list[str]] = []
        self._style: list[str] = []
        self._run_starts: list[int] = []
        self._is_hidden = False
        self._unseen = 0

    def start(self, tag: str) -> None:
        match tag:
            case "p":
                self._open.append([])
                self._style.append("")
            case "tr":
                self._rows.append([])
            case "tc":
                self._sinks.append([])
            case "r" if self._open:
                self._run_starts.append(len(self._open[-1]))
                self._is_hidden = False
            case _ if tag in _UNSEEN:
                self._unseen += 1

    def end(self, tag: str, element: Element) -> None:
        match tag:
            case "t" | "tab" | "br" | "cr" | "ptab" | "noBreakHyphen":
                self._text(self._signs.get(tag) or element.text or "")
            case "pStyle" if self._style:
                style = local_attribute(element, "val") or ""
                self._style[-1] = self._styles.get(style, style).lower()
            case "vanish":
                self._is_hidden = (local_attribute(element, "val") or "1") not in _OFF
            case "r" if self._run_starts:
                self._end_run()
            case "p" if self._open:
                self._end_paragraph()
                _forget(element)
            case "tc" if len(self._sinks) > 1:
                cell = " ".join(paragraph.text for paragraph in self._sinks.pop())
                if self._rows:
                    self._rows[-1].append(cell)
            case "tr" if self._rows:
                self._end_row()
                _forget(element)
            case _:
                self._end_other(tag, element)

    def _text(self, text: str) -> None:
        # A tab is also a setting of a paragraph's properties, outside of any run.
        if self._open and self._run_starts and not self._unseen:
            self._open[-1].append(text)

    def _end_other(self, tag: str, element: Element) -> None:
        """Take what the first section says: the others end behind it."""
        if tag in _UNSEEN:
            self._unseen -= 1
        elif self._unseen or self._has_section:
            return
        elif tag == "headerReference":
            kind, relation = (local_attribute(element, name) for name in ("type", "id"))
            self.headers[kind or "default"] = relation or ""
        elif tag == "titlePg":
            self.has_first = (local_attribute(element, "val") or "1") not in _OFF
        elif tag == "sectPr":
            self._has_section = True

    def _end_run(self) -> None:
        start = self._run_starts.pop()
        if self._is_hidden and self._open:
            del self._open[-1][start:]
        self._is_hidden = False

    def _end_paragraph(self) -> None:
        text, style = tidy("".join(self._open.pop())), self._style.pop()
        if text:
            self._sinks[-1].append(Paragraph(text, style))

    def _end_row(self) -> None:
        row = CELL_MARK.join(filter(None, self._rows.pop()))
        if row:
            self._sinks[-1].append(Paragraph(row, "table"))


def _forget(element: Element) -> None:
    """Free the memory of an element that was read, and of those before it."""
    parent = element.getparent()
    element.clear()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
