"""Dates and ranges as people write them → the days that they hold."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rights_search.analysis import plain_digit
from rights_search.patterns import late
from rights_search.post import PartialDate, days_in_month
from rights_search.wording import did_you_mean, nearest, shorten


class Days(NamedTuple):
    """The first and the last day of an interval, None for an open side."""

    first: dt.date | None
    last: dt.date | None


class NamedDays(NamedTuple):
    """A name for days that depend on today.

    Args:
        help: which days these are.
        of: today → the days.
    """

    help: str
    of: Callable[[dt.date], Days]


def _around(today: dt.date, first: int, last: int) -> Days:
    return Days(today + dt.timedelta(first), today + dt.timedelta(last))


def _week(today: dt.date, back: int) -> Days:
    first = -today.weekday() - 7 * back
    return _around(today, first, first + 6)


def _month(today: dt.date, back: int) -> Days:
    first = _months_before(today.replace(day=1), back)
    return Days(first, first.replace(day=days_in_month(first.year, first.month)))


def _year(today: dt.date, back: int) -> Days:
    return Days(dt.date(today.year - back, 1, 1), dt.date(today.year - back, 12, 31))


NAMED: Mapping[str, NamedDays] = {
    "today": NamedDays("this day", lambda today: _around(today, 0, 0)),
    "yesterday": NamedDays("the day before", lambda today: _around(today, -1, -1)),
    "this-week": NamedDays("Monday to Sunday", lambda today: _week(today, 0)),
    "last-week": NamedDays("the week before", lambda today: _week(today, 1)),
    "this-month": NamedDays("the whole of it", lambda today: _month(today, 0)),
    "last-month": NamedDays("the month before", lambda today: _month(today, 1)),
    "this-year": NamedDays("the whole of it", lambda today: _year(today, 0)),
    "last-year": NamedDays("the year before", lambda today: _year(today, 1)),
}
"""What may stand for days; ``last-30-days`` and the like are read by a rule."""

SIDES_OF_TIME: Mapping[str, tuple[int, str]] = {
    "from": (0, "{}.."),
    "since": (0, "{}.."),
    "after": (1, "{}.."),
    "before": (-1, "..{}"),
    "until": (0, "..{}"),
    "till": (0, "..{}"),
}
"""Words before a year, which also name a field in the searches of mailboxes and other sites → how
many years further its range begins or ends, and what it looks like."""

_LAST_YEAR = 9999

_LAST = late(r"last-([1-9]\d{0,3})-(day|week|month|year)s?\Z", re.ASCII)
_YEAR = late(r"\d{4}\Z", re.ASCII)
_DATE = late(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z", re.ASCII)
_COMPARED = late(r"([<>]=?)\s*(.*)\Z", re.DOTALL)
# Blanks are hyphens here: "2013 - 2019", "from 2013 to 2019", "since 2013", "the 1980s".
_TWO_YEARS = late(
    r"(?:from-|between-)?(\d{4})-*(?:[-–—]|to|until|till|and|through)-*(\d{4})\Z", re.ASCII
)
_SIDE = late(r"([a-z]+)-(\d{4})(?:-on(?:wards?)?)?\Z", re.ASCII)
_DECADE = late(r"(?:the-)?(\d{3})0'?s\Z", re.ASCII)
_NUMBERS = late(r"(\d{1,4})\s*[./-]\s*(\d{1,4})(?:\s*[./-]\s*(\d{1,4}))?\Z", re.ASCII)
_EIGHT_DIGITS = late(r"(\d{4})(\d{2})(\d{2})\Z", re.ASCII)
_WITH_MONTH = late(r"(?:(\d{1,2})-)?([a-z]{3,9})\.?-(?:(\d{1,2})-)?(\d{4})\Z", re.ASCII)
# "last 30 days", "past-2-weeks", "now-1y", "7d", "3 months ago": a quantity before today.
_BEFORE_TODAY = late(
    r"(?:now-|(?:in-)?(?:the-)?(?:last|past)-?)?([1-9]\d{0,3})-?([dwmy])(?:ays?|eeks?|onths?|ears?|)(?:-ago)?\Z",
    re.ASCII,
)
_UNITS: Mapping[str, str] = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_SEPARATORS = late(r"[\s_]+")

_YEAR_CHARS = len("2014")
_MONTHS = (
    "january february march april may june july august september october november december"
).split()

_EXAMPLES = {
    "year": "a year looks like year:2014 or year:2013..2019",
    "date": "a date looks like date:2014, date:2014-02 or date:2014-02-01..2014-03",
}


def read_days(field: str, text: str, today: dt.date) -> Days:
    """Return the days that ``text`` stands for.

    Args:
        field: ``date``, or ``year`` where only whole years will do.
        text: ``2014``, ``2014-02``, ``2014-02-05``, a name of `NAMED`, ``last-30-days``;
            two of them with ``..`` between, one with ``..`` or ``<``, ``<=``, ``>``,
            ``>=`` at a side.
        today: the day that names are reckoned from.

    Raises:
        ValueError: with a sentence that says what is wrong and what would do.
    """
    text = "".join(map(plain_digit, text))
    compared = _COMPARED.match(text)
    if compared:
        return _compared(field, compared[1], compared[2], today)
    low, dots, high = (part.strip() for part in text.partition(".."))
    if not dots:
        return _interval(field, text, today)
    if not (low or high):
        raise ValueError(f"'{text}' is an empty range; {_EXAMPLES[field]}")
    first = _interval(field, low, today).first if low else None
    last = _interval(field, high, today).last if high else None
    if first is not None and last is not None and first > last:
        raise ValueError(f"The range '{text}' runs backwards; did you mean '{high}..{low}'?")
    return Days(first, last)


def _compared(field: str, sign: str, text: str, today: dt.date) -> Days:
    first, last = _interval(field, text.strip(), today)
    assert first is not None, "an interval is closed"  # noqa: S101
    assert last is not None, "an interval is closed"  # noqa: S101
    try:
        match sign:
            case ">=":
                return Days(first, None)
            case ">":
                return Days(last + dt.timedelta(1), None)
            case "<=":
                return Days(None, last)
            case _:
                return Days(None, first - dt.timedelta(1))
    except OverflowError:
        raise ValueError(f"'{sign}{text}' is not in the calendar") from None


def _interval(field: str, text: str, today: dt.date) -> Days:
    """Return the days of a date or of a name for one."""
    name = _SEPARATORS.sub("-", text.strip().lower())
    if _is_named(field, name):
        try:
            return _reckon(name, today)
        except (ValueError, OverflowError):
            raise ValueError(f"'{text}' is not in the calendar") from None
    if not (_YEAR if field == "year" else _DATE).match(text):
        raise ValueError(f"'{shorten(text)}' is no {field}; {_hint(field, name)}")
    parts = [int(part) for part in text.split("-")]
    try:
        date = PartialDate("-".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])]))
    except ValueError:
        raise ValueError(f"'{text}' is not in the calendar") from None
    return Days(date.start, date.last)


def _is_named(field: str, name: str) -> bool:
    if field == "year":
        return name in {"this-year", "last-year"}
    return name in NAMED or _LAST.match(name) is not None


def _reckon(name: str, today: dt.date) -> Days:
    """Return the days of a name; the last 7 days end today and begin six days before."""
    last = _LAST.match(name)
    if last is None:
        return NAMED[name].of(today)
    count = int(last[1])
    match last[2]:
        case "day" | "week" as unit:
            days = count * (7 if unit == "week" else 1)
            before = today - dt.timedelta(days)
        case unit:
            before = _months_before(today, count * (12 if unit == "year" else 1))
    return Days(before + dt.timedelta(1), today)


def _months_before(day: dt.date, count: int) -> dt.date:
    """Return the same day so many months earlier, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    last = days_in_month(year, month + 1)
    return dt.date(year, month + 1, min(day.day, last))


