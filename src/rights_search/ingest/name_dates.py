"""The date in the name of a file, as archives have it: ``2014-03-24_PR_final.docx``.

Somebody wrote it there, so it goes before what a program wrote into the properties; but it may
be the day of a meeting, of an embargo or of a scan, so what the text says goes before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from unicodedata import decimal

from rights_search.ingest.dates.finding import parse_date
from rights_search.ingest.source import INSIDE, NAMED, Draft, Source
from rights_search.post import PartialDate


def date_of_name(name: str, *, day_first: bool | None = None) -> PartialDate | None:
    """Return the day that the name of a file holds, or None where it holds none, or several.

    A whole day with all digits of its year is one. ``2014-05`` is as often a number as a month,
    and of ``24.03.14`` nobody knows which end is the year, unless it lies in a folder ``2014``.

    Args:
        name: the file's name or path, as `Source.name` has it.
        day_first: how ``03-04-2019`` is to be read; None leaves it its year.
    """
    file = name.rpartition(INSIDE)[2].rpartition("/")[2]
    stem = _SUFFIXES.sub("", file)
    years = frozenset(filter(_YEAR.fullmatch, name.split("/")))
    days = (*_days(stem), *_short_days(stem, years))
    found = {date.iso: date for text in days if (date := _parsed(text, day_first))}
    return next(iter(found.values())) if len(found) == 1 else None


def with_date_of_name(draft: Draft, source: Source) -> Draft:
    """Return the one post of a file with the date of its name, where the text says none."""
    if draft.date is not None:
        return draft
    return replace(draft, date=date_of_name(source.name, day_first=source.settings.day_first))


_SUFFIXES = re.compile(r"(?:\.[A-Za-z][A-Za-z0-9]{0,7}){1,3}\Z")
# What is parted by hyphens may be the symbol of a document, as "A-HRC-25-1-2014", if more of them
# stand before it. Behind a year a second day may stand: two name none.
_NUMBERS = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?P<sign>[-_. ]?)(?P<month>[0-9]{2})(?P=sign)"
    r"(?P<day>[0-9]{2})(?![0-9])"
    r"|(?<![0-9vV])(?:(?<![0-9][-_.])|(?<=(?:19|20)[0-9]{2}[-_.]))(?P<first>[0-9]{1,2})(?P<by>(?<!-[0-9])(?<!-[0-9]{2})-|[_.])"
    r"(?P<second>[0-9]{1,2})(?P=by)(?P<last>(?:19|20)[0-9]{2})(?![0-9])"
)
_SHORT = re.compile(
    r"(?<![0-9vV])(?<![0-9][-_.])(?P<a>[0-9]{2})(?P<sign>[-_.])(?P<b>[0-9]{2})(?P=sign)"
    r"(?P<c>[0-9]{2})(?![0-9])(?![-_.][0-9])"
)
_GAP = re.compile(r"[\s_.,()-]+|(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MAX_WORDS = 5
_MAX_NAME_CHARS = 255


def _parsed(text: str, day_first: bool | None) -> PartialDate | None:
    date = parse_date(text, origin="name of the file", day_first=day_first)
    if date is None or not (date.precision == "day" or "ambiguous-day-month" in date.flags):
        return None
    return replace(date, flags=(*date.flags, NAMED))


def _days(stem: str) -> Iterator[str]:
    """Yield what may be a day in the name of a file, written as dates are."""
    stem = "".join(map(_digit, stem[:_MAX_NAME_CHARS]))
    for found in _NUMBERS.finditer(stem):
        if found["year"]:
            yield f"{found['year']}-{found['month']}-{found['day']}"
        else:
            sign = "." if found["by"] == "." else "/"
            yield sign.join((found["first"], found["second"], found["last"]))
    words = list(filter(None, _GAP.split(stem)))
    for place, word in enumerate(words):
        if _YEAR.fullmatch(word):
            yield from _in_words(words, place)


def _short_days(stem: str, years: frozenset[str]) -> Iterator[str]:
    """Yield the days with two digits of a year that a folder is called by, "24.03.14" in "2014"."""
    for found in _SHORT.finditer(stem[:_MAX_NAME_CHARS]) if years else ():
        sign = "." if found["sign"] == "." else "/"
        first, last = (next((y for y in years if y[2:] == found[end]), "") for end in ("a", "c"))
        if last:
            yield sign.join((found["a"], found["b"], last))
        elif first:
            yield f"{first}-{found['b']}-{found['c']}"


def _digit(char: str) -> str:
    """Return the digit of any script as it is written in most, and any other character as it is."""
    return char if char.isascii() or not char.isdecimal() else str(decimal(char))


def _in_words(words: list[str], year: int) -> Iterator[str]:
    """Yield the runs of words around a year that may be a day: the first of two that is one."""
    for length in range(_MAX_WORDS, 2, -1):
        for start in (year - length + 1, year):
            run = words[start : start + length] if start >= 0 else []
            # Numbers alone were seen as they stand, with their signs.
            if len(run) == length and any(map(str.isalpha, run)) and parse_date(" ".join(run)):
                yield " ".join(run)
                return
