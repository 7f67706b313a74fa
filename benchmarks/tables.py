"""The tables of what a part of the benchmark found."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.parts.posts import READERS
from benchmarks.store import Found

_MEMORY = (
    "Memory is the most that one process held; `together` the most that all processes of a "
    "program were seen to hold at once, what they share counted for each."
)
_QUESTIONS = (
    "Warm questions, in milliseconds; ten best posts each. What a program cannot do is left out. "
    "`cold` is the first question of a new process, its start included. An engine alone reads "
    "the question and gives the numbers of the ten best posts; no post is read."
)
_READERS = "Questions a second, of so many processes at once; each has its index open and is warm."
_ENGINE = (
    "An engine alone is given posts that are read and tagged, and analyses and writes them, in 1 "
    f"or 2 processes; the posts are in its memory. {_MEMORY}"
)
_COLD = (
    "A whole process a search, from the command line: a common word, ten posts with passages. "
    "Stock Whoosh is a command of its own made with click and rich."
)
_PAGES = (
    "Ours reads heads and texts, finds dates, languages, countries, themes and copies, and keeps "
    "whole posts; Recoll and Pagefind tag nothing, and what Pagefind writes is searched in a "
    "browser. `unchanged` is the same command again, `written` how many files and folders it "
    f"made, changed or removed. `query` is a whole process. {_MEMORY}"
)
_COST = "build, s|processor, s|memory, MB|together, MB|index, MB"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table."""
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines]


def tables(found: Found) -> Iterator[str]:
    """Yield the lines of a part's tables, with what they mean."""
    for text, head, rows in _TABLES[found.kind](found):
        if rows:
            yield from ["", text, "", *table(head, rows)]


@dataclass(frozen=True, slots=True)
class _Form:
    """How what a step took is shown: which of it, times what, with how many digits."""

    key: str
    scale: float = 1
    digits: int = 0

    def spread(self, found: Found, name: str, step: str) -> str:
        """Return the median, the least and the most; or that the step failed."""
        values = [self.scale * value for value in found.values(name, step, self.key)]
        return _spread(values, self.digits) if values else _failed(found, name, step)

    def most(self, found: Found, name: str, step: str) -> str:
        """Return the most of all rounds."""
        values = found.values(name, step, self.key)
        return f"{self.scale * max(values):,.{self.digits}f}" if values else ""


_WALL, _CPU = _Form("wall", digits=1), _Form("cpu", digits=1)
_WALL_FINE = _Form("wall", digits=2)
_WALL_MS, _CPU_MS = _Form("wall", 1000), _Form("cpu", 1000)
_ONE, _TOGETHER = _Form("memory", 1e-6), _Form("memory_all", 1e-6)
_SIZE = _Form("bytes", 1e-6, 1)

_Table = tuple[str, Sequence[str], Sequence[Sequence[str]]]
"""What it means, its head and its rows."""


def _posts(found: Found) -> Iterator[_Table]:
    head = f"program|version|{_COST}|add 1 %, s"
    rows = [
        [*_built(found, name, "build"), _WALL_FINE.spread(found, name, "add")]
        for name in _with("build", found)
    ]
    yield _MEMORY, head.split("|"), rows
    kinds = list(dict.fromkeys(found.answers))
    rows = [_asked(found, name, kinds) for name in _with("ask", found) or _with("cold", found)]
    yield _QUESTIONS, ["program", "cold", *kinds], [*rows, _totals(found, kinds)] if rows else []
    forms = [(f"readers {count}", _Form("per_second")) for count in READERS]
    rows = [
        [name, *(form.spread(found, name, step) for step, form in forms)]
        for name in _with("readers 1", found)
    ]
    yield _READERS, ["program", *map(str, READERS)], rows


def _with(step: str, found: Found) -> Sequence[str]:
    """Return the programs of which a step was tried."""
    return [name for name in found.versions if step in found.steps.get(name, {})]


def _built(found: Found, name: str, step: str) -> list[str]:
    """Return the cells that tell what it took to make an index."""
    return [
        name,
        found.versions[name],
        _WALL.spread(found, name, step),
        _CPU.spread(found, name, step),
        _ONE.most(found, name, step),
        _TOGETHER.most(found, name, step),
        _SIZE.most(found, name, "size"),
    ]


def _asked(found: Found, name: str, kinds: Sequence[str]) -> list[str]:
    cells = [name, _WALL_MS.spread(found, name, "cold")]
    for kind in kinds:
        values = [1000 * seconds for seconds in found.warm(name, kind)]
        failed = "failed" if kind in found.refusals(name) else _failed(found, name, "ask")
        cells.append(_spread(values, 2) if values else failed)
    return cells


def _totals(found: Found, kinds: Sequence[str]) -> list[str]:
    """Return how many posts match the first question of each kind, as programs count them."""
    cells = ["posts that match the first", ""]
    for kind in kinds:
        number = found.answers.index(kind)
        counts = {
            answer["total"]
            for steps in found.steps.values()
            for taken in steps.get("ask", ())
            if "answers" in taken and "total" in (answer := taken["answers"][number])
        }
        cells.append(" / ".join(f"{total:,}" for total in sorted(counts) if total >= 0))
    return cells


def _engine(found: Found) -> Iterator[_Table]:
    rows = [_built(found, name, "build") for name in _with("build", found)]
    yield _ENGINE, f"program, processes|version|{_COST}".split("|"), rows


def _cold(found: Found) -> Iterator[_Table]:
    nothing = found.values("python -c pass", "command", "wall")
    rows = []
    for name in _with("command", found):
        wall = found.values(name, "command", "wall")
        times = statistics.median(wall) / statistics.median(nothing) if wall and nothing else None
        cells = [form.spread(found, name, "command") for form in (_WALL_MS, _CPU_MS)]
        shown = "" if times is None else f"{times:.1f}"
        rows.append([name, found.versions[name], *cells, shown])
    yield _COLD, "command|version|wall, ms|processor, ms|times `python -c pass`".split("|"), rows


def _pages(found: Found) -> Iterator[_Table]:
    rows = [
        [
            *_built(found, name, "index"),
            _WALL_FINE.spread(found, name, "unchanged"),
            _Form("written").most(found, name, "unchanged"),
            _WALL_MS.spread(found, name, "query"),
        ]
        for name in found.steps
    ]
    yield _PAGES, f"program|version|{_COST}|unchanged, s|written|query, ms".split("|"), rows


_TABLES: Mapping[str, Callable[[Found], Iterator[_Table]]] = {
    "posts": _posts,
    "engine": _engine,
    "cold": _cold,
    "pages": _pages,
}


def _failed(found: Found, name: str, step: str) -> str:
    return "failed" if found.reason(name, step) else ""


def _spread(values: Sequence[float], digits: int) -> str:
    middle = f"{statistics.median(values):.{digits}f}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):.{digits}f}–{max(values):.{digits}f})"
