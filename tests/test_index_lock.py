"""One writer at a time, whichever engine: who waits gets the index in the end, or one line."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

import pytest

from index_states import OTHER, WORKS, Place, Trial, litter, state
from rights_search import Archive, engines
from rights_search.errors import IndexBusyError
from rights_search.index_files import LOCK
from rights_search.indexing import index_lock, updating
from rights_search.indexing.index_lock import alone
from tracing import Operation, needed, run


class Clock:
    """Stands in for the module `time`: it goes on while somebody sleeps, and only then.

    Args:
        at: number of a sleep, from 1 → what happens during it.
    """

    time_ns = staticmethod(time.time_ns)
    perf_counter = staticmethod(time.perf_counter)

    def __init__(self, at: dict[int, Callable[[], object]] | None = None) -> None:
        self.now = 1000.0
        self.sleeps = 0
        self._at = at or {}

    def monotonic(self) -> float:
        """Return the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time go by."""
        self.now += seconds
        self.sleeps += 1
        self._at.get(self.sleeps, lambda: None)()


@pytest.fixture(params=engines.names())
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Return an index of three posts, beside a corpus that has changed since."""
    place = Place(tmp_path / "index", tmp_path / "corpus", request.param)
    place.corpus.mkdir()
    WORKS["sync"].prepare(place)
    return place


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[Clock], None]:
    """Return what puts a clock in the place of the system's."""

    def put(clock: Clock) -> None:
        for module in (updating, index_lock):
            monkeypatch.setattr(module, "time", clock)

    return put


def hold_folder(place: Place, held: ExitStack) -> None:
    """Hold the lock of the folder, as another process would that changes the index."""
    held.enter_context(alone(place.index))


def hold_engine(place: Place, held: ExitStack) -> None:
    """Hold the lock of the engine alone, as another program would."""
    engine = engines.load(place.engine)
    writer = engine.writer(engine.open(place.index))
    held.callback(writer.cancel)


HOLDERS = {"folder": hold_folder, "engine": hold_engine}


@pytest.mark.parametrize("holder", HOLDERS)
def test_who_waits_gets_the_index(
    place: Place, set_clock: Callable[[Clock], None], holder: str
) -> None:
    """Another process lets go of it while a sync waits, which then does its work."""
    with ExitStack() as held, Archive.open(place.index) as waiting:
        HOLDERS[holder](place, held)
        clock = Clock({3: held.close})
        set_clock(clock)
        assert waiting.sync(place.corpus, lock_timeout=60).added == 2
    assert clock.sleeps == 3


@pytest.mark.parametrize("holder", HOLDERS)
def test_who_waits_in_vain_is_told_in_one_line(
    place: Place, set_clock: Callable[[Clock], None], holder: str
) -> None:
    """It waits as long as it was told to; without a word about waiting it does not."""
    before = state(place.index)
    with ExitStack() as held, Archive.open(place.index) as waiting:
        HOLDERS[holder](place, held)
        for seconds in (0, 30):
            clock = Clock()
            set_clock(clock)
            with pytest.raises(IndexBusyError, match="another process is writing to this index"):
                waiting.sync(place.corpus, lock_timeout=seconds)
            assert clock.now - 1000 == pytest.approx(seconds, abs=index_lock.PAUSE_S)
    assert state(place.index) == before


def test_a_conversion_ends_while_a_sync_waits(
    place: Place, set_clock: Callable[[Clock], None]
) -> None:
    """The sync goes on with the engine that the index has then."""
    other = OTHER[place.engine]
    with ExitStack() as held, Archive.open(place.index) as waiting:
        hold_folder(place, held)

        def convert() -> None:
            held.close()
            with Archive.open(place.index) as converting:
                converting.convert(other).close()

        set_clock(Clock({2: convert}))
        assert waiting.sync(place.corpus, lock_timeout=60).added == 2
        assert waiting.engine == other
        ids = frozenset(hit.post.id for hit in waiting.search("", copies="all"))
    assert state(place.index) == (other, ids)
    assert not litter(place.index)


def test_an_open_archive_follows_a_conversion(place: Place) -> None:
    """Searches and syncs of an archive that was opened before go on with the new engine."""
    with Archive.open(place.index) as earlier:
        before = {hit.post.id for hit in earlier.search("", copies="all")}
        with Archive.open(place.index) as converting:
            converting.convert(OTHER[place.engine]).close()
        assert {hit.post.id for hit in earlier.search("", copies="all")} == before
        assert earlier.stats().engine == OTHER[place.engine]
        assert earlier.sync(place.corpus).added == 2


def locking(_: int, operation: Operation) -> bool:
    """Tell whether a process is about to lock the folder, all of its plans being made."""
    return operation.kind == "create" and operation.path == LOCK


BEFORE_THE_LOCK: dict[str, tuple[str, Callable[[Place], object]]] = {
    "a sync, behind a conversion": ("sync", WORKS["convert"].run),
    "a sync, behind a rebuild": ("sync", WORKS["rebuild with the other engine"].run),
    "a rebuild, behind a conversion": ("rebuild", WORKS["convert"].run),
    "a rebuild with the other engine, behind a sync": (
        "rebuild with the other engine",
        WORKS["sync"].run,
    ),
    "a conversion, behind a sync": ("convert", WORKS["sync"].run),
}
"""What a process does that has made its plans, and what another one does before it has the lock."""


@needed
@pytest.mark.parametrize("engine", engines.names())
@pytest.mark.parametrize("case", BEFORE_THE_LOCK)
def test_what_happens_between_plan_and_lock(tmp_path: Path, case: str, engine: str) -> None:
    """The later one does its work on what is there then, or says that it was overtaken."""
    work, first = BEFORE_THE_LOCK[case]
    trial = Trial(tmp_path, WORKS["sync"], engine)
    trial.reset()
    done: list[Operation] = []

    def decide(at: int, operation: Operation) -> Callable[[], object] | None:
        if done or not locking(at, operation):
            return None
        done.append(operation)
        # Beside it, so that a thread of Tantivy that holds a lock there can go on.
        return partial(first, trial.place)

    code = run(lambda: _until_refused(trial.place, work), trial.place.index, decide)
    assert done
    assert code == 0
    assert trial.old is not None
    assert trial.new is not None
    assert ids_of(trial.place) in {trial.old[1], trial.new[1]}
    assert not litter(trial.place.index)
    with Archive.open(trial.place.index) as again:
        again.sync(trial.place.corpus)
    assert ids_of(trial.place) == trial.new[1]


def ids_of(place: Place) -> frozenset[str]:
    """Return the posts of an index, all of which was verified."""
    found = state(place.index)
    assert found is not None
    return found[1]


def _until_refused(place: Place, work: str) -> None:
    with suppress(IndexBusyError):
        WORKS[work].run(place)
