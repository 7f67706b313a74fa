"""The dateline that a news text opens with: ``GENEVA (24 March 2014) – …``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rights_search.ingest.dates.finding import parse_date
from rights_search.ingest.dates.words import is_preposition
from rights_search.post import PartialDate

ORIGIN = "dateline"

_MAX_DATELINE_CHARS = 140
_MAX_PLACE_WORDS = 7
_DASH = r"\s*(?:[–—―]+|-{1,3})\s+"
# As much as there is without digits: "Kampala, Uganda, March 24, 2014".
_PLACE = r"(?P<place>[^\W\d_][^\d()–—:;.!?]{1,60}(?:\.[^\d()–—:;.!?]{1,30}){0,3}\.?)"
_DATE = r"(?:(?:le|den|el|em|on)\s+)?(?P<date>[^()–—]{6,40}?\d[^()–—]{0,12}?)"
_AGENCY = r"(?:\s*\([^\W\d_][\w .&/-]{1,30}\))?"
_SHAPES = (
    re.compile(rf"{_PLACE}\s*\({_DATE}\){_DASH}"),
    re.compile(rf"\({_PLACE}[,،]\s*{_DATE}\){_DASH}"),
    re.compile(rf"{_PLACE}[,،]\s+{_DATE}{_AGENCY}{_DASH}"),
)
_SHOUTED = re.compile(rf"{_PLACE}{_AGENCY}{_DASH}")


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline taken apart.

    Args:
        place: where it was written, as written.
        date: when; None where it names no date.
        text: the paragraph without it.
    """

    place: str
    date: PartialDate | None
    text: str


def split_dateline(
    paragraph: str, *, day_first: bool | None = None, may_lack_date: bool = False
) -> Dateline | None:
    """Return the dateline of a text's first paragraph, or None if it has none.

    A name of a place, a date and a dash open it, the date in brackets or behind a comma.

    Args:
        paragraph: on one line.
        day_first: how ``03/04/2019`` is to be read.
        may_lack_date: take a place in capitals and a dash for one too: in a press
            release, where nothing else opens so.
    """
    head = paragraph[:_MAX_DATELINE_CHARS]
    for shape in _SHAPES:
        found = shape.match(head)
        if found is None or not _is_place(found["place"]):
            continue
        date = parse_date(found["date"], origin=ORIGIN, day_first=day_first)
        if date is not None:
            return Dateline(found["place"].strip(" ,،"), date, paragraph[found.end() :])
    found = _SHOUTED.match(head) if may_lack_date else None
    if found is not None and found["place"].isupper() and _is_place(found["place"]):
        return Dateline(found["place"].strip(" ,"), None, paragraph[found.end() :])
    return None


def _is_place(name: str) -> bool:
    words = name.replace("/", " ").split()
    if len(words) > _MAX_PLACE_WORDS or is_preposition(words[0].rstrip(",")):
        return False
    # Arabic has no capitals; "of", "de" and "sur" stand inside of names.
    return not words[0][0].islower() and sum(word[0].islower() for word in words) <= 1
