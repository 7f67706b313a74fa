"""The groups of people of the vocabulary in use: ids, labels, the names they go by."""

from __future__ import annotations

from functools import cache

from rights_search.vocabulary import Group, Names, current, every_name, label_of


def ids() -> tuple[str, ...]:
    """Return the ids of all groups, in the order of the vocabulary."""
    return tuple(_groups())


def group(group_id: str) -> Group:
    """Return a group with its names and sources.

    Raises:
        KeyError: if there is no such group.
    """
    return _groups()[group_id]


def label(group_id: str, language: str = "en") -> str:
    """Return the name of a group in ``language``, else in English.

    An unknown id, such as one that an older index holds, is its own name.
    """
    item = _groups().get(group_id)
    return group_id if item is None else label_of(item.labels, language)


def resolve(text: str) -> tuple[str, ...]:
    """Return the ids of the groups that ``text`` names, or () for an unknown name.

    Known are the ids, the labels in every language, other current names and the names
    of the published lists that the vocabulary maps. Case, accents and punctuation
    make no difference.
    """
    return _names().resolve(text)


def suggest(text: str, limit: int = 3) -> tuple[str, ...]:
    """Return ids of groups whose names look like ``text``, the best first."""
    return _names().suggest(text, limit)


@cache
def _groups() -> dict[str, Group]:
    return {item.id: item for item in current().groups}


@cache
def _names() -> Names:
    items = _groups().values()
    return Names(
        ((item.id, (item.id,)) for item in items),
        ((name, (item.id,)) for item in items for name in every_name(item)),
    )
