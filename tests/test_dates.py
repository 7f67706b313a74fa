"""Dates: the traps, every language's formats, and what must never be invented."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rights_search
from effort import steps
from rights_search.ingest.dates.doubts import (
    is_of_other_calendar,
    other_calendar_notes,
    why_no_date,
)
from rights_search.ingest.dates.finding import find_date_line, find_tied_date, parse_date
from rights_search.ingest.dates.shapes import FIRST_YEAR, from_parts, last_year
from rights_search.ingest.dates.words import fold
from rights_search.post import PartialDate

FIXTURES = Path(__file__).resolve().parent / "fixtures" / "dates"
WORDS = Path(rights_search.__file__).resolve().parent / "data" / "date_words.json"
LANGUAGES: dict[str, dict[str, Any]] = json.loads(WORDS.read_text(encoding="utf-8"))["languages"]
ALL_MONTHS = [
    (number, name)
    for language in LANGUAGES.values()
    for number, names in enumerate(language["months"], start=1)
    for name in names
]


def _cases(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _written(value: str | dt.date | float, **options: Any) -> str:
    date = parse_date(value, **options)
    return "none" if date is None else " ".join([date.iso, *date.flags])


@pytest.mark.parametrize("case", _cases("traps.tsv"), ids=lambda case: case["input"])
def test_traps(case: dict[str, str]) -> None:
    """Each text that misleads date libraries gives the answer the table decides for."""
    assert _written(case["input"]) == case["expected"], case["reason"]


@pytest.mark.parametrize("case", _cases("formats.tsv"), ids=lambda case: case["input"])
def test_formats(case: dict[str, str]) -> None:
    """Each way of writing a date in seven languages is read as the table says."""
    assert _written(case["input"]) == case["expected"], case["reason"]


@pytest.mark.parametrize("case", _cases("languages.tsv"), ids=lambda case: case["input"])
def test_languages(case: dict[str, str]) -> None:
    """Ranges, parts of years, updates and other calendars are read alike in every language."""
    assert case["language"] in LANGUAGES
    assert _written(case["input"]) == case["expected"], case["reason"]


@pytest.mark.parametrize("case", _cases("doubts.tsv"), ids=lambda case: case["input"])
def test_doubts(case: dict[str, str]) -> None:
    """What is no date says why: another calendar, a decade, a year of two digits."""
    assert parse_date(case["input"]) is None
    assert (why_no_date(case["input"]) or "none") == case["reason"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("12 Ramadan 1445", True),
        ("12/9/1445هـ", True),
        ("24 March 2567 BE", True),
        ("In Ramadan 1445 the court sat", False),
        ("Ramadan", False),
        ("5 May 2014", False),
        ("5 May 2014, 10 h", False),  # an hour, although H. marks a year of the Hijra
    ],
)
def test_a_line_is_a_date_of_another_calendar(line: str, expected: bool) -> None:
    """Only a line that is such a date and nothing else counts as one."""
    assert is_of_other_calendar(line) == expected


@pytest.mark.parametrize(
    "line", ["03/04/2019", "03/04/2019 | By A Name", "03/04/2019 Kiribati, New Zealand"]
)
def test_a_date_line_takes_the_order_of_its_source(line: str) -> None:
    """Alone, with a byline and with labels: day or month first, as its source writes."""
    for day_first, iso in ((True, "2019-04-03"), (False, "2019-03-04")):
        found = find_date_line(line, day_first=day_first, loose=True)
        assert found is not None
        assert found.date == PartialDate(iso, "date line")


def test_long_texts_are_not_looked_at() -> None:
    """What is longer than any date is none, and nothing is said about it."""
    assert find_date_line("5 May 2014".ljust(200)) is not None
    assert find_date_line("5 May 2014".ljust(201)) is None
    assert _written("5 May 2014".ljust(200)) == "2014-05-05"
    assert _written("5 May 2014".ljust(201)) == "none"
    assert why_no_date("1066".ljust(200)) is not None
    assert why_no_date("1066".ljust(201)) is None
    assert is_of_other_calendar("12 Ramadan 1445".ljust(200))
    assert not is_of_other_calendar("12 Ramadan 1445".ljust(201))


@pytest.mark.parametrize("space", [" ", "  ", "\t", " \t", "\u00a0", "\u2003"])
def test_a_preposition_ties_a_date_to_a_sentence_by_any_space(space: str) -> None:
    """A tab behind "on" once made a date line of it."""
    assert find_date_line(f"on{space}5 May 2014") is None
    assert find_date_line(f"Posted on{space}5 May 2014") is not None


@pytest.mark.parametrize("case", _cases("date_lines.tsv"), ids=lambda case: case["line"])
def test_date_lines(case: dict[str, str]) -> None:
    """A line is a separator only where a date and decoration are all there is."""
    found = find_date_line(case["line"])
    if case["date"] == case["updated"] == "none":
        assert found is None
        return
    assert found is not None
    assert (str(found.date or "none").lower(), str(found.updated or "none").lower()) == (
        case["date"],
        case["updated"],
    )
    assert (found.rest, found.byline) == (case["rest"], case["byline"])
    assert {date.origin for date in (found.date, found.updated) if date} == {"date line"}


@pytest.mark.parametrize("case", _cases("loose_lines.tsv"), ids=lambda case: case["line"])
def test_loose_date_lines(case: dict[str, str]) -> None:
    """Where it is asked for, names behind a date are labels; words of a sentence are none."""
    found = find_date_line(case["line"], loose=True, origin="margin")
    if found is None:
        assert case["date"] == "none"
    else:
        assert found.date == PartialDate(case["date"], "margin")
        assert found.rest == case["rest"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Le 24 mars 2014", "2014-03-24"),
        ("\u00a0 * LE\u00a024 mars 2014 *\u00a0", "2014-03-24"),
        ("En date du 24 mars 2014", "2014-03-24"),
        ("от 24 марта 2014 г. #", "2014-03-24"),
        ("Від 24 березня 2014 р.", "2014-03-24"),
        ("Le 24 mars 2014 г.,", None),
        ("Le 25/04/2014", "2014-04-25"),
        ("Le " + "24 mars 2014".rjust(97), "2014-03-24"),
        ("Le " + "24 mars 2014".rjust(98), None),
        ("Le 24 mars 2014.", None),
        ("Le 24 mars 2014, une journée", None),
        ("Le 24 mars 98", None),
        ("24 mars 2014", None),
        ("Depuis le 24 mars 2014", None),
        ("On 24 March 2014 (updated)", None),
        ("Le mars 2014", None),
        ("Le 3-5 mai 2014", None),
        ("Le 1395619200", None),
        ("Le procès", None),
    ],
)
def test_a_date_behind_an_article_is_tied_to_nothing(line: str, expected: str | None) -> None:
    """An article or a preposition, a whole day and no more: where a page allows such a line."""
    found = find_tied_date(line, origin="margin")
    assert (found and found.date) == (expected and PartialDate(expected, "margin"))
    assert find_date_line(line) is None or found is None


def test_a_tied_date_takes_the_order_of_its_source() -> None:
    """Day or month first, as its source writes."""
    for day_first, iso in ((True, "2014-04-03"), (False, "2014-03-04")):
        found = find_tied_date("Le 03/04/2014", day_first=day_first)
        assert found is not None
        assert found.date == PartialDate(iso, "date line")


def test_the_first_line_of_another_calendar_is_noted() -> None:
    """One note on a post, with the line and why it is not read."""
    head = ("A title of 2014", "12 Ramadan 1445", "5 Farvardin 1403")
    reason = "it is of another calendar (Islamic), which is not converted"
    noted = f"'12 Ramadan 1445' is not understood as a date: {reason}"
    assert other_calendar_notes(head) == (noted,)
    assert other_calendar_notes(head[:1]) == ()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ÀB-Z", "ab-z"),
        ("Žá", "za"),
        ("Йод, Ёж", "йод, еж"),
        ("مُحَرَّم", "محرم"),
        ("مـايو", "مايو"),
        ("أإآٱ ىی ک", "اااا يي ك"),
    ],
)
def test_words_are_compared_folded(text: str, folded: str) -> None:
    """Accents go from Latin letters alone; letters that are written for each other are one."""
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (dt.date(2019, 9, 19), "2019-09-19"),
        (
            dt.datetime(2019, 9, 19, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
            "2019-09-19",
        ),
        (2019, "2019"),
        (20190919, "2019-09-19"),
        (1568887200, "2019-09-19 epoch"),
        (1568887200000, "2019-09-19 epoch"),
        (1568887200.75, "2019-09-19 epoch"),
        (-665_000_000, "1948-12-05 epoch"),
        (100_000_000, "1973-03-03 epoch"),
        (-62_135_596_800, "none"),
        (-62_135_596_801, "none"),
        (99_999_999, "none"),
        (100_000_000_000, "1973-03-03 epoch"),  # milliseconds from here on
        (12, "none"),
        (True, "none"),
        (201909, "none"),
        (float("nan"), "none"),
        (float("inf"), "none"),
        (10**400, "none"),
        (dt.date(1066, 10, 14), "none"),
    ],
    ids=str,
)
def test_values(value: dt.date | float, expected: str) -> None:
    """Dates keep their own day, and a number is a year, a date or an epoch time."""
    assert _written(value) == expected


@pytest.mark.parametrize(
    ("text", "day_first", "expected"),
    [
        ("09/10/2013", True, "2013-10-09"),
        ("09/10/2013", False, "2013-09-10"),
        ("09/10/2013", None, "2013 ambiguous-day-month"),
        ("10.12.1948", True, "1948-12-10"),
        ("25/04/2019", False, "2019-04-25"),
        ("04/25/2019", True, "2019-04-25"),
        ("05/05/2019", None, "2019-05-05"),
        ("Posted on 03/04/2019 by", True, "2019-04-03"),
        ("03/04/2014 - 05/04/2014", True, "2014-04 range"),
        ("03/04/2014 - 05/04/2014", False, "2014 range"),
        ("03/04/2014 - 05/04/2014", None, "none"),
    ],
)
def test_day_first(text: str, day_first: bool | None, expected: str) -> None:
    """The source's word decides between day and month where the numbers do not."""
    assert _written(text, day_first=day_first) == expected


