"""Reading one committed state of a Tantivy index: documents, terms, how often they stand.

A document number joins the number of the segment and that in the segment. The one
document that is no post has no `NUMBER`, and every query here leaves it out.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import tantivy

from rights_search.engines import ranking
from rights_search.engines.stored import unpack
from rights_search.engines.tantivy.index import damaged, guarded
from rights_search.engines.tantivy.schema import (
    COMMIT,
    COMMIT_TERM,
    HAS,
    LAST_DAY,
    NUMBER,
    STORED,
    id_of,
    keys,
    make_schema,
    number_of,
    words,
)
from rights_search.post import Post

MAX_KEPT_COUNTS = 100_000
"""Terms whose number of posts is kept; then all go, which a long session never notices."""

_SEVERAL = 200

_SEGMENT_BITS = 32

Query = tantivy.Query
MUST, SHOULD, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


class Reader:
    """A Tantivy searcher with what the evaluation needs of it.

    Args:
        searcher: one committed state.
        folder: where it is, for messages; None for memory.
    """

    def __init__(self, searcher: tantivy.Searcher, folder: Path | None) -> None:
        self.schema = make_schema()
        self._searcher = searcher
        self._folder = folder
        self._counts: dict[tuple[str, str], int] = {}

    # --- queries ----------------------------------------------------------------

    @cached_property
    def everything(self) -> Query:
        """Return the query for every post, each with a score of 0."""
        mark = Query.term_query(self.schema, COMMIT, COMMIT_TERM, "basic")
        posts = Query.boolean_query([(MUST, Query.all_query()), (MUST_NOT, mark)])
        return Query.const_score_query(posts, 0.0)

    def term(self, field: str, term: str) -> Query:
        """Return the query for a term of a Tantivy field."""
        option = "basic" if field == HAS or field.endswith("_keys") else "freq"
        return Query.term_query(self.schema, field, term, option)

    def any_term(self, field: str, terms: Iterable[str]) -> Query:
        """Return the query for any of several terms, each post with a score of 1."""
        return Query.term_set_query(self.schema, field, list(terms))

    def spoken(self, languages: Collection[str | None]) -> Query:
        """Return the query for posts in one of several languages, None for unknown ones."""
        parts = [(SHOULD, self.any_term(keys("language"), filter(None, languages)))]
        if None in languages:
            known = self.term(HAS, "language")
            unknown = Query.boolean_query([(MUST, self.everything), (MUST_NOT, known)])
            parts.append((SHOULD, unknown))
        return filtering(Query.boolean_query(parts))

    def numbered(self, numbers: Collection[int]) -> Query:
        """Return the query for the posts of some numbers, each with a score of 0."""
        if len(numbers) > _SEVERAL:
            return filtering(Query.term_set_query(self.schema, NUMBER, list(numbers)))
        # A set is looked for in all of the dictionary, which takes longer than a few terms.
        each = (Query.term_query(self.schema, NUMBER, number, "basic") for number in numbers)
        return filtering(Query.boolean_query([(SHOULD, term) for term in each]))

    def at_least(self, column: str, value: int) -> Query:
        """Return the query for posts whose value in a column is at least ``value``."""
        kind = tantivy.FieldType.Unsigned
        return Query.range_query(self.schema, column, kind, lower_bound=value)

    def at_most(self, column: str, value: int) -> Query:
        """Return the query for posts whose value in a column is at most ``value``."""
        kind = tantivy.FieldType.Unsigned
        return Query.range_query(self.schema, column, kind, upper_bound=value)

    # --- answers ----------------------------------------------------------------

    def best(self, query: Query, limit: int) -> tuple[list[tuple[int, float]], int]:
        """Return the documents with the highest scores, and how many match."""
        with guarded(self._folder):
            found = self._searcher.search(query, limit=self._bounded(limit))
            hits = [(_joined(address), score) for score, address in found.hits]
        return hits, _count(found)

    def numbers(self, query: Query, most: int, among: Container[int]) -> dict[int, int]:
        """Return number → document of the posts ``among`` some that match.

        Args:
            query: what matches.
            most: so many posts that match are looked at.
            among: numbers of posts.
        """
        found, _ = self._hits(query, NUMBER, most, ascending=True)
        return {int(number): _joined(address) for number, address in found if number in among}

    def sorted_by(
        self, query: Query, column: str, limit: int, *, ascending: bool
    ) -> tuple[list[int], int]:
        """Return the first documents in the order of a column, and how many match."""
        rows, count = self._rows(query, column, limit, ascending=ascending)
        return [document for _, document in rows], count

    def _rows(
        self, query: Query, column: str, limit: int, *, ascending: bool
    ) -> tuple[list[tuple[int, int]], int]:
        """Return the first (value, document) in the order of a column, and how many match."""
        found, count = self._hits(query, column, limit, ascending=ascending)
        return [(int(value), _joined(address)) for value, address in found], count

    def _hits(
        self, query: Query, column: str, limit: int, *, ascending: bool
    ) -> tuple[list[tuple[Any, tantivy.DocAddress]], int]:
        """Return the first (value, address) in the order of a column, and how many match."""
        order = tantivy.Order.Asc if ascending else tantivy.Order.Desc
        with guarded(self._folder):
            found = self._searcher.search(
                query, limit=self._bounded(limit), order_by_field=column, order=order
            )
            return found.hits, _count(found)

    def count(self, query: Query) -> int:
        """Return how many posts match; nothing is scored for it."""
        return self.sorted_by(query, NUMBER, 1, ascending=True)[1]

    def all_of(self, query: Query, *, limit: int | None = None) -> list[int]:
        """Return the documents that match, all or the first, in the order of their ids."""
        most = self.size if limit is None else limit
        return self.sorted_by(query, NUMBER, most, ascending=True)[0]

    def count_values(self, query: Query, columns: Mapping[str, str]) -> dict[str, dict[str, int]]:
        """Return for each name value → number of matching posts, '' for no value.

        Args:
            query: what to count over.
            columns: name → column.
        """
        wanted = {
            name: {"terms": {"field": column, "size": self._variety(column) + 1, "missing": ""}}
            for name, column in columns.items()
        }
        with guarded(self._folder):
            found = self._searcher.aggregate(query, wanted)
        return {
            name: {bucket["key"]: bucket["doc_count"] for bucket in found[name]["buckets"]}
            for name in wanted
        }

    def holding(
        self, numbers: Sequence[int], columns: Mapping[str, str]
    ) -> dict[str, dict[str, set[int]]]:
        """Return for each name value → the numbers of the posts that have it, '' for no value.

        Args:
            numbers: the `NUMBER` of each post.
            columns: name → column.
        """
        held: dict[str, dict[str, set[int]]] = {name: {} for name in columns}
        # The other way round, a bucket a post, takes four times as long.
        wanted = {
            name: {
                "terms": {"field": column, "size": self._variety(column) + 1},
                "aggs": {"posts": {"terms": {"field": NUMBER, "size": len(numbers)}}},
            }
            for name, column in columns.items()
        }
        for found in self._aggregates(numbers, wanted) if numbers else ():
            for name, of_name in held.items():
                for value in found[name]["buckets"]:
                    posts = {int(post["key"]) for post in value["posts"]["buckets"]}
                    of_name.setdefault(value["key"], set()).update(posts)
        for of_name in held.values():
            of_name[""] = {*numbers}.difference(*of_name.values())
        return held

    def _aggregates(
        self, numbers: Sequence[int], wanted: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        """Yield what is counted over posts, half of them at a time where Tantivy refuses.

        It gives no more than 65,000 buckets.
        """
        with guarded(self._folder):
            try:
                found = self._searcher.aggregate(self.numbered(numbers), wanted)
            except ValueError:
                if len(numbers) == 1:
                    raise
                found = None
        if found is not None:
            yield found
            return
        half = len(numbers) // 2
        yield from self._aggregates(numbers[:half], wanted)
        yield from self._aggregates(numbers[half:], wanted)

    def column(self, name: str, documents: Sequence[int]) -> list[Any]:
        """Return the value of a column of numbers for each document, None for none."""
        with guarded(self._folder):
            addresses = [_address(document) for document in documents]
            return list(self._searcher.fast_field_values(name, addresses))

    def post(self, document: int) -> Post:
        """Return the post of a document."""
        with guarded(self._folder):
            stored: Any = self._searcher.doc(_address(document)).get_first(STORED)
        try:
            return unpack(bytes(stored))
        except ValueError as error:
            raise damaged(self._folder, error) from error

    def documents(self, ids: Collection[str]) -> dict[str, int]:
        """Return post id → document number, for those of ``ids`` that are there."""
        known = {post_id: number_of(post_id) for post_id in ids}
        wanted = {number: post_id for post_id, number in known.items() if number is not None}
        rows, _ = self._rows(self.numbered(wanted), NUMBER, len(wanted), ascending=True)
        return {wanted[number]: document for number, document in rows}

    def ids(self, prefix: str, limit: int) -> list[str]:
        """Return the first ids that start with ``prefix``, in order."""
        first, last = number_of(prefix.ljust(12, "0")), number_of(prefix.ljust(12, "f"))
        if first is None or last is None:
            return []
        parts = [(MUST, self.at_least(NUMBER, first)), (MUST, self.at_most(NUMBER, last))]
        found = self.all_of(Query.boolean_query(parts), limit=limit)
        return [id_of(number) for number in self.column(NUMBER, found)]

    # --- the whole index --------------------------------------------------------

    @cached_property
    def size(self) -> int:
        """Return how many posts there are."""
        return self.count(self.everything)

    @cached_property
    def languages(self) -> frozenset[str | None]:
        """Return the languages of the posts; None for posts whose language is unknown."""
        found = self.count_values(self.everything, {"language": "language_values"})
        return frozenset(value or None for value in found["language"])

    @cached_property
    def newest_day(self) -> int:
        """Return the last day of the newest post, 0 if none has a date."""
        found, _ = self.sorted_by(self.term(HAS, "date"), LAST_DAY, 1, ascending=False)
        return int(self.column(LAST_DAY, found)[0]) if found else 0

    def frequency(self, field: str, term: str) -> int:
        """Return how many documents hold a term of a Tantivy field, deleted ones counted."""
        key = (field, term)
        if key not in self._counts:
            if len(self._counts) >= MAX_KEPT_COUNTS:
                self._counts.clear()
            with guarded(self._folder):
                self._counts[key] = int(self._searcher.doc_freq(field, term))
        return self._counts[key]

    def rarity(self, frequency: float) -> float:
        """Return the inverse document frequency, as Tantivy reckons it for a term."""
        return ranking.idf(self.size, min(self.size, round(frequency)))

    def terms(self, field: str, prefix: str) -> list[str]:
        """Return the terms of a text field, or of `schema.ANY`, that start with ``prefix``."""
        if any("\ud800" <= char <= "\udfff" for char in prefix):
            return []  # a lone surrogate cannot be written, so no term has one
        with guarded(self._folder):
            found = self._searcher.terms_with_prefix(words(field), prefix)
        return sorted(term for term, _ in found)

    def _variety(self, column: str) -> int:
        """Return how many different values a column has, or more."""
        key = (column, "")
        if key not in self._counts:
            with guarded(self._folder):
                self._counts[key] = len(self._searcher.terms_with_prefix(column, ""))
        return self._counts[key]

    def _bounded(self, limit: int) -> int:
        # Tantivy makes room for as many as are asked for.
        return max(1, min(limit, self._searcher.num_docs))


def boosted(query: Query, factor: float) -> Query:
    """Return a query with its scores multiplied."""
    return query if factor == 1 else Query.boost_query(query, factor)


def filtering(query: Query) -> Query:
    """Return a query with a score of 0 for all that it matches."""
    return Query.const_score_query(query, 0.0)


def _count(found: tantivy.SearchResult) -> int:
    # Its own types leave it out.
    return int(found.count)  # type: ignore[attr-defined]


def _joined(address: tantivy.DocAddress) -> int:
    return address.segment_ord << _SEGMENT_BITS | address.doc


def _address(document: int) -> tantivy.DocAddress:
    return tantivy.DocAddress(document >> _SEGMENT_BITS, document & ((1 << _SEGMENT_BITS) - 1))
