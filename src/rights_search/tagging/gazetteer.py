"""Automata over every name of a place, with the phrases that hide one.

`find` gives the places that a text names, in one pass. Names, demonyms, regions,
capitals and cities are patterns of one Aho-Corasick automaton, and so are masks such
as "Geneva Conventions" or "Michael Jordan": of two matches the one that starts first
and is longest wins, so a mask swallows the name inside it.

There is an automaton for each language, made when a text first needs it: what is
never read is never built, and a smaller one is faster.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, cast, get_args

from rights_search import territories

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

Kind = Literal[
    "name", "former", "region", "demonym", "capital", "city", "group", "body", "assembly"
]
Strength = Literal["strong", "weak", "person", "shared", "own"]
Casing = Literal["capital", "upper", "any"]

# The first kind that has a form keeps it: "Mexico" is the country before the city.
_RANKS = {kind: rank for rank, kind in enumerate(get_args(Kind))}
TOWNS = frozenset({"city", "capital"})
"""Kinds of entries that are towns."""

_SHORTEST = 3
_LONGEST_ACRONYM = 8
_DEFAULT = "en"
# By the first byte of its letters in UTF-8, a script with one language of the tables.
_SCRIPTS = {"ru": b"\xd0\xd1", "ar": b"\xd8\xd9\xda"}
_LATIN = tuple(language for language in territories.LANGUAGES if language not in _SCRIPTS)
_ANY_LATIN = "any"
_ASCII = bytes(range(128))
_ARABIC = re.compile(r"[\u0620-\u064a]")
# Conjunctions and prepositions are written together with the word.
_ARABIC_PREFIX = re.compile(r"(?<!\w)[وف]?[بلك]?\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a pattern means.

    Args:
        codes: the territories it may stand for, the likeliest first; none for bodies.
        kind: what sort of word it is. A ``body`` is one of many states, such as a
            court; an ``assembly`` one that makes norms for all.
        place: English name of a place below a country.
        strength: ``strong`` stands alone; ``weak`` is ambiguous and ``person`` is
            also a personal name: both count half when nothing supports them;
            ``shared`` counts only with support; ``own`` counts only in texts of
            its own language, being a common word or a first name in others.
        casing: ``capital`` (initial capital), ``upper`` (all of it) or ``any``.
        may_be_person: whether people bear the name too.
        seats: English names of the towns where a body sits.
    """

    codes: tuple[str, ...]
    kind: Kind
    place: str = ""
    strength: Strength = "strong"
    casing: Casing = "capital"
    may_be_person: bool = False
    seats: tuple[str, ...] = ()


Found: TypeAlias = tuple[int, int, Entry]
"""Start, end and meaning: ``text[start:end]`` are the words. A text has many of them."""


class _Gazetteer(NamedTuple):
    """An automaton, and what each of its patterns means: None for a mask."""

    automaton: AhoCorasick
    entries: tuple[Entry | None, ...]


def find(text: str, folded: str, language: str | None = None) -> list[Found]:
    """Return the places that a text names, in the order of the text.

    Args:
        text: any text; its paragraphs stand apart by a blank line.
        folded: the text as `territories.fold` gives it.
        language: its ISO 639-1 code where it is known. In Latin letters only English
            names count, and those of the text's language; all of them where that is
            one without a table. Other scripts are found in any text.
    """
    found = _find(_gazetteer(_latin_group(language)), text, folded)
    if text.isascii():
        return found
    others = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    for group, heads in _SCRIPTS.items():
        if any(head in others for head in heads):
            found += _find(_gazetteer(group), text, folded)
    found.sort(key=itemgetter(0))
    return found


def _latin_group(language: str | None) -> str:
    if language is None or language in _SCRIPTS:
        return _DEFAULT
    return language if language in _LATIN else _ANY_LATIN


def _find(gazetteer: _Gazetteer, text: str, folded: str) -> list[Found]:
    automaton, entries = gazetteer
    # A blank at the end stands behind the last letter and, as [-1], before the first.
    around = folded + " "
    found: list[Found] = []
    for number, start, end in automaton.find_matches_as_indexes(folded):
        entry = entries[number]
        if entry is None or around[end].isalnum():
            continue
        if around[start - 1].isalnum() and not _has_prefix(folded, start):
            continue
        if _is_written_so(text, start, end, entry.casing):
            found.append((start, end, entry))
    return found


def _is_written_so(text: str, start: int, end: int, casing: Casing) -> bool:
    """Tell whether the words have the capitals that they need."""
    match casing:
        case "any":
            return True
        case "upper":
            return text[start:end].isupper()
        case "capital":
            if text[start].isupper():
                return True
            # "republic of Georgia", "north Korea"
            space = text.rfind(" ", start, end)
            return space > 0 and text[space + 1].isupper()


