"""Rows as a table that reads well in a terminal and in Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evaluation.floors import Floor, Key
from evaluation.rows import Row

HEAD = ("measure", "value", "floor", "data")


def table(scorer: str, rows: Sequence[Row], floors: Mapping[Key, Floor]) -> str:
    """Return the rows of a scorer as a Markdown table, padded into columns."""
    cells = [HEAD, *(_cells(row, floors.get((scorer, row.data, row.measure))) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    lines = [_line(line, widths) for line in cells]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


def _cells(row: Row, floor: Floor | None) -> tuple[str, ...]:
    value = "—" if row.value is None else f"{row.value:.3f}"
    if row.value is not None and floor is not None and not floor.holds(row.value):
        value += " ✗"
    where = f"{row.data}, {row.size}" if row.size else row.data
    return row.measure, value, "" if floor is None else str(floor), where


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "| " + " | ".join(padded) + " |"
