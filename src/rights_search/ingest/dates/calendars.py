"""Dates of other calendars, which are named and never taken for ours.

1445 is a year of the Islamic calendar and 2567 one of the Buddhist: read as ours they
would be wrong by centuries. Nothing is converted; where a date stands in both
calendars, as in the Arabic press, ours is read.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rights_search.ingest.dates.shapes import FIRST_YEAR, last_year
from rights_search.ingest.dates.words import Calendar, words

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
    for calendar in words().calendars:
        if _of_calendar(calendar).search(text):
            return calendar.name
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
    return re.compile("|".join(_pattern(calendar) for calendar in words().calendars))


@lru_cache
def _of_calendar(calendar: Calendar) -> re.Pattern[str]:
    return re.compile(_pattern(calendar))


def _pattern(calendar: Calendar) -> str:
    """Return a pattern for the dates of a calendar: with its months, or with its mark."""
    mark = _any_of(calendar.marks)
    marked = rf"(?<!\d)(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-])?\d{{4}}(?:[/.-]\d{{1,2}}){{0,2}}\s*{mark}"
    month = _any_of(calendar.months)
    dated = rf"(?<!\d)(?:\d{{1,2}}\s+)?{month}(?:\s+\d{{1,2}},)?(?:,?\s+\d{{4}})?(?:\s*{mark})?"
    return f"(?:{marked}|{dated})"


def _any_of(names: tuple[str, ...]) -> str:
    either = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    # A mark may stand right behind the year.
    return rf"(?<![^\W\d])(?:{either})(?!\w)" if either else r"(?!)"
