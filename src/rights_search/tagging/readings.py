"""Decide which territory an ambiguous name stands for in a post.

"Georgia", "Congo", "Korean" or "Kashmir" take their meaning from the rest of the
post: from a longer form ("Republic of Congo", "Atlanta, Georgia"), else from other
names of the territories that they may stand for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

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
    forms: Counter[tuple[str, str]] = Counter()
    for mention in mentions:
        if mention.codes and mention.entry.strength in _SURE:
            forms[f" {mention.key.replace('-', ' ')} ", mention.codes[0]] += mention.count
    support = {*given, *(code for _, code in forms)}
    for mention in doubtful:
        _resolve(mention, forms, support)


def _resolve(mention: Mention, forms: Counter[tuple[str, str]], support: set[str]) -> None:
    codes = mention.entry.codes
    longer = _longer_form(mention.key, forms)
    supported = (longer,) if longer else tuple(code for code in codes if code in support)
    if mention.entry.strength == "shared":
        mention.codes = supported
    elif supported:
        mention.codes = supported[:1]
    else:
        mention.codes = codes[:1]
        # A "Country:" label leaves less doubt.
        mention.weight *= 1.0 if mention.is_label else _UNSUPPORTED


def _longer_form(key: str, forms: Counter[tuple[str, str]]) -> str | None:
    """Return the territory of the commonest form that has ``key`` as a word in it."""
    codes: Counter[str] = Counter()
    for (form, code), count in forms.items():
        if f" {key} " in form:
            codes[code] += count
    return max(codes, key=codes.__getitem__, default=None)
