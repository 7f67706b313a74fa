"""Reading one committed state of a Whoosh index: postings, lengths, columns.

Document numbers run over all segments. Deleted documents are left out of
everything here, so that nothing further up has to think of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any

from whoosh.codec.whoosh3 import LENGTHS_COLUMN
from whoosh.reading import TermNotFound
from whoosh.util.numeric import byte_to_length

from rights_search import fields
from rights_search.engines.whoosh.damage import damaged
from rights_search.engines.whoosh.schema import NO_DATE, VALUE_SEPARATOR, unpack
from rights_search.post import Post

_LENGTHS = tuple(byte_to_length(code) for code in range(256))


MAX_CACHED_POSTINGS = 5_000_000
"""So many postings are kept; then all go, which a long session never notices."""

_LOOKED_UP = 20
"""Ids up to so many are looked up one by one; for more the whole column is read."""


class Segments:
    """A Whoosh reader with what the evaluation needs of it, each part read once.

    Args:
        reader: Whoosh's.
        folder: of the index, None in memory: for messages.
    """

    def __init__(self, reader: Any, folder: str | None = None) -> None:
        self._reader = reader
        self._folder = folder
        # The reader of an empty index is a leaf that has no columns.
        self._leaves: list[tuple[Any, int]] = [
            (leaf, base) for leaf, base in reader.leaf_readers() if leaf.doc_count_all()
        ]
        self._postings: dict[tuple[str, str], dict[int, float]] = {}
        self._posting_count = 0
        self._lengths: dict[str, list[int]] = {}
        self._columns: dict[str, list[bytes]] = {}

    @property
    def size(self) -> int:
        """Return one more than the highest document number, deleted ones counted."""
        return int(self._reader.doc_count_all())

    @cached_property
    def live(self) -> frozenset[int]:
        """Return the numbers of all documents that are not deleted."""
        return frozenset(range(self.size)) - self._deleted

    @cached_property
    def _deleted(self) -> frozenset[int]:
        return frozenset(
            base + number
            for leaf, base in self._leaves
            if leaf.has_deletions()
            for number in range(leaf.doc_count_all())
            if leaf.is_deleted(number)
        )

    def postings(self, field: str, term: str) -> dict[int, float]:
        """Return document number → occurrences of ``term`` in ``field``."""
        key = (field, term)
        if key not in self._postings:
            found: dict[int, float] = {}
            for matcher, base in self._matchers(field, term):
                for documents, weights in matcher.rest():
                    found.update(zip(map(base.__add__, documents), weights, strict=True))
            # A term that is not there takes room, too.
            self._posting_count += len(found) + 1
            if self._posting_count > MAX_CACHED_POSTINGS:
                self._postings.clear()
                self._posting_count = len(found) + 1
            self._postings[key] = self._without_deleted(found)
        return self._postings[key]

    def frequency(self, field: str, term: str) -> int:
        """Return how many documents hold ``term`` in ``field``, deleted ones counted."""
        if (field, term) in self._postings or not _is_writable(term):
            return len(self._postings.get((field, term), ()))
        return int(self._reader.doc_frequency(field, term))

    def positions(self, field: str, term: str, wanted: AbstractSet[int]) -> dict[int, list[int]]:
        """Return document number → sorted token positions, for the ``wanted`` documents."""
        found: dict[int, list[int]] = {}
        for matcher, base in self._matchers(field, term):
            local = {number - base for number in wanted} if base else wanted
            for number, places in matcher.positions(local):
                found[base + number] = places
        return found

    def terms(self, field: str, prefix: str) -> Iterator[str]:
        """Yield the terms of ``field`` that start with ``prefix``; some may be deleted."""
        if field not in self._reader.schema or not _is_writable(prefix):
            return
        for raw in self._reader.expand_prefix(field, prefix):
            yield self._text(raw)

    def documents(self, ids: Collection[str]) -> dict[str, int]:
        """Return post id → document number, for those of ``ids`` that are there."""
        if len(ids) <= _LOOKED_UP:
            found = {post_id: self.postings("id", post_id) for post_id in ids}
            return {post_id: next(iter(held)) for post_id, held in found.items() if held}
        wanted = {post_id.encode() for post_id in ids}
        return {
            raw.decode(): number
            for number, raw in enumerate(self.column("id"))
            if raw in wanted and number not in self._deleted
        }

    def lengths(self, field: str) -> list[int]:
        """Return the number of tokens in ``field`` of each document (rounded by Whoosh)."""
        if field not in self._lengths:
            lengths: list[int] = []
            for leaf, _ in self._leaves:
                codes = self._length_codes(leaf, field)
                lengths.extend(map(_LENGTHS.__getitem__, codes))
            self._lengths[field] = lengths
        return self._lengths[field]

    def average_length(self, field: str) -> float:
        """Return the mean length of ``field`` over live documents that have it."""
        lengths = self.lengths(field)
        held = [lengths[number] for number in self.live] if self._deleted else lengths
        present = [length for length in held if length]
        return sum(present) / len(present) if present else 0.0

    def column(self, field: str) -> list[bytes]:
        """Return the column value of each document, values joined."""
        if field not in self._columns:
            values = list(self._column(field))
            # All at once: no character can begin in one value and end in another.
            self._text(b"\0".join(values))
            self._columns[field] = values
        return self._columns[field]

    @cached_property
    def dates(self) -> list[tuple[int, int] | None]:
        """Return the first and last day of each document's date, as ordinals."""
        firsts, lasts = self._column("date_first"), self._column("date_last")
        return [
            None if first == NO_DATE else (first, last)
            for first, last in zip(firsts, lasts, strict=True)
        ]

    def presence(self, field: str) -> Sequence[object]:
        """Return for each document something true if ``field`` is known of it."""
        match fields.BY_NAME[field].kind:
            case "text":
                return self.lengths(field)
            case "date":
                return self.dates
            case _:
                return self.column(field)

    def post(self, number: int) -> Post:
        """Return a post as it was stored."""
        stored = self._reader.stored_fields(number).get("post")
        if not isinstance(stored, bytes):
            raise damaged(self._folder, f"document {number} holds no post")
        try:
            return unpack(stored)
        except ValueError as error:
            raise damaged(self._folder, f"document {number}: {error}") from error

    def close(self) -> None:
        """Close the files."""
        self._reader.close()

    def _matchers(self, field: str, term: str) -> Iterator[tuple[Any, int]]:
        for leaf, base in self._leaves:
            try:
                matcher = leaf.postings(field, term)
            except (TermNotFound, UnicodeEncodeError):
                # A lone surrogate cannot be written, so no term has one.
                continue
            # Whoosh wraps a segment with deletions in a filter, which hides the
            # blocks' values from `value_as`: we filter ourselves.
            yield getattr(matcher, "child", matcher), base

    def _text(self, data: bytes) -> str:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise damaged(self._folder, f"it holds text that is none: {error}") from error

    def _without_deleted(self, found: dict[int, float]) -> dict[int, float]:
        if not self._deleted:
            return found
        return {number: value for number, value in found.items() if number not in self._deleted}

    def _length_codes(self, leaf: Any, field: str) -> bytes:
        lengths = leaf._perdoc._cached_reader(f"_{field}_len", LENGTHS_COLUMN)  # noqa: SLF001
        count = leaf.doc_count_all()
        return bytes(count) if lengths is None else bytes(lengths.load())

    def _column(self, field: str) -> Iterator[Any]:
        for leaf, _ in self._leaves:
            column = leaf.column_reader(field, translate=False)
            yield from column


def _is_writable(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def split_values(joined: bytes) -> tuple[str, ...]:
    """Return the facet values that a column value joins."""
    return tuple(joined.decode("utf-8").split(VALUE_SEPARATOR)) if joined else ()
