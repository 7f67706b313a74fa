"""Killed while several processes read: the file is named, the run goes on, nothing stays behind."""

from __future__ import annotations

import json
import random
import signal
import tempfile
import zipfile
from pathlib import Path

import pytest

from fuzzing import FACTOR
from index_states import WORKS, Trial, in_processes, litter, state
from rights_search import Archive, RightsSearchError, engines
from rights_search.indexing import workers
from rights_search.ingest import read, spool
from tracing import Decide, Fate, Operation, needed, operations, run

_KILLS = 40
"""So many of each kind in `make torture`; a quick run kills once."""

_EARLY = 6
"""Where a quick run kills: every process makes more operations than these."""


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for temporary files, of all processes that are started."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def fate_at(moment: int, fate: Fate, *, is_first: bool) -> Decide:
    """Let that happen at one of the operations of the first process, or of those it starts."""
    seen = 0

    def decide(_: int, operation: Operation) -> Fate | None:
        nonlocal seen
        seen += operation.is_first == is_first
        is_it = operation.is_first == is_first and seen - 1 == moment
        return fate if is_it else None

    return decide


def moments(trial: Trial, engine: str, *, is_first: bool) -> list[int]:
    """Return operations of the first process, or of those it starts, at random."""
    chance = random.Random(engine)
    if FACTOR == 1:
        return [chance.randrange(_EARLY)]
    trial.reset()
    done = operations(lambda: in_processes(trial.place), trial.place.index)
    count = sum(operation.is_first == is_first for operation in done)
    return sorted(chance.choices(range(count), k=_KILLS))


@needed
@pytest.mark.parametrize("engine", engines.names())
def test_the_first_process_is_killed(tmp_path: Path, engine: str, scratch: Path) -> None:
    """The others end by themselves, and the next run finds the old index or the new."""
    trial = Trial(tmp_path, WORKS["sync"], engine)
    for moment in moments(trial, engine, is_first=True):
        trial.reset()
        decide = fate_at(moment, "kill first", is_first=True)
        code = run(lambda: in_processes(trial.place), trial.place.index, decide)
        assert code == -signal.SIGKILL
        trial.check()
        assert not list(scratch.iterdir())


@needed
@pytest.mark.parametrize("engine", engines.names())
def test_a_worker_is_killed(tmp_path: Path, engine: str, scratch: Path) -> None:
    """The run goes on without it: of small files each is done by itself then, and none is named."""
    trial = Trial(tmp_path, WORKS["sync"], engine)
    said = tmp_path / "said.json"
    for moment in moments(trial, engine, is_first=False):
        trial.reset()
        decide = fate_at(moment, "kill this", is_first=False)
        assert run(lambda: _say(trial, said), trial.place.index, decide) == 0
        assert json.loads(said.read_text(encoding="utf-8")) == {}
        assert not litter(trial.place.index)
        assert state(trial.place.index) == trial.new
        trial.repeat()
        assert state(trial.place.index) == trial.new
        assert not list(scratch.iterdir())


def _say(trial: Trial, said: Path) -> None:
    problems = in_processes(trial.place).problems
    reasons = {problem.source: problem.reason for problem in problems}
    said.write_text(json.dumps(reasons), encoding="utf-8")


def test_workers_that_cannot_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no fault of the files: the run ends in one line, and says what it may be."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(9):
        (corpus / f"{number}.md").write_text(f"# Post {number}\n\nAbout prison.\n")
    monkeypatch.setattr(workers, "COMMAND", (workers.COMMAND[0], "-c", "raise SystemExit(3)"))
    archive = Archive.create(tmp_path / "index")
    with pytest.raises(RightsSearchError, match=r"again and again \(exit 3\)"):
        archive.sync(corpus, processes=2)
    assert archive.stats().posts == 0


@needed
def test_what_is_read_has_no_name_in_the_temporary_folder(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while it writes what a member holds, or reads it, a run leaves no file behind."""
    monkeypatch.setattr(spool, "MEMORY_BYTES", 1000)
    path = tmp_path / "press.zip"
    pdf = Path(__file__).parent / "fixtures" / "ingest" / "pdf" / "groff.pdf"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.jsonl", '{"title": "A title", "text": "A text."}\n' * 99)
        archive.write(pdf, "b.pdf")
    work = lambda: list(read(path))  # noqa: E731
    done = operations(work, scratch)
    assert any(operation.kind == "write" for operation in done)
    for number, operation in enumerate(done):
        if operation.kind == "write":
            left: list[Path] = []
            run(work, scratch, _looking(number, scratch, left))
            assert not left
    assert not list(scratch.iterdir())


def _looking(number: int, folder: Path, left: list[Path]) -> Decide:
    """Kill the first process at an operation, and take down what a folder holds then."""

    def decide(at: int, _: Operation) -> Fate | None:
        if at != number:
            return None
        left.extend(folder.iterdir())
        return "kill first"

    return decide
