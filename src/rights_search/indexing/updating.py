"""How an index comes to its next commit: by a sync with its corpus, or from another engine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rights_search.errors import IndexBusyError, IndexUnavailableError, RightsSearchError
from rights_search.index_files import SCRATCH, is_on_network
from rights_search.indexing import manifest, sync, sync_plan, tidying
from rights_search.indexing.index_lock import PAUSE_S
from rights_search.indexing.making import prepared, successor
from rights_search.indexing.manifest import FileEntry, Manifest
from rights_search.indexing.sync_results import FileReport, Progress, SyncSummary
from rights_search.ingest.settings_file import vocabulary_above
from rights_search.links.linker import Linker
from rights_search.open_index import OpenIndex, no_write, overtaken
from rights_search.post import Post
from rights_search.values import dataclass, replace
from rights_search.vocabulary.vocabulary import Vocabulary, built_in, using
from rights_search.vocabulary.vocabulary import current as current_vocabulary

if TYPE_CHECKING:
    from rights_search.engines.protocol import Writer
    from rights_search.indexing.conversion import Conversion
    from rights_search.indexing.file_reading import Reading, Task
    from rights_search.indexing.sync import ReadAll
    from rights_search.indexing.sync_plan import Plan
    from rights_search.indexing.workers import Calls


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a sync: see `rights_search.Archive.sync`.

    Args:
        rebuild: True to keep nothing of what there is.
        engine: what a rebuilt index is to have; None for that which it has.
        vocabulary: what to tag with; None for that of the corpus or of the index.
        processes: how many read; None for as many as pay.
        progress: called while files are read.
        report: called for each file when all is done.
        follow_links: True to read what links lead to outside of the corpus.
        lock_timeout: seconds to wait for another process that is writing.
    """

    rebuild: bool = False
    engine: str | None = None
    vocabulary: Vocabulary | None = None
    processes: int | None = None
    progress: Callable[[Progress], None] | None = None
    report: Callable[[FileReport], None] | None = None
    follow_links: bool = False
    lock_timeout: float = 0


# --- with the corpus -----------------------------------------------------------


def synced(index: OpenIndex, corpus: Path, wish: Wish) -> SyncSummary:
    """Bring an index to the state of its corpus, in one commit.

    Raises:
        RightsSearchError: if the corpus does not exist, or is not that of this index.
        IndexBusyError: if another process is writing, all the time that was waited.
        IndexUnavailableError: if the index cannot be written.
    """
    began = time.perf_counter()
    root = _existing(corpus)
    held = _vocabulary_if_readable(index) if wish.rebuild else index.vocabulary()
    with using(wish.vocabulary or vocabulary_above(root) or held):
        until = time.monotonic() + wish.lock_timeout
        refused: dict[str, str] = {}
        while True:
            try:
                summary = _sync(index, root, wish, until, refused)
                # Looking for what changed, and the commit, are part of what it took.
                return replace(summary, elapsed_s=time.perf_counter() - began)
            except sync.SameIdError as error:
                # All that is left is read again: a part that is written is not taken apart.
                if error.files.keys() <= refused.keys():
                    reason = f"{error}; make it anew with: index --rebuild"
                    raise IndexUnavailableError(str(index.folder), reason) from error
                refused |= error.files
            except IndexBusyError:
                # Also when another process has committed what this one had planned.
                if time.monotonic() >= until:
                    raise
                time.sleep(PAUSE_S)


def _sync(
    index: OpenIndex, root: Path, wish: Wish, until: float, refused: Mapping[str, str]
) -> SyncSummary:
    began = time.time_ns()
    current = _manifest_if_readable(index) if wish.rebuild else index.manifest()
    known = {} if wish.rebuild else current.files
    is_elsewhere = not wish.rebuild and _is_elsewhere(index, current, root)
    synced_ns = manifest.to_ns(current.updated)
    work = sync_plan.plan(root, known, synced_ns, follow_links=wish.follow_links)
    if is_elsewhere and not _has_moved_here(current, work):
        raise _of_another_corpus(index, current, root)
    tagged_with = current_vocabulary().fingerprint
    if work.is_empty and not (wish.rebuild or is_elsewhere) and tagged_with == current.vocabulary:
        return _idle(index, known, work, wish)
    if not wish.rebuild:
        _check_emptied(current, work, root)
    current = replace(current, corpus=str(root), vocabulary=tagged_with)
    with (
        index.alone(until),
        closing(Linker(index.read)) as linker,
        _workers(index, work, wish.processes) as read_all,
    ):
        if wish.rebuild:
            _choose_engine(index, wish.engine)
        else:
            index.check_engine()
        writer = index.writer(clear=wish.rebuild)
        job = sync.Sync(known, writer, linker, wish.progress, read_all, refused)
        summary = _commit(index, job, work, current, began, rebuild=wish.rebuild)
        tidying.settle(index)
    _tell(job, wish.report)
    return summary


