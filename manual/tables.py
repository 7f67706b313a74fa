"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; bars in its cells do not end them."""
    return "\n".join(map(_row, [heads, ["---"] * len(heads), *rows]))


def _row(cells: Sequence[str]) -> str:
    # A bar ends a cell, even between backticks.
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
