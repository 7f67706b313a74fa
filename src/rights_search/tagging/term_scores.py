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
# Reasons are ranked by one number: strong terms, then the field, then the count.
_MANY = 100
_RANKS = {field: place * _MANY for place, field in enumerate(_FIELD_WEIGHTS)}
_STRONGER = 10 * _MANY
_WEAK_RANK = -_STRONGER * (STRONG + WEAK) / 2


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
        ranked: dict[int, list[tuple[float, int]]] = {number: [] for number in numbers}
        for place, (field, shown, _, _, count) in enumerate(self.matches):
            rank = _RANKS[field] - min(_MANY, count)
            for number, value in shown:
                if number in ranked:
                    ranked[number].append((rank - _STRONGER * value, place))
        return {number: self._quoted(sorted(entries)) for number, entries in ranked.items()}

    def _quoted(self, ranked: list[tuple[float, int]]) -> tuple[Evidence, ...]:
        text = self.text
        reasons: list[Evidence] = []
        quoted = set[tuple[str, str]]()
        for rank, place in ranked:
            field, _, first, last, count = self.matches[place]
            start, end = text.in_source(first, last)
            words = text.source[start:end]
            if (field, words) not in quoted:
                quoted.add((field, words))
                begin = text.fields[field]
                rule = "strong term" if rank < _WEAK_RANK else "weak terms"
                reasons.append(Evidence(field, words, rule, count, start - begin, end - begin))
                if len(reasons) == _MOST_REASONS:
                    break
        return tuple(reasons)


def add_up(lexicon: Lexicon, text: Folded) -> Scores:
    """Find the terms in the fields of a post and add up what they show."""
    matches = lexicon.find(text)
    totals, in_title = dict[int, float](), dict[int, float]()
    for field, shown, _, _, count in matches:
        weight = _WEIGHTS[field][count if count <= _MOST_REPEATED else -1]
        for number, value in shown:
            totals[number] = totals.get(number, 0.0) + weight * value
        if field == "title":
            in_title.update((number, totals[number]) for number, _ in shown)
    return Scores(text, matches, totals, in_title)
