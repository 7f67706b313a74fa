"""The cells of an Excel sheet: their places, what covers several of them, and their values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rights_search.errors import ReadError
from rights_search.ingest.office.xlsx_book import Book, Texts, unescaped
from rights_search.ingest.office.xml import Attributes, parse_part, parse_steps
from rights_search.ingest.tables.cells import date_text, iso_text, number_text
from rights_search.ingest.tables.sheet import MAX_COLUMNS, MAX_ROWS, Row, beyond


def read_rows(data: bytes, book: Book, name: str) -> Iterator[Row]:
    """Yield the rows of a sheet.

    Args:
        data: the XML of the sheet.
        book: what its cells refer to.
        name: the workbook, for errors.

    Raises:
        ReadError: if it is broken, or a cell stands or refers to where nothing can be.
    """
    merged = _Merged(name)
    if b"mergeCell" in data:  # they stand behind the rows
        parse_part(data, merged, name)
    cells = _Cells(book, merged.found, name)
    for _ in parse_steps(data, cells, name):
        yield from cells.rows
        cells.rows.clear()


class _Merged:
    """Gathers cells that cover several rows: row → column → last row."""

    def __init__(self, name: str) -> None:
        self.found: dict[int, dict[int, int]] = {}
        self._name = name

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            (column, row), (_, end) = _place(first, self._name), _place(last or first, self._name)
            if end > row:
                self.found.setdefault(row, {})[column] = end

    def data(self, text: str) -> None:
        """All is said in attributes."""

    def end(self, tag: str) -> None:
        """An element says all when it begins."""


class _Cells:
    """Gathers the rows of a sheet."""

    def __init__(self, book: Book, merged: dict[int, dict[int, int]], name: str) -> None:
        self.rows: list[Row] = []
        self._book = book
        self._merged = merged
        self._name = name
        self._row = Row(0, {})
        self._column = -1
        self._kind = ""
        self._style = ""
        self._texts = Texts()
        self.data = self._texts.data

    def start(self, tag: str, attributes: Attributes) -> None:
        self._texts.start(tag)
        if tag == "row":
            number = _number(attributes.get("r"), self._row.number + 1, self._name)
            self._row = Row(number, {}, self._merged.get(number, {}))
            self._column = -1
        elif tag == "c":
            place = attributes.get("r")
            self._column = self._column + 1 if place is None else _place(place, self._name)[0]
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "0")

    def end(self, tag: str) -> None:
        self._texts.end(tag)
        if tag == "c":
            text = self._text(self._texts.take())
            if text.strip():
                self._row.cells[self._column] = text
        elif tag == "row":
            self.rows.append(self._row)

    def _text(self, value: str) -> str:
        match self._kind:
            case "s":
                return self._shared(value)
            case "str" | "inlineStr":
                return unescaped(value)
            case "b":
                return "TRUE" if value.strip() == "1" else "FALSE" if value.strip() else ""
            case "e":
                return ""  # such as #N/A
            case "d":
                return iso_text(value.strip())
            case _:
                return self._numeral(value.strip())

    def _shared(self, value: str) -> str:
        number = _number(value.strip(), 0, self._name)
        if number >= len(self._book.strings):
            raise ReadError(
                self._name, "refers to a text that is not in it; save it again", fatal=True
            )
        return self._book.strings[number]

    def _numeral(self, value: str) -> str:
        if not value:
            return ""
        formats = self._book.formats
        style = _number(self._style, 0, self._name)
        shown = formats[style] if style < len(formats) else None
        if shown is None:
            return number_text(value)
        return date_text(value, shown, is_1904=self._book.is_1904)


_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_NUMBER = re.compile(r"[0-9]{1,9}")


def _number(text: str | None, default: int, name: str) -> int:
    if text is None:
        return default
    if _NUMBER.fullmatch(text) is None:
        raise ReadError(name, "has a number that is none; save it again", fatal=True)
    return int(text)


def _place(reference: str, name: str) -> tuple[int, int]:
    """Return the column, from 0, and the row, from 1, of a reference such as ``B7``."""
    found = _PLACE.fullmatch(reference)
    if found is None:
        raise beyond(name)
    column = 0
    for letter in found[1].upper():
        column = 26 * column + ord(letter) - ord("A") + 1
    if column > MAX_COLUMNS or int(found[2]) > MAX_ROWS:
        raise beyond(name)
    return column - 1, int(found[2])
