"""Reading one committed state of a Whoosh index: postings, lengths, columns.

Document numbers run over all segments. Deleted documents are left out of
everything here, so that nothing further up has to think of them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property, partial
from itertools import accumulate, chain
from typing import Any

from rights_search import fields
from rights_search.engines.collapsing import regrouped
from rights_search.engines.protocol import Groups
from rights_search.engines.stored import unpack
from rights_search.engines.whoosh.columns import References
from rights_search.engines.whoosh.damage import damaged
from rights_search.engines.whoosh.layout import LENGTHS, NO_DATE, POSTS, VALUE_SEPARATOR
from rights_search.engines.whoosh.segment import SegmentReader
from rights_search.engines.whoosh.terms import PostingList
from rights_search.errors import IndexUnavailableError
from rights_search.post import Post

_FEW = 20
"""Where there are so many times fewer documents, values are read one by one."""

_LOOKED_UP = 20
"""Ids up to so many are looked up one by one; for more the whole column is read."""


class Segments:
    """The segments of an index with what the evaluation needs of them, each part read once.

    Args:
        readers: of all segments, in order.
        folder: of the index, None in memory: for messages.
    """

    def __init__(self, readers: Sequence[SegmentReader], folder: str | None = None) -> None:
        self._readers = readers
        self._folder = folder
        *bases, self.size = accumulate((each.segment.count for each in readers), initial=0)
        """One more than the highest document number, deleted ones counted."""
        self._bases: list[int] = bases
        self._column_readers: dict[str, Sequence[Any]] = {}
        self._holds: dict[str, bool] = {}
        self._length_codes: dict[str, bytes] = {}
        self._columns: dict[str, list[bytes]] = {}
        self._coded: dict[str, tuple[Sequence[int], list[tuple[str, ...]]]] = {}

    @property
    def count(self) -> int:
        """Return how many documents are not deleted."""
        return self.size - len(self.deleted)

    @cached_property
    def live(self) -> frozenset[int]:
        """Return the numbers of all documents that are not deleted."""
        return frozenset(range(self.size)) - self.deleted

    @cached_property
    def deleted(self) -> frozenset[int]:
        """Return the numbers of all documents that are deleted."""
        return frozenset(
            base + number for reader, base in self._parts() for number in reader.segment.deleted
        )

    def decoded(
        self, field: str, term: str
    ) -> Iterator[tuple[int, Sequence[int], Sequence[float]]]:
        """Yield the postings of a term a block at a time, deleted documents with them.

        Yields:
            What is to be added to the numbers, the numbers, and the occurrences in each.
        """
        for postings, base in self._postings(field, term):
            for block in postings.blocks():
                yield base, block.documents, block.weights

    def holding(self, field: str, term: str) -> list[int]:
        """Return the documents that hold ``term`` in ``field``."""
        return [
            base + number
            for base, documents, _ in self.decoded(field, term)
            for number in documents
            if base + number not in self.deleted
        ]

    def frequency(self, field: str, term: str) -> int:
        """Return how many documents hold ``term`` in ``field``, deleted ones counted."""
        if not _is_writable(term):
            return 0
        return sum(reader.terms.count(field, term.encode()) for reader in self._readers)

    def positions(self, field: str, term: str, wanted: AbstractSet[int]) -> dict[int, list[int]]:
        """Return document number → sorted token positions, for the ``wanted`` documents."""
        found: dict[int, list[int]] = {}
        for postings, base in self._postings(field, term):
            local = {number - base for number in wanted} if base else wanted
            for number, places in postings.positions(local):
                found[base + number] = places
        return found

    def terms(self, field: str, prefix: str) -> list[str]:
        """Return the terms of ``field`` that start with ``prefix``; some may be deleted."""
        if not _is_writable(prefix):
            return []
        start = prefix.encode()
        every = (reader.terms.starting(field, start) for reader in self._readers)
        found = list(filter(None, every))
        if not found:
            return []
        terms = found[0] if len(found) == 1 else sorted(set().union(*found))
        try:
            return [raw.decode("utf-8") for raw in terms]
        except UnicodeDecodeError as error:
            raise self._no_text(error) from error

    def holds(self, field: str) -> bool:
        """Tell whether any document, be it deleted, has terms in ``field``."""
        if field not in self._holds:
            self._holds[field] = any(reader.terms.holds(field) for reader in self._readers)
        return self._holds[field]

    def documents(self, ids: Collection[str]) -> dict[str, int]:
        """Return post id → document number, for those of ``ids`` that are there."""
        if len(ids) <= _LOOKED_UP and "_by_id" not in vars(self):
            found = {post_id: self.holding("id", post_id) for post_id in ids}
            return {post_id: held[0] for post_id, held in found.items() if held}
        numbers = self._by_id
        return {post_id: numbers[post_id] for post_id in ids if post_id in numbers}

    def grouped(self, groups: Sequence[Sequence[str]]) -> Groups:
        """Return groups of post ids as groups of document numbers.

        Raises:
            KeyError: for an id that no post has.
        """
        # A dictionary of all ids takes three times as long as to look which of them are wanted.
        try:
            wanted = [*map(str.encode, chain.from_iterable(groups))]
        except UnicodeEncodeError as error:
            raise KeyError(error.object) from None
        held, deleted = {*wanted}, self.deleted
        numbers = {
            post_id: number
            for number, post_id in enumerate(chain.from_iterable(self._columns_of("id")))
            if post_id in held and number not in deleted
        }
        return regrouped([*map(numbers.__getitem__, wanted)], groups)

    @cached_property
    def _by_id(self) -> dict[str, int]:
        """Return post id → document number."""
        ids = map(bytes.decode, chain.from_iterable(self._columns_of("id")))
        rows: Iterable[tuple[str, int]] = zip(ids, range(self.size), strict=True)
        if self.deleted:
            rows = (row for row in rows if row[1] not in self.deleted)
        try:
            return dict(rows)
        except UnicodeDecodeError as error:
            raise self._no_text(error) from error

    def length_codes(self, field: str) -> bytes:
        """Return the code in `LENGTHS` of the length of ``field`` of each document."""
        if field not in self._length_codes:
            parts = (reader.length_codes(field) for reader in self._readers)
            self._length_codes[field] = b"".join(parts)
        return self._length_codes[field]

    def average_length(self, field: str) -> float:
        """Return the mean length of ``field`` over live documents that have it."""
        codes = self.length_codes(field)
        counts = Counter(codes)
        counts.subtract(codes[number] for number in self.deleted)
        present = sum(count for code, count in counts.items() if LENGTHS[code])
        total = sum(LENGTHS[code] * count for code, count in counts.items())
        return total / present if present else 0.0

    def column(self, field: str) -> list[bytes]:
        """Return the column value of each document, values joined."""
        if field not in self._columns:
            values = list(chain.from_iterable(self._columns_of(field)))
            # All at once: no character can begin in one value and end in another.
            try:
                b"\0".join(values).decode("utf-8")
            except UnicodeDecodeError as error:
                raise self._no_text(error) from error
            self._columns[field] = values
        return self._columns[field]

    def post_id(self, number: int) -> bytes:
        """Return the id of a document."""
        return self._value("id", number)

    def coded(self, field: str) -> tuple[Sequence[int], list[tuple[str, ...]]]:
        """Return a code for each document, and the facet values that each code stands for."""
        if field not in self._coded:
            joined: dict[bytes, int] = {}
            codes: list[int] = []
            for column in self._columns_of(field):
                if isinstance(column, References):
                    each = [joined.setdefault(value, len(joined)) for value in column.values]
                    is_first = each == [*range(len(each))]
                    numbers = column.references
                    codes.extend(numbers if is_first else map(each.__getitem__, numbers))
                else:
                    codes.extend([joined.setdefault(value, len(joined)) for value in column])
            self._coded[field] = codes, list(map(self._split, joined))
        return self._coded[field]

    def held(self, field: str) -> set[tuple[str, ...]]:
        """Return what any document has as its facet values."""
        if not self.deleted:
            # A value that is stored once was stored for a document.
            columns = self._columns_of(field)
            each = (held.values if isinstance(held, References) else held for held in columns)
            return {*map(self._split, {*chain.from_iterable(each)})}
        codes, values = self.coded(field)
        return {values[code] for code in {codes[number] for number in self.live}}

    def facet_codes(
        self, field: str
    ) -> tuple[Callable[[int], Any], Callable[[Any], tuple[str, ...]]]:
        """Return what gives a code for the values of a document, and these for it, '' for none."""
        if field in self._coded:
            codes, values = self._coded[field]
            return codes.__getitem__, lambda code: values[code] or ("",)
        return partial(self._value, field), lambda joined: self._split(joined) or ("",)

    def count_values(self, field: str, documents: Collection[int]) -> dict[str, int]:
        """Return value → number of the documents that have it, '' for none."""
        held: Iterable[tuple[tuple[str, ...], int]]
        if len(documents) * _FEW < self.size and field not in self._coded:
            joined = Counter(self._value(field, number) for number in documents)
            held = ((self._split(value), count) for value, count in joined.items())
        else:
            codes, values = self.coded(field)
            of_code = Counter(map(codes.__getitem__, documents))
            held = ((values[code], count) for code, count in of_code.items())
        counts: dict[str, int] = {}
        for values_, count in held:
            for value in values_ or ("",):
                counts[value] = counts.get(value, 0) + count
        return counts

    def _value(self, field: str, number: int) -> bytes:
        """Return the column value of one document."""
        if field in self._columns:
            return self._columns[field][number]
        place, local = self._local(number)
        value: bytes = self._columns_of(field)[place][local]
        return value

    def _local(self, number: int) -> tuple[int, int]:
        """Return which segment a document is of, and its number there."""
        place = bisect_right(self._bases, number) - 1
        return place, number - self._bases[place]

    def _split(self, joined: bytes) -> tuple[str, ...]:
        try:
            return split_values(joined)
        except UnicodeDecodeError as error:
            raise self._no_text(error) from error

    @cached_property
    def languages(self) -> list[str | None]:
        """Return the language of each document, None for an unknown one."""
        codes, values = self.coded("language")
        by_code = [value[0] if value else None for value in values]
        return list(map(by_code.__getitem__, codes))

    @cached_property
    def days(self) -> tuple[array[int], array[int]]:
        """Return the first and the last day of each document's date, as ordinals.

        The first day of a document without a date is `NO_DATE`.
        """
        return self._numbers("date_first"), self._numbers("date_last")

    @cached_property
    def newest(self) -> int:
        """Return the last day of the newest document, deleted ones counted; 0 for none."""
        return max(self.days[1], default=0)

    def presence(self, field: str) -> Sequence[object]:
        """Return for each document something true if ``field`` is known of it."""
        match fields.BY_NAME[field].kind:
            case "text":
                return [LENGTHS[code] for code in self.length_codes(field)]
            case "date":
                return [first != NO_DATE for first in self.days[0]]
            case _:
                return self.column(field)

    def post(self, number: int) -> Post:
        """Return a post as it was stored."""
        stored = self._value(POSTS, number)
        if not stored:
            raise damaged(self._folder, f"document {number} holds no post")
        try:
            return unpack(stored)
        except ValueError as error:
            raise damaged(self._folder, f"document {number}: {error}") from error

    def close(self) -> None:
        """Close the files."""
        for reader in self._readers:
            reader.close()

    def _parts(self) -> Iterable[tuple[SegmentReader, int]]:
        """Return the segments, each with the number of its first document."""
        return zip(self._readers, self._bases, strict=True)

    def _postings(self, field: str, term: str) -> Iterator[tuple[PostingList, int]]:
        if not _is_writable(term):
            return
        for reader, base in self._parts():
            found = reader.terms.postings(field, term.encode())
            if found is not None:
                yield found, base

    def _no_text(self, error: UnicodeDecodeError) -> IndexUnavailableError:
        return damaged(self._folder, f"it holds text that is none: {error}")

    def _numbers(self, field: str) -> array[int]:
        numbers = array("i")
        for column in self._columns_of(field):
            numbers.extend(column.load())
        return numbers

    def _columns_of(self, field: str) -> Sequence[Any]:
        """Return the readers of a column, which are made once: each looks at all of its lengths."""
        if field not in self._column_readers:
            self._column_readers[field] = [reader.column(field) for reader in self._readers]
        return self._column_readers[field]


def _is_writable(text: str) -> bool:
    """Tell whether a text is no lone surrogate: these cannot be written, so no term has one."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def split_values(joined: bytes) -> tuple[str, ...]:
    """Return the facet values that a column value joins."""
    return tuple(joined.decode("utf-8").split(VALUE_SEPARATOR)) if joined else ()
