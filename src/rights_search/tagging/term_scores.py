"""Add up the terms that stand in the fields of a post, and quote them as reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rights_search.post import Evidence
from rights_search.tagging.folding import Folded
from rights_search.tagging.lexicon import STRONG, WEAK, Lexicon, Match

# What an occurrence counts, by field; captions are often by another hand.
_FIELD_WEIGHTS = {"title": 1.75, "body": 1.0, "captions": 0.5}
# What each repetition of a term adds, and how many count.
_REPEATED, _MOST_REPEATED = 0.2, 4
_MOST_REASONS = 3
# By field and count.
_WEIGHTS = {
    field: [0.0, *(weight * (1 + _REPEATED * more) for more in range(_MOST_REPEATED + 1))]
    for field, weight in _FIELD_WEIGHTS.items()
}
_RULES = {STRONG: "strong term", WEAK: "weak terms"}
_RANKS = {field: rank for rank, field in enumerate(_FIELD_WEIGHTS)}


@dataclass(slots=True)
class Scores:
    """What the terms of a post show, by number.

    Args:
        text: the fields of the post.
        matches: the terms in them.
        totals: number → score, over all fields.
        in_title: number → score, in the title alone.
    """

    text: Folded
    matches: list[Match]
    totals: dict[int, float]
    in_title: dict[int, float]

    def reasons(self, numbers: Iterable[int]) -> dict[int, tuple[Evidence, ...]]:
        """Return number → its best few terms: strong ones first, then by field and count."""
        ranked: dict[int, list[tuple[float, int, int, int]]] = {number: [] for number in numbers}
        for place, match in enumerate(self.matches):
            for number, value in match.shown:
                if number in ranked:
                    ranked[number].append((-value, _RANKS[match.field], -match.count, place))
        return {number: self._quoted(entries) for number, entries in ranked.items()}

    def _quoted(self, ranked: list[tuple[float, int, int, int]]) -> tuple[Evidence, ...]:
        ranked.sort()
        reasons: list[Evidence] = []
        quoted = set[tuple[int, str]]()
        for value, rank, _, place in ranked:
            match = self.matches[place]
            start, end = self.text.in_source(match.start, match.end)
            words = self.text.source[start:end]
            if (rank, words) not in quoted:
                quoted.add((rank, words))
                begin, rule = self.text.fields[match.field], _RULES[-value]
                reasons.append(
                    Evidence(match.field, words, rule, match.count, start - begin, end - begin)
                )
                if len(reasons) == _MOST_REASONS:
                    break
        return tuple(reasons)


def add_up(lexicon: Lexicon, text: Folded) -> Scores:
    """Find the terms in the fields of a post and add up what they show."""
    matches = lexicon.find(text)
    totals, in_title = dict[int, float](), dict[int, float]()
    for match in matches:
        count = match.count
        weight = _WEIGHTS[match.field][count if count <= _MOST_REPEATED else -1]
        for number, value in match.shown:
            totals[number] = totals.get(number, 0.0) + weight * value
        if match.field == "title":
            in_title.update((number, totals[number]) for number, _ in match.shown)
    return Scores(text, matches, totals, in_title)
