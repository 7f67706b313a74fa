"""Stretches of years and months without hits, as rows of a chart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from rights_search.search.timeline import Period

MAX_EMPTY_ROWS = 12
"""A longer stretch without hits is one row."""


def between(first: str, last: str) -> Iterator[str]:
    """Yield the years or months between two, or one label for many of them.

    Of a year and a month, the years between them.
    """
    if len(first) == len(last) == len("2014-02"):
        numbers = range(_months(first) + 1, _months(last))
        isos = [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]
    else:
        isos = [f"{year:04}" for year in range(int(first[:4]) + 1, int(last[:4]))]
    yield from shortened(isos)


def shortened(isos: list[str]) -> Iterator[str]:
    """Yield periods without hits; many as one label, the first and the last of them."""
    if len(isos) > MAX_EMPTY_ROWS:
        yield f"{isos[0]}..{isos[-1]}"
    else:
        yield from isos


def rows(periods: Iterable[Period]) -> Iterator[Period]:
    """Yield periods, a long stretch without hits as one."""
    for is_empty, run in groupby(periods, key=lambda period: not period.count):
        if is_empty:
            yield from (Period(label, 0) for label in shortened([each.iso for each in run]))
        else:
            yield from run


def _months(iso: str) -> int:
    return int(iso[:4]) * 12 + int(iso[5:]) - 1
