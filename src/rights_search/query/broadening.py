"""Tree → tree: the broad reading of a query, in which any of its words will do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from rights_search.query.expansion import EVERY_GROUP
from rights_search.query.nodes import (
    And,
    Derived,
    Fuzzy,
    Leaf,
    Node,
    Or,
    Phrase,
    Synonyms,
    Transcription,
    Word,
)
from rights_search.query.parser import any_of_words
from rights_search.query.words import suited_edits
from rights_search.words.derivation import SAME_ROOT_BOOST

REPEATED_POWER = 0.7
"""A word said n times weighs n to this power: long questions repeat themselves."""

RARE = 3
"""A word that fewer posts hold may be spelt otherwise in the others."""

SPELLING_BOOST = 0.3
"""Weight of a word that is spelt nearly as the one that was typed, or sounds like it."""

_SHORTEST = 5

Holding: TypeAlias = Callable[[Word], int]
"""Word → about how many posts hold it."""


def broaden(node: Node, holding: Holding, without: Container[str] = ()) -> Node:
    """Return a weaker query: any of the words, and words of the same root.

    A word that hardly any post holds is looked for by its spelling and sound as well, and
    words in quotes in any inflection. What has a suffix or a negation stays as it is.

    Args:
        node: the query, aliases and all.
        holding: how many posts hold a word.
        without: the rules that are left out: ``same-root``, ``spelling``, ``sounds-alike``.
    """
    rules = _Rules(holding, without)
    return rules.widen(any_of_words(node) or node)


@dataclass(frozen=True, slots=True)
class _Rules:
    holding: Holding
    without: Container[str]

    def widen(self, node: Node) -> Node:
        match node:
            case And(children):
                return replace(node, children=tuple(self.widen(child) for child in children))
            case Or(children):
                return replace(node, children=tuple(_once_each(map(self.widen, children))))
            case Synonyms(members):
                leaves = (leaf for member in members for leaf in (member, *self.others(member)))
                return replace(node, leaves=tuple(leaves))
            case Word(exact=True, alias=None) | Phrase(exact=True, alias=None):
                return replace(node, exact=False)
            case Word():
                others = tuple(self.others(node))
                return Synonyms((node, *others), node.span) if others else node
            case _:
                return node

    def others(self, leaf: Leaf) -> Iterator[Leaf]:
        """Yield what else is looked for in place of a typed word."""
        if not isinstance(leaf, Word) or leaf.exact or leaf.alias is not None:
            return
        for other in self.candidates(leaf):
            if other.alias not in self.without and EVERY_GROUP not in self.without:
                yield replace(other, field=leaf.field, span=leaf.span)

    def candidates(self, word: Word) -> Iterator[Leaf]:
        root = word.boost * SAME_ROOT_BOOST
        yield Derived(word.term, boost=root, alias="same-root")
        if len(word.term) >= _SHORTEST and self.holding(word) < RARE:
            near = word.boost * SPELLING_BOOST
            yield Fuzzy(word.term, suited_edits(word.term), boost=near, alias="spelling")
            yield Transcription(word.term, loose=True, boost=near, alias="sounds-alike")


def _once_each(children: Iterable[Node]) -> Iterator[Node]:
    """Yield each of several equal alternatives once, with the weight of all of them."""
    for node, times in Counter(children).items():
        yield _boosted(node, times**REPEATED_POWER) if times > 1 else node


def _boosted(node: Node, factor: float) -> Node:
    match node:
        case Synonyms(members):
            leaves = tuple(replace(leaf, boost=leaf.boost * factor) for leaf in members)
            return replace(node, leaves=leaves)
        case Word():
            return replace(node, boost=node.boost * factor)
        case _:
            return node
