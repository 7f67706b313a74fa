"""The files of an index: opened without trust, read within their bounds, private when made.

A file is opened only if its name is one of ours and it is a plain file that stands in the
folder itself: no link, no device, no pipe. What is read of it lies within it, or the index is
damaged. Where the checksums of its pages are known, no byte is given out that they do not
cover.
"""

from __future__ import annotations

import io
import os
import sys
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from struct import Struct
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, Protocol, Self
from zlib import crc32

from rights_search.engines.whoosh import pickles
from rights_search.engines.whoosh.damage import damaged_file
from rights_search.index_files import create_private, open_plain, write_whole
from rights_search.patterns import late
from rights_search.values import dataclass

if TYPE_CHECKING:
    from threading import Lock

PAGE_BYTES = 16 * 1024
"""A file is read and summed in pages of this size."""

MAX_PAGES_KEPT = 1024
"""Pages of one file that are kept in memory; then all go."""

MAX_PICKLE_BYTES = 64 * 1024 * 1024
"""No pickle of an index is longer; that of the deleted posts has five bytes for each."""

_DIRECTORY = Struct("!q")

_NAME = late(r"(?:_MAIN_\d+\.toc(?:\.[\d.e+-]+)?|MAIN_[a-z0-9]{16}\.[A-Za-z0-9_.]+)\Z")


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


class _Damaged(Exception):  # noqa: N818 - it never leaves this module
    """Carry a reason up to where the name of the file is known."""


class _Memory:
    """The bytes of a file in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read(self, start: int, length: int) -> bytes:
        return self._data[start : start + length]

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


class _Pages:
    """The bytes of a file on disk, read and verified page by page."""

    def __init__(self, path: Path, sums: Sums | None) -> None:
        self._sums = sums
        self._pages: dict[int, bytes] = {}
        with open_plain(path) as stream:
            self.size = os.fstat(stream.fileno()).st_size
            if sums is not None and sums.size != self.size:
                raise _Damaged(f"has {self.size:,} bytes, {sums.size:,} were written")
            self._descriptor: int | None = os.dup(stream.fileno())

    def read(self, start: int, length: int) -> bytes:
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
            raise _Damaged("became shorter while it was read")
        if self._sums is not None and crc32(page) != self._sums.pages[number]:
            raise _Damaged(f"its checksum is wrong at the bytes {start:,} to {start + wanted:,}")
        if len(self._pages) >= MAX_PAGES_KEPT:
            self._pages.clear()
        self._pages[number] = page
        return page

    def close(self) -> None:
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
        except _Damaged as damage:
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

    def seek(self, where: int, whence: int = os.SEEK_SET) -> None:
        """Go to a place; reading from outside of the file fails."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.length}
        self._position = base[whence] + where

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


