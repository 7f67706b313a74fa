"""What the evaluation of a tree does with documents and scores, whatever they are kept in.

Two modules do it: `mappings` in dictionaries, which a small index needs no library for, and
`arrays` in NumPy. Both add the same numbers in the same order, so their scores are equal to
the last bit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from rights_search.engines.collapsing import Collapsed
from rights_search.engines.protocol import Groups, Sort
from rights_search.engines.vocabulary import Languages
from rights_search.query.nodes import Phrase

Scores: TypeAlias = Mapping[int, float]
"""Document number → score, or how often something stands in it."""

Forms: TypeAlias = Mapping[str, Languages]
"""Terms → the languages in whose posts they count."""

Weighed: TypeAlias = tuple[Scores, float, str]
"""How often something stands in a field, what it counts, and the name of the field."""


SLACK = 1e-9
"""A bound is so much lower, as a share of it: it may have been rounded otherwise than a score."""


class Algebra(Protocol):
    """Operations over the documents of one snapshot; no operation changes what it is given."""

    max_kept_scores: int
    """So many scores may be kept, over all words of past searches."""

    def everything(self) -> Scores:
        """Return all documents, with scores of 0."""
        ...

    def among(self, documents: Collection[int]) -> Scores:
        """Return these documents, with scores of 0."""
        ...

    def having(self, field: str) -> Scores:
        """Return the documents of which a field is known, with scores of 0."""
        ...

    def dated(self, first: int, last: int) -> Scores:
        """Return the documents that are from these days, with scores of 0."""
        ...

    def postings(self, field: str, term: str, languages: Languages = None) -> Scores:
        """Return how often a term stands in the documents that hold it."""
        ...

    def total(self, parts: Iterable[Scores]) -> Scores:
        """Return the documents of any part; scores are added in the order of the parts."""
        ...

    def common(self, parts: Sequence[Scores]) -> Scores:
        """Return the documents of all parts; scores are added, the smallest part's first."""
        ...

    def without(self, scores: Scores, unwanted: Scores) -> Scores:
        """Return ``scores`` without the documents that are in ``unwanted``."""
        ...

    def within(self, scores: Scores, limits: Scores) -> Scores:
        """Return ``scores`` of the documents that are in ``limits``."""
        ...

    def level(self, scores: Scores, value: float) -> Scores:
        """Return the documents of ``scores``, all with one score."""
        ...

    def times(self, scores: Scores, factor: float) -> Scores:
        """Return ``scores``, each multiplied."""
        ...

    def raised(self, scores: Scores, extra: Scores, weight: float) -> Scores:
        """Return ``scores`` and ``weight`` times those of ``extra``, a part of its documents."""
        ...

    def weighed(self, parts: Iterable[Weighed]) -> Scores:
        """Return the sum of all occurrences, each times its weight and the field's factor."""
        ...

    def saturated(self, weights: Scores, top: float) -> Scores:
        """Return ``top`` times the share of it that each weight reaches: see `ranking`."""
        ...

    def places(self, field: str, forms: Forms, documents: Scores) -> Any:
        """Return where any of ``forms`` stands in the documents, for the next two."""
        ...

    def by_document(self, places: Any) -> dict[int, set[int]]:
        """Return document number → positions, of what `places` gave."""
        ...

    def phrase(self, phrase: Phrase, places: Mapping[str, Any], documents: Scores) -> Scores:
        """Return how often a phrase stands in documents that hold all of its terms.

        Args:
            phrase: the phrase.
            places: term → what `places` gave for it and ``documents``.
            documents: those that hold all terms.
        """
        ...

    def count_facet(self, field: str, scores: Scores) -> dict[str, int]:
        """Return value → number of documents that have it, '' for no value."""
        ...

    def collapse(self, scores: Scores, groups: Groups) -> Collapsed:
        """Return what `rights_search.engines.collapsing.collapse` does."""
        ...

    def contenders(self, least: Scores, most: Scores, sort: Sort, end: int) -> Scores:
        """Return documents among which the first ``end`` are, whatever they score between bounds.

        Args:
            least: the least score of each document.
            most: the greatest score of each of the same documents.
            sort: the order.
            end: how many come first.
        """
        ...

    def faded(self, scores: Scores) -> Scores:
        """Return the scores with those of older posts lowered."""
        ...

    def page(self, scores: Scores, sort: Sort, end: int) -> list[tuple[int, float]]:
        """Return the first ``end`` documents with scores; ties go to the newer, then by id."""
        ...
