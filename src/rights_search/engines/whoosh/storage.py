"""Where the files of an index are: opened without trust, private when made.

A file is opened only if its name is one of ours and it is a plain file that stands in the
folder itself: no link, no device, no pipe. Several may stand in one, a segment's in Whoosh's
compound file.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from struct import Struct
from typing import TYPE_CHECKING, Any, BinaryIO
from zlib import crc32

from rights_search.engines.whoosh.damage import damaged_file
from rights_search.engines.whoosh.files import PAGE_BYTES, Damaged, IndexFile, Memory, Pages, Sums
from rights_search.engines.whoosh.layout import INDEX
from rights_search.index_files import create_private, open_plain, write_whole

if TYPE_CHECKING:
    from threading import Lock

_DIRECTORY = Struct("!q")

_NAME_CHARS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-")


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
        if not _is_name(name):
            raise damaged_file(self.folder, name, "is no name of a file of an index")
        try:
            source = Pages(Path(self.folder, name), self.sums.get(name))
        except (Damaged, ValueError) as error:
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
        return IndexFile(Memory(self.files[name]), name, None)

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
            if not name.startswith(prefix) or not _is_name(name):
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


def _is_name(name: str) -> bool:
    """Tell whether a name is that of a file of an index, which no path to elsewhere is."""
    return name.startswith((f"{INDEX}_", f"_{INDEX}_")) and _NAME_CHARS.issuperset(name)
