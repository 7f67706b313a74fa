"""Read dates as people write them, without inventing what they left out.

A date is an ISO prefix (`rights_search.post.PartialDate`). The shape of a text
is checked before anything is believed: one four-digit year between 1800 and next
year, at most one month, at most one day, and no word that is not a date's. What
python-dateutil would guess (today's day for ``2019``, a year for ``10 Dec 48``, a
date in the index number ``ASA 21/05/91``) is therefore never asked of it.

================================  =============================================
``19 septembre 2019``             2019-09-19
``Sept 2019``, ``2019``           2019-09, 2019: nothing is filled in
``09/10/2013``                    2013, ambiguous-day-month (unless day_first)
``c. 2014``, ``vers 2014``        2014, circa
``late March 2014``, ``2014-W10`` 2014-03, coarsened: finer than a prefix can say
``12-14 March 2014``              2014-03, range: the month holds all its days
``Friday 19 September 2019``      2019-09-19, weekday-differs (it was a Thursday)
``1568887200``                    2019-09-19, epoch: the day in UTC
``2019-09-19T23:30-05:00``        2019-09-19, the day where it was published
``7 September``, ``Dec 25, 98``   None: no year that can be trusted
``2014-15``, ``1990s``            None: no prefix holds several years
``12 Ramadan 1445``, ``2567``     None: another calendar; `why_no_date` names it
================================  =============================================
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from rights_search.ingest.bylines import is_by_phrase, split_before_by
from rights_search.ingest.cleaning import normalise
from rights_search.ingest.dates.shapes import YEAR_DIGITS, Found
from rights_search.ingest.dates.text import MAX_DATE_CHARS, find_date
from rights_search.ingest.dates.words import fold, is_preposition, words
from rights_search.post import PartialDate

MAX_LINE_CHARS = 200
"""A longer line is prose, whatever stands in it."""

_VAGUE = frozenset({"coarsened", "range", "epoch"})
_MAX_REST_WORDS = 16
_MAX_DATE_WORDS = 6
_MAX_LINK_CHARS = 3
_YEAR_CHARS = len("2019")
_FOUR_DIGITS = re.compile(r"\d{4}")
_DELIMITER = re.compile(r"\s*[|•·]\s*|\s+[-–—]+\s+|\s{2,}")
_BY_THEN_DATE = re.compile(r"(?:,|\s(?:on|le|el|em|am))\s")
_EDGES = re.compile(r"\A[\s*#=_>|•·–—-]+|(?<![\s*=_|])[\s*=_|]+\Z|\s[#>•·–—-]+\s*\Z")
_TWO_DATES = 2
_UPDATE_GAP = re.compile(r"\s*[(\[,;/-]\s*|\s+")
_CODE = re.compile(r"://|[`\[\]{}=<>]|\w/\d")
SENTENCE_END = re.compile(r"[.!?…:;,][\"”’»)\]]*$")
"""The end of a sentence or of a part of one: no date line and no name ends so."""

_SHORT_WORD = re.compile(r"(?<!\w)[^\W\d_]\.\Z")
"""A word of one letter with its full stop, which ends no sentence: "2014 г."."""


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line that is only a date plus decoration.

    Args:
        date: when the post was published; None where the line tells of an update only.
        rest: what else stands on the line (labels, a section's name), as written.
        byline: the part of the line that starts with "by", as written.
        updated: when the post was last changed, where the line says so.
    """

    date: PartialDate | None
    rest: str = ""
    byline: str = ""
    updated: PartialDate | None = None


def parse_date(
    value: str | dt.date | float, *, origin: str = "", day_first: bool | None = None
) -> PartialDate | None:
    """Return the date that ``value`` means, or None where it names none for certain.

    Never raises, whatever the text.

    Args:
        value: a text, a date or datetime (its own calendar day is kept, whatever
            its zone), or a number (a year, YYYYMMDD, epoch seconds or milliseconds).
        origin: where it came from; handed on to the result.
        day_first: how ``03/04/2019`` is to be read; None when nobody said.
    """
    found = find_date(value, day_first=day_first)
    return None if found is None else PartialDate(found.iso, origin, found.flags)


def find_date_line(
    line: str, *, origin: str = "date line", day_first: bool | None = None, loose: bool = False
) -> DateLine | None:
    """Return what a separator line of a listing says, or None for any other line.

    The whole line must be a date, alone or with decoration: "Posted on", a weekday,
    a time, "by …", or a few words set off by a bar, a dash, a dot or wide space.
    A date that a preposition ties to a sentence is none, and a month or a year
    counts only where it fills the line.

    Args:
        line: the line with its white space as it is: wide space parts labels.
        origin: the origin of the dates in the result.
        day_first: as for `parse_date`.
        loose: take a few capitalised words behind the date for labels even where
            no sign parts them from it. Only what stands around such a line, and
            other lines like it, can tell that it begins no sentence.
    """
    if len(line) > MAX_LINE_CHARS or not YEAR_DIGITS.search(line):
        return None
    # Wide space is a sign here, so it is not normalised away.
    text = _EDGES.sub("", line)
    if is_preposition(text.split(maxsplit=1)[0]) and not is_by_phrase(text):
        return None
    whole = find_date(text, day_first=day_first)
    if whole is not None:
        return None if _is_vague(whole) else _date_line([whole], [], origin)
    return _decorated(text, origin, day_first) or (
        _labelled(text, origin, day_first) if loose else None
    )


