"""Tree → documents and scores, by set algebra over decoded postings.

Every node gives a mapping of document number to score; nodes that only filter
give scores of 0. `rights_search.query.matching.matches` says what must come out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, KeysView, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property, reduce
from typing import TypeAlias

from rights_search.engines import ranking
from rights_search.engines.protocol import Share
from rights_search.engines.vocabulary import Languages, Vocabulary
from rights_search.engines.whoosh.places import count_windows, runs
from rights_search.engines.whoosh.segments import Segments, split_values
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

Scores: TypeAlias = Mapping[int, float]
"""Document number → score."""

Known: TypeAlias = dict[Node | tuple[Node, Preference], Scores]
"""What one search has worked out: scores by node, and by what is preferred of a node."""


MAX_CACHED_SCORES = 1_000_000
"""Scores of so many documents are kept, over all words of past searches."""


MAX_KEPT_FORMS = 50_000
"""Words of which the forms are kept; then all go, which a long session never notices."""

_Forms: TypeAlias = Callable[[str, str, frozenset[str | None]], Mapping[str, Languages]]


class Evaluation:
    """Answers trees over one snapshot; what it decodes it keeps."""

    def __init__(self, segments: Segments) -> None:
        self.segments = segments
        self.vocabulary = Vocabulary(segments.terms)
        self._factors: dict[str, list[float]] = {}
        self._known: Known = {}
        self._word_families: dict[tuple[str, str, str], Mapping[str, Languages]] = {}
        self._scores: dict[tuple[Leaf, ...], Scores] = {}
        self._score_count = 0

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
                return _sum(self._repeated(children))
            case Not(child):
                return dict.fromkeys(self.segments.live - self.scores(child).keys(), 0.0)
            case Everything():
                return dict.fromkeys(self.segments.live, 0.0)
            case Facet() | DateRange() | Has() | Among():
                return dict.fromkeys(self._filtered(node), 0.0)
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
            yield scores if times == 1 else {doc: times * scores[doc] for doc in scores}

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
        wanted = list(self._repeated(child for child in children if not isinstance(child, Not)))
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

    def _filtered(self, node: Facet | DateRange | Has | Among) -> set[int]:
        match node:
            case Facet(field, values):
                return {doc for value in values for doc in self.segments.postings(field, value)}
            case Among(_, ids):
                return set(self.segments.documents(ids).values())
            case Has(field):
                is_known = self.segments.presence(field)
                return {doc for doc in self.segments.live if is_known[doc]}
            case DateRange(first_day, last_day):
                first = first_day.toordinal() if first_day else 0
                last = last_day.toordinal() if last_day else 10**9
                dates = self.segments.dates
                return {
                    doc
                    for doc in self.segments.live
                    if (date := dates[doc]) is not None and first <= date[0] and date[1] <= last
                }

    # --- preferences -------------------------------------------------------------

    def _preferred(self, node: Prefer) -> Scores:
        found = dict(self.scores(node.child))
        for preference in node.preferences:
            extra = self._preference(preference.node, found.keys())
            self._known[node.child, preference] = extra
            for doc, score in extra.items():
                found[doc] += preference.weight * score
        return found

    def _preference(self, node: Leaf | Synonyms | Facet, within: KeysView[int]) -> dict[int, float]:
        """Return the scores of what is preferred, for documents that match anyway."""
        match node:
            case Facet():
                holding = self._filtered(node)
                rarity = ranking.idf(len(self.segments.live), len(holding))
                return dict.fromkeys(within & holding, rarity)
            case Phrase():
                return self._nearness(node, within)
            case _:
                scores = self.scores(node)
                return {doc: scores[doc] for doc in within & scores.keys()}

    def _nearness(self, phrase: Phrase, within: KeysView[int]) -> dict[int, float]:
        """Score words by how often they stand near each other.

        A pair is as rare as the more common of its words: how few posts have both near
        each other would have to be counted in all of them.
        """
        weights: dict[int, float] = {}
        for field in searched_fields(phrase):
            factors = self._field_factors(field)
            for doc, count in self._phrase(phrase, field, within).items():
                weights[doc] = weights.get(doc, 0.0) + count * factors[doc]
        if not weights:
            return {}
        posts = len(self.segments.live)
        common = max(len(self.scores(Word(term, phrase.field))) for term in phrase.terms)
        rarity = ranking.idf(posts, common)
        return {doc: rarity * ranking.saturate(weight) for doc, weight in weights.items()}

    # --- scoring ---------------------------------------------------------------

    def _remembered(self, leaves: tuple[Leaf, ...]) -> Scores:
        """Return `_score`, worked out once: a search that finds nothing asks again."""
        if leaves not in self._scores:
            found = self._score(leaves)
            self._score_count += len(found)
            if self._score_count > MAX_CACHED_SCORES:
                self._scores.clear()
                self._score_count = len(found)
            self._scores[leaves] = found
        return self._scores[leaves]

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
            case Phrase():
                return self._phrase(leaf, field)
            case _:
                return self._merged(field, self.forms(leaf, field))

    def forms(self, leaf: TermLeaf, field: str) -> Mapping[str, Languages]:
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
        for field in searched_fields(leaf):
            for form, languages in self.forms(leaf, field).items():
                holding = self._allowed(self.segments.postings(field, form), languages)
                found.setdefault(form, set()).update(holding)
        return {form: len(documents) for form, documents in found.items() if documents}

    def _word_forms(self, term: str, field: str, *, is_exact: bool) -> Mapping[str, Languages]:
        if is_exact:
            return {term: None}
        return self._kept("family", term, field, self.vocabulary.family)

    def _kept(self, rule: str, term: str, field: str, forms: _Forms) -> Mapping[str, Languages]:
        """Return the forms of a word, worked out once for all that asks for them."""
        key = (rule, term, field)
        if key not in self._word_families:
            if len(self._word_families) >= MAX_KEPT_FORMS:
                self._word_families.clear()
            self._word_families[key] = forms(term, field, self.languages)
        return self._word_families[key]

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

    def _phrase(
        self, phrase: Phrase, field: str, within: AbstractSet[int] | None = None
    ) -> Mapping[int, float]:
        counts: dict[int, float] = {}
        for doc, places in self._term_places(phrase, field, within).items():
            found = (
                len(runs(phrase, places)) if phrase.slop is None else count_windows(phrase, places)
            )
            if found:
                counts[doc] = float(found)
        return counts

    def _near(self, near: Near) -> Scores:
        """Score the posts that hold every member, of which those remain that hold them close."""
        scores = self._conjunction(near.members)
        names = dict.fromkeys(name for leaf in leaves(near) for name in searched_fields(leaf))
        close = {doc for name in names for doc in self._close(near, name, scores.keys())}
        return {doc: score for doc, score in scores.items() if doc in close}

    def _close(self, near: Near, field: str, documents: AbstractSet[int]) -> Iterator[int]:
        """Yield the documents that hold the members close together in ``field``."""
        members: list[dict[int, list[Place]]] = []
        for member in near.members:
            found: dict[int, list[Place]] = {}
            for leaf in members_of(member):
                if field in searched_fields(leaf):
                    for doc, places in self._leaf_places(leaf, field, documents):
                        found.setdefault(doc, []).extend(places)
            members.append(found)
            documents = found.keys()
        for doc in documents:
            if next(close_places([found[doc] for found in members], near.distance), None):
                yield doc

    def _leaf_places(
        self, leaf: Leaf, field: str, documents: AbstractSet[int]
    ) -> Iterator[tuple[int, list[Place]]]:
        """Yield the ``documents`` that hold a leaf in ``field``, and where in them."""
        if isinstance(leaf, Phrase):
            length = len(leaf.terms)
            for doc, by_term in self._term_places(leaf, field, documents).items():
                yield doc, [(start, start + length) for start in runs(leaf, by_term)]
            return
        for doc, positions in self._places(field, self.forms(leaf, field), documents).items():
            yield doc, [(position, position + 1) for position in positions]

    def _term_places(
        self, phrase: Phrase, field: str, documents: AbstractSet[int] | None
    ) -> dict[int, dict[str, set[int]]]:
        """Return document → term of the phrase → its positions, where all of them stand.

        Args:
            phrase: the phrase.
            field: the text field.
            documents: the documents to look into, None for all.
        """
        forms = {
            term: self._word_forms(term, field, is_exact=phrase.exact)
            for term in dict.fromkeys(phrase.terms)
        }
        holding = [self._merged(field, forms[term]).keys() for term in forms]
        candidates = set.intersection(
            *map(set, holding), *([] if documents is None else [documents])
        )
        if not candidates:
            return {}
        by_term = {term: self._places(field, forms[term], candidates) for term in forms}
        return {doc: {term: places[doc] for term, places in by_term.items()} for doc in candidates}

    def _places(
        self, field: str, forms: Mapping[str, Languages], documents: AbstractSet[int]
    ) -> dict[int, set[int]]:
        """Return document → the positions of any of ``forms``, for those that hold one."""
        places: dict[int, set[int]] = {}
        for form, languages in forms.items():
            allowed = self._allowed(self.segments.postings(field, form), languages)
            wanted = documents & allowed.keys()
            for doc, positions in self.segments.positions(field, form, wanted).items():
                places.setdefault(doc, set()).update(positions)
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

    def facet_values(self, field: str, document: int) -> tuple[str, ...]:
        """Return the values of a document, '' for none."""
        return split_values(self.segments.column(field)[document]) or ("",)


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
