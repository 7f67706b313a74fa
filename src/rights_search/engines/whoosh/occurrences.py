"""Leaf → the documents that hold it in a field, how often and where: under all of its forms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rights_search.engines.vocabulary import Vocabulary
from rights_search.engines.whoosh.algebra import Algebra, Forms, Scores
from rights_search.engines.whoosh.keeping import Kept
from rights_search.engines.whoosh.segments import Segments
from rights_search.query.nodes import (
    Derived,
    Leaf,
    Near,
    Phrase,
    TermLeaf,
    Word,
    leaves,
    members_of,
    searched_fields,
)

if TYPE_CHECKING:
    from rights_search.query.proximity import Place

MAX_KEPT_FORMS = 200_000
"""So many forms of words are kept."""


class Occurrences:
    """Looks leaves up in one snapshot; what it decodes it keeps."""

    def __init__(self, segments: Segments, algebra: Algebra) -> None:
        self.vocabulary = Vocabulary(segments.terms)
        self._segments = segments
        self._algebra = algebra
        self._families: Kept[tuple[type[TermLeaf], str, str], Forms] = Kept(MAX_KEPT_FORMS)
        self._holdings: Kept[tuple[tuple[str, ...], str, bool], Scores] = Kept(
            algebra.max_kept_scores
        )

    def fields(self, leaf: Leaf) -> Iterator[str]:
        """Yield the fields in which a leaf is looked for and which any post has."""
        return filter(self._segments.holds, searched_fields(leaf))

    def of(self, leaf: Leaf, field: str) -> Scores:
        """Return document number → how often the leaf stands in ``field``."""
        match leaf:
            case Word(term, exact=True):
                return self._algebra.postings(field, term)
            case Phrase():
                return self.phrase(leaf, field, self.holding(leaf, field))
            case _:
                return self._merged(field, self.forms(leaf, field))

    def forms(self, leaf: TermLeaf, field: str) -> Forms:
        """Return the terms of a field that answer a leaf → the languages in which they do."""
        match leaf:
            case Word(term, exact=False) | Derived(term):
                # Worked out once for all that asks for them.
                return self._families.made(
                    (type(leaf), term, field), lambda: self._look_up(leaf, field)
                )
            case _:
                return self._look_up(leaf, field)

    def _look_up(self, leaf: TermLeaf, field: str) -> Forms:
        return self.vocabulary.forms(leaf, field, lambda: self.languages)

    def count_forms(self, leaf: TermLeaf) -> dict[str, int]:
        """Return each term that answers a leaf → number of posts in which it does."""
        found: dict[str, set[int]] = {}
        for field in self.fields(leaf):
            for form, languages in self.forms(leaf, field).items():
                holding = self._algebra.postings(field, form, languages)
                found.setdefault(form, set()).update(holding)
        return {form: len(documents) for form, documents in found.items() if documents}

    def _merged(self, field: str, forms: Forms) -> Scores:
        return self._algebra.total(
            self._algebra.postings(field, form, languages) for form, languages in forms.items()
        )

    @cached_property
    def languages(self) -> frozenset[str | None]:
        """Return the languages of the posts; None for posts whose language is unknown."""
        return frozenset(
            values[0] if values else None for values in self._segments.held("language")
        )

    def phrase(self, phrase: Phrase, field: str, candidates: Scores) -> Scores:
        """Return how often a phrase stands in documents, all of which hold all of its terms."""
        places = self._term_places(phrase, field, candidates)
        return self._algebra.phrase(phrase, places, candidates)

    def close(self, near: Near, documents: Scores) -> set[int]:
        """Return those of ``documents`` that hold the members of ``near`` close together."""
        names = dict.fromkeys(name for leaf in leaves(near) for name in self.fields(leaf))
        return {doc for name in names for doc in self._close(near, name, documents)}

    def _close(self, near: Near, field: str, documents: Scores) -> Iterator[int]:
        """Yield the documents that hold the members close together in ``field``."""
        from rights_search.query.proximity import close_places  # noqa: PLC0415 - few queries ask

        members: list[dict[int, list[Place]]] = []
        for member in near.members:
            found: dict[int, list[Place]] = {}
            for leaf in members_of(member):
                if field in self.fields(leaf):
                    for doc, places in self._leaf_places(leaf, field, documents):
                        found.setdefault(doc, []).extend(places)
            members.append(found)
            documents = self._algebra.among(found)
        for doc in documents:
            if next(close_places([found[doc] for found in members], near.distance), None):
                yield doc

    def _leaf_places(
        self, leaf: Leaf, field: str, documents: Scores
    ) -> Iterator[tuple[int, list[Place]]]:
        """Yield the ``documents`` that hold a leaf in ``field``, and where in them."""
        algebra = self._algebra
        if isinstance(leaf, Phrase):
            from rights_search.engines.whoosh.places import runs  # noqa: PLC0415 - as above

            length = len(leaf.terms)
            candidates = algebra.within(self.holding(leaf, field), documents)
            places = self._term_places(leaf, field, candidates)
            by_term = {term: algebra.by_document(held) for term, held in places.items()}
            for doc in candidates:
                starts = runs(leaf, {term: held[doc] for term, held in by_term.items()})
                yield doc, [(start, start + length) for start in starts]
            return
        held = algebra.places(field, self.forms(leaf, field), documents)
        for doc, positions in algebra.by_document(held).items():
            yield doc, [(position, position + 1) for position in positions]

    def holding(self, phrase: Phrase, field: str) -> Scores:
        """Return the documents that hold all terms of a phrase in a field."""
        terms = dict.fromkeys(phrase.terms)
        return self._holdings.made(
            (tuple(terms), field, phrase.exact),
            lambda: self._algebra.common([self._held(term, field, phrase) for term in terms]),
        )

    def _held(self, term: str, field: str, phrase: Phrase) -> Scores:
        """Return the documents that hold a term of a phrase in a field, in any of its forms."""
        return self._holdings.made(
            ((term,), field, phrase.exact),
            lambda: self._merged(field, self.forms(Word(term, exact=phrase.exact), field)),
        )

    def _term_places(self, phrase: Phrase, field: str, documents: Scores) -> dict[str, Any]:
        """Return the places of each term of a phrase in documents that hold all of them."""
        return {
            term: self._algebra.places(
                field, self.forms(Word(term, exact=phrase.exact), field), documents
            )
            for term in dict.fromkeys(phrase.terms)
        }
