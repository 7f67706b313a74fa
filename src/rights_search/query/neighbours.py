"""Re-ranking by neighbours: posts that resemble other good answers move up.

After Diaz, "Regularizing ad hoc retrieval scores" (2005): closely related posts tend
to answer the same questions, so each of the first answers takes a share of its score
from the answers that it resembles most.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from rights_search.query.feedback import Bag
from rights_search.query.tuning import TUNED, Tuning


def smooth(
    bags: Sequence[Bag],
    scores: Sequence[float],
    rarity: Mapping[str, float],
    tuning: Tuning = TUNED,
) -> tuple[float, ...]:
    """Return the scores with each post's neighbours mixed in, in the same order.

    Args:
        bags: the words of each post.
        scores: their scores, as many.
        rarity: form → inverse document frequency.
        tuning: how many neighbours count, and how much.
    """
    own = 1 - tuning.neighbour_share
    vectors = [_unit_vector(each, rarity) for each in bags]
    likeness = _cosines(vectors)
    smoothed: list[float] = []
    for number, score in enumerate(scores):
        ranked = sorted(likeness[number].items(), key=lambda item: (-item[1], item[0]))
        row = ranked[: tuning.neighbours]
        whole = sum(weight for _, weight in row)
        others = sum(scores[other] * weight for other, weight in row) / whole if whole else 0.0
        smoothed.append(own * score + tuning.neighbour_share * others)
    return tuple(smoothed)


def _unit_vector(words: Bag, rarity: Mapping[str, float]) -> dict[str, float]:
    weights = {
        shared: math.log1p(count) * rarity.get(words.forms[shared], 0.0)
        for shared, count in words.counts.items()
    }
    norm = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {shared: weight / norm for shared, weight in weights.items()} if norm else {}


def _cosines(vectors: Sequence[Mapping[str, float]]) -> list[dict[int, float]]:
    """Return for each vector the others that share a word with it → cosine."""
    holding: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, vector in enumerate(vectors):
        for shared, weight in vector.items():
            holding[shared].append((number, weight))
    rows: list[dict[int, float]] = [defaultdict(float) for _ in vectors]
    for held in holding.values():
        for number, weight in held:
            row = rows[number]
            for other, of_other in held:
                if other != number:
                    row[other] += weight * of_other
    return rows
