"""Compound files (MS-CFB): a file system in a file, in which old programs of Office keep theirs.

Sectors of 512 or 4,096 bytes, chained by a table; streams of less than 4,096 bytes stand in
sectors of 64 bytes inside of a stream of their own.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from rights_search.errors import ReadError
from rights_search.ingest.bounded import MAX_DOCUMENT_BYTES
from rights_search.ingest.ole import SIGNATURE

MAX_ENTRIES = 100_000
"""How many streams and folders of a file are looked at."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A stream or a folder: its name, the numbers of its neighbours, and where it begins."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class CompoundFile:
    """Reads the streams of a compound file.

    Args:
        stream: the file, for reading in any order.
        name: what it is called, for errors.

    Raises:
        ReadError: if it is damaged.
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self._size = stream.seek(0, 2)
        head = self._bytes(0, _HEAD_BYTES)
        if not head.startswith(SIGNATURE) or len(head) < _HEAD_BYTES:
            raise self._damage("it has no head")
        (shift,) = struct.unpack_from("<H", head, 30)
        if shift not in _SHIFTS:
            raise self._damage("its sectors have no size that there is")
        self._sector = 1 << shift
        (directory,) = struct.unpack_from("<I", head, 48)
        self._cutoff, mini = struct.unpack_from("<II", head, 56)
        self._table = self._read_table(head)
        self._mini_table = _numbers(self._chain(mini, self._size))
        found = self._chain(directory, MAX_ENTRIES * _ENTRY_BYTES)
        entries = [_entry(found, place) for place in range(0, len(found) - 127, _ENTRY_BYTES)]
        if not entries or entries[0].kind != _ROOT:
            raise self._damage("it has no list of its parts")
        self._mini_stream = self._chain(entries[0].start, entries[0].size)
        self._streams = dict(_streams(entries))
        # No sector is part of two streams: all together are no larger than the file.
        self._left = self._size
        self._was_read: set[str] = set()

    def names(self) -> tuple[str, ...]:
        """Return the paths of all streams, with ``/``, in lower case: it tells none apart."""
        return tuple(self._streams)

    @cached_property
    def _folders(self) -> dict[str, dict[str, None]]:
        found: dict[str, dict[str, None]] = {}
        for path in self._streams:
            *folders, _ = path.split("/")
            above = ""
            for name in folders:
                found.setdefault(above, {})[name] = None
                above += f"{name}/"
        return found

    def folders(self, path: str = "") -> tuple[str, ...]:
        """Return the names of the folders that stand in one and hold streams, sorted.

        Args:
            path: of the folder, with a slash at its end; blank for the whole file.
        """
        return tuple(sorted(self._folders.get(path.lower(), ())))

    def __contains__(self, path: str) -> bool:
        return path.lower() in self._streams

    def read(self, path: str) -> bytes:
        """Return the bytes of a stream; none where it is missing, what is there if it is cut.

        Raises:
            ReadError: if it is too large, or all that were read are larger than the file.
        """
        path = path.lower()
        entry = self._streams.get(path)
        if entry is None:
            return b""
        data = self._read(entry, path)
        if path not in self._was_read:
            self._was_read.add(path)
            self._left -= len(data)
            if self._left < 0:
                raise self._damage("its parts are larger than all of it")
        return data

    def _read(self, entry: _Entry, path: str) -> bytes:
        if entry.size > MAX_DOCUMENT_BYTES:
            limit = f"{MAX_DOCUMENT_BYTES // 2**20} MiB, the limit for one document"
            raise ReadError(self._name, f"its part {path!r} is larger than {limit}", fatal=True)
        if entry.size >= self._cutoff:
            return self._chain(entry.start, entry.size)
        sectors = _walk(self._mini_table, entry.start, -(-entry.size // _MINI_SECTOR))
        places = (sector * _MINI_SECTOR for sector in sectors)
        parts = (self._mini_stream[place : place + _MINI_SECTOR] for place in places)
        return b"".join(parts)[: entry.size]

    def _read_table(self, head: bytes) -> array[int]:
        """Return which sector follows which: the table stands in sectors that others list."""
        listed = list(struct.unpack_from("<109I", head, 76))
        (sector,) = struct.unpack_from("<I", head, 68)
        # What cannot be in the file is no list, and a list in a circle ends.
        for _ in range(self._size // self._sector):
            if sector >= _LAST:
                break
            numbers = _numbers(self._read_sector(sector))
            listed += numbers[:-1]
            sector = numbers[-1] if numbers else _LAST
        most = self._size // self._sector + 1
        known = dict.fromkeys(number for number in listed if number < most)
        return _numbers(b"".join(map(self._read_sector, known)))

    def _chain(self, start: int, size: int) -> bytes:
        """Return what stands in a chain of sectors, ``size`` bytes at most."""
        size = min(size, self._size, MAX_DOCUMENT_BYTES)
        sectors = _walk(self._table, start, -(-size // self._sector))
        return b"".join(map(self._read_sector, sectors))[:size]

    def _read_sector(self, number: int) -> bytes:
        # The head fills the place of the first.
        return self._bytes((number + 1) * self._sector, self._sector)

    def _bytes(self, place: int, count: int) -> bytes:
        self._stream.seek(place)
        return self._stream.read(count)

    def _damage(self, what: str) -> ReadError:
        return ReadError(self._name, f"is damaged: {what}; fetch the file again", fatal=True)


_HEAD_BYTES = 512
_SHIFTS = (9, 12)
_MINI_SECTOR = 64
_ENTRY_BYTES = 128
_FOLDER, _STREAM, _ROOT = 1, 2, 5
# Numbers from here on are no sectors: the end of a chain, and those that are free.
_LAST = 0xFFFFFFFA
_NO_ENTRY = 0xFFFFFFFF


def _numbers(data: bytes) -> array[int]:
    numbers = array("I")
    numbers.frombytes(data[: len(data) // numbers.itemsize * numbers.itemsize])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _walk(table: array[int], start: int, count: int) -> Iterator[int]:
    """Yield the sectors of a chain, so many at most: one in a circle ends with its size."""
    sector = start
    for _ in range(count):
        if sector >= len(table):
            return
        yield sector
        sector = table[sector]


def _entry(data: bytes, place: int) -> _Entry:
    length, kind = struct.unpack_from("<HB", data, place + 64)
    left, right, child = struct.unpack_from("<III", data, place + 68)
    start, size = struct.unpack_from("<II", data, place + 116)
    name = data[place : place + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    return _Entry(name, kind, left, right, child, start, size)


def _streams(entries: list[_Entry]) -> Iterator[tuple[str, _Entry]]:
    """Yield the path of each stream, and the stream; each entry once, so circles end."""
    seen: set[int] = set()
    waiting = [(entries[0].child, "")]
    while waiting:
        number, folder = waiting.pop()
        if number >= len(entries) or number in seen:
            continue
        seen.add(number)
        entry = entries[number]
        waiting += [(entry.left, folder), (entry.right, folder)]
        if entry.kind == _STREAM:
            yield folder + entry.name.lower(), entry
        elif entry.kind == _FOLDER and folder.count("/") < _MAX_DEPTH:
            waiting.append((entry.child, f"{folder}{entry.name.lower()}/"))


_MAX_DEPTH = 32
