"""What the benchmark found: a page and plots for each part, and the ratios of all."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import plots
from benchmarks.parts import KINDS
from benchmarks.parts.posts import READERS
from benchmarks.ratios import RATIOS
from benchmarks.store import Found
from benchmarks.tables import table, tables

_READ = "Medians, and in brackets the least and the most."
_ASKED = (
    "What was to be reached, and what the runs in this folder found. A ratio is of medians of one "
    "run; the tables beside this one say on which machine, and how far the rounds lie apart, and "
    "what a whole answer of ours takes, ten posts read, where an engine alone is compared here."
)


def write(folder: Path, parts: Mapping[str, Found]) -> Iterator[Path]:
    """Write tables and plots of all parts into a folder; yield what was written."""
    for found in parts.values():
        # Posts are named by their number alone.
        stem = str(found.count) if found.kind == "posts" else found.name
        yield _put(folder / f"{stem}.md", _page(found))
        for name, plot in _PLOTS[found.kind](found):
            yield _put(folder / f"{stem}-{name}.svg", plot)
    rows = [ratio.row(parts) for ratio in RATIOS]
    lines = table(["", "to reach", "found", ""], rows)
    yield _put(folder / "ratios.md", ["# Ratios", "", _ASKED, "", *lines])


def _put(path: Path, lines: Sequence[str]) -> Path:
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def _page(found: Found) -> Sequence[str]:
    machine = found.machine
    return [
        f"# {found.about or found.name}: {KINDS[found.kind].title}",
        "",
        (
            f"`{found.command}`, {found.took / 60:.1f} minutes; {machine['processor']}, "
            f"{machine['processors']} processors, {machine['memory_gb']} GB, "
            f"{machine['system']}, Python {machine['python']}. {_READ}"
        ),
        *tables(found),
        *_missing(found),
    ]


def _missing(found: Found) -> Iterator[str]:
    """Yield what was not done, and why."""
    lines = [f"- {name}: {reason}." for name, reason in found.left_out.items()]
    for program, steps in found.steps.items():
        reasons = {step: found.reason(program, step).replace("`", "'") for step in steps}
        reasons |= found.refusals(program)
        lines += [f"- {program}, {step}: `{why}`." for step, why in reasons.items() if why]
    if found.broken:
        lines.append(f"- This part ended too early: `{found.broken}`.")
    if lines:
        yield from ["", "Not measured:", "", *lines]


# --- plots -----------------------------------------------------------------------


def _posts_plots(found: Found) -> Iterator[tuple[str, Sequence[str]]]:
    asked = {
        kind: _medians({name: found.warm(name, kind) for name in found.steps}, 1000)
        for kind in dict.fromkeys(found.answers)
    }
    yield from _plot("queries", f"Warm questions on {found.about}", "ms", asked)
    read = {
        f"{count} at once": _medians(_values(found, f"readers {count}", "per_second"))
        for count in READERS
    }
    yield from _plot("readers", f"Reading processes on {found.about}", "questions a second", read)


def _time_plots(step: str) -> Callable[[Found], Iterator[tuple[str, Sequence[str]]]]:
    """Return what plots the wall time of a step."""

    def plot(found: Found) -> Iterator[tuple[str, Sequence[str]]]:
        title = f"{found.about} {KINDS[found.kind].title}"
        yield from _plot("time", title, "s", {"wall time": _medians(_values(found, step, "wall"))})

    return plot


def _values(found: Found, step: str, key: str) -> Mapping[str, Sequence[float]]:
    return {name: found.values(name, step, key) for name in found.steps}


def _medians(values: Mapping[str, Sequence[float]], scale: float = 1) -> Mapping[str, float]:
    return {name: scale * statistics.median(held) for name, held in values.items() if held}


def _plot(
    name: str, title: str, unit: str, groups: plots.Groups
) -> Iterator[tuple[str, Sequence[str]]]:
    if any(groups.values()):
        yield name, [plots.bars(title, unit, groups)]


_PLOTS: Mapping[str, Callable[[Found], Iterator[tuple[str, Sequence[str]]]]] = {
    "posts": _posts_plots,
    "engine": _time_plots("build"),
    "cold": _time_plots("command"),
    "pages": _time_plots("index"),
}
