"""Reading one file of a corpus for an index: its posts, tagged, and what to remember of it.

Nothing here knows of an index, so that it runs in any process: see
`rights_search.indexing.workers`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from rights_search.errors import ReadError, RightsSearchError
from rights_search.indexing.accounts import has_unclear_date, mistake, problem_of
from rights_search.indexing.post_digests import digest
from rights_search.indexing.sync_results import Problem
from rights_search.indexing.versions import state_of
from rights_search.ingest import Listed, Skipped, open_source, read_file
from rights_search.ingest.source import Share
from rights_search.post import Post
from rights_search.tagging import tag_all

BATCH_POSTS, BATCH_CHARS = 128, 1_000_000
"""So many posts are read, then tagged, then given away; fewer if their texts are so long."""


_MAX_NAMED = 3

_Record: TypeAlias = Post | ReadError | Skipped

POSTS_A_MESSAGE = 2 * BATCH_POSTS
"""After so many posts of one task it is said how far it is."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be read, or a share of the posts of a large one.

    Args:
        listed: the file.
        sha256: digest of its bytes when it was last read; empty where it never was.
        state: how it was read then, see `rights_search.indexing.versions`.
        share: which of the `shares` it is, as in `rights_search.ingest.source.Share`.
        shares: how many tasks share the file.
    """

    listed: Listed
    sha256: str = ""
    state: str = ""
    share: int = 0
    shares: int = 1

    @property
    def size(self) -> int:
        """Return the file's bytes on disk, its part of them if it is shared."""
        return self.listed.size // self.shares


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a task.

    Args:
        sha256: digest of the file's bytes; empty if it could not be opened.
        is_same: True if these are the bytes of before, so that nothing was read.
        runs: for each run of posts its number and (id, digest of the post) pairs.
        readers: names of the readers that gave them.
        problems: what was left out.
        unclear_dates: how many posts have a date that can be read day or month first.
    """

    sha256: str
    is_same: bool = False
    runs: tuple[tuple[int, tuple[tuple[str, str], ...]], ...] = ()
    readers: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    unclear_dates: int = 0

    @property
    def post_count(self) -> int:
        """Return how many posts were taken."""
        return sum(len(run) for _, run in self.runs)

    @property
    def posts(self) -> Iterator[tuple[str, str]]:
        """Yield the posts' ids and digests, in the order of the file."""
        for _, run in sorted(self.runs):
            yield from run


