"""Values of cells as text: numbers without what computing added, dates as ISO 8601."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass


def number_text(value: str) -> str:
    """Return a number as a sheet shows it: ``2014.0`` is 2014, fifteen digits are kept."""
    try:
        number = float(value)
    except ValueError:
        return value
    if value.lstrip("-").isdigit():
        return value
    return f"{number:.15g}" if abs(number) >= _MAX_WHOLE or number % 1 else f"{number:.0f}"


def iso_text(value: str) -> str:
    """Return a moment in ISO 8601, a date if it is midnight."""
    return value.removesuffix("Z").partition(".")[0].removesuffix("T00:00:00")


@dataclass(frozen=True, slots=True)
class DateFormat:
    """What a format shows of a number that is a date.

    Args:
        has_month: whether it shows the month.
        has_day: whether it shows the day.
    """

    has_month: bool = True
    has_day: bool = True


def date_format(code: str) -> DateFormat | None:
    """Return what a format of Excel shows of a date, or None if it is that of a number or time.

    Args:
        code: as ECMA-376, 18.8.31 has it: ``yyyy-mm-dd``, ``[$-409]d" of "mmmm``.
    """
    if _ELAPSED.search(code):
        return None
    shown = _NOT_SHOWN.sub("", code.lower()).partition(";")[0]
    has_month = "m" in shown and not ("h" in shown or "s" in shown)
    if "y" not in shown and "d" not in shown and not has_month:
        return None
    return DateFormat("m" in shown, "d" in shown)


BUILT_IN: dict[int, DateFormat] = {
    **dict.fromkeys((14, 15, 16, 22, *range(27, 32), 36, *range(50, 59)), DateFormat()),
    17: DateFormat(has_day=False),
}
"""Formats that have a number and no code (ECMA-376, 18.8.30); those of East Asia are dates."""


def date_text(serial: str, shown: DateFormat, *, is_1904: bool) -> str:
    """Return the date that a serial number stands for; the number where it is none.

    What a format does not show is left out as in `as_shown`.

    Args:
        serial: days since the end of 1899, or since 1 January 1904.
        shown: what its format shows.
        is_1904: which of the two.
    """
    try:
        moment = _moment(float(serial), is_1904=is_1904)
    except (ValueError, OverflowError):
        return number_text(serial)
    return as_shown(iso_text(moment.isoformat()), shown)


def as_shown(date: str, shown: DateFormat) -> str:
    """Return a date in ISO 8601 without the day, or the month, that its format does not show.

    Only where that is the first: ``Mar-14`` is the whole of March, though it is kept as its
    first day.
    """
    if shown.has_day or not _FIRST_DAY.fullmatch(date):
        return date
    return date[:4] if not shown.has_month and date[5:7] == "01" else date[:7]


_FIRST_DAY = re.compile(r"\d{4}-\d\d-01")
_MAX_WHOLE = 10**15
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|[_*].|am/pm|a/p|general')
_LAST_OF_LEAP = 60


def _moment(serial: float, *, is_1904: bool) -> dt.datetime:
    if not 0 <= serial < _END:
        raise ValueError(serial)
    # Excel takes 1900 for a leap year: day 60 was never, and those before are a day later.
    start = _FROM_1904 if is_1904 else _FROM_1900
    days = serial + (0 if is_1904 or serial >= _LAST_OF_LEAP else 1)
    return start + dt.timedelta(seconds=round(days * 86_400))


_FROM_1900 = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no zones
_FROM_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001
_END = 2_958_466
