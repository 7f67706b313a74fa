"""Writing a Whoosh segment from an index that is inverted in memory.

Stock Whoosh turns every occurrence into a tuple, sorts the tuples in a pool and
writes them one by one. Here each term's postings are collected where they belong
and written block by block, in the same on-disk format: stock Whoosh reads the
result, and a test compares it with what the stock writer makes of the same posts.

This leans on names that are private to Whoosh 2.7.4, which is why that version is
pinned.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import sub
from pickle import dumps
from typing import Any, NamedTuple, TypeAlias, cast

from whoosh.codec.whoosh3 import LENGTHS_COLUMN, WHOOSH3_HEADER_MAGIC, W3TermInfo
from whoosh.formats import Positions
from whoosh.index import clean_files
from whoosh.writing import SegmentWriter

from rights_search.engines.whoosh.codec import Codec
from rights_search.engines.whoosh.files import Sums

BLOCK_POSTINGS = 128
"""Postings in one block, as stock Whoosh has it."""

_COMPRESSION_LEVEL = 3
_MIN_COMPRESSED_BYTES = 80
"""A smaller block costs more time to inflate than it saves in space."""

_PICKLE_PROTOCOL = 4
"""The newest that every supported Python reads; smaller than Whoosh's 2 in blocks."""

_UINT = struct.Struct("!I")
_INT = struct.Struct("!i")
_FIELD_ID = struct.Struct("!H")
_EXTENT = struct.Struct("!qi")
_LENGTHS = struct.Struct("!ii")
_POINTER = struct.Struct("!Iq")
_BUCKETS = 256


Place: TypeAlias = int | list[int] | tuple[float, bytes]
"""Where a term stands in a document: one position or several in order; of a segment that
is merged the posting's weight and its value as they are stored."""

Postings: TypeAlias = list[Any]
"""Of one term: document number, `Place`, document number, `Place` … A flat list of numbers
takes half the memory of anything better to read."""


class MemoryPool:
    """Stands in for Whoosh's pool: field → term → postings, in document order."""

    def __init__(self) -> None:
        self.fields: dict[str, dict[str, Postings]] = {}
        self.size = 0
        """How many postings there are."""

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Take one posting, as Whoosh's own pool does: merging calls it."""
        field, term, document, weight, value = item
        terms = self.fields.setdefault(field, {})
        terms.setdefault(term.decode("utf-8"), []).extend((document, (weight, value)))
        self.size += 1

    def invert(self, field: str, sequence: Sequence[str], document: int) -> None:
        """Take the terms of one document's field, in order."""
        places: dict[str, int | list[int]] = {}
        known = places.get
        for position, term in enumerate(sequence):
            place = known(term)
            if place is None:
                places[term] = position
            elif type(place) is list:
                place.append(position)
            else:
                places[term] = [cast("int", place), position]
        terms = self.fields.setdefault(field, {})
        held = terms.get
        for term, place in places.items():
            postings = held(term)
            if postings is None:
                terms[term] = [document, place]
            else:
                postings += (document, place)
        self.size += len(places)

    def cleanup(self) -> None:
        """Let go of everything."""
        self.fields.clear()