class FileReader:
    """Reads files one after the other; tags their posts, and gives them away, many at once.

    To read a post, to tag it, to index it takes other code and other tables: if each post goes
    all the way by itself they drive each other out of the processor's caches. Step after step
    for a batch takes two thirds of the time.

    Args:
        take: is called with posts, in their order.
        gather: is called with each of them before, with many at once or with one; where it fails
            it has taken in nothing, and a post over which it fails is not taken.
    """

    def __init__(
        self, take: Callable[[Sequence[Post]], None], gather: Callable[[Sequence[Post]], None]
    ) -> None:
        self._take = take
        self._gather = gather
        self._files: deque[_File] = deque()
        self._batch: list[tuple[_File, int, Post]] = []
        self._chars = 0

    def read(self, task: Task) -> None:
        """Read a file unless it is as it was; its last posts may wait for `settle`."""
        file = _File(task.listed.name, dict(task.listed.settings.themes))
        self._files.append(file)
        self._read(task, file)
        file.is_read = True

    def settle(self) -> None:
        """Tag all posts that wait, and give them away."""
        batch, self._batch, self._chars = self._batch, [], 0
        try:
            made = self._made(batch)
        except MemoryError:
            raise  # no mistake: a worker names the file
        except Exception:  # noqa: BLE001 - whatever it is: each by itself tells over which post
            made = [each for waiting in batch for each in self._made_alone(waiting)]
        self._give(made)
        for file, run, post, found in made:
            file.note(run, post, found)
        for file, _, _ in batch:
            file.waiting -= 1

    def _made(self, batch: Sequence[_Waiting]) -> list[_Made]:
        """Tag posts, gather them, and return them with their digests."""
        posts = tag_all([(post, file.label_map) for file, _, post in batch])
        digests = list(map(digest, posts))
        if posts:
            self._gather(posts)
        return [
            (file, run, post, found)
            for (file, run, _), post, found in zip(batch, posts, digests, strict=True)
        ]

    def _made_alone(self, waiting: _Waiting) -> list[_Made]:
        """Return what `_made` makes of one post, nothing where the program makes a mistake."""
        try:
            return self._made([waiting])
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - as with reading
            file, _, post = waiting
            reason = mistake(f"over its post {post.id}", error)
            file.problems.append(problem_of(ReadError(file.name, reason, fatal=True)))
            return []

    def _give(self, made: Sequence[_Made]) -> None:
        """Give posts away; a mistake there ends the run, for nobody knows what is half done.

        Raises:
            RightsSearchError: that names the files.
        """
        try:
            self._take([post for _, _, post, _ in made])
        except (RightsSearchError, OSError, MemoryError):
            raise
        except Exception as error:
            files = list(dict.fromkeys(file.name for file, *_ in made))
            more = [f"{len(files) - _MAX_NAMED} more"] if len(files) > _MAX_NAMED else []
            names = ", ".join([*files[:_MAX_NAMED], *more])
            reason = mistake("in writing what was read", error)
            raise RightsSearchError(f"{names}: {reason}; the index is what it was") from error

    def done(self) -> Iterator[Reading]:
        """Yield what came of each file, in their order, unless a post of it still waits."""
        while self._files and self._files[0].is_done:
            yield self._files.popleft().reading()

    def _read(self, task: Task, file: _File) -> None:
        source = open_source(task.listed)
        if isinstance(source, ReadError):
            file.problems.append(problem_of(source, is_failure=True))
            return
        file.sha256 = source.sha256
        if (source.sha256, state_of(task.listed.settings)) == (task.sha256, task.state):
            file.is_same = True
            return
        share = Share(task.share, task.shares)
        records = read_file(replace(source, share=share))
        while (record := self._next(records, source.name)) is not None:
            match record:
                case Post():
                    self._wait(file, share.run, record)
                case Skipped(name, reason):
                    file.problems.append(Problem(name, reason, is_failure=False))
                case ReadError():
                    file.problems.append(problem_of(record))

    @staticmethod
    def _next(records: Iterator[_Record], name: str) -> _Record | None:
        """Return the next record of a file, an error where the program fails, None at its end.

        Whoever knows a mistake of a reader could else keep a whole corpus from being read, with
        one file.
        """
        try:
            return next(records, None)
        except MemoryError:
            raise  # no mistake: a worker names the file
        except Exception as error:  # noqa: BLE001 - whatever it is
            return ReadError(name, mistake("in reading it", error), fatal=True)

    def _wait(self, file: _File, run: int, post: Post) -> None:
        file.waiting += 1
        self._batch.append((file, run, post))
        self._chars += sum(map(len, post.paragraphs))
        if len(self._batch) >= BATCH_POSTS or self._chars >= BATCH_CHARS:
            self.settle()


@dataclass(slots=True, eq=False)
class _File:
    """A file that is being read: see `Reading`.

    Args:
        name: its path relative to the corpus.
        label_map: what the settings say of its own labels.
        is_read: True once it was read to its end.
        waiting: how many of its posts were read and wait to be given away.
    """

    name: str
    label_map: dict[str, tuple[str, ...]]
    is_read: bool = False
    waiting: int = 0
    sha256: str = ""
    is_same: bool = False
    runs: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    readers: dict[str, None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unclear_dates: int = 0

    @property
    def is_done(self) -> bool:
        return self.is_read and not self.waiting

    def note(self, run: int, post: Post, found: str) -> None:
        """Remember a post that was given away, and its digest."""
        self.unclear_dates += has_unclear_date(post)
        self.runs.setdefault(run, []).append((post.id, found))
        self.readers[post.provenance.reader] = None

    def reading(self) -> Reading:
        """Return what came of the file."""
        return Reading(
            self.sha256,
            self.is_same,
            tuple((run, tuple(posts)) for run, posts in self.runs.items()),
            tuple(self.readers),
            tuple(self.problems),
            self.unclear_dates,
        )


_Waiting: TypeAlias = tuple[_File, int, Post]
_Made: TypeAlias = tuple[_File, int, Post, str]
"""The file, the number of the run, the post, and once it is tagged its digest."""


def together(readings: Iterable[Reading]) -> Reading:
    """Return what came of a file from what came of its shares, the first share first."""
    shares = list(readings)
    first = shares[0]
    if len(shares) == 1:
        return first
    # All shares see what is wrong with records; one alone may run out of time.
    seen = set(first.problems)
    others = (problem for share in shares for problem in share.problems if problem not in seen)
    return Reading(
        first.sha256,
        is_same=all(share.is_same for share in shares),
        runs=tuple(run for share in shares for run in share.runs),
        readers=tuple(dict.fromkeys(name for share in shares for name in share.readers)),
        problems=(*first.problems, *dict.fromkeys(others)),
        unclear_dates=sum(share.unclear_dates for share in shares),
    )
