"""The reader of OpenDocument tables (ODS): each sheet is a member, its rows are posts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby

from rights_search.errors import ReadError
from rights_search.ingest.archives.zip import read_part
from rights_search.ingest.member_names import Tally
from rights_search.ingest.office.opendocument import CONTENT, SPACES, open_document
from rights_search.ingest.office.xml import Attributes, parse_part, parse_steps
from rights_search.ingest.source import Record, Source
from rights_search.ingest.tables.cells import DateFormat, as_shown, iso_text, number_text
from rights_search.ingest.tables.sheet import MAX_COLUMNS, MAX_ROWS, Row, beyond, enclosed_sheet


def read_ods(source: Source) -> Iterator[Record]:
    """Yield the sheets of a document in their order, each a member of it.

    Hidden sheets are counted, and so are empty ones. Of a formula its last result is read.

    Raises:
        ReadError: if the document is damaged, encrypted, broken or too large.
    """
    left_out = Tally(source.name)
    formats = _Formats()
    with open_document(source) as archive:
        data = read_part(archive, CONTENT, source.name)
        stored = archive.getinfo(CONTENT).compress_size
        if _STYLES in archive.namelist():
            # They are not needed to read a cell.
            with suppress(ReadError):
                parse_part(read_part(archive, _STYLES, source.name), formats, source.name)
    cells = _Cells(source.name, left_out, formats)
    for (_, sheet), rows in groupby(_rows(data, cells, source.name), key=lambda found: found[0]):
        yield enclosed_sheet(sheet, (row for _, row in rows), source.name, stored)
    yield from left_out.told("sheet")


def _rows(data: bytes, cells: _Cells, name: str) -> Iterator[tuple[tuple[int, str], Row]]:
    """Yield rows with the number and the name of their sheet."""
    for _ in parse_steps(data, cells, name):
        for sheet, row in cells.rows:
            for number in range(row.number, row.number + row.repeated):
                # Each its own: cells that cover several rows fill them.
                yield sheet, Row(number, row.cells(), row.merged)
        cells.rows.clear()


_LINES = ("table-row", "table-column")
_CELLS = ("table-cell", "covered-table-cell")
_UNSEEN = frozenset(
    "table-source annotation tracked-changes forms shapes frame script ruby-text".split()
)


class _Formats:
    """Gathers what the formats of dates show, and which styles of cells have them."""

    def __init__(self) -> None:
        self._shown: dict[str, set[str]] = {}
        self._styles: dict[str, tuple[str, str]] = {}
        self._open = ""

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "date-style":
            self._open = attributes.get("name", "")
            self._shown[self._open] = set()
        elif tag == "style":
            names = attributes.get("data-style-name", ""), attributes.get("parent-style-name", "")
            self._styles[attributes.get("name", "")] = names
        elif self._open:
            self._shown[self._open].add(tag)

    def data(self, text: str) -> None:
        """A format says all in elements."""

    def end(self, tag: str) -> None:
        if tag == "date-style":
            self._open = ""

    def shown(self, style: str) -> DateFormat:
        """Return what is shown of a date in a cell of this style."""
        for _ in range(_MAX_PARENTS):
            name, parent = self._styles.get(style, ("", ""))
            if name in self._shown:
                return DateFormat("month" in self._shown[name], "day" in self._shown[name])
            style = parent
        return DateFormat()


_STYLES = "styles.xml"
_MAX_PARENTS = 8


@dataclass(slots=True)
class _Row:
    """A row as it is written: a hundred bytes may stand for all its cells, and a million rows more.

    Args:
        number: 1-based.
        repeated: how many rows it stands for.
        runs: column from 0, how many are alike from there, and their text; none blank.
        merged: as in `Row`.
    """

    number: int
    repeated: int = 1
    runs: list[tuple[int, int, str]] = field(default_factory=list)
    merged: dict[int, int] = field(default_factory=dict)

    def cells(self) -> dict[int, str]:
        return {
            column: text
            for start, count, text in self.runs
            for column in range(start, start + count)
        }


class _Cells:
    """Gathers the rows of all sheets that are seen."""

    def __init__(self, name: str, left_out: Tally, formats: _Formats) -> None:
        self._formats = formats
        self._columns: list[tuple[int, str]] = []
        self._row_style = ""
        self.rows: list[tuple[tuple[int, str], _Row]] = []
        self._name = name
        self._left_out = left_out
        self._hidden: set[str] = set()
        self._style = ""
        self._sheet = 0, ""
        self._is_empty = True
        self._row = _Row(0)
        self._next = 1
        self._column = 0
        self._cell: Attributes = {}
        self._texts: list[str] = []
        self._is_text = False
        self._unseen = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        if self._unseen or tag in _UNSEEN:
            self._unseen += 1
            return
        self._formats.start(tag, attributes)
        if tag == "style":
            self._style = attributes.get("name", "")
        elif tag == "table-properties" and attributes.get("display") == "false":
            self._hidden.add(self._style)
        elif tag == "table":
            self._open_sheet(attributes)
        elif tag in _LINES:
            self._open_line(tag, attributes)
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
            return
        self._formats.end(tag)
        if tag == "p":
            self._is_text = False
        elif tag == "table-cell":
            self._end_cell()
        elif tag == "covered-table-cell":
            self._column += self._count(self._cell, "number-columns-repeated")
        elif tag == "table-row":
            self._next += self._row.repeated
            if self._row.runs:
                if self._next - 1 > MAX_ROWS:
                    raise beyond(self._name)
                self._is_empty = False
                self.rows.append((self._sheet, self._row))
        elif tag == "table" and self._is_empty:
            self._left_out.add("empty")

    def _open_line(self, tag: str, attributes: Attributes) -> None:
        """Take the start of a row, or of columns, which only say how their cells look."""
        style = attributes.get(_DEFAULT_STYLE, "")
        if tag == "table-column":
            before = self._columns[-1][0] if self._columns else 0
            self._columns.append(
                (before + self._count(attributes, "number-columns-repeated"), style)
            )
            return
        self._row_style = style
        self._row = _Row(self._next, self._count(attributes, "number-rows-repeated"))
        self._column = 0

    def _open_sheet(self, attributes: Attributes) -> None:
        if attributes.get("style-name") in self._hidden:
            self._left_out.add("hidden")
            self._unseen = 1
            return
        self._sheet = self._sheet[0] + 1, attributes.get("name", "")
        self._is_empty = True
        self._next = 1
        self._columns.clear()

    def _end_cell(self) -> None:
        repeated = self._count(self._cell, "number-columns-repeated")
        text = self._text()
        if text.strip():
            if self._column + repeated > MAX_COLUMNS:
                raise beyond(self._name)
            self._row.runs.append((self._column, repeated, text))
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
                date = iso_text(cell.get("date-value", ""))
                return as_shown(date, self._formats.shown(self._style_of(cell)))
            case "error":  # such as #N/A
                return ""
            case "string" if "string-value" in cell:
                return cell["string-value"]
            case _:
                return "".join(self._texts)

    def _style_of(self, cell: Attributes) -> str:
        """Return the style of a cell: its own, else that of its row, else of its column."""
        style = cell.get("style-name") or self._row_style
        place = bisect_right(self._columns, (self._column, _LAST))
        return style or (self._columns[place][1] if place < len(self._columns) else "")

    def _count(self, attributes: Attributes, key: str) -> int:
        """Return how often something stands there, which is at least once."""
        value = attributes.get(key, "1")
        if not (value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS):
            raise ReadError(self._name, f"has {key} that is no number; save it again", fatal=True)
        return max(1, int(value))


_MAX_DIGITS = 9
_LAST = "\U0010ffff"
_DEFAULT_STYLE = "default-cell-style-name"
