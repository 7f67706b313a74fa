"""Writing the table of a segment's terms: see `term_table` for reading it."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable
from hashlib import md5
from pickle import dumps

from rights_search.engines.whoosh.column_writing import numbers

_HEADER = b"HSH3\0" + bytes(8)
_LENGTHS = struct.Struct("!ii")
_DIRECTORY_ENTRY = struct.Struct("!qi")
_FIELD_ID = struct.Struct("!H")
_POINTER = struct.Struct("!Iq")
_EMPTY = bytes(_POINTER.size)
_INT = struct.Struct("!i")
_BUCKETS = 256
_SLOTS_OF_TWO = 3
"""Slots of a hash table for each two terms: Whoosh has four, which are larger and as fast."""


class TableWriter:
    """Writes rows in order, then what finds them: 256 hash tables and a list of the rows.

    Args:
        write: takes bytes, in order.
    """

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._fields: dict[str, int] = {}
        self._prefix = b""
        self._codes = array("I")
        self._rows = array("Q")
        write(_HEADER)
        self._place = len(_HEADER)

    def begin(self, field: str) -> None:
        """Begin the rows of a field; fields come in order."""
        number = self._fields[field] = len(self._fields)
        self._prefix = _FIELD_ID.pack(number)

    def add(self, term: bytes, value: bytes) -> None:
        """Add the row of a term; terms of a field come in order."""
        key = self._prefix + term
        self._codes.append(int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:], "big"))
        self._rows.append(self._place)
        row = _LENGTHS.pack(len(key), len(value)) + key + value
        self._write(row)
        self._place += len(row)

    def finish(self) -> None:
        """Write all that stands behind the rows."""
        directory = b"".join(map(self._write_hashes, self._buckets()))
        most = self._rows[-1] if self._rows else 0
        code = "H" if most < 2**16 else "i" if most < 2**31 else "q"
        index = numbers(code, self._rows)
        extras = {"fieldmap": self._fields, "indextype": code, "indexlen": len(self._rows)}
        # Their length is that of both, the pickle and the list.
        tail = dumps(extras, 2) + index
        self._write(directory + tail + _INT.pack(len(tail)))

    def _buckets(self) -> list[array[int]]:
        """Return the numbers of the rows of each hash table."""
        # Numbers in arrays: a pair for each row would take more memory than all rows.
        buckets = [array("I") for _ in range(_BUCKETS)]
        for number, code in enumerate(self._codes):
            buckets[code % _BUCKETS].append(number)
        return buckets

    def _write_hashes(self, rows: array[int]) -> bytes:
        """Write a hash table of rows; return its entry in the directory."""
        slots = len(rows) * _SLOTS_OF_TWO // 2 + bool(rows)
        filled = [_EMPTY] * slots
        for number in rows:
            code = self._codes[number]
            slot = (code // _BUCKETS) % slots
            while filled[slot] is not _EMPTY:
                slot = (slot + 1) % slots
            filled[slot] = _POINTER.pack(code, self._rows[number])
        self._write(b"".join(filled))
        entry = _DIRECTORY_ENTRY.pack(self._place, slots)
        self._place += slots * _POINTER.size
        return entry
