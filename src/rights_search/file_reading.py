"""Reading one file of a corpus for an index: its posts, tagged, and what to remember of it.

Nothing here knows of an index, so that it runs in any process: see
`rights_search.workers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rights_search.accounts import has_unclear_date, problem_of
from rights_search.errors import ReadError
from rights_search.ingest import Listed, Skipped, open_source, read_file
from rights_search.post import Post
from rights_search.post_digests import digest
from rights_search.sync_results import Problem
from rights_search.tagging import tag
from rights_search.versions import state_of

RUN = 64
"""Posts of a file that stay together when several tasks share it."""

POSTS_A_MESSAGE = 250
"""After so many posts of one task it is said how far it is."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be read, or a share of the posts of a large one.

    Args:
        listed: the file.
        sha256: digest of its bytes when it was last read; empty where it never was.
        state: how it was read then, see `rights_search.versions`.
        share: which of the `shares` it is: of the runs of `RUN` posts, every one whose
            number leaves this remainder.
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


def perform(task: Task, take: Callable[[Post], None]) -> Reading:
    """Read a file unless it is as it was; give each of the task's posts to ``take``."""
    source = open_source(task.listed)
    if isinstance(source, ReadError):
        return Reading("", problems=(problem_of(source, is_failure=True),))
    if (source.sha256, state_of(task.listed.settings)) == (task.sha256, task.state):
        return Reading(source.sha256, is_same=True)
    runs: dict[int, list[tuple[str, str]]] = {}
    readers: dict[str, None] = {}
    problems: list[Problem] = []
    label_map = dict(task.listed.settings.themes)
    number = unclear = 0
    for record in read_file(source):
        match record:
            case Post():
                run, number = number // RUN, number + 1
                if run % task.shares != task.share:
                    continue
                post = tag(record, label_map)
                take(post)
                unclear += has_unclear_date(post)
                runs.setdefault(run, []).append((post.id, digest(post)))
                readers[post.provenance.reader] = None
            case Skipped(name, reason):
                problems.append(Problem(name, reason, is_failure=False))
            case ReadError():
                problems.append(problem_of(record))
    return Reading(
        source.sha256,
        runs=tuple((run, tuple(posts)) for run, posts in runs.items()),
        readers=tuple(readers),
        # All shares see them.
        problems=tuple(problems) if task.share == 0 else (),
        unclear_dates=unclear,
    )


def together(readings: Iterable[Reading]) -> Reading:
    """Return what came of a file from what came of its shares, the first share first."""
    shares = list(readings)
    first = shares[0]
    if len(shares) == 1:
        return first
    return Reading(
        first.sha256,
        is_same=all(share.is_same for share in shares),
        runs=tuple(run for share in shares for run in share.runs),
        readers=tuple(dict.fromkeys(name for share in shares for name in share.readers)),
        problems=tuple(problem for share in shares for problem in share.problems),
        unclear_dates=sum(share.unclear_dates for share in shares),
    )
