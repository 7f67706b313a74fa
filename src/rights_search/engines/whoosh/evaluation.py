"""Tree → documents and scores, by set algebra over decoded postings.

Every node gives a mapping of document number to score; nodes that only filter
give scores of 0. `rights_search.query.matching.matches` says what must come out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property, reduce
from typing import TypeAlias

from rights_search.engines import ranking
from rights_search.engines.whoosh.segments import Segments, split_values
from rights_search.engines.whoosh.vocabulary import Languages, Vocabulary
from rights_search.query.matching import searched_fields
from rights_search.query.nodes import (
    And,
    DateRange,
    Everything,
    Facet,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Synonyms,
    Word,
)

Scores: TypeAlias = Mapping[int, float]
"""Document number → score."""


class Evaluation:
    """Answers trees over one snapshot; what it decodes it keeps."""

    def __init__(self, segments: Segments) -> None:
        self.segments = segments
        self.vocabulary = Vocabulary(segments)
        self._factors: dict[str, list[float]] = {}

    def scores(self, node: Node) -> Scores:  # noqa: PLR0911 - one a node
        """Return the documents that match ``node`` with their scores."""
        match node:
            case And(children):
                return self._conjunction(children)
            case Or(children):
                return _sum(self.scores(child) for child in children)
            case Not(child):
                return dict.fromkeys(self.segments.live - self.scores(child).keys(), 0.0)
            case Everything():
                return dict.fromkeys(self.segments.live, 0.0)
            case Facet() | DateRange():
                return dict.fromkeys(self._filtered(node), 0.0)
            case Synonyms(leaves):
                return self._score(leaves)
            case _:
                return self._score((node,))

    def _conjunction(self, children: tuple[Node, ...]) -> Scores:
        wanted = [self.scores(child) for child in children if not isinstance(child, Not)]
        found: Scores = (
            reduce(_intersect, sorted(wanted, key=len))
            if wanted
            else dict.fromkeys(self.segments.live, 0.0)
        )
        for child in children:
            if isinstance(child, Not):
                unwanted = self.scores(child.child)
                found = {doc: score for doc, score in found.items() if doc not in unwanted}
        return found

    def _filtered(self, node: Facet | DateRange) -> Iterable[int]:
        if isinstance(node, Facet):
            return {
                doc for value in node.values for doc in self.segments.postings(node.field, value)
            }
        first = node.first.toordinal() if node.first else 0
        last = node.last.toordinal() if node.last else 10**9
        dates = self.segments.dates
        return [
            doc
            for doc in self.segments.live
            if (date := dates[doc]) is not None and first <= date[0] and date[1] <= last
        ]

    # --- scoring ---------------------------------------------------------------

    def _score(self, leaves: tuple[Leaf, ...]) -> Scores:
        """Return BM25F scores of leaves that count as one term."""
        strongest = max(leaf.boost for leaf in leaves) or 1.0
        weights: dict[int, float] = {}
        for leaf in leaves:
            share = leaf.boost / strongest
            for field in searched_fields(leaf):
                occurrences = self._occurrences(leaf, field)
                if not occurrences:
                    continue
                factors = self._field_factors(field)
                for doc, count in occurrences.items():
                    weights[doc] = weights.get(doc, 0.0) + share * count * factors[doc]
        top = strongest * ranking.idf(len(self.segments.live), len(weights))
        return {doc: top * ranking.saturate(weight) for doc, weight in weights.items()}

    def _field_factors(self, field: str) -> list[float]:
        if field not in self._factors:
            self._factors[field] = ranking.field_factors(
                field, self.segments.lengths(field), self.segments.average_length(field)
            )
        return self._factors[field]

    # --- occurrences -----------------------------------------------------------

    def _occurrences(self, leaf: Leaf, field: str) -> Mapping[int, float]:
        """Return document number → how often the leaf stands in ``field``."""
        match leaf:
            case Word(term, exact=True):
                return self.segments.postings(field, term)
            case Word(term):
                return self._merged(field, self.vocabulary.family(term, field, self.languages))
            case Prefix():
                return self._merged(field, dict.fromkeys(self.vocabulary.prefixed(leaf, field)))
            case Fuzzy():
                return self._merged(field, dict.fromkeys(self.vocabulary.similar(leaf, field)))
            case Phrase():
                return self._phrase(leaf, field)

    def _merged(self, field: str, forms: Mapping[str, Languages]) -> Mapping[int, float]:
        return _sum(
            self._allowed(self.segments.postings(field, form), languages)
            for form, languages in forms.items()
        )

    def _allowed(self, found: Mapping[int, float], languages: Languages) -> Mapping[int, float]:
        if languages is None:
            return found
        spoken = self._document_languages
        return {doc: count for doc, count in found.items() if spoken[doc] in languages}

    @cached_property
    def _document_languages(self) -> list[str | None]:
        return [value.decode("utf-8") or None for value in self.segments.column("language")]

    @cached_property
    def languages(self) -> frozenset[str | None]:
        """Return the languages of the posts; None for posts whose language is unknown."""
        spoken = self._document_languages
        return frozenset(spoken[doc] for doc in self.segments.live)

    def _phrase(self, phrase: Phrase, field: str) -> Mapping[int, float]:
        distinct = dict.fromkeys(phrase.terms)
        forms: dict[str, Mapping[str, Languages]] = {
            term: {term: None}
            if phrase.exact
            else self.vocabulary.family(term, field, self.languages)
            for term in distinct
        }
        holding = [set(self._merged(field, forms[term])) for term in distinct]
        candidates = set.intersection(*holding)
        if not candidates:
            return {}
        places = {term: self._places(field, forms[term], candidates) for term in distinct}
        counts: dict[int, float] = {}
        for doc in candidates:
            where = [places[term][doc] for term in phrase.terms]
            found = (
                _count_runs(where)
                if phrase.slop is None
                else _count_windows(phrase, {term: places[term][doc] for term in distinct})
            )
            if found:
                counts[doc] = float(found)
        return counts

    def _places(
        self, field: str, forms: Mapping[str, Languages], candidates: set[int]
    ) -> dict[int, set[int]]:
        places: dict[int, set[int]] = {doc: set() for doc in candidates}
        for form, languages in forms.items():
            allowed = self._allowed(self.segments.postings(field, form), languages)
            wanted = candidates & allowed.keys()
            for doc, positions in self.segments.positions(field, form, wanted).items():
                places[doc].update(positions)
        return places

    # --- facets ----------------------------------------------------------------

    def count_facet(self, field: str, documents: Iterable[int]) -> dict[str, int]:
        """Return value → number of ``documents`` that have it, '' for no value."""
        column = self.segments.column(field)
        counts: dict[str, int] = {}
        for joined, count in Counter(column[doc] for doc in documents).items():
            for value in split_values(joined) or ("",):
                counts[value] = counts.get(value, 0) + count
        return counts


def _count_runs(where: list[set[int]]) -> int:
    """Count the places where every term stands right behind the one before."""
    first, *others = where
    return sum(
        all(start + step in places for step, places in enumerate(others, 1)) for start in first
    )


def _count_windows(phrase: Phrase, where: Mapping[str, set[int]]) -> int:
    """Count the wanted tokens that begin a window with every term often enough."""
    needed = Counter(phrase.terms)
    width = len(phrase.terms) + (phrase.slop or 0)
    held = sorted((position, term) for term, places in where.items() for position in places)
    inside: Counter[str] = Counter()
    found = end = 0
    for position, term in held:
        while end < len(held) and held[end][0] < position + width:
            inside[held[end][1]] += 1
            end += 1
        found += all(inside[wanted] >= count for wanted, count in needed.items())
        inside[term] -= 1
    return found


def _sum(parts: Iterable[Scores]) -> dict[int, float]:
    total: dict[int, float] = {}
    for part in parts:
        if not total:
            total = dict(part)
            continue
        for doc, score in part.items():
            total[doc] = total.get(doc, 0.0) + score
    return total


def _intersect(smaller: Scores, larger: Scores) -> dict[int, float]:
    return {doc: score + larger[doc] for doc, score in smaller.items() if doc in larger}
