"""What stands near each other: as phrase queries of Tantivy, or at least what may.

Tantivy knows phrases with given distances between their words, and of two words those
with at most so many others between them. That answers phrases, windows of two words and
two members of a `Near`. For more, these queries find the posts that may match, and
`matches` looks into each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, product
from typing import TypeAlias

from rights_search.engines.tantivy.reader import MUST, Query, Reader
from rights_search.values import dataclass

Run: TypeAlias = tuple[str, ...]
"""Terms one behind the other."""

MAX_SLOP = 2**31
"""Tantivy counts words in 32 bits; no text has so many."""

MAX_PHRASES = 100
"""Phrase queries that one question of nearness may become; with more it is looked up."""


@dataclass(frozen=True, slots=True)
class Close:
    """A query for posts in which something stands close together.

    Args:
        query: what finds them; its scores are Tantivy's.
        is_exact: False if it finds others too.
    """

    query: Query
    is_exact: bool


class Field:
    """Builds queries of nearness in one Tantivy field."""

    def __init__(self, reader: Reader, name: str) -> None:
        self._reader = reader
        self.name = name

    def holds(self, run: Run) -> bool:
        """Tell whether any document has all terms of a run."""
        return all(self._reader.frequency(self.name, term) for term in run)

    def run(self, run: Run) -> Query:
        """Return the query for terms one behind the other."""
        if len(run) == 1:
            return self._reader.term(self.name, run[0])
        return self._phrase(enumerate(run))

    def window(self, needed: Counter[str], width: int) -> Close:
        """Return the query for windows that hold each term as often as it is needed.

        Args:
            needed: term → how often.
            width: tokens in a window, all words counted.
        """
        if len(needed) == 1:
            ((term, times),) = needed.items()
            return self._repeated(term, times, width)
        pairs = [self._pair((a,), (b,), width - 2) for a, b in combinations(needed, 2)]
        if None in pairs:
            return Close(self._all(self.run((term,)) for term in needed), is_exact=False)
        is_exact = len(pairs) == 1 and needed.total() == 2  # noqa: PLR2004 - two words
        return Close(self._all(pair for pair in pairs if pair is not None), is_exact)

    def _repeated(self, term: str, times: int, width: int) -> Close:
        if times == 1:
            return Close(self.run((term,)), is_exact=True)
        gaps = self._gaps((term,), (term,), width - 2)
        if gaps is None:
            return Close(self.run((term,)), is_exact=False)
        return Close(self._any(gaps), is_exact=times == 2)  # noqa: PLR2004 - twice

    def near(self, members: Sequence[Sequence[Run]], distance: int) -> Close:
        """Return the query for one run of each member, close together.

        Args:
            members: the runs of which any will do, for each member.
            distance: other words between the first and the last one.
        """
        lengths = [max(map(len, runs)) for runs in members]
        pairs: list[Query | None] = []
        for (i, first), (j, second) in combinations(enumerate(members), 2):
            between = distance + sum(lengths) - lengths[i] - lengths[j]
            pairs.append(self._pairs(first, second, between))
        if None in pairs:
            each = (self._any(map(self.run, runs)) for runs in members)
            return Close(self._all(each), is_exact=False)
        is_exact = len(members) == 2  # noqa: PLR2004 - one pair is all there is
        return Close(self._all(pair for pair in pairs if pair is not None), is_exact)

    def _pairs(self, first: Sequence[Run], second: Sequence[Run], most: int) -> Query | None:
        if len(first) * len(second) > MAX_PHRASES:
            return None
        found = [self._pair(a, b, most) for a, b in product(first, second)]
        queries = [query for query in found if query is not None]
        return self._any(queries) if len(queries) == len(found) else None

    def _pair(self, first: Run, second: Run, most: int) -> Query | None:
        """Return the query for two runs in any order with ``most`` words between them.

        None if it would be too many queries.
        """
        if len(first) == len(second) == 1 and first != second:
            # In this order Tantivy's slop is the number of words between two; in the
            # other order it finds less.
            both = (first + second, second + first)
            return self._any(self._phrase(enumerate(pair), min(most, MAX_SLOP)) for pair in both)
        there, back = self._gaps(first, second, most), self._gaps(second, first, most)
        return None if there is None or back is None else self._any([*there, *back])

    def _gaps(self, first: Run, second: Run, most: int) -> list[Query] | None:
        """Return a query for each number of words, up to ``most``, between two runs."""
        if most >= MAX_PHRASES:
            return None
        return [
            self._phrase([*enumerate(first), *enumerate(second, len(first) + gap)])
            for gap in range(most + 1)
        ]

    def _phrase(self, places: Iterable[tuple[int, str]], slop: int = 0) -> Query:
        return Query.phrase_query(self._reader.schema, self.name, list(places), slop)

    @staticmethod
    def _all(queries: Iterable[Query]) -> Query:
        return _combined(queries, lambda several: Query.boolean_query([(MUST, q) for q in several]))

    @staticmethod
    def _any(queries: Iterable[Query]) -> Query:
        # The best one counts: several may find the same words.
        return _combined(queries, Query.disjunction_max_query)


def _combined(queries: Iterable[Query], combine: Callable[[list[Query]], Query]) -> Query:
    several = list(queries)
    return several[0] if len(several) == 1 else combine(several)
