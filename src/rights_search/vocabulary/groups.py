"""The groups of people of the vocabulary in use: ids, labels, the names they go by."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rights_search.names import Names, every_name, label_of, source_labels
from rights_search.vocabulary.vocabulary import Group, Vocabulary, current


def ids() -> tuple[str, ...]:
    """Return the ids of all groups, in the order of the vocabulary."""
    return tuple(_groups(current()))


def group(group_id: str) -> Group:
    """Return a group with its names and sources.

    Raises:
        KeyError: if there is no such group.
    """
    return _groups(current())[group_id]


def label(group_id: str, language: str = "en") -> str:
    """Return the name of a group in ``language``, else in English.

    An unknown id, such as one that an older index holds, is its own name.
    """
    item = _groups(current()).get(group_id)
    return group_id if item is None else label_of(item.labels, language)


def resolve(text: str) -> tuple[str, ...]:
    """Return the ids of the groups that ``text`` names, or () for an unknown name.

    Known are the ids, the labels in every language, other current names and the names
    of the published lists that the vocabulary maps. Case, accents and punctuation
    make no difference.
    """
    return _names(current()).resolve(text)


def suggest(text: str, limit: int = 3) -> tuple[str, ...]:
    """Return ids of groups whose names look like ``text``, the best first."""
    return _names(current()).suggest(text, limit)


@lru_cache(maxsize=8)
def _groups(vocabulary: Vocabulary) -> Mapping[str, Group]:
    return {item.id: item for item in vocabulary.groups}


@lru_cache(maxsize=8)
def _names(vocabulary: Vocabulary) -> Names:
    return Names(
        ((item.id, (item.id,)) for item in vocabulary.groups),
        ((name, (item.id,)) for item in vocabulary.groups for name in source_labels(item)),
        ((name, (item.id,)) for item in vocabulary.groups for name in every_name(item)),
    )
