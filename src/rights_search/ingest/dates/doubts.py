"""Why a text that stands where a date should be names none: for the note about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rights_search.ingest.dates.calendars import calendar_of, without_other_calendars
from rights_search.ingest.dates.pieces import prepare, sort_pieces
from rights_search.ingest.dates.shapes import FIRST_YEAR, last_year
from rights_search.ingest.dates.words import words

# The zone of a time ("12:00 +0000") is no year.
_YEAR = re.compile(r"(?<!\d)(?<!:\d\d [+-])(?<!:\d\d[+-])\d{4}(?!\d)")
_SHORT_YEAR = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]'?\d{2}(?!\d)|\w[^\W\d_]\W{1,3}'?\d{2}(?!\d)")
_MAX_CHARS = 200


def why_no_date(text: str) -> str | None:
    """Return why `rights_search.ingest.dates.finding.parse_date` finds no date, or None.

    Use it where that gave none; the answer ends a sentence: "is no date: …".
    """
    if len(text) > _MAX_CHARS or not any(char.isdigit() for char in text):
        return None
    text = prepare(text)
    calendar = calendar_of(text)
    if calendar is not None:
        return f"it is of another calendar ({calendar}), which is not converted"
    if _decade().search(text):
        return "it names a decade"
    return _why_no_year(text, {int(year) for year in _YEAR.findall(text)})


def is_of_other_calendar(text: str) -> bool:
    """Return whether a line is a date of another calendar and nothing else."""
    if len(text) > _MAX_CHARS or not any(char.isdigit() for char in text):
        return False
    rest = without_other_calendars(prepare(text))
    return rest is not None and sort_pieces(rest) is not None


def other_calendar_notes(head: Iterable[str]) -> tuple[str, ...]:
    """Return a note on the first line of a post's head that dates it in another calendar."""
    dated = next(filter(is_of_other_calendar, head), None)
    return (f"{dated!r} is not understood as a date: {why_no_date(dated)}",) if dated else ()


def _why_no_year(text: str, years: set[int]) -> str | None:
    if not years:
        return "its year has two digits" if _SHORT_YEAR.search(text) else "it names no year"
    if len(years) > 1:
        return "it names several years"
    if min(years) < FIRST_YEAR:
        return f"posts are not older than {FIRST_YEAR}"
    return "its year is still to come" if max(years) > last_year() else None


@lru_cache(maxsize=1)
def _decade() -> re.Pattern[str]:
    before = "|".join(map(re.escape, sorted(words().decades)))
    return re.compile(
        rf"(?<!\d)\d{{3}}0(?:s|er|-?е|-?х)(?!\w)|(?<!\w)(?:{before})\s+(?:de\s+)?\d{{1,3}}0(?!\d)"
    )
