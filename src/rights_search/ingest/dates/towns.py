"""Lines that say where and when something was written: ``Tunis, le 24 mars 2014``.

===========================================  ====================
``Berlin, den 24. März 2014``                Berlin
``Geneva, Switzerland, 24 March 2014``       Geneva, Switzerland
``Fait à Paris le 24 mars 2014``             Paris
``القاهرة في 24 مارس 2014``                  القاهرة
``24 марта 2014 г., Москва``                 Москва
``10 May 2014, Some Name Day``               None: a name behind a date is a place that is known
``Arrêté le 24 mars 2014``                   None: no sign parts them, and it is no place
``Nairobi, March 2014``                      Nairobi, which is known
``Annual report, March 2014``                None: a title
===========================================  ====================
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rights_search.ingest.cleaning import normalise
from rights_search.ingest.dates.finding import DateLine, find_date_line, find_tied_date
from rights_search.ingest.dates.shapes import YEAR_DIGITS
from rights_search.ingest.dates.text import MAX_DATE_CHARS

_MAX_TOWN_CHARS = 42
_MAX_TOWN_WORDS = 6
_MAX_LINK_CHARS = 3
_NO_TOWN = frozenset("0123456789:")
_COMMA = re.compile(r"(?:\s*[,،]\s+|[，、]\s*)")
_BRACKETS = re.compile(r"(?P<town>[^()]+?)\s*\((?P<date>[^()]+)\)\s*[-–—]?")
# How a statement says where it was signed; the town is what follows.
_DONE_AT = re.compile(
    r"(?P<signed>(?i:(?:fait|donné) à|(?:hecho|dado) en|(?:feito|dado) em|done (?:at|in)"
    r"|(?:حرر|صدر) (?:في|ب))|)"
    r"(?:(?i:à|en|em)|)\s*(?=[^\W\d_a-z])"
)
_TOWN_OF = re.compile(r"(?:г|гор|м)\.\s*(?=[^\W\d_a-z])")


class TownLine(NamedTuple):
    """What such a line says.

    Args:
        says: its date.
        town: the place as written; None for what is none, such as a day of the week.
    """

    says: DateLine
    town: str | None


def find_town_line(line: str, *, day_first: bool | None = None) -> TownLine | None:
    """Return the town and the date of a line that says nothing else, or None.

    A comma parts them, or a word such as "le"; without a comma the town has to be a place that
    is known, or to stand behind "Done at", for what was done on a day is written alike. A
    country is none without either: it is what the day's text is about. A month is a date behind
    a comma and a town that is known.
    """
    text = normalise(line)
    if len(text) > MAX_DATE_CHARS or not YEAR_DIGITS.search(text):
        return None
    head = _DONE_AT.match(text)
    is_signed = head is not None and bool(head["signed"])
    bare = _TOWN_OF.sub("", text[head.end() :] if head is not None else text)
    for town, date, is_parted in _halves(bare):
        says = _date(date, day_first)
        if says is None or says.date is None:
            continue
        if says.date.precision != "day":
            is_sure = is_parted and _is_known(town)
        else:
            is_tied = find_date_line(date) is None
            is_sure = is_parted or is_signed or _is_known(town, or_country=is_tied)
        if is_sure:
            return TownLine(says, None if _is_date_alone(text) else town)
    return None


def is_one_of_many(line: str, others: Sequence[str], *, day_first: bool | None = None) -> bool:
    """Return whether a line heads one of the entries of a chronology, and dates no post.

    "Le 24 mars 2014" does where others are such lines too, "Tunis, 24 March 2014" where others
    name another day, but for the last of all: there a text is signed.

    Args:
        line: one without a date that stands alone.
        others: the other lines of its text that are not blank, in order.
        day_first: how ``03/04/2019`` is to be read.
    """
    if find_tied_date(line) is not None:
        return any(map(find_tied_date, others))
    found = find_town_line(line, day_first=day_first)
    if found is None:
        return False
    entries = (find_town_line(other, day_first=day_first) for other in others[:-1])
    return any(entry is not None and entry.says.date != found.says.date for entry in entries)


def _halves(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yield what may be town and date of a line, and whether a sign parts them."""
    # The last one first: "D.C., March 24, 2014" is a date to those who ask for no more.
    for comma in reversed(list(_COMMA.finditer(text))):
        before, behind = text[: comma.start()], text[comma.end() :]
        if _may_be_town(before):
            yield before, behind, True
        if _may_be_town(behind):
            yield behind, before, len(behind.split()) == 1
    brackets = _BRACKETS.fullmatch(text)
    if brackets is not None and _may_be_town(brackets["town"]):
        yield brackets["town"], brackets["date"], False
    words = text.split()
    for place in range(1, min(len(words), _MAX_TOWN_WORDS + 1)):
        town = " ".join(words[:place]).rstrip(",،;")
        if _may_be_town(town):
            yield town, " ".join(words[place:]), False
        behind = " ".join(words[-place:])
        if _may_be_town(behind):
            yield behind, " ".join(words[:-place]), False


def _may_be_town(name: str) -> bool:
    """Return whether a name has no digit, a capital behind each comma, and no verb to see."""
    if not name or len(name) > _MAX_TOWN_CHARS or not _NO_TOWN.isdisjoint(name):
        return False
    if any(len(word) > _MAX_LINK_CHARS and word[0].islower() for word in name.split()):
        return False
    return all(part[:1].isalpha() and not part[0].islower() for part in _COMMA.split(name))


def _date(text: str, day_first: bool | None) -> DateLine | None:
    """Return what a text says that is the date of a day or of a month and no more."""
    if not YEAR_DIGITS.search(text):
        return None
    says = find_date_line(text, day_first=day_first) or find_tied_date(text, day_first=day_first)
    if says is None or says.date is None or says.rest or says.byline:
        return None
    return says if says.date.precision in ("day", "month") else None


def _is_date_alone(text: str) -> bool:
    """Return whether a line names no town: "On Monday, 24 March 2014", "By A Name, 24 March"."""
    whole = find_date_line(text)
    is_alone = whole is not None and not whole.rest
    return is_alone or find_tied_date(text) is not None


def _is_known(name: str, *, or_country: bool = False) -> bool:
    """Return whether a town or region is known by a name, or else a country."""
    from rights_search.analysis import terms  # noqa: PLC0415
    from rights_search.geography import places, territories  # noqa: PLC0415 - large tables

    found = [name, *_COMMA.split(name)[:1]]
    is_place = any(places.find(tuple(terms(part))) for part in found)
    return is_place and (or_country or territories.lookup(name) is None)
