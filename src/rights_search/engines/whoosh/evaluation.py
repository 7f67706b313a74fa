"""Tree → documents and scores, by set algebra over decoded postings.

Every node gives document numbers with scores; nodes that only filter give scores of 0.
What documents and scores are kept in is the algebra's affair: see `algebra`.
 `rights_search.query.matching.matches` says what must come out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeGuard

from rights_search.engines import ranking
from rights_search.engines.protocol import Share, Sort
from rights_search.engines.whoosh.algebra import Algebra, Scores
from rights_search.engines.whoosh.keeping import Kept
from rights_search.engines.whoosh.occurrences import Occurrences
from rights_search.engines.whoosh.segments import Segments
from rights_search.query.nodes import (
    Among,
    And,
    DateRange,
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
    Word,
)
from rights_search.values import dataclass

_MORE = 30
"""Documents beyond the page that are looked at with it: at once takes less time than in turns."""

Known: TypeAlias = dict[Node | tuple[Node, Preference], Scores]
"""What one search has worked out: scores by node, and by what is preferred of a node."""


@dataclass(frozen=True, slots=True)
class _Nearness:
    """What words give that stand near each other.

    Args:
        documents: those in which they were looked for.
        scores: of those in which they were found.
        is_whole: True if they were looked for in all documents that hold them.
    """

    documents: Scores
    scores: Scores
    is_whole: bool

    def __len__(self) -> int:
        return len(self.documents) + len(self.scores)

    def __bool__(self) -> bool:
        return True


class Evaluation:
    """Answers trees over one snapshot; what it decodes it keeps."""

    def __init__(self, segments: Segments, algebra: Algebra) -> None:
        self.occurrences = Occurrences(segments, algebra)
        self._segments = segments
        self._algebra = algebra
        self._known: Known = {}
        self._scores: Kept[tuple[Leaf, ...], Scores] = Kept(algebra.max_kept_scores)
        self._nearnesses: Kept[Phrase, _Nearness] = Kept(algebra.max_kept_scores)
        self._ceilings: Kept[Phrase, Scores] = Kept(algebra.max_kept_scores)

    def begin(self, node: Node) -> Known:
        """Begin a search; what it works out is kept in the value returned, for `shares`.

        A search that asks for what the last one asked for, with more that it prefers, goes
        on from there.
        """
        goes_on = isinstance(node, Prefer) and base_of(node) in self._known
        # A copy: what is preferred is worked out anew, and the shares of the last search remain.
        self._known = dict(self._known) if goes_on else {}
        return self._known

    def scores(self, node: Node) -> Scores:
        """Return the documents that match ``node`` with their scores, worked out once a search."""
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = self._answer(node)
        return found

    def _answer(self, node: Node) -> Scores:  # noqa: PLR0911 - one a node
        match node:
            case Prefer(child):
                return self._raised(node, self.scores(child))
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
            case Near(members):
                scores = self._conjunction(members)
                close = self.occurrences.close(node, scores)
                return self._algebra.within(scores, self._algebra.among(close))
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
                return algebra.among(self._segments.documents(ids).values())
            case Has(field):
                return algebra.having(field)
            case DateRange(first_day, last_day):
                first = first_day.toordinal() if first_day else 0
                return algebra.dated(first, last_day.toordinal() if last_day else 10**9)

    # --- preferences -------------------------------------------------------------

    def best(self, node: Node, matching: Scores, sort: Sort, end: int) -> Scores:
        """Return the scores of documents among which the first ``end`` are.

        How near words stand to each other is looked up only in documents that the most which
        this can add would bring so far: in all it costs more than the rest of a first search.

        Args:
            node: what is asked for.
            matching: what `scores` gave for `base_of` it, or a part.
            sort: the order.
            end: how many come first.
        """
        levels = _levels(node)
        if any(self._is_costly(each.node) for level in levels for each in level.preferences):
            matching = self._contenders(levels, matching, sort, end)
        for level in levels:
            matching = self._raised(level, matching)
        return matching

    def _contenders(
        self, levels: Sequence[Prefer], matching: Scores, sort: Sort, end: int
    ) -> Scores:
        """Return what may be among the first ``end`` when all is added that is preferred."""
        algebra = self._algebra
        least = most = matching
        costly: list[Preference] = []
        for preference in (each for level in levels for each in level.preferences):
            if self._is_costly(preference.node):
                costly.append(preference)
                bound = algebra.within(self._ceiling(preference.node), matching)
                most = algebra.raised(most, bound, preference.weight)
            else:
                extra = self._preference(preference.node, matching)
                least = algebra.raised(least, extra, preference.weight)
                most = algebra.raised(most, extra, preference.weight)
        # Those that come first with the most show where the edge is, and few others can reach it.
        highest = algebra.faded(most) if sort == "recent-relevant" else most
        first = algebra.page(highest, sort, end + _MORE) if end > 0 else []
        leaders = algebra.among([doc for doc, _ in first])
        for preference in costly:
            extra = self._preference(preference.node, leaders)
            least = algebra.raised(least, extra, preference.weight)
        lowest = algebra.faded(least) if sort == "recent-relevant" else least
        return algebra.within(matching, algebra.contenders(lowest, highest, sort, end))

    def _raised(self, node: Prefer, scores: Scores) -> Scores:
        """Return the scores of documents that match the child with what is preferred."""
        within = scores
        for preference in node.preferences:
            extra = self._preference(preference.node, within)
            self._known[node.child, preference] = extra
            scores = self._algebra.raised(scores, extra, preference.weight)
        return scores

    def _preference(self, node: Leaf | Synonyms | Facet, within: Scores) -> Scores:
        """Return the scores of what is preferred, for documents that match anyway."""
        match node:
            case Facet():
                holding = self._filtered(node)
                rarity = ranking.idf(self._segments.count, len(holding))
                return self._algebra.level(self._algebra.within(holding, within), rarity)
            case Phrase():
                return self._nearness(node, within)
            case _:
                return self._algebra.within(self.scores(node), within)

    # --- nearness ----------------------------------------------------------------

    def _is_costly(self, node: Leaf | Synonyms | Facet) -> TypeGuard[Phrase]:
        """Tell whether positions must be decoded to score what is preferred in all documents."""
        if not isinstance(node, Phrase):
            return False
        known = self._nearnesses.get(node)
        return known is None or not known.is_whole

    def _nearness(self, phrase: Phrase, within: Scores) -> Scores:
        """Score words by how often they stand near each other.

        What two words give depends on nothing else that is asked: it is kept.
        """
        algebra = self._algebra
        known = self._nearnesses.get(phrase)
        if known is not None and known.is_whole:
            return algebra.within(known.scores, within)
        nothing = algebra.among(())
        documents, scores = (known.documents, known.scores) if known else (nothing, nothing)
        missing = algebra.without(within, documents)
        if missing:
            holding = self._holding(phrase)
            found = {
                field: self.occurrences.phrase(phrase, field, algebra.within(held, missing))
                for field, held in holding.items()
            }
            documents = algebra.total((documents, missing))
            scores = algebra.total((scores, self._near_scores(phrase, found)))
            is_whole = all(
                len(held) <= len(documents) and len(algebra.within(held, documents)) == len(held)
                for held in holding.values()
            )
            self._nearnesses.put(phrase, _Nearness(documents, scores, is_whole))
        return algebra.within(scores, within)

    def _ceiling(self, phrase: Phrase) -> Scores:
        """Return for each document that holds the words the most that `_nearness` can give.

        A place is counted by the word that it begins with, so that there are no more of them
        than there are words.
        """
        return self._ceilings.made(phrase, lambda: self._near_scores(phrase, self._holding(phrase)))

    def _holding(self, phrase: Phrase) -> dict[str, Scores]:
        """Return field → the documents that hold all words, and how many of them."""
        fields = self.occurrences.fields(phrase)
        return {field: self.occurrences.holding(phrase, field) for field in fields}

    def _near_scores(self, phrase: Phrase, counts: Mapping[str, Scores]) -> Scores:
        """Score places where words stand near each other.

        A pair is as rare as the more common of its words: how few posts have both near
        each other would have to be counted in all of them.

        Args:
            phrase: the words.
            counts: field → how often, by document.
        """
        weights = self._algebra.weighed((held, 1.0, field) for field, held in counts.items())
        if not weights:
            return weights
        common = max(len(self.scores(Word(term, phrase.field))) for term in phrase.terms)
        return self._algebra.saturated(weights, ranking.idf(self._segments.count, common))

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
            for field in self.occurrences.fields(leaf)
            if (occurrences := self.occurrences.of(leaf, field))
        )
        top = strongest * ranking.idf(self._segments.count, len(weights))
        return self._algebra.saturated(weights, top)


def base_of(node: Node) -> Node:
    """Return a tree without what is preferred of all of it: it matches the same documents."""
    levels = _levels(node)
    return levels[0].child if levels else node


def _levels(node: Node) -> list[Prefer]:
    """Return what is preferred of a whole tree, the innermost first."""
    levels: list[Prefer] = []
    while isinstance(node, Prefer):
        levels.insert(0, node)
        node = node.child
    return levels
