"""Decide which territory an ambiguous name stands for in a post.

"Georgia", "Congo", "Korean" or "Kashmir" take their meaning from the rest of the
post: from a longer form ("Republic of Congo", "Atlanta, Georgia"), else from other
names of the territories that they may stand for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rights_search.geography import territories
from rights_search.tagging.mentions import Mention

_SURE = frozenset({"strong", "own"})
_UNSUPPORTED = 0.5


def resolve(mentions: Sequence[Mention], given: Iterable[str] = ()) -> None:
    """Set the codes of ambiguous mentions, and lower the weight of those in doubt.

    A mention whose name says nothing by itself loses its codes.

    Args:
        mentions: all those of a post.
        given: codes that the source names.
    """
    doubtful = [mention for mention in mentions if mention.entry.strength not in _SURE]
    if not doubtful:
        return
    sure = [mention for mention in mentions if mention.entry.strength in _SURE]
    support = Counter(given)
    for mention in sure:
        for code in mention.codes[:1]:
            support[code] += mention.count
    for mention in doubtful:
        _resolve(mention, sure, support)


def _resolve(mention: Mention, sure: list[Mention], support: Counter[str]) -> None:
    codes = mention.entry.codes
    longer = _longer_form(mention.words, sure)
    supported = (longer,) if longer else tuple(code for code in codes if code in support)
    if mention.entry.strength == "shared":
        # Kurdistan in a text on Iraq is in Iraq, though Iran is named there too.
        most = max((support[code] for code in supported), default=0)
        mention.codes = tuple(code for code in supported if 2 * support[code] >= most or longer)
    elif supported:
        mention.codes = supported[:1]
    else:
        mention.codes = codes[:1]
        # A "Country:" label leaves less doubt.
        mention.weight *= 1.0 if mention.is_label else _UNSUPPORTED


def _longer_form(words: str, sure: list[Mention]) -> str | None:
    """Return the territory of the commonest form that has the words as words in it."""
    longer = [mention for mention in sure if len(mention.words) >= len(words)]
    if not longer:
        return None
    key = _spaced(words)
    counts: Counter[str] = Counter()
    for mention in longer:
        if key in _spaced(mention.words):
            for code in mention.codes[:1]:
                counts[code] += mention.count
    return max(counts, key=counts.__getitem__, default=None)


@lru_cache(maxsize=2048)
def _spaced(words: str) -> str:
    return f" {territories.MARKS.sub('', territories.fold(words)).replace('-', ' ')} "
