"""Dates written in numbers: shapes, calendar checks and the years we believe."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

FIRST_YEAR = 1800
"""The first year a post may carry: the oldest texts that people index as rights
history are of the decades after the American and French declarations; anything
earlier is far more often a number, or a year of another calendar."""

_ZONES = "z|utc|gmt|[ecmpwk]s?t|[ecmp]dt|[bi]st|w?[cew]es?t|msk|jst|[wce]at|sast|uhr|hrs|hours"

CLOCK = (
    r"(?:[01]?\d|2[0-4])(?::|\s?h\s?)[0-5]\d(?::[0-6]\d(?:[.,]\d+)?)?(?:\s?(?:[ap]\.?\s?m\b\.?|ص\b|صباحا?|مساء?))?"
    rf"(?:\s?(?:{_ZONES})\b)?(?:\s?[+-]\d{{2}}:?\d{{2}})?(?:\s?\([a-z ]{{1,30}}\))?"
)
"""A time of day with its zone, in lower case."""

# Behind a date in numbers a zone of hours alone can be nothing else: PostgreSQL writes it so.
_AFTER = rf"(?:(?:t|,?\s+)(?:at\s+)?{CLOCK}(?:[+-]\d\d)?)?"
_EPOCH_MIN_S = 100_000_000
_EPOCH_FIRST_S = dt.datetime(FIRST_YEAR, 1, 1, tzinfo=dt.UTC).timestamp()
_MILLISECONDS_FROM = 100_000_000_000
_EPOCH_END_MS = 10**14

# One class to begin with, so that what cannot begin one is passed over at a quarter of the cost.
YEAR_DIGITS = re.compile(r"[^\D03-9](?:(?<=1)[89][0-9]{2}|(?<=2)[01][0-9]{2}|(?<![0-9]))")
"""What stands in every text that means a date of a year we believe, and in few others: the
digits of one, or a digit that is not ASCII's."""


@dataclass(frozen=True, slots=True)
class Found:
    """A date as read: ISO prefix, flags, and whether it is that of an update."""

    iso: str
    flags: tuple[str, ...] = ()
    is_update: bool = False


def last_year() -> int:
    """Return the last year a post may carry: next year, for what is announced."""
    return dt.datetime.now(tz=dt.UTC).year + 1


def from_parts(year: int, month: int | None = None, day: int | None = None) -> Found | None:
    """Return the date of these parts, or None where the calendar has no such date."""
    if not FIRST_YEAR <= year <= last_year():
        return None
    if month is None:
        return Found(f"{year:04d}")
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of the year
        return None
    if day is None:
        return Found(f"{year:04d}-{month:02d}")
    try:
        return Found(dt.date(year, month, day).isoformat())
    except ValueError:
        return None


def from_number(number: float) -> Found | None:
    """Return the date of a bare number: a year, YYYYMMDD, or seconds of the epoch.

    Epoch values are seconds or milliseconds since 1970 in UTC, which is all they
    say: the day is the day in UTC and the flag is ``epoch``. Numbers nearer than
    100,000,000 seconds to 1970 are no dates, so that counts and ids are not either.
    """
    if not abs(number) < _EPOCH_END_MS:  # true of NaN as well
        return None
    if number == int(number) and 0 < number < _EPOCH_MIN_S:
        return from_digits(f"{int(number)}")
    return _from_epoch(number)


def from_digits(text: str, *, day_first: bool | None = None) -> Found | None:
    """Return the date of lower-case ``text`` that is numbers and signs only, or None."""
    if not _OPENING.match(text):
        return None
    for shape, read in _SHAPES:
        if match := shape.fullmatch(text):
            return read(match, day_first)
    return None


def _from_epoch(number: float) -> Found | None:
    seconds = number / 1000 if abs(number) >= _MILLISECONDS_FROM else number
    # Before our era Python has no days.
    if abs(seconds) < _EPOCH_MIN_S or seconds < _EPOCH_FIRST_S:
        return None
    try:
        day = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)
    except OverflowError:
        return None  # before the year 1, which databases write for no date
    found = from_parts(day.year, day.month, day.day)
    return found and Found(found.iso, ("epoch",))


