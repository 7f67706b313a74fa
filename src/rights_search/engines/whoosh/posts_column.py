"""The column of stored posts: deflated in blocks of many, any of them found at once.

It is Whoosh's ``CompressedBlockColumn``: blocks of documents, each behind a pickle that says
which documents it holds, how long it is, and how long each value. Whoosh reads all of these
before it reads a value; so behind the last block stands one more of no documents, which Whoosh
passes over, and which says where each block begins. Where it is missing, as in what Whoosh
itself has merged, the blocks are walked through once.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from re import DOTALL

from rights_search.engines.whoosh import pickles
from rights_search.engines.whoosh.blocks import INT, number_in, pushed_number
from rights_search.engines.whoosh.files import IndexFile
from rights_search.engines.whoosh.inflating import inflated
from rights_search.patterns import late

BLOCK_BYTES = 64 * 1024
"""A block is closed when it is as long: twice what DEFLATE looks back."""

MAX_POST_BYTES = 256 * 1024 * 1024
"""The stored form of a post is no longer."""

_MAX_KEPT_BYTES = 4 * 1024 * 1024
"""Inflated blocks of so many bytes are kept; a longer one is not."""

_LEVEL = 3
"""4 would take a quarter more time, and save 5 %."""
_END = struct.Struct("!4sq")
_MAGIC = b"RSPB"
_HEADER_BYTES, _MAX_HEADER_BYTES = 4 * 1024, 1024 * 1024
_HEADER = late(rb"\((%b)(%b)(%b)\(((?:%b%b\x86)*)tt\." % (5 * (INT,)), DOTALL)
_PAIR = late(rb"(%b)(%b)\x86" % (INT, INT), DOTALL)


class PostsWriter:
    """Writes the column.

    Args:
        write: takes bytes, in order.
    """

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._place = 0
        self._first = 0
        self._count = 0
        self._values: list[bytes] = []
        self._bytes = 0
        self._firsts = array("Q")
        self._places = array("Q")

    def add(self, value: bytes) -> None:
        """Add the value of the next document."""
        self._values.append(value)
        self._bytes += len(value)
        self._count += 1
        if self._bytes >= BLOCK_BYTES:
            self._close_block()

    def finish(self) -> None:
        """Write what is left, and where each block begins."""
        if self._values:
            self._close_block()
        place = self._place
        count = len(self._firsts)
        packed = struct.pack(f"!{2 * count}Q", *self._firsts, *self._places)
        # What stands behind the end of the deflated bytes is ignored when they are inflated.
        index = zlib.compress(packed, _LEVEL) + _END.pack(_MAGIC, place)
        self._emit(_header(self._count, self._count - 1, len(index), ()), index)

    def _close_block(self) -> None:
        block = zlib.compress(b"".join(self._values), _LEVEL)
        self._firsts.append(self._first)
        self._places.append(self._place)
        lengths = list(enumerate(map(len, self._values), self._first))
        self._emit(_header(self._first, self._count - 1, len(block), lengths), block)
        self._first = self._count
        self._values.clear()
        self._bytes = 0

    def _emit(self, header: bytes, block: bytes) -> None:
        self._write(header)
        self._write(block)
        self._place += len(header) + len(block)


def _header(first: int, last: int, size: int, lengths: Sequence[tuple[int, int]]) -> bytes:
    pairs = b"".join(
        b"%b%b\x86" % (pushed_number(number), pushed_number(held)) for number, held in lengths
    )
    return b"(%b%b%b(%btt." % (
        pushed_number(first),
        pushed_number(last),
        pushed_number(size),
        pairs,
    )


class Posts:
    """Reads the column; also one that Whoosh has written.

    Args:
        file: all of its bytes.
        count: of the documents.
    """

    def __init__(self, file: IndexFile, count: int) -> None:
        self._file = file
        self._count = count
        self._firsts, self._places = self._index() or self._walk()
        self._kept: OrderedDict[int, dict[int, bytes]] = OrderedDict()
        self._kept_bytes = 0

    def __getitem__(self, document: int) -> bytes:
        number = bisect_right(self._firsts, document) - 1
        return b"" if number < 0 else self._values(number).get(document, b"")

    def __iter__(self) -> Iterator[bytes]:
        return (self[document] for document in range(self._count))

    def _values(self, number: int) -> dict[int, bytes]:
        """Return document → value of a block."""
        values = self._kept.pop(number, None)
        if values is None:
            values = self._read(self._places[number], self._firsts[number])
            size = sum(map(len, values.values()))
            if size > _MAX_KEPT_BYTES:
                return values
            self._kept_bytes += size
        self._kept[number] = values
        while self._kept_bytes > _MAX_KEPT_BYTES:
            _, gone = self._kept.popitem(last=False)
            self._kept_bytes -= sum(map(len, gone.values()))
        return values

    def _read(self, place: int, first: int) -> dict[int, bytes]:
        found, _, size, lengths, start = self._header_at(place)
        documents = [document for document, _ in lengths]
        if found != first or documents != sorted(set(documents)) or documents[:1] != [first]:
            self._file.fail("has a block of posts that is not where it should be")
        ends = list(accumulate(length for _, length in lengths))
        try:
            data = inflated(self._file.get(start, size), MAX_POST_BYTES + BLOCK_BYTES)
        except ValueError as error:
            self._file.fail(f"a block of posts cannot be read: {error}")
        if min(length for _, length in lengths) < 0 or ends[-1] != len(data):
            self._file.fail("has a block of posts of another length")
        values = map(data.__getitem__, map(slice, [0, *ends], ends))
        return dict(zip(documents, values, strict=True))

    def _header_at(self, place: int) -> tuple[int, int, int, list[tuple[int, int]], int]:
        """Return first and last document of a block, its size, lengths, and where it begins."""
        file = self._file
        reason: object = None
        # The short one does for most; the long one, for each block of a crafted file of ten
        # megabytes, would be hundreds of gigabytes.
        for most in (_HEADER_BYTES, _MAX_HEADER_BYTES):
            data = file.get(place, min(most, file.length - place))
            try:
                first, last, size, lengths, end = _heading(data)
            except ValueError as error:
                reason = error
            else:
                return first, last, size, lengths, place + end
        return file.fail(reason)

    def _index(self) -> tuple[Sequence[int], Sequence[int]] | None:
        """Return the first document and the place of each block; None if nothing says them."""
        file = self._file
        if file.length < _END.size:
            return None
        magic, place = file.unpack(_END, file.length - _END.size)
        if magic != _MAGIC or not 0 <= place < file.length:
            return None
        _, _, size, _, start = self._header_at(place)
        if start + size != file.length:
            return None
        try:
            packed = inflated(file.get(start, size - _END.size), 16 * (self._count + 1))
            numbers = struct.unpack(f"!{len(packed) // 8}Q", packed)
        except (ValueError, struct.error) as error:
            file.fail(f"the list of its blocks cannot be read: {error}")
        half = len(numbers) // 2
        firsts, places = numbers[:half], numbers[half:]
        if len(firsts) != len(places) or list(firsts) != sorted(set(firsts)):
            file.fail("the list of its blocks is none")
        return firsts, places

    def _walk(self) -> tuple[Sequence[int], Sequence[int]]:
        firsts, places = array("Q"), array("Q")
        place = 0
        while place < self._file.length:
            first, last, size, lengths, start = self._header_at(place)
            if size < 0 or first < 0 or last >= self._count:
                self._file.fail("has a block of posts that are not there")
            if lengths:
                if firsts and first <= firsts[-1]:
                    self._file.fail("has blocks of posts that are not in order")
                firsts.append(first)
                places.append(place)
            place = start + size
        return firsts, places


def _heading(data: bytes) -> tuple[int, int, int, list[tuple[int, int]], int]:
    """Return what the heading of a block says, which ``data`` begins with, and its length.

    Raises:
        ValueError: if it is none, or longer than ``data``.
    """
    match = _HEADER.match(data)
    if match is not None:
        first, last, size, pairs = match.groups()
        lengths = [(number_in(one), number_in(two)) for one, two in _PAIR.findall(pairs)]
        return number_in(first), number_in(last), number_in(size), lengths, match.end()
    found, end = pickles.load_from(data, 0)
    match found:
        case (int(start), int(behind), int(length), tuple(held)) if all(map(_is_pair, held)):
            return start, behind, length, list(held), end
        case _:
            raise ValueError("has a block of posts without a heading")


def _is_pair(value: object) -> bool:
    return (
        isinstance(value, tuple) and len(value) == 2 and {*map(type, value)} == {int}  # noqa: PLR2004
    )