def _hint(field: str, name: str) -> str:
    years = _years(name)
    if years:
        return f"did you mean '{years}'?"
    numbers = _NUMBERS.match(name) or _EIGHT_DIGITS.match(name)
    meant = sorted(set(_readings([part for part in numbers.groups() if part]))) if numbers else []
    meant = meant or list(_with_month(name))
    if meant and field == "date":
        return did_you_mean(meant)
    if meant:
        return f"{_EXAMPLES[field]}, and days are asked for with date:{meant[0]}"
    before = _BEFORE_TODAY.match(name)
    if before and field == "date":
        return did_you_mean((f"last-{before[1]}-{_UNITS[before[2]]}",))
    known = [named for named in NAMED if _is_named(field, named)]
    return did_you_mean(nearest(name, known)) or _EXAMPLES[field]


def _years(name: str) -> str:
    """Return the range that "2013-2019", "since 2013" or "1980s" is, else an empty text."""
    if both := _TWO_YEARS.match(name):
        return f"{both[1]}..{both[2]}"
    if decade := _DECADE.match(name):
        return f"{decade[1]}0..{decade[1]}9"
    side = _SIDE.match(name)
    return years_on_side(side[1], side[2]) if side else ""


def years_on_side(word: str, year: str) -> str:
    """Return the range that "since 2014" or "before 2014" is, or an empty text."""
    further, shape = SIDES_OF_TIME.get(word.lower(), (0, ""))
    number = int(year) + further
    return shape.format(f"{number:04}") if 0 < number <= _LAST_YEAR else ""


def _with_month(name: str) -> Iterator[str]:
    """Yield the date that "March 2014", "5 March 2014" or "Mar. 5 2014" is."""
    found = _WITH_MONTH.match(name)
    if found is None:
        return
    before, word, behind, year = found.groups()
    months = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(word)]
    day = before or behind
    if months and not (before and behind):
        with contextlib.suppress(ValueError):
            yield str(PartialDate(f"{year}-{months[0]:02}" + (f"-{int(day):02}" if day else "")))


def _readings(numbers: Sequence[str]) -> Iterator[str]:
    """Yield the dates that numbers may stand for: 03/04/2014 is two, 24.03.2014 is one."""
    if len(numbers[-1]) == _YEAR_CHARS:
        numbers = numbers[::-1]
    year, *rest = numbers
    for parts in {tuple(rest), tuple(reversed(rest))}:
        text = "-".join((year, *(f"{int(part):02}" for part in parts)))
        with contextlib.suppress(ValueError):
            yield str(PartialDate(text))
