"""The vocabulary of themes: ids, names in seven languages, and the terms of each.

Themes stand in two levels: eight groups, some 45 themes. Groups of people cut
across them. Names and terms are data in separate files, so that a search never
loads the terms: ``data/themes.json`` has ids, names and the published lists that
they map to, ``data/theme_terms_*.json`` the words by which a text shows a theme.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme of the vocabulary.

    Args:
        id: stable identifier, lower case with hyphens.
        group: id of the group it belongs to.
        labels: (language, label) pairs, English first.
        names: other names that people use for it, in any language.
        sources: (list, names) pairs: the published lists and the names there
            that this theme stands for.
    """

    id: str
    group: str
    labels: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    sources: tuple[tuple[str, tuple[str, ...]], ...]
    is_common: bool = False


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
    """Return the theme's name in ``language``, else in English.

    An unknown id, such as one that an older index holds, is its own name. Ids of
    groups work too.
    """
    labels = _labels().get(theme_id)
    return theme_id if labels is None else labels.get(language, labels["en"])


def group(theme_id: str) -> str:
    """Return the id of the group that a theme belongs to.

    Raises:
        KeyError: if there is no such theme.
    """
    return _themes()[theme_id].group


def groups() -> dict[str, tuple[str, ...]]:
    """Return group id → ids of its themes, both in the order of the vocabulary."""
    members: dict[str, tuple[str, ...]] = {str(item["id"]): () for item in _vocabulary()["groups"]}
    for item in _themes().values():
        members[item.group] += (item.id,)
    return members


def people() -> dict[str, tuple[str, ...]]:
    """Return group of people → ids of the themes that are about them."""
    return {str(item["id"]): tuple(item["themes"]) for item in _vocabulary()["people"]}


def resolve(text: str) -> tuple[str, ...]:
    """Return the ids of the themes that ``text`` names, or () for an unknown name.

    Known are the ids, the labels in every language, other current names, the names
    of the published lists that the vocabulary maps, and groups: the name of a group
    stands for all its themes. Case, accents and punctuation make no difference.
    """
    return _names().get(_key(text), ())


def suggest(text: str, limit: int = 3) -> tuple[str, ...]:
    """Return ids of themes whose names look like ``text``, the best first."""
    # Imported here: only a mistyped name needs it.
    import difflib  # noqa: PLC0415

    wanted = _key(text)
    if not wanted:
        return ()
    names = list(_names())
    inside = [name for name in names if f" {wanted}" in f" {name}"] if len(wanted) > 2 else []  # noqa: PLR2004
    close = difflib.get_close_matches(wanted, names, n=4 * limit, cutoff=0.7)
    found = (theme_id for name in [*close, *inside] for theme_id in _names()[name])
    return tuple(dict.fromkeys(found))[:limit]


@cache
def term_languages() -> tuple[str, ...]:
    """Return the ISO 639-1 codes of the languages that have terms."""
    return tuple(sorted(path.stem[-2:] for path in _DATA.glob("theme_terms_??.json")))


@cache
def terms(language: str) -> Terms:
    """Return the terms of one language; see ``docs/themes.md`` for their notation.

    Raises:
        ValueError: if the vocabulary has no terms in that language.
    """
    if language not in term_languages():
        raise ValueError(f"no theme terms in {language!r}; there are {', '.join(term_languages())}")
    record = _load(f"theme_terms_{language}.json")
    entries: dict[str, dict[str, list[str]]] = record["themes"]
    return Terms(
        strong=tuple((theme_id, tuple(entry["strong"])) for theme_id, entry in entries.items()),
        weak=tuple((theme_id, tuple(entry["weak"])) for theme_id, entry in entries.items()),
        masks=tuple(record["masks"]),
    )


def _load(name: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((_DATA / name).read_text(encoding="utf-8"))
    return record


@cache
def _vocabulary() -> dict[str, Any]:
    return _load("themes.json")


@cache
def _themes() -> dict[str, Theme]:
    return {
        item["id"]: Theme(
            id=item["id"],
            group=item["group"],
            labels=tuple(item["labels"].items()),
            names=tuple(item["names"]),
            sources=tuple((source, tuple(names)) for source, names in item["sources"].items()),
            is_common=item.get("common", False),
        )
        for item in _vocabulary()["themes"]
    }


@cache
def _labels() -> dict[str, dict[str, str]]:
    record = _vocabulary()
    # Themes last: where a group of people has a theme's id, the theme's name counts.
    entries = [*record["people"], *record["groups"], *record["themes"]]
    return {item["id"]: item["labels"] for item in entries}


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Return key of a name → theme ids; where a name has two meanings, the first level wins."""
    names: dict[str, tuple[str, ...]] = {}
    for level in (_id_names(), _theme_names(), _group_names(), _people_names()):
        found: dict[str, tuple[str, ...]] = {}
        for name, theme_ids in level:
            key = _key(name)
            found[key] = tuple(dict.fromkeys(found.get(key, ()) + theme_ids))
        names = found | names
    names.pop("", None)
    return names


def _id_names() -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from groups().items()
    yield from ((theme_id, (theme_id,)) for theme_id in ids())


def _theme_names() -> Iterator[tuple[str, tuple[str, ...]]]:
    for item in _themes().values():
        listed: Iterable[str] = (name for _, source in item.sources for name in source)
        for name in (*(text for _, text in item.labels), *item.names, *listed):
            yield name, (item.id,)


def _group_names() -> Iterator[tuple[str, tuple[str, ...]]]:
    members = groups()
    for item in _vocabulary()["groups"]:
        for name in item["labels"].values():
            yield name, members[item["id"]]


def _people_names() -> Iterator[tuple[str, tuple[str, ...]]]:
    for item in _vocabulary()["people"]:
        for name in (item["id"], *item["labels"].values(), *item["names"]):
            yield name, tuple(item["themes"])


_APOSTROPHES = re.compile("['’‘ʼ`´]")
_NOT_WORD = re.compile(r"[\W_]+")


def _key(name: str) -> str:
    """Return ``name`` without case, accents and punctuation."""
    letters = name.casefold().replace("&", " and ")
    if not letters.isascii():
        decomposed = unicodedata.normalize("NFKD", letters)
        letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", _APOSTROPHES.sub("", letters)).strip()
