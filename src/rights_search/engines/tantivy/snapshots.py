"""One committed state of a Tantivy index, ready to be searched."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import chain

from rights_search.engines.collapsing import Collapsed, collapse, regrouped
from rights_search.engines.protocol import Found, Groups, Share, Sort, order_counts
from rights_search.engines.tantivy.compiling import Compiler
from rights_search.engines.tantivy.grouping import Grouping
from rights_search.engines.tantivy.ordering import Asked, Ranked, rank
from rights_search.engines.tantivy.reader import Query, Reader
from rights_search.engines.tantivy.schema import numbers_of, values, words
from rights_search.engines.tantivy.shares import preferred_shares, shares_of
from rights_search.post import Post
from rights_search.query.nodes import Node, Phrase, Prefer, Preference, TermLeaf, leaves
from rights_search.values import replace

_EXPLAINED = 50
"""Posts of a page whose scores are taken apart at once."""

_WHOLE = (0, 0)


class TantivySnapshot:
    """See `rights_search.engines.protocol.Snapshot`."""

    def __init__(self, reader: Reader, generation: int) -> None:
        self.generation = generation
        self._reader = reader
        self._compiler = Compiler(reader)
        self._grouping: Grouping | None = None

    def search(  # noqa: PLR0913 - the protocol's
        self,
        node: Node,
        *,
        sort: Sort,
        limit: int,
        offset: int,
        facets: Sequence[str],
        groups: Groups = (),
    ) -> Found:
        """Return what matches ``node``: see the protocol."""
        base, near = _apart(node)
        query = self._compiler.query(base)
        collapsed, hidden = self._collapsed(query, groups)
        wanted = tuple(self._compiler.preference(each) for each in near)
        end = min(offset + limit, self._reader.size)
        if limit and end > offset:
            is_scored = any(True for _ in leaves(node)) or _prefers(node)
            ranked = rank(self._reader, Asked(query, wanted, is_scored, hidden), sort, end)
        else:
            ranked = Ranked([], self._reader.count(query))
        ranked = replace(ranked, hits=ranked.hits[offset:])
        return Found(
            ranked.count,
            ranked.count - len(hidden),
            tuple(ranked.hits),
            self._counts(query, facets, collapsed),
            self._shares(base, near, ranked),
        )

    # --- groups and facets ------------------------------------------------------------

    def _collapsed(self, query: Query, groups: Groups) -> tuple[Collapsed, frozenset[int]]:
        """Return what is left out, by number, and its documents."""
        if not groups:
            return Collapsed(()), frozenset()
        if self._grouping is None or self._grouping.groups is not groups:
            self._grouping = Grouping(self._reader, groups)
        documents = self._grouping.matching(query)
        collapsed = collapse(documents, groups)
        return collapsed, frozenset(map(documents.__getitem__, collapsed.hidden))

    def _counts(
        self, query: Query, facets: Sequence[str], collapsed: Collapsed
    ) -> dict[str, dict[str, int]]:
        if not facets:
            return {}
        columns = {field: values(field) for field in facets}
        counts = self._reader.count_values(query, columns)
        if collapsed.groups and self._grouping is not None:
            for field, surplus in self._grouping.surplus(collapsed, columns).items():
                for value, times in surplus.items():
                    counts[field][value] -= times
        return counts

    # --- scores -----------------------------------------------------------------------

    def _shares(
        self, base: Node, near: Sequence[Preference], ranked: Ranked
    ) -> Callable[[int], tuple[Share, ...]]:
        order = [document for document, _ in ranked.hits]
        scores = dict(ranked.hits)
        known: dict[int, tuple[Share, ...]] = {}

        def explain(document: int) -> None:
            start = order.index(document)
            some = order[start : start + _EXPLAINED]
            found = shares_of(self._compiler, base, some)
            of_near = [each for each in some if each in ranked.near]
            extra = preferred_shares(self._compiler, near, of_near)
            for each in some:
                known[each] = (*found[each], *extra.get(each, ()))

        def shares(document: int) -> tuple[Share, ...]:
            if document not in known:
                explain(document)
            if document not in ranked.unfaded:
                return known[document]
            faded = scores[document] - ranked.unfaded[document]
            return (*known[document], Share("age", _WHOLE, faded)) if faded else known[document]

        return shares

    # --- the rest of the protocol -----------------------------------------------------

    @property
    def languages(self) -> frozenset[str | None]:
        """Return the languages of the posts: see the protocol."""
        return self._reader.languages

    def rarity(self, terms: Iterable[str]) -> dict[str, float]:
        """Return the inverse document frequency of each term in the body, as written."""
        body = words("body")
        return {term: self._reader.rarity(self._reader.frequency(body, term)) for term in terms}

    def forms(self, leaf: TermLeaf) -> dict[str, int]:
        """Return term → number of posts that hold it: see the protocol."""
        return order_counts(dict(self._compiler.forms(leaf)))

    def post(self, document: int) -> Post:
        """Return the post of a document number."""
        return self._reader.post(document)

    def documents(self, ids: Collection[str]) -> dict[str, int]:
        """Return post id → document number, for those of ``ids`` that are there."""
        return self._reader.documents(ids)

    def grouped(self, groups: Iterable[Sequence[str]]) -> Groups:
        """Return groups of post ids as groups of their numbers: see the protocol."""
        ids = [*groups]
        numbers = numbers_of([*chain.from_iterable(ids)])
        # To count them takes a thousandth of a second for 800, to look them up twice that.
        held = {*numbers}
        if self._reader.count(self._reader.numbered(held)) < len(held):
            raise KeyError("one of the ids")
        return regrouped(numbers, ids)

    def ids(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return up to ``limit`` post ids that start with ``prefix``, sorted."""
        return tuple(self._reader.ids(prefix, limit)) if limit else ()

    def post_count(self) -> int:
        """Return how many posts there are."""
        return self._reader.size

    def close(self) -> None:
        """Let go of the compiled queries; Tantivy closes its files with its objects."""
        self._compiler = Compiler(self._reader)
        self._grouping = None


def _apart(node: Node) -> tuple[Node, tuple[Preference, ...]]:
    """Return a query without the preference for words near each other, and that alone."""
    if not isinstance(node, Prefer):
        return node, ()
    near = tuple(each for each in node.preferences if isinstance(each.node, Phrase))
    others = tuple(each for each in node.preferences if not isinstance(each.node, Phrase))
    return (replace(node, preferences=others) if others else node.child), near


def _prefers(node: Node) -> bool:
    """Tell whether anything is preferred, at any depth that `leaves` looks into."""
    return isinstance(node, Prefer) or any(map(_prefers, getattr(node, "children", ())))
