"""Readers beside a writer: every answer is that of the old state or the new, never an error.

Two ways. A reader looks in between two operations of a process that writes, which waits for it.
And the other way round: a whole commit of another process falls in between two files that a
reader opens.
"""

from __future__ import annotations

import fcntl
import random
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pytest

from fuzzing import FACTOR
from index_states import WORKS, State, Trial
from rights_search import Archive, engines
from rights_search.verification import verify
from tracing import Decide, Operation, needed, operations, run

_LOOKS, _COMMITS = 3, 1
"""Moments at which a quick run looks, or commits; `make torture` does so at every one."""

_ALL = [work for work in WORKS if work != "build"]
_WRITING = _ALL if FACTOR > 1 else ["sync", "rebuild with the other engine", "convert"]

cases = [(work, engine) for work in _WRITING for engine in engines.names()]


def some(count: int, few: int, seed: str) -> Iterable[int]:
    """Return the numbers of the operations to look at: all of them, or a few."""
    return range(count) if FACTOR > 1 else random.Random(seed).sample(range(count), few)


def answer(archive: Archive) -> tuple[str, frozenset[str]]:
    """Return what an archive finds, by a search with all that it counts and shows."""
    found = archive.search("", copies="all", limit=100, facets=("year", "theme"))
    assert found.facets is not None
    ids = frozenset(hit.post.id for hit in found)
    assert len(ids) == found.total == sum(found.facets["year"].values())
    assert {post.id for post in archive.posts("", copies="all")} == ids
    return archive.engine, ids


@needed
@pytest.mark.parametrize(("work", "engine"), cases)
def test_a_reader_looks_while_a_process_writes(tmp_path: Path, work: str, engine: str) -> None:
    """Whoever opened the index before, and whoever opens it then, sees one state or the other.

    What was seen once in the new state is never seen in the old one again.
    """
    trial = Trial(tmp_path, WORKS[work], engine)
    trial.reset()
    moments = set(some(len(operations(trial.run, trial.place.index)), _LOOKS, work))
    trial.reset()
    seen: list[tuple[State, State]] = []
    wrong: list[object] = []

    def decide(at: int, operation: Operation) -> None:
        if at not in moments:
            return
        try:
            with Archive.open(trial.place.index) as fresh:
                seen.append((answer(fresh), answer(before)))
            wrong.extend(item for item in verify(trial.place.index) if item.level == "damaged")
        except Exception as error:  # noqa: BLE001 - told when the process has ended
            wrong.append((at, operation, error))

    with Archive.open(trial.place.index) as before:
        assert run(trial.run, trial.place.index, decide) == 0
        assert answer(before) == trial.new
    assert not wrong, wrong
    assert seen
    for states in zip(*seen, strict=True):
        is_new = [found == trial.new for found in states]
        assert {*states} <= {trial.old, trial.new}
        assert is_new == sorted(is_new)


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
            code = run(reading, trial.place.index, committing(trial, moment), reads=True)
            assert code == 0, moment


def committing(trial: Trial, moment: int) -> Decide:
    """Do the work of a trial at an operation of a reader, or behind it."""
    is_done = False

    def decide(at: int, operation: Operation) -> None:
        nonlocal is_done
        # Tantivy's readers hold a lock for the moment in which they open the files of a
        # commit, so that nobody removes these: a writer would wait for it. A thread of them
        # looks at the table by itself, while the others go on.
        is_possible = Path(operation.path).name != "meta.json" and not is_held(lock)
        if at >= moment and not is_done and is_possible:
            is_done = True
            trial.run()

    lock = trial.place.index / "MAIN.tantivy/.tantivy-meta.lock"
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
        assert answer(archive) in {trial.old, trial.new}
        archive.stats()


def _verifies(trial: Trial) -> None:
    wrong = [item for item in verify(trial.place.index) if item.level == "damaged"]
    assert not wrong, wrong


READERS: dict[str, Callable[[Trial], None]] = {"search": _opens, "check --index": _verifies}
