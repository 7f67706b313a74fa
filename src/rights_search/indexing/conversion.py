"""Taking the posts of an index into one of another engine, without reading their sources."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rights_search.engines.protocol import Snapshot, Writer
from rights_search.indexing.manifest import FileEntry, Manifest
from rights_search.indexing.sync_results import Progress, SyncSummary
from rights_search.links.relations import Links
from rights_search.query.nodes import Everything

if TYPE_CHECKING:
    from rights_search.links.state import State

_EACH = 1000
"""Posts between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What an index of another engine is to hold.

    Args:
        snapshot: the posts.
        manifest: the files that they came from.
        known: what is known of their links.
        progress: called now and then.
    """

    snapshot: Snapshot
    manifest: Manifest
    known: tuple[State, Links]
    progress: Callable[[Progress], None] | None = None

    def into(self, writer: Writer) -> Job:
        """Return the work of writing it."""
        return Job(self, writer)


@dataclass(frozen=True, slots=True)
class Job:
    """Stands in for a `rights_search.indexing.sync.Sync`: what it writes comes out of an index."""

    stock: Conversion
    writer: Writer

    @property
    def entries(self) -> Mapping[str, FileEntry]:
        """Return the files, as they were."""
        return self.stock.manifest.files

    def run(self, work: object) -> SyncSummary:  # noqa: ARG002 - there is no plan
        """Copy all posts; the caller commits."""
        began = time.perf_counter()
        snapshot = self.stock.snapshot
        total = snapshot.post_count()
        found = snapshot.search(Everything(), sort="oldest", limit=total, offset=0, facets=())
        for done, (document, _) in enumerate(found.page):
            if done % _EACH == 0:
                self._report(done, total)
            self.writer.add(snapshot.post(document))
        self._report(total, total)
        elapsed_s = time.perf_counter() - began
        return SyncSummary(added=total, files=len(self.entries), elapsed_s=elapsed_s)

    def links(self, before: object) -> tuple[State, Links]:  # noqa: ARG002 - they stay
        """Return what is known of the links of all posts."""
        return self.stock.known

    def _report(self, done: int, total: int) -> None:
        if self.stock.progress is not None:
            self.stock.progress(Progress(done, total, done, total, done, ""))
