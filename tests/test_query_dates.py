"""Dates that depend on today, and ranges with an open side."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.query.dates import NAMED, Days, read_days
from rights_search.query.nodes import DateRange
from rights_search.query.parser import parse

THURSDAY = dt.date(2024, 2, 29)


def local_day() -> dt.date:
    """Return the day on the clock where the test runs."""
    return dt.datetime.now().astimezone().date()


def days(first: str, last: str) -> Days:
    """Return two ISO days as an interval; an empty text is an open side."""
    return Days(*(dt.date.fromisoformat(day) if day else None for day in (first, last)))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", "2024-02-29", "2024-02-29"),
        ("yesterday", "2024-02-28", "2024-02-28"),
        ("this-week", "2024-02-26", "2024-03-03"),
        ("last-week", "2024-02-19", "2024-02-25"),
        ("this-month", "2024-02-01", "2024-02-29"),
        ("last-month", "2024-01-01", "2024-01-31"),
        ("this-year", "2024-01-01", "2024-12-31"),
        ("last-year", "2023-01-01", "2023-12-31"),
        # Today is the last of the days; a month begins on the day behind the same one.
        ("last-1-day", "2024-02-29", "2024-02-29"),
        ("last-30-days", "2024-01-31", "2024-02-29"),
        ("last-2-weeks", "2024-02-16", "2024-02-29"),
        ("last-3-months", "2023-11-30", "2024-02-29"),
        ("last-1-year", "2023-03-01", "2024-02-29"),
        # As people type it
        ("Last Year", "2023-01-01", "2023-12-31"),
        ("LAST_30_DAYS", "2024-01-31", "2024-02-29"),
        # In ranges
        ("last-year..", "2023-01-01", ""),
        ("..yesterday", "", "2024-02-28"),
        ("last-month..today", "2024-01-01", "2024-02-29"),
        ("2013..last-year", "2013-01-01", "2023-12-31"),
        # With a sign
        (">=2014-02", "2014-02-01", ""),
        (">2014-02", "2014-03-01", ""),
        ("<=2014-02", "", "2014-02-28"),
        ("<2014-02", "", "2014-01-31"),
        (">= last-week", "2024-02-19", ""),
        # In the digits of Arabic and Persian keyboards
        ("٢٠١٤-٠٢", "2014-02-01", "2014-02-28"),
        ("۲۰۱۳..۲۰۱۹", "2013-01-01", "2019-12-31"),
    ],
)
def test_days_reckoned_from_today(text: str, first: str, last: str) -> None:
    """A name stands for the days that it has on the day given."""
    assert read_days("date", text, THURSDAY) == days(first, last)


@pytest.mark.parametrize(
    ("today", "text", "first", "last"),
    [
        ("2024-01-01", "yesterday", "2023-12-31", "2023-12-31"),
        ("2024-01-01", "last-month", "2023-12-01", "2023-12-31"),
        ("2024-01-01", "this-week", "2024-01-01", "2024-01-07"),
        ("2023-01-01", "this-week", "2022-12-26", "2023-01-01"),
        ("2023-03-31", "last-1-month", "2023-03-01", "2023-03-31"),
        ("2024-12-31", "last-12-months", "2024-01-01", "2024-12-31"),
    ],
)
def test_days_at_the_turn_of_a_month(today: str, text: str, first: str, last: str) -> None:
    """Weeks begin on Monday, and shorter months end on their last day."""
    assert read_days("date", text, dt.date.fromisoformat(today)) == days(first, last)


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("date", "last-yaer", "'last-yaer' is no date; did you mean 'last-year'?"),
        ("date", "last-0-days", "'last-0-days' is no date"),
        ("date", "last-9999-years", "'last-9999-years' is not in the calendar"),
        ("date", ">9999", "'>9999' is not in the calendar"),
        ("date", "<", "'' is no date; a date looks like"),
        ("date", "today..last-year", "runs backwards; did you mean 'last-year..today'?"),
        ("date", "24/03/2014", "'24/03/2014' is no date; did you mean '2014-03-24'?"),
        ("date", "3/24/2014", "did you mean '2014-03-24'?"),
        ("date", "3.4.2014", "did you mean '2014-03-04' or '2014-04-03'?"),
        ("date", "2014/03/24", "did you mean '2014-03-24'?"),
        ("date", "20140324", "did you mean '2014-03-24'?"),
        ("date", "03/2014", "did you mean '2014-03'?"),
        ("date", "24/24/2014", "'24/24/2014' is no date; a date looks like"),
        ("date", "1/2/14", "'1/2/14' is no date; a date looks like"),
        ("year", "24/03/2014", "days are asked for with date:2014-03-24"),
        ("year", "2013-2019", "'2013-2019' is no year; did you mean '2013..2019'?"),
        ("year", "after-9998", "did you mean '9999..'?"),
        ("year", "after-9999", "a year looks like year:2014"),
        ("year", "before-0001", "a year looks like year:2014"),
        ("year", "2013 – 2019", "'2013 – 2019' is no year; did you mean '2013..2019'?"),
        ("year", "from 2013 to 2019", "'from 2013 to 2019' is no year; did you mean '2013..2019'?"),
        ("date", "between 2013 and 2019", "did you mean '2013..2019'?"),
        ("year", "since 2013", "'since 2013' is no year; did you mean '2013..'?"),
        ("year", "from 2013 on", "did you mean '2013..'?"),
        ("date", "After 2013", "did you mean '2014..'?"),
        ("date", "before 2013", "did you mean '..2012'?"),
        ("year", "until 2013", "did you mean '..2013'?"),
        ("date", "the 1980s", "did you mean '1980..1989'?"),
        ("year", "last-month", "'last-month' is no year; a year looks like"),
        ("year", "lastyear", "'lastyear' is no year; did you mean 'last-year'?"),
        ("year", "٢٠١", "'201' is no year"),
    ],
)
def test_what_is_no_date(field: str, text: str, message: str) -> None:
    """The message offers what was perhaps meant."""
    with pytest.raises(ValueError, match=re.escape(message)):
        read_days(field, text, THURSDAY)


def test_a_year_may_have_a_name() -> None:
    """The names that stand for whole years are values of the year, too."""
    assert read_days("year", "last-year", THURSDAY) == days("2023-01-01", "2023-12-31")
    assert read_days("year", "2020..this-year", THURSDAY) == days("2020-01-01", "2024-12-31")


@given(
    st.dates(min_value=dt.date(11, 1, 1), max_value=dt.date(9999, 12, 25)),
    st.sampled_from([*NAMED, "last-7-days", "last-9-months", "last-9-years"]),
)
def test_every_day_has_its_days(today: dt.date, name: str) -> None:
    """A name gives an interval in order on any day."""
    first, last = read_days("date", name, today)
    assert first is not None
    assert last is not None
    assert first <= last


def test_a_query_is_reckoned_from_the_day_given() -> None:
    """The same query on the same day is the same tree; without a day, the clock's counts."""
    year = DateRange(dt.date(2023, 1, 1), dt.date(2023, 12, 31))
    assert parse("date:last-year", today=THURSDAY).node == year
    assert parse("date:(last-year)", today=THURSDAY).node == year
    before = local_day()
    node = parse("date:today").node
    # Midnight may have passed in between.
    assert node in {DateRange(day, day) for day in (before, local_day())}