def _idle(index: OpenIndex, known: Mapping[str, FileEntry], work: Plan, wish: Wish) -> SyncSummary:
    """Return the summary of a sync that has nothing to write."""
    job = sync.Sync(known, _NoWriter(), Linker(index.read))
    summary = job.run(work)
    tidying.tidy(index)
    tidying.check_books(index)
    _tell(job, wish.report)
    return summary


def _existing(corpus: Path) -> Path:
    try:
        return corpus.resolve(strict=True)
    except FileNotFoundError:
        raise RightsSearchError(f"{corpus}: there is no such file or folder") from None
    except (OSError, RuntimeError) as error:
        raise RightsSearchError(f"{corpus}: cannot be read: {error}") from error


def _manifest_if_readable(index: OpenIndex) -> Manifest:
    """Return the manifest, or a new one: a rebuild must work on any index."""
    try:
        return index.manifest()
    except IndexUnavailableError:
        return index.new_manifest()


def _vocabulary_if_readable(index: OpenIndex) -> Vocabulary:
    try:
        return index.vocabulary()
    except IndexUnavailableError:
        return built_in()


def _is_elsewhere(index: OpenIndex, current: Manifest, root: Path) -> bool:
    """Tell whether the posts of an index are those of another corpus, which is gone.

    Raises:
        IndexUnavailableError: if that corpus is still there.
    """
    if current.corpus in ("", str(root)) or not current.post_count:
        return False
    if not _is_gone(current.corpus):
        raise _of_another_corpus(index, current, root)
    return True


def _is_gone(corpus: str) -> bool:
    """Tell whether a corpus is no longer where it was; one that may not be looked at is."""
    if is_on_network(corpus):
        return False
    try:
        return not Path(corpus).exists()
    except OSError:
        return False


def _has_moved_here(current: Manifest, work: Plan) -> bool:
    """Tell whether a corpus that is gone was moved: half of its files are here, unchanged."""
    # What lies in a folder that cannot be read is kept unseen.
    is_unseen = any(problem.source == "." for problem in work.problems)
    return not is_unseen and 2 * len(work.kept) >= len(current.files)


def _check_emptied(current: Manifest, work: Plan, root: Path) -> None:
    """Refuse to drop all posts of an index because a disk is not mounted, say."""
    if current.post_count and not work.read and not work.kept:
        reason = (
            f"holds no file, but the index holds {current.post_count} posts of it; "
            "if that is meant, use --rebuild"
        )
        raise RightsSearchError(f"{root}: {reason}")


def _of_another_corpus(index: OpenIndex, current: Manifest, root: Path) -> IndexUnavailableError:
    reason = (
        f"this index was built from {current.corpus}; use another --index for "
        f"{root}, or --rebuild to replace its posts"
    )
    return IndexUnavailableError(str(index.folder), reason)


def _choose_engine(index: OpenIndex, wanted: str | None) -> None:
    """Let the next commit of the folder, which must be locked, be that of a rebuild."""
    index.follow()
    if index.folder is not None and wanted not in {None, index.engine}:
        newest = index.handle.latest_generation()
        index.take(wanted, successor(index.folder, wanted, newest))


@contextmanager
def _workers(index: OpenIndex, work: Plan, processes: int | None) -> Iterator[ReadAll | None]:
    """Yield what reads files in other processes, None where this one will do."""
    import tempfile  # noqa: PLC0415 - not where nothing is to be read

    from rights_search.indexing import worker, workers  # noqa: PLC0415

    count = workers.how_many(sum(listed.size for listed in work.read), processes)
    if index.folder is None or count == 1:
        yield None
        return
    folder = index.folder.resolve()
    with ExitStack() as held:

        def read_all(tasks: Sequence[Task], calls: Calls) -> tuple[Reading, ...]:
            # Made under the lock, in the index: what is left of it, should this process
            # be killed, is the next one's to remove.
            scratch = held.enter_context(tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder))
            words = current_vocabulary().origin
            start = worker.Start(index.engine, folder, Path(scratch), words)
            return workers.read(tasks, start, count, calls)

        yield read_all


