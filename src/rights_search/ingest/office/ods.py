"""The reader of OpenDocument tables (ODS): each sheet is a member, its rows are posts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rights_search.errors import ReadError
from rights_search.ingest.archives.zip import read_part
from rights_search.ingest.member_names import Tally
from rights_search.ingest.office.opendocument import CONTENT, SPACES, open_document
from rights_search.ingest.office.xml import Attributes, parse_steps
from rights_search.ingest.source import Record, Source
from rights_search.ingest.tables.cells import iso_text, number_text
from rights_search.ingest.tables.sheet import MAX_COLUMNS, MAX_ROWS, Row, beyond, enclosed_sheet


def read_ods(source: Source) -> Iterator[Record]:
    """Yield the sheets of a document in their order, each a member of it.

    Hidden sheets are counted, and so are empty ones. Of a formula its last result is read.

    Raises:
        ReadError: if the document is damaged, encrypted, broken or too large.
    """
    left_out = Tally(source.name)
    with open_document(source) as archive:
        data = read_part(archive, CONTENT, source.name)
        stored = archive.getinfo(CONTENT).compress_size
    cells = _Cells(source.name, left_out)
    for (_, sheet), rows in groupby(_rows(data, cells, source.name), key=lambda found: found[0]):
        yield enclosed_sheet(sheet, (row for _, row in rows), source.name, stored)
    yield from left_out.told("sheet")


def _rows(data: bytes, cells: _Cells, name: str) -> Iterator[tuple[tuple[int, str], Row]]:
    """Yield rows with the number and the name of their sheet."""
    for _ in parse_steps(data, cells, name):
        for sheet, row, repeated in cells.rows:
            for number in range(row.number, row.number + repeated):
                # Each its own: cells that cover several rows fill them.
                yield sheet, Row(number, dict(row.cells), row.merged)
        cells.rows.clear()


_CELLS = ("table-cell", "covered-table-cell")
_UNSEEN = frozenset(
    "table-source annotation tracked-changes forms shapes frame script ruby-text".split()
)


class _Cells:
    """Gathers the rows of all sheets that are seen."""

    def __init__(self, name: str, left_out: Tally) -> None:
        self.rows: list[tuple[tuple[int, str], Row, int]] = []
        self._name = name
        self._left_out = left_out
        self._hidden: set[str] = set()
        self._style = ""
        self._sheet = 0, ""
        self._is_empty = True
        self._row = Row(0, {})
        self._next = 1
        self._repeated = 1
        self._column = 0
        self._cell: Attributes = {}
        self._texts: list[str] = []
        self._is_text = False
        self._unseen = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        if self._unseen or tag in _UNSEEN:
            self._unseen += 1
        elif tag == "style":
            self._style = attributes.get("name", "")
        elif tag == "table-properties" and attributes.get("display") == "false":
            self._hidden.add(self._style)
        elif tag == "table":
            self._open_sheet(attributes)
        elif tag == "table-row":
            self._repeated = self._count(attributes, "number-rows-repeated")
            self._row = Row(self._next, {}, {})
            self._column = 0
        elif tag in _CELLS:
            self._cell = attributes
            self._texts.clear()
        elif tag == "p":
            self._is_text = True
            if self._texts:
                self._texts.append("\n")
        elif tag in SPACES:
            self.data(" ")

    def data(self, text: str) -> None:
        if self._is_text and not self._unseen:
            self._texts.append(text)

    def end(self, tag: str) -> None:
        if self._unseen:
            self._unseen -= 1
        elif tag == "p":
            self._is_text = False
        elif tag == "table-cell":
            self._end_cell()
        elif tag == "covered-table-cell":
            self._column += self._count(self._cell, "number-columns-repeated")
        elif tag == "table-row":
            self._next += self._repeated
            if self._row.cells:
                if self._next - 1 > MAX_ROWS:
                    raise beyond(self._name)
                self._is_empty = False
                self.rows.append((self._sheet, self._row, self._repeated))
        elif tag == "table" and self._is_empty:
            self._left_out.add("empty")

    def _open_sheet(self, attributes: Attributes) -> None:
        if attributes.get("style-name") in self._hidden:
            self._left_out.add("hidden")
            self._unseen = 1
            return
        self._sheet = self._sheet[0] + 1, attributes.get("name", "")
        self._is_empty = True
        self._next = 1

    def _end_cell(self) -> None:
        repeated = self._count(self._cell, "number-columns-repeated")
        text = self._text()
        if text.strip():
            if self._column + repeated > MAX_COLUMNS:
                raise beyond(self._name)
            for column in range(self._column, self._column + repeated):
                self._row.cells[column] = text
            rows = self._count(self._cell, "number-rows-spanned")
            if rows > 1:
                self._row.merged[self._column] = self._row.number + rows - 1
        self._column += repeated

    def _text(self) -> str:
        cell = self._cell
        match cell.get("value-type"):
            case "float" | "percentage" | "currency":
                return number_text(cell.get("value", ""))
            case "date":
                return iso_text(cell.get("date-value", ""))
            case "error":  # such as #N/A
                return ""
            case "string" if "string-value" in cell:
                return cell["string-value"]
            case _:
                return "".join(self._texts)

    def _count(self, attributes: Attributes, key: str) -> int:
        """Return how often something stands there, which is at least once."""
        value = attributes.get(key, "1")
        if not (value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS):
            raise ReadError(self._name, f"has {key} that is no number; save it again", fatal=True)
        return max(1, int(value))


_MAX_DIGITS = 9
