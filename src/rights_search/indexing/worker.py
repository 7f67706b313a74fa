"""A process that reads files for an index and writes parts of it: see `workers`.

Its standard input brings pickled values from the process that started it: a `Start`, then
lists of tasks, then None. Its standard output takes a JSON object a line: that it is ready,
what came of each task, how far it is with a long one, and each part that it has finished.
It can be killed at any moment: what it wrote counts only when the other process commits it.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from rights_search import engines, garbage
from rights_search.errors import RightsSearchError
from rights_search.indexing.file_reading import POSTS_A_MESSAGE, FileReader, Reading, Task
from rights_search.indexing.sync_results import Problem
from rights_search.ingest.time_bound import TIMES_SECONDS, end_process_after, seconds_for
from rights_search.links.gathering import Gathering
from rights_search.values import field_names
from rights_search.vocabulary import file as vocabulary_file
from rights_search.vocabulary.vocabulary import built_in, using

if TYPE_CHECKING:
    from rights_search.engines.protocol import Part
    from rights_search.post import Post

MEMORY_BYTES = 3 * 2**30
"""What the process may take for its data, the interpreter and the libraries included."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a worker is to know before its first task.

    Args:
        engine: name of the index's engine.
        folder: the index folder.
        scratch: a folder for what it has to hand over.
        vocabulary: the user's own as JSON, empty for the built-in one.
    """

    engine: str
    folder: Path
    scratch: Path
    vocabulary: str


Order: TypeAlias = tuple[int, Task, bool]
"""The number of a task, the task, and whether it is to be done by itself: else the posts of
several files are tagged together, and of a process that dies nobody knows over which."""


def main(requests: IO[bytes], answers: IO[str]) -> None:
    """Work on what comes until there is no more."""
    _limit_memory()
    inbox = _received(requests)
    start: Start = inbox.get()
    words = start.vocabulary
    own = vocabulary_file.parse(words, "vocabulary", is_json=True) if words else built_in()

    def tell(**message: Any) -> None:
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    with using(own):
        tell(ready=True)
        worker = _Worker(start, tell)
        while (tasks := inbox.get()) is not None:
            worker.work(tasks)
        worker.hand_over()


def _received(requests: IO[bytes]) -> SimpleQueue[Any]:
    """Return a queue of what comes in; the process ends at once when the sender has died."""
    inbox: SimpleQueue[Any] = SimpleQueue()

    def receive() -> None:
        try:
            while True:
                inbox.put(pickle.load(requests))  # noqa: S301 - from the process that started us
        except EOFError:
            os._exit(1)

    threading.Thread(target=receive, daemon=True).start()
    return inbox


@dataclass(slots=True)
class _Worker:
    start: Start
    tell: Callable[..., None]
    _handle: Any = None
    _part: Part | None = None
    _gathering: Gathering | None = None
    _finished: list[tuple[str, str]] = field(default_factory=list)
    _parts: int = 0
    _taken: int = 0
    _is_at_share: bool = False
    _reader: FileReader = field(init=False)
    _begun: deque[int] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._reader = FileReader(self._take, self._gather)

    def work(self, tasks: Iterable[Order]) -> None:
        """Do tasks; what is handed over after them has no half of any."""
        size = 0
        for number, task, is_alone in tasks:
            if is_alone:
                self._settle(size)
            self._begun.append(number)
            self._is_at_share = task.shares > 1
            with _bounded(task.listed.size):
                self._reader.read(task)
            self._tell_done()
            size += task.listed.size
            if is_alone or self._is_full:
                self._settle(size)
        self._settle(size)

    def _settle(self, size: int) -> None:
        """End what was begun of files of so many bytes."""
        with _bounded(size):
            self._reader.settle()
        self._tell_done()
        if self._finished or self._is_full:
            self.hand_over()

    @property
    def _is_full(self) -> bool:
        return self._part is not None and self._part.is_full

    def _tell_done(self) -> None:
        for reading in self._reader.done():
            self._taken -= reading.post_count
            self.tell(task=self._begun.popleft(), reading=_plain(reading))

    def hand_over(self) -> None:
        """Finish what was begun, and tell of every part since the last time."""
        self._finish_part()
        self._tell_parts()

    def _tell_parts(self) -> None:
        self.tell(parts=self._finished)
        self._finished = []

    def _take(self, posts: Sequence[Post]) -> None:
        if not posts:
            return
        if self._part is None:
            engine = engines.load(self.start.engine)
            self._handle = self._handle or engine.open(self.start.folder)
            self._part = engine.part(self._handle)
        self._part.add(*posts)
        before, self._taken = self._taken, self._taken + len(posts)
        if self._taken // POSTS_A_MESSAGE > before // POSTS_A_MESSAGE:
            self.tell(posts=self._taken)
            # In the middle of a small file nothing ends: its rest would be a tiny part.
            if self._is_full:
                self._finish_part()
                if self._is_at_share:
                    # If it is lost nothing that anybody wrote counts, so this may be taken in.
                    self._tell_parts()

    def _gather(self, posts: Sequence[Post]) -> None:
        if self._gathering is None:
            self._gathering = Gathering()
        self._gathering.add(*posts)

    def _finish_part(self) -> None:
        if self._part is None or self._gathering is None:
            return
        stem = self.start.scratch / f"{os.getpid()}-{self._parts}"
        self._parts += 1
        self._gathering.save(stem)
        self._gathering.close()
        self._finished.append((self._part.finish(), str(stem)))
        self._part = self._gathering = None


def _bounded(size: int) -> AbstractContextManager[None]:
    """Have the process end if files of so many bytes take much too long."""
    return end_process_after(TIMES_SECONDS * seconds_for(size))


def _plain(reading: Reading) -> dict[str, Any]:
    """Return a reading as values of JSON: `reading_of` turns them back."""
    # Not `asdict`, which copies every pair of a long file.
    record = {name: getattr(reading, name) for name in field_names(Reading)}
    return record | {"problems": [asdict(problem) for problem in reading.problems]}


def reading_of(record: dict[str, Any]) -> Reading:
    """Return the reading that a worker's answer tells of."""
    return Reading(
        record["sha256"],
        record["is_same"],
        tuple((run, tuple(map(tuple, posts))) for run, posts in record["runs"]),
        tuple(record["readers"]),
        tuple(Problem(**problem) for problem in record["problems"]),
        record["unclear_dates"],
    )


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))


def _answers() -> IO[str]:
    """Return standard output for answers alone: what else is printed goes to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def run() -> None:
    """Be a worker until there is no more to do."""
    garbage.look_seldom()
    told = _answers()
    try:
        main(sys.stdin.buffer, told)
    except MemoryError:
        # It is the file that needs too much: the other process names it, and goes on.
        os._exit(1)
    except BaseException as error:  # noqa: BLE001 - of the program: it is raised where it is seen
        line = str(error) if isinstance(error, RightsSearchError) else ""
        told.write(json.dumps({"error": traceback.format_exc(), "line": line}) + "\n")
        told.close()
        os._exit(1)
    told.close()
    # The thread that receives still waits.
    os._exit(0)


if __name__ == "__main__":
    run()
