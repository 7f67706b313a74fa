"""One committed state of a Whoosh index, ready to be searched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from importlib.util import find_spec

from rights_search.engines import ranking
from rights_search.engines.collapsing import add_hidden_values
from rights_search.engines.protocol import Found, Groups, Share, Sort, order_counts
from rights_search.engines.whoosh.algebra import Algebra
from rights_search.engines.whoosh.evaluation import Evaluation, base_of
from rights_search.engines.whoosh.mappings import Mappings
from rights_search.engines.whoosh.segment import SegmentReader
from rights_search.engines.whoosh.segments import Segments
from rights_search.post import Post
from rights_search.query.nodes import Node, TermLeaf

_WHOLE = (0, 0)

MIN_POSTS_FOR_ARRAYS = 50_000
"""From so many posts on NumPy, which takes 80 ms to import, is worth it for a single search:
of 10,000 it is not, of 100,000 it is with most queries and saves little."""

MIN_POSTS_IN_SESSION = 2_000
"""Of so many posts later searches are worth the import."""

SEARCHES_BEFORE_SESSION = 20
"""After so many searches of one snapshot more of them are expected."""


class WhooshSnapshot:
    """See `rights_search.engines.protocol.Snapshot`."""

    def __init__(
        self, readers: Sequence[SegmentReader], generation: int, folder: str | None = None
    ) -> None:
        self.generation = generation
        self._segments = Segments(readers, folder)
        self._searches = 0
        self._begin(MIN_POSTS_FOR_ARRAYS)

    def _begin(self, least: int) -> None:
        """Evaluate in arrays from now on if there are ``least`` posts, and NumPy."""
        self.algebra = _algebra(self._segments, least)
        self._evaluation = Evaluation(self._segments, self.algebra)

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
        self._searches += 1
        if self._searches == SEARCHES_BEFORE_SESSION and isinstance(self.algebra, Mappings):
            self._begin(MIN_POSTS_IN_SESSION)
        evaluation, algebra = self._evaluation, self.algebra
        known = evaluation.begin(node)
        matching = evaluation.scores(base_of(node))
        total = len(matching)
        collapsed = algebra.collapse(matching, groups)
        if collapsed.groups:
            matching = algebra.without(matching, algebra.among(collapsed.hidden))
        counts: dict[str, dict[str, int]] = {}
        for field in facets:
            counts[field] = algebra.count_facet(field, matching)
            add_hidden_values(counts[field], collapsed, *self._segments.facet_codes(field))
        scores = evaluation.best(node, matching, sort, offset + limit)
        ranked = algebra.faded(scores) if sort == "recent-relevant" else scores
        page = algebra.page(ranked, sort, offset + limit)[offset:]

        def shares(doc: int) -> tuple[Share, ...]:
            parts = evaluation.shares(node, doc, known)
            faded = ranked[doc] - scores[doc]
            return (*parts, Share("age", _WHOLE, faded)) if faded else tuple(parts)

        return Found(total, len(matching), tuple(page), counts, shares)

    @property
    def languages(self) -> frozenset[str | None]:
        """Return the languages of the posts: see the protocol."""
        return self._evaluation.occurrences.languages

    def rarity(self, terms: Iterable[str]) -> dict[str, float]:
        """Return the inverse document frequency of each term in the body, as written."""
        posts = self._segments.count
        return {term: ranking.idf(posts, self._segments.frequency("body", term)) for term in terms}

    def forms(self, leaf: TermLeaf) -> dict[str, int]:
        """Return term → number of posts that hold it: see the protocol."""
        return order_counts(self._evaluation.occurrences.count_forms(leaf))

    def post(self, document: int) -> Post:
        """Return the post of a document number."""
        return self._segments.post(document)

    def documents(self, ids: Collection[str]) -> dict[str, int]:
        """Return post id → document number, for those of ``ids`` that are there."""
        return self._segments.documents(ids)

    def grouped(self, groups: Iterable[Sequence[str]]) -> Groups:
        """Return groups of post ids as groups of document numbers: see the protocol."""
        return self._segments.grouped([*groups])

    def ids(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return up to ``limit`` post ids that start with ``prefix``, sorted."""
        found: list[str] = []
        for post_id in self._segments.terms("id", prefix):
            if self._segments.holding("id", post_id):
                found.append(post_id)
            if len(found) == limit:
                break
        return tuple(found)

    def post_count(self) -> int:
        """Return how many posts there are."""
        return self._segments.count

    def close(self) -> None:
        """Close the files."""
        self._segments.close()


def _algebra(segments: Segments, least: int) -> Algebra:
    """Return arrays from ``least`` posts on if NumPy is installed, else dictionaries."""
    if segments.size >= least and find_spec("numpy"):
        from rights_search.engines.whoosh.arrays import Arrays  # noqa: PLC0415 - it takes 80 ms

        return Arrays(segments)
    return Mappings(segments)
