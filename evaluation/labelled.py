"""Posts with all the tags that they should have, and what the taggers make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.metrics import Pair, macro_f1, mean, micro
from evaluation.rows import Row
from rights_search.post import Post

# What a label calls a set of tags, and the field of a post that holds it.
FIELDS = {
    "about": "countries",
    "mentions": "mentions",
    "places": "places",
    "themes": "themes",
    "groups": "groups",
}

_MACRO = {"themes", "groups"}
"""Kinds with a vocabulary that is small enough for a mean over its values to mean something."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A post with the tags that it should have, by kind (a key of `FIELDS`)."""

    post: Post
    wanted: Mapping[str, frozenset[str]]

    def pair(self, kind: str) -> Pair:
        """Return the wanted tags of a kind, and those that the post has."""
        given = {item.value for item in getattr(self.post, FIELDS[kind])}
        return self.wanted[kind], given


def wanted_of(label: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Return the tags that a record of a file of labels holds, by kind."""
    return {kind: frozenset(label[kind]) for kind in FIELDS}


def measures() -> list[str]:
    """Return the names of the measures that `rows_of` takes, in its order."""
    names = []
    for kind in FIELDS:
        names += [f"{kind} {ratio}" for ratio in ("precision", "recall", "F1")]
        if kind in _MACRO:
            names.append(f"{kind} macro F1")
    return [*names, "about all right", "themes a post"]


def rows_of(data: str, labelled: Sequence[Labelled], size: str) -> list[Row]:
    """Return precision, recall and F1 of every kind of tag on tagged posts.

    ``about all right`` is the share of posts whose countries are the wanted ones, none
    missed and none added.
    """
    values: list[float] = []
    for kind in FIELDS:
        pairs = [item.pair(kind) for item in labelled]
        tally = micro(pairs)
        values += [tally.precision, tally.recall, tally.f1]
        if kind in _MACRO:
            values.append(macro_f1(pairs))
    about = [item.pair("about") for item in labelled]
    values.append(mean(wanted == given for wanted, given in about))
    values.append(mean(len(item.post.themes) for item in labelled))
    return [
        Row(data, measure, value, size) for measure, value in zip(measures(), values, strict=True)
    ]
