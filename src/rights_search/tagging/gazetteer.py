"""One automaton over every name of a place, with the phrases that hide one.

`find` gives the places that a text names, in one pass. Names, demonyms, regions,
capitals and cities are patterns of a single Aho-Corasick automaton, and so are
masks such as "Geneva Conventions" or "Michael Jordan": of two matches the one that
starts first and is longest wins, so a mask swallows the name inside it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from rights_search import territories

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

Kind = Literal["name", "former", "region", "demonym", "capital", "city", "group", "mask"]
Strength = Literal["strong", "weak", "person", "shared", "own"]
Casing = Literal["capital", "upper", "any"]

# The first kind that has a form keeps it: "Mexico" is the country before the city.
_RANKS = {
    kind: rank
    for rank, kind in enumerate(("name", "former", "region", "demonym", "capital", "city", "group"))
}
_SHORTEST = 3
_LONGEST_ACRONYM = 8
_ANY_NAME = "{name}"
_ARABIC = re.compile(r"[\u0620-\u064a]")
# Conjunctions and prepositions are written together with the word.
_ARABIC_PREFIX = re.compile(r"(?<!\w)[وف]?[بلك]?\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a pattern means.

    Args:
        codes: the territories it may stand for, the likeliest first; none for a mask.
        kind: what sort of word it is.
        place: English name of the region, for kind ``region``.
        language: the language of the table's row.
        strength: ``strong`` stands alone; ``weak`` is ambiguous and ``person`` is
            also a personal name: both count half when nothing supports them;
            ``shared`` counts only with support; ``own`` counts only in texts of
            its own language, being a common word or a first name in others.
        casing: ``capital`` (initial capital), ``upper`` (all of it) or ``any``.
        lower_in: languages in which it may stand in lower case all the same.
    """

    codes: tuple[str, ...]
    kind: Kind
    place: str = ""
    language: str = "en"
    strength: Strength = "strong"
    casing: Casing = "capital"
    lower_in: frozenset[str] = frozenset()


class Found(NamedTuple):
    """A pattern at its place in a text: ``text[start:end]`` are the words."""

    start: int
    end: int
    key: str
    entry: Entry


class _Pattern(NamedTuple):
    """A key of the automaton; ``is_plain`` spares the commonest ones most checks."""

    key: str
    entry: Entry
    is_mask: bool
    is_plain: bool


class _Gazetteer(NamedTuple):
    automaton: AhoCorasick
    patterns: tuple[_Pattern, ...]
    sections_of: tuple[str, ...]


def find(text: str, language: str | None = None) -> list[Found]:
    """Return the places that ``text`` names, in the order of the text.

    Args:
        text: any text; its paragraphs stand apart by a blank line.
        language: its ISO 639-1 code where it is known. Names in other languages
            that are written in Latin letters count only in texts that are not
            English, French and Spanish demonyms in lower case only in their own.
    """
    automaton, patterns, sections_of = _gazetteer()
    folded = territories.fold(text)
    # A blank at the end stands behind the last letter and, as [-1], before the first.
    around = folded + " "
    found: list[Found] = []
    for number, start, end in automaton.find_matches_as_indexes(folded):
        key, entry, is_mask, is_plain = patterns[number]
        if is_mask or around[end].isalnum():
            continue
        if around[start - 1].isalnum() and not _has_prefix(folded, start):
            continue
        if not (is_plain and text[start].isupper()) and not _is_written_so(
            text, start, end, entry, language
        ):
            continue
        # "Amnesty International Norway" is an employer, not a place.
        if entry.kind == "name" and folded.endswith(sections_of, 0, start):
            continue
        found.append(Found(start, end, key, entry))
    return found


def _is_written_so(text: str, start: int, end: int, entry: Entry, language: str | None) -> bool:
    """Tell whether the words have the capitals, and the text the language, of the entry."""
    if entry.language != language:
        is_latin = entry.language not in {"en", "ru", "ar"}
        if entry.strength == "own" or (is_latin and language in {None, "en"}):
            return False
    match entry.casing:
        case "any":
            return True
        case "upper":
            return text[start:end].isupper()
        case "capital":
            if text[start].isupper() or language in entry.lower_in:
                return True
            # "republic of Georgia", "north Korea"
            return text[text.rfind(" ", start, end) + 1].isupper() and " " in text[start:end]


def _has_prefix(folded: str, start: int) -> bool:
    """Tell whether the letters before are Arabic prefixes and not part of a word."""
    if not _ARABIC.match(folded, start):
        return False
    return _ARABIC_PREFIX.search(folded, max(0, start - 3), start) is not None


