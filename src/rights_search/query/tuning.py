"""The constants of the broad ranking, in one value: what an evaluation may vary."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tuning:
    """How far the first answers of a search change its order.

    docs/evaluation.md says how the values were chosen.

    Args:
        feedback_posts: how many of the first answers are read for feedback.
        feedback_terms: how many of their words are asked for.
        feedback_share: share of the whole weight that these words get, below 1.
        score_power: power of an answer's score, against the best, in its words' weight.
        length_power: power of a post's length by which its words' counts are divided.
        rarity_power: power of a word's rarity in its weight.
        reranked: how many of the first answers are compared with each other.
        neighbours: how many others each of them takes a share from.
        neighbour_share: the share of a score that comes from the neighbours.
    """

    feedback_posts: int = 5
    feedback_terms: int = 50
    feedback_share: float = 0.3
    score_power: float = 2.0
    length_power: float = 0.5
    rarity_power: float = 0.5
    reranked: int = 100
    neighbours: int = 10
    neighbour_share: float = 0.5


TUNED = Tuning()
"""The setting of the program."""
