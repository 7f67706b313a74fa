"""The report of a sync as a file: a line of JSON for each file of the corpus."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from rights_search.errors import RightsSearchError
from rights_search.exports.cells import valid
from rights_search.indexing.sync_results import FileReport, Problem

Report: TypeAlias = Callable[[FileReport], None]


@contextmanager
def writer(path: str | None) -> Iterator[Report | None]:
    """Yield what a sync reports each file to, or None where no report is asked for.

    The report takes the place of an earlier one when all of it is written; it is for
    its owner only, as the index is.

    Raises:
        RightsSearchError: at once, if nothing can be written there.
    """
    if path is None:
        yield None
        return
    target = Path(path)
    # Of a new name, and created by us: a link that somebody put there would lead elsewhere.
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise RightsSearchError(f"{path}: cannot be written: {error.strerror or error}") from error
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            yield lambda item: print(json.dumps(record(item)), file=stream)
        partial.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def record(item: FileReport) -> dict[str, Any]:
    """Return a file's report as JSON values."""
    whole: dict[str, Any] = valid(
        {
            "path": item.path,
            "fate": item.fate,
            "sha256": item.sha256 or None,
            "readers": item.readers,
            "posts": item.posts,
            "skipped": [
                {**problem_record(problem), "known": problem.is_known} for problem in item.problems
            ],
            "hints": item.hints,
        }
    )
    return whole


def problem_record(problem: Problem) -> dict[str, Any]:
    """Return what was not indexed as JSON values."""
    return {
        "place": problem.source,
        "line": problem.line,
        "reason": problem.reason,
        "failed": problem.is_failure,
    }
