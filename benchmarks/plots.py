"""Bars as SVG: a scale that is logarithmic, for what differs a thousandfold."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from math import floor, log10

Groups = Mapping[str, Mapping[str, float]]
"""Title of a group → name → value."""

_BAR, _ROW, _LABEL, _WIDTH = 420, 22, 210, 760
_OURS, _THEIRS = "#0072b2", "#999999"
_OUR_NAMES = ("rights-search", "Whoosh engine", "Tantivy engine", "engine alone")
_LEAST = 2.0
"""Pixels of the shortest bar."""


def bars(title: str, unit: str, groups: Groups) -> str:
    """Return a plot; names that begin with ours are blue, all values are positive."""
    values = [value for group in groups.values() for value in group.values()]
    low = floor(log10(min(values, default=1)))
    high = max(log10(max(values, default=1)), low + 1)
    rows: list[str] = []
    place = 40
    for name, group in groups.items():
        if not group:
            continue
        rows.append(f'<text x="0" y="{place}" font-weight="bold">{escape(name)}</text>')
        for label, value in group.items():
            place += _ROW
            width = max(_LEAST, _BAR * (log10(value) - low) / (high - low))
            rows.append(_bar(place, label, width, f"{value:,.{_digits(value)}f}"))
        place += _ROW + 8
    title = escape(f"{title}, {unit} (logarithmic)")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{place}" '
        f'font-family="sans-serif" font-size="13" fill="#767676"><title>{title}</title>'
        f'<text x="0" y="16">{title}</text>{"".join(rows)}</svg>'
    )


def _digits(value: float) -> int:
    """Return how many digits behind the point tell values apart."""
    return max(0, 2 - max(0, floor(log10(value))))


def _bar(place: int, label: str, width: float, value: str) -> str:
    colour = _OURS if label.startswith(_OUR_NAMES) else _THEIRS
    return (
        f'<text x="{_LABEL - 8}" y="{place}" text-anchor="end">{escape(label)}</text>'
        f'<rect x="{_LABEL}" y="{place - 12}" width="{width:.1f}" height="14" fill="{colour}"/>'
        f'<text x="{_LABEL + width + 6:.1f}" y="{place}">{escape(value)}</text>'
    )
