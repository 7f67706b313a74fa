"""The bytes of an index's files: read within their bounds, page by page.

What is read of a file lies within it, or the index is damaged. Where the checksums of its pages
are known, no byte is given out that they do not cover.
"""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Sequence
from pathlib import Path
from struct import Struct
from typing import Any, NoReturn, Protocol, Self
from zlib import crc32

from rights_search.engines.whoosh import pickles
from rights_search.engines.whoosh.damage import damaged_file
from rights_search.index_files import open_plain
from rights_search.values import dataclass

PAGE_BYTES = 16 * 1024
"""A file is read and summed in pages of this size."""

MAX_PAGES_KEPT = 1024
"""Pages of one file that are kept in memory; then all go."""

MAX_PICKLE_BYTES = 64 * 1024 * 1024
"""No pickle of an index is longer; that of the deleted posts has five bytes for each."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What is known of a file when it is committed.

    Args:
        size: bytes.
        pages: CRC-32 of each page.
    """

    size: int
    pages: Sequence[int]


class Bytes(Protocol):
    """Where a file's bytes come from."""

    size: int

    def read(self, start: int, length: int) -> bytes:
        """Return bytes that lie within the size."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class Damaged(Exception):  # noqa: N818 - `IndexFile` knows the name
    """Carry a reason up to where the name of the file is known."""


class Memory:
    """The bytes of a file in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read(self, start: int, length: int) -> bytes:
        """See `Bytes`."""
        return self._data[start : start + length]

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


class Pages:
    """The bytes of a file on disk, read and verified page by page."""

    def __init__(self, path: Path, sums: Sums | None) -> None:
        self._sums = sums
        self._pages: dict[int, bytes] = {}
        with open_plain(path) as stream:
            self.size = os.fstat(stream.fileno()).st_size
            if sums is not None and sums.size != self.size:
                raise Damaged(f"has {self.size:,} bytes, {sums.size:,} were written")
            self._descriptor: int | None = os.dup(stream.fileno())

    def read(self, start: int, length: int) -> bytes:
        """See `Bytes`."""
        number, offset = divmod(start, PAGE_BYTES)
        page = self._pages.get(number)
        if page is None:
            page = self._load(number)
        end = offset + length
        if end <= PAGE_BYTES:
            return page[offset:end]
        parts = [page[offset:]]
        left = end - PAGE_BYTES
        while left > 0:
            number += 1
            page = self._pages.get(number) or self._load(number)
            parts.append(page[:left])
            left -= PAGE_BYTES
        return b"".join(parts)

    def _load(self, number: int) -> bytes:
        start = number * PAGE_BYTES
        wanted = min(PAGE_BYTES, self.size - start)
        page = _read_at(self._descriptor, wanted, start)
        if len(page) != wanted:
            raise Damaged("became shorter while it was read")
        if self._sums is not None and crc32(page) != self._sums.pages[number]:
            raise Damaged(f"its checksum is wrong at the bytes {start:,} to {start + wanted:,}")
        if len(self._pages) >= MAX_PAGES_KEPT:
            self._pages.clear()
        self._pages[number] = page
        return page

    def close(self) -> None:
        """See `Bytes`."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __del__(self) -> None:
        if hasattr(self, "_descriptor"):
            self.close()


def _read_at(descriptor: int | None, length: int, start: int) -> bytes:
    assert descriptor is not None, "it is open"  # noqa: S101
    if hasattr(os, "pread"):
        return os.pread(descriptor, length, start)
    os.lseek(descriptor, start, os.SEEK_SET)
    return os.read(descriptor, length)


class IndexFile:
    """A part of a file, read as Whoosh writes it but never beyond its ends.

    Args:
        source: the bytes of the whole file.
        name: for messages, and of the file.
        folder: of the index, None in memory.
        extent: offset and length of the part, None for the whole.
    """

    def __init__(
        self, source: Bytes, name: str, folder: str | None, extent: tuple[int, int] | None = None
    ) -> None:
        self._source = source
        self._name = name
        self._folder = folder
        self._base, self.length = extent or (0, source.size)
        self._position = 0
        self.is_closed = False

    def fail(self, reason: object) -> NoReturn:
        """Raise the error that names this file."""
        raise damaged_file(self._folder, self._name, str(reason)) from None

    def get(self, position: int, length: int) -> bytes:
        """Return bytes from a position on."""
        if position < 0 or length < 0 or position + length > self.length:
            self.fail(f"points to {length} bytes at {position}, which it does not have")
        if not length:
            return b""
        try:
            return self._source.read(self._base + position, length)
        except Damaged as damage:
            self.fail(damage)
        except OSError as error:
            self.fail(f"cannot be read: {error.strerror or error}")

    def read(self, size: int | None = None) -> bytes:
        """Return the next bytes, fewer at the end."""
        left = max(0, self.length - self._position)
        data = self.get(self._position, left if size is None else min(size, left))
        self._position += len(data)
        return data

    def take(self, size: int) -> bytes:
        """Return the next bytes, just so many."""
        data = self.get(self._position, size)
        self._position += size
        return data

    def read_varint(self) -> int:
        """Return the next number of variable length."""
        number = 0
        for shift in range(0, 64, 7):
            (byte,) = self.take(1)
            number |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004 - the sign that more follows
                return number
        return self.fail("a number has more than 64 bits")

    def seek(self, position: int) -> None:
        """Go to a position; reading from outside of the file fails."""
        self._position = position

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def subset(self, offset: int, length: int, name: str | None = None) -> IndexFile:
        """Return a part of this part."""
        if offset < 0 or length < 0 or offset + length > self.length:
            self.fail(f"has no {length} bytes at {offset}")
        extent = (self._base + offset, length)
        return IndexFile(self._source, name or self._name, self._folder, extent)

    def get_array(self, position: int, typecode: str, length: int) -> array[Any]:
        """Return numbers from a position on, as Whoosh writes them."""
        numbers = array(typecode)
        numbers.frombytes(self.get(position, length * numbers.itemsize))
        if sys.byteorder == "little":
            numbers.byteswap()
        return numbers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read_pickle(self) -> Any:
        """Return the value of the pickle that begins here."""
        rest = min(self.length - self._position, MAX_PICKLE_BYTES)
        try:
            value, end = pickles.load_from(self.get(self._position, rest), 0)
        except pickles.PickleError as error:
            self.fail(error)
        self._position += end
        return value

    def unpack(self, form: Struct, position: int) -> tuple[Any, ...]:
        """Return the numbers at a position."""
        return form.unpack(self.get(position, form.size))

    def close(self) -> None:
        """Let go of the file, if this is all of it."""
        if not self.is_closed and self._base == 0 and self.length == self._source.size:
            self._source.close()
        self.is_closed = True
