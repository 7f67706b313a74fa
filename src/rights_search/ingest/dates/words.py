"""The words that dates are written with, from ``data/date_words.json``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rights_search.ingest.word_lists import WordLists, read_word_lists

_FIRST_WORD = re.compile(r"[^\W\d_]+")

# One letter for the spellings that writers of Arabic do not keep apart; ё likewise.
_LETTERS = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ё": "е"}


class _Folded(dict[int, str]):
    """What each character becomes, worked out once: texts are folded by the thousand."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        base = unicodedata.normalize("NFD", char)[0]
        if "a" <= base <= "z":
            kept = base
        elif unicodedata.combining(char) or char == "ـ":
            kept = ""
        else:
            kept = _LETTERS.get(char, char)
        self[code] = kept
        return kept


_FOLDED = _Folded()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The words by which a date shows that it is of another calendar.

    Args:
        name: its name in English.
        months: names of its months.
        marks: what may stand behind a year of it.
        first_year, last_year: its years that fall into the time of our posts.
    """

    name: str
    months: tuple[str, ...]
    marks: tuple[str, ...]
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary of dates in all languages, every word folded by `fold`.

    Args:
        months: name → 1 to 12; names of two words without their space.
        pairs: the month names of two words, with their space.
        weekdays: name → 0 for Monday to 6.
        small: word → what it does: ``around``, ``published``, ``updated``,
            ``by``, ``circa``, ``part`` or ``time``.
        ordinals: endings glued to a day's number.
        prepositions: words after or before which a date belongs to a sentence.
        openers: those of them with which a line begins that is only a date, "Le", "Am".
        from_, to: words before the first and the last end of a range.
        quarters: words for a quarter of a year.
        decades: words that make a year the name of a decade.
        calendars: calendars that are not ours.
        calendar_words: the first words of their months and marks.
    """

    months: Mapping[str, int]
    pairs: tuple[str, ...]
    weekdays: Mapping[str, int]
    small: Mapping[str, str]
    ordinals: frozenset[str]
    prepositions: frozenset[str]
    openers: tuple[str, ...]
    from_: tuple[str, ...]
    to: tuple[str, ...]
    quarters: tuple[str, ...]
    decades: frozenset[str]
    calendars: tuple[Calendar, ...]
    calendar_words: frozenset[str]


def fold(text: str) -> str:
    """Return ``text`` as the vocabulary compares it.

    Lower case; accents go from Latin letters only (й must not become и), Arabic
    vowel marks go, and the forms of alef, yeh and kaf are one letter each.
    """
    return text.lower() if text.isascii() else text.casefold().translate(_FOLDED)


@lru_cache(maxsize=1)
def words() -> Words:
    """Return the vocabulary; the file is read once."""
    lists = read_word_lists("date_words.json")
    months = _numbered(lists.languages, "months", first=1)
    calendars = tuple(_calendar(*item) for item in lists.data["calendars"].items())
    return Words(
        months={name.replace(" ", ""): number for name, number in months.items()},
        pairs=tuple(name for name in months if " " in name),
        weekdays=_numbered(lists.languages, "weekdays", first=0),
        small=_small(lists),
        ordinals=frozenset(_folded(lists.every("ordinals"))),
        prepositions=frozenset(_folded(lists.every("prepositions"))),
        openers=tuple(dict.fromkeys(_folded(lists.every("openers")))),
        from_=tuple(dict.fromkeys(_folded(lists.every("from")))),
        to=tuple(dict.fromkeys(_folded(lists.every("to")))),
        quarters=tuple(dict.fromkeys(_folded(lists.every("quarters")))),
        decades=frozenset(_folded(lists.data["decades"])),
        calendars=calendars,
        calendar_words=frozenset(
            _FIRST_WORD.findall(name)[0]
            for calendar in calendars
            for name in calendar.months + calendar.marks
        ),
    )


def _calendar(name: str, entry: Mapping[str, Any]) -> Calendar:
    months, marks = _folded(entry["months"]), _folded(entry["marks"])
    return Calendar(name, tuple(months), tuple(marks), *entry["years"])


def _numbered(languages: Iterable[Mapping[str, Any]], kind: str, *, first: int) -> dict[str, int]:
    return {
        name: number
        for language in languages
        for number, names in enumerate(language[kind], start=first)
        for name in _folded(names)
    }


def is_preposition(word: str) -> bool:
    """Return whether a date that follows ``word`` belongs to a sentence."""
    return fold(word) in words().prepositions


def _small(lists: WordLists) -> dict[str, str]:
    small = dict.fromkeys(_folded(lists.data["time"]), "time")
    # Later kinds win: "around" is a filler in Arabic lists but says circa in English.
    for kind in ("around", "by", "part", "published", "updated", "circa"):
        small.update(dict.fromkeys(_folded(lists.every(kind)), kind))
    small.update(dict.fromkeys(_folded(lists.data["circa"]), "circa"))
    return small


def _folded(names: Iterable[str]) -> list[str]:
    # NFKC as parse_date applies it: º is o and ª is a there.
    return [fold(unicodedata.normalize("NFKC", name)) for name in names]
