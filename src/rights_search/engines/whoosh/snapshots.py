"""One committed state of a Whoosh index, ready to be searched."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import Any

from rights_search.engines import ranking
from rights_search.engines.collapsing import add_hidden_values, collapse
from rights_search.engines.protocol import BY_SCORE, Found, Groups, Share, Sort, order_counts
from rights_search.engines.whoosh.evaluation import Evaluation, Scores
from rights_search.engines.whoosh.segments import Segments
from rights_search.post import Post
from rights_search.query.nodes import Node, TermLeaf

_WHOLE = (0, 0)
_Key = Callable[[int], tuple[Any, ...]]


class WhooshSnapshot:
    """See `rights_search.engines.protocol.Snapshot`."""

    def __init__(self, reader: Any, generation: int, folder: str | None = None) -> None:
        self.generation = generation
        self._segments = Segments(reader, folder)
        self._evaluation = Evaluation(self._segments)

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
        evaluation = self._evaluation
        known = evaluation.begin(node)
        scores = evaluation.scores(node)
        collapsed = collapse(scores, groups)
        hidden = collapsed.hidden
        total = len(scores)
        if hidden:
            scores = {doc: score for doc, score in scores.items() if doc not in hidden}
        counts: dict[str, dict[str, int]] = {}
        for field in facets:
            counts[field] = evaluation.count_facet(field, scores)
            values = partial(evaluation.facet_values, field)
            add_hidden_values(counts[field], collapsed, values)
        ranked = self._faded(scores) if sort == "recent-relevant" else scores
        page = self._page(ranked, sort, offset + limit)[offset:]

        def shares(doc: int) -> tuple[Share, ...]:
            parts = evaluation.shares(node, doc, known)
            faded = ranked[doc] - scores[doc]
            return (*parts, Share("age", _WHOLE, faded)) if faded else tuple(parts)

        hits = tuple((doc, ranked[doc]) for doc in page)
        return Found(total, len(scores), hits, counts, shares)

    def _faded(self, scores: Scores) -> Scores:
        """Return the scores with those of older posts lowered."""
        dates = self._segments.dates
        newest = max((date[1] for date in dates if date), default=0)
        return {
            doc: score * ranking.recency(date[1] if (date := dates[doc]) else None, newest)
            for doc, score in scores.items()
        }

    @property
    def languages(self) -> frozenset[str | None]:
        """Return the languages of the posts: see the protocol."""
        return self._evaluation.languages

    def rarity(self, terms: Iterable[str]) -> dict[str, float]:
        """Return the inverse document frequency of each term in the body, as written."""
        posts = len(self._segments.live)
        return {term: ranking.idf(posts, self._segments.frequency("body", term)) for term in terms}

    def _page(self, scores: Scores, sort: Sort, end: int) -> list[int]:
        """Return the first ``end`` documents; ties go to the newer, then by id."""
        if end <= 0:
            return []
        documents: Sequence[int] = list(scores)
        if sort in BY_SCORE and len(documents) > end:
            # Ties at the edge must be kept until they are broken by more than the score.
            least = heapq.nlargest(end, scores.values())[-1]
            documents = [doc for doc in documents if scores[doc] >= least]
        return heapq.nsmallest(end, documents, key=self._key(scores, sort))

    def _key(self, scores: Scores, sort: Sort) -> _Key:
        dates = self._segments.dates
        ids = self._segments.column("id")

        def newest(doc: int) -> tuple[Any, ...]:
            date = dates[doc]
            return (0, -date[0], -date[1]) if date else (1, 0, 0)

        def oldest(doc: int) -> tuple[Any, ...]:
            date = dates[doc]
            return (0, date[0], date[1]) if date else (1, 0, 0)

        match sort:
            case "relevance" | "recent-relevant":
                return lambda doc: (-scores[doc], *newest(doc), ids[doc])
            case "newest":
                return lambda doc: (*newest(doc), -scores[doc], ids[doc])
            case "oldest":
                return lambda doc: (*oldest(doc), -scores[doc], ids[doc])

    def forms(self, leaf: TermLeaf) -> dict[str, int]:
        """Return term → number of posts that hold it: see the protocol."""
        return order_counts(self._evaluation.count_forms(leaf))

    def post(self, document: int) -> Post:
        """Return the post of a document number."""
        return self._segments.post(document)

    def documents(self, ids: Collection[str]) -> dict[str, int]:
        """Return post id → document number, for those of ``ids`` that are there."""
        return self._segments.documents(ids)

    def ids(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return up to ``limit`` post ids that start with ``prefix``, sorted."""
        found: list[str] = []
        for post_id in self._segments.terms("id", prefix):
            if self._segments.postings("id", post_id):
                found.append(post_id)
            if len(found) == limit:
                break
        return tuple(found)

    def post_count(self) -> int:
        """Return how many posts there are."""
        return len(self._segments.live)

    def close(self) -> None:
        """Close the files."""
        self._segments.close()
