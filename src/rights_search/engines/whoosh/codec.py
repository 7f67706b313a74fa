"""Whoosh's codec for segments, with readers that take nothing on trust.

Whoosh asks a segment for its codec, and that for readers of terms, postings and columns: so
all that Whoosh itself does with an index of ours, searching, deleting, merging, reads through
here. Writers are Whoosh's own, and what is written names Whoosh's own classes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from whoosh.codec.whoosh3 import (
    STORED_COLUMN,
    WHOOSH3_HEADER_MAGIC,
    W3Codec,
    W3LeafMatcher,
    W3PerDocReader,
    W3Segment,
    W3TermInfo,
    W3TermsReader,
)
from whoosh.reading import TermNotFound
from whoosh.util.numeric import byte_to_length

from rights_search.engines.whoosh import blocks, columns
from rights_search.engines.whoosh.blocks import Block, pushed
from rights_search.engines.whoosh.files import CompoundFiles, IndexFile
from rights_search.engines.whoosh.inflating import inflated
from rights_search.engines.whoosh.term_table import Section, TermTable

_INT = struct.Struct("!i")
_FIELD_ID = struct.Struct("!H")
_NO_FIELD = 0xFFFF
_ROW = struct.Struct("!BfIBBfIIqi")
_MIN_DOCUMENT_BYTES = 1
"""Each document has its length in the column of what is stored, if only 0: numbers of documents
are believed up to there."""


class Segment(W3Segment):  # type: ignore[misc]
    """A segment whose files are read by `Codec`."""

    def __init__(self, indexname: str, count: int = 0, **more: Any) -> None:
        super().__init__(Codec(), indexname, count, **more)

    def stock(self) -> W3Segment:
        """Return it as Whoosh's own, for a table of contents that Whoosh can read."""
        stock = object.__new__(W3Segment)
        stock.__dict__.update(self.__dict__, _codec=W3Codec())
        return stock

    def open_compound_file(self, storage: Any) -> CompoundFiles:
        """Open the file that holds all others of the segment."""
        name = self.make_filename(self.COMPOUND_EXT)
        return CompoundFiles(storage.open_file(name), f"{self.segment_id()}.")


class Codec(W3Codec):  # type: ignore[misc]
    """See the module."""

    def new_segment(self, storage: Any, indexname: str) -> Segment:  # noqa: ARG002
        """Return an empty segment."""
        return Segment(indexname)

    def terms_reader(self, storage: Any, segment: Any) -> TermsReader:
        """Return a reader of the terms of a segment."""
        return TermsReader(
            storage.open_file(segment.make_filename(self.TERMS_EXT)),
            storage.open_file(segment.make_filename(self.POSTS_EXT)),
            segment.doc_count_all(),
        )

    def per_document_reader(self, storage: Any, segment: Any) -> DocumentsReader:
        """Return a reader of what a segment holds by document."""
        return DocumentsReader(storage, segment)


