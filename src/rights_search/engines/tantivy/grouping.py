"""Groups of posts that count as one, and which of their posts match a query.

To Tantivy a set of thousands of posts is dear: it is looked for in all of the dictionary, each
time that it is asked for. So posts that are left out of a result are no part of its query, and a
set is asked for only where the result is still larger.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import chain

from rights_search.engines.collapsing import Collapsed
from rights_search.engines.protocol import Groups
from rights_search.engines.tantivy.reader import MUST, Query, Reader, filtering

_ROWS_A_MEMBER = 2
"""To read so many posts of a result takes as long as to look for one member of the groups."""


class Grouping:
    """The groups of one snapshot, asked for again and again; what is looked up is kept.

    Args:
        reader: of the snapshot.
        groups: of the numbers of posts.
    """

    def __init__(self, reader: Reader, groups: Groups) -> None:
        self.groups = groups
        self._reader = reader
        self._members = frozenset(chain.from_iterable(groups))
        self._values: dict[str, dict[int, tuple[str, ...]]] = {}

    def matching(self, query: Query) -> dict[int, int]:
        """Return number → document of the members that match."""
        most = self._reader.count(query)
        if most > _ROWS_A_MEMBER * len(self._members):
            query = Query.boolean_query([(MUST, filtering(query)), (MUST, self._every_member)])
            most = len(self._members)
        rows = self._reader.numbers(query, most)
        return {number: document for number, document in rows if number in self._members}

    @cached_property
    def _every_member(self) -> Query:
        return self._reader.numbered(self._members)

    def values(
        self, collapsed: Collapsed, columns: Mapping[str, str]
    ) -> Mapping[str, Mapping[int, tuple[str, ...]]]:
        """Return each facet → number → its values, '' for none, at least for what is collapsed.

        Args:
            collapsed: groups of which several posts match.
            columns: facet → column.
        """
        wanted = frozenset(chain.from_iterable(collapsed.groups))
        missing: dict[frozenset[int], dict[str, str]] = {}
        for field, column in columns.items():
            known = self._values.setdefault(field, {})
            if numbers := wanted.difference(known):
                missing.setdefault(numbers, {})[field] = column
        for numbers, asked in missing.items():
            for field, found in self._reader.values_of([*numbers], asked).items():
                self._values[field] |= {each: tuple(held) or ("",) for each, held in found.items()}
        return {field: self._values[field] for field in columns}
