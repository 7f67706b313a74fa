"""Keeping the number of segments small: which of them become one, and making it.

Posts are never read, tagged or analysed again: postings are decoded, renumbered and encoded a
term at a time, and what was deleted is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import accumulate, chain, compress, groupby, repeat
from operator import itemgetter
from typing import Any

from whoosh.codec.whoosh3 import LENGTHS_COLUMN
from whoosh.reading import TermNotFound

from rights_search.engines.whoosh.codec import Segment
from rights_search.engines.whoosh.encoding import Postings, encoded
from rights_search.engines.whoosh.schema import MAX_DOCUMENTS, POSTS, make_schema
from rights_search.engines.whoosh.segment_writing import SegmentWriter
from rights_search.engines.whoosh.segments import LENGTHS

TIER = 4
"""Segments of one tier are merged when there are as many; a tier's are as many times larger."""

SMALLEST_TIER = 256
"""Segments with fewer documents than this are of one tier."""

MAX_DELETED_SHARE = 0.25
"""A segment is written anew when more of its documents are deleted."""


def merged(storage: Any, segments: Sequence[Segment], *, whole: bool = False) -> list[Segment]:
    """Return the segments that an index should have instead of these; new ones are written.

    Args:
        storage: where they are.
        segments: all of an index.
        whole: True to make one of all, or few if one would be too large.
    """
    kept = [segment for segment in segments if _live(segment)]
    groups = plan([(_live(each), each.doc_count_all()) for each in kept], whole=whole)
    grouped = set(chain.from_iterable(groups))
    left = [segment for number, segment in enumerate(kept) if number not in grouped]
    return left + [merge_segments(storage, [kept[number] for number in group]) for group in groups]


def plan(segments: Sequence[tuple[int, int]], *, whole: bool = False) -> list[list[int]]:
    """Return which segments should become one.

    At most `TIER` - 1 segments of each tier are left, so their number grows with the logarithm of
    the number of documents, until no two fit into one; and a document is written again once a
    tier. Of no segment that is left more than `MAX_DELETED_SHARE` is deleted.

    Args:
        segments: how many documents of each are not deleted, and how many it has.
        whole: True to let as few as possible be left.
    """
    tiers: dict[int, list[tuple[int, list[int]]]] = {}
    for number, (live, _) in enumerate(segments):
        tiers.setdefault(0 if whole else _tier(live), []).append((live, [number]))
    least = 2 if whole else TIER
    for level in range(max(tiers, default=0) + 1):
        here = sorted(tiers.get(level, ()))
        sizes = accumulate(size for size, _ in here)
        fitting = here[: sum(size <= MAX_DOCUMENTS for size in sizes)]
        if len(here) >= least and len(fitting) > 1:
            size = sum(size for size, _ in fitting)
            group = sorted(number for _, numbers in fitting for number in numbers)
            tiers[level] = here[len(fitting) :]
            # One more in a tier above may be one too many there.
            tiers.setdefault(max(level, _tier(size)), []).append((size, group))
    groups = [numbers for held in tiers.values() for _, numbers in held]
    return [numbers for numbers in groups if len(numbers) > 1 or _is_worn(*segments[numbers[0]])]


def _tier(count: int) -> int:
    number = 0
    while count >= SMALLEST_TIER:
        count //= TIER
        number += 1
    return number


def _is_worn(live: int, count: int) -> bool:
    return count - live > MAX_DELETED_SHARE * count


def _live(segment: Segment) -> int:
    return int(segment.doc_count_all() - segment.deleted_count())


def merge_segments(storage: Any, segments: Sequence[Segment]) -> Segment:
    """Write a segment of what is not deleted of others, and return it."""
    schema = make_schema()
    sources: list[Source] = []
    writer = SegmentWriter(storage, segments[0].indexname, schema)
    try:
        for segment in segments:
            base = sources[-1].end if sources else 0
            sources.append(Source(storage, segment, base))
        for post in chain.from_iterable(source.column(POSTS, schema) for source in sources):
            writer.add_post(post)
        writer.end_posts()
        lengths = _lengths(schema, sources)
        for field in sorted(set().union(*(source.fields for source in sources))):
            if field in schema:
                terms = _terms(field, schema[field].format, sources, lengths.get(field))
                writer.add_field(field, terms)
        columns = {
            name: list(chain.from_iterable(source.column(name, schema) for source in sources))
            for name, field in schema.items()
            if field.column_type and name != POSTS
        }
        held = {name: values for name, values in columns.items() if any(values)}
        totals = {name: sum(map(LENGTHS.__getitem__, codes)) for name, codes in lengths.items()}
        return writer.finish(held, lengths, totals, sources[-1].end)
    except BaseException:
        writer.cancel()
        raise
    finally:
        for source in sources:
            source.close()


