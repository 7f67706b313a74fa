"""Gather what a field names: each form of words once, with its place and its weight."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rights_search import territories
from rights_search.tagging.contexts import Cues, cues_of, is_person, weight_after, weight_before
from rights_search.tagging.gazetteer import TOWNS, Entry, Found, find

# A text that is about a country begins with it.
_EARLY = 2.0
_EARLY_CHARS = 300
# Repetitions close to each other are one passage, not the whole text.
_NEAR_CHARS = 250
_NEAR = 0.4
_IN_LABEL = 2.0
_DATELINE = 0.3
_SEPARATORS = frozenset(
    [", ", " and ", ", and ", " or ", ", or ", "/", " / ", "; ", " & ", ", the "]
)
_LONGEST_SEPARATOR = max(map(len, _SEPARATORS))
# By the number of countries in a list: those who voted, signed or abstained.
_LISTED = (1.0, 1.0, 0.8, 0.5, 0.35)
_LISTED_LONG = 0.06
# "GENEVA (Agency) - …", "Nairobi, 3 May — …"; dashes are folded.
_DATELINED = re.compile(r"(?:,? \(?[^().]{1,30}\)?)?(?: -|-)-? ")


@dataclass(slots=True)
class Mention:
    """One form of words in one field.

    Args:
        field: the post's field.
        words: the words as they stand there first.
        key: the same, folded.
        entry: what they may mean.
        start: offset of the first occurrence.
        codes: the territories that they mean in this post; see `readings.resolve`.
        is_label: True where they stand as a "Country:" label of a title.
        count: how often they stand there.
        weight: what all occurrences add up to, 1 being a plain one.
    """

    field: str
    words: str
    key: str
    entry: Entry
    start: int
    codes: tuple[str, ...]
    is_label: bool = False
    count: int = 0
    weight: float = 0.0


def mentions_in(
    field: str,
    text: str,
    language: str | None,
    *,
    labels: Sequence[tuple[int, int]] | None = None,
) -> list[Mention]:
    """Return what a text names, bodies of states included, in its order.

    Args:
        field: the name of its field.
        text: the text.
        language: its language where it is known.
        labels: for a title, where "Country:" labels stand in it.
    """
    folded = territories.fold(text)
    found = find(text, folded, language)
    if not found:
        return []
    cues = cues_of(language)
    mentions: dict[str, Mention] = {}
    latest: dict[str, int] = {}
    behind = 0
    while behind < len(found):
        first, behind = behind, _end_of_list(found, behind, folded)
        around = _around(found[first:behind], folded, cues)
        if not around:
            continue
        town: Mention | None = None
        for item in found[first:behind]:
            start, end, entry = item
            if labels is None and entry.may_be_person and is_person(item, text):
                continue
            words = text[start:end]
            mention = mentions.get(words)
            if mention is None:
                mention = mentions[words] = Mention(
                    field, words, folded[start:end], entry, start, entry.codes
                )
            mention.count += 1
            if labels is None:
                factor = around * _emphasis(start, entry.codes, latest)
            else:
                is_label = any(left <= start and end <= right for left, right in labels)
                mention.is_label |= is_label
                factor = around * _IN_LABEL if is_label else around
            # "Arusha, Tanzania" is one place, and counts as one.
            (town if town is not None and town.codes == entry.codes else mention).weight += factor
            town = mention if entry.kind in TOWNS else None
    return list(mentions.values())


def _end_of_list(found: list[Found], first: int, folded: str) -> int:
    """Return the index behind the names that stand in a list with one."""
    behind = first + 1
    while behind < len(found):
        end, start = found[behind - 1][1], found[behind][0]
        if start - end > _LONGEST_SEPARATOR or folded[end:start] not in _SEPARATORS:
            break
        behind += 1
    return behind


def _around(members: list[Found], folded: str, cues: Cues) -> float:
    """Return what the words before and after a list, and its length, make of each name."""
    first, last = members[0], members[-1]
    weight = weight_before(first, folded, cues.before) * weight_after(last, folded, cues.after)
    if first is not last:
        size = len({entry.codes[:1] for _, _, entry in members})
        weight *= _LISTED[size] if size < len(_LISTED) else _LISTED_LONG
    if first[0] == 0 and _DATELINED.match(folded, last[1]):
        weight *= _DATELINE
    return weight


def _emphasis(start: int, codes: tuple[str, ...], latest: dict[str, int]) -> float:
    """Return what the place in the body makes of a name, and note that place."""
    emphasis = _EARLY if start < _EARLY_CHARS else 1.0
    if codes:
        code = codes[0]
        if code in latest and start - latest[code] < _NEAR_CHARS:
            emphasis *= _NEAR
        latest[code] = start
    return emphasis
