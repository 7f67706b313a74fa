"""Tree → Tantivy query: what it matches is what `matches` says, its scores are near ours.

A leaf, or leaves that count as one, become one query whose parts are brought to one
rarity, so that they weigh as one term. Filters score 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import prod

from rights_search.engines.tantivy.nearness import Close, Field, Run
from rights_search.engines.tantivy.reader import (
    MUST,
    MUST_NOT,
    SHOULD,
    Query,
    Reader,
    boosted,
    filtering,
)
from rights_search.engines.tantivy.schema import (
    ANY,
    FIRST_DAY,
    HAS,
    LAST_DAY,
    keys,
    number_of,
    rules_name,
    stem_term,
    stems,
    words,
)
from rights_search.engines.vocabulary import Languages, Vocabulary
from rights_search.errors import QueryError
from rights_search.query.analysed_post import AnalysedPost
from rights_search.query.matching import matches
from rights_search.query.nodes import (
    Among,
    And,
    DateRange,
    Derived,
    Everything,
    Facet,
    Has,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefer,
    Preference,
    Synonyms,
    TermLeaf,
    Word,
    leaves,
    members_of,
    searched_fields,
)
from rights_search.values import dataclass

TIE = 0.3
"""Share that counts of what a post holds beside the best of several words that are one.