class TermsReader(W3TermsReader):  # type: ignore[misc]
    """Terms of a segment and where their postings stand.

    Args:
        table: file of the table of terms.
        postings: file of the postings.
        count: of the documents in the segment.
    """

    def __init__(self, table: IndexFile, postings: IndexFile, count: int) -> None:
        self._dbfile = table
        self._postfile = postings
        self._count = count
        self._tindex = TermTable(table)
        self._fieldmap: dict[str, int] = {}
        for name, number in self._tindex.extras["fieldmap"].items():
            if not isinstance(name, str) or type(number) is not int:
                table.fail("has a field without a name or number")
            self._fieldmap[name] = number
        self._sections: dict[str, Section] = {}
        self._fieldunmap = {number: name for name, number in self._fieldmap.items()}

    def _keydecoder(self, key: bytes) -> tuple[str, bytes]:
        if len(key) < _FIELD_ID.size:
            self._dbfile.fail("has a term without a field")
        name = self._fieldunmap.get(_FIELD_ID.unpack_from(key)[0])
        if name is None:
            self._dbfile.fail("has a term of an unknown field")
        return name, key[_FIELD_ID.size :]

    def _row(self, field: str, term: bytes) -> bytes:
        place = self._tindex.find(self._keycoder(field, term))
        if place is None:
            raise TermNotFound(f"No term {field}:{term!r}")
        return self._dbfile.get(*place)

    def _numbers(self, row: bytes) -> tuple[Any, ...]:
        """Return a row's numbers: flag, weight, documents, lengths, ids, offset and length."""
        if len(row) != _ROW.size or row[0]:
            # A flag says that postings stand in the row itself. No writer sets it.
            self._dbfile.fail("has a row that is none of a term")
        numbers = _ROW.unpack(row)
        if not 0 < numbers[2] <= self._count:
            self._dbfile.fail("has a term in more documents than there are")
        return numbers

    def term_info(self, field: str, term: bytes) -> Any:
        """Return what is known of a term: see Whoosh."""
        row = self._row(field, term)
        self._numbers(row)
        return W3TermInfo.from_bytes(row)

    def items(self) -> Iterator[tuple[tuple[str, bytes], Any]]:
        """Yield all terms with what is known of them."""
        return map(self._item, self._tindex.items())

    def items_from(self, field: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], Any]]:
        """Yield the terms from one on with what is known of them."""
        return map(self._item, self._tindex.items_from(self._keycoder(field, prefix)))

    def _item(self, item: tuple[bytes, bytes]) -> tuple[tuple[str, bytes], Any]:
        key, row = item
        self._numbers(row)
        return self._keydecoder(key), W3TermInfo.from_bytes(row)

    def rows(self, field: str) -> Iterator[tuple[bytes, bytes]]:
        """Yield the terms of a field in order, each with its row."""
        if field not in self._fieldmap:
            return
        prefix = self._keycoder(field, b"")
        for key, row in self._tindex.items_from(prefix):
            if not key.startswith(prefix):
                return
            yield key[_FIELD_ID.size :], row

    def starting(self, field: str, prefix: bytes) -> list[bytes]:
        """Return the terms of a field that start with ``prefix``, in order."""
        section = self._section(field)
        return section.starting(prefix) if section else []

    def holds(self, field: str) -> bool:
        """Tell whether a field has any terms."""
        return bool(self._section(field))

    def _section(self, field: str) -> Section | None:
        if field not in self._fieldmap:
            return None
        section = self._sections.get(field)
        if section is None:
            section = self._tindex.section(self._keycoder(field, b""), _ROW.size)
            self._sections[field] = section
        return section

    def frequency(self, field: str, term: bytes) -> float:
        """Return how often a term stands in the segment."""
        return float(self._numbers(self._row(field, term))[1])

    def doc_frequency(self, field: str, term: bytes) -> int:
        """Return how many documents hold a term, 0 if there is no such term."""
        try:
            return int(self._numbers(self._row(field, term))[2])
        except TermNotFound:
            return 0

    def matcher(self, field: str, term: bytes, format_: Any, scorer: Any = None) -> Matcher:
        """Return the postings of a term."""
        return self.matcher_of(self._row(field, term), format_, (field, term), scorer)

    def matcher_of(self, row: bytes, format_: Any, term: Any, scorer: Any = None) -> Matcher:
        """Return the postings of the term of a row."""
        *_, offset, length = self._numbers(row)
        postings = self._postfile.subset(offset, length)
        return Matcher(postings, self._count, format_, term, scorer)


