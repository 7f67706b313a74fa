"""The handle on a Whoosh index: its storage, and the tables of contents in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rights_search.engines.whoosh import contents
from rights_search.engines.whoosh.contents import Contents
from rights_search.engines.whoosh.damage import damaged, damaged_file
from rights_search.engines.whoosh.files import Sums
from rights_search.engines.whoosh.segment import Segment, SegmentReader
from rights_search.errors import IndexUnavailableError
from rights_search.index_files import whoosh_table

_TRIES = 5


class EmptyIndexError(Exception):
    """Says that a storage holds no index."""


class Handle:
    """An index in a storage.

    Args:
        storage: an `IndexStorage` or a `MemoryStorage`.

    Raises:
        EmptyIndexError: if there is no index.
        IndexUnavailableError: if it is damaged.
    """

    def __init__(self, storage: Any) -> None:
        self.storage = storage
        self.contents()

    @classmethod
    def make(cls, storage: Any, generation: int = 0) -> Handle:
        """Make an empty index in a storage."""
        handle = cls.__new__(cls)
        handle.storage = storage
        handle.put((), generation, {})
        return cls(storage)

    @property
    def folder(self) -> str | None:
        """Return the path of its folder, None in memory."""
        return self.storage.folder or None

    def latest_generation(self) -> int:
        """Return the number of the newest commit, also of another process; -1 for none."""
        numbers = map(whoosh_table, self.storage.list())
        return max((number for number in numbers if number is not None), default=-1)

    def contents(self) -> Contents:
        """Return the newest table of contents."""
        for _ in range(_TRIES):
            generation = self.latest_generation()
            if generation < 0:
                raise EmptyIndexError(self.folder)
            try:
                found = self._read(generation)
            except FileNotFoundError:
                continue  # another process has just committed
            self.storage.sums = found.sums
            return found
        raise damaged(self.folder, "its table of contents cannot be read")

    def _read(self, generation: int) -> Contents:
        name = contents.file_name(generation)
        with self.storage.open_file(name) as file:
            data = file.read()
        try:
            return contents.from_bytes(data, generation)
        except ValueError as error:
            raise damaged_file(self.folder, name, str(error)) from None

    def checked_contents(self) -> Contents:
        """Return the newest table of contents, of an index with the fields of this program.

        Raises:
            IndexUnavailableError: if it has others: only what replaces all of it can use it;
                or if the index is gone.
        """
        try:
            found = self.contents()
        except EmptyIndexError:
            raise damaged(self.folder, "its table of contents is gone") from None
        if not found.has_our_schema:
            where = self.folder or "(memory)"
            what = f"{contents.file_name(found.generation)} names other fields"
            raise IndexUnavailableError.of_another_version(where, what)
        return found

    def readers_of(self, table: Contents) -> list[SegmentReader]:
        """Return readers of all segments of a state.

        Raises:
            FileNotFoundError: if a commit has removed its files.
        """
        readers: list[SegmentReader] = []
        try:
            readers.extend(SegmentReader(self.storage, segment) for segment in table.segments)
        except BaseException:
            for reader in readers:
                reader.close()
            raise
        return readers

    def put(self, segments: Sequence[Segment], generation: int, sums: Mapping[str, Sums]) -> None:
        """Write a table of contents: from then on it is the newest."""
        from rights_search.engines.whoosh import schema  # noqa: PLC0415 - needs Whoosh

        name = contents.file_name(generation)
        data = contents.to_bytes(schema.make_schema(), segments, generation, sums)
        self.storage.put(name, data)