def test_origin() -> None:
    """The origin is handed on to the result."""
    date = parse_date("May 2019", origin="front matter: date")
    assert date is not None
    assert date.origin == "front matter: date"


def test_range_of_years() -> None:
    """Years from 1800 to next year are believed, and no other."""
    assert _written(str(FIRST_YEAR)) == "1800"
    assert _written(str(FIRST_YEAR - 1)) == "none"
    assert last_year() - dt.datetime.now(tz=dt.UTC).year == 1
    assert _written(str(last_year())) == str(last_year())
    assert _written(f"5 May {last_year() + 1}") == "none"
    assert why_no_date(f"31 February {last_year()}") is None


DAYS = st.dates(min_value=dt.date(FIRST_YEAR, 1, 1), max_value=dt.date(last_year(), 12, 31))
ORDER = {
    "en": (
        "{d} {m} {y}",
        "{m} {d}, {y}",
        "{m}. {d} {y}",
        "{d}th of {m}, {y}",
        "Posted on {m} {d}, {y}",
    ),
    "fr": ("{d} {m} {y}", "le {d} {m} {y}", "Publié le {d} {m} {y}"),
    "es": ("{d} de {m} de {y}", "{d} {m} {y}", "el {d} de {m} del {y}"),
    "pt": ("{d} de {m} de {y}", "publicado em {d} {m} {y}"),
    "de": ("{d}. {m} {y}", "am {d}. {m} {y}"),
    "ru": ("{d} {m} {y}", "{d} {m} {y} г.", "{d} {m} {y} года", "Опубликовано {d} {m} {y}"),
    "ar": ("{d} {m} {y}", "{d} {m}، {y} م", "في {d} {m} {y}"),
}
DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
NUMERIC = (
    "{y:04}-{m:02}-{d:02}",
    "{y:04}/{m:02}/{d:02}",
    "{y:04}.{m:02}.{d:02}",
    "{y:04}{m:02}{d:02}",
    "{y:04}-{m:02}-{d:02}T23:59:59Z",
    "{y:04}-{m:02}-{d:02} 00:00:00 +1400",
)


