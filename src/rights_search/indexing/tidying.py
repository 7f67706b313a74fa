"""What is removed around a commit, and the check that nothing else was lost.

What cannot be removed on a disk that fails stays: no commit names it, and the next run
removes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rights_search import engines
from rights_search.engines.protocol import Writer
from rights_search.errors import IndexUnavailableError
from rights_search.index_files import (
    files_of,
    remove_engine,
    remove_scratch,
    scratch_in,
    sidecars,
)
from rights_search.indexing import manifest
from rights_search.open_index import OpenIndex


def settle(index: OpenIndex) -> None:
    """Remove what is left of another engine, after a commit, and check the books."""
    _remove_others(index)
    check_books(index)


def tidy(index: OpenIndex) -> None:
    """Remove what a process left that died right behind its commit, if one did."""
    if index.folder is None:
        return
    newest = index.handle.latest_generation()
    is_tidy = all(generation == newest for _, generation in sidecars(index.folder))
    if is_tidy and not _others(index) and not scratch_in(index.folder):
        return
    # Who is writing tidies up, and who must not write cannot.
    with suppress(IndexUnavailableError), index.alone():
        index.check_engine()
        writer = index.writer(clear=False)
        with cancelled(writer):
            forget_dead(index.folder, writer.generation)
            manifest.clean(index.folder, writer.generation - 1)
            _remove_others(index)


def check_books(index: OpenIndex) -> None:
    """Check that the index holds just the posts that its files gave.

    Raises:
        IndexUnavailableError: if it does not, which nothing but damage explains.
    """
    with index.lock:
        held, given = index.steady(
            lambda newest: (index.snapshot().post_count(), index.manifest_of(newest).post_count)
        )
    if held != given:
        reason = f"holds {held:,} posts where its files gave {given:,}; use --rebuild"
        raise IndexUnavailableError(str(index.folder), reason)


def clean(index: OpenIndex) -> None:
    """Remove the sidecars of all commits but the newest, or leave it to the next run."""
    if index.folder is not None:
        with suppress(OSError):
            manifest.clean(index.folder, index.handle.latest_generation())


def forget(index: OpenIndex, writer: Writer) -> None:
    """Leave the index as it was before ``writer`` began.

    What is to be told is the error that ended the run, and none of this.
    """
    with suppress(OSError):
        if index.folder is not None and index.handle.latest_generation() < writer.generation:
            manifest.forget(index.folder, writer.generation)
    with suppress(OSError):
        writer.cancel()


def forget_dead(folder: Path, generation: int) -> None:
    """Remove what a process left that died before it made the commit of that number."""
    manifest.forget(folder, generation)
    remove_scratch(folder)


@contextmanager
def cancelled(writer: Writer) -> Iterator[None]:
    """Keep other writers away for a while, and write nothing."""
    try:
        yield
    finally:
        writer.cancel()


def _remove_others(index: OpenIndex) -> None:
    if index.folder is not None:
        for other in _others(index):
            # The newer commit counts as long as both are there.
            with suppress(OSError):
                remove_engine(index.folder, other)


def _others(index: OpenIndex) -> list[str]:
    """Return the engines beside that of the index of which the folder holds files."""
    folder = index.folder
    if folder is None:
        return []
    return [name for name in engines.names() if name != index.engine and files_of(folder, name)]
