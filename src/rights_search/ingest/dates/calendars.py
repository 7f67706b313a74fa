"""Dates of other calendars, which are named and never taken for ours.

1445 is a year of the Islamic calendar and 2567 one of the Buddhist: read as ours they
would be wrong by centuries. Nothing is converted; where a date stands in both
calendars, as in the Arabic press, ours is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rights_search.ingest.dates.shapes import FIRST_YEAR, last_year
from rights_search.ingest.dates.words import words

_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


def without_other_calendars(text: str) -> str | None:
    """Return a prepared text without its dates of other calendars, or None if it has none."""
    if words().calendar_words.isdisjoint(_WORD.findall(text)):
        return None
    rest, count = _dated().subn(" ", text)
    return rest if count else None


def calendar_of(text: str) -> str | None:
    """Return the name of the calendar that a prepared text is dated in, if it is not ours.

    Words decide; a year alone does where it cannot be one of ours.
    """
    dated = _dated().search(text)
    if dated is not None:
        word = dated["mark"] or dated["month"]
        return next(each.name for each in words().calendars if word in each.months + each.marks)
    years = [int(year) for year in _YEAR.findall(text)]
    if not years or any(FIRST_YEAR <= year <= last_year() for year in years):
        return None
    named = [
        calendar.name
        for calendar in words().calendars
        if all(calendar.first_year <= year <= calendar.last_year for year in years)
    ]
    return " or ".join(named) or None


@lru_cache(maxsize=1)
def _dated() -> re.Pattern[str]:
    """Return a pattern for the dates of all calendars: with a month, or with a mark."""
    mark = _any_of(name for calendar in words().calendars for name in calendar.marks)
    month = _any_of(name for calendar in words().calendars for name in calendar.months)
    year = r"(?:\d{1,2}[/.-]\d{1,2}[/.-])?\d{4}(?:[/.-]\d{1,2}){0,2}"
    marked = rf"{year}\s*(?P<mark>{mark})"
    dated = rf"(?:\d{{1,2}}\s+)?(?P<month>{month})(?:\s+\d{{1,2}},)?(?:,?\s+\d{{4}})?"
    return re.compile(rf"(?<!\d)(?:{marked}|{dated}(?:\s*{mark})?)")


def _any_of(names: Iterable[str]) -> str:
    # What begins another name stands behind it: an Islamic mark begins a Persian one.
    either = "|".join(sorted(map(re.escape, names), reverse=True))
    # A mark may stand right behind the year.
    return rf"(?<![^\W\d])(?:{either})(?!\w)"
