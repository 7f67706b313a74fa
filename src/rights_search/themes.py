"""The themes of the vocabulary in use: ids, labels, areas, and the names they go by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from rights_search.vocabulary import DATA, Names, Theme, current, every_name, label_of


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of one language that show a theme.

    Args:
        strong: (theme id, patterns) pairs; one of them is a reason for the tag.
        weak: (theme id, patterns) pairs; only several of them are.
        masks: phrases in which such a word means something else.
    """

    strong: tuple[tuple[str, tuple[str, ...]], ...]
    weak: tuple[tuple[str, tuple[str, ...]], ...]
    masks: tuple[str, ...]


def ids() -> tuple[str, ...]:
    """Return the ids of all themes, in the order of the vocabulary."""
    return tuple(_themes())


def theme(theme_id: str) -> Theme:
    """Return a theme with its names and sources.

    Raises:
        KeyError: if there is no such theme.
    """
    return _themes()[theme_id]


def label(theme_id: str, language: str = "en") -> str:
    """Return the name of a theme or area in ``language``, else in English.

    An unknown id, such as one that an older index holds, is its own name.
    """
    item = _themes().get(theme_id) or _areas().get(theme_id)
    return theme_id if item is None else label_of(item.labels, language)


def area(theme_id: str) -> str:
    """Return the id of the area that a theme belongs to.

    Raises:
        KeyError: if there is no such theme.
    """
    return _themes()[theme_id].area


def areas() -> dict[str, tuple[str, ...]]:
    """Return area → ids of its themes, both in the order of the vocabulary."""
    members: dict[str, tuple[str, ...]] = dict.fromkeys(_areas(), ())
    for item in _themes().values():
        members[item.area] += (item.id,)
    return members


def resolve(text: str) -> tuple[str, ...]:
    """Return the ids of the themes that ``text`` names, or () for an unknown name.

    Known are the ids, the labels in every language, other current names, the names
    of the published lists that the vocabulary maps, and areas: the name of an area
    stands for all its themes. Case, accents and punctuation make no difference.
    """
    return _names().resolve(text)


def suggest(text: str, limit: int = 3) -> tuple[str, ...]:
    """Return ids of themes whose names look like ``text``, the best first."""
    return _names().suggest(text, limit)


@cache
def term_languages() -> tuple[str, ...]:
    """Return the ISO 639-1 codes of the languages that have terms."""
    return tuple(sorted(path.stem[-2:] for path in DATA.glob("theme_terms_??.json")))


@cache
def terms(language: str) -> Terms:
    """Return the terms of one language; see ``docs/themes.md`` for their notation.

    Raises:
        ValueError: if the vocabulary has no terms in that language.
    """
    if language not in term_languages():
        raise ValueError(f"no theme terms in {language!r}; there are {', '.join(term_languages())}")
    path = DATA / f"theme_terms_{language}.json"
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    entries: dict[str, dict[str, list[str]]] = record["themes"]
    return Terms(
        strong=tuple((theme_id, tuple(entry["strong"])) for theme_id, entry in entries.items()),
        weak=tuple((theme_id, tuple(entry["weak"])) for theme_id, entry in entries.items()),
        masks=tuple(record["masks"]),
    )


@cache
def _themes() -> dict[str, Theme]:
    return {item.id: item for item in current().themes}


@cache
def _areas() -> dict[str, Any]:
    return {item.id: item for item in current().areas}


@cache
def _names() -> Names:
    # The name of a theme counts before that of an area, and that before a group's.
    return Names(_id_names(), _theme_names(), _area_names(), _group_names())


def _id_names() -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from areas().items()
    yield from ((theme_id, (theme_id,)) for theme_id in ids())


def _theme_names() -> Iterator[tuple[str, tuple[str, ...]]]:
    for item in _themes().values():
        yield from ((name, (item.id,)) for name in every_name(item))


def _area_names() -> Iterator[tuple[str, tuple[str, ...]]]:
    members = areas()
    for item in current().areas:
        yield from ((name, members[item.id]) for _, name in item.labels)


def _group_names() -> Iterator[tuple[str, tuple[str, ...]]]:
    for item in current().groups:
        if item.themes:
            yield from ((name, item.themes) for name in (item.id, *every_name(item)))
