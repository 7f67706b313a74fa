"""The themes of the vocabulary in use: ids, labels, areas, and the names they go by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from rights_search.names import Names, every_name, label_of, source_labels
from rights_search.vocabulary.vocabulary import Area, Theme, Vocabulary, current


def ids() -> tuple[str, ...]:
    """Return the ids of all themes, in the order of the vocabulary."""
    return tuple(_themes(current()))


def theme(theme_id: str) -> Theme:
    """Return a theme with its names and sources.

    Raises:
        KeyError: if there is no such theme.
    """
    return _themes(current())[theme_id]


def label(theme_id: str, language: str = "en") -> str:
    """Return the name of a theme or area in ``language``, else in English.

    An unknown id, such as one that an older index holds, is its own name.
    """
    item = _themes(current()).get(theme_id) or _areas(current()).get(theme_id)
    return theme_id if item is None else label_of(item.labels, language)


def area(theme_id: str) -> str:
    """Return the id of the area that a theme belongs to.

    Raises:
        KeyError: if there is no such theme.
    """
    return _themes(current())[theme_id].area


def areas() -> dict[str, tuple[str, ...]]:
    """Return area → ids of its themes, both in the order of the vocabulary."""
    return _members(current())


def resolve(text: str) -> tuple[str, ...]:
    """Return the ids of the themes that ``text`` names, or () for an unknown name.

    Known are the ids, the labels in every language, other current names, the names
    of the published lists that the vocabulary maps, and areas: the name of an area
    stands for all its themes. Case, accents and punctuation make no difference.
    """
    return _names(current()).resolve(text)


def suggest(text: str, limit: int = 3) -> tuple[str, ...]:
    """Return ids of themes whose names look like ``text``, the best first."""
    return _names(current()).suggest(text, limit)


@lru_cache(maxsize=8)
def _themes(vocabulary: Vocabulary) -> Mapping[str, Theme]:
    return {item.id: item for item in vocabulary.themes}


@lru_cache(maxsize=8)
def _areas(vocabulary: Vocabulary) -> Mapping[str, Area]:
    return {item.id: item for item in vocabulary.areas}


def _members(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    members: dict[str, tuple[str, ...]] = dict.fromkeys(_areas(vocabulary), ())
    for item in vocabulary.themes:
        members[item.area] += (item.id,)
    return members


@lru_cache(maxsize=8)
def _names(vocabulary: Vocabulary) -> Names:
    # What a user says that a source means counts before the names that we know; the name
    # of a theme counts before that of an area, and that before a group's.
    return Names(
        _id_names(vocabulary),
        ((name, (item.id,)) for item in vocabulary.themes for name in source_labels(item)),
        _theme_names(vocabulary),
        _area_names(vocabulary),
        _group_names(vocabulary),
    )


def _id_names(vocabulary: Vocabulary) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from _members(vocabulary).items()
    yield from ((item.id, (item.id,)) for item in vocabulary.themes)


def _theme_names(vocabulary: Vocabulary) -> Iterator[tuple[str, tuple[str, ...]]]:
    for item in vocabulary.themes:
        yield from ((name, (item.id,)) for name in every_name(item))


def _area_names(vocabulary: Vocabulary) -> Iterator[tuple[str, tuple[str, ...]]]:
    members = _members(vocabulary)
    for item in vocabulary.areas:
        yield from ((name, members[item.id]) for _, name in item.labels)


def _group_names(vocabulary: Vocabulary) -> Iterator[tuple[str, tuple[str, ...]]]:
    for item in vocabulary.groups:
        if item.themes:
            yield from ((name, item.themes) for name in (item.id, *every_name(item)))
