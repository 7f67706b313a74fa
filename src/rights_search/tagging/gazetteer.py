"""What every form of a name means: the tables of territories, as entries.

Names, demonyms, regions, capitals and cities of a language, the bodies of states, and
masks such as "Geneva Conventions" or "Michael Jordan", which hide the name in them.
`rights_search.tagging.finding` looks for them in texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from sys import intern
from typing import Literal, cast, get_args

from rights_search.geography import territories

Kind = Literal[
    "name", "former", "region", "demonym", "capital", "city", "group", "body", "assembly"
]
Strength = Literal["strong", "weak", "person", "shared", "own"]
Casing = Literal["capital", "upper", "any"]

# The first kind that has a form keeps it: "Mexico" is the country before the city.
_RANKS = {kind: rank for rank, kind in enumerate(get_args(Kind))}
TOWNS = frozenset({"city", "capital"})
"""Kinds of entries that are towns."""

_WITH_GENITIVE = frozenset({"name", "former", "region", "capital"})
_SHORTEST = 3
_LONGEST_ACRONYM = 8
DEFAULT = "en"
SCRIPTS = ("ru", "ar")
"""Groups of forms that are the only ones in their script."""

LATIN = tuple(language for language in territories.LANGUAGES if language not in SCRIPTS)
ANY_LATIN = "any"
"""The group of all forms in Latin letters."""


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


def masks() -> list[str]:
    """Return the folded phrases that hide a name."""
    phrases: list[str] = []
    for words, followed_by, _reason, _source in territories.read_table("territory_masks.tsv"):
        for first, last in product(words.split("|"), followed_by.split("|")):
            is_glued = not last[:1].isalnum() or first[-1] in "'- "
            phrases.append(first + ("" if is_glued else " ") + last)
    return _fold_all(phrases)


def entries(group: str) -> dict[str, Entry]:
    """Return what each folded form of a group means.

    Args:
        group: a language of `LATIN`, which goes with English, `ANY_LATIN` or one of
            `SCRIPTS`.
    """
    rows = list(_rows(group))
    meanings: dict[str, Entry] = {}
    for key, (_, entry) in zip(_fold_all([form for form, _ in rows]), rows, strict=True):
        if len(key) < _SHORTEST and entry.casing != "upper":
            continue
        known = meanings.setdefault(key, entry)
        # Written in the ways of both rows, where they mean the same.
        if entry.casing == "any" != known.casing and known.codes == entry.codes:
            meanings[key] = _with_casing(known, "any")
    return meanings


def _fold_all(forms: list[str]) -> list[str]:
    # One text folds several times faster than ten thousand.
    return territories.fold("\0".join(forms)).split("\0")


def _rows(group: str) -> Iterator[tuple[str, Entry]]:
    """Yield every form of a group with its meaning, in the order in which they go first.

    A group's own forms go before English ones, and then the rank of the kind decides.
    """
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
        if row[3] in languages and (row[4] != "own" or group != ANY_LATIN)
    ]
    rows.sort(key=lambda row: (row[3] == DEFAULT and group in LATIN, _RANKS[row[1]]))
    for codes, kind, place, language, strength, forms, _source in rows:
        # Each string once: then they are compared by identity, and few to be fetched.
        entry = Entry(
            tuple(map(intern, codes.split())),
            cast("Kind", intern(kind)),
            place if codes else "",
            cast("Strength", intern(strength)),
            may_be_person=strength in {"person", "own"} or kind in TOWNS,
            seats=() if codes else tuple(place.split("|")),
        )
        for form in forms.split("|"):
            shaped = _with_casing(entry, _casing(form, language, group))
            for inflected in territories.inflect(form, language):
                for spelling in _spellings(inflected, group, kind):
                    yield spelling, shaped


def _languages(group: str) -> tuple[str, ...]:
    if group == ANY_LATIN:
        return LATIN
    return (group,) if group in SCRIPTS else (DEFAULT, group)


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
    is_sure = language == DEFAULT or group != ANY_LATIN
    return "any" if not form[0].isupper() and is_sure else "capital"


def _with_casing(entry: Entry, casing: Casing) -> Entry:
    if casing == entry.casing:
        return entry
    return replace(entry, casing=casing)


def _spellings(form: str, group: str, kind: str) -> tuple[str, ...]:
    """Return the form, in German with its genitive, in Arabic with "the" and "to the".

    They are patterns of their own, as "the Russian" begins like "the Russians": the
    automaton would stop there.
    """
    if group == "de" and kind in _WITH_GENITIVE and form[-1:].isalpha() and form[-1] not in "sxzß":
        return (form, form + "s")
    if group != "ar":
        return (form,)
    if form.startswith("ال"):
        return (form, "لل" + form[2:])
    if kind in {"demonym", "region"}:
        return (form, "ال" + form, "لل" + form)
    return (form,)
