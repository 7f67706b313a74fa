"""One transaction on a Whoosh index."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index
from whoosh import writing

from rights_search.engines.whoosh.inverter import InvertingWriter
from rights_search.engines.whoosh.schema import document, make_schema, source_key
from rights_search.post import Post


class WhooshWriter:
    """See `rights_search.engines.protocol.Writer`."""

    def __init__(self, handle: Any, *, clear: bool) -> None:
        self._handle = handle
        self._clear = clear
        self._writer = InvertingWriter(handle)
        if clear:
            # All earlier documents go, and with them the earlier schema.
            self._writer.schema = make_schema()

    @property
    def generation(self) -> int:
        """Return the number that the commit will have."""
        return int(self._writer.generation)

    def add(self, post: Post) -> None:
        """Add a post."""
        new = document(post)
        self._writer.add_terms(new.terms, new.columns, new.stored)

    def delete_source(self, path: str) -> None:
        """Remove the committed posts of a source file."""
        self._writer.delete_by_term("path", source_key(path))

    def commit(self) -> None:
        """Make all changes visible at once."""
        if self._clear:
            self._writer.commit(mergetype=writing.CLEAR)
        else:
            self._writer.commit()

    def cancel(self) -> None:
        """Forget all changes and remove what was written of them."""
        writer = self._writer
        if writer.is_closed:
            return
        # Kept until the clean-up is done: Whoosh would let go of it first, and what
        # another process then commits would be swept away.
        lock, writer.writelock = writer.writelock, None
        try:
            try:
                writer.cancel()
            except OSError:
                # Whoosh completes its files before it forgets them, which fails
                # again on a disk that is full.
                writer._finish()  # noqa: SLF001
            self._sweep()
        finally:
            if lock is not None:
                lock.release()

    def _sweep(self) -> None:
        """Remove the files that no commit names; the lock must be held."""
        handle = self._handle
        info = handle._read_toc()  # noqa: SLF001 - what Whoosh's own clean-up starts from
        whoosh_index.clean_files(handle.storage, handle.indexname, info.generation, info.segments)
        folder = getattr(handle.storage, "folder", None)
        if folder is not None:
            shutil.rmtree(Path(folder, f"{handle.indexname}.tmp"), ignore_errors=True)
