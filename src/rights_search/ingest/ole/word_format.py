"""How the text of an old Word document is set: what of it is hidden, and its paragraphs' styles.

Word keeps this in pages of 512 bytes, each for a run of places in the file (MS-DOC, 2.8.1,
"PlcBteChpx" and "PlcBtePapx"), and in each change by change ("sprm").
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

PAGE_BYTES = 512


@dataclass(frozen=True, slots=True)
class ParagraphRun:
    """How the paragraphs whose last character stands before a place are set.

    Args:
        end: the place, in bytes of the main stream.
        style: the number of their style.
        is_in_table: whether they stand in a table.
        is_row_end: whether they end the row of one.
    """

    end: int
    style: int = 0
    is_in_table: bool = False
    is_row_end: bool = False


@dataclass(frozen=True, slots=True)
class Formats:
    """What holds for places in the main stream.

    Args:
        hidden: the runs of bytes that nobody sees, first and last exclusive, in order.
        paragraphs: the runs of paragraphs, in order.
    """

    hidden: tuple[tuple[int, int], ...] = ()
    paragraphs: tuple[ParagraphRun, ...] = ()
    _ends: tuple[int, ...] = field(default=(), init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ends", tuple(run.end for run in self.paragraphs))

    def paragraph_at(self, place: int) -> ParagraphRun | None:
        """Return how the paragraph is set whose last character stands at a place."""
        found = bisect_right(self._ends, place)
        return self.paragraphs[found] if found < len(self.paragraphs) else None

    def seen(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the parts of a run of bytes that are not hidden."""
        first = bisect_right(self.hidden, (start, 0))
        # By number: a slice would copy all that follow, for each run of a text.
        for number in range(max(0, first - 1), len(self.hidden)):
            hidden, shown = self.hidden[number]
            if hidden >= end:
                break
            if hidden > start:
                yield start, hidden
            start = max(start, shown)
        if start < end:
            yield start, end


def read_formats(main: bytes, characters: bytes, paragraphs: bytes) -> Formats:
    """Return how the text is set.

    Args:
        main: the main stream.
        characters: the list of the pages for characters, as the table stream has it.
        paragraphs: that for paragraphs.
    """
    hidden = sorted(_hidden(main, characters))
    runs = sorted(_paragraphs(main, paragraphs), key=lambda run: run.end)
    return Formats(tuple(_merged(hidden)), tuple(runs))


def style_names(data: bytes) -> tuple[str, ...]:
    """Return the names of the styles by their numbers, blank where they say nothing here.

    Only Word's own styles are known, by the number that they have in every language.
    """
    if len(data) < _SHORT_BYTES:
        return ()
    names: list[str] = []
    (place,) = struct.unpack_from("<H", data)
    place += _SHORT_BYTES
    while place + _SHORT_BYTES <= len(data) and len(names) < _MAX_STYLES:
        (length,) = struct.unpack_from("<H", data, place)
        (told,) = struct.unpack_from("<H", data.ljust(place + 4, b"\0"), place + _SHORT_BYTES)
        names.append(_STYLES.get(told & 0xFFF, "") if length else "")
        place += _SHORT_BYTES + length + length % 2
    return tuple(names)


_SHORT_BYTES = 2
_MAX_STYLES = 4096
_STYLES = (
    {number: f"heading {number}" for number in range(1, 10)}
    | {number + 18: f"toc {number}" for number in range(1, 10)}
    | {62: "title"}
)
_DELETED, _VANISHED = 0x0800, 0x083C
_IN_TABLE, _ROW_END = 0x2416, 0x2417
_TABLE_DEFINITION, _TABS = 0xD608, 0xC615
# By the top three bits of a change: how many bytes its value takes; one that varies says so.
_VALUE_BYTES = (1, 1, 2, 4, 2, 2, None, 3)
_PARAGRAPH_BYTES = 13


def _hidden(main: bytes, listed: bytes) -> Iterator[tuple[int, int]]:
    for page in _pages(main, listed):
        places, count = _places(page)
        for run in range(count):
            start = 2 * page[4 * (count + 1) + run]
            changes = page[start + 1 : start + 1 + page[start]] if start else b""
            if any(key in (_DELETED, _VANISHED) and value == 1 for key, value in _sprms(changes)):
                yield places[run], places[run + 1]


def _paragraphs(main: bytes, listed: bytes) -> Iterator[ParagraphRun]:
    for page in _pages(main, listed):
        places, count = _places(page)
        for run in range(count):
            entry = 4 * (count + 1) + _PARAGRAPH_BYTES * run
            start = 2 * page[entry] if entry < len(page) else 0
            if not start:
                yield ParagraphRun(places[run + 1])
                continue
            # A length of zero says that the true one stands behind it, in pairs of bytes.
            length = 2 * page[start] - 1
            if length < 0:
                start += 1
                length = 2 * page[start] if start < len(page) else 0
            found = page[start + 1 : start + 1 + length]
            style = int.from_bytes(found[:_SHORT_BYTES], "little")
            told = {key for key, value in _sprms(found[_SHORT_BYTES:]) if value}
            yield ParagraphRun(places[run + 1], style, _IN_TABLE in told, _ROW_END in told)


def _pages(main: bytes, listed: bytes) -> Iterator[bytes]:
    """Yield the pages that are listed, each once."""
    count = max(0, (len(listed) - 4) // 8)
    numbers = struct.unpack_from(f"<{count}I", listed, 4 * (count + 1)) if count else ()
    for number in dict.fromkeys(numbers):
        start = PAGE_BYTES * (number & 0x3FFFFF)
        page = main[start : start + PAGE_BYTES]
        if len(page) == PAGE_BYTES:
            yield page


def _places(page: bytes) -> tuple[tuple[int, ...], int]:
    count = min(page[-1], (PAGE_BYTES - 5) // 5)
    return struct.unpack_from(f"<{count + 1}I", page), count


def _sprms(changes: bytes) -> Iterator[tuple[int, int]]:
    """Yield the changes: their keys, and the first byte of their values."""
    place = 0
    while place + _SHORT_BYTES < len(changes):
        (key,) = struct.unpack_from("<H", changes, place)
        place += _SHORT_BYTES
        size = _VALUE_BYTES[key >> 13]
        if size is None:
            if key == _TABLE_DEFINITION:
                size = int.from_bytes(changes[place : place + 2], "little") + 1
            elif key == _TABS and changes[place] == _LONG_TABS:
                return  # it goes on in a way of its own, and nothing behind it is asked for
            else:
                size = changes[place] + 1
        yield key, changes[place]
        place += size


_LONG_TABS = 0xFF


def _merged(runs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield sorted runs, those that meet as one."""
    first, last = -1, -1
    for start, end in runs:
        if start > last:
            if first < last:
                yield first, last
            first = start
            last = end
        else:
            last = max(last, end)
    if first < last:
        yield first, last