def _has_prefix(folded: str, start: int) -> bool:
    """Tell whether the letters before are Arabic prefixes and not part of a word."""
    if not _ARABIC.match(folded, start):
        return False
    return _ARABIC_PREFIX.search(folded, max(0, start - 3), start) is not None


@functools.cache
def _gazetteer(group: str) -> _Gazetteer:
    """Return the automaton of a language, or of all those in Latin letters."""
    from ahocorasick_rs import (  # noqa: PLC0415 - only taggers need it
        AhoCorasick,
        Implementation,
        MatchKind,
    )

    entries: dict[str, Entry | None] = dict.fromkeys(_masks())
    entries |= _entries(group)
    automaton = AhoCorasick(
        entries, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA
    )
    return _Gazetteer(automaton, tuple(entries.values()))


def _masks() -> list[str]:
    """Return the folded phrases that hide a name."""
    phrases: list[str] = []
    for words, followed_by, _reason, _source in territories.read_table("territory_masks.tsv"):
        for first, last in product(words.split("|"), followed_by.split("|")):
            phrases.append(first + (" " if last[:1].isalnum() else "") + last)
    return _fold_all(phrases)


def _entries(group: str) -> dict[str, Entry]:
    """Return what each folded form means."""
    rows = list(_rows(group))
    entries: dict[str, Entry] = {}
    for key, (_, entry) in zip(_fold_all([form for form, _ in rows]), rows, strict=True):
        if len(key) < _SHORTEST and entry.casing != "upper":
            continue
        known = entries.setdefault(key, entry)
        # Written in the ways of both rows, where they mean the same.
        if entry.casing == "any" != known.casing and known.codes == entry.codes:
            entries[key] = _with_casing(known, "any")
    return entries


def _fold_all(forms: list[str]) -> list[str]:
    # One text folds several times faster than ten thousand.
    return territories.fold("\0".join(forms)).split("\0")


def _rows(group: str) -> Iterator[tuple[str, Entry]]:
    """Yield every form of a group with its meaning: by rank of kind, English forms first."""
    languages = _languages(group)
    rows = [
        row
        for row in (
            *territories.read_table("territory_names.tsv"),
            *_display_names(),
            *territories.read_table("territory_places.tsv"),
            *territories.read_table("territory_demonyms.tsv"),
            *_bodies(),
        )
        if row[3] in languages and (row[4] != "own" or group != _ANY_LATIN)
    ]
    rows.sort(key=lambda row: (_RANKS[row[1]], row[3] != _DEFAULT))
    for codes, kind, place, language, strength, forms, _source in rows:
        entry = Entry(
            tuple(codes.split()),
            cast("Kind", kind),
            place if codes else "",
            cast("Strength", strength),
            may_be_person=strength == "person" or kind in TOWNS,
            seats=() if codes else tuple(place.split("|")),
        )
        for form in forms.split("|"):
            shaped = _with_casing(entry, _casing(form, language, group))
            for inflected in territories.inflect(form, language):
                for spelling in _spellings(inflected, language, kind):
                    yield spelling, shaped


def _languages(group: str) -> tuple[str, ...]:
    if group == _ANY_LATIN:
        return _LATIN
    return (group,) if group in _SCRIPTS else (_DEFAULT, group)


def _display_names() -> Iterator[list[str]]:
    """Yield each territory's own names as rows of the other tables' shape."""
    for territory in territories.territories().values():
        for language, form in zip(territories.LANGUAGES, territory.names, strict=True):
            yield [territory.code, "name", "", language, "strong", form, ""]


def _bodies() -> Iterator[list[str]]:
    """Yield the bodies of states as rows of that shape, their seats as the place."""
    for words, language, seats, makes, source in territories.read_table("territory_bodies.tsv"):
        yield ["", "assembly" if makes else "body", seats, language, "strong", words, source]


def _casing(form: str, language: str, group: str) -> Casing:
    """Return the casing that a form in the table asks for.

    A form in capitals must stand in capitals. One in lower case may stand so, but
    "afghan" in French only in French texts, as it is English too.
    """
    if form.isupper() and len(form) <= _LONGEST_ACRONYM:
        return "upper"
    is_sure = language == _DEFAULT or group != _ANY_LATIN
    return "any" if not form[0].isupper() and is_sure else "capital"


def _with_casing(entry: Entry, casing: Casing) -> Entry:
    if casing == entry.casing:
        return entry
    return replace(entry, casing=casing)


def _spellings(form: str, language: str, kind: str) -> tuple[str, ...]:
    """Return the form, and in Arabic those with the article and with "to the".

    They are patterns of their own, as "the Russian" begins like "the Russians": the
    automaton would stop there.
    """
    if language != "ar":
        return (form,)
    if form.startswith("ال"):
        return (form, "لل" + form[2:])
    if kind in {"demonym", "region"}:
        return (form, "ال" + form, "لل" + form)
    return (form,)
