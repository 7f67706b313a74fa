"""What became of a file: one set of words and counts for `check` and for a sync.

A file, or a member of an archive, that cannot be read has *failed*. A record that was left
out, on purpose or because it is broken, is *skipped*, and so is a file without posts where
nothing failed. Each has its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rights_search.errors import ReadError
from rights_search.indexing.sync_results import Problem
from rights_search.ingest.source import INSIDE
from rights_search.post import Post

WithoutPosts: TypeAlias = Literal["failed", "skipped"]

UNCLEAR = "ambiguous-day-month"


def problem_of(error: ReadError, *, is_failure: bool = False) -> Problem:
    """Return a reader's error as a problem of the run."""
    return Problem(error.source, error.reason, error.line, is_failure=is_failure or error.fatal)


def without_posts(problems: Iterable[Problem]) -> WithoutPosts:
    """Return what became of a file that gave no post."""
    return "failed" if any(problem.is_failure for problem in problems) else "skipped"


def has_unclear_date(post: Post) -> bool:
    """Tell whether the source's date can be read day first or month first."""
    return post.date is not None and UNCLEAR in post.date.flags


def unclear_dates(count: int) -> tuple[str, ...]:
    """Return what to do about dates of which only the year is certain, if there are any."""
    if not count:
        return ()
    posts = "1 post has a date" if count == 1 else f"{count:,} posts have dates"
    how = "set day-first = true or false in .rights-search.toml (docs/settings.md)"
    return (f"{posts} such as 03.04.2019, of which only the year is certain: {how}",)


@dataclass(slots=True)
class Tally:
    """Counts over files.

    Args:
        skipped: records left out of files that were opened.
        files_skipped, files_failed: files that gave no post.
        members_failed: members of archives that could not be read.
    """

    skipped: int = 0
    files_skipped: int = 0
    files_failed: int = 0
    members_failed: int = 0

    def listed(self, problem: Problem) -> None:
        """Count a file or folder that was not opened."""
        self.files_failed += problem.is_failure
        self.files_skipped += not problem.is_failure

    def opened(self, name: str, posts: int, problems: Iterable[Problem]) -> None:
        """Count a file that was opened, in this run or an earlier one."""
        problems = tuple(problems)
        self.skipped += sum(not problem.is_failure for problem in problems)
        failed = {problem.source for problem in problems if problem.is_failure}
        self.members_failed += sum(is_member(source, name) for source in failed)
        if not posts or name in failed:
            is_failure = without_posts(problems) == "failed"
            self.files_failed += is_failure
            self.files_skipped += not is_failure


def is_member(source: str, name: str) -> bool:
    """Tell whether ``source`` is a member of the file ``name``."""
    return source.startswith(f"{name}{INSIDE}")


_MAX_MISTAKE_CHARS = 200


def mistake(where: str, error: Exception) -> str:
    """Return the reason of a file over which the program itself fails, in a line.

    Args:
        where: what it was at, such as ``in reading it``.
        error: what came of it.
    """
    what = " ".join(f"{type(error).__name__}: {error}".split())[:_MAX_MISTAKE_CHARS]
    return f"this program made a mistake {where} ({what}); please report it"
