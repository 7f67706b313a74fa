"""From a Tantivy query to the first posts of a result, in our order.

Tantivy ranks; here ties are broken, and what would cost too much for every post of a
result is done for the first ones alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from rights_search.engines import ranking
from rights_search.engines.protocol import Sort
from rights_search.engines.tantivy.reader import MUST, SHOULD, Query, Reader
from rights_search.engines.tantivy.schema import LAST_DAY, NEWEST, NUMBER, OLDEST
from rights_search.values import dataclass, field

RERANKED = 50
"""How many of the first posts are looked at for words that stand near each other."""

_BEYOND = 10
"""Posts that are asked for beyond the edge, in case they tie with the last one."""

_FEW = 2000
"""Posts up to so many are asked for one by one; for more the whole result is read."""

Hits = list[tuple[int, float]]
"""Documents with their scores, in order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of Tantivy.

    Args:
        query: what matches, with the scores of all but ``near``.
        near: the queries that score words near each other, of no say in what matches.
        is_scored: False if every post has a score of 0.
        hidden: documents that match and are left out.
    """

    query: Query
    near: tuple[Query, ...]
    is_scored: bool
    hidden: frozenset[int] = frozenset()

    @property
    def whole(self) -> Query:
        """Return the query with all its scores."""
        if not self.near:
            return self.query
        return Query.boolean_query([(MUST, self.query), *((SHOULD, each) for each in self.near)])


@dataclass(frozen=True, slots=True)
class Ranked:
    """The first posts of a result.

    Args:
        hits: documents with their scores, in order.
        count: how many posts match, those left out with them.
        near: those whose score has what stands near each other in it.
        unfaded: document → score before its age was counted, where it was.
    """

    hits: Hits
    count: int
    near: frozenset[int] = frozenset()
    unfaded: Mapping[int, float] = field(default_factory=dict)


def rank(reader: Reader, asked: Asked, sort: Sort, end: int) -> Ranked:
    """Return the first ``end`` posts of a result, at least one being asked for."""
    match sort:
        case "relevance":
            return _by_score(reader, asked, end)
        case "recent-relevant":
            return _faded(reader, asked, end)
        case "newest":
            return _by_date(reader, asked, NEWEST, end)
        case "oldest":
            return _by_date(reader, asked, OLDEST, end)


def scores_of(reader: Reader, query: Query, documents: Sequence[int]) -> dict[int, float]:
    """Return document → score for those of ``documents`` that match."""
    if not documents:
        return {}
    if len(documents) > _FEW:
        return dict(reader.best(query, reader.size)[0])
    among = reader.numbered(reader.column(NUMBER, documents))
    both = Query.boolean_query([(MUST, among), (MUST, query)])
    return dict(reader.best(both, len(documents))[0])


def _by_score(reader: Reader, asked: Asked, end: int) -> Ranked:
    if not asked.is_scored:
        documents, count = _sorted(reader, asked, NEWEST, end, ascending=False)
        return Ranked([(document, 0.0) for document in documents], count)
    if not asked.near:
        return Ranked(*_best(reader, asked, end))
    hits, count = _best(reader, asked, max(end, RERANKED))
    head = [document for document, _ in hits[:RERANKED]]
    wanted = Query.boolean_query([(SHOULD, each) for each in asked.near])
    extra = scores_of(reader, wanted, head)
    moved = [(document, score + extra.get(document, 0.0)) for document, score in hits[:RERANKED]]
    ranked = [*_in_order(reader, moved), *hits[RERANKED:]]
    return Ranked(ranked[:end], count, frozenset(head))


def _best(reader: Reader, asked: Asked, end: int) -> tuple[Hits, int]:
    """Return the ``end`` best; ties go to the newer, then by id."""
    limit = _first_limit(asked, end + _BEYOND)
    while True:
        found, count = reader.best(asked.query, limit)
        hits = [hit for hit in found if hit[0] not in asked.hidden]
        if len(found) < limit:
            break
        # Ties at the edge must be kept until they are broken by more than the score.
        if len(hits) >= end and hits[end - 1][1] > found[-1][1]:
            break
        limit *= 4
    # Of what is behind the edge only its ties are of use.
    edge = next((n for n in range(end, len(hits)) if hits[n][1] < hits[end - 1][1]), len(hits))
    return _in_order(reader, hits[:edge])[:end], count


def _sorted(
    reader: Reader, asked: Asked, column: str, end: int, *, ascending: bool
) -> tuple[list[int], int]:
    """Return the first ``end`` in the order of a column, and how many match."""
    limit = _first_limit(asked, end)
    while True:
        found, count = reader.sorted_by(asked.query, column, limit, ascending=ascending)
        documents = [document for document in found if document not in asked.hidden]
        if len(documents) >= end or len(found) < limit:
            return documents[:end], count
        limit *= 4


def _first_limit(asked: Asked, least: int) -> int:
    """Return how many to ask for at first, so that enough stay in most results."""
    return least + min(least, len(asked.hidden))


def _in_order(reader: Reader, hits: Hits) -> Hits:
    if all(first[1] > second[1] for first, second in pairwise(hits)):
        return hits
    newest = reader.column(NEWEST, [document for document, _ in hits])
    keyed = sorted(zip(hits, newest, strict=True), key=lambda item: (-item[0][1], -item[1]))
    return [hit for hit, _ in keyed]


def _faded(reader: Reader, asked: Asked, end: int) -> Ranked:
    """Return the posts with the highest scores after those of older ones were lowered.

    No score rises, so that what lies below the last one looked at cannot come first.
    """
    if not asked.is_scored:
        return _by_score(reader, asked, end)
    most = max(4 * end, RERANKED)
    while True:
        ranked = _by_score(reader, asked, most)
        days = reader.column(LAST_DAY, [document for document, _ in ranked.hits])
        faded = _in_order(
            reader,
            [
                (document, score * ranking.recency(day, reader.newest_day))
                for (document, score), day in zip(ranked.hits, days, strict=True)
            ],
        )
        if len(ranked.hits) < most or faded[end - 1][1] > ranked.hits[-1][1]:
            return Ranked(faded[:end], ranked.count, ranked.near, dict(ranked.hits))
        most *= 4


def _by_date(reader: Reader, asked: Asked, column: str, end: int) -> Ranked:
    is_ascending = column == OLDEST
    documents, count = _sorted(reader, asked, column, end, ascending=is_ascending)
    scores = scores_of(reader, asked.whole, documents) if asked.is_scored else {}
    hits = [(document, scores.get(document, 0.0)) for document in documents]
    return Ranked(hits, count, frozenset(documents))