@st.composite
def _rendered(draw: st.DrawFn) -> tuple[dt.date, str]:
    day = draw(DAYS)
    language = draw(st.sampled_from(sorted(ORDER)))
    month = draw(st.sampled_from(LANGUAGES[language]["months"][day.month - 1]))
    month = draw(st.sampled_from([month, month.upper(), month.capitalize()]))
    text = draw(st.sampled_from(ORDER[language])).format(d=day.day, m=month, y=day.year)
    digits = draw(st.sampled_from(DIGITS)) if language == "ar" else DIGITS[0]
    return day, text.translate(str.maketrans(DIGITS[0], digits))


@settings(deadline=None)
@given(_rendered())
def test_every_language_reads_back(rendered: tuple[dt.date, str]) -> None:
    """A day written with any spelling of its month in any language is that day."""
    day, text = rendered
    assert _written(text) == day.isoformat()
    # A line may not start with a preposition; everything else is a separator.
    line = find_date_line(text)
    first_word = text.split(" ", 1)[0].lower()
    assert (line is None) == (first_word in ("le", "el", "am", "في"))


@settings(deadline=None)
@given(DAYS, st.sampled_from(NUMERIC))
def test_every_numeric_format_reads_back(day: dt.date, shape: str) -> None:
    """A day written with the year first is that day, whatever the time and zone."""
    assert _written(shape.format(y=day.year, m=day.month, d=day.day)) == day.isoformat()


