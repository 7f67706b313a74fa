"""Tree → tree: what makes one match a better answer than another, beside its words.

Words that stand near each other in the query say more where they stand near each
other in a post, and a country that is asked for is better answered by posts about it
than by posts that name it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rights_search.query.nodes import (
    And,
    Facet,
    Node,
    Or,
    Phrase,
    Prefer,
    Preference,
    Synonyms,
    Word,
)

NEAR_SLOP = 6
"""Most other words between two neighbours of the query that still count as near."""

NEAR_WEIGHT = 0.1
"""Weight of two words' nearness against that of a word; chosen on judged collections."""

ABOUT_WEIGHT = 0.3
"""Weight of being about a country that the query names."""

MAX_PAIRS = 40
"""Neighbours of a query that are looked at: a longer one is a text, not a question."""

_LONGEST_NAME = 4
_SHORTEST_NAME = 4


def prefer(node: Node) -> Node:
    """Return ``node`` with its preferences; it matches the same posts."""
    words = typed_words(node)
    preferences = (*_near(words), *_about(words))
    return Prefer(node, preferences, node.span) if preferences else node


def typed_words(node: Node, *, exact: bool = False) -> tuple[Word, ...]:
    """Return the plain words of a query, in order: no quoted, negated or fielded ones.

    Args:
        node: the query.
        exact: True if it was read so that every word of it is exact.
    """
    return tuple(_words(node, exact))


def _words(node: Node, exact: bool) -> Iterator[Word]:
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from _words(child, exact)
        case Synonyms((Word() as typed, *_)):
            yield from _words(typed, exact)
        case Word(field=None, alias=None) if node.exact == exact:
            yield node


def _near(words: Sequence[Word]) -> Iterator[Preference]:
    seen: set[frozenset[str]] = set()
    for first, second in pairwise(words[: MAX_PAIRS + 1]):
        pair = frozenset((first.term, second.term))
        if len(pair) == 1 or pair in seen:
            continue
        seen.add(pair)
        span = (first.span[0], second.span[1])
        near = Phrase((first.term, second.term), None, NEAR_SLOP, exact=False, span=span)
        yield Preference(near, NEAR_WEIGHT, "near", span)


def _about(words: Sequence[Word]) -> Iterator[Preference]:
    from rights_search.geography import territories  # noqa: PLC0415 - its data is read at first use

    start = 0
    while start < len(words[:MAX_PAIRS]):
        for end in range(min(len(words), start + _LONGEST_NAME), start, -1):
            name = " ".join(word.term for word in words[start:end])
            # Shorter ones would be read as codes: "in" is India's, "no" Norway's.
            code = territories.lookup(name) if len(name) >= _SHORTEST_NAME else None
            if code:
                span = (words[start].span[0], words[end - 1].span[1])
                yield Preference(Facet("country", (code,), span), ABOUT_WEIGHT, "about", span)
                start = end - 1
                break
        start += 1
