"""Find the one date that a short text means: a date in numbers or in words, or a range.

The rules are in `rights_search.ingest.dates.finding`.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from rights_search.ingest.dates.calendars import without_other_calendars
from rights_search.ingest.dates.pieces import Pieces, months_of, prepare, sort_pieces
from rights_search.ingest.dates.ranges import find_range
from rights_search.ingest.dates.shapes import (
    CLOCK,
    Found,
    from_digits,
    from_number,
    from_parts,
    last_year,
)
from rights_search.ingest.dates.words import words

MAX_DATE_CHARS = 100
"""A longer text is no date, whatever stands in it."""

_DAY_CHARS = len("2019-09-19")

# "um 10:30" goes as a whole: "um 1848" is circa.
_CLOCK = re.compile(rf"(?<![\w:.])(?:um\s+)?{CLOCK}(?![\w:])")
_LOOSE_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*"
    r"(?:(?P<half>[ap])\.?\s?m\b\.?|h\b|hrs\b|hours\b|uhr\b)"
)
_WORD = re.compile(r"\d+|[^\W\d_]+")
_NUMBERS = re.compile(r"\d(?:[\d./-]*\d)?")
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Two dates that differ in year, month and day: what dateutil fills in from them
# differs as well. Both days exist in every month, so neither is ever clamped.
_DEFAULTS = (dt.datetime(2004, 1, 11), dt.datetime(2008, 2, 22))  # noqa: DTZ001


def find_date(value: str | dt.date | float, *, day_first: bool | None = None) -> Found | None:
    """Return the date that ``value`` means, or None where it names none for certain.

    Never raises, whatever the text. `rights_search.ingest.dates.finding.parse_date` is
    the same for those who need no more than the date.
    """
    match value:
        case dt.date():
            return from_parts(value.year, value.month, value.day)
        case int() | float():
            return from_number(value)
        case _:
            return _find_in_text(value, day_first)


def _find_in_text(text: str, day_first: bool | None) -> Found | None:
    # Cut before any work is done: such fields hold whole articles now and then.
    if len(text) > 2 * MAX_DATE_CHARS:
        return None
    return _find_in_short(text, day_first, last_year())


@lru_cache(maxsize=2048)
def _find_in_short(text: str, day_first: bool | None, _last_year: int) -> Found | None:
    """Posts of one day come together, and a page says its date several times.

    What counts as a date changes with the year alone, which is therefore part of the key.
    """
    text = prepare(text)
    if not text or len(text) > MAX_DATE_CHARS:
        return None
    found = from_digits(text, day_first=day_first) or _find_in_words(text, day_first)
    if found is not None:
        return found
    ours = without_other_calendars(text)
    return _find_in_words(ours, day_first) if ours else None


def _find_in_words(text: str, day_first: bool | None) -> Found | None:
    bare = _CLOCK.sub(" ", text, count=1)
    found = _find_single(bare, text, day_first) or find_range(bare, day_first=day_first)
    if found is not None:
        return found
    bare, count = _quarter().subn(" quarter ", bare, count=1)
    return _find_single(bare, text, day_first) if count else None


def _find_single(bare: str, text: str, day_first: bool | None) -> Found | None:
    """Return the one date of ``text``, which is ``bare`` without its time of day."""
    pieces = sort_pieces(bare)
    if pieces is None:
        return None
    months = months_of(pieces)
    # "am" is a preposition of German as well, and the number before it is not a day.
    if "time" in pieces or (months and len(pieces.get("day", [])) > 1):
        return _ask_dateutil(text)
    if "day" in pieces and not months:
        found = _only_numbers(bare, day_first)
    else:
        found = _from_pieces(pieces, months)
    return found and _with_flags(found, pieces)


def _from_pieces(pieces: Pieces, months: set[int]) -> Found | None:
    years, days = pieces.get("year", []), pieces.get("day", [])
    if len(years) != 1 or len(months) > 1 or len(days) > 1:
        return None
    return from_parts(*years, *months, *days)


def _only_numbers(text: str, day_first: bool | None) -> Found | None:
    """Return the numeric date that stands among the words of a date, if it is one."""
    cores = _NUMBERS.findall(text)
    return from_digits(cores[0], day_first=day_first) if len(cores) == 1 else None


def _with_flags(found: Found, pieces: Pieces) -> Found:
    flags = list(found.flags)
    if "circa" in pieces:
        flags.append("circa")
    is_part = "part" in pieces or "weekday or part" in pieces
    if is_part and len(found.iso) < _DAY_CHARS:
        flags.append("coarsened")
    if "weekday" in pieces and len(found.iso) == _DAY_CHARS:
        weekday = dt.date.fromisoformat(found.iso).weekday()
        if weekday not in pieces["weekday"]:
            flags.append("weekday-differs")
    return Found(found.iso, tuple(flags), is_update="updated" in pieces)


def _ask_dateutil(text: str) -> Found | None:
    """Return the date of a text with a time of day that `CLOCK` does not know.

    dateutil is slow to import and reads too much: it is asked only where such a
    time and the words of one date are all there is, twice, and only what both
    answers share is believed.
    """
    clock = _LOOSE_CLOCK.search(text)
    if not clock:
        return None
    rest = text[: clock.start()] + " " + text[clock.end() :]
    pieces = sort_pieces(rest)
    if pieces is None or "time" in pieces:
        return None
    months = months_of(pieces)
    if not _from_pieces(pieces, months):
        return None
    from dateutil import parser  # noqa: PLC0415 - 35 ms that most corpora never need

    half = f"{clock['half']}m" if clock["half"] else ""
    plain = f"{_in_english(rest, months)} {clock['hour']}:{clock['minute'] or '00'}{half}"
    try:
        one, two = (parser.parse(plain, default=day) for day in _DEFAULTS)
    except (ValueError, OverflowError):
        return None
    if (one.year, one.month) != (two.year, two.month):
        return None
    found = from_parts(one.year, one.month, one.day if one.day == two.day else None)
    return found and _with_flags(found, pieces)


def _in_english(text: str, months: set[int]) -> str:
    """Return the numbers of ``text`` and its months, in English, and nothing else."""
    vocabulary = words().months
    kept: list[str] = []
    for piece in _WORD.findall(text):
        if piece.isdecimal():
            kept.append(piece)
        elif vocabulary.get(piece) in months:
            kept.append(_ENGLISH[vocabulary[piece] - 1])
    return " ".join(kept)


@lru_cache(maxsize=1)
def _quarter() -> re.Pattern[str]:
    """Return a pattern for ``Q3``, ``T3``, "3rd quarter" and "III квартал"."""
    named = "|".join(map(re.escape, words().quarters))
    ordinals = "|".join(map(re.escape, words().ordinals))
    number = rf"(?:[1-4][.º]?\s?-?\s?(?:{ordinals})?|iv|i{{1,3}}[.]?)"
    return re.compile(rf"(?<!\w)(?:[qt]\s?[1-4]|{number}\s*(?:{named}))(?!\w)")
