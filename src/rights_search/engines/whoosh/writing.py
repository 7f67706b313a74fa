"""One transaction on a Whoosh index.

Posts go into parts, each of which becomes a segment of its own; several processes may
make parts at once. The transaction itself only deletes, merges and commits.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index

from rights_search.engines.whoosh.codec import Segment
from rights_search.engines.whoosh.handle import Handle
from rights_search.engines.whoosh.inverter import InvertingWriter
from rights_search.engines.whoosh.schema import document, make_schema, source_key
from rights_search.post import Post

MAX_POSTINGS = 2_000_000
"""A part holds about so many, which take some 200 MB of memory; then another begins."""


class WhooshPart:
    """Posts that will be one segment, see `rights_search.engines.protocol.Part`."""

    def __init__(self, handle: Handle) -> None:
        # The transaction that it is a part of holds the lock.
        self._writer = InvertingWriter(handle, _lk=False)
        # A rebuild drops the earlier schema; otherwise they are the same.
        self._writer.schema = make_schema()

    def add(self, post: Post) -> None:
        """Add a post."""
        new = document(post)
        self._writer.add_terms(new.terms, new.columns, new.stored)

    @property
    def is_full(self) -> bool:
        """Tell whether no more posts should be added."""
        return self._writer.pool.size >= MAX_POSTINGS

    def finish(self) -> str:
        """Write the segment; return its description."""
        segment = self._writer._finalize_segment()  # noqa: SLF001 - as Whoosh's own processes do
        self._writer.is_closed = True
        lengths = segment._fieldlengths  # noqa: SLF001
        return json.dumps([segment.segid, segment.doc_count_all(), lengths])

    def cancel(self) -> None:
        """Close the files; the transaction's `cancel` removes them."""
        if not self._writer.is_closed:
            self._writer._close_segment()  # noqa: SLF001
            self._writer.is_closed = True


class WhooshWriter:
    """See `rights_search.engines.protocol.Writer`."""

    def __init__(self, handle: Handle, *, clear: bool) -> None:
        self._handle = handle
        self._clear = clear
        self._writer = InvertingWriter(handle)
        if clear:
            # All earlier documents go, and with them the earlier schema.
            self._writer.schema = make_schema()
        self._part: WhooshPart | None = None
        self._segments: list[Any] = []

    @property
    def generation(self) -> int:
        """Return the number that the commit will have."""
        return int(self._writer.generation)

    def add(self, post: Post) -> None:
        """Add a post."""
        if self._part is None:
            self._part = WhooshPart(self._handle)
        self._part.add(post)
        if self._part.is_full:
            self._finish_part()

    def join(self, part: str) -> None:
        """Take in a part that another process has finished."""
        segid, count, lengths = json.loads(part)
        segment = Segment(self._handle.indexname, count, segid=segid)
        segment._fieldlengths = lengths  # noqa: SLF001
        segment.compound = True
        self._segments.append(segment)

    def delete_source(self, path: str) -> None:
        """Remove the committed posts of a source file."""
        self._writer.delete_by_term("path", source_key(path))

    def commit(self, *, optimize: bool = False) -> None:
        """Make all changes visible at once; merge all segments into one to ``optimize``."""
        self._finish_part()
        before = [] if self._clear else self._writer.segments
        # Small ones are merged by Whoosh's own rule, which keeps their number small.
        self._writer.segments = [*before, *self._segments]
        self._writer.commit(optimize=optimize)

    def cancel(self) -> None:
        """Forget all changes and remove what was written of them."""
        writer = self._writer
        if writer.is_closed:
            return
        # Kept until the clean-up is done: Whoosh would let go of it first, and what
        # another process then commits would be swept away.
        lock, writer.writelock = writer.writelock, None
        try:
            # Whoosh completes its files before it forgets them, which fails again on a disk
            # that is full, and on files that a failure has closed.
            with suppress(OSError, ValueError):
                if self._part is not None:
                    self._part.cancel()
            try:
                writer.cancel()
            except (OSError, ValueError):
                with suppress(OSError):
                    writer._finish()  # noqa: SLF001
            self._sweep()
        finally:
            if lock is not None:
                lock.release()

    def _finish_part(self) -> None:
        if self._part is not None:
            self.join(self._part.finish())
            self._part = None

    def _sweep(self) -> None:
        """Remove the files that no commit names; the lock must be held."""
        handle = self._handle
        table = handle.contents()
        whoosh_index.clean_files(handle.storage, handle.indexname, table.generation, table.segments)
        folder = getattr(handle.storage, "folder", None)
        if folder is not None:
            shutil.rmtree(Path(folder, f"{handle.indexname}.tmp"), ignore_errors=True)
