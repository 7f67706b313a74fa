"""The Whoosh engine: an index that stock Whoosh 2.7.4 opens and searches.

Stock Whoosh writes it; queries are evaluated here, over the postings and columns
that Whoosh decodes, because its own matchers neither score a word's family as one
term nor count facets fast.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import LockError

from rights_search.engines.whoosh.schema import make_schema
from rights_search.engines.whoosh.snapshots import WhooshSnapshot
from rights_search.engines.whoosh.writing import WhooshPart, WhooshWriter
from rights_search.errors import IndexUnavailableError

_TRIES = 5


class _MemoryStorage(RamStorage):  # type: ignore[misc]
    """Keeps temporary files in memory too: Whoosh would share one folder in /tmp."""

    def temp_storage(self, name: str | None = None) -> _MemoryStorage:  # noqa: ARG002
        return _MemoryStorage()


def create(folder: Path | None, *, after: int = 0) -> Any:
    """Make an empty index in ``folder``, in memory for None; its generation is ``after``."""
    storage = _MemoryStorage() if folder is None else FileStorage(str(folder))
    handle = storage.create_index(make_schema())
    if not after:
        return handle
    whoosh_index.TOC(handle.schema, [], after).write(storage, handle.indexname)
    return storage.open_index()


def open(folder: Path) -> Any:  # noqa: A001 - the protocol's name
    """Return a handle on the index in ``folder``.

    Raises:
        IndexUnavailableError: if there is none or it cannot be read.
    """
    try:
        return whoosh_index.open_dir(str(folder))
    except whoosh_index.EmptyIndexError:
        raise _missing(folder) from None
    except Exception as error:
        # Whoosh lets through whatever its parsing trips over: pickle and struct
        # errors, TypeError, KeyError, ImportError ...
        raise damaged(folder, error) from error


def snapshot(handle: Any) -> WhooshSnapshot:
    """Return the newest committed state."""
    for attempt in range(_TRIES):
        generation = handle.latest_generation()
        try:
            return WhooshSnapshot(handle.reader(), generation)
        except FileNotFoundError as error:
            # A commit that ended between the two lines above removed the files of
            # the state before it: the new state is there now.
            if attempt == _TRIES - 1:
                raise damaged(_folder(handle), error) from error
        except Exception as error:
            raise damaged(_folder(handle), error) from error
    raise AssertionError("unreachable: the loop returns or raises")


def writer(handle: Any, *, clear: bool = False) -> WhooshWriter:
    """Begin a transaction.

    Raises:
        IndexUnavailableError: if another process is writing.
    """
    try:
        return WhooshWriter(handle, clear=clear)
    except LockError:
        reason = "another process is writing to this index; try again when it has ended"
        raise IndexUnavailableError(str(_folder(handle)), reason) from None


def part(handle: Any) -> WhooshPart:
    """Begin a part of the transaction that another process has begun."""
    return WhooshPart(handle)


def damaged(folder: Path, error: Exception) -> IndexUnavailableError:
    """Return the error for an index that cannot be decoded."""
    what = str(error).partition("\n")[0] or type(error).__name__
    mend = f"rights-search index --rebuild CORPUS --index {folder}"
    return IndexUnavailableError(
        str(folder), f"the index is damaged ({what}); build it again with: {mend}"
    )


def _missing(folder: Path) -> IndexUnavailableError:
    reason = f"no index here; build one with: rights-search index CORPUS --index {folder}"
    return IndexUnavailableError(str(folder), reason)


def _folder(handle: Any) -> Path:
    return Path(getattr(handle.storage, "folder", "(memory)"))
