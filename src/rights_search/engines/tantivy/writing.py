"""One transaction on a Tantivy index, and the parts that other processes prepare of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import tantivy

from rights_search.engines.tantivy.index import TantivyIndex, brief
from rights_search.engines.tantivy.leftovers import remove_leftovers
from rights_search.engines.tantivy.parts import read_part, remove_parts
from rights_search.engines.tantivy.schema import (
    COMMIT,
    COMMIT_TERM,
    PATH,
    SINCE,
    Prepared,
    commit_document,
    document,
    make_schema,
    prepare,
    source_key,
)
from rights_search.errors import IndexBusyError
from rights_search.index_files import TANTIVY_FOLDER, sync_folder
from rights_search.post import Post

MAX_THREADS = 4
"""Threads that index: each leaves a segment of its own, and needs memory of its own."""

BYTES_PER_THREAD = 64_000_000
"""A thread writes a segment when what it holds in memory is so large."""

_SYSTEM_SAYS = re.compile(r'message: "([^"]+)"')

_Query = tantivy.Query
_Occur = tantivy.Occur


class TantivyWriter:
    """See `rights_search.engines.protocol.Writer`."""

    def __init__(self, handle: TantivyIndex, *, clear: bool) -> None:
        self._handle = handle
        self._is_cleared = clear
        self._gone: dict[str, None] = {}
        self._writer = _begin(handle)
        # Under the lock, so that no other process commits in between.
        self.generation = handle.latest_generation() + 1
        remove_parts(handle)
        remove_leftovers(handle)
        self._clear()

    def add(self, *posts: Post) -> None:
        """Add posts."""
        for prepared in list(map(prepare, posts)):
            self._add(prepared)

    def join(self, part: str) -> None:
        """Take in a part that another process has finished."""
        for prepared in read_part(self._handle, part):
            self._add(prepared)

    def restart(self) -> None:
        """Forget what was added and joined: Tantivy goes back to its last commit."""
        with _writing():
            self._writer.rollback()
        self._clear()

    def delete_source(self, path: str) -> None:
        """Remove the committed posts of a source file."""
        self._gone[source_key(path)] = None

    def commit(self) -> None:
        """Make all changes visible at once, and merge segments where they are many."""
        with _writing():
            self._delete_gone()
            self._writer.delete_documents_by_term(COMMIT, COMMIT_TERM)
            self._writer.add_document(commit_document(self.generation))
            self._writer.commit()
        self._make_safe()
        self._handle.forget()
        self._end()

    def cancel(self) -> None:
        """Forget all changes and remove what was written of them."""
        try:
            with _writing():
                self._writer.rollback()
        finally:
            self._end()

    def _add(self, prepared: Prepared) -> None:
        made = document(prepared, self.generation)
        with _writing():
            self._writer.add_document(made)

    def _clear(self) -> None:
        """Let all earlier posts go if that was asked for."""
        if self._is_cleared:
            self._writer.delete_documents_by_query(_Query.all_query())

    def _delete_gone(self) -> None:
        if not self._gone:
            return
        schema = make_schema()
        of_sources = _Query.term_set_query(schema, PATH, list(self._gone))
        new = _Query.term_query(schema, SINCE, str(self.generation), "basic")
        old = [(_Occur.Must, of_sources), (_Occur.MustNot, new)]
        self._writer.delete_documents_by_query(_Query.boolean_query(old))

    def _make_safe(self) -> None:
        """Sync the renaming that was the commit: Tantivy syncs all but that."""
        if self._handle.folder is not None:
            sync_folder(self._handle.folder / TANTIVY_FOLDER)

    def _end(self) -> None:
        """Wait for segments that are being merged, and let go of the lock."""
        remove_parts(self._handle)
        # A merge that fails leaves the segments as they were, and the next one tries again.
        with suppress(ValueError):
            self._writer.wait_merging_threads()


def _begin(handle: TantivyIndex) -> tantivy.IndexWriter:
    """Return Tantivy's own writer, which holds its lock.

    Raises:
        IndexBusyError: if another process holds it.
        OSError: if the file that is the lock cannot be made.
    """
    threads = min(MAX_THREADS, os.cpu_count() or 1)
    try:
        return handle.index.writer(threads * BYTES_PER_THREAD, threads)
    except ValueError as error:
        if "LockBusy" not in str(error):
            # It always adds that another process may be writing, which is not so.
            said = _SYSTEM_SAYS.search(str(error))
            raise OSError(said[1] if said else brief(error)) from error
    reason = "another process is writing to this index; try again when it has ended"
    raise IndexBusyError(str(handle.folder), reason)


@contextmanager
def _writing() -> Iterator[None]:
    """Turn what Tantivy says about files that it cannot write into an `OSError`."""
    try:
        yield
    except (ValueError, RuntimeError) as error:
        raise OSError(brief(error)) from error
