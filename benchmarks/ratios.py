"""The ratios that this program is to reach, from what one run found; nothing else is claimed."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from benchmarks.store import Found

Parts: TypeAlias = Mapping[str, Found]
Measure: TypeAlias = Callable[[Parts], float | None]

_WHOOSH, _TANTIVY = "rights-search", "rights-search, Tantivy"
_ENGINE = {_WHOOSH: "Whoosh engine alone", _TANTIVY: "Tantivy engine alone"}
_KINDS = ("common", "or of 2", "and of 2", "or of 5", "phrase", "filter")
_POSTS, _LARGE, _ALONE, _COLD, _PAGES = (
    "posts-10000", "posts-100000", "engine-10000", "cold-10000", "pages-10000",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ratio:
    """Something to reach.

    Args:
        what: what is compared.
        most: the ratio, or the number of a unit, that it may have at most.
        measure: returns it, None where it was not measured.
        unit: of what is no ratio.
        digits: behind the point.
    """

    what: str
    most: float
    measure: Measure
    unit: str = "×"
    digits: int = 2

    def row(self, parts: Parts) -> list[str]:
        """Return the cells of a table: what, asked, measured, met."""
        found = self.measure(parts)
        asked = f"≤ {self.most:g} {self.unit}".strip()
        if found is None:
            return [self.what, asked, "not measured", ""]
        met = "met" if found <= self.most else "not met"
        return [self.what, asked, f"{found:.{self.digits}f} {self.unit}".strip(), met]


def middle(parts: Parts, part: str, program: str, step: str, key: str) -> float | None:
    """Return the median over the rounds, None where there is none."""
    values = parts[part].values(program, step, key) if part in parts else []
    return statistics.median(values) if values else None


def _over(above: Measure, below: Measure) -> Measure:
    """Return what measures a ratio."""

    def measure(parts: Parts) -> float | None:
        first, second = above(parts), below(parts)
        return first / second if first is not None and second else None

    return measure


def _of(part: str, program: str, step: str, key: str, scale: float = 1) -> Measure:
    def measure(parts: Parts) -> float | None:
        found = middle(parts, part, program, step, key)
        return None if found is None else found * scale

    return measure


def _warm(program: str, kind: str, scale: float = 1) -> Measure:
    def measure(parts: Parts) -> float | None:
        values = parts[_LARGE].warm(program, kind) if _LARGE in parts else []
        return statistics.median(values) * scale if values else None

    return measure


def _largest(part: str, program: str) -> Measure:
    """Return what measures how much memory all processes of a build held at once, in GB."""

    def measure(parts: Parts) -> float | None:
        values = parts[part].values(program, "build", "memory_all") if part in parts else []
        return max(values) / 1e9 if values else None

    return measure


def _building() -> Iterator[Ratio]:
    def built(program: str, key: str) -> Measure:
        return _of(_ALONE, program, "build", key)

    stock, one, two = "stock Whoosh", "engine alone, Whoosh, 1", "engine alone, Whoosh, 2"
    yield Ratio(
        "10,000 posts indexed, Whoosh engine alone against stock Whoosh: processor time",
        0.25,
        _over(built(one, "cpu"), built(stock, "cpu")),
        digits=3,
    )
    yield Ratio(
        "the same: wall time with 2 processes",
        0.125,
        _over(built(two, "wall"), built(stock, "wall")),
        digits=3,
    )
    for processes in (1, 2):
        yield Ratio(
            "`rights-search index`, all of it, against its Whoosh engine alone, "
            f"{processes} process{'es' * (processes > 1)}: wall time",
            1.5,
            _over(
                built(f"rights-search, Whoosh, {processes}", "wall"),
                built(f"engine alone, Whoosh, {processes}", "wall"),
            ),
        )
    yield Ratio(
        "100,000 posts, `rights-search index --engine tantivy`, all of it, against a plain "
        "tantivy-py script: wall time",
        2.5,
        _over(_of(_LARGE, _TANTIVY, "build", "wall"), _of(_LARGE, "tantivy-py", "build", "wall")),
    )
    for engine, program, most in (("Whoosh", _WHOOSH, 0.9), ("Tantivy", _TANTIVY, 0.5)):
        for other in ("Recoll", "Pagefind"):
            yield Ratio(
                f"10,000 HTML files, `rights-search index`, {engine} engine, against {other}: wall "
                "time",
                most,
                _over(_of(_PAGES, program, "index", "wall"), _of(_PAGES, other, "index", "wall")),
            )
    yield Ratio(
        "size of the index of 10,000 posts, Whoosh engine against stock Whoosh",
        0.7,
        _over(_of(_ALONE, one, "size", "bytes"), _of(_ALONE, stock, "size", "bytes")),
    )


def _asking() -> Iterator[Ratio]:
    for program, most in ((_WHOOSH, 3.0), (_TANTIVY, 1.3)):
        for kind in _KINDS:
            yield Ratio(
                f"warm question at 100,000 posts, {_ENGINE[program]}, against tantivy-py: {kind}",
                most,
                _over(_warm(_ENGINE[program], kind), _warm("tantivy-py", kind)),
            )
    for kind in ("common", "or of 2", "or of 5"):
        yield Ratio(
            f"the same, Whoosh engine alone, against FTS5 (1/20): {kind}",
            0.05,
            _over(_warm(_ENGINE[_WHOOSH], kind), _warm("FTS5", kind)),
            digits=3,
        )
    for program in (_WHOOSH, _TANTIVY):
        yield Ratio(
            f"a word and three facets at 100,000 posts, warm, {_ENGINE[program]}",
            10,
            _warm(_ENGINE[program], "facets", 1000),
            unit="ms",
        )


def _others() -> Iterator[Ratio]:
    nothing = _of(_COLD, "python -c pass", "command", "wall")
    for program in (_WHOOSH, _TANTIVY):
        yield Ratio(
            f"cold `rights-search query` at 10,000 posts against `python -c pass`: {program}",
            9,
            _over(_of(_COLD, program, "command", "wall"), nothing),
            digits=1,
        )
    for program in (_WHOOSH, _TANTIVY):
        step = _PAGES, program, "unchanged"
        yield Ratio(
            f"`index` with nothing changed, 10,000 HTML files: {program}",
            1.5,
            _of(*step, "wall"),
            unit="s",
        )
        yield Ratio(
            "the same: files and folders written", 0, _of(*step, "written"), unit="", digits=0
        )
    for program in (_WHOOSH, _TANTIVY):
        yield Ratio(
            f"memory of all processes at once while 100,000 posts are indexed: {program}",
            1,
            _largest(_LARGE, program),
            unit="GB",
        )


RATIOS: Sequence[Ratio] = (*_building(), *_asking(), *_others())
