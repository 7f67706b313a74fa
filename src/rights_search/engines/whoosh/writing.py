"""One transaction on a Whoosh index.

Posts go into parts, each of which becomes a segment of its own; several processes may
make parts at once. The transaction itself only deletes, merges and commits.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from rights_search.engines.whoosh import merging
from rights_search.engines.whoosh.files import Sums
from rights_search.engines.whoosh.handle import Handle
from rights_search.engines.whoosh.layout import INDEX, MAX_DOCUMENTS, SOURCE
from rights_search.engines.whoosh.library import LockError
from rights_search.engines.whoosh.schema import document, source_key
from rights_search.engines.whoosh.segment import Segment
from rights_search.engines.whoosh.segment_writing import SegmentBuilder
from rights_search.index_files import whoosh_table
from rights_search.patterns import late
from rights_search.post import Post

_SEGMENT_FILE = late(rf"({INDEX}_[0-9a-z]+)[.][A-Za-z0-9_.]+")

MAX_PLACES = 3_000_000
"""A part holds about so many occurrences of terms, which take some 100 MB of memory; then another
begins."""


class WhooshPart:
    """Posts that will be one segment, see `rights_search.engines.protocol.Part`."""

    def __init__(self, handle: Handle) -> None:
        # The transaction that it is a part of holds the lock.
        self._builder = SegmentBuilder(handle.storage)
        self._is_closed = False

    def add(self, *posts: Post) -> None:
        """Add posts."""
        # All of them step by step: what one step needs stays in the processor's caches.
        self._builder.add(list(map(document, posts)))

    @property
    def is_full(self) -> bool:
        """Tell whether no more posts should be added."""
        return self._builder.size >= MAX_PLACES or self._builder.count >= MAX_DOCUMENTS

    def finish(self) -> str:
        """Write the segment; return its description."""
        segment = self._builder.finish()
        self._is_closed = True
        return json.dumps([segment.segid, segment.count, segment.lengths])

    def cancel(self) -> None:
        """Close the file; the transaction's `cancel` removes it."""
        if not self._is_closed:
            self._is_closed = True
            self._builder.cancel()


class WhooshWriter:
    """See `rights_search.engines.protocol.Writer`.

    Raises:
        LockError: if another process is writing.
    """

    def __init__(self, handle: Handle, *, clear: bool) -> None:
        self._handle = handle
        self._lock = handle.storage.lock(f"{INDEX}_WRITELOCK")
        if not self._lock.acquire(False):
            raise LockError
        try:
            table = handle.contents()
        except BaseException:
            self._lock.release()
            raise
        self._before = table
        self.generation = table.generation + 1
        """The number that the commit will have."""
        # All earlier documents go, and with them the earlier schema.
        self._old: list[Segment] = [] if clear else list(table.segments)
        self._readers: dict[str, Any] = {}
        self._part: WhooshPart | None = None
        self._new: list[Segment] = []
        self._is_closed = False

    def add(self, *posts: Post) -> None:
        """Add posts."""
        if self._part is None:
            self._part = WhooshPart(self._handle)
        self._part.add(*posts)
        if self._part.is_full:
            self._finish_part()

    def join(self, part: str) -> None:
        """Take in a part that another process has finished."""
        segid, count, lengths = json.loads(part)
        self._new.append(Segment(segid, count, lengths=lengths))

    def restart(self) -> None:
        """Forget what was added and joined: a commit removes files that it does not name."""
        self._cancel_part()
        self._new.clear()

    def delete_source(self, path: str) -> None:
        """Remove the committed posts of a source file."""
        term = source_key(path).encode("utf-8")
        for segment in self._old:
            reader = self._readers.get(segment.segid)
            if reader is None:
                reader = merging.Source(self._handle.storage, segment)
                self._readers[segment.segid] = reader
            segment.deleted.update(reader.holding(SOURCE, term))

    def commit(self, *, optimize: bool = False) -> None:
        """Make all changes visible at once; merge all segments into one to ``optimize``."""
        self._finish_part()
        self._close_readers()
        handle = self._handle
        segments = merging.merged(handle.storage, [*self._old, *self._new], whole=optimize)
        handle.put(segments, self.generation, self._sums(segments))
        _clean(handle.storage, self.generation, segments)
        self._close()

    def cancel(self) -> None:
        """Forget all changes and remove what was written of them."""
        if self._is_closed:
            return
        try:
            # Completing a file fails again on a disk that is full.
            with suppress(OSError, ValueError):
                self._cancel_part()
            self._close_readers()
            self._sweep()
        finally:
            self._close()

    def _finish_part(self) -> None:
        if self._part is not None:
            self.join(self._part.finish())
            self._part = None

    def _cancel_part(self) -> None:
        part, self._part = self._part, None
        if part is not None:
            part.cancel()

    def _sums(self, segments: list[Segment]) -> dict[str, Sums]:
        """Return checksums: of the files of new segments, and those that were known before.

        Of files that came without any there are none: who knows what they were?
        """
        storage, before = self._handle.storage, self._before
        old = {segment.segid for segment in before.segments}
        sums: dict[str, Sums] = {}
        for segment in segments:
            for name in segment.files(storage):
                if segment.segid not in old:
                    sums[name] = storage.sum_up(name)
                elif name in before.sums:
                    sums[name] = before.sums[name]
        return sums

    def _close_readers(self) -> None:
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()

    def _close(self) -> None:
        self._is_closed = True
        self._lock.release()

    def _sweep(self) -> None:
        """Remove the files that no commit names; the lock must be held."""
        handle = self._handle
        table = handle.contents()
        _clean(handle.storage, table.generation, table.segments)
        folder = handle.folder
        if folder is not None:
            # Stock Whoosh's.
            shutil.rmtree(Path(folder, f"{INDEX}.tmp"), ignore_errors=True)


def _clean(storage: Any, generation: int, segments: Iterable[Segment]) -> None:
    """Remove the files of earlier commits, and of segments that a commit does not name."""
    kept = {segment.name for segment in segments}
    for name in storage.list():
        of_segment = _SEGMENT_FILE.match(name)
        number = whoosh_table(name)
        if (of_segment and of_segment[1] not in kept) or number not in {None, generation}:
            # Where files cannot be removed while they are read, a later commit does it.
            with suppress(OSError):
                storage.delete_file(name)
