"""Keeping the number of segments small: which of them become one, and making it.

Posts are never read, tagged or analysed again: postings are renumbered a
term at a time, and what was deleted is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from heapq import merge
from itertools import accumulate, chain, compress, groupby
from operator import itemgetter
from typing import Any

from rights_search.engines.whoosh.blocks import Piece
from rights_search.engines.whoosh.encoding import Postings
from rights_search.engines.whoosh.joining import cut, joined_pieces
from rights_search.engines.whoosh.layout import (
    COLUMNS,
    LENGTHS,
    MAX_DOCUMENTS,
    POSTS,
    SOURCE,
    TEXTS,
    value_bytes,
)
from rights_search.engines.whoosh.segment import Segment, SegmentReader
from rights_search.engines.whoosh.segment_writing import SegmentWriter

TIER = 4
"""Segments of one tier are merged when there are as many; a tier's are as many times larger."""

LARGE_TIER = 10
"""As many may stand of those from `LARGE` on: what workers have made of a large corpus is merged
by one process, while the others have nothing to do, and a search hardly feels it."""

LARGE = 4096
"""Documents of a segment of which a merge takes seconds."""

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
    kept = [segment for segment in segments if segment.live]
    groups = plan([(each.live, each.count) for each in kept], whole=whole)
    grouped = set(chain.from_iterable(groups))
    left = [segment for number, segment in enumerate(kept) if number not in grouped]
    return left + [merge_segments(storage, [kept[number] for number in group]) for group in groups]


def plan(segments: Sequence[tuple[int, int]], *, whole: bool = False) -> list[list[int]]:
    """Return which segments should become one.

    Fewer than `TIER` segments of each tier are left, fewer than `LARGE_TIER` of the large ones, so
    their number grows with the logarithm of the number of documents, until no two fit into one;
    and a document is written again once a tier. Of no segment that is left more than
    `MAX_DELETED_SHARE` is deleted.

    Args:
        segments: how many documents of each are not deleted, and how many it has.
        whole: True to let as few as possible be left.
    """
    tiers: dict[int, list[tuple[int, list[int]]]] = {}
    for number, (live, _) in enumerate(segments):
        tiers.setdefault(0 if whole else _tier(live), []).append((live, [number]))
    for level in range(max(tiers, default=0) + 1):
        here = sorted(tiers.get(level, ()))
        sizes = accumulate(size for size, _ in here)
        fitting = here[: sum(size <= MAX_DOCUMENTS for size in sizes)]
        least = 2 if whole else LARGE_TIER if level >= _tier(LARGE) else TIER
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


def merge_segments(storage: Any, segments: Sequence[Segment]) -> Segment:
    """Write a segment of what is not deleted of others, and return it."""
    sources: list[Source] = []
    writer = SegmentWriter(storage)
    try:
        for segment in segments:
            base = sources[-1].end if sources else 0
            sources.append(Source(storage, segment, base))
        for post in chain.from_iterable(source.column(POSTS) for source in sources):
            writer.add_post(post)
        writer.end_posts()
        codes = {name: b"".join(source.lengths(name) for source in sources) for name in TEXTS}
        lengths = {name: held for name, held in sorted(codes.items()) if any(held)}
        for field in sorted(set().union(*(source.fields for source in sources))):
            if field in TEXTS or field in COLUMNS or field == SOURCE:
                writer.add_field(field, _terms(field, sources, lengths.get(field)))
        columns = {
            name: list(chain.from_iterable(source.column(name) for source in sources))
            for name in sorted(COLUMNS)
            if name != POSTS
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


def _terms(
    field: str, sources: Sequence[Source], lengths: bytes | None
) -> Iterator[tuple[bytes, tuple[bytes, bytes]]]:
    """Yield the terms of a field in order, each with its blocks and its row."""
    size = value_bytes(field)
    rows = (source.rows(field) for source in sources)
    for term, held in groupby(merge(*rows, key=itemgetter(0)), key=itemgetter(0)):
        pieces = [piece for _, source, row in held for piece in source.pieces(field, row, lengths)]
        if pieces:
            yield term, joined_pieces(pieces, size)


class Source:
    """A segment that is read.

    Args:
        storage: where it is.
        segment: it.
        base: number that the first of its documents will have.
    """

    def __init__(self, storage: Any, segment: Segment, base: int = 0) -> None:
        self._reader = SegmentReader(storage, segment)
        self._is_live = [number not in segment.deleted for number in range(segment.count)]
        self._numbers = list(accumulate(self._is_live, initial=base))
        self._is_whole = all(self._is_live)
        self.end = self._numbers[-1]
        """Number behind its last document."""

    @property
    def fields(self) -> AbstractSet[str]:
        """Return the fields that have terms."""
        return self._reader.terms.fields

    def close(self) -> None:
        """Close the files."""
        self._reader.close()

    def holding(self, field: str, term: bytes) -> list[int]:
        """Return the documents that hold a term, by their numbers in the segment."""
        postings = self._reader.terms.postings(field, term)
        if postings is None:
            return []
        return list(chain.from_iterable(block.documents for block in postings.blocks()))

    def column(self, name: str) -> Iterator[Any]:
        """Return the values of a column, of documents that are not deleted."""
        return compress(self._reader.column(name), self._is_live)

    def lengths(self, name: str) -> bytes:
        """Return the length codes of a field, of documents that are not deleted."""
        return bytes(compress(self._reader.length_codes(name), self._is_live))

    def rows(self, field: str) -> Iterator[tuple[bytes, Source, bytes]]:
        """Yield the terms of a field in order, with this and their rows."""
        for term, row in self._reader.terms.rows(field):
            yield term, self, row

    def pieces(self, field: str, row: bytes, lengths: bytes | None) -> Iterable[Piece]:
        """Return the postings of the documents that hold a term, by their new numbers.

        Args:
            field: of the term.
            row: the term's.
            lengths: length code of each document, by new numbers; None if there are none.
        """
        found = self._reader.terms.postings_of(field, row).pieces() if self._is_whole else None
        if found is None:
            return cut(Postings(*self._postings(field, row)), lengths)
        base = self._numbers[0]
        return [piece._replace(first=piece.first + base, last=piece.last + base) for piece in found]

    def _postings(self, field: str, row: bytes) -> tuple[list[int], list[float], list[bytes]]:
        """Return new numbers, weights and values of the documents that hold a term."""
        documents: list[int] = []
        weights: list[float] = []
        values: list[bytes] = []
        for block, held in self._reader.terms.postings_of(field, row).instructions():
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