Our own BM25F adds their occurrences up before they saturate, which is worth about so much.
"""

MAX_SCORED_FORMS = 20
"""Terms of one prefix or fuzzy word that are scored each; of more, all posts score alike."""

MAX_LOOKED_UP = 10_000
"""Posts that are looked into one by one for what Tantivy cannot say about nearness."""

MAX_KEPT_QUERIES = 1000
"""Queries that are kept by the node that they were made of; then all go."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the queries that count as one term.

    Args:
        query: what it is.
        frequency: about how many posts match.
        rarity: the inverse document frequency that is in its scores.
        share: its weight.
    """

    query: Query
    frequency: float
    rarity: float
    share: float


class Compiler:
    """Makes queries for one snapshot; what it looked up it keeps."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.vocabulary = Vocabulary(reader.terms)
        self._kept: dict[Node, Query] = {}

    def query(self, node: Node) -> Query:
        """Return the query for a node.

        Raises:
            QueryError: if a word stands for too many others, or too many posts would have
                to be looked into.
        """
        found = self._kept.get(node)
        if found is None:
            found = self._made(node)
            if len(self._kept) >= MAX_KEPT_QUERIES:
                self._kept.clear()
            self._kept[node] = found
        return found

    def _made(self, node: Node) -> Query:  # noqa: C901, PLR0911 - one a node
        match node:
            case Everything():
                return self.reader.everything
            case And(children):
                return self._conjunction(children)
            case Or(children):
                return self._disjunction(children)
            case Not(child):
                return self._without([], [child])
            case Prefer(child, preferences):
                wanted = [(SHOULD, self.preference(each)) for each in preferences]
                return Query.boolean_query([(MUST, self.query(child)), *wanted])
            case Near(members):
                close = (MUST, filtering(self._close(node)))
                return Query.boolean_query([close, *((MUST, self.query(m)) for m in members)])
            case Facet(field, values):
                return filtering(self._facet(field, values))
            case Has(field):
                return filtering(self.reader.term(HAS, field))
            case Among(_, ids):
                numbers = map(number_of, ids)
                return self.reader.numbered([each for each in numbers if each is not None])
            case DateRange():
                return filtering(self._dates(node))
            case Synonyms(members):
                return self._one_term(members)
            case _:
                return self._one_term((node,))

    def preference(self, preference: Preference) -> Query:
        """Return the query for what is preferred, with its weight."""
        node, weight = preference.node, preference.weight
        match node:
            case Facet(field, values):
                held = sum(self.reader.frequency(keys(field), value) for value in values)
                rarity = self.reader.rarity(held)
                return Query.const_score_query(self._facet(field, values), weight * rarity)
            case Phrase():
                return self._nearness(node, weight)
            case _:
                return boosted(self.query(node), weight)

    def forms(self, leaf: TermLeaf) -> Iterator[tuple[str, int]]:
        """Yield each term that answers a leaf, with the number of posts in which it does."""
        name = leaf.field or ANY
        for form, languages in self._forms(leaf, name).items():
            posts = self.reader.count(self._form(name, form, languages))
            if posts:
                yield form, posts

    # --- combining ----------------------------------------------------------------

    def _conjunction(self, children: Sequence[Node]) -> Query:
        wanted = [child for child in children if not isinstance(child, Not)]
        unwanted = [child.child for child in children if isinstance(child, Not)]
        return self._without(list(self._repeated(wanted)), unwanted)

    def _without(self, wanted: list[Query], unwanted: Iterable[Node]) -> Query:
        # Tantivy finds nothing for what only excludes.
        wanted = wanted or [self.reader.everything]
        parts = [(MUST, each) for each in wanted]
        parts += [(MUST_NOT, self.query(each)) for each in unwanted]
        return Query.boolean_query(parts)

    def _disjunction(self, children: Sequence[Node]) -> Query:
        parts = [(SHOULD, each) for each in self._repeated(children)]
        return Query.boolean_query(parts) if parts else Query.empty_query()

    def _repeated(self, children: Iterable[Node]) -> Iterator[Query]:
        """Yield the query for each different child, times how often it stands there."""
        for child, times in Counter(children).items():
            yield boosted(self.query(child), times)

    # --- filters --------------------------------------------------------------------

    def _facet(self, field: str, values: Sequence[str]) -> Query:
        if field == "id":
            numbers = map(number_of, values)
            return self.reader.numbered([each for each in numbers if each is not None])
        if len(values) == 1:
            return self.reader.term(keys(field), values[0])
        return self.reader.any_term(keys(field), values) if values else Query.empty_query()

    def _dates(self, range_: DateRange) -> Query:
        parts = [(MUST, self.reader.term(HAS, "date"))]
        if range_.first is not None:
            parts.append((MUST, self.reader.at_least(FIRST_DAY, range_.first.toordinal())))
        if range_.last is not None:
            parts.append((MUST, self.reader.at_most(LAST_DAY, range_.last.toordinal())))
        return Query.boolean_query(parts)

    # --- leaves that count as one -----------------------------------------------------

    def _one_term(self, members: Sequence[Leaf]) -> Query:
        strongest = max(leaf.boost for leaf in members) or 1.0
        parts = [part for leaf in members for part in self._parts(leaf, leaf.boost / strongest)]
        return self._weighed(parts, strongest)

    def _weighed(self, parts: Sequence[_Part], weight: float) -> Query:
        """Return the query for parts that are brought to the rarity of all of them."""
        if not parts:
            return Query.empty_query()
        rarity = weight * self.reader.rarity(sum(part.frequency for part in parts))
        queries = [boosted(part.query, part.share * rarity / part.rarity) for part in parts]
        return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries, TIE)

    def _parts(self, leaf: Leaf, share: float) -> Iterator[_Part]:
        match leaf:
            case Phrase():
                for name in searched_fields(leaf):
                    yield from self._phrase_parts(leaf, name, share)
            case Word(term, exact=False):
                name = stems(leaf.field or ANY)
                for stem in {stem_term(term, each) for each in self.reader.languages}:
                    yield from self._term_part(name, stem, share)
            case Word(term):
                yield from self._term_part(words(leaf.field or ANY), term, share)
            case _:
                yield from self._form_parts(leaf, leaf.field or ANY, share)

    def _term_part(self, name: str, term: str, share: float) -> Iterator[_Part]:
        frequency = self.reader.frequency(name, term)
        if frequency:
            rarity = self.reader.rarity(frequency)
            yield _Part(self.reader.term(name, term), frequency, rarity, share)

    def _form_parts(self, leaf: TermLeaf, field: str, share: float) -> Iterator[_Part]:
        forms = self._forms(leaf, field)
        name = words(field)
        if len(forms) <= MAX_SCORED_FORMS:
            for form, languages in forms.items():
                for part in self._term_part(name, form, share):
                    query = self._form(field, form, languages)
                    yield _Part(query, part.frequency, part.rarity, share)
            return
        by_languages: dict[Languages, list[str]] = {}
        for form, languages in forms.items():
            by_languages.setdefault(languages, []).append(form)
        for languages, held in by_languages.items():
            frequency = sum(self.reader.frequency(name, form) for form in held)
            query = self._spoken(self.reader.any_term(name, held), languages)
            yield _Part(query, frequency, 1.0, share)

    def _form(self, field: str, form: str, languages: Languages) -> Query:
        return self._spoken(self.reader.term(words(field), form), languages)

    def _spoken(self, query: Query, languages: Languages) -> Query:
        if languages is None:
            return query
        return Query.boolean_query([(MUST, query), (MUST, self.reader.spoken(languages))])

    def _forms(self, leaf: TermLeaf, field: str) -> Mapping[str, Languages]:
        """Return the terms of a field that answer a leaf → the languages in which they do."""
        return self.vocabulary.forms(leaf, field, lambda: self.reader.languages)

    # --- phrases ----------------------------------------------------------------------

    def _phrase_parts(self, phrase: Phrase, name: str, share: float) -> Iterator[_Part]:
        for field, run in self._runs(phrase.terms, name, exact=phrase.exact):
            frequencies = [self.reader.frequency(field.name, term) for term in run]
            size = self.reader.size
            likely = size * prod(min(1.0, each / max(1, size)) for each in frequencies)
            close = self._stands(phrase, field, run)
            if close.is_exact:
                rarity = sum(map(self.reader.rarity, frequencies))
                yield _Part(close.query, max(1.0, likely), rarity, share)
                continue
            found = self._look_up(phrase, close.query)
            yield _Part(Query.const_score_query(found, 1.0), max(1.0, likely), 1.0, share)

    def _stands(self, phrase: Phrase, field: Field, run: Run) -> Close:
        if phrase.slop is None:
            return Close(field.run(run), is_exact=True)
        return field.window(_needed(phrase.terms, run), len(run) + phrase.slop)

    def _runs(self, terms: Sequence[str], name: str, *, exact: bool) -> Iterator[tuple[Field, Run]]:
        """Yield the terms of a phrase as a field may hold them, if it holds all of them."""
        if exact:
            runs = {tuple(terms)}
        else:
            runs = {
                tuple(stem_term(term, language) for term in terms)
                for language in self.reader.languages
            }
        field = Field(self.reader, words(name) if exact else stems(name))
        yield from ((field, run) for run in sorted(runs) if field.holds(run))

    def _nearness(self, phrase: Phrase, weight: float) -> Query:
        """Return the query that scores words by how often they stand near each other.

        A pair is as rare as the more common of its words, as in `ranking`.
        """
        parts: list[Query] = []
        for name in searched_fields(phrase):
            for field, run in self._runs(phrase.terms, name, exact=phrase.exact):
                frequencies = [self.reader.frequency(field.name, term) for term in run]
                held = sum(map(self.reader.rarity, frequencies))
                factor = weight * self.reader.rarity(max(frequencies)) / held
                parts.append(boosted(self._stands(phrase, field, run).query, factor))
        return Query.disjunction_max_query(parts, TIE) if parts else Query.empty_query()

    # --- near -------------------------------------------------------------------------

    def _close(self, near: Near) -> Query:
        """Return the query for posts that hold the members of a `Near` close together."""
        names = dict.fromkeys(name for leaf in leaves(near) for name in searched_fields(leaf))
        parts: list[Query] = []
        for name in names:
            for close in self._close_in(near, name):
                query = close.query if close.is_exact else self._look_up(near, close.query)
                parts.append(query)
        return Query.disjunction_max_query(parts) if parts else Query.empty_query()

    def _close_in(self, near: Near, name: str) -> Iterator[Close]:
        members = [
            [leaf for leaf in members_of(member) if name in searched_fields(leaf)]
            for member in near.members
        ]
        every = [leaf for held in members for leaf in held]
        exact = all(not isinstance(leaf, Word | Phrase) or leaf.exact for leaf in every)
        has_more = any(isinstance(leaf, Derived) for leaf in every)
        if exact:
            field = Field(self.reader, words(name))
            runs = [self._member_runs(held, name, field, None) for held in members]
            if all(runs):
                close = field.near(runs, near.distance)
                yield Close(close.query, close.is_exact and not has_more)
            return
        field = Field(self.reader, stems(name))
        is_stemmed = all(isinstance(leaf, Word | Phrase) and not leaf.exact for leaf in every)
        for language in _different(self.reader.languages):
            runs = [self._member_runs(held, name, field, (language,)) for held in members]
            if all(runs):
                close = field.near(runs, near.distance)
                yield Close(close.query, close.is_exact and is_stemmed)

    def _member_runs(
        self,
        members: Iterable[Leaf],
        name: str,
        field: Field,
        language: tuple[str | None] | None,
    ) -> list[Run]:
        """Return what a member of a `Near` may be in a field; stems in a language, if given."""
        found: dict[Run, None] = {}
        for leaf in members:
            as_written: Iterable[Run]
            if isinstance(leaf, Phrase):
                as_written = (leaf.terms,)
            elif isinstance(leaf, Word):
                as_written = ((leaf.term,),)
            else:
                as_written = ((form,) for form in self._forms(leaf, name))
            for run in as_written:
                held = run if language is None else tuple(stem_term(t, *language) for t in run)
                if field.holds(held):
                    found[held] = None
        return list(found)

    def _look_up(self, node: Near | Phrase, candidates: Query) -> Query:
        """Return the query for those of the candidates that match, each looked into.

        Raises:
            QueryError: if they are more than `MAX_LOOKED_UP`.
        """
        found = self.reader.all_of(candidates, limit=MAX_LOOKED_UP + 1)
        if len(found) > MAX_LOOKED_UP:
            reason = (
                f"More than {MAX_LOOKED_UP:,} posts hold these words, too many to look how near "
                "they stand: ask for two words near each other, or for rarer ones"
            )
            raise QueryError("", *node.span, reason)
        posts = (self.reader.post(document) for document in found)
        numbers = (number_of(post.id) for post in posts if matches(node, AnalysedPost(post)))
        return self.reader.numbered([number for number in numbers if number is not None])


def _needed(terms: Sequence[str], run: Run) -> Counter[str]:
    """Return how often a window must hold each term of ``run``, which stand for ``terms``.

    One word answers each of two terms that are inflections of one.
    """
    needed: Counter[str] = Counter()
    asked = Counter(terms)
    for term, held in zip(terms, run, strict=True):
        needed[held] = max(needed[held], asked[term])
    return needed


def _different(languages: Iterable[str | None]) -> list[str | None]:
    """Return one of the languages that inflect alike, for all of them."""
    by_name = {rules_name(language): language for language in languages}
    return list(by_name.values())
