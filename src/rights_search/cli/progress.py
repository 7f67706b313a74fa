"""A progress bar for a sync, on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from rights_search.cli import labels, terminal
from rights_search.indexing.sync_results import Progress
from rights_search.safe_text import safe

Report: TypeAlias = Callable[[Progress], None]

_WIDE_COLUMNS = 72
_MAX_NAME_CHARS = 24


@contextmanager
def reporter(*, quiet: bool, no_color: bool) -> Iterator[Report | None]:
    """Yield what a sync reports its progress to, or None where nobody looks.

    The bar is drawn on the standard error and goes away at the end.
    """
    if quiet or not terminal.is_terminal(sys.stderr):
        yield None
        return
    with _bar(no_color=no_color) as report:
        yield report


@contextmanager
def _bar(*, no_color: bool) -> Iterator[Report]:
    from rich import progress as bars  # noqa: PLC0415 - rich is for eyes only
    from rich.console import Console  # noqa: PLC0415

    console = Console(
        stderr=True, no_color=not terminal.wants_colour(no_color), highlight=False, emoji=False
    )
    columns: list[bars.ProgressColumn] = [
        bars.BarColumn(bar_width=20),
        bars.TextColumn("{task.percentage:>3.0f} %", markup=False),
        bars.TextColumn("{task.description}", markup=False),
    ]
    if console.width >= _WIDE_COLUMNS:
        columns += [
            bars.TimeRemainingColumn(compact=True),
            bars.TextColumn("{task.fields[name]}", style="dim", markup=False),
        ]
    started = time.perf_counter()
    with bars.Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("looking at the files", total=None, name="")

        def report(state: Progress) -> None:
            elapsed_s = time.perf_counter() - started
            progress.update(
                task,
                # Of an empty corpus nothing is left to do.
                total=state.bytes_total or 1,
                completed=state.bytes_done if state.bytes_total else 1,
                description=_numbers(state, elapsed_s),
                name=_shortened(safe(state.name)),
            )

        yield report


def _shortened(name: str) -> str:
    """Return the end of a long path, which says more than its beginning."""
    return name if len(name) <= _MAX_NAME_CHARS else f"...{name[3 - _MAX_NAME_CHARS :]}"


def _numbers(state: Progress, elapsed_s: float) -> str:
    rate = state.posts / elapsed_s if elapsed_s > 0 else 0.0
    return f"{labels.counted(state.posts, 'post')}, {rate:,.0f}/s"
