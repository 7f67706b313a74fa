"""Reading files in several processes, each of which writes parts of the index.

Each process is a `rights_search.indexing.worker`. One that dies over a file, because a parser of
it crashed or took more time or memory than a file may have, is replaced; the file is
named as failed, and what the process had read since it last handed over a part is read
again.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self, TypeAlias

from rights_search.errors import RightsSearchError
from rights_search.indexing.file_reading import Reading, Task, together
from rights_search.indexing.sync_results import Problem
from rights_search.indexing.worker import MEMORY_BYTES, Order, Start, reading_of
from rights_search.ingest.time_bound import TIMES_SECONDS, seconds_for

MIN_BYTES = 2_000_000
"""Less than so much is read by one process: to start others would take longer."""

MIN_SHARED_BYTES = 1_000_000
"""A file of so many bytes is read by all processes, each of which takes a share of its posts."""

COMMAND = (sys.executable, "-P", "-m", "rights_search.indexing.worker")
"""-P: a corpus folder that is the current one must not give us its own modules."""

_BATCH_BYTES = 500_000
_BATCH_TASKS = 64
"""A process is given so much at a time, and more when less than that is left, lest it wait."""

_ALONE_BYTES = 100_000
"""A file of so many bytes is done by itself: if the process dies over it, it is known at once."""

_MAX_CAUSELESS = 3
"""So often a process may be stopped while it reads no file, by whatever does that."""

Part: TypeAlias = tuple[str, str]
"""What `rights_search.engines.protocol.Part.finish` returned, and the stem of the files with
what was gathered of its posts."""


def how_many(size: int, wanted: int | None) -> int:
    """Return in how many processes so many bytes should be read.

    Args:
        size: of all files together.
        wanted: what the user asked for, None for what is best.

    Raises:
        ValueError: if ``wanted`` is not positive.
    """
    if wanted is not None:
        if wanted < 1:
            raise ValueError("processes must be positive")
        return wanted
    return _processors() if size >= MIN_BYTES else 1


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


Tell: TypeAlias = Callable[[int, int, int, str], None]
"""Is told (files done, bytes done, posts taken, a file that was just done)."""


@dataclass(frozen=True, slots=True)
class Calls:
    """What is called while the processes are at work.

    Args:
        tell: is told what is done so far.
        join: takes in each part as soon as it counts.
        restart: forgets all parts, for everything is read again.
    """

    tell: Tell
    join: Callable[[Part], None]
    restart: Callable[[], None]


def read(tasks: Sequence[Task], start: Start, processes: int, calls: Calls) -> tuple[Reading, ...]:
    """Read files in several processes; return what came of each task, in their order.

    Args:
        tasks: the files, each a whole one.
        start: what each process is to know.
        processes: how many.
        calls: is told of what they do, and given what they write.
    """
    whole: set[str] = set()
    while True:
        try:
            return _attempt(tasks, start, processes, calls, whole)
        except _ShareLostError as error:
            # What the others wrote of the file stands among the posts of other files.
            whole.add(error.name)
            calls.restart()


class _ShareLostError(Exception):
    """A share of a file cannot be had, so that its other shares are worth nothing."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _attempt(
    tasks: Sequence[Task], start: Start, processes: int, calls: Calls, whole: set[str]
) -> tuple[Reading, ...]:
    shares: list[Task] = []
    counts: list[int] = []
    for task in tasks:
        is_shared = task.listed.size >= MIN_SHARED_BYTES and task.listed.name not in whole
        counts.append(processes if is_shared else 1)
        shares += [replace(task, share=n, shares=counts[-1]) for n in range(counts[-1])]
    with _Pool(shares, start, calls) as pool:
        pool.run(min(processes, len(shares)))
    readings: list[Reading] = []
    found = iter(pool.readings)
    for task, count in zip(tasks, counts, strict=True):
        of_file = list(islice(found, count))
        if len({reading.sha256 for reading in of_file}) > 1:
            raise _ShareLostError(task.listed.name)  # it changed meanwhile
        readings.append(together(of_file))
    return tuple(readings)


@dataclass(slots=True, eq=False)
class _Process:
    """One worker, and what would be lost with it.

    Args:
        popen: the process.
        given: numbers of the tasks that it was given and has not done.
        at_risk: numbers of those that it has done and not handed over.
        is_ending: True when there is nothing more for it to do.
        posts: how many it has taken of the task that it is at.
        is_ready: True when it has begun with its first task: before, no file is at fault.
    """

    popen: subprocess.Popen[bytes]
    given: deque[int] = field(default_factory=deque)
    at_risk: list[int] = field(default_factory=list)
    is_ending: bool = False
    posts: int = 0
    is_ready: bool = False

    def send(self, value: object) -> None:
        assert self.popen.stdin is not None, "it was started with a pipe"  # noqa: S101
        with contextlib.suppress(BrokenPipeError):  # that it died is seen where it answers
            pickle.dump(value, self.popen.stdin)
            self.popen.stdin.flush()

    def listen(self, inbox: SimpleQueue[tuple[_Process, dict[str, Any] | None]]) -> None:
        """Put into ``inbox`` what the process says, and None when it has ended."""

        def receive() -> None:
            assert self.popen.stdout is not None, "it was started with a pipe"  # noqa: S101
            with self.popen.stdout as answers:
                for line in answers:
                    # One that dies may leave half a line.
                    if line.endswith(b"\n"):
                        inbox.put((self, json.loads(line)))
            inbox.put((self, None))

        threading.Thread(target=receive, daemon=True).start()

    def close(self) -> None:
        """Wait until the process has ended."""
        assert self.popen.stdin is not None, "it was started with a pipe"  # noqa: S101
        with contextlib.suppress(BrokenPipeError):
            self.popen.stdin.close()
        self.popen.wait()

    @property
    def end(self) -> str:
        """Return how the process ended."""
        code = self.popen.returncode
        return f"signal {-code}" if code < 0 else f"exit {code}"


