"""The vocabulary of themes and groups of people: what there is, and what it is called.

Themes stand in two levels: eight areas, some 45 themes. Groups of people cut across
them and are tags of their own. Names and terms are data in separate files, so that a
search never loads the terms: ``data/themes.json`` has ids, names and the published
lists that they map to, ``data/theme_terms_*.json`` the words by which a text shows a
theme or a group. A user may bring another vocabulary: see `rights_search.vocabulary.file`.

Most callers want the modules `themes` and `groups` beside this one, which speak of the
vocabulary in use.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from rights_search.values import dataclass

DATA = Path(__file__).parent.parent / "data"

Kind: TypeAlias = Literal["theme", "group"]

Labels: TypeAlias = tuple[tuple[str, str], ...]
"""(language, label) pairs, the one that stands in for missing ones first."""

Sources: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""(list, names) pairs: a published list, and the names there that an entry stands for."""

SOURCE_LABELS = "source-labels"
"""Stands for a list in `Sources`: labels of which a user says what they mean."""


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
        sources: its names in published lists.
        is_common: True for what texts of any theme mention in passing.
    """

    id: str
    area: str
    labels: Labels
    names: tuple[str, ...] = ()
    sources: Sources = ()
    is_common: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One group of people.

    Args:
        id: stable identifier, lower case with hyphens.
        labels: what it is called, by language.
        names: other names that people use for it, in any language.
        sources: its names in published lists.
        themes: ids of the themes that the group's name is also understood as.
    """

    id: str
    labels: Labels
    names: tuple[str, ...] = ()
    sources: Sources = ()
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """The words of one language that show a theme or a group.

    Args:
        kind, id: the theme or group.
        strong: terms of which one is a reason for the tag.
        weak: terms of which only several are.
    """

    kind: Kind
    id: str
    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """All terms of one language; ``docs/themes.md`` tells their notation.

    Args:
        entries: the terms by theme and group.
        masks: phrases in which words of other terms mean something else.
    """

    entries: tuple[Entry, ...] = ()
    masks: tuple[str, ...] = ()


# Compared by identity: it is a key of caches, and large.
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Vocabulary:
    """Everything that a post can be tagged with, in the order in which it is shown.

    Args:
        areas, themes, groups: the entries.
        own_terms: language → terms that the vocabulary brings itself.
        has_ours: True where the terms of the built-in vocabulary count as well.
        origin: what a user's vocabulary was read from, as JSON; empty for the built-in one.
    """

    areas: tuple[Area, ...]
    themes: tuple[Theme, ...]
    groups: tuple[Group, ...]
    own_terms: Mapping[str, Terms]
    has_ours: bool = True
    origin: str = ""

    def __repr__(self) -> str:
        """Return a line: whose it is, and how much it has."""
        whose = f"of a user, {self.fingerprint}" if self.origin else "built in"
        size = f"{len(self.themes)} themes, {len(self.groups)} groups"
        return f"<Vocabulary {whose}: {size}>"

    @property
    def fingerprint(self) -> str:
        """Return 8 hex digits that differ where two users' vocabularies do.

        Empty for the built-in one, which changes with the program only.
        """
        if not self.origin:
            return ""
        import hashlib  # noqa: PLC0415 - few have an origin

        return hashlib.sha256(self.origin.encode("utf-8")).hexdigest()[:8]


# --- which one is in use ---------------------------------------------------------

_in_use: ContextVar[Vocabulary | None] = ContextVar("vocabulary", default=None)


def current() -> Vocabulary:
    """Return the vocabulary in use: the built-in one, unless `using` says otherwise."""
    return _in_use.get() or built_in()


@contextmanager
def using(vocabulary: Vocabulary) -> Iterator[None]:
    """Let ``vocabulary`` be the one in use, in this thread and within the block."""
    token = _in_use.set(vocabulary)
    try:
        yield
    finally:
        _in_use.reset(token)


# --- the built-in one ------------------------------------------------------------


@cache
def built_in() -> Vocabulary:
    """Return the vocabulary that comes with this package."""
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
        own_terms={},
    )


def _pairs(labels: Mapping[str, str]) -> Labels:
    return tuple(labels.items())


def _lists(sources: Mapping[str, list[str]]) -> Sources:
    return tuple((source, tuple(names)) for source, names in sources.items())


# --- terms -----------------------------------------------------------------------


@lru_cache(maxsize=8)
def term_languages(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the ISO 639-1 codes of the languages that have terms, sorted."""
    ours = _built_in_languages() if vocabulary.has_ours else ()
    return tuple(sorted({*ours, *vocabulary.own_terms}))


def terms(vocabulary: Vocabulary, language: str) -> Terms:
    """Return the terms of one language, of the vocabulary's own entries only.

    Raises:
        ValueError: if the vocabulary has no terms in that language.
    """
    languages = term_languages(vocabulary)
    if language not in languages:
        raise ValueError(f"no theme terms in {language!r}; there are {', '.join(languages)}")
    own = vocabulary.own_terms.get(language, Terms())
    if not vocabulary.has_ours or language not in _built_in_languages():
        return own
    ours = _built_in_terms(language)
    known = {("theme", item.id) for item in vocabulary.themes}
    known |= {("group", item.id) for item in vocabulary.groups}
    kept = tuple(entry for entry in ours.entries if (entry.kind, entry.id) in known)
    return Terms(kept + own.entries, ours.masks + own.masks)


@cache
def _built_in_languages() -> tuple[str, ...]:
    return tuple(sorted(path.stem[-2:] for path in DATA.glob("theme_terms_??.json")))


def _built_in_terms(language: str) -> Terms:
    path = DATA / f"theme_terms_{language}.json"
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    kinds: tuple[tuple[Kind, str], ...] = (("theme", "themes"), ("group", "groups"))
    return Terms(
        tuple(
            Entry(kind, item_id, tuple(entry["strong"]), tuple(entry["weak"]))
            for kind, key in kinds
            for item_id, entry in record[key].items()
        ),
        tuple(record["masks"]),
    )