class InvertingWriter(SegmentWriter):  # type: ignore[misc]
    """A Whoosh writer that takes terms instead of text and writes blocks itself."""

    def __init__(self, index: Any, **options: Any) -> None:
        super().__init__(index, codec=Codec(), **options)
        self.pool = MemoryPool()
        self._handle = index
        # What we store is compressed already.
        self.perdocwriter._colwriters["_stored"]._child._level = 0  # noqa: SLF001

    def add_terms(
        self,
        terms: Mapping[str, Sequence[str]],
        columns: Mapping[str, Any],
        stored: Mapping[str, Any],
    ) -> None:
        """Add one document.

        Args:
            terms: field → its terms in order; positions are counted from 0.
            columns: field → value of its column.
            stored: field → value to be stored.
        """
        document = self.docnum
        per_document = self.perdocwriter
        per_document.start_doc(document)
        for field, sequence in terms.items():
            self.pool.invert(field, sequence, document)
            length = len(sequence) if self.schema[field].scorable else 0
            per_document.add_field(field, self.schema[field], None, length)
        for field, value in stored.items():
            per_document.add_field(field, self.schema[field], value, 0)
        for field, value in columns.items():
            known = self.schema[field]
            per_document.add_column_value(field, known.column_type, known.to_column_value(value))
        per_document.finish_doc()
        self._added = True
        self.docnum += 1

    def _flush_segment(self) -> None:
        """Write the postings of the pool: called by Whoosh when it commits."""
        self.perdocwriter.close()
        lengths = self.per_document_reader()
        writer = self.fieldwriter
        for field in sorted(self.pool.fields):
            known = self.schema[field]
            writer.start_field(field, known)
            codes = lengths._cached_reader(f"_{field}_len", LENGTHS_COLUMN)  # noqa: SLF001
            _write_field(
                writer,
                self.pool.fields.pop(field),
                None if codes is None else bytes(codes),
                known.format,
            )
            writer.finish_field()
        # Whoosh would write each of millions of slots by itself.
        table = writer._tindex  # noqa: SLF001
        table._write_hashes = lambda: _write_hash_tables(table)  # noqa: SLF001
        writer.close()
        lengths.close()

    def _commit_toc(self, segments: list[Any]) -> None:
        """Write the table of contents, with checksums of the files it names: called by Whoosh."""
        self._handle.put(self.schema, segments, self.generation, self._sums(segments))
        clean_files(self.storage, self.indexname, self.generation, segments)

    def _sums(self, segments: list[Any]) -> dict[str, Sums]:
        """Return checksums: of the files of new segments, and those that were known before.

        Of files that came without any there are none: who knows what they were?
        """
        before = self._handle.contents()
        old = {segment.segid for segment in before.segments}
        sums: dict[str, Sums] = {}
        for segment in segments:
            for name in segment.list_files(self.storage):
                if segment.segid not in old:
                    sums[name] = self.storage.sum_up(name)
                elif name in before.sums:
                    sums[name] = before.sums[name]
        return sums


def _encoder(format_: Any) -> Callable[[int | list[int]], bytes]:
    """Return the function that makes the value of a posting in this format."""
    if isinstance(format_, Positions):
        return _encode_positions
    if format_.fixed_value_size():
        return lambda place: _UINT.pack(_count(place))
    return lambda _: b""


def _count(place: int | list[int]) -> int:
    return 1 if type(place) is int else len(place)  # type: ignore[arg-type]


def _encode_positions(place: int | list[int]) -> bytes:
    if isinstance(place, int):
        return _SINGLE_POSITIONS[place]
    deltas = [place[0], *map(sub, place[1:], place)]
    return _UINT.pack(len(deltas)) + dumps(deltas, 2)


class _SinglePositions(dict[int, bytes]):
    """Position → the value of a posting that has no other: most are of this kind."""

    def __missing__(self, position: int) -> bytes:
        value = _UINT.pack(1) + dumps([position], 2)
        if position < _KEPT_POSITIONS:
            self[position] = value
        return value


_KEPT_POSITIONS = 20_000
_SINGLE_POSITIONS = _SinglePositions()


def _write_field(
    writer: Any, terms: dict[str, Postings], lengths: bytes | None, format_: Any
) -> None:
    """Write a field's postings and its rows in the term table.

    Args:
        writer: Whoosh's field writer, inside the field.
        terms: term → postings; taken apart to free memory on the way.
        lengths: each document's length code, None for a field without lengths.
        format_: the field's format, which says what a posting's value is.
    """
    postings_file = writer._postfile  # noqa: SLF001
    table = writer._tindex  # noqa: SLF001
    prefix = _FIELD_ID.pack(writer._fieldid)  # noqa: SLF001
    encode = _encoder(format_)
    value_size = format_.fixed_value_size()
    offset = postings_file.tell()
    row = table.dbfile.tell()
    # In order of code points, which is that of their bytes in UTF-8.
    for term in sorted(terms):
        postings = _decoded(terms.pop(term), encode)
        blocks = b"".join(_blocks(postings, lengths, value_size))
        postings_file.write(blocks)
        key = prefix + term.encode("utf-8")
        row = _add_row(table, row, key, _summary(postings, lengths, offset, len(blocks)))
        offset += len(blocks)