def _error_of(trace: str, line: str) -> Exception:
    if line:
        return RightsSearchError(line)
    return RuntimeError(f"a process that reads files failed:\n{trace}")


class _Pool:
    """The processes that do the tasks of one attempt."""

    def __init__(self, tasks: Sequence[Task], start: Start, calls: Calls) -> None:
        self._tasks = tasks
        self._start = start
        self._calls = calls
        self._todo = deque(range(len(tasks)))
        self._readings: dict[int, Reading] = {}
        self._inbox: SimpleQueue[tuple[_Process, dict[str, Any] | None]] = SimpleQueue()
        self._processes: list[_Process] = []
        self._suspects: set[int] = set()
        self._causeless = self._files = self._bytes = self._posts = 0

    @property
    def readings(self) -> list[Reading]:
        """Return what came of each task, once all are done."""
        return [self._readings[number] for number in range(len(self._tasks))]

    def run(self, count: int) -> None:
        """Do all tasks in ``count`` processes."""
        for _ in range(count):
            self._begin()
        while self._processes:
            process, message = self._inbox.get()
            match message:
                case None:
                    self._ended(process)
                case {"task": number, "reading": record}:
                    self._done(process, number, reading_of(record))
                case {"ready": True}:
                    process.is_ready = True
                case {"posts": posts}:
                    process.posts = posts
                    self._say(process.given[0])
                case {"parts": parts}:
                    process.at_risk.clear()
                    for part, stem in parts:
                        self._calls.join((part, stem))
                case {"error": trace, "line": line}:
                    raise _error_of(trace, line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes:
            process.popen.kill()
            process.close()

    def _begin(self) -> None:
        popen = subprocess.Popen(  # noqa: S603 - our own module
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # An interrupt at the keyboard is for the process that commits.
            start_new_session=True,
        )
        process = _Process(popen)
        self._processes.append(process)
        process.listen(self._inbox)
        process.send(self._start)
        self._give(process)
        if process.given and self._has_little(process):
            self._give(process)

    def _give(self, process: _Process) -> None:
        """Give a process its next tasks, or tell it to end."""
        batch: list[Order] = []
        size = 0
        while self._todo and len(batch) < _BATCH_TASKS and size < _BATCH_BYTES:
            number = self._todo.popleft()
            batch.append((number, self._tasks[number], self._is_alone(number)))
            size += self._tasks[number].size
        if batch:
            process.given.extend(number for number, _, _ in batch)
            process.send(batch)
        elif not process.given and not process.is_ending:
            process.is_ending = True
            process.send(None)

    def _done(self, process: _Process, number: int, reading: Reading) -> None:
        process.given.popleft()
        process.at_risk.append(number)
        process.posts = max(0, process.posts - reading.post_count)
        self._readings[number] = reading
        self._count(number, 1)
        self._say(number)
        if self._has_little(process):
            self._give(process)

    def _has_little(self, process: _Process) -> bool:
        size = sum(self._tasks[number].size for number in process.given)
        return len(process.given) < _BATCH_TASKS and size < _BATCH_BYTES

    def _is_alone(self, number: int) -> bool:
        """Tell whether a process does a task by itself."""
        task = self._tasks[number]
        return number in self._suspects or task.shares > 1 or task.listed.size >= _ALONE_BYTES

    def _count(self, number: int, sign: int) -> None:
        """Count a task as done, or with a ``sign`` of -1 as not done after all."""
        task = self._tasks[number]
        self._files += sign * (task.share == 0)
        self._bytes += sign * task.size
        self._posts += sign * self._readings[number].post_count

    def _say(self, number: int) -> None:
        posts = self._posts + sum(process.posts for process in self._processes)
        self._calls.tell(self._files, self._bytes, posts, self._tasks[number].listed.name)

    def _ended(self, process: _Process) -> None:
        """See what is left to do when a process has ended, or died."""
        self._processes.remove(process)
        process.close()
        if process.is_ending and not process.at_risk:
            return
        if process.given and process.is_ready:
            if self._is_alone(process.given[0]):
                self._blame(process.given.popleft(), process.end)
            else:
                # It may have died over any of them: the next one does each by itself.
                self._suspects.update(process.given)
        else:
            self._causeless += 1
            if self._causeless > _MAX_CAUSELESS:
                reason = f"a process that reads files was stopped again and again ({process.end})"
                raise RightsSearchError(f"{reason}; is there too little memory?")
        for number in process.at_risk:
            self._count(number, -1)
            del self._readings[number]
        self._todo.extendleft([*reversed(process.given), *reversed(process.at_risk)])
        if self._todo:
            self._begin()

    def _blame(self, number: int, end: str) -> None:
        """Name the file over which a process died."""
        task = self._tasks[number]
        if task.shares > 1:
            raise _ShareLostError(task.listed.name)
        seconds = TIMES_SECONDS * seconds_for(task.listed.size)
        reason = (
            f"stopped the process that read it ({end}); a file of its size may take {seconds} s of "
            f"processor time and {MEMORY_BYTES // 2**30} GiB of memory"
        )
        self._readings[number] = Reading("", problems=(Problem(task.listed.name, reason),))
