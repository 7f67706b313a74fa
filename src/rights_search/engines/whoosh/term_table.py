"""The table of a segment's terms: Whoosh's ordered hash file, walked within its bounds.

Rows of key and value in the order of the keys; 256 hash tables that point to rows; a
directory of these tables; and an array of where each row begins, for searching by halves.
Nothing here trusts a number of the file: each walk has an end that does not depend on it.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice, pairwise
from operator import sub
from typing import NoReturn

from rights_search.engines.whoosh.files import IndexFile

try:
    # What hashlib has where there is no OpenSSL, whose library takes 4 ms to be loaded.
    from _md5 import md5  # type: ignore[import-not-found]
except ImportError:
    from hashlib import md5

_MAGIC = b"HSH3"
_HEADER_BYTES = 4 + 1 + 4 + 4
_MD5 = 0
_LENGTHS = struct.Struct("!ii")
_POINTER = struct.Struct("!Iq")
_DIRECTORY = struct.Struct("!" + 256 * "qi")
_INT = struct.Struct("!i")
_CHUNK_BYTES = 64 * 1024
_INDEX_CODES = frozenset("BHiIq")


class Section:
    """Rows whose keys start alike, without this start: found by halves, one read a step.

    A row is looked at when it is read: to look at all of a field took longer than most searches
    for its words.

    Args:
        file: of the table.
        starts: where each row begins, and where the last one ends.
        before: bytes of a row before what is its own of the key.
        behind: bytes of its value.
    """

    def __init__(self, file: IndexFile, starts: array[int], before: int, behind: int) -> None:
        self._file = file
        self._starts = starts
        self._before = before
        self._around = before + behind
        self._spans: dict[bytes, tuple[int, int]] = {}

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> bytes:
        starts = self._starts
        row = starts[number]
        return self._file.get(row + self._before, starts[number + 1] - row - self._around)

    def starting(self, prefix: bytes) -> list[bytes]:
        """Return what of the keys starts with ``prefix``, in order."""
        first, last = self._span(prefix[:1])
        if len(prefix) > 1 and first < last:
            first = bisect_left(self, prefix, first, last)
            # Most prefixes have few keys: their end is looked for near the beginning.
            near, step = first, 1
            while near < last and self[near].startswith(prefix):
                near, step = min(near + step, last), step * 2
            last = bisect_left(self, prefix + b"\xff", max(first, near - step // 2), near)
        if first == last:
            return []
        starts = self._starts[first : last + 1]
        if min(map(sub, islice(starts, 1, None), starts)) < self._around:
            self._file.fail("has rows that are not in order")
        row = starts[0]
        data = self._file.get(row, starts[-1] - row)
        begin, end = self._before - row, self._around - self._before + row
        return [data[start + begin : after - end] for start, after in pairwise(starts)]

    def _span(self, byte: bytes) -> tuple[int, int]:
        """Return the numbers of the first row that starts so and of the one behind the last.

        They are kept: many words of a query may be of a script that no post is written in.
        """
        found = self._spans.get(byte)
        if found is None:
            first = bisect_left(self, byte) if byte else 0
            found = self._spans[byte] = first, bisect_left(self, byte + b"\xff", first)
        return found


class TermTable:
    """Key → value, in order."""

    def __init__(self, file: IndexFile) -> None:
        self._file = file
        if file.get(0, 4) != _MAGIC or file.get(4, 1)[0] != _MD5:
            file.fail("is no table of terms")
        end = file.length - _INT.size
        (extra_bytes,) = file.unpack(_INT, end)
        extras_start = end - extra_bytes
        file.seek(extras_start)
        self.extras = file.read_pickle()
        self._index_start = file.tell()
        directory = file.unpack(_DIRECTORY, extras_start - _DIRECTORY.size)
        self._tables = list(zip(directory[::2], directory[1::2], strict=True))
        for start, slots in self._tables:
            if slots:
                file.subset(start, slots * _POINTER.size)
        self._end = self._tables[0][0]
        if not _HEADER_BYTES <= self._end <= extras_start:
            file.fail("has no rows where they should be")
        self._read_index(end)

    def _read_index(self, end: int) -> None:
        file = self._file
        match self.extras:
            case {"fieldmap": dict(), "indextype": str(code), "indexlen": int(count)}:
                pass
            case _:
                file.fail("does not say what it holds")
        if code not in _INDEX_CODES or not 0 <= count * _LENGTHS.size <= self._end:
            file.fail("has no list of its rows")
        self._pointer = struct.Struct("!" + code)
        self._count = count
        if self._index_start + count * self._pointer.size > end:
            file.fail("has no list of its rows")

    def __len__(self) -> int:
        return self._count

    # --- by hash -----------------------------------------------------------------

    def find(self, key: bytes) -> tuple[int, int] | None:
        """Return where the value of a key stands, and its length."""
        code = int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:], "big")
        start, slots = self._tables[code & 255]
        slot = (code >> 8) % slots if slots else 0
        for _ in range(slots):
            held, row = self._file.unpack(_POINTER, start + slot * _POINTER.size)
            if not row:
                return None
            if held == code:
                key_bytes, value_bytes = self._lengths_at(row)
                place = row + _LENGTHS.size
                if key_bytes == len(key) and self._file.get(place, key_bytes) == key:
                    return place + key_bytes, value_bytes
            slot = (slot + 1) % slots
        return None

    # --- in order ----------------------------------------------------------------

    def _start(self, key: bytes) -> int | None:
        """Return where the first row begins whose key is not less than ``key``."""
        number = self._closest(key)
        return None if number == self._count else self._row(number)

    def _closest(self, key: bytes) -> int:
        """Return the number of the first row whose key is not less than ``key``."""
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            row = self._row(middle)
            key_bytes, _ = self._lengths_at(row)
            if self._file.get(row + _LENGTHS.size, key_bytes) < key:
                low = middle + 1
            else:
                high = middle
        return low

    def section(self, prefix: bytes, value_bytes: int) -> Section:
        """Return the rows whose keys start with ``prefix``, which is no part of a character.

        Args:
            prefix: of the keys, behind which they are UTF-8.
            value_bytes: length of the value of each of these rows.
        """
        # No byte of UTF-8 is as large as the one that is put behind the prefix here.
        first, last = self._closest(prefix), self._closest(prefix + b"\xff")
        place = self._index_start + first * self._pointer.size
        starts = self._file.get_array(place, self._pointer.format[1:], last - first)
        starts.append(self._row(last) if last < self._count else self._end)
        if starts[0] < _HEADER_BYTES:
            self._fail_row()
        return Section(self._file, starts, _LENGTHS.size + len(prefix), value_bytes)

    def rows(self, start: int | None = _HEADER_BYTES) -> Iterator[tuple[bytes, int, int]]:
        """Yield key, place and length of the value of each row from ``start`` on."""
        row = self._end if start is None else start
        chunk, begin = b"", row
        while row < self._end:
            place = row + _LENGTHS.size
            if place - begin > len(chunk):
                chunk, begin = self._chunk(row, _LENGTHS.size), row
            key_bytes, value_bytes = _LENGTHS.unpack_from(chunk, row - begin)
            after = place + key_bytes
            if key_bytes < 0 or value_bytes < 0 or after + value_bytes > self._end:
                self._fail_row()
            if after - begin > len(chunk):
                chunk, begin = self._chunk(row, after - row), row
            yield chunk[place - begin : after - begin], after, value_bytes
            row = after + value_bytes

    def _chunk(self, row: int, least: int) -> bytes:
        """Return the bytes of rows from one on, so many at least."""
        return self._file.get(row, min(max(least, _CHUNK_BYTES), self._file.length - row))

    def _fail_row(self) -> NoReturn:
        self._file.fail("has a row that is longer than the table")

    def items(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield all keys with their values."""
        return self._items(_HEADER_BYTES)

    def items_from(self, key: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield the keys that are not less than ``key``, with their values."""
        return self._items(self._start(key))

    def _items(self, start: int | None) -> Iterator[tuple[bytes, bytes]]:
        get = self._file.get
        return ((key, get(place, length)) for key, place, length in self.rows(start))

    def _row(self, number: int) -> int:
        place = self._index_start + number * self._pointer.size
        row: int = self._file.unpack(self._pointer, place)[0]
        if not _HEADER_BYTES <= row < self._end:
            self._file.fail("points to a row that is none")
        return row

    def _lengths_at(self, row: int) -> tuple[int, int]:
        key_bytes, value_bytes = self._file.unpack(_LENGTHS, row)
        end = row + _LENGTHS.size + key_bytes + value_bytes
        if key_bytes < 0 or value_bytes < 0 or end > self._end:
            self._fail_row()
        return key_bytes, value_bytes