@settings(deadline=None)
@given(DAYS, st.sampled_from(ALL_MONTHS))
def test_a_month_stays_a_month(day: dt.date, month: tuple[int, str]) -> None:
    """A month and a year have no day."""
    number, name = month
    assert _written(f"{name} {day.year}") == f"{day.year}-{number:02}"


@settings(deadline=None)
@given(st.text())
def test_any_text_is_safe(text: str) -> None:
    """No text makes the parser raise."""
    parse_date(text)
    find_date_line(text)
    find_date_line(text, loose=True)
    why_no_date(text)


PIECES = [
    *("2019", "1948", "5776", "98", "7", "31", "12", "00", "190919", "20190919", "1568887200"),
    *(name for _, name in ALL_MONTHS[::7]),
    *("Monday", "mar.", "vendredi", "of", "de", "г.", "م", "Posted on", "by", "circa", "early"),
    *("st", "th", "er", "-", "/", ".", ",", ":", "T", "Z", "+03:00", "10:00", "3 pm", "10h30"),
    *("noon", "W38", "BC", "s", "?", "~", "|", "(", ")", "\u200f", "\u00a0", "\n"),
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9), st.sampled_from(["", " "]))
def test_nothing_is_invented(pieces: list[str], space: str) -> None:
    """Pieces of dates in any order never give a year, month or day that is not there."""
    text = space.join(pieces)
    date = parse_date(text)
    if date is None or "epoch" in date.flags:
        return
    numbers = re.findall(r"\d+", text)
    assert any(number.startswith(str(date.year)) for number in numbers)
    if date.precision == "day":
        day = date.start.day
        assert any(number in (f"{day}", f"{day:02}") or len(number) == 8 for number in numbers)
    if date.precision != "year":
        month = f"{date.start.month:02}"
        named = any(
            name.lower() in text.lower()
            for number, name in ALL_MONTHS
            if number == date.start.month
        )
        assert (
            named
            or any(number.zfill(2) == month or len(number) == 8 for number in numbers)
            or ("W38" in text)
        )


def test_a_day_of_the_last_year_that_counts() -> None:
    """The year is the last one in which a date may be, not one later."""
    assert _written(f"{last_year()}-045") == f"{last_year()}-02-14"
    assert _written(f"{last_year() + 1}-045") == "none"


def test_there_is_no_thirteenth_month() -> None:
    """Parts that name no month of the year are no date, with a day or without."""
    assert (
        from_parts(2019, 13, None) is from_parts(2019, 0, None) is from_parts(2019, 13, 5) is None
    )
    december = from_parts(2019, 12, None)
    assert december is not None
    assert december.iso == "2019-12"


def test_long_text_is_refused_at_once() -> None:
    """A whole article in a date field costs nothing: ten times the text, no step more."""

    def taken(count: int) -> int:
        assert parse_date("5 May 2019 " * count) is None
        return steps(lambda: parse_date("5 May 2019 " * count))

    assert taken(100_000) == taken(10_000) < 100


@pytest.mark.parametrize(
    "text", ["January 29, 2019", "6 May 2012", "2019-09-19T10:00:00Z", "19 septembre 2019"]
)
def test_simple_dates_are_fast(text: str) -> None:
    """A simple date takes few steps: every line of a listing may be one."""
    assert parse_date(text) is not None
    assert steps(lambda: parse_date(text)) < 300


def test_dateutil_is_imported_only_when_reached() -> None:
    """Ordinary dates do not pay for dateutil; an odd time of day does."""
    program = (
        "import sys\n"
        "from rights_search.ingest.dates.finding import parse_date\n"
        "parse_date('19 September 2019 10:30'); parse_date('2019-09-19'); parse_date('no date')\n"
        "before = 'dateutil' in sys.modules\n"
        "found = parse_date('19 September 2019, 3 p.m.')\n"
        "print(before, 'dateutil' in sys.modules, found)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True", "2019-09-19"]
