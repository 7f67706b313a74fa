"""Tree → tree: the broad reading of a query, in which any of its words will do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from rights_search.derivation import SAME_ROOT_BOOST
from rights_search.query.nodes import And, Derived, Leaf, Node, Or, Synonyms, Word
from rights_search.query.parser import any_of_words

REPEATED_POWER = 0.7
"""A word said n times weighs n to this power: long questions repeat themselves."""


def broaden(node: Node) -> Node:
    """Return a weaker query: any of the words, and words of the same root.

    What was quoted, has a field, a suffix or a negation stays as it is.
    """
    return _widen(any_of_words(node) or node)


def _widen(node: Node) -> Node:
    match node:
        case And(children):
            return replace(node, children=tuple(_widen(child) for child in children))
        case Or(children):
            return replace(node, children=tuple(_once_each(map(_widen, children))))
        case Synonyms(members):
            return replace(node, leaves=tuple(_with_roots(members)))
        case Word():
            leaves = tuple(_with_roots((node,)))
            return Synonyms(leaves, node.span) if len(leaves) > 1 else node
        case _:
            return node


def _with_roots(leaves: Iterable[Leaf]) -> Iterator[Leaf]:
    for leaf in leaves:
        yield leaf
        if isinstance(leaf, Word) and not leaf.exact and leaf.alias is None:
            boost = leaf.boost * SAME_ROOT_BOOST
            yield Derived(leaf.term, leaf.field, boost, span=leaf.span)


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
