"""An index folder as this process sees it: always its newest commit, whoever made that."""

from __future__ import annotations

from _thread import RLock
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from rights_search import engines
from rights_search.engines.protocol import Handle, Snapshot, Writer
from rights_search.errors import IndexBusyError, IndexUnavailableError
from rights_search.indexing import manifest
from rights_search.indexing.manifest import Manifest
from rights_search.indexing.vocabulary_store import VocabularyStore
from rights_search.links.store import LinkStore
from rights_search.post import Post
from rights_search.search.linked import LinkedSnapshot
from rights_search.vocabulary.vocabulary import Vocabulary

_T = TypeVar("_T")


class OpenIndex:
    """What belongs to a commit, read when it is asked for: posts, links, manifest, vocabulary.

    Another process may commit at any moment, and convert the index to another engine: what
    is given is that of the newest commit, and never of two.

    Args:
        folder: None for an index in memory.
        engine: name of its engine.
        handle: what the engine gave for the folder.
    """

    def __init__(self, folder: Path | None, engine: str, handle: Handle) -> None:
        self.folder = folder
        self.engine = engine
        self.handle = handle
        self.links = LinkStore(folder)
        self.vocabularies = VocabularyStore(folder)
        # Whoosh's readers share file positions, and a new commit closes the old
        # snapshot: threads take turns.
        self.lock = RLock()
        self._engine = engines.load(engine)
        self._snapshot: Snapshot | None = None
        self._linked: LinkedSnapshot | None = None
        self._memory_manifest: Manifest | None = None

    # --- the newest commit -------------------------------------------------------

    def newest(self) -> int:
        """Return the number of the newest commit, of whichever engine the folder has now."""
        try:
            generation = self.handle.latest_generation()
        except IndexUnavailableError:
            if not self.follow():
                raise
            return self.newest()
        return self.newest() if generation < 0 and self.follow() else generation

    def steady(self, read: Callable[[int], _T]) -> _T:
        """Return what is read of the newest commit.

        Another process that commits meanwhile removes the files of before: then it is read
        anew of what is newest now.
        """
        while True:
            generation = self.newest()
            try:
                return read(generation)
            except IndexUnavailableError:
                if self.newest() == generation:
                    raise

    def follow(self) -> bool:
        """Take up the index of another engine, if it has taken the place of this one's."""
        if self.folder is None:
            return False
        engine = manifest.engine_of(self.folder)
        if engine == self.engine:
            return False
        self.take(engine, engines.load(engine).open(self.folder))
        return True

    def take(self, engine: str, handle: Handle) -> None:
        """Be the index of another engine from now on."""
        with self.lock:
            self.close()
            self.engine, self._engine, self.handle = engine, engines.load(engine), handle

    # --- what belongs to it ------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """Return a snapshot of the newest commit, the same one while nothing changes."""
        newest = self.newest()
        if self._snapshot is None or self._snapshot.generation != newest:
            self.close()
            self._snapshot = self.steady(lambda _: self._engine.snapshot(self.handle))
        return self._snapshot

    def linked(self) -> LinkedSnapshot:
        """Return the newest commit's snapshot with its links; its vocabulary is read, too."""
        return self.steady(lambda _: self._linked_of(self.snapshot()))

    def linked_with_manifest(self) -> tuple[LinkedSnapshot, Manifest]:
        """Return both, of one commit."""
        return self.steady(lambda _: self._linked_and_told())

    def _linked_of(self, snapshot: Snapshot) -> LinkedSnapshot:
        if self._linked is None or self._linked.snapshot is not snapshot:
            links = self.links.links(snapshot.generation)
            self._vocabulary_of(snapshot.generation)
            self._linked = LinkedSnapshot(snapshot, links, str(self.folder))
        return self._linked

    def _linked_and_told(self) -> tuple[LinkedSnapshot, Manifest]:
        linked = self.linked()
        return linked, self.manifest_of(linked.snapshot.generation)

    def read(self, post_id: str) -> Post:
        """Return a post of the newest commit."""
        with self.lock:
            snapshot = self.snapshot()
            return snapshot.post(snapshot.documents((post_id,))[post_id])

    def manifest(self) -> Manifest:
        """Return what the index was built from."""
        return self.steady(self.manifest_of)

    def manifest_of(self, generation: int) -> Manifest:
        """Return the manifest of a commit."""
        if self.folder is None:
            assert self._memory_manifest is not None, "who makes an index sets it"  # noqa: S101
            return self._memory_manifest
        return manifest.read(self.folder, generation)

    def new_manifest(self) -> Manifest:
        """Return the manifest of an index without posts."""
        now = manifest.now()
        return Manifest(self.engine, self.handle.latest_generation(), "", now, now)

    def put_manifest(self, current: Manifest) -> None:
        """Write the manifest of a commit that is still to come."""
        if self.folder is None:
            self._memory_manifest = current
        else:
            manifest.write(self.folder, current)

    def vocabulary(self) -> Vocabulary:
        """Return the themes and groups of people that posts are tagged with."""
        return self.steady(self._vocabulary_of)

    def _vocabulary_of(self, generation: int) -> Vocabulary:
        """Return the vocabulary of a commit that is still the newest.

        Most commits have no file of it: that there is none says nothing once it may have
        been removed.
        """
        found = self.vocabularies.of(generation)
        if self.newest() != generation:
            raise overtaken(self.folder)
        return found

    def check_vocabulary(self) -> None:
        """Check that the vocabulary is the one that the posts were tagged with.

        Raises:
            IndexUnavailableError: if it is not.
        """
        told, held = self.steady(lambda at: (self._told_vocabulary(at), self._vocabulary_of(at)))
        if told != held.fingerprint:
            reason = "its vocabulary is not the one that its posts were tagged with; use --rebuild"
            raise IndexUnavailableError(str(self.folder), reason)

    def _told_vocabulary(self, generation: int) -> str:
        if self.folder is None:
            return self.manifest_of(generation).vocabulary
        return manifest.vocabulary_of(self.folder, generation)

    # --- writing -----------------------------------------------------------------

    @contextmanager
    def alone(self, until: float = 0) -> Iterator[None]:
        """Keep other writers out of the folder.

        Args:
            until: how long to wait for one, as a moment of `time.monotonic`.
        """
        from rights_search.indexing.index_lock import alone  # noqa: PLC0415 - not for reading

        try:
            with alone(self.folder, until):
                yield
        except OSError as error:
            raise no_write(self.folder, error) from error

    def check_engine(self) -> None:
        """Check that the folder, which must be locked, still has this engine.

        Another process may have converted the index before it let go of it.

        Raises:
            IndexBusyError: if it has another one, which is taken up.
        """
        if self.follow():
            raise overtaken(self.folder)

    def writer(self, *, clear: bool) -> Writer:
        """Return a writer of the next commit.

        Args:
            clear: True if nothing is kept of what there is.

        Raises:
            IndexBusyError: if another process is writing.
            IndexUnavailableError: if nothing can be written.
        """
        try:
            return self._engine.writer(self.handle, clear=clear)
        except OSError as error:
            raise no_write(self.folder, error) from error

    # --- letting go --------------------------------------------------------------

    def hand_over(self) -> None:
        """Leave the snapshot to who was given it, to be closed there."""
        self._snapshot = self._linked = None

    def close(self) -> None:
        """Let go of files, until something is asked for."""
        if self._snapshot is not None:
            self._snapshot.close()
            self._snapshot = None


def open_newest(folder: Path) -> OpenIndex:
    """Open the index in a folder, whatever its engine.

    Raises:
        IndexUnavailableError: if there is none, it is damaged or of another version.
        MissingExtraError: if the library of its engine is not installed.
    """
    while True:
        engine = manifest.engine_of(folder)
        try:
            index = OpenIndex(folder, engine, engines.load(engine).open(folder))
            index.check_vocabulary()
        except IndexUnavailableError:
            if manifest.engine_of(folder) == engine:
                raise  # else another process has just converted it
        else:
            return index


def overtaken(folder: Path | None) -> IndexBusyError:
    """Return what to raise where another process was faster."""
    reason = "another process has just changed this index; run the command again"
    return IndexBusyError(str(folder), reason)


def no_write(folder: Path | None, error: OSError) -> IndexUnavailableError:
    """Return what to raise where the disk does not take what is written."""
    reason = f"cannot be written ({error.strerror or error}); what was there before is unchanged"
    return IndexUnavailableError(str(folder), reason)