class Matcher(W3LeafMatcher):  # type: ignore[misc]
    """The postings of a term, block by block.

    Args:
        postings: the part of the file that holds them.
        count: of the documents in the segment.
        format_: Whoosh's format of the field.
        term: field and term.
        scorer: Whoosh's, or None.
    """

    def __init__(
        self, postings: IndexFile, count: int, format_: Any, term: Any, scorer: Any = None
    ) -> None:
        self._count = count
        super().__init__(postings, 0, postings.length, format_, term=term, scorer=scorer)

    def _read_header(self) -> None:
        if self._postfile.get(0, 4) != WHOOSH3_HEADER_MAGIC:
            self._postfile.fail("has no postings where they should be")
        self._baseoffset = 4
        self._last = -1

    def reset(self) -> None:
        """Go to the first posting."""
        self._last = -1
        super().reset()

    def _goto(self, position: int) -> None:
        """Read the heading of the block at a position."""
        self._data: Block | None = None
        self._ids: Sequence[int] | None = None
        self._weights: Sequence[float] | None = None
        self._values: Sequence[bytes | None] | None = None
        self._i = 0
        file = self._postfile
        (size,) = file.unpack(_INT, position)
        self._lastblock = size < 0
        start = position + _INT.size
        if not 0 < abs(size) <= blocks.MAX_BLOCK_BYTES:
            file.fail("has a block of no sensible size")
        self._bytes = file.get(start, abs(size))
        self._nextoffset = start + abs(size)
        try:
            self._head = head = blocks.heading(self._bytes)
        except ValueError as error:
            file.fail(error)
        if not self._last < head.last < self._count:
            file.fail("has postings of documents that are not there")
        self._least, self._last = self._last, head.last
        self._blocklength, self._maxid, self._maxweight = head.count, head.last, head.max_weight
        self._compression = head.is_deflated
        self._minlength = byte_to_length(head.min_length)
        self._maxlength = byte_to_length(head.max_length)

    def _read_data(self) -> Block:
        head = self._head
        try:
            data = self._bytes[head.size :]
            if head.is_deflated:
                data = inflated(data, blocks.MAX_BLOCK_BYTES)
            found = blocks.block(data, head)
        except ValueError as error:
            self._postfile.fail(error)
        if found.documents[0] <= self._least:
            self._postfile.fail("has postings that are not in order")
        self._data, self._ids, self._weights = found, found.documents, found.weights
        return found

    _read_ids = _read_weights = _read_data

    def _read_values(self) -> None:
        try:
            self._values = blocks.values(self._data or self._read_data(), self._fixedsize)
        except ValueError as error:
            self._postfile.fail(error)

    def value_as(self, kind: str) -> Any:
        """Return what is stored with the posting, as positions or as a frequency."""
        return self._positions(self.value()) if kind == "positions" else super().value_as(kind)

    def positions(self, wanted: AbstractSet[int]) -> Iterator[tuple[int, list[int]]]:
        """Yield the ``wanted`` documents from the current block on, with the term's positions."""
        known: dict[bytes | None, list[int]] = {}
        while not self._atend:
            found = self._data or self._read_data()
            if not wanted.isdisjoint(found.documents):
                self._read_values()
                for document, value in zip(found.documents, self._values or (), strict=True):
                    if document in wanted:
                        places = known.get(value)
                        if places is None:
                            places = known[value] = self._positions(value)
                        yield document, places
            self._next_block()

    def _positions(self, value: bytes | None) -> list[int]:
        try:
            return blocks.positions(value or b"")
        except ValueError as error:
            return self._postfile.fail(error)  # type: ignore[no-any-return]

    def whole(self) -> Iterator[tuple[Block, Sequence[bytes | None]]]:
        """Yield the blocks from the current one on, with all that is stored in them."""
        while not self._atend:
            found = self._data or self._read_data()
            self._read_values()
            yield found, self._values or ()
            self._next_block()

    def instructions(self) -> Iterator[tuple[Block, Sequence[bytes]]]:
        """Yield the blocks from the current one on, with the values as `encoding` takes them."""
        varies = self._fixedsize is None or self._fixedsize < 0
        while not self._atend:
            found = self._data or self._read_data()
            held = blocks.instructions(found) if varies else None
            if held is None:
                self._read_values()
                kept = [value or b"" for value in self._values or ()]
                held = list(map(pushed, kept)) if varies else kept
            yield found, held
            self._next_block()

    def places(self, value: bytes | None) -> list[int]:
        """Return the positions that a value of a text field holds."""
        return self._positions(value)

    def rest(self) -> Iterator[tuple[Sequence[int], Sequence[float]]]:
        """Yield documents and weights from the current block on, a block at a time."""
        while not self._atend:
            found = self._data or self._read_data()
            yield found.documents, found.weights
            self._next_block()


class DocumentsReader(W3PerDocReader):  # type: ignore[misc]
    """What a segment holds by document: columns, lengths and stored fields."""

    def __init__(self, storage: Any, segment: Any) -> None:
        super().__init__(storage, segment)
        stored = self._get_column_file("_stored")[0]
        if stored.length < self._doccount * _MIN_DOCUMENT_BYTES:
            stored.fail(f"cannot hold {self._doccount:,} posts")
        self._colfiles["_stored"] = (stored, 0, stored.length)

    def column_reader(self, fieldname: str, column: Any) -> Any:
        """Return a reader of a column."""
        if fieldname not in self._colfiles:
            self._colfiles[fieldname] = self._get_column_file(fieldname)
        file, _, _ = self._colfiles[fieldname]
        return columns.reader(column, file, self._doccount)

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return what is stored of a document."""
        found = self._cached_reader("_stored", STORED_COLUMN)
        return (found and found[docnum]) or {}
