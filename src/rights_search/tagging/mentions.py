"""Gather what a field names: each form of words once, with its place and its weight."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeAlias

from rights_search.geography import territories
from rights_search.tagging.contexts import Cues, cues_of, is_person, weight_after, weight_before
from rights_search.tagging.finding import Found, find
from rights_search.tagging.gazetteer import TOWNS, Entry

_BETWEEN = "\n\n"
_START = itemgetter(0)
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
_LONGEST_SEPARATOR = max(map(len, _SEPARATORS)) + 1
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
        entry: what they may mean.
        start: offset of the first occurrence.
        codes: the territories that they mean in this post; see `readings.resolve`.
        is_label: True where they stand as a "Country:" label of a title.
        count: how often they stand there.
        weight: what all occurrences add up to, 1 being a plain one.
    """

    field: str
    words: str
    entry: Entry
    start: int
    codes: tuple[str, ...]
    is_label: bool = False
    count: int = 0
    weight: float = 0.0


def mentions_in(
    texts: Mapping[str, str], language: str | None, labels: Sequence[tuple[int, int]] = ()
) -> dict[str, list[Mention]]:
    """Return what each field of a post names, bodies of states included, in its order.

    Args:
        texts: by field. The title, if there is one, comes first.
        language: the language where it is known.
        labels: where "Country:" labels stand in the title.
    """
    # One search for all of them: each has its cost, and most fields are short.
    text = _BETWEEN.join(texts.values())
    folded = territories.fold(text)
    found = find(text, folded, language)
    cues = cues_of(language)
    mentions: dict[str, list[Mention]] = {}
    offset = first = 0
    for field, value in texts.items():
        end = offset + len(value)
        behind = bisect_left(found, end, first, key=_START)
        inside = found[first:behind]
        mentions[field] = _gather((field, offset, end, text, folded, cues, labels), inside)
        offset = end + len(_BETWEEN)
        first = behind
    return mentions


_Field: TypeAlias = tuple[str, int, int, str, str, Cues, Sequence[tuple[int, int]]]
"""A field's name, where it begins and ends in a text that holds them all, that text, as it
is and folded, the cues of its language and the labels in the title."""


def _gather(field: _Field, found: list[Found]) -> list[Mention]:
    """Return the mentions of one field."""
    name, offset, behind, text, folded, cues, labels = field
    is_title = name == "title"
    mentions: dict[str, Mention] = {}
    latest: dict[str, int] = {}
    for members in _lists(found, folded):
        before = weight_before(members[0], folded, cues)
        around = before * weight_after(members[-1], folded, cues, before)
        if not around:
            continue
        if len(members) > 1:
            around *= _share_of_list(members)
        if members[0][0] == offset and not is_title:
            # Not beyond the field: a dash at its end is none before a text.
            is_dateline = _DATELINED.match(folded, members[-1][1], behind)
            around *= _DATELINE if is_dateline else 1.0
        last: Mention | None = None
        for item in members:
            start, end, entry = item
            if entry.may_be_person and not is_title and is_person(item, text):
                continue
            words = text[start:end]
            codes = entry.codes
            if words in mentions:
                mention = mentions[words]
            else:
                mention = mentions[words] = Mention(name, words, entry, start - offset, codes)
            mention.count += 1
            if is_title:
                factor = around * _emphasis_in_title(mention, start, labels)
            else:
                factor = around * _emphasis(start - offset, codes, latest)
            if last is not None and last.entry.kind in TOWNS and last.codes == codes:
                # "Arusha, Tanzania" is one place, and counts as one.
                last.weight += factor
            else:
                mention.weight += factor
            last = mention
    return list(mentions.values())


def _lists(found: list[Found], folded: str) -> list[list[Found]]:
    """Return the names in lists: those with nothing but a comma or an "and" between them."""
    lists: list[list[Found]] = []
    behind = -_LONGEST_SEPARATOR
    for item in found:
        start = item[0]
        if start - behind < _LONGEST_SEPARATOR and folded[behind:start] in _SEPARATORS:
            lists[-1].append(item)
        else:
            lists.append([item])
        behind = item[1]
    return lists


def _share_of_list(members: list[Found]) -> float:
    """Return what the length of a list makes of each name in it."""
    size = len({entry.codes[:1] for _, _, entry in members})
    return _LISTED[size] if size < len(_LISTED) else _LISTED_LONG


def _emphasis(start: int, codes: tuple[str, ...], latest: dict[str, int]) -> float:
    """Return what the place in the body makes of a name, and note that place."""
    emphasis = _EARLY if start < _EARLY_CHARS else 1.0
    if codes:
        code = codes[0]
        if code in latest and start - latest[code] < _NEAR_CHARS:
            emphasis *= _NEAR
        latest[code] = start
    return emphasis


def _emphasis_in_title(mention: Mention, start: int, labels: Sequence[tuple[int, int]]) -> float:
    """Return what a label makes of the name in it, and note that it is one."""
    for left, right in labels:
        if left <= start < right:
            mention.is_label = True
            return _IN_LABEL
    return 1.0
