"""What a sync did, as people read it."""

from __future__ import annotations

from collections.abc import Iterator

from rights_search.cli import labels
from rights_search.cli.blocks import Block, Line, Run, joined, line
from rights_search.cli.terminal import Glyphs
from rights_search.indexing.accounts import unclear_dates
from rights_search.indexing.sync_results import SyncSummary

MAX_PROBLEMS = 20


def summary_view(
    summary: SyncSummary, index: str, next_command: str, glyphs: Glyphs
) -> Iterator[Block]:
    """Yield the numbers of a sync, where the index is and what comes next."""
    posts = summary.added + summary.changed + summary.unchanged
    elapsed = labels.seconds(summary.elapsed_s)
    yield Line((Run(f"{labels.counted(posts, 'post')} in {index}", "label"), Run(f" ({elapsed})")))
    yield _counts(
        "posts",
        (
            (summary.added, "added"),
            (summary.changed, "changed"),
            (summary.removed, "removed"),
            (summary.unchanged, "unchanged"),
            (summary.skipped, "skipped"),
        ),
        glyphs,
    )
    yield _counts(
        "files",
        (
            (summary.files, "seen"),
            (summary.files_read, "read"),
            *([(summary.files_renewed, "renewed")] if summary.files_renewed else []),
            (summary.files_removed, "gone"),
            *([(summary.files_skipped, "skipped")] if summary.files_skipped else []),
            (summary.failed, "failed"),
        ),
        glyphs,
    )
    if summary.members_failed:
        yield _counts("members of archives", ((summary.members_failed, "failed"),), glyphs)
    known = sum(problem.is_known for problem in summary.problems)
    if known:
        told = labels.counted(known, "file or record", "files or records")
        hint = "known from earlier runs; --report FILE lists all"
        yield Line((Run("left out: ", "dim"), Run(f"{told} {hint}")), indent=2, hang=2)
    for hint in unclear_dates(summary.unclear_dates):
        yield Line((Run("dates: ", "dim"), Run(hint)), indent=2, hang=2)
    if posts:
        yield line(f"Next: {next_command}")
    elif summary.failed and summary.failed == summary.files_read:
        yield line("No file could be read.")
    else:
        yield line("No posts were found: is this the right folder?")


def problem_lines(summary: SyncSummary, *, strict: bool = False) -> Iterator[Line]:
    """Yield a line for each file or record left out, the failed files first.

    What earlier runs told is only counted, by `summary_view`: a run every night would
    bury the one new line under all the old ones.

    Args:
        summary: of the sync.
        strict: True where any failure, also an old one, makes the run fail: then these are
            told behind the new ones.
    """
    told = [
        problem
        for problem in summary.problems
        if not problem.is_known or (strict and problem.is_failure)
    ]
    problems = sorted(told, key=lambda problem: (problem.is_known, not problem.is_failure))
    for problem in problems[:MAX_PROBLEMS]:
        yield line(f"{'failed' if problem.is_failure else 'skipped'}: {problem}")
    if len(problems) > MAX_PROBLEMS:
        yield line(f"+{len(problems) - MAX_PROBLEMS} more; --report FILE lists all, --quiet none")


def _counts(title: str, counts: tuple[tuple[int, str], ...], glyphs: Glyphs) -> Line:
    parts = (Run(f"{number:,} {word}") for number, word in counts)
    return Line((Run(f"{title}: ", "dim"), *joined(parts, glyphs.dot)), indent=2, hang=2)