def find_tied_date(
    line: str, *, origin: str = "date line", day_first: bool | None = None
) -> DateLine | None:
    """Return the date of "Le 24 mars 2014", where the word before it ties it to nothing.

    An article or a preposition, then a whole day and no more: a comma behind it goes on,
    and "since" and "until" date no post. `find_date_line` takes no such line, for in a page of
    many posts it is more often wrapped out of a sentence.

    Args:
        line: as for `find_date_line`.
        origin: the origin of the date.
        day_first: as for `parse_date`.
    """
    text = _EDGES.sub("", line)
    if len(text) > MAX_DATE_CHARS or not YEAR_DIGITS.search(text):
        return None
    if SENTENCE_END.search(text) and not _SHORT_WORD.search(text):
        return None
    opener = _opener().match(fold(text))
    if opener is None:
        return None
    # Folding changes the length of a text, and never its number of words.
    rest = text.split(maxsplit=len(opener[0].split()))[-1]
    found = find_date(rest, day_first=day_first)
    if found is None or found.is_update or _is_vague(found) or _is_partial(found):
        return None
    return _date_line([found], [], origin)


@lru_cache(maxsize=1)
def _opener() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(map(re.escape, words().openers))})\s")


def _labelled(text: str, origin: str, day_first: bool | None) -> DateLine | None:
    """Return what "24 October 2019 Kiribati, New Zealand" says."""
    pieces = normalise(text).split(" ")
    if len(pieces) > _MAX_REST_WORDS or SENTENCE_END.search(text):
        return None
    for length in range(min(len(pieces) - 1, _MAX_DATE_WORDS), 0, -1):
        found = find_date(" ".join(pieces[:length]), day_first=day_first)
        if found is None or len(found.iso) == _YEAR_CHARS or _is_vague(found):
            continue
        # Capitals, but for the short words inside of a name.
        labels = [word for word in pieces[length:] if len(word) > _MAX_LINK_CHARS]
        if all(not word[0].islower() for word in [pieces[length], *labels]):
            return _date_line([found], [" ".join(pieces[length:])], origin)
    return None


def _decorated(text: str, origin: str, day_first: bool | None) -> DateLine | None:
    dates: list[Found] = []
    others: list[str] = []
    for piece in _pieces(text):
        found = find_date(piece, day_first=day_first)
        if found is None:
            others.append(piece)
        else:
            dates.append(found)
    if not dates or any(_is_vague(found) or _is_partial(found) for found in dates):
        return None
    if len(dates) > 1 and sum(found.is_update for found in dates) != 1:
        return None  # a range
    return _date_line(dates, others, origin) if _is_decoration(others) else None


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    parts = [half for part in _DELIMITER.split(text) for half in _split_before_update(part)]
    for part in parts:
        pieces += _by_then_date(part) or split_before_by(part)
    return [normalise(piece) for piece in pieces if normalise(piece)]


def _split_before_update(part: str) -> list[str]:
    """Return ``part`` in one piece, or in two where a second date is that of an update.

    "3 March 2014 (updated 5 March 2014)" are two dates; so are they with a comma.
    """
    years = [found.end() for found in _FOUR_DIGITS.finditer(part)]
    if len(years) != _TWO_DATES:
        return [part]
    for gap in _UPDATE_GAP.finditer(part, years[0]):
        head, tail = part[: gap.start()], part[gap.end() :]
        found = find_date(tail)
        if found is not None and found.is_update:
            return [head, tail]
    return [part]


def _by_then_date(part: str) -> list[str]:
    """Return the name and the date of "By A Name on 3 March 2014", or nothing."""
    if not is_by_phrase(part):
        return []
    for gap in _BY_THEN_DATE.finditer(part):
        if find_date(part[gap.end() :]):
            return [part[: gap.start()], part[gap.end() :]]
    return []


def _is_decoration(pieces: list[str]) -> bool:
    """Return whether ``pieces`` are labels, as against the words of a sentence."""
    if sum(len(piece.split()) for piece in pieces) > _MAX_REST_WORDS:
        return False
    return all(is_by_phrase(piece) or _is_label(piece) for piece in pieces)


def _is_label(text: str) -> bool:
    # Rows of tables and logs have dates too, beside addresses, numbers and code.
    letters = sum(char.isalpha() for char in text)
    return (
        not text[0].islower()
        and not SENTENCE_END.search(text)
        and not _CODE.search(text)
        and 2 * letters > len(text.replace(" ", ""))
    )


def _is_vague(found: Found) -> bool:
    # "Summer 2014" and "3-5 May 2014" head a chapter, ten digits alone are any number.
    return not _VAGUE.isdisjoint(found.flags)


def _is_partial(found: Found) -> bool:
    return len(found.iso) < len("2019-09-19") and "ambiguous-day-month" not in found.flags


def _date_line(dates: list[Found], others: list[str], origin: str) -> DateLine:
    bylines = [piece for piece in others if is_by_phrase(piece)]
    published = [found for found in dates if not found.is_update]
    updated = [found for found in dates if found.is_update]
    return DateLine(
        date=_partial_date(published, origin),
        rest=" | ".join(piece for piece in others if piece not in bylines),
        byline=" ".join(bylines),
        updated=_partial_date(updated, origin),
    )


def _partial_date(found: list[Found], origin: str) -> PartialDate | None:
    return PartialDate(found[0].iso, origin, found[0].flags) if found else None
