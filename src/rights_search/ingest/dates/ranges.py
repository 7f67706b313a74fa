"""Dates that are ranges: ``12-14 March 2014``, ``30 March to 2 April 2014``.

A post has one date, an ISO prefix: that of a range is the finest prefix that holds
all of its days, with the flag ``range``. A range over two years has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from rights_search.ingest.dates.pieces import Pieces, months_of, sort_pieces
from rights_search.ingest.dates.shapes import Found, from_digits, from_parts
from rights_search.ingest.dates.words import words

_MAX_GAPS = 4


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a range: year, month and day where they are said."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    is_circa: bool = False


def find_range(text: str, *, day_first: bool | None = None) -> Found | None:
    """Return the date of a range, or None for any other text.

    Args:
        text: prepared as `rights_search.ingest.dates.pieces.prepare` does.
        day_first: as for `rights_search.ingest.dates.finding.parse_date`.
    """
    text = _opening().sub("", text)
    for gap in islice(_gap().finditer(text), _MAX_GAPS):
        first = _end(text[: gap.start()], day_first)
        last = _end(text[gap.end() :], day_first)
        if first is None or last is None:
            continue
        found = _between(_completed(first, last), _completed(last, first))
        if found is not None:
            is_circa = first.is_circa or last.is_circa
            return Found(found.iso, (*found.flags, "circa")) if is_circa else found
    return None


def _end(text: str, day_first: bool | None) -> _End | None:
    numeric = from_digits(text, day_first=day_first)
    if numeric is not None:
        if numeric.flags:
            return None
        parts = [int(part) for part in numeric.iso.split("-")]
        year, month, day = (*parts, None, None)[:3]
        return _End(year, month, day)
    pieces = sort_pieces(text)
    if pieces is None or "time" in pieces or "updated" in pieces:
        return None  # a date and that of its update are two dates
    return _from_pieces(pieces)


def _from_pieces(pieces: Pieces) -> _End | None:
    said = (pieces.get("year", []), sorted(months_of(pieces)), pieces.get("day", []))
    if not any(said) or any(len(numbers) > 1 for numbers in said):
        return None
    year, month, day = (next(iter(numbers), None) for numbers in said)
    return _End(year, month, day, "circa" in pieces)


def _completed(end: _End, other: _End) -> str | None:
    """Return one end as an ISO prefix; what it does not say is what the other says."""
    year = end.year or other.year
    month = end.month or (other.month if end.day else None)
    if year is None or (end.day is not None and month is None):
        return None
    found = from_parts(year, month, end.day)
    return None if found is None else found.iso


def _between(first: str | None, last: str | None) -> Found | None:
    """Return the finest prefix that holds both ends, if they are the ends of a range."""
    if first is None or last is None or len(first) != len(last) or first > last:
        return None
    if first == last:
        return Found(first)
    for length in (len("2014-03"), len("2014")):
        if first[:length] == last[:length]:
            return Found(first[:length], ("range",))
    return None


@lru_cache(maxsize=1)
def _gap() -> re.Pattern[str]:
    """Return a pattern for what stands between two ends: a dash, or "to" in our languages."""
    # Backwards: "bis zum" comes before "bis".
    between = "|".join(sorted(map(re.escape, words().to), reverse=True))
    return re.compile(rf"\s*[-–—−/&]\s*|\s+(?:{between})(?:\s+|(?=\d))(?:(?:the|le|el|o)\s+)?")


@lru_cache(maxsize=1)
def _opening() -> re.Pattern[str]:
    """Return a pattern for "from" before the first end."""
    first = "|".join(sorted(map(re.escape, words().from_)))
    return re.compile(rf"\A(?:{first})\s+(?:(?:the|le|el|o)\s+)?(?=\d|\w+\s+\d)")