def _tell(job: Any, report: Callable[[FileReport], None] | None) -> None:
    """Report each file of a sync that is done."""
    if report is not None:
        for item in job.reports():
            report(item)


class _NoWriter:
    """Stands in where nothing is to be written; being asked to write is a bug."""

    generation = -1

    def add(self, *posts: Post) -> None:
        raise AssertionError(f"an idle sync must not add {posts[0].id}")

    def join(self, part: str) -> None:
        raise AssertionError(f"an idle sync must not join {part}")

    def restart(self) -> None:
        raise AssertionError("an idle sync has nothing to begin again")

    def delete_source(self, path: str) -> None:
        raise AssertionError(f"an idle sync must not delete {path}")

    def commit(self) -> None:
        raise AssertionError("an idle sync must not commit")

    def cancel(self) -> None:
        """Do nothing: there is nothing to forget."""


# --- from another engine ---------------------------------------------------------


def converted(
    index: OpenIndex, engine: str, folder: Path | None, progress: Callable[[Progress], None] | None
) -> OpenIndex:
    """Return an index of another engine that holds the same posts.

    Args:
        index: where they are.
        engine: that of the new index.
        folder: one without an index; None to take the place of the old one.
        progress: called now and then.

    Raises:
        IndexUnavailableError: if there is an index in ``folder``, another process is
            writing, or the disk is full.
    """
    from rights_search.indexing.conversion import Conversion  # noqa: PLC0415 - not for a sync

    try:
        with (
            nullcontext() if folder is None else prepared(folder, overwrite=False),
            index.alone(),
            using(index.vocabulary()),
        ):
            index.check_engine()
            current = index.manifest()
            known = index.links.state(current.generation), index.linked().links
            stock = Conversion(index.snapshot(), current, known, progress)
            # Nothing may be added to this index behind the back of the new one, not
            # by a program either that knows the engine's lock alone.
            held = index.writer(clear=False)
            return _filled(engine, index.folder if folder is None else folder, stock, held)
    except OSError as error:
        raise no_write(index.folder, error) from error


def _filled(engine: str, folder: Path | None, stock: Conversion, held: Writer) -> OpenIndex:
    """Return an index of another engine that holds what ``stock`` brings.

    Args:
        engine: its engine.
        folder: where it is to be.
        stock: what it is to hold.
        held: a writer of the old one, which keeps others away until the new one is there.
    """
    current = stock.manifest
    with tidying.cancelled(held):
        if held.generation != current.generation + 1:
            raise overtaken(folder)
        index = OpenIndex(folder, engine, successor(folder, engine, current.generation))
        job = stock.into(index.writer(clear=False))
        _commit(index, job, None, current, manifest.to_ns(current.updated), rebuild=True)
    tidying.settle(index)
    return index


# --- committing ------------------------------------------------------------------


def _commit(  # noqa: PLR0913 - what a commit is made of
    index: OpenIndex, job: Any, work: Any, current: Manifest, began: int, *, rebuild: bool
) -> SyncSummary:
    """Run a sync's work and commit it, or leave the index as it was."""
    writer = job.writer
    try:
        if not rebuild and writer.generation != current.generation + 1:
            # What was planned rests on an older state than the lock now guards.
            raise overtaken(index.folder)  # noqa: TRY301
        if index.folder is not None:
            tidying.forget_dead(index.folder, writer.generation)
        before = None if rebuild else index.links.state(current.generation)
        summary: SyncSummary = job.run(work)
        entry = replace(
            current,
            engine=index.engine,
            generation=writer.generation,
            updated=manifest.from_ns(began),
            files=job.entries,
        )
        index.links.put(writer.generation, *job.links(before))
        index.vocabularies.put(writer.generation, current_vocabulary())
        index.put_manifest(entry)
        writer.commit()
    except OSError as error:
        tidying.forget(index, writer)
        raise no_write(index.folder, error) from error
    except BaseException:
        tidying.forget(index, writer)
        raise
    tidying.clean(index)
    return summary
