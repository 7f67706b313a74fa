"""What a scorer gives back: one row a measure."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from evaluation.data import REPOSITORY


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Args:
        data: name of the data that it was measured on; with ``measure`` it is the
            name of a floor, so both stay the same from run to run.
        measure: what was measured, such as ``about F1``.
        value: the figure, or None where the data is not here.
        size: on how much, such as ``8,606 records``; for data that is not here,
            where it was looked for.
    """

    data: str
    measure: str
    value: float | None
    size: str = ""


def not_here(data: str, where: object, *measures: str) -> list[Row]:
    """Return rows which say that data is missing, one for each measure not taken.

    A path beside the repository is told as from there: the figures are published with it.
    """
    if isinstance(where, Path) and where.is_relative_to(REPOSITORY.parent):
        where = Path(os.path.relpath(where, REPOSITORY)).as_posix()
    return [Row(data, measure, None, f"not here: {where}") for measure in measures]
