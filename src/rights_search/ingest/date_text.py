"""Find the one date that a short text means: its words, sorted by what they can be.

The rules are in `rights_search.ingest.dates`.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from rights_search.ingest.cleaning import normalise
from rights_search.ingest.date_shapes import CLOCK, Found, from_digits, from_number, from_parts
from rights_search.ingest.date_words import Words, fold, words

MAX_DATE_CHARS = 100
"""A longer text is no date, whatever stands in it."""

_NUMBER_KINDS = {1: "day", 2: "day", 4: "year"}
_DAY_DIGITS = (1, 2)
_DAY_CHARS = len("2019-09-19")

_PIECE = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
_SIGNS = frozenset(".,:;-/()[]|–—−·•،'’`")
_CLOCK = re.compile(rf"(?<![\w:.]){CLOCK}(?![\w:])")
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

_Pieces = dict[str, list[int]]
"""The pieces of a worded date: what they are → their numbers, 0 where they have none."""


def find_date(value: str | dt.date | float, *, day_first: bool | None = None) -> Found | None:
    """Return the date that ``value`` means, or None where it names none for certain.

    Never raises, whatever the text. `rights_search.ingest.dates.parse_date` is
    the same for those who need no more than the date.
    """
    match value:
        case bool():
            return None
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
    text = _prepare(text)
    if not text or len(text) > MAX_DATE_CHARS:
        return None
    return from_digits(text, day_first=day_first) or _find_in_words(text, day_first)


def _prepare(text: str) -> str:
    if text.isascii():
        return normalise(text).lower()
    text = "".join(_plain(char) for char in unicodedata.normalize("NFKC", text))
    text = fold(normalise(text))
    for pair in words().pairs:
        text = text.replace(pair, pair.replace(" ", ""))
    return text


def _plain(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    # Direction marks and joiners stand around Arabic dates and mean nothing here.
    return "" if unicodedata.category(char) == "Cf" else char


def _find_in_words(text: str, day_first: bool | None) -> Found | None:
    bare = _CLOCK.sub(" ", text, count=1)
    pieces = _sort(_PIECE.findall(bare))
    if pieces is None:
        return None
    months = _months(pieces)
    if "time" in pieces or (months and len(pieces.get("day", [])) > 1):
        return _ask_dateutil(text)
    if "day" in pieces and not months:
        found = _only_numbers(bare, day_first)
    else:
        found = _from_pieces(pieces, months)
    return found and _with_flags(found, pieces)


def _sort(pieces: list[str]) -> _Pieces | None:
    """Return the pieces by what they are, or None where one is no date's."""
    vocabulary = words()
    sorted_: _Pieces = {}
    before = ""
    for piece in pieces:
        kind, number = _label(piece, before, vocabulary)
        if not kind:
            return None
        sorted_.setdefault(kind, []).append(number)
        if piece not in "-.":  # as in 19-го, 1.º
            before = piece
    return sorted_


def _label(piece: str, before: str, vocabulary: Words) -> tuple[str, int]:
    if piece.isdecimal():
        return _NUMBER_KINDS.get(len(piece), ""), int(piece)
    if piece in vocabulary.months:
        kind = "month or weekday" if piece in vocabulary.weekdays else "month"
        return kind, vocabulary.months[piece]
    if piece in vocabulary.weekdays:
        return "weekday", vocabulary.weekdays[piece]
    if piece in _SIGNS:
        return "sign", 0
    if len(before) in _DAY_DIGITS and before.isdecimal() and piece in vocabulary.ordinals:
        return "ordinal", 0
    return "circa" if piece == "~" else vocabulary.small.get(piece, ""), 0


def _months(pieces: _Pieces) -> set[int]:
    # "mar." is March in English and Tuesday in French: another month decides.
    # A month that is named twice, as in أيلول/سبتمبر, is one month.
    return set(pieces.get("month") or pieces.get("month or weekday") or [])


def _from_pieces(pieces: _Pieces, months: set[int]) -> Found | None:
    years, days = pieces.get("year", []), pieces.get("day", [])
    if len(years) != 1 or len(months) > 1 or len(days) > 1:
        return None
    return from_parts(*years, *months, *days)


def _only_numbers(text: str, day_first: bool | None) -> Found | None:
    """Return the numeric date that stands among the words of a date, if it is one."""
    cores = _NUMBERS.findall(text)
    return from_digits(cores[0], day_first=day_first) if len(cores) == 1 else None


def _with_flags(found: Found, pieces: _Pieces) -> Found:
    flags = list(found.flags)
    if "circa" in pieces:
        flags.append("circa")
    if "part" in pieces and len(found.iso) < _DAY_CHARS:
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
    pieces = _sort(_PIECE.findall(rest))
    if pieces is None or "time" in pieces:
        return None
    months = _months(pieces)
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
