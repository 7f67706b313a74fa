"""Tree → documents and scores, by set algebra over decoded postings.

Every node gives document numbers with scores; nodes that only filter give scores of 0.
What documents and scores are kept in is the algebra's affair: see `algebra`.
 `rights_search.query.matching.matches` says what must come out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, TypeAlias

from rights_search.engines import ranking
from rights_search.engines.protocol import Share
from rights_search.engines.vocabulary import Vocabulary
from rights_search.engines.whoosh.algebra import Algebra, Forms, Scores
from rights_search.engines.whoosh.keeping import Kept
from rights_search.engines.whoosh.places import runs
from rights_search.engines.whoosh.segments import Segments
from rights_search.query.matching import searched_fields
from rights_search.query.nodes import (
    Among,
    And,
    DateRange,
    Derived,
    Everything,
    Facet,
    Fuzzy,
    Has,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefer,
    Preference,
    Prefix,
    Synonyms,
    TermLeaf,
    Transcription,
    Word,
    leaves,
    members_of,
)
from rights_search.query.proximity import Place, close_places

Known: TypeAlias = dict[Node | tuple[Node, Preference], Scores]
"""What one search has worked out: scores by node, and by what is preferred of a node."""

MAX_KEPT_FORMS = 200_000
"""So many forms of words are kept."""

_Forms: TypeAlias = Callable[[str, str, frozenset[str | None]], Forms]


class Evaluation:
    """Answers trees over one snapshot; what it decodes it keeps."""

    def __init__(self, segments: Segments, algebra: Algebra) -> None:
        self.segments = segments
        self.vocabulary = Vocabulary(segments.terms)
        self._algebra = algebra
        self._known: Known = {}
        self._word_families: Kept[tuple[str, str, str], Forms] = Kept(MAX_KEPT_FORMS)
        self._scores: Kept[tuple[Leaf, ...], Scores] = Kept(algebra.max_kept_scores)
        self._holdings: Kept[tuple[tuple[str, ...], str, bool], Scores] = Kept(
            algebra.max_kept_scores
        )
        self._nearnesses: Kept[Phrase, Scores] = Kept(algebra.max_kept_scores)

    def begin(self, node: Node) -> Known:
        """Begin a search; what it works out is kept in the value returned, for `shares`.

        A search that asks for what the last one asked for, with more that it prefers, goes
        on from there.
        """
        if not (isinstance(node, Prefer) and node.child in self._known):
            self._known = {}
        return self._known

    def scores(self, node: Node) -> Scores:
        """Return the documents that match ``node`` with their scores, worked out once a search."""
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = self._answer(node)
        return found

    def _answer(self, node: Node) -> Scores:  # noqa: PLR0911 - one a node
        match node:
            case Prefer():
                return self._preferred(node)
            case And(children):
                return self._conjunction(children)
            case Or(children):
                return self._algebra.total(self._repeated(children))
            case Not(child):
                return self._algebra.without(self._algebra.everything(), self.scores(child))
            case Everything():
                return self._algebra.everything()
            case Facet() | DateRange() | Has() | Among():
                return self._filtered(node)
            case Near():
                return self._near(node)
            case Synonyms(members):
                return self._remembered(members)
            case _:
                return self._remembered((node,))

    def _repeated(self, children: Iterable[Node]) -> Iterator[Scores]:
        """Yield the scores of each different child, times how often it stands there."""
        for child, times in Counter(children).items():
            scores = self.scores(child)
            yield scores if times == 1 else self._algebra.times(scores, times)

    def shares(self, node: Node, document: int, known: Known) -> Iterator[Share]:
        """Yield what the score of a document that `scores` gave for ``node`` is made of."""
        match node:
            case And(children) | Or(children) | Near(children):
                for child in children:
                    if document in known.get(child, ()):
                        yield from self.shares(child, document, known)
            case Prefer(child, preferences):
                yield from self.shares(child, document, known)
                for liked in preferences:
                    extra = known[child, liked].get(document, 0.0)
                    yield Share(liked.rule, liked.span, liked.weight * extra)
            case Not() | Everything() | Facet() | DateRange() | Has() | Among():
                return
            case _:
                score = known[node].get(document)
                if score is not None:
                    yield Share("words", node.span, score)

    def _conjunction(self, children: tuple[Node, ...]) -> Scores:
        algebra = self._algebra
        wanted = list(self._repeated(child for child in children if not isinstance(child, Not)))
        found = algebra.common(wanted) if wanted else algebra.everything()
        for child in children:
            if isinstance(child, Not):
                found = algebra.without(found, self.scores(child.child))
        return found

    def _filtered(self, node: Facet | DateRange | Has | Among) -> Scores:
        algebra = self._algebra
        match node:
            case Facet(field, values):
                held = [algebra.postings(field, value) for value in dict.fromkeys(values)]
                return algebra.level(algebra.total(held), 0.0)
            case Among(_, ids):
                return algebra.among(self.segments.documents(ids).values())
            case Has(field):
                return algebra.having(field)
            case DateRange(first_day, last_day):
                first = first_day.toordinal() if first_day else 0
                return algebra.dated(first, last_day.toordinal() if last_day else 10**9)

    # --- preferences -------------------------------------------------------------

    def _preferred(self, node: Prefer) -> Scores:
        within = found = self.scores(node.child)
        for preference in node.preferences:
            extra = self._preference(preference.node, within)
            self._known[node.child, preference] = extra
            found = self._algebra.raised(found, extra, preference.weight)
        return found

    def _preference(self, node: Leaf | Synonyms | Facet, within: Scores) -> Scores:
        """Return the scores of what is preferred, for documents that match anyway."""
        match node:
            case Facet():
                holding = self._filtered(node)
                rarity = ranking.idf(self.segments.count, len(holding))
                return self._algebra.level(self._algebra.within(holding, within), rarity)
            case Phrase():
                return self._nearness(node, within)
            case _:
                return self._algebra.within(self.scores(node), within)

    def _nearness(self, phrase: Phrase, within: Scores) -> Scores:
        """Score words by how often they stand near each other.

        A pair is as rare as the more common of its words: how few posts have both near
        each other would have to be counted in all of them.
        """
        kept = self._nearnesses.get(phrase)
        if kept is not None:
            return self._algebra.within(kept, within)
        holding = {field: self._holding(phrase, field) for field in self._fields(phrase)}
        wanted = {field: self._algebra.within(held, within) for field, held in holding.items()}
        scores = self._algebra.weighed(
            (self._phrase(phrase, field, candidates), 1.0, field)
            for field, candidates in wanted.items()
        )
        if scores:
            common = max(len(self.scores(Word(term, phrase.field))) for term in phrase.terms)
            rarity = ranking.idf(self.segments.count, common)
            scores = self._algebra.saturated(scores, rarity)
        if all(len(wanted[field]) == len(held) for field, held in holding.items()):
            # Of all posts, as with two words of which either will do: whatever else is
            # asked together with the two, this is what they give.
            self._nearnesses.put(phrase, scores)
        return scores

    # --- scoring ---------------------------------------------------------------

    def _remembered(self, leaves: tuple[Leaf, ...]) -> Scores:
        """Return `_score`, worked out once: a search that finds nothing asks again."""
        return self._scores.made(leaves, lambda: self._score(leaves))

    def _score(self, leaves: tuple[Leaf, ...]) -> Scores:
        """Return BM25F scores of leaves that count as one term."""
        strongest = max(leaf.boost for leaf in leaves) or 1.0
        weights = self._algebra.weighed(
            (occurrences, leaf.boost / strongest, field)
            for leaf in leaves
            for field in self._fields(leaf)
            if (occurrences := self._occurrences(leaf, field))
        )
        top = strongest * ranking.idf(self.segments.count, len(weights))
        return self._algebra.saturated(weights, top)

    def _fields(self, leaf: Leaf) -> Iterator[str]:
        """Yield the fields in which a leaf is looked for and which any post has."""
        return filter(self.segments.holds, searched_fields(leaf))

    # --- occurrences -----------------------------------------------------------

    def _occurrences(self, leaf: Leaf, field: str) -> Scores:
        """Return document number → how often the leaf stands in ``field``."""
        match leaf:
            case Word(term, exact=True):
                return self._algebra.postings(field, term)
            case Phrase():
                return self._phrase(leaf, field, self._holding(leaf, field))
            case _:
                return self._merged(field, self.forms(leaf, field))

    def forms(self, leaf: TermLeaf, field: str) -> Forms:
        """Return the terms of a field that answer a leaf → the languages in which they do."""
        match leaf:
            case Word(term):
                return self._word_forms(term, field, is_exact=leaf.exact)
            case Derived(term):
                return self._kept("root", term, field, self.vocabulary.derived)
            case Transcription():
                return dict.fromkeys(self.vocabulary.transcribed(leaf, field))
            case Prefix():
                return dict.fromkeys(self.vocabulary.prefixed(leaf, field))
            case Fuzzy():
                return dict.fromkeys(self.vocabulary.similar(leaf, field))

    def count_forms(self, leaf: TermLeaf) -> dict[str, int]:
        """Return each term that answers a leaf → number of posts in which it does."""
        found: dict[str, set[int]] = {}
        for field in self._fields(leaf):
            for form, languages in self.forms(leaf, field).items():
                holding = self._algebra.postings(field, form, languages)
                found.setdefault(form, set()).update(holding)
        return {form: len(documents) for form, documents in found.items() if documents}

    def _word_forms(self, term: str, field: str, *, is_exact: bool) -> Forms:
        if is_exact:
            return {term: None}
        return self._kept("family", term, field, self.vocabulary.family)

    def _kept(self, rule: str, term: str, field: str, forms: _Forms) -> Forms:
        """Return the forms of a word, worked out once for all that asks for them."""
        return self._word_families.made(
            (rule, term, field), lambda: forms(term, field, self.languages)
        )

    def _merged(self, field: str, forms: Forms) -> Scores:
        return self._algebra.total(
            self._algebra.postings(field, form, languages) for form, languages in forms.items()
        )

    @cached_property
    def languages(self) -> frozenset[str | None]:
        """Return the languages of the posts; None for posts whose language is unknown."""
        codes, values = self.segments.coded("language")
        held = set(codes)
        if self.segments.deleted:
            held = {codes[number] for number in self.segments.live}
        return frozenset(values[code][0] if values[code] else None for code in held)

    def _phrase(self, phrase: Phrase, field: str, candidates: Scores) -> Scores:
        """Return how often a phrase stands in documents, all of which hold all of its terms."""
        places = self._term_places(phrase, field, candidates)
        return self._algebra.phrase(phrase, places, candidates)

    def _near(self, near: Near) -> Scores:
        """Score the posts that hold every member, of which those remain that hold them close."""
        scores = self._conjunction(near.members)
        names = dict.fromkeys(name for leaf in leaves(near) for name in self._fields(leaf))
        close = {doc for name in names for doc in self._close(near, name, scores)}
        return self._algebra.within(scores, self._algebra.among(close))

    def _close(self, near: Near, field: str, documents: Scores) -> Iterator[int]:
        """Yield the documents that hold the members close together in ``field``."""
        members: list[dict[int, list[Place]]] = []
        for member in near.members:
            found: dict[int, list[Place]] = {}
            for leaf in members_of(member):
                if field in self._fields(leaf):
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
            length = len(leaf.terms)
            candidates = algebra.within(self._holding(leaf, field), documents)
            places = self._term_places(leaf, field, candidates)
            by_term = {term: algebra.by_document(held) for term, held in places.items()}
            for doc in candidates:
                starts = runs(leaf, {term: held[doc] for term, held in by_term.items()})
                yield doc, [(start, start + length) for start in starts]
            return
        held = algebra.places(field, self.forms(leaf, field), documents)
        for doc, positions in algebra.by_document(held).items():
            yield doc, [(position, position + 1) for position in positions]

    def _holding(self, phrase: Phrase, field: str) -> Scores:
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
            lambda: self._merged(field, self._word_forms(term, field, is_exact=phrase.exact)),
        )

    def _term_places(self, phrase: Phrase, field: str, documents: Scores) -> dict[str, Any]:
        """Return the places of each term of a phrase in documents that hold all of them."""
        return {
            term: self._algebra.places(
                field, self._word_forms(term, field, is_exact=phrase.exact), documents
            )
            for term in dict.fromkeys(phrase.terms)
        }
