"""Groups of posts that count as one, and which of their posts match a query.

To Tantivy a set of thousands of posts is dear: it is looked for in all of the dictionary, each
time that it is asked for. So posts that are left out of a result are no part of its query, and a
set is asked for only where the result is still larger.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
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
        self._known: dict[str, set[int]] = {}
        self._holding: dict[str, dict[str, set[int]]] = {}

    def matching(self, query: Query) -> dict[int, int]:
        """Return number → document of the members that match."""
        most = self._reader.count(query)
        if most > _ROWS_A_MEMBER * len(self._members):
            query = Query.boolean_query([(MUST, filtering(query)), (MUST, self._every_member)])
            most = len(self._members)
        return self._reader.numbers(query, most, self._members)

    @cached_property
    def _every_member(self) -> Query:
        return self._reader.numbered(self._members)

    def surplus(
        self, collapsed: Collapsed, columns: Mapping[str, str]
    ) -> dict[str, dict[str, int]]:
        """Return for each facet value → how often too many it is counted, '' for no value.

        A group has the values of all its posts that match, each of them once.

        Args:
            collapsed: groups of which several posts match.
            columns: facet → column.
        """
        group_of = {
            number: place for place, group in enumerate(collapsed.groups) for number in group
        }
        wanted = frozenset(group_of)
        self._look_up(wanted, columns)
        return {
            field: {
                value: len(held) - len({*map(group_of.__getitem__, held)})
                for value, numbers in self._holding[field].items()
                if (held := numbers & wanted)
            }
            for field in columns
        }

    def _look_up(self, wanted: AbstractSet[int], columns: Mapping[str, str]) -> None:
        """Know which of the posts have which values."""
        missing: dict[frozenset[int], dict[str, str]] = {}
        for field, column in columns.items():
            if numbers := frozenset(wanted - self._known.setdefault(field, set())):
                missing.setdefault(numbers, {})[field] = column
        for numbers, asked in missing.items():
            for field, held in self._reader.holding([*numbers], asked).items():
                self._known[field] |= numbers
                known = self._holding.setdefault(field, {})
                for value, posts in held.items():
                    known.setdefault(value, set()).update(posts)
