"""Add up the terms that stand in the fields of a post, and quote them as reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rights_search.post import Evidence, make_evidence
from rights_search.tagging.folding import Folded
from rights_search.tagging.lexicon import STRONG, Found, Lexicon, Shown, Term

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


@dataclass(slots=True)
class Scores:
    """What the terms of a post show, by number.

    Args:
        text: the fields of the post.
        found: the terms in them.
        shown: what each term shows.
        totals: the score of each number, over all fields.
        in_title: the score of each number in the title alone.
    """

    text: Folded
    found: list[Found]
    shown: Sequence[Shown]
    totals: list[float]
    in_title: list[float]

    def reasons(self, numbers: Iterable[int]) -> dict[int, tuple[Evidence, ...]]:
        """Return number → its best few terms: strong ones first, then by field and count."""
        ranked: dict[int, tuple[list[_Place], list[_Place]]]
        ranked = {number: ([], []) for number in numbers}
        if not ranked:
            return {}
        shown = self.shown
        for found in self.found:
            counts = found.counts
            for term in sorted(counts, key=counts.__getitem__, reverse=True):
                for number, value in shown[term]:
                    if number in ranked:
                        ranked[number][value < STRONG].append((term, found))
        return {number: self._quoted(strong, weak) for number, (strong, weak) in ranked.items()}

    def _quoted(self, strong: list[_Place], weak: list[_Place]) -> tuple[Evidence, ...]:
        source, places, begins = self.text.source, self.text.places, self.text.fields
        rows: list[tuple[str, str, str, int, int, int]] = []
        rule = "strong term"
        for terms in (strong, weak):
            for term, found in terms:
                _, start, end = found.spots[term]
                end -= 1
                if places is not None:
                    start, end = self.text.in_source(start, end)
                field, words = found.field, source[start:end]
                # There are three at most: looked through sooner than hashed.
                for row in rows:
                    if row[1] == words and row[0] == field:
                        break
                else:
                    begin = begins[field]
                    rows.append(
                        (field, words, rule, found.counts[term], start - begin, end - begin)
                    )
                    if len(rows) == _MOST_REASONS:
                        return tuple(map(make_evidence, rows))
            rule = "weak terms"
        return tuple(map(make_evidence, rows))


_Place: TypeAlias = tuple[Term, Found]
"""A term and the field that it stands in."""


def add_up(lexicon: Lexicon, text: Folded, size: int) -> Scores:
    """Find the terms in the fields of a post and add up what they show.

    Args:
        lexicon: the terms of the post's language.
        text: the fields of the post.
        size: how many numbers there are that terms may show.
    """
    shown = lexicon.shown
    totals, in_title = [0.0] * size, [0.0] * size
    found = lexicon.find(text)
    for terms in found:
        weights = _WEIGHTS[terms.field]
        for term, count in terms.counts.items():
            weight = weights[count if count <= _MOST_REPEATED else -1]
            for number, value in shown[term]:
                totals[number] += weight * value
        if terms.field == "title":
            in_title = totals.copy()
    return Scores(text, found, shown, totals, in_title)
