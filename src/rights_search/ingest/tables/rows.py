"""Rows of tables, whatever they stand in: the header that names columns, and a post of a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from rights_search.errors import ReadError
from rights_search.ingest.exports.rows import as_row
from rights_search.ingest.records.draft import Setting, to_wanted_draft
from rights_search.ingest.records.keys import field_of
from rights_search.ingest.source import Draft
from rights_search.ingest.tables.dialect import CONTENT


def header_of(cells: Sequence[str], name: str, line: int | None) -> tuple[str, ...]:
    """Return the names of the columns; those without one are known by their number.

    Args:
        cells: of the row that names them.
        name: the file, for errors.
        line: where the row stands.

    Raises:
        ReadError: if none is a column of titles or texts.
    """
    names = tuple(cell.strip() or f"column {number}" for number, cell in enumerate(cells, start=1))
    fields = {found[0] for found in map(field_of, names) if found is not None}
    if fields.isdisjoint(CONTENT):
        shown = ", ".join(names)[:_MAX_SHOWN_CHARS]
        reason = (
            f"the first row names no column of titles or texts (it reads: {shown}); "
            "add a header such as: id,title,date,text"
        )
        raise ReadError(name, reason, line=line, fatal=True)
    return names


def notes_above(count: int, what: str = "line") -> tuple[str, ...]:
    """Return the note about what stands above the header and says something."""
    lines = f"1 {what}" if count == 1 else f"{count} {what}s"
    return (f"{lines} above the table's header not read",) if count else ()


def row_draft(cells: Iterable[tuple[str, str]], setting: Setting) -> Draft:
    """Return the draft of a row.

    Args:
        cells: name of the column, text of the cell.
        setting: what else is known.
    """
    record: dict[str, Any] = {}
    for name, cell in cells:
        value = _value(name, cell)
        # Two columns of one name fill one field.
        record[name] = [record[name], value] if record.get(name) else value
    return to_wanted_draft(as_row(record), setting)


def order_of_dates(header: Sequence[str], rows: Iterable[Sequence[str]]) -> dict[str, bool]:
    """Return for the columns of a table whether their dates in numbers put the day first.

    ``25/06/2020`` says so, and is no month; ``05/06/2020`` says nothing. A column is written
    by one hand or one program, so what one of its cells says holds for the others, but not
    for another column. Columns that say nothing, or both, are left out.

    Args:
        header: the names of the columns.
        rows: the first rows below it.
    """
    fields = [field_of(name) for name in header]
    places = [place for place, found in enumerate(fields) if found and found[0] in _DATES]
    orders: dict[str, set[bool]] = {}
    for row in rows:
        for place in places:
            number = _NUMERIC.match(row[place]) if place < len(row) else None
            if number and (int(number[1]) > _MONTHS) != (int(number[2]) > _MONTHS):
                orders.setdefault(header[place], set()).add(int(number[1]) > _MONTHS)
    return {name: found.pop() for name, found in orders.items() if len(found) == 1}


_DATES = ("date", "updated")
_MONTHS = 12
_NUMERIC = re.compile(r"\s*(\d{1,2})[./-](\d{1,2})[./-]\d{4}(?!\d)", re.ASCII)
_LISTS = ("tags", "countries", "authors", "captions")
_NO_VALUE = frozenset({"NULL", "null", "NaN", "nan", "None", "\\N"})
_LIST_CELL = re.compile(r"\[(.*)\]", re.DOTALL)
_MAX_SHOWN_CHARS = 80


def _value(name: str, cell: str) -> str | list[str]:
    if cell.strip() in _NO_VALUE:
        return ""
    found = field_of(name)
    if found is None or found[0] not in _LISTS:
        return cell
    # A list as Python and JSON print it: ["a", "b"].
    listed = _LIST_CELL.fullmatch(cell.strip())
    if listed is None:
        return cell
    return [item.strip(" '\"\r\n") for item in listed[1].split(",")]
