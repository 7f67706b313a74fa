"""Choose the themes and groups of people that a text is about by what its terms add up to.

The longer the text, the more it takes: a report of ten pages mentions nearly every
theme, and every group.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rights_search.tagging.lexicon import STRONG
from rights_search.tagging.term_scores import Scores

# A text of up to so many characters needs a score of 1; one of twice that, more.
_SHORT_CHARS = 600
_PER_DOUBLING = 0.5
# A theme that texts mention in passing needs more where the title does not show it.
_COMMON = 2.5
# What the strongest theme has makes the faint ones noise. Not what one has that texts mention in
# passing: a list of ten treaties is about what each of them is on.
_OF_TOP = 0.25
# A text that is full of themes, or that has no title to sum it up, has room for more.
_MOST_TAGS, _MOST_TAGS_RICH, _RICH = 4, 6, 12.0
# Where a title says what the text is about, what comes after the third is seldom more than named:
# one in four of those just above what is needed was right in texts labelled by hand.
_SURE_TAGS, _BEYOND_SURE = 3, 1.5
# With nothing else, the best guess is better than none from here on.
_BEST_GUESS = 0.5
# The same for groups of people. One is shown by few terms that come again and again.
_GROUP_PER_DOUBLING = 0.3
_GROUP_OF_TOP = 0.3
_MOST_GROUPS = 4


def choose_themes(
    scores: Scores, numbers: range, common: frozenset[int], *, is_labelled: bool
) -> list[int]:
    """Return the numbers of the themes that the text is about, the highest score first.

    Args:
        scores: what the terms of the text add up to.
        numbers: the numbers that are themes.
        common: those of the themes that any text mentions in passing.
        is_labelled: True where the source names themes: the text must then say more.
    """
    totals, in_title = scores.totals, scores.in_title
    top = max(totals[numbers.start : numbers.stop], default=0.0)
    if not top:
        return []
    doublings = _doublings(scores)
    needed = (1 + _PER_DOUBLING * doublings) * (2 if is_labelled else 1)
    if top < needed:
        is_guess = top >= _BEST_GUESS and doublings == 0 and not is_labelled
        return [totals.index(top, numbers.start)] if is_guess else []
    chosen = _ranked(totals, numbers, needed)
    faint = _OF_TOP * next((totals[number] for number in chosen if number not in common), 0.0)
    if faint > needed:
        chosen = [number for number in chosen if totals[number] >= faint]
    if not common.isdisjoint(chosen) and max(in_title) >= STRONG:
        chosen = [
            number
            for number in chosen
            if number not in common or in_title[number] >= STRONG or totals[number] >= _COMMON
        ]
    # Not by the length: words that say nothing must not make room for another theme.
    has_title = "title" in scores.text.fields
    chosen = chosen[: _MOST_TAGS if has_title and top < _RICH else _MOST_TAGS_RICH]
    if has_title:
        while len(chosen) > _SURE_TAGS and totals[chosen[-1]] < _BEYOND_SURE * needed:
            chosen.pop()
    return chosen


def choose_groups(scores: Scores, numbers: range) -> list[int]:
    """Return the numbers of the groups that the text is about, the highest score first.

    Args:
        scores: what the terms of the text add up to.
        numbers: the numbers that are groups.
    """
    totals = scores.totals
    top = max(totals[numbers.start : numbers.stop], default=0.0)
    needed = max(1 + _GROUP_PER_DOUBLING * _doublings(scores), _GROUP_OF_TOP * top)
    if top < needed:
        return []
    return _ranked(totals, numbers, needed)[:_MOST_GROUPS]


def _ranked(totals: Sequence[float], numbers: range, needed: float) -> list[int]:
    """Return those of ``numbers`` that score what is needed, the highest first."""
    # Sorting is stable, also in reverse: of equals the first in the vocabulary comes first.
    some = totals[numbers.start : numbers.stop]
    scored = [number for number, total in enumerate(some, numbers.start) if total >= needed]
    if len(scored) > 1:
        scored.sort(key=totals.__getitem__, reverse=True)
    return scored


def _doublings(scores: Scores) -> float:
    chars = len(scores.text.source)
    return math.log2(chars / _SHORT_CHARS) if chars > _SHORT_CHARS else 0.0
