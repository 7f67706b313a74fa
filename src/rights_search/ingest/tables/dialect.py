"""How a table is written: what stands between its cells, and which line names its columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rights_search.ingest.records.keys import field_of

DELIMITERS = (",", "\t", ";", "|")

CONTENT = frozenset({"title", "text", "summary"})
"""The fields of which a table must have one, for its rows to be posts."""

MAX_LINES_ABOVE = 20
"""So many lines may stand above the header, as the title of an exported spreadsheet does."""

MIN_COLUMNS_BELOW = 2
"""A line below the first is taken for the header if it names so many columns that are known."""

# The line in which Excel tells itself the delimiter.
_TOLD = re.compile(r"sep=([,;|\t])\s*\Z", re.IGNORECASE)
_BLANK = '\ufeff \r\n"' + "".join(DELIMITERS)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written.

    Args:
        delimiter: the sign between cells.
        has_quotes: whether quotes enclose cells.
        lines_above: how many lines stand above the header, blank ones included.
        unread: how many of these say something; the delimiter does not count.
    """

    delimiter: str
    has_quotes: bool = True
    lines_above: int = 0
    unread: int = 0


def sniff_dialect(lines: Sequence[str]) -> Dialect:
    """Return the dialect of the table that begins with these lines, their ends included.

    The header is the first line that says anything, or else one soon behind it that names
    columns where that one names none. Tab-separated files may use quotation marks as such: they
    enclose cells only if all that open a cell in these lines also close one.
    """
    said = [number for number, line in enumerate(lines) if line.strip(_BLANK)]
    told = _TOLD.match(lines[said[0]].lstrip("\ufeff ")) if said else None
    said = said[1:] if told is not None else said
    place = _header_among(lines, said)
    header = lines[place] if said else ""
    delimiter = told[1] if told is not None else delimiter_of(header, _is_known)
    unread = sum(number < place for number in said)
    has_quotes = told is not None or delimiter != "\t" or _close(lines)
    return Dialect(delimiter, has_quotes, place, unread)


def _header_among(lines: Sequence[str], said: Sequence[int]) -> int:
    """Return which line is the header, of those that say something: the first if none names it."""
    for number in said:
        if number - said[0] > MAX_LINES_ABOVE:
            break
        least = 1 if number == said[0] else MIN_COLUMNS_BELOW
        if known_columns(lines[number]) >= least:
            return number
        if lines[number].count('"') % 2:
            break  # a cell goes on in the next line
    return said[0] if said else 0


def delimiter_of(header: str, is_known: Callable[[str], bool]) -> str:
    """Return the sign that parts a line into most names that are known, then into most cells.

    Args:
        header: the line that names the columns of a table.
        is_known: tells of a name, without quotes, whether it is known.
    """

    def known(delimiter: str) -> tuple[int, int]:
        names = _names(header, delimiter)
        return sum(map(is_known, names)), len(names)

    return max(DELIMITERS, key=known)


def known_columns(line: str) -> int:
    """Count the columns that a line names, if it is a table's header; 0 if it is none."""
    return count_known(_names(line, delimiter_of(line, _is_known)))


def count_known(names: Iterable[str]) -> int:
    """Count the names of columns that are known, if they are a table's header; 0 if not."""
    fields = [field_of(name) for name in names]
    known = [found[0] for found in fields if found is not None]
    return 0 if CONTENT.isdisjoint(known) else len(known)


def _names(header: str, delimiter: str) -> list[str]:
    return [cell.strip(_AROUND) for cell in header.split(delimiter)]


_AROUND = '\ufeff \r\n"'


def _is_known(name: str) -> bool:
    return field_of(name) is not None


def _close(lines: Sequence[str]) -> bool:
    """Tell whether all quotes that open a cell of a table with tabs close one."""
    sample = "".join(lines)
    opened = len(re.findall(r"(?:^|\t)\"", sample, re.MULTILINE))
    closed = len(re.findall(r"(?:^|\t)\"(?:[^\"]|\"\")*\"(?=\t|\r|\n|\Z)", sample, re.MULTILINE))
    return opened == closed
