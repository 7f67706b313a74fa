"""Documents and scores as dictionaries: see `algebra`."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any

from rights_search.engines import ranking
from rights_search.engines.collapsing import Collapsed, collapse
from rights_search.engines.protocol import BY_SCORE, Groups, Sort
from rights_search.engines.vocabulary import Languages
from rights_search.engines.whoosh.algebra import SLACK, Forms, Scores, Weighed
from rights_search.engines.whoosh.keeping import Kept
from rights_search.engines.whoosh.layout import LENGTHS, NO_DATE
from rights_search.engines.whoosh.segments import Segments
from rights_search.query.nodes import Phrase

MAX_KEPT_POSTINGS = 5_000_000
"""So many postings are kept."""

_Key = Callable[[int], tuple[Any, ...]]


class Mappings:
    """See `rights_search.engines.whoosh.algebra.Algebra`."""

    max_kept_scores = 1_000_000

    def __init__(self, segments: Segments) -> None:
        self._segments = segments
        self._postings: Kept[tuple[str, str], dict[int, float]] = Kept(MAX_KEPT_POSTINGS)
        self._factors: dict[str, list[float]] = {}

    # --- documents -------------------------------------------------------------

    def everything(self) -> Scores:
        """Return all documents."""
        return self.among(self._segments.live)

    def among(self, documents: Collection[int]) -> Scores:
        """Return these documents."""
        return dict.fromkeys(documents, 0.0)

    def having(self, field: str) -> Scores:
        """Return the documents of which a field is known."""
        is_known = self._segments.presence(field)
        return {doc: 0.0 for doc in self._segments.live if is_known[doc]}

    def dated(self, first: int, last: int) -> Scores:
        """Return the documents that are from these days."""
        firsts, lasts = self._segments.days
        return {
            doc: 0.0
            for doc in self._segments.live
            if firsts[doc] != NO_DATE and first <= firsts[doc] and lasts[doc] <= last
        }

    def postings(self, field: str, term: str, languages: Languages = None) -> Scores:
        """Return how often a term stands in the documents that hold it."""
        found = self._postings.made((field, term), lambda: self._read(field, term))
        if languages is None:
            return found
        spoken = self._segments.languages
        return {doc: count for doc, count in found.items() if spoken[doc] in languages}

    def _read(self, field: str, term: str) -> dict[int, float]:
        found: dict[int, float] = {}
        for base, documents, weights in self._segments.decoded(field, term):
            found.update(zip(map(base.__add__, documents), weights, strict=True))
        deleted = self._segments.deleted
        if not deleted:
            return found
        return {doc: count for doc, count in found.items() if doc not in deleted}

    # --- sums ------------------------------------------------------------------

    def total(self, parts: Iterable[Scores]) -> Scores:
        """Return the documents of any part."""
        total: dict[int, float] = {}
        for part in parts:
            if not total:
                total = dict(part)
                continue
            for doc, score in part.items():
                total[doc] = total.get(doc, 0.0) + score
        return total

    def common(self, parts: Sequence[Scores]) -> Scores:
        """Return the documents of all parts."""
        return reduce(_intersect, sorted(parts, key=len))

    def without(self, scores: Scores, unwanted: Scores) -> Scores:
        """Return what is not in ``unwanted``."""
        return {doc: score for doc, score in scores.items() if doc not in unwanted}

    def within(self, scores: Scores, limits: Scores) -> Scores:
        """Return what is in ``limits``."""
        return {doc: scores[doc] for doc in limits.keys() & scores.keys()}

    def level(self, scores: Scores, value: float) -> Scores:
        """Return the documents, all with one score."""
        return dict.fromkeys(scores, value)

    def times(self, scores: Scores, factor: float) -> Scores:
        """Return ``scores``, each multiplied."""
        return {doc: factor * score for doc, score in scores.items()}

    def raised(self, scores: Scores, extra: Scores, weight: float) -> Scores:
        """Return ``scores`` with ``extra`` added."""
        found = dict(scores)
        for doc, score in extra.items():
            found[doc] += weight * score
        return found

    def weighed(self, parts: Iterable[Weighed]) -> Scores:
        """Return the sum of all occurrences."""
        weights: dict[int, float] = {}
        for occurrences, share, field in parts:
            factors = self._field_factors(field)
            for doc, count in occurrences.items():
                weights[doc] = weights.get(doc, 0.0) + share * count * factors[doc]
        return weights

    def saturated(self, weights: Scores, top: float) -> Scores:
        """Return what each weight reaches of ``top``."""
        return {doc: top * ranking.saturate(weight) for doc, weight in weights.items()}

    def _field_factors(self, field: str) -> list[float]:
        if field not in self._factors:
            average = self._segments.average_length(field)
            table = ranking.field_factors(field, LENGTHS, average)
            codes = self._segments.length_codes(field)
            self._factors[field] = list(map(table.__getitem__, codes))
        return self._factors[field]

    # --- places ----------------------------------------------------------------

    def places(self, field: str, forms: Forms, documents: Scores) -> dict[int, set[int]]:
        """Return document → the positions of any of ``forms``, for those that hold one."""
        places: dict[int, set[int]] = {}
        for form, languages in forms.items():
            wanted = documents.keys() & self.postings(field, form, languages).keys()
            found = self._segments.positions(field, form, wanted) if wanted else {}
            for doc, positions in found.items():
                places.setdefault(doc, set()).update(positions)
        return places

    def by_document(self, places: dict[int, set[int]]) -> dict[int, set[int]]:
        """Return document number → positions."""
        return places

    def phrase(
        self, phrase: Phrase, places: Mapping[str, dict[int, set[int]]], documents: Scores
    ) -> Scores:
        """Return how often a phrase stands in the documents."""
        from rights_search.engines.whoosh.places import (  # noqa: PLC0415 - not for single words
            count_windows,
            runs,
        )

        counts: dict[int, float] = {}
        for doc in documents:
            held = {term: by_doc[doc] for term, by_doc in places.items()}
            found = len(runs(phrase, held)) if phrase.slop is None else count_windows(phrase, held)
            if found:
                counts[doc] = float(found)
        return counts

    # --- what is shown ---------------------------------------------------------

    def count_facet(self, field: str, scores: Scores) -> dict[str, int]:
        """Return value → number of documents that have it."""
        return self._segments.count_values(field, scores)

    def collapse(self, scores: Scores, groups: Groups) -> Collapsed:
        """Return what is left out for posts of the same group."""
        return collapse(scores, groups)

    def contenders(self, least: Scores, most: Scores, sort: Sort, end: int) -> Scores:
        """Return documents among which the first ``end`` are, between these bounds."""
        if not 0 < end < len(least):
            return least if end > 0 else {}
        if sort in BY_SCORE:
            edge = heapq.nlargest(end, least.values())[-1]
            edge -= SLACK * abs(edge)
            return {doc: score for doc, score in most.items() if score >= edge}
        age = self._age(sort)
        last = heapq.nsmallest(end, map(age, least))[-1]
        return {doc: score for doc, score in most.items() if age(doc) <= last}

    def faded(self, scores: Scores) -> Scores:
        """Return the scores with those of older posts lowered."""
        newest = self._segments.newest
        firsts, lasts = self._segments.days
        return {
            doc: score * ranking.recency(None if firsts[doc] == NO_DATE else lasts[doc], newest)
            for doc, score in scores.items()
        }

    def page(self, scores: Scores, sort: Sort, end: int) -> list[tuple[int, float]]:
        """Return the first ``end`` documents with their scores."""
        if end <= 0:
            return []
        documents: Sequence[int] = list(scores)
        if sort in BY_SCORE and len(documents) > end:
            # Ties at the edge must be kept until they are broken by more than the score.
            least = heapq.nlargest(end, scores.values())[-1]
            documents = [doc for doc in documents if scores[doc] >= least]
        first = heapq.nsmallest(end, documents, key=self._key(scores, sort))
        return [(doc, scores[doc]) for doc in first]

    def _key(self, scores: Scores, sort: Sort) -> _Key:
        age, post_id = self._age(sort), self._segments.post_id
        if sort in BY_SCORE:
            return lambda doc: (-scores[doc], *age(doc), post_id(doc))
        return lambda doc: (*age(doc), -scores[doc], post_id(doc))

    def _age(self, sort: Sort) -> _Key:
        """Return what puts documents in the order of their dates, undated ones last."""
        firsts, lasts = self._segments.days
        sign = 1 if sort == "oldest" else -1

        def age(doc: int) -> tuple[int, int, int]:
            first = firsts[doc]
            return (1, 0, 0) if first == NO_DATE else (0, sign * first, sign * lasts[doc])

        return age


def _intersect(smaller: Scores, larger: Scores) -> dict[int, float]:
    return {doc: score + larger[doc] for doc, score in smaller.items() if doc in larger}
