"""Positions of a phrase's terms in one field of one document → where the phrase stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from rights_search.query.nodes import Phrase


def runs(phrase: Phrase, places: Mapping[str, set[int]]) -> list[int]:
    """Return the positions from which every term stands right behind the one before."""
    first, *others = (places[term] for term in phrase.terms)
    return [
        start
        for start in first
        if all(start + step in following for step, following in enumerate(others, 1))
    ]


def count_windows(phrase: Phrase, places: Mapping[str, set[int]]) -> int:
    """Count the wanted tokens that begin a window with every term often enough."""
    needed = Counter(phrase.terms)
    width = len(phrase.terms) + (phrase.slop or 0)
    held = sorted((position, term) for term, found in places.items() for position in found)
    inside: Counter[str] = Counter()
    found = end = 0
    for position, term in held:
        while end < len(held) and held[end][0] < position + width:
            inside[held[end][1]] += 1
            end += 1
        found += all(inside[wanted] >= count for wanted, count in needed.items())
        inside[term] -= 1
    return found
