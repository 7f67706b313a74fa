"""What the benchmark found, as a table and a plot for each size."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Mapping
from html import escape
from math import log10
from pathlib import Path
from typing import Any

Found = Mapping[str, Mapping[str, list[Any]]]

_READ = "medians, and in brackets the least and the most."
_QUESTIONS = (
    "Warm questions, in milliseconds; ten best posts each. What a program cannot do is left out. "
    "`cold` is the first question of a new process, its start included."
)
_BUILT = "program|version|build, s|processor, s|memory, MB|index, MB|add 1 %, s".split("|")

_BAR, _ROW, _LABEL = 420, 22, 190


def write(
    folder: Path, count: int, found: Found, versions: Mapping[str, str | None], *, is_made: bool
) -> None:
    """Write ``N.md`` and ``N-queries.svg`` into the folder.

    Args:
        folder: where to.
        count: number of posts.
        found: program → step → what each round gave.
        versions: program → its version.
        is_made: True if nobody wrote the posts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rounds = len(next(iter(found.values()))["build"])
    kind = "made" if is_made else "real"
    command = f"python -m benchmarks --posts {count} --rounds {rounds}"
    machine = (
        f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    )
    lines = [
        f"# {count:,} {kind} posts",
        "",
        f"`{command}{' --made' if is_made else ''}`, {machine}; {_READ}",
        "",
        *_table(
            [
                "program",
                "version",
                "build, s",
                "processor, s",
                "memory, MB",
                "index, MB",
                "add 1 %, s",
            ],
            [_built(name, versions[name], steps) for name, steps in found.items()],
        ),
        "",
        _QUESTIONS,
        "",
        *_asked(found),
        "",
    ]
    (folder / f"{count}.md").write_text("\n".join(lines), encoding="utf-8")
    (folder / f"{count}-queries.svg").write_text(_plot(count, found), encoding="utf-8")


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines]


def _built(name: str, version: str | None, steps: Mapping[str, list[Any]]) -> list[str]:
    build, add = steps["build"], steps["add"]
    return [
        name,
        version or "",
        _spread([one["wall"] for one in build], 1),
        _spread([one["cpu"] for one in build], 1),
        f"{max(one['memory'] for one in build) / 1e6:.0f}",
        f"{steps['size'][0] / 1e6:.1f}",
        "" if add[0].get("cannot") else _spread([one["wall"] for one in add], 2),
    ]


def _asked(found: Found) -> list[str]:
    kinds = [one["kind"] for one in next(iter(found.values()))["questions"]]
    rows = []
    for name, steps in found.items():
        cells = [name, _spread([one["wall"] * 1000 for one in steps["cold"]], 0)]
        for number in range(len(kinds)):
            answers = [one["answers"][number] for one in steps["ask"]]
            held = [one["warm"] * 1000 for one in answers if one is not None]
            cells.append(_spread(held, 2) if held else "")
        rows.append(cells)
    totals = ["posts that match", ""]
    for number in range(len(kinds)):
        seen = [steps["ask"][0]["answers"][number] for steps in found.values()]
        counts = sorted({one["total"] for one in seen if one and one["total"] >= 0})
        totals.append(" / ".join(f"{total:,}" for total in counts))
    return _table(["program", "cold", *kinds], [*rows, totals])


def _spread(values: list[float], digits: int) -> str:
    middle = f"{statistics.median(values):.{digits}f}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def _plot(count: int, found: Found) -> str:
    """Return bars of the warm questions, on a logarithmic scale from 0.01 ms to 1 s."""
    kinds = [one["kind"] for one in next(iter(found.values()))["questions"]]
    rows: list[str] = []
    place = 40
    for number, kind in enumerate(kinds):
        rows.append(f'<text x="0" y="{place}" font-weight="bold">{escape(kind)}</text>')
        place += _ROW
        for name, steps in found.items():
            answers = [one["answers"][number] for one in steps["ask"]]
            held = [one["warm"] * 1000 for one in answers if one is not None]
            if not held:
                continue
            value = statistics.median(held)
            width = max(1.0, _BAR * _share(value))
            rows.append(
                f'<text x="{_LABEL - 8}" y="{place}" text-anchor="end">{escape(name)}</text>'
                f'<rect x="{_LABEL}" y="{place - 12}" width="{width:.1f}" height="14" '
                f'fill="{"#0072b2" if name.startswith("rights") else "#999999"}"/>'
                f'<text x="{_LABEL + width + 6:.1f}" y="{place}">{value:.2f} ms</text>'
            )
            place += _ROW
        place += 8
    title = f"Warm questions on {count:,} posts, milliseconds (logarithmic)"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="760" height="{place}" '
        f'font-family="sans-serif" font-size="13" fill="#767676"><title>{title}</title>'
        f'<text x="0" y="16">{title}</text>{"".join(rows)}</svg>\n'
    )


def _share(milliseconds: float) -> float:
    """Return where a time lies between 0.01 ms and 1 s, on a logarithmic scale."""
    return min(1.0, max(0.0, (log10(milliseconds) + 2) / 5))
