"""BM25F: the score of one term, or of several that count as one, in one post.

After Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted
fields" (2004), equations 3 to 5: the occurrences in all fields are weighted and
normalised first, and saturate together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from rights_search import fields

K1 = 1.2
"""How soon further occurrences stop counting."""


def idf(posts: int, matching: int) -> float:
    """Return the weight of a term that ``matching`` of ``posts`` posts hold; positive.

    An engine may count posts that are deleted already among those that hold a term.
    """
    matching = min(matching, posts)
    return math.log(1 + (posts - matching + 0.5) / (matching + 0.5))


def saturate(weight: float) -> float:
    """Return the share of a term's full score for its weighted occurrences."""
    return weight * (K1 + 1) / (weight + K1)


def field_factors(field: str, lengths: Sequence[int], average: float) -> list[float]:
    """Return what one occurrence in ``field`` counts, for each document.

    Args:
        field: name of a text field.
        lengths: number of tokens of the field, a document each.
        average: mean of the lengths over documents that have the field.
    """
    known = fields.BY_NAME[field]
    weight, norm = known.weight or 1.0, known.length_norm
    if not norm or not average:
        return [weight] * len(lengths)
    factor: Mapping[int, float] = {
        length: weight / (1 - norm + norm * length / average) for length in set(lengths)
    }
    return [factor[length] for length in lengths]


HALF_LIFE_DAYS = 3 * 365.25
"""After this time the bonus of a recent post is half of what it was."""

OLDEST_SHARE = 0.5
"""What is left of the score of a post that is very old or has no date."""


def recency(day: int | None, newest: int) -> float:
    """Return the factor of ``recent-relevant`` order, from `OLDEST_SHARE` to 1.

    Args:
        day: the last day on which the post may have appeared, as an ordinal; None
            for a post without a date.
        newest: the same of the newest post of the index: no clock is asked, so the
            same index gives the same order for ever.
    """
    if day is None:
        return OLDEST_SHARE
    age = max(0, newest - day)
    return OLDEST_SHARE + (1 - OLDEST_SHARE) * math.pow(2.0, -age / HALF_LIFE_DAYS)
