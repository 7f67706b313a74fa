"""The reader of tables: CSV and TSV with a header, read as a stream."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from rights_search.errors import ReadError
from rights_search.ingest.bounded import MAX_RECORD_BYTES, record_too_large
from rights_search.ingest.line_stream import StreamLine, stream_lines
from rights_search.ingest.records.draft import Setting
from rights_search.ingest.source import Record, Source, Span
from rights_search.ingest.tables.dialect import Dialect, sniff_dialect
from rights_search.ingest.tables.rows import (
    header_of,
    notes_above,
    order_of_dates,
    row_draft,
)


def read_table(source: Source) -> Iterator[Record]:
    """Yield a draft for each row of a table below the one that names its columns.

    Quoted cells may hold delimiters and line ends (RFC 4180). A row that does
    not fit the header is an error of its own. What stands above the header, such as
    the title of a spreadsheet, is no post; a note says so.

    Raises:
        ReadError: if the header names neither a title nor a text, or a row does
            not end.
    """
    lines = _Lines(source)
    sample = lines.sample()
    dialect = sniff_dialect(sample)
    lines.skip(dialect.lines_above)
    day_first: dict[str, bool] = {}
    above = notes_above(dialect.unread)
    header: tuple[str, ...] | None = None
    for row in _rows(lines, dialect):
        if row.error:
            yield ReadError(source.name, row.error, line=row.span.line_start)
        elif not any(cell.strip() for cell in row.cells):
            continue
        elif header is None:
            header = header_of(row.cells, source.name, row.span.line_start)
            day_first = order_of_dates(header, _sampled(sample, dialect))
        else:
            yield _record(header, row, source, above, day_first)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row, or what is wrong with it."""

    cells: Sequence[str] = ()
    span: Span = field(default_factory=Span)
    encoding: str = "utf-8"
    notes: tuple[str, ...] = ()
    error: str = ""


_SAMPLE_LINES = 200


class _Lines:
    """The lines of a file for the csv module, which remembers those of the open row."""

    def __init__(self, source: Source) -> None:
        self._name = source.name
        self._stream = stream_lines(source)
        self._ahead: deque[StreamLine] = deque()
        self.row: list[StreamLine] = []
        self._size = 0

    def sample(self) -> list[str]:
        """Return the first lines, which are still to come."""
        while len(self._ahead) < _SAMPLE_LINES:
            line = next(self._stream, None)
            if line is None:
                break
            self._ahead.append(line)
        return [line.text for line in self._ahead]

    def skip(self, count: int) -> None:
        """Leave out lines that `sample` gave."""
        for _ in range(count):
            self._ahead.popleft()

    def begin(self) -> None:
        self.row = []
        self._size = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else next(self._stream)
        # Only the ends of a row that does not end would fill the memory.
        self.row = [*self.row[:1], line]
        self._size += len(line.text)
        if self._size > MAX_RECORD_BYTES:
            raise record_too_large(self._name, self.row[0].number)
        return line.text


def _csv_reader(lines: Iterator[str], dialect: Dialect) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quoting=csv.QUOTE_MINIMAL if dialect.has_quotes else csv.QUOTE_NONE,
        strict=True,
    )


def _rows(lines: _Lines, dialect: Dialect) -> Iterator[_Row]:
    reader = _csv_reader(lines, dialect)
    while True:
        lines.begin()
        try:
            cells = _next(reader)
        except csv.Error as error:
            yield _Row(span=_span(lines.row), error=_csv_reason(error, lines.row))
            continue
        if cells is None:
            return
        first, last = lines.row[0], lines.row[-1]
        notes = tuple(dict.fromkeys(first.notes + last.notes))
        encoding = last.encoding if last.notes else first.encoding
        yield _Row(cells, _span(lines.row), encoding, notes)


def _sampled(sample: Sequence[str], dialect: Dialect) -> Iterator[list[str]]:
    """Yield the rows of the first lines, up to the first that is broken."""
    reader = _csv_reader(iter(sample[dialect.lines_above :]), dialect)
    with suppress(csv.Error):
        while (cells := _next(reader)) is not None:
            yield cells


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    """Return the next row; the csv module's own limit on cells is lifted meanwhile."""
    limit = csv.field_size_limit(MAX_RECORD_BYTES)
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(limit)


def _csv_reason(error: csv.Error, row: Sequence[StreamLine]) -> str:
    if "unexpected end" in str(error):
        return (
            "a quote opens in this row and is never closed: nothing from here to line "
            f"{row[-1].number}, the last, could be read"
        )
    return f"the row is broken: {error}; a quote inside of a quoted cell must be doubled"


def _span(row: Sequence[StreamLine]) -> Span:
    if not row:
        return Span()
    return Span(row[0].number, row[-1].number, row[0].start, row[-1].end)


def _record(
    header: Sequence[str],
    row: _Row,
    source: Source,
    notes: tuple[str, ...],
    day_first: dict[str, bool],
) -> Record:
    """Return the draft of a row, with the notes of its table and its own."""
    cells = list(row.cells)
    while len(cells) > len(header) and not cells[-1].strip():
        cells.pop()
    if len(cells) > len(header) or (len(cells) == 1 < len(header)):
        reason = (
            f"the row has {len(cells)} cells where the header has {len(header)}; "
            "is a cell not quoted?"
        )
        return ReadError(source.name, reason, line=row.span.line_start)
    notes += row.notes
    if len(cells) < len(header):
        notes = (*notes, f"the row ends after {len(cells)} of {len(header)} cells")
    setting = Setting(source, "table", row.span, row.encoding, notes, day_first)
    return row_draft(zip(header, cells, strict=False), setting)
