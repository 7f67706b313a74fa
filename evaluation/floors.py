"""The floors: what each figure must reach, pinned in ``floors.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from evaluation.rows import Row

FLOORS = Path(__file__).with_name("floors.toml")

Key: TypeAlias = tuple[str, str, str]
"""Scorer, data and measure."""


@dataclass(frozen=True, slots=True)
class Floor:
    """A bound on a figure.

    Args:
        value: the bound itself; a figure equal to it holds it.
        is_ceiling: True where less is better, such as tags a post.
    """

    value: float
    is_ceiling: bool = False

    def __str__(self) -> str:
        return f"{'≤' if self.is_ceiling else '≥'} {self.value:g}"

    def holds(self, value: float) -> bool:
        """Tell whether a figure is within the bound."""
        return value <= self.value if self.is_ceiling else value >= self.value


def read_floors(path: Path = FLOORS) -> dict[Key, Floor]:
    """Return every floor by scorer, data and measure.

    Each stands as ``[scorer.data]`` and ``"measure" = 0.9``, or
    ``"measure" = { at_most = 2.0 }``.
    """
    tables: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        (scorer, data, measure): _floor(bound)
        for scorer, sets in tables.items()
        for data, measures in sets.items()
        for measure, bound in measures.items()
    }


def _floor(bound: Any) -> Floor:
    if isinstance(bound, dict):
        return Floor(float(bound["at_most"]), is_ceiling=True)
    return Floor(float(bound))


def broken(scorer: str, rows: Iterable[Row], floors: Mapping[Key, Floor]) -> list[str]:
    """Return a sentence for each floor of a scorer that does not hold.

    A floor that no row answers is broken too: otherwise renaming a measure would
    drop its floor. A row that says "not here" answers, and breaks nothing.
    """
    by_name = {(scorer, row.data, row.measure): row for row in rows}
    problems = []
    for key, floor in floors.items():
        if key[0] != scorer:
            continue
        name = ": ".join(key)
        row = by_name.get(key)
        if row is None:
            problems.append(f"{name}: no such figure is measured")
        elif row.value is not None and not floor.holds(row.value):
            problems.append(f"{name}: {row.value:.4f} is not {floor} ({row.size})")
    return problems