class IndexStorage:
    """An index folder.

    Args:
        folder: its path.

    `sums` has what is known of files, by name: set it when the table of contents is read.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.sums: Mapping[str, Sums] = {}

    def list(self) -> list[str]:
        """Return the names of all files; none if there is no such folder."""
        try:
            with os.scandir(self.folder) as entries:
                return [entry.name for entry in entries]
        except OSError:
            return []

    def file_exists(self, name: str) -> bool:
        """Tell whether there is a file of that name."""
        return Path(self.folder, name).exists()

    def open_file(self, name: str) -> IndexFile:
        """Open a file of the index.

        Raises:
            FileNotFoundError: if it is not there.
            IndexUnavailableError: if it is not what it should be.
        """
        if not _NAME.match(name):
            raise damaged_file(self.folder, name, "is no name of a file of an index")
        try:
            source = _Pages(Path(self.folder, name), self.sums.get(name))
        except (_Damaged, ValueError) as error:
            raise damaged_file(self.folder, name, str(error)) from None
        return IndexFile(source, name, self.folder)

    def create_file(self, name: str) -> BinaryIO:
        """Create a file that only its owner can read."""
        return create_private(Path(self.folder, name))

    def delete_file(self, name: str) -> None:
        """Remove a file."""
        Path(self.folder, name).unlink()

    def lock(self, name: str) -> Any:
        """Return a lock that other processes heed, also those of stock Whoosh."""
        from whoosh.util.filelock import FileLock  # noqa: PLC0415 - not for reading

        path = Path(self.folder, name)
        self._refuse_link(path)
        if not path.exists():
            create_private(path).close()
        return FileLock(str(path))

    def _refuse_link(self, path: Path) -> None:
        if path.is_symlink():
            raise damaged_file(self.folder, path.name, "it is a link to another place")

    def put(self, name: str, data: bytes) -> None:
        """Write a file that is there whole or not at all, and after all others."""
        write_whole(Path(self.folder, name), data)

    def sum_up(self, name: str) -> Sums:
        """Return size and checksums of a file that was just written, and see that it is on disk."""
        pages: list[int] = []
        size = 0
        with open_plain(Path(self.folder, name)) as stream:
            os.fsync(stream.fileno())
            while page := stream.read(PAGE_BYTES):
                pages.append(crc32(page))
                size += len(page)
        return Sums(size, pages)


class MemoryStorage:
    """An index in memory: see `IndexStorage`."""

    folder = None

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.sums: Mapping[str, Sums] = {}
        self._locks: dict[str, Lock] = {}

    def list(self) -> list[str]:
        """Return the names of all files."""
        return [*self.files]

    def file_exists(self, name: str) -> bool:
        """Tell whether there is a file of that name."""
        return name in self.files

    def open_file(self, name: str) -> IndexFile:
        """Open a file."""
        return IndexFile(_Memory(self.files[name]), name, None)

    def create_file(self, name: str) -> BinaryIO:
        """Create a file, which is there when it is closed."""
        return _MemoryFile(name, self.files)

    def delete_file(self, name: str) -> None:
        """Remove a file."""
        del self.files[name]

    def lock(self, name: str) -> Lock:
        """Return a lock that other threads heed."""
        from threading import Lock  # noqa: PLC0415 - not for reading

        return self._locks.setdefault(name, Lock())

    def put(self, name: str, data: bytes) -> None:
        """Write a file."""
        self.files[name] = data

    def sum_up(self, name: str) -> Sums:
        """Return the checksums of a file."""
        data = self.files[name]
        starts = range(0, len(data), PAGE_BYTES)
        return Sums(len(data), [crc32(data[start : start + PAGE_BYTES]) for start in starts])


class _MemoryFile(io.BytesIO):
    """A file in memory that is written.

    Args:
        name: of the file.
        files: where its bytes go.
    """

    def __init__(self, name: str, files: dict[str, bytes]) -> None:
        super().__init__()
        self._name = name
        self._files = files

    def close(self) -> None:
        if not self.closed:
            self._files[self._name] = self.getvalue()
        super().close()


class CompoundFiles:
    """The files of a segment that stand in one: Whoosh's compound file."""

    def __init__(self, file: IndexFile, prefix: str) -> None:
        self._file = file
        (start,) = file.unpack(_DIRECTORY, 0)
        file.seek(start)
        directory = file.read_pickle()
        self._extents: dict[str, tuple[int, int]] = {}
        if not isinstance(directory, dict):
            file.fail("its directory is none")
        for name, entry in directory.items():
            match entry:
                case {"offset": int(offset), "length": int(length)} if isinstance(name, str):
                    self._extents[name] = (offset, length)
                case _:
                    file.fail("its directory has an entry that is none")
            if not name.startswith(prefix) or not _NAME.match(name):
                file.fail("its directory names a file of something else")
            file.subset(offset, length)

    def open_file(self, name: str) -> IndexFile:
        """Open a file of the segment."""
        if name not in self._extents:
            self._file.fail(f"has no {name} in it")
        return self._file.subset(*self._extents[name], name=name)

    def list(self) -> list[str]:
        """Return the names of the files."""
        return list(self._extents)

    def file_exists(self, name: str) -> bool:
        """Tell whether there is a file of that name."""
        return name in self._extents

    def close(self) -> None:
        """Let go of the compound file."""
        self._file.close()
