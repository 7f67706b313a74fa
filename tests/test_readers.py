"""Readers beside a writer: every answer is that of the old state or the new, never an error.

Two ways. A reader looks in between two operations of a process that writes, which waits for it.
And the other way round: a whole commit of another process falls in between two files that a
reader opens.
"""

from __future__ import annotations

import fcntl
import random
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from fuzzing import FACTOR
from index_states import WORKS, Trial, litter
from rights_search import Archive, engines
from rights_search.index_files import TANTIVY_FOLDER
from rights_search.indexing.verification import verify
from tracing import Beside, Decide, Operation, needed, operations, run

_LOOKS, _COMMITS = 3, 1
"""Moments at which a quick run looks, or commits; `make torture` does so at every one."""

_ALL = [work for work in WORKS if work != "build"]
_WRITING = _ALL if FACTOR > 1 else ["sync", "rebuild with the other engine", "convert"]

cases = [(work, engine) for work in _WRITING for engine in engines.names()]


def some(count: int, few: int, seed: str) -> Iterable[int]:
    """Return the numbers of the operations to look at: all of them, or a few."""
    return range(count) if FACTOR > 1 else random.Random(seed).sample(range(count), few)


def answer(archive: Archive) -> tuple[str, frozenset[str]]:
    """Return what a search finds, with all that it counts and shows."""
    found = archive.search("", copies="all", limit=100, facets=("year", "theme"))
    ids = frozenset(hit.post.id for hit in found)
    assert len(ids) == found.total == sum(found.facets["year"].values())
    return archive.engine, ids


def whole(archive: Archive) -> tuple[str, frozenset[str]]:
    """Return what an archive gives away, post by post."""
    ids = frozenset(post.id for post in archive.posts("", copies="all"))
    return archive.engine, ids


@needed
@pytest.mark.parametrize(("work", "engine"), cases)
def test_a_reader_looks_while_a_process_writes(tmp_path: Path, work: str, engine: str) -> None:
    """Whoever opened the index before, and whoever opens it then, sees one state or the other.

    What was seen once in the new state is never seen in the old one again.
    """
    trial = Trial(tmp_path, WORKS[work], engine)
    trial.reset()
    count = len(operations(trial.run, trial.place.index))
    trial.reset()
    seen = tmp_path / "seen"
    with Archive.open(trial.place.index) as before:
        before_it = answer(before)
        looking = partial(_look, trial, before, seen)
        decide = at_moments(some(count, _LOOKS, work), trial, looking)
        assert run(trial.run, trial.place.index, decide) == 0
        assert (before_it, answer(before)) == (trial.old, trial.new)
    states = seen.read_text().split()
    assert states == sorted(states, reverse=True)


def _look(trial: Trial, before: Archive, seen: Path) -> None:
    """Look through an archive that was open before, and one that is opened now."""
    # The threads of an open index of Tantivy do not live on in a process that was forked.
    is_whole = before.engine != "tantivy"
    assert not is_whole or answer(before) in {trial.old, trial.new}
    with Archive.open(trial.place.index) as fresh:
        found = answer(fresh)
        assert whole(fresh) == found
    assert found in {trial.old, trial.new}
    # Where another engine takes over, the old one answers as long as it is there.
    assert not is_whole or answer(before) in {found, trial.old}
    _verifies(trial)
    with seen.open("a") as file:
        file.write("new\n" if found == trial.new else "old\n")


@needed
@pytest.mark.parametrize(("work", "engine"), cases)
def test_a_process_writes_while_a_reader_opens_files(
    tmp_path: Path, work: str, engine: str
) -> None:
    """A reader that is stopped between any two files finds one state or the other.

    So does one that was open before, and so does ``check --index``.
    """
    trial = Trial(tmp_path, WORKS[work], engine)
    for read in READERS.values():
        reading = partial(read, trial)
        trial.reset()
        count = opened(reading, trial)
        for moment in some(count, _COMMITS, work + engine):
            trial.reset()
            decide = at_moments([moment], trial, trial.run)
            assert run(reading, trial.place.index, decide, reads=True) == 0


def at_moments(moments: Iterable[int], trial: Trial, work: Callable[[], object]) -> Decide:
    """Let a process beside do some work at some operations, or behind them.

    Processes that use Tantivy hold a lock for the moments in which they open or sweep the
    files of a commit: at an operation under it, another one would wait for ever.
    """
    lock = trial.place.index / "MAIN.tantivy" / ".tantivy-meta.lock"
    waiting = sorted(moments)

    def decide(at: int, _: Operation) -> Callable[[], object] | None:
        if not waiting or at < waiting[0] or is_held(lock):
            return None
        del waiting[0]
        return work

    return decide


def is_held(path: Path) -> bool:
    """Tell whether a process holds the lock on a file."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def opened(work: Callable[[], None], trial: Trial) -> int:
    """Return how many files and folders of the index some work opens."""
    seen: list[Operation] = []

    def note(_: int, operation: Operation) -> None:
        seen.append(operation)

    assert run(work, trial.place.index, note, reads=True) == 0
    return len(seen)


def _opens(trial: Trial) -> None:
    with Archive.open(trial.place.index) as archive:
        assert answer(archive) in {trial.old, trial.new}
        assert whole(archive) in {trial.old, trial.new}
        stats = archive.stats()
        assert stats.posts in {len(each[1]) for each in (trial.old, trial.new) if each}


def _verifies(trial: Trial) -> None:
    wrong = [item for item in verify(trial.place.index) if item.level == "damaged"]
    assert not wrong, wrong


READERS: dict[str, Callable[[Trial], None]] = {"search": _opens, "check --index": _verifies}


@needed
def test_a_lock_that_is_made_late_keeps_no_index_from_removal(tmp_path: Path) -> None:
    """Tantivy has a thread look after an index that is opened, and lock it when it comes to that.

    On a busy machine that may be while the folder is emptied; then it could not be removed.
    """
    trial = Trial(tmp_path, WORKS["convert"], "tantivy")
    trial.reset()
    late: list[str] = []

    def decide(_: int, operation: Operation) -> Beside | None:
        if operation.kind != "remove" or TANTIVY_FOLDER not in operation.path:
            return None
        late.append(operation.path)
        return partial(_lock_late, trial.place.index / TANTIVY_FOLDER)

    assert run(trial.run, trial.place.index, decide) == 0
    assert late
    assert litter(trial.place.index) == []


def _lock_late(folder: Path) -> None:
    with suppress(FileNotFoundError):
        (folder / ".tantivy-meta.lock").touch()