def _lengths(schema: Any, sources: Sequence[Source]) -> dict[str, bytes]:
    """Return field → length code of each document, for the fields that have any."""
    names = [name for name, field in schema.items() if field.scorable]
    codes = {name: b"".join(source.lengths(name) for source in sources) for name in names}
    return {name: held for name, held in codes.items() if any(held)}


def _terms(
    field: str, format_: Any, sources: Sequence[Source], lengths: bytes | None
) -> Iterator[tuple[bytes, tuple[bytes, bytes]]]:
    """Yield the terms of a field in order, each with its blocks and its row."""
    size = format_.fixed_value_size()
    rows = (source.rows(field) for source in sources)
    for term, held in groupby(merge(*rows, key=itemgetter(0)), key=itemgetter(0)):
        postings = [source.postings(field, term, row, format_) for _, source, row in held]
        documents, weights, values = (list(chain.from_iterable(part)) for part in zip(*postings))  # noqa: B905 - three of each
        if documents:
            yield term, encoded(Postings(documents, weights, values), lengths, size)


class Source:
    """A segment that is read.

    Args:
        storage: where it is.
        segment: it.
        base: number that the first of its documents will have.
    """

    def __init__(self, storage: Any, segment: Segment, base: int = 0) -> None:
        self._count = segment.doc_count_all()
        files = segment.open_compound_file(storage) if segment.compound else storage
        self._files = files
        codec = segment.codec()
        self._terms = codec.terms_reader(files, segment)
        self._documents = codec.per_document_reader(files, segment)
        self._is_live = [not segment.is_deleted(number) for number in range(self._count)]
        self._numbers = list(accumulate(self._is_live, initial=base))
        self._is_whole = all(self._is_live)
        self.end = self._numbers[-1]
        """Number behind its last document."""

    @property
    def fields(self) -> set[str]:
        """Return the fields that have terms."""
        return set(self._terms.indexed_field_names())

    def close(self) -> None:
        """Close the files."""
        self._terms.close()
        self._documents.close()
        self._files.close()

    def holding(self, field: str, term: bytes) -> list[int]:
        """Return the documents that hold a term, by their numbers in the segment."""
        try:
            matcher = self._terms.matcher(field, term, make_schema()[field].format)
        except TermNotFound:
            return []
        return list(chain.from_iterable(documents for documents, _ in matcher.rest()))

    def column(self, name: str, schema: Any) -> Iterator[Any]:
        """Return the values of a column, of documents that are not deleted."""
        if not self._documents.has_column(name):
            return repeat(schema[name].column_type.default_value(), sum(self._is_live))
        return compress(
            self._documents.column_reader(name, schema[name].column_type), self._is_live
        )

    def lengths(self, name: str) -> bytes:
        """Return the length codes of a field, of documents that are not deleted."""
        codes = self._documents._cached_reader(f"_{name}_len", LENGTHS_COLUMN)  # noqa: SLF001
        held = bytes(self._count) if codes is None else bytes(codes.load())
        return bytes(compress(held, self._is_live))

    def rows(self, field: str) -> Iterator[tuple[bytes, Source, bytes]]:
        """Yield the terms of a field in order, with this and their rows."""
        for term, row in self._terms.rows(field):
            yield term, self, row

    def postings(
        self, field: str, term: bytes, row: bytes, format_: Any
    ) -> tuple[list[int], list[float], list[bytes]]:
        """Return new numbers, weights and values of the documents that hold a term."""
        matcher = self._terms.matcher_of(row, format_, (field, term))
        documents: list[int] = []
        weights: list[float] = []
        values: list[bytes] = []
        for block, held in matcher.instructions():
            documents += block.documents
            weights += (
                block.weights if type(block.weights[0]) is int else map(_plain, block.weights)
            )
            values += held
        if not self._is_whole:
            is_live = list(map(self._is_live.__getitem__, documents))
            weights = list(compress(weights, is_live))
            values = list(compress(values, is_live))
            documents = list(compress(documents, is_live))
        return list(map(self._numbers.__getitem__, documents)), weights, values


def _plain(weight: float) -> float:
    """Return a count as a whole number, as stock Whoosh does not."""
    return int(weight) if weight == int(weight) else weight
