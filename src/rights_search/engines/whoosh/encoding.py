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
from typing import NamedTuple

from rights_search.engines.whoosh.blocks import pushed, pushed_number
from rights_search.engines.whoosh.layout import MAGIC
from rights_search.engines.whoosh.library import W3TermInfo

BLOCK_POSTINGS = 512
"""Postings in one block: four times those of stock Whoosh take a fifth less room."""

_LEVEL = 1
"""4 would take a third more time, and save 7 %."""
_MIN_COMPRESSED_BYTES = 80
"""A smaller block costs more time to inflate than it saves in space."""

_UINT = struct.Struct("!I")
_INT = struct.Struct("!i")
_MAX_BYTE = 255


class Postings(NamedTuple):
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
        made = pushed_number(number)
        if number <= _MAX_BYTE:
            self[number] = made
        return made


class _SinglePositions(dict[int, bytes]):
    """Position → the value of a posting that has no other: most are of this kind."""

    def __missing__(self, position: int) -> bytes:
        value = pushed(b"\0\0\0\1\x80\x02]q\x00%ba." % _NUMBERS[position])
        if position < _KEPT_POSITIONS:
            self[position] = value
        return value


class _Counts(dict[int, bytes]):
    """Number of occurrences → its four bytes."""

    def __missing__(self, count: int) -> bytes:
        made = self[count] = _UINT.pack(count)
        return made


_KEPT_POSITIONS = 20_000
_COUNTS = _Counts()
_NUMBERS = _Numbers()
_SINGLE_POSITIONS = _SinglePositions()


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
    ends = list(accumulate(counts))
    deltas = [0, *map(sub, positions[1:], positions)]
    # That of the first position in a document is none, and not looked at.
    short = _short_pushes(deltas)
    values = [
        _SINGLE_POSITIONS[positions[end - 1]]
        if count == 1
        else _several(count, positions[end - count], short[2 * (end - count) + 2 : 2 * end])
        for count, end in zip(counts, ends, strict=True)
    ]
    if max(deltas) > _MAX_BYTE:
        for number, (count, end) in enumerate(zip(counts, ends, strict=True)):
            rest = deltas[end - count + 1 : end]
            if rest and max(rest) > _MAX_BYTE:
                values[number] = _several(count, positions[end - count], pushes(rest))
    return Postings(documents, counts, values)


def _several(count: int, first: int, others: bytes) -> bytes:
    """Return the value of a posting with several positions.

    Args:
        count: of them.
        first: the first one.
        others: instructions that push the differences between them.
    """
    number = _NUMBERS[first]
    size = len(number) + len(others) + 12
    if size <= _MAX_BYTE:
        head = _COUNTS[count]
        return b"C%c%b\x80\x02]q\x00(%b%be." % (size, head, number, others)
    return pushed(b"%b\x80\x02]q\x00(%b%be." % (_COUNTS[count], number, others))


def _short_pushes(numbers: Sequence[int]) -> bytes:
    """Return the instructions that push the last bytes of numbers, two bytes for each."""
    made = bytearray(b"K") * (2 * len(numbers))
    made[1::2] = bytes([number & _MAX_BYTE for number in numbers])
    return bytes(made)


def once(document: int, position: int) -> Postings:
    """Return the postings of a term that stands once in one document, with its position."""
    return Postings((document,), None, (_SINGLE_POSITIONS[position],))


def with_counts(documents: Sequence[int], counts: Sequence[int] | None) -> Postings:
    """Return postings whose values are counts, as Whoosh's ``Frequency`` encodes them."""
    values = map(_COUNTS.__getitem__, [1] * len(documents) if counts is None else counts)
    return Postings(documents, counts, list(values))


def encoded(
    postings: Postings, lengths: bytes | None, value_size: int | None
) -> tuple[bytes, bytes]:
    """Return the blocks of a term, and its row in the table of terms but for where they stand.

    Args:
        postings: of the term.
        lengths: the length code of each document; None for a field without lengths.
        value_size: bytes of each value; negative or None if they vary in length.
    """
    documents, weights = postings.documents, postings.weights
    if len(documents) == 1 and weights is None:
        return _encoded_one(documents[0], postings.values, lengths, value_size)
    codes = None if lengths is None else bytes(map(lengths.__getitem__, documents))
    count = len(documents)
    blocks: list[bytes] = []
    for start in range(0, count, BLOCK_POSTINGS):
        end = min(start + BLOCK_POSTINGS, count)
        held = None if weights is None else weights[start:end]
        shortest, longest = (0, 0) if codes is None else _range(codes[start:end])
        blocks.append(
            block(
                _packed_documents(documents[start:end]),
                packed_weights(held),
                _packed_values(postings.values and postings.values[start:end], value_size),
                (end - start, documents[end - 1], 1 if held is None else max(held)),
                (shortest, longest),
            )
        )
    shortest, longest = (0, 0) if codes is None else _range(codes)
    return joined(blocks), row(
        count if weights is None else sum(weights),
        count,
        shortest,
        longest,
        1 if weights is None else max(weights),
        documents[0],
        documents[-1],
    )


