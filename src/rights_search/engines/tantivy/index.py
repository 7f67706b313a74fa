"""An open Tantivy index, and what its folder says about its newest commit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy

from rights_search.engines.tantivy.schema import (
    COMMIT,
    COMMIT_TERM,
    GENERATION,
    field_names,
    make_schema,
    register,
)
from rights_search.errors import IndexUnavailableError
from rights_search.index_files import (
    TANTIVY_FOLDER,
    UNFINISHED_TANTIVY,
    nowhere,
    read_whole,
    sync_folder,
)
from rights_search.json_text import read_json

META = "meta.json"
"""Tantivy's table of contents."""

MAX_META_BYTES = 64 << 20
"""The most of it that is read."""

PARTS = "parts"
"""A folder of ours in Tantivy's, while several processes read files for an index."""


class TantivyIndex:
    """A handle: see `rights_search.engines.protocol.Handle`.

    Args:
        folder: the folder of the whole index, None for one in memory.
        index: Tantivy's.
    """

    def __init__(self, folder: Path | None, index: tantivy.Index) -> None:
        self.folder = folder
        self.index = index
        register(index)
        # Tantivy would watch the folder from a thread; we look when we are asked.
        index.config_reader("manual")
        self._seen: tuple[tuple[int, ...], int] | None = None

    def latest_generation(self) -> int:
        """Return the number of the newest commit, also of another process."""
        state = self._state()
        if self._seen is None or self._seen[0] != state:
            with guarded(self.folder):
                self._seen = state, generation_of(self.searcher())
        return self._seen[1]

    def searcher(self) -> tantivy.Searcher:
        """Return the newest committed state."""
        with guarded(self.folder):
            self.index.reload()
            return self.index.searcher()

    def forget(self) -> None:
        """Look anew at the next question: this process has committed."""
        self._seen = None

    def _state(self) -> tuple[int, ...]:
        if self.folder is None:
            return ()
        try:
            status = (self.folder / TANTIVY_FOLDER / META).stat()
        except OSError as error:
            raise damaged(self.folder, error) from error
        return status.st_mtime_ns, status.st_ino, status.st_size


def create_index(folder: Path | None) -> TantivyIndex:
    """Make an empty index."""
    if folder is None:
        return TantivyIndex(None, tantivy.Index(make_schema()))
    # Whole or not at all: a folder of the final name says that there is an index.
    import tempfile  # noqa: PLC0415 - not for searching

    unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED_TANTIVY, dir=folder))
    with guarded(folder):
        tantivy.Index(make_schema(), path=str(unfinished))
    unfinished.rename(folder / TANTIVY_FOLDER)
    sync_folder(folder)
    return open_index(folder)


def open_index(folder: Path) -> TantivyIndex:
    """Open an index.

    Raises:
        IndexUnavailableError: if there is none, it is damaged or of another version.
    """
    inside = folder / TANTIVY_FOLDER
    try:
        _check_files(inside)
        record = read_json(read_whole(inside / META, MAX_META_BYTES))
        names = {str(field["name"]) for field in record["schema"]}
    except FileNotFoundError:
        raise nowhere(folder) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(folder, error) from error
    if names != field_names():
        raise IndexUnavailableError.of_another_version(str(folder), "it has other fields")
    with guarded(folder):
        return TantivyIndex(folder, tantivy.Index.open(str(inside)))


def _check_files(inside: Path) -> None:
    """Check that the folder is one, and holds plain files alone, and the parts of who writes now.

    Tantivy opens whatever has the name of a file: a pipe never ends, a link leads elsewhere, and
    where the folder is one, what it leads to would be written to and tidied up.

    Raises:
        OSError: if it cannot be looked at.
        ValueError: if something else is there.
    """
    if inside.is_symlink():
        raise ValueError(f"{inside.name} is a link to another place")
    with os.scandir(inside) as found:
        for entry in found:
            is_parts = entry.name == PARTS and entry.is_dir(follow_symlinks=False)
            if not is_parts and not entry.is_file(follow_symlinks=False):
                raise ValueError(f"{entry.name} is no plain file")


def generation_of(searcher: tantivy.Searcher) -> int:
    """Return the number of the commit that a searcher sees; 0 before the first."""
    mark = tantivy.Query.term_query(make_schema(), COMMIT, COMMIT_TERM, "basic")
    hits = searcher.search(mark, limit=1).hits
    if not hits:
        return 0
    (generation,) = searcher.fast_field_values(GENERATION, [hits[0][1]])
    return int(generation or 0)


@contextmanager
def guarded(folder: Path | None) -> Iterator[None]:
    """Turn what Tantivy says about files that it cannot read into our error.

    Raises:
        IndexUnavailableError: in place of Tantivy's errors, panics included.
    """
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        raise damaged(folder, error) from error
    except BaseException as error:
        # A panic of the Rust code is no `Exception`, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(folder, error) from error


def brief(error: BaseException) -> str:
    """Return what Tantivy says, which may quote a whole file, in a line that can be read."""
    said = str(error).partition("\n")[0]
    return said if len(said) <= _MAX_SAID else f"{said[:_MAX_SAID]}…"


_MAX_SAID = 200


def damaged(folder: Path | None, error: BaseException) -> IndexUnavailableError:
    """Return the error for an index that cannot be read."""
    what = brief(error) or type(error).__name__
    where = "(memory)" if folder is None else str(folder)
    mend = f"rights-search index --rebuild CORPUS --index {where}"
    reason = f"the index is damaged ({what}); build it again with: {mend}"
    return IndexUnavailableError(where, reason)