def _year(match: re.Match[str], _: bool | None) -> Found | None:
    return from_parts(int(match[1]))


def _year_month(match: re.Match[str], _: bool | None) -> Found | None:
    year, sign, month = int(match[1]), match[2], int(match[3])
    if sign == "/" and month == (year + 1) % 100:
        return None  # 2011/12 is how annual reports write two years
    return from_parts(year, month)


def _year_month_day(match: re.Match[str], _: bool | None) -> Found | None:
    return from_parts(int(match["y"]), int(match["m"]), int(match["d"]))


def _month_year(match: re.Match[str], _: bool | None) -> Found | None:
    return from_parts(int(match[2]), int(match[1]))


def _day_month_year(match: re.Match[str], day_first: bool | None) -> Found | None:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    as_day_first = from_parts(year, second, first)
    as_month_first = from_parts(year, first, second)
    if as_day_first == as_month_first or as_month_first is None:
        return as_day_first
    if as_day_first is None:
        return as_month_first
    if day_first is None:
        return Found(f"{year:04d}", ("ambiguous-day-month",))
    return as_day_first if day_first else as_month_first


_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def _roman_month(match: re.Match[str], _: bool | None) -> Found | None:
    if match[3] not in _ROMAN:
        return None
    return from_parts(int(match[4]), _ROMAN.index(match[3]) + 1, int(match[1]))


def _week(match: re.Match[str], _: bool | None) -> Found | None:
    year, week, weekday = int(match[1]), int(match[2]), match[3]
    try:
        monday = dt.date.fromisocalendar(year, week, 1)
        sunday = monday + dt.timedelta(days=6)
    except (ValueError, OverflowError):
        return None
    if weekday:
        day = monday + dt.timedelta(days=int(weekday) - 1)
        return from_parts(day.year, day.month, day.day)
    if monday.year != sunday.year:
        return None  # no ISO prefix holds the days of both years
    month = monday.month if monday.month == sunday.month else None
    found = from_parts(monday.year, month)
    return found and Found(found.iso, ("coarsened",))


def _day_of_year(match: re.Match[str], _: bool | None) -> Found | None:
    year, number = int(match[1]), int(match[2])
    if not FIRST_YEAR <= year <= last_year() or number < 1:
        return None
    day = dt.date(year, 1, 1) + dt.timedelta(days=number - 1)
    return from_parts(year, day.month, day.day) if day.year == year else None


def _epoch(match: re.Match[str], _: bool | None) -> Found | None:
    return _from_epoch(int(match[1]))


_OPENING = re.compile(r"@|\d{1,4}(?:[-/.w\d]|\Z)")

_SHAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], bool | None], Found | None]], ...]
_SHAPES = (
    (
        re.compile(rf"(?P<y>\d{{4}})([-/.])(?P<m>\d{{1,2}})\2(?P<d>\d{{1,2}}){_AFTER}"),
        _year_month_day,
    ),
    (re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_AFTER}"), _day_month_year),
    (re.compile(r"(\d{1,2})([-/.])\s?(x{0,1}i{1,3}|i?v|vi{0,3}|i?x)\2\s?(\d{4})"), _roman_month),
    (re.compile(r"(\d{4})"), _year),
    (re.compile(r"(\d{4})([-/])(\d{1,2})"), _year_month),
    (re.compile(r"(\d{4})(\.)(\d{2})"), _year_month),
    (re.compile(r"(\d{1,2})[-/.](\d{4})"), _month_year),
    (re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:t\d{4}(?:\d{2})?z?)?"), _year_month_day),
    (re.compile(r"(\d{4})-?w(\d{2})(?:-?([1-7]))?"), _week),
    (re.compile(r"(\d{4})-(\d{3})"), _day_of_year),
    # Ten digits are seconds since September 2001, thirteen milliseconds; fewer are any number.
    (re.compile(r"@(-?\d{9,13})"), _epoch),
    (re.compile(r"(\d{10}|\d{13})"), _epoch),
)