class _Columns(NamedTuple):
    """The postings of one term: document numbers, weights and encoded values."""

    documents: list[int]
    weights: list[float]
    values: list[bytes]


def _decoded(postings: Postings, encode: Callable[[int | list[int]], bytes]) -> _Columns:
    documents, places = postings[::2], postings[1::2]
    kinds = set(map(type, places))
    if tuple in kinds:
        # A merged segment's, and perhaps new ones behind them.
        pairs = [
            place if type(place) is tuple else (float(_count(place)), encode(place))
            for place in places
        ]
        return _Columns(documents, [pair[0] for pair in pairs], [pair[1] for pair in pairs])
    weights = [1.0] * len(places) if list not in kinds else list(map(float, map(_count, places)))
    return _Columns(documents, weights, list(map(encode, places)))


def _blocks(postings: _Columns, lengths: bytes | None, value_size: int | None) -> Iterator[bytes]:
    yield WHOOSH3_HEADER_MAGIC
    count = len(postings.documents)
    for start in range(0, count, BLOCK_POSTINGS):
        end = min(start + BLOCK_POSTINGS, count)
        documents = postings.documents[start:end]
        weights = postings.weights[start:end]
        data = dumps(
            (
                (documents[0], *map(sub, documents[1:], documents)),
                _pack_weights(weights),
                _pack_values(postings.values[start:end], value_size),
            ),
            _PICKLE_PROTOCOL,
        )
        level = _COMPRESSION_LEVEL if len(data) >= _MIN_COMPRESSED_BYTES else 0
        if level:
            data = zlib.compress(data, level)
        shortest, longest = _length_range(documents, lengths)
        heading = (end - start, documents[-1], max(weights), level, shortest, longest)
        info = dumps(heading, 2)
        size = len(info) + len(data)
        yield _INT.pack(-size if end == count else size)
        yield info
        yield data


def _pack_weights(weights: list[float]) -> float | tuple[float, ...] | None:
    """Return weights as Whoosh stores them: None for all 1, one number for all alike."""
    first = weights[0]
    if weights.count(first) < len(weights):
        return tuple(weights)
    return None if first == 1.0 else first


def _pack_values(values: list[bytes], size: int | None) -> bytes | tuple[bytes, ...] | None:
    if size is None or size < 0:
        return tuple(values)
    return None if size == 0 else b"".join(values)


def _length_range(documents: list[int], lengths: bytes | None) -> tuple[int, int]:
    if lengths is None:
        return 0, 0
    codes = bytes(map(lengths.__getitem__, documents))
    return min(codes), max(codes)


def _summary(postings: _Columns, lengths: bytes | None, offset: int, size: int) -> bytes:
    """Return a term's row: Whoosh's ``W3TermInfo.to_bytes`` without the object."""
    shortest, longest = _length_range(postings.documents, lengths)
    row: bytes = W3TermInfo._struct.pack(  # noqa: SLF001
        0,
        sum(postings.weights),
        len(postings.documents),
        shortest,
        longest,
        max(postings.weights),
        postings.documents[0],
        postings.documents[-1],
    )
    return row + _EXTENT.pack(offset, size)


def _add_row(table: Any, position: int, key: bytes, value: bytes) -> int:
    """Append a row to the ordered hash file; return where the next one goes."""
    table.index.append(position)
    table.dbfile.write(_LENGTHS.pack(len(key), len(value)) + key + value)
    code = table.hashfn(key)
    table.buckets[code % _BUCKETS].append((code, position))
    return int(position + _LENGTHS.size + len(key) + len(value))


def _write_hash_tables(table: Any) -> None:
    """Write the 256 hash tables, each in one piece."""
    position = table.dbfile.tell()
    for entries in table.buckets:
        slots = 2 * len(entries)
        table.directory.append((position, slots))
        filled: list[tuple[int, int]] = [(0, 0)] * slots
        for code, row in entries:
            slot = (code >> 8) % slots
            while filled[slot][1]:
                slot = (slot + 1) % slots
            filled[slot] = (code, row)
        block = b"".join(_POINTER.pack(code, row) for code, row in filled)
        table.dbfile.write(block)
        position += len(block)
