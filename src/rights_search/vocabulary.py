"""The vocabulary of themes and groups of people: what there is, and what it is called.

Themes stand in two levels: eight areas, some 45 themes. Groups of people cut across
them and are tags of their own. Names and terms are data in separate files, so that a
search never loads the terms: ``data/themes.json`` has ids, names and the published
lists that they map to, ``data/theme_terms_*.json`` the words by which a text shows a
theme. Most callers want `rights_search.themes` and `rights_search.groups`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

DATA = Path(__file__).parent / "data"

Labels: TypeAlias = tuple[tuple[str, str], ...]
"""(language, label) pairs, English first."""


@dataclass(frozen=True, slots=True)
class Area:
    """A first-level entry: themes that belong together."""

    id: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme.

    Args:
        id: stable identifier, lower case with hyphens.
        area: id of the area it belongs to.
        labels: what it is called, by language.
        names: other names that people use for it, in any language.
        sources: (list, names) pairs: the published lists and the names there
            that this theme stands for.
        is_common: True for what texts of any theme mention in passing.
    """

    id: str
    area: str
    labels: Labels
    names: tuple[str, ...] = ()
    sources: tuple[tuple[str, tuple[str, ...]], ...] = ()
    is_common: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One group of people.

    Args:
        id: stable identifier, lower case with hyphens.
        labels: what it is called, by language.
        names: other names that people use for it, in any language.
        sources: as in `Theme`.
        themes: ids of the themes that the group's name is also understood as.
    """

    id: str
    labels: Labels
    names: tuple[str, ...] = ()
    sources: tuple[tuple[str, tuple[str, ...]], ...] = ()
    themes: tuple[str, ...] = ()


# Compared by identity: it is a key of caches, and large.
@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Everything that a post can be tagged with, in the order in which it is shown."""

    areas: tuple[Area, ...]
    themes: tuple[Theme, ...]
    groups: tuple[Group, ...]


@cache
def current() -> Vocabulary:
    """Return the vocabulary in use."""
    record: dict[str, Any] = json.loads((DATA / "themes.json").read_text(encoding="utf-8"))
    return Vocabulary(
        areas=tuple(Area(item["id"], _pairs(item["labels"])) for item in record["areas"]),
        themes=tuple(
            Theme(
                item["id"],
                item["area"],
                _pairs(item["labels"]),
                tuple(item["names"]),
                _lists(item["sources"]),
                item.get("common", False),
            )
            for item in record["themes"]
        ),
        groups=tuple(
            Group(
                item["id"],
                _pairs(item["labels"]),
                tuple(item["names"]),
                _lists(item["sources"]),
                tuple(item["themes"]),
            )
            for item in record["groups"]
        ),
    )


def _pairs(labels: Mapping[str, str]) -> Labels:
    return tuple(labels.items())


def _lists(sources: Mapping[str, list[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((source, tuple(names)) for source, names in sources.items())


# --- names -----------------------------------------------------------------


def every_name(item: Theme | Group) -> Iterable[str]:
    """Yield the labels of a theme or group, its other names and those in published lists."""
    yield from (text for _, text in item.labels)
    yield from item.names
    for _, names in item.sources:
        yield from names


class Names:
    """Names in any spelling → the ids that they stand for.

    Args:
        levels: (name, ids) pairs by rank: what a name means on an earlier level
            counts; on one level it may mean several things.
    """

    def __init__(self, *levels: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        self._ids: dict[str, tuple[str, ...]] = {}
        for level in levels:
            found: dict[str, tuple[str, ...]] = {}
            for name, ids in level:
                known = _key(name)
                found[known] = tuple(dict.fromkeys(found.get(known, ()) + ids))
            self._ids = found | self._ids
        self._ids.pop("", None)

    def resolve(self, text: str) -> tuple[str, ...]:
        """Return the ids that ``text`` stands for; case, accents and signs do not count."""
        return self._ids.get(_key(text), ())

    def suggest(self, text: str, limit: int) -> tuple[str, ...]:
        """Return ids whose names look like ``text``, the best first."""
        # Imported here: only a mistyped name needs it.
        import difflib  # noqa: PLC0415

        wanted = _key(text)
        if not wanted:
            return ()
        names = list(self._ids)
        is_part = len(wanted) > 2  # noqa: PLR2004 - two letters begin everything
        inside = [name for name in names if f" {wanted}" in f" {name}"] if is_part else []
        close = difflib.get_close_matches(wanted, names, n=4 * limit, cutoff=0.7)
        found = (item_id for name in [*close, *inside] for item_id in self._ids[name])
        return tuple(dict.fromkeys(found))[:limit]


_APOSTROPHES = re.compile("['’‘ʼ`´]")
_NOT_WORD = re.compile(r"[\W_]+")


def _key(name: str) -> str:
    """Return ``name`` without case, accents and punctuation."""
    letters = name.casefold().replace("&", " and ")
    if not letters.isascii():
        decomposed = unicodedata.normalize("NFKD", letters)
        letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", _APOSTROPHES.sub("", letters)).strip()


def label_of(labels: Labels, language: str) -> str:
    """Return the label in ``language``, else the first one."""
    return dict(labels).get(language, labels[0][1])