@functools.cache
def _gazetteer() -> _Gazetteer:
    from ahocorasick_rs import (  # noqa: PLC0415 - only taggers need it
        AhoCorasick,
        Implementation,
        MatchKind,
    )

    entries = _entries()
    phrases, sections_of = _masks()
    mask = Entry((), "mask")
    for phrase in phrases:
        entries.setdefault(phrase, mask)
    automaton = AhoCorasick(
        entries, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA
    )
    patterns = tuple(
        _Pattern(key, entry, not entry.codes, entry.language == "en" and entry.casing == "capital")
        for key, entry in entries.items()
    )
    return _Gazetteer(automaton, patterns, sections_of)


def _masks() -> tuple[list[str], tuple[str, ...]]:
    """Return the folded phrases that hide a name, and what names an employer's section."""
    phrases: list[str] = []
    sections_of: list[str] = []
    for words, followed_by, _reason, _source in territories.read_table("territory_masks.tsv"):
        if followed_by == _ANY_NAME:
            sections_of += [form + " " for form in words.split("|")]
            continue
        for first, last in product(words.split("|"), followed_by.split("|")):
            phrases.append(first + (" " if last[:1].isalnum() else "") + last)
    return _fold_all(phrases), tuple(_fold_all(sections_of))


def _entries() -> dict[str, Entry]:
    """Return what each folded form means."""
    rows = list(_rows())
    entries: dict[str, Entry] = {}
    for key, (_, entry) in zip(_fold_all([form for form, _ in rows]), rows, strict=True):
        if len(key) < _SHORTEST and entry.casing != "upper":
            continue
        known = entries.setdefault(key, entry)
        if known is not entry and known.codes == entry.codes and known != entry:
            entries[key] = _merge(known, entry)
    return entries


def _fold_all(forms: list[str]) -> list[str]:
    # One text folds several times faster than ten thousand.
    return territories.fold("\0".join(forms)).split("\0")


def _rows() -> Iterator[tuple[str, Entry]]:
    """Yield every form with its meaning: by rank of kind, English forms first."""
    rows = [
        *territories.read_table("territory_names.tsv"),
        *_display_names(),
        *territories.read_table("territory_places.tsv"),
        *territories.read_table("territory_demonyms.tsv"),
    ]
    rows.sort(key=lambda row: (_RANKS[row[1]], row[3] != "en"))
    for codes, kind, place, language, strength, forms, _source in rows:
        entry = Entry(
            tuple(codes.split()),
            cast("Kind", kind),
            place if kind == "region" else "",
            language,
            cast("Strength", strength),
        )
        for form in forms.split("|"):
            shaped = _shape(form, entry)
            for inflected in territories.inflect(form, language):
                for spelling in _spellings(inflected, entry):
                    yield spelling, shaped


def _display_names() -> Iterator[list[str]]:
    """Yield each territory's own names as rows of the other tables' shape."""
    for territory in territories.territories().values():
        for language, form in zip(territories.LANGUAGES, territory.names, strict=True):
            yield [territory.code, "name", "", language, "strong", form, ""]


def _shape(form: str, entry: Entry) -> Entry:
    """Return the entry with the casing that its form in the table asks for.

    A form in capitals must stand in capitals. One in lower case may stand so: in
    Latin script only in texts of its language, as "afghan" is English too.
    """
    if form.isupper() and len(form) <= _LONGEST_ACRONYM:
        return replace(entry, casing="upper")
    if form[0].isupper():
        return entry
    if entry.language in {"en", "ru", "ar"}:
        return replace(entry, casing="any")
    return replace(entry, lower_in=frozenset({entry.language}))


def _spellings(form: str, entry: Entry) -> tuple[str, ...]:
    """Return the form, and in Arabic those with the article and with "to the".

    They are patterns of their own, as "the Russian" begins like "the Russians": the
    automaton would stop there.
    """
    if entry.language != "ar":
        return (form,)
    if form.startswith("ال"):
        return (form, "لل" + form[2:])
    if entry.kind in {"demonym", "region"}:
        return (form, "ال" + form, "لل" + form)
    return (form,)


def _merge(known: Entry, other: Entry) -> Entry:
    """Return ``known``, written in the ways of both rows, which mean the same."""
    if known.strength == "own":
        return known
    casing = "any" if other.language == known.language and other.casing == "any" else known.casing
    return replace(known, casing=casing, lower_in=known.lower_in | other.lower_in)
