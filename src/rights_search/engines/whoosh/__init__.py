"""The Whoosh engine: an index that stock Whoosh 2.7.4 opens and searches.

It is written and merged here, in Whoosh's format, and read without running what it holds. Only
writing imports Whoosh: reading takes none of its classes.
Queries are evaluated here over postings and columns, because Whoosh's own matchers neither
score a word's family as one term nor count facets fast.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rights_search.engines.whoosh.damage import damaged
from rights_search.engines.whoosh.handle import EmptyIndexError, Handle
from rights_search.engines.whoosh.snapshots import WhooshSnapshot
from rights_search.engines.whoosh.storage import IndexStorage, MemoryStorage
from rights_search.errors import IndexBusyError
from rights_search.index_files import nowhere

if TYPE_CHECKING:
    from rights_search.engines.whoosh.writing import WhooshPart, WhooshWriter

_TRIES = 5


def create(folder: Path | None, *, after: int = 0) -> Handle:
    """Make an empty index in ``folder``, in memory for None; its generation is ``after``."""
    return Handle.make(MemoryStorage() if folder is None else IndexStorage(str(folder)), after)


def open(folder: Path) -> Handle:  # noqa: A001 - the protocol's name
    """Return a handle on the index in ``folder``.

    Raises:
        IndexUnavailableError: if there is none or it cannot be read.
    """
    try:
        return Handle(IndexStorage(str(folder)))
    except EmptyIndexError:
        raise nowhere(folder) from None


def snapshot(handle: Handle) -> WhooshSnapshot:
    """Return the newest committed state.

    Raises:
        IndexUnavailableError: if it is damaged, or was made with other fields.
    """
    for _ in range(_TRIES):
        table = handle.checked_contents()
        # A commit that ends meanwhile removes the files of the state before it: the new
        # state is there then.
        with suppress(FileNotFoundError):
            return WhooshSnapshot(handle.readers_of(table), table.generation, handle.folder)
    raise damaged(handle.folder, "a file of a segment is missing")


def writer(handle: Handle, *, clear: bool = False) -> WhooshWriter:
    """Begin a transaction.

    Raises:
        IndexBusyError: if another process is writing.
    """
    from rights_search.engines.whoosh.library import LockError  # noqa: PLC0415 - not to search
    from rights_search.engines.whoosh.writing import WhooshWriter  # noqa: PLC0415

    if not clear:
        handle.checked_contents()
    try:
        return WhooshWriter(handle, clear=clear)
    except LockError:
        reason = "another process is writing to this index; try again when it has ended"
        raise IndexBusyError(handle.folder or "(memory)", reason) from None


def part(handle: Handle) -> WhooshPart:
    """Begin a part of the transaction that another process has begun."""
    from rights_search.engines.whoosh.writing import WhooshPart  # noqa: PLC0415 - not to search

    return WhooshPart(handle)


def verify(handle: Handle) -> Iterator[tuple[str, str]]:
    """Yield what was verified of a whole index: see `verifying`."""
    from rights_search.engines.whoosh import verifying  # noqa: PLC0415 - not for searching

    return verifying.verify(handle)
