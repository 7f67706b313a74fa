"""Postings → the bytes of Whoosh's posting blocks and of a term's row: see `blocks` for reading.

A block is a pickle of document numbers, weights and values. It is put together here as bytes,
of pieces that are made once: for an object a posting, as `pickle` takes them, most of the time
would be spent. Differences between document numbers, and weights, are strings of bytes where
they fit into one each: Whoosh only iterates over them. Nothing is memoised, for a repeated value
compresses better than a reference to it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from itertools import accumulate
from operator import sub
from pickle import dumps

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3TermInfo

from rights_search.values import dataclass

BLOCK_POSTINGS = 512
"""Postings in one block: four times those of stock Whoosh take a fifth less room."""

_LEVEL = 6
_MIN_COMPRESSED_BYTES = 80
"""A smaller block costs more time to inflate than it saves in space."""

_UINT = struct.Struct("!I")
_INT = struct.Struct("!i")
_EXTENT = struct.Struct("!qi")
_MAX_BYTE = 255


@dataclass(frozen=True, slots=True)
class Postings:
    """The postings of one term.

    Args:
        documents: their numbers, ascending.
        weights: how often the term stands in each; None for once everywhere.
        values: what is stored with each, as an instruction of a pickle for a format whose
            values vary in length, else as it is; None for nothing.
    """

    documents: Sequence[int]
    weights: Sequence[float] | None
    values: Sequence[bytes] | None


class _Numbers(dict[int, bytes]):
    """Number → the instruction of a pickle that pushes it."""

    def __missing__(self, number: int) -> bytes:
        if number <= _MAX_BYTE:
            made = b"K%c" % number
        elif number <= 0xFFFF:  # noqa: PLR2004 - what two bytes hold
            return b"M" + number.to_bytes(2, "little")
        else:
            return b"J" + number.to_bytes(4, "little", signed=True)
        self[number] = made
        return made


class _SinglePositions(dict[int, bytes]):
    """Position → the value of a posting that has no other: most are of this kind."""

    def __missing__(self, position: int) -> bytes:
        value = pushed(_UINT.pack(1) + b"\x80\x02]q\x00%ba." % _NUMBERS[position])
        if position < _KEPT_POSITIONS:
            self[position] = value
        return value


_KEPT_POSITIONS = 20_000
_NUMBERS = _Numbers()
_SINGLE_POSITIONS = _SinglePositions()


def pushed(value: bytes) -> bytes:
    """Return the instruction of a pickle that pushes a string of bytes."""
    if len(value) <= _MAX_BYTE:
        return b"C%c%b" % (len(value), value)
    return b"B" + struct.pack("<I", len(value)) + value


def with_positions(
    documents: Sequence[int], counts: Sequence[int] | None, positions: Sequence[int]
) -> Postings:
    """Return postings whose values are positions, as Whoosh's ``Positions`` encodes them.

    Args:
        documents: their numbers.
        counts: positions in each; None for one each.
        positions: of all documents, ascending in each.
    """
    if counts is None:
        return Postings(documents, None, list(map(_SINGLE_POSITIONS.__getitem__, positions)))
    ends = accumulate(counts)
    values = [
        _SINGLE_POSITIONS[positions[end - 1]]
        if count == 1
        else _several(positions[end - count : end])
        for count, end in zip(counts, ends, strict=True)
    ]
    return Postings(documents, counts, values)


def _several(positions: Sequence[int]) -> bytes:
    deltas = map(_NUMBERS.__getitem__, map(sub, positions[1:], positions))
    numbers = _NUMBERS[positions[0]] + b"".join(deltas)
    return pushed(_UINT.pack(len(positions)) + b"\x80\x02]q\x00(%be." % numbers)


def with_counts(documents: Sequence[int], counts: Sequence[int] | None) -> Postings:
    """Return postings whose values are counts, as Whoosh's ``Frequency`` encodes them."""
    values = [_UINT.pack(1)] * len(documents) if counts is None else list(map(_UINT.pack, counts))
    return Postings(documents, counts, values)


def encoded(
    postings: Postings, lengths: bytes | None, value_size: int | None, offset: int
) -> tuple[bytes, bytes]:
    """Return the blocks of a term, and its row in the table of terms.

    Args:
        postings: of the term.
        lengths: the length code of each document; None for a field without lengths.
        value_size: bytes of each value; negative or None if they vary in length.
        offset: where the blocks will stand in the file of postings.
    """
    documents, weights = postings.documents, postings.weights
    codes = None if lengths is None else bytes(map(lengths.__getitem__, documents))
    parts = [WHOOSH3_HEADER_MAGIC]
    count = len(documents)
    for start in range(0, count, BLOCK_POSTINGS):
        end = min(start + BLOCK_POSTINGS, count)
        held = None if weights is None else weights[start:end]
        data = b"%b%b%b\x87." % (
            _packed_documents(documents[start:end]),
            _packed_weights(held),
            _packed_values(postings.values and postings.values[start:end], value_size),
        )
        level = _LEVEL if len(data) >= _MIN_COMPRESSED_BYTES else 0
        if level:
            data = zlib.compress(data, level)
        shortest, longest = (0, 0) if codes is None else _range(codes[start:end])
        most = 1 if held is None else max(held)
        heading = _heading(end - start, documents[end - 1], most, level, shortest, longest)
        size = len(heading) + len(data)
        parts += (_INT.pack(-size if end == count else size), heading, data)
    blocks = b"".join(parts)
    shortest, longest = (0, 0) if codes is None else _range(codes)
    row: bytes = W3TermInfo._struct.pack(  # noqa: SLF001 - ``to_bytes`` without the object
        0,
        count if weights is None else sum(weights),
        count,
        shortest,
        longest,
        1 if weights is None else max(weights),
        documents[0],
        documents[-1],
    )
    return blocks, row + _EXTENT.pack(offset, len(blocks))


def _range(codes: bytes) -> tuple[int, int]:
    return min(codes), max(codes)


def _heading(  # noqa: PLR0913, PLR0917 - a heading's parts in its order
    count: int, last: int, most: float, level: int, shortest: int, longest: int
) -> bytes:
    if type(most) is not int:
        return dumps((count, last, most, level, shortest, longest), 2)
    return b"(%b%b%bK%cK%cK%ct." % (
        _NUMBERS[count], _NUMBERS[last], _NUMBERS[most], level, shortest, longest,
    )  # fmt: skip


def _packed_documents(documents: Sequence[int]) -> bytes:
    """Return the first number, and the others as differences."""
    deltas = [documents[0], *map(sub, documents[1:], documents)]
    if max(deltas) <= _MAX_BYTE:
        return pushed(bytes(deltas))
    return b"(%bt" % b"".join(map(_NUMBERS.__getitem__, deltas))


def _packed_weights(weights: Sequence[float] | None) -> bytes:
    """Return weights: nothing for all 1, bytes for counts, else what `pickle` makes of them."""
    if weights is None or (max(weights) == 1 == min(weights)):
        return b"N"
    if set(map(type, weights)) == {int} and max(weights) <= _MAX_BYTE:
        return pushed(bytes(weights))  # type: ignore[arg-type] # they are whole numbers
    return dumps(tuple(map(float, weights)), 2)[2:-1]


def _packed_values(values: Sequence[bytes] | None, size: int | None) -> bytes:
    if values is None or size == 0:
        return b"N"
    if size is None or size < 0:
        return b"(%bt" % b"".join(values)
    return pushed(b"".join(values))
