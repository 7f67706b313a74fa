"""The terms of a segment and their postings, read without trust."""

from __future__ import annotations

import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from rights_search.engines.whoosh import blocks, layout
from rights_search.engines.whoosh.blocks import Block, Heading, Piece, pushed
from rights_search.engines.whoosh.files import IndexFile
from rights_search.engines.whoosh.inflating import inflated
from rights_search.engines.whoosh.term_table import Section, TermTable
from rights_search.values import dataclass

_INT = struct.Struct("!i")
_FIELD_ID = struct.Struct("!H")
_NO_FIELD = 0xFFFF
_ROW = struct.Struct("!BfIBBfIIqi")

_SPARSE = 16
"""Of a block's postings, if so many times fewer are wanted, each is looked for by itself."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the table says of a term.

    Args:
        weight: how often it stands in the segment.
        documents: how many hold it.
        last: the last of them.
        offset, length: where its postings stand in their file.
    """

    weight: float
    documents: int
    last: int
    offset: int
    length: int


class Terms:
    """Terms of a segment and where their postings stand.

    Args:
        table: file of the table of terms.
        postings: file of the postings.
        count: of the documents in the segment.
    """

    def __init__(self, table: IndexFile, postings: IndexFile, count: int) -> None:
        self._file = table
        self._postings = postings
        self._count = count
        self._table = TermTable(table)
        self._numbers: dict[str, int] = {}
        for name, number in self._table.extras["fieldmap"].items():
            if not isinstance(name, str) or type(number) is not int:
                table.fail("has a field without a name or number")
            if not 0 <= number < _NO_FIELD:
                table.fail("has a field with a number that none has")
            self._numbers[name] = number
        self._sections: dict[str, Section] = {}

    @property
    def fields(self) -> AbstractSet[str]:
        """Return the fields that have terms."""
        return self._numbers.keys()

    # --- one term ------------------------------------------------------------------

    def count(self, field: str, term: bytes) -> int:
        """Return how many documents hold a term, 0 if there is no such term."""
        row = self._find(field, term)
        return 0 if row is None else self.row(row).documents

    def postings(self, field: str, term: bytes) -> PostingList | None:
        """Return the postings of a term, None if there is no such term."""
        row = self._find(field, term)
        return None if row is None else self.postings_of(field, row)

    def postings_of(self, field: str, row: bytes) -> PostingList:
        """Return the postings of the term of a row."""
        known = self.row(row)
        part = self._postings.subset(known.offset, known.length)
        return PostingList(part, self._count, layout.value_bytes(field))

    def row(self, row: bytes) -> Row:
        """Return what a row says."""
        if len(row) != _ROW.size or row[0]:
            # A flag says that postings stand in the row itself. No writer sets it.
            self._file.fail("has a row that is none of a term")
        _, weight, documents, _, _, _, _, last, offset, length = _ROW.unpack(row)
        if not 0 < documents <= self._count:
            self._file.fail("has a term in more documents than there are")
        return Row(weight, documents, last, offset, length)

    def _find(self, field: str, term: bytes) -> bytes | None:
        place = self._table.find(self._key(field, term))
        return None if place is None else self._file.get(*place)

    def _key(self, field: str, term: bytes) -> bytes:
        return _FIELD_ID.pack(self._numbers.get(field, _NO_FIELD)) + term

    # --- in order ------------------------------------------------------------------

    def items(self) -> Iterator[tuple[str, bytes, bytes]]:
        """Yield field, term and row of all terms."""
        names = {number: name for name, number in self._numbers.items()}
        for key, row in self._table.items():
            if len(key) < _FIELD_ID.size:
                self._file.fail("has a term without a field")
            name = names.get(_FIELD_ID.unpack_from(key)[0])
            if name is None:
                self._file.fail("has a term of an unknown field")
            yield name, key[_FIELD_ID.size :], row

    def rows(self, field: str) -> Iterator[tuple[bytes, bytes]]:
        """Yield the terms of a field in order, each with its row."""
        if field not in self._numbers:
            return
        prefix = self._key(field, b"")
        for key, row in self._table.items_from(prefix):
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
        if field not in self._numbers:
            return None
        section = self._sections.get(field)
        if section is None:
            section = self._table.section(self._key(field, b""), _ROW.size)
            self._sections[field] = section
        return section


