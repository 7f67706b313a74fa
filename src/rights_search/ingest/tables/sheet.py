"""Sheets of workbooks: their rows are read as those of a CSV file are.

The reader of a workbook hands each sheet on as a member with a line for a row, so that a
sheet is named, counted and bounded as a member, and the number of a line is that of the row.
A line is a JSON object: number of the column, from 0, → text of the cell.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from rights_search.errors import ReadError
from rights_search.ingest.bounded import MAX_RECORD_BYTES
from rights_search.ingest.line_stream import StreamLine, stream_lines
from rights_search.ingest.records.draft import Setting
from rights_search.ingest.source import Enclosed, Member, Record, Source, Span
from rights_search.ingest.tables.dialect import MAX_LINES_ABOVE, MIN_COLUMNS_BELOW, count_known
from rights_search.ingest.tables.rows import header_of, notes_above, order_of_dates, row_draft

_SAMPLE_ROWS = 200
MAX_COLUMNS = 16_384
MAX_ROWS = 1_048_576
"""The most that Excel and LibreOffice have."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet.

    Args:
        number: 1-based.
        cells: number of the column, from 0, → text; none blank.
        merged: number of the column → the last row of the cell that begins there, where it
            covers several.
    """

    number: int
    cells: dict[int, str]
    merged: dict[int, int] = field(default_factory=dict)


def enclosed_sheet(sheet: str, rows: Iterable[Row], name: str, stored: int) -> Enclosed:
    """Return a sheet as a member of its workbook.

    Args:
        sheet: its name.
        rows: in the order of their numbers; blank ones may be left out.
        name: the workbook, for errors.
        stored: how many bytes of the workbook the sheet fills.
    """
    stream = io.BufferedReader(_Stream(_lines(_filled(rows), name)))
    return Enclosed(Member(sheet, reader="sheet"), stream, stored=stored)


def read_sheet(source: Source) -> Iterator[Record]:
    """Yield a draft for each row below the one that names the columns.

    Raises:
        ReadError: if none names a column of titles or texts.
    """
    rows = _read_rows(source)
    head, broken = _first(rows)
    if not head:
        return
    place = _header_among(head[: MAX_LINES_ABOVE + 1])
    number, cells = head[place]
    header = header_of(_listed(cells), source.name, number)
    notes = notes_above(place, "row")
    day_first = order_of_dates(header, (_listed(below) for _, below in head[place + 1 :]))
    for number, cells in chain(head[place + 1 :], rows):
        named = ((_name(header, column), cells[column]) for column in sorted(cells))
        setting = Setting(source, "sheet", Span(number, number), notes=notes, day_first=day_first)
        yield row_draft(named, setting)
    if broken is not None:
        raise broken


def _first(
    rows: Iterator[tuple[int, dict[int, str]]],
) -> tuple[list[tuple[int, dict[int, str]]], ReadError | None]:
    """Return the first rows, and what ended them: those before it are read all the same."""
    head = []
    try:
        for row in islice(rows, _SAMPLE_ROWS):
            head.append(row)  # noqa: PERF402 - what came before an error is kept
    except ReadError as error:
        if not head:
            raise
        return head, error
    return head, None


def _header_among(rows: list[tuple[int, dict[int, str]]]) -> int:
    """Return which of the first rows names the columns, as in other tables."""
    for place, (_, cells) in enumerate(rows):
        if count_known(cells.values()) >= (MIN_COLUMNS_BELOW if place else 1):
            return place
    return 0


def _name(header: tuple[str, ...], column: int) -> str:
    return header[column] if column < len(header) else f"column {column + 1}"


def _listed(cells: dict[int, str]) -> list[str]:
    return [cells.get(column, "") for column in range(max(cells) + 1)]


def _read_rows(source: Source) -> Iterator[tuple[int, dict[int, str]]]:
    """Yield the number and the cells of each row that has any."""
    for line in stream_lines(source, skip_blank=True):
        cells = _cells(line, source.name)
        if cells:
            yield line.number, cells


def _cells(line: StreamLine, name: str) -> dict[int, str]:
    try:
        row = json.loads(line.text)
        cells = {int(column): str(text) for column, text in row.items()}
    except (ValueError, AttributeError, RecursionError) as error:
        raise ReadError(name, "is no sheet of a workbook", line=line.number) from error
    if any(not 0 <= column < MAX_COLUMNS for column in cells):
        raise beyond(name)
    return {column: text for column, text in cells.items() if text.strip()}


def beyond(name: str) -> ReadError:
    """Return the error for a cell where no sheet has one."""
    reason = f"has a cell beyond {MAX_ROWS:,} rows and {MAX_COLUMNS:,} columns, the most of a sheet"
    return ReadError(name, reason, fatal=True)


def _filled(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows with the text of a cell in every row that it covers; blank ones stay blank."""
    covering: dict[int, tuple[int, str]] = {}
    for row in rows:
        if row.cells:
            covering = {column: cell for column, cell in covering.items() if row.number <= cell[0]}
            for column, (_, text) in covering.items():
                row.cells.setdefault(column, text)
        for column, last in row.merged.items():
            if column in row.cells:
                covering[column] = last, row.cells[column]
        yield row


def _lines(rows: Iterable[Row], name: str) -> Iterator[bytes]:
    """Yield the bytes of each row that has cells, behind the line ends of those that have none."""
    number = 1
    for row in rows:
        if not row.cells:
            continue
        if not number <= row.number <= MAX_ROWS:
            raise beyond(name) if row.number > MAX_ROWS else _out_of_order(name)
        if sum(map(len, row.cells.values())) > MAX_RECORD_BYTES:
            limit = f"{MAX_RECORD_BYTES // 2**20} MiB, the limit for one record"
            raise ReadError(name, f"its row {row.number} is longer than {limit}", fatal=True)
        yield b"\n" * (row.number - number) + json.dumps(row.cells).encode("ascii") + b"\n"
        number = row.number + 1


def _out_of_order(name: str) -> ReadError:
    return ReadError(name, "its rows are not in order; save it again", fatal=True)


class _Stream(io.RawIOBase):
    """Bytes that are made as they are read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        data, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)