def row(  # noqa: PLR0913, PLR0917 - a row's parts in its order
    total: float, count: int, shortest: int, longest: int, most: float, first: int, last: int
) -> bytes:
    """Return the row of a term, without where its blocks stand.

    Args:
        total: how often it stands in the segment.
        count: how many documents hold it.
        shortest: the least length code of these.
        longest: the greatest.
        most: how often it stands in one of them, at most.
        first: the first of them.
        last: the last.
    """
    packed: bytes = W3TermInfo._struct.pack(  # noqa: SLF001 - ``to_bytes`` without the object
        0, total, count, shortest, longest, most, first, last
    )
    return packed


def block(
    documents: bytes,
    weights: bytes,
    values: bytes,
    numbers: tuple[int, int, float],
    codes: tuple[int, int],
) -> bytes:
    """Return a block with its heading.

    Args:
        documents: an instruction that pushes the first number, and the others as differences.
        weights: one that pushes them.
        values: one that pushes them.
        numbers: how many postings it has, the last document, the greatest weight.
        codes: the least and the greatest length code.
    """
    data = b"%b%b%b\x87." % (documents, weights, values)
    if len(data) >= _MIN_COMPRESSED_BYTES:
        return _heading(*numbers, _LEVEL, *codes) + zlib.compress(data, _LEVEL)
    return _heading(*numbers, 0, *codes) + data


def joined(blocks: Sequence[bytes]) -> bytes:
    """Return the blocks of a term as they stand in the file of postings."""
    *others, last = blocks
    parts = [MAGIC]
    for each in others:
        parts += (_INT.pack(len(each)), each)
    parts += (_INT.pack(-len(last)), last)
    return b"".join(parts)


def _encoded_one(
    document: int, values: Sequence[bytes] | None, lengths: bytes | None, value_size: int | None
) -> tuple[bytes, bytes]:
    """Return what `encoded` does for a term that stands once in one document: most do."""
    code = 0 if lengths is None else lengths[document]
    blocks = once_joined(_NUMBERS[document], code, _packed_values(values, value_size))
    return blocks, row(1, 1, code, code, 1, document, document)


def once_joined(number: bytes, code: int, value: bytes) -> bytes:
    """Return the one block of a term that stands once in one document: see `joined`.

    Args:
        number: an instruction that pushes the document.
        code: its length code.
        value: an instruction that pushes what is stored with it.
    """
    body = b"(K\1%bK\1K\0K%cK%ct.(%btN%b\x87." % (number, code, code, number, value)
    return b"%b%b%b" % (MAGIC, _INT.pack(-len(body)), body)


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
    return b"(%bt" % pushes(deltas)


def pushes(numbers: Sequence[int]) -> bytes:
    """Return the instructions that push numbers."""
    return b"".join(map(_NUMBERS.__getitem__, numbers))


def packed_weights(weights: Sequence[float] | None) -> bytes:
    """Return weights: nothing for all 1, bytes for counts, else what `pickle` makes of them."""
    short = None if weights is None else short_weights(weights)
    if short is None:
        return b"N"
    if type(short) is bytes:
        return pushed(short)
    return dumps(tuple(map(float, short)), 2)[2:-1]


def short_weights(weights: Sequence[float]) -> Sequence[float] | None:
    """Return weights in their shortest form: None for all 1, bytes for counts, else as they are."""
    most = max(weights)
    if most == 1 == min(weights):
        return None
    is_short = most <= _MAX_BYTE and set(map(type, weights)) == {int}
    return bytes(weights) if is_short else weights  # type: ignore[arg-type] # they are whole numbers


def _packed_values(values: Sequence[bytes] | None, size: int | None) -> bytes:
    if values is None or size == 0:
        return b"N"
    if size is None or size < 0:
        return b"(%bt" % b"".join(values)
    return pushed(b"".join(values))
