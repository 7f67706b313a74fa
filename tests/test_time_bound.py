"""One file may take so much time, and no more: it is named, and the rest is read."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from rights_search import Archive
from rights_search.file_lock import locked
from rights_search.indexing import workers
from rights_search.ingest import reading
from rights_search.ingest.readers import READERS
from rights_search.ingest.source import Draft, Source
from rights_search.ingest.time_bound import OverTimeError, within
from rights_search.ingest.witness import beside

SHORT_S = 0.05

_PATIENCE_S = 60


def busy(seconds: float) -> None:
    """Use processor time."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def spinning(*_: Any) -> Iterator[Draft]:
    """Yield a post, then never anything again."""
    yield Draft(title="Before", paragraphs=("A text.",))
    while True:
        pass


def hopeless(*_: Any) -> Iterator[Draft]:
    """Try a pattern that takes as good as forever."""
    re.match("(a+)+$", "a" * 60 + "b")
    yield Draft(title="After", paragraphs=("A text.",))


@pytest.mark.parametrize("work", [spinning, hopeless])
def test_what_takes_too_long_is_interrupted(work: Any) -> None:
    """In Python and within a regular expression."""
    with pytest.raises(OverTimeError):
        list(within(SHORT_S, work()))


def test_many_short_steps_are_one_long_one() -> None:
    """What each record takes is added up."""

    def steps() -> Iterator[int]:
        for number in range(1000):
            busy(SHORT_S / 10)
            yield number

    with pytest.raises(OverTimeError):
        list(within(SHORT_S, steps()))


def test_only_making_counts() -> None:
    """What is done with each record takes no time of the file."""
    for _ in within(SHORT_S, iter(range(4))):
        busy(SHORT_S / 2)


def test_the_timer_is_off_behind_it() -> None:
    """Also where somebody stops in the middle."""
    items = within(100, iter(range(4)))
    assert next(items) == 0
    assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)
    signal.raise_signal(signal.SIGPROF)
    assert list(items) == [1, 2, 3]


def test_another_thread_has_no_bound() -> None:
    """Signals are for the main thread; elsewhere everything comes, however long it takes."""
    found: list[int] = []

    def work() -> None:
        for each in within(0, iter(range(3))):
            busy(0.01)
            found.append(each)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [0, 1, 2]


def test_somebody_elses_signal_is_left_alone() -> None:
    """Where a profiler has the signal, there is no bound."""
    before = signal.signal(signal.SIGPROF, signal.SIG_IGN)
    try:
        assert list(within(0, iter(range(3)))) == [0, 1, 2]
        assert signal.getsignal(signal.SIGPROF) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGPROF, before)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a folder of a file that is read well beside one that is not."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "good.md").write_text("# A title\n\n2014-02-05\n\nA court sat.\n", encoding="utf-8")
    (folder / "slow.jsonl").write_text('{"title": "T", "text": "X"}\n', encoding="utf-8")
    return folder


def test_a_file_over_its_time_is_named(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one process: what stood before stays, the file counts as failed, the others are read."""

    def slow(source: Source) -> Iterator[Draft]:
        del source
        return spinning()

    size = (corpus / "slow.jsonl").stat().st_size
    # The first file of a process pays for what is imported.
    monkeypatch.setattr(reading, "seconds_for", lambda each: 0.5 if each == size else 100)
    monkeypatch.setitem(READERS, "jsonl", slow)
    with Archive.create(tmp_path / "index") as archive:
        summary = archive.sync(corpus, processes=1)
        (problem,) = summary.problems
        assert problem.source == "slow.jsonl"
        assert (
            "more processor time than a file of its size may take, which is 0.5 s" in problem.reason
        )
        assert problem.is_failure
        assert summary.added == archive.search("").total == 2


# What a process that reads does with one file, in place of reading it.
OVER = """
import sys
from rights_search.indexing import worker
worker.MEMORY_BYTES = 2**30
class FileReader(worker.FileReader):
    def read(self, task):
        if task.listed.name == "slow.jsonl":
            # For this file alone: the first one of a process pays for what is imported.
            with worker.end_process_after(0):
                {over}
        super().read(task)
worker.FileReader = FileReader
worker.run()
"""


@pytest.mark.parametrize(
    ("over", "end"),
    [("[None for _ in iter(int, 1)]", "signal"), ("bytearray(2 * 2**30)", "exit 1")],
    ids=["time", "memory"],
)
def test_a_process_over_its_bound_is_stopped(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch, over: str, end: str
) -> None:
    """By the system, whatever it is doing: its file is named, and the run goes on."""
    monkeypatch.setattr(workers, "COMMAND", (sys.executable, "-c", OVER.format(over=over)))
    with Archive.create(tmp_path / "index") as archive:
        summary = archive.sync(corpus, processes=2)
        (problem,) = summary.problems
        assert problem.source == "slow.jsonl"
        assert f"stopped the process that read it ({end}" in problem.reason
        assert summary.added == archive.search("court").total == 1


# A run of one process, in which a reader does something in C.
ALONE = """
import os, sys
from collections import deque
from itertools import repeat
from rights_search.__main__ import main
from rights_search.ingest import witness
from rights_search.ingest.readers import READERS
def read(source):
    yield {over}
READERS["jsonl"] = read
# The first file of a process pays for what is imported.
bounds = {{os.path.getsize(sys.argv[1] + "/slow.jsonl"): {seconds}}}
witness.seconds_for = lambda size: bounds.get(size, 1000)
sys.exit(main(["index", sys.argv[1], "--index", sys.argv[2], "--jobs", "1"]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no witness without fork")
@pytest.mark.parametrize(
    ("over", "seconds", "end"),
    [
        ("deque(repeat(0), maxlen=0)", 0, "SIGXCPU"),
        ("os.kill(os.getpid(), 9)", 1000, "SIGKILL"),
    ],
    ids=["no end", "a crash"],
)
def test_a_run_of_one_process_ends_with_the_name_of_the_file(
    tmp_path: Path, corpus: Path, over: str, seconds: int, end: str
) -> None:
    """In one line; nothing was changed, and the next run needs no help."""
    index = tmp_path / "index"
    command = [
        sys.executable,
        "-c",
        ALONE.format(over=over, seconds=seconds),
        str(corpus),
        str(index),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == -getattr(signal, end)
    (line,) = done.stderr.splitlines()
    assert line.startswith("rights-search: slow.jsonl: the run ended while")
    with Archive.open_or_create(index) as archive:
        assert archive.stats().posts == 0
        assert archive.sync(corpus, processes=1).added == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no witness without fork")
def test_a_witness_keeps_no_lock(tmp_path: Path) -> None:
    """What another thread has locked when the witness comes is free once that lets go of it."""
    held = ExitStack()
    held.enter_context(locked(tmp_path / "lock"))
    with beside(print):
        held.close()
        until = time.monotonic() + _PATIENCE_S  # it may have to wait for a processor
        while not (is_free := _is_free(tmp_path / "lock")) and time.monotonic() < until:
            os.sched_yield()
        assert is_free


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no witness without fork")
def test_a_witness_never_goes_on_with_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the system does not list open files, as without /dev."""

    def fail(_: int) -> None:
        raise FileNotFoundError("/dev/fd")

    monkeypatch.setattr("rights_search.ingest.witness._keep_open", fail)
    worker = os.getpid()
    try:
        with beside(print):
            pass
    finally:
        if os.getpid() != worker:
            (tmp_path / "went on").touch()
            os._exit(1)
    assert not (tmp_path / "went on").exists()


def _is_free(path: Path) -> bool:
    try:
        with locked(path):
            return True
    except BlockingIOError:
        return False