class PostingList:
    """The postings of a term, block by block.

    Args:
        file: the part of the file that holds them.
        count: of the documents in the segment.
        value_bytes: length of what is stored with each, None if it varies.
    """

    def __init__(self, file: IndexFile, count: int, value_bytes: int | None) -> None:
        self._file = file
        self._count = count
        self._value_bytes = value_bytes

    def blocks(self) -> Iterator[Block]:
        """Yield documents and weights."""
        for packed in self._packed():
            yield self._block(*packed)

    def _block(self, data: bytes, head: Heading, before: int) -> Block:
        try:
            found = blocks.block(self._inflated(data, head), head)
        except ValueError as error:
            self._file.fail(error)
        self._see_order(before, found.documents[0])
        return found

    def pieces(self) -> list[Piece] | None:
        """Return the blocks as they are copied; None if any has another shape than ours."""
        pieces: list[Piece] = []
        for data, head, before in self._packed():
            try:
                found = blocks.piece(self._inflated(data, head), head, self._value_bytes)
            except ValueError as error:
                self._file.fail(error)
            if found is None:
                return None
            self._see_order(before, found.first)
            pieces.append(found)
        return pieces

    @staticmethod
    def _inflated(data: bytes, head: Heading) -> bytes:
        return inflated(data, blocks.MAX_BLOCK_BYTES) if head.is_deflated else data

    def _packed(self) -> Iterator[tuple[bytes, Heading, int]]:
        """Yield the blocks as they stand, with their headings, and the last document before each.

        What is not asked for need not be inflated.
        """
        file = self._file
        if file.get(0, len(layout.MAGIC)) != layout.MAGIC:
            file.fail("has no postings where they should be")
        place, last, is_last = len(layout.MAGIC), -1, False
        while not is_last:
            (size,) = file.unpack(_INT, place)
            is_last, place = size < 0, place + _INT.size
            if not 0 < abs(size) <= blocks.MAX_BLOCK_BYTES:
                file.fail("has a block of no sensible size")
            data = file.get(place, abs(size))
            try:
                head = blocks.heading(data)
            except ValueError as error:
                file.fail(error)
            if not last < head.last < self._count:
                file.fail("has postings of documents that are not there")
            yield data[head.size :], head, last
            place, last = place + abs(size), head.last

    def _see_order(self, before: int, first: int) -> None:
        if first <= before:
            self._file.fail("has postings that are not in order")

    def valued(self) -> Iterator[tuple[Block, Sequence[bytes | None]]]:
        """Yield the blocks with what is stored with each posting."""
        for block in self.blocks():
            yield block, self._values(block)

    def _values(self, block: Block) -> Sequence[bytes | None]:
        try:
            return blocks.values(block, self._value_bytes)
        except ValueError as error:
            self._file.fail(error)

    def instructions(self) -> Iterator[tuple[Block, Sequence[bytes]]]:
        """Yield the blocks with the values as `encoding` takes them."""
        varies = self._value_bytes is None
        for block in self.blocks():
            held = blocks.instructions(block) if varies else None
            if held is None:
                kept = [value or b"" for value in self._values(block)]
                held = list(map(pushed, kept)) if varies else kept
            yield block, held

    def positions(self, wanted: AbstractSet[int]) -> Iterator[tuple[int, list[int]]]:
        """Yield the ``wanted`` documents with the positions of the term in them."""
        known: dict[bytes | None, list[int]] = {}
        order = sorted(wanted)
        for data, head, before in self._packed():
            some = order[bisect_right(order, before) : bisect_right(order, head.last)]
            if not some:
                continue
            block = self._block(data, head, before)
            chosen = _places_in(block.documents, some)
            for place, value in zip(chosen, self._chosen(block, chosen), strict=True):
                places = known.get(value)
                if places is None:
                    places = known[value] = self.places(value)
                yield block.documents[place], places

    def _chosen(self, block: Block, chosen: Sequence[int]) -> Sequence[bytes | None]:
        """Return what is stored with some postings of a block."""
        if len(chosen) * _SPARSE < len(block.documents):
            held = blocks.values_at(block, chosen)
            if held is not None:
                return held
        values = self._values(block)
        return [values[place] for place in chosen]

    def places(self, value: bytes | None) -> list[int]:
        """Return the positions that a value of a text field holds."""
        try:
            return blocks.positions(value or b"")
        except ValueError as error:
            self._file.fail(error)


def _places_in(documents: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """Return where those of ``wanted`` stand that are there; both ascend."""
    if len(wanted) * _SPARSE < len(documents):
        found = ((bisect_left(documents, document), document) for document in wanted)
        return [place for place, document in found if documents[place] == document]
    held = set(wanted)
    return [place for place, document in enumerate(documents) if document in held]
