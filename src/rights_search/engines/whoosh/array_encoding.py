"""Terms of many documents → the same bytes as `encoding` makes, by NumPy and whole columns.

What is worked out posting by posting there is worked out here for some hundred thousand at
once: which tokens make a posting, differences, values, ranges of lengths. What is left for each
block is to put its pieces together. Where NumPy is not installed, nothing imports this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise, repeat
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from rights_search.engines.whoosh.blocks import pushed
from rights_search.engines.whoosh.encoding import (
    BLOCK_POSTINGS,
    block,
    joined,
    once_joined,
    packed_weights,
)
from rights_search.engines.whoosh.inverter import Inverted

if TYPE_CHECKING:
    from numpy.typing import NDArray

Ints: TypeAlias = "NDArray[np.int64]"
Bytes: TypeAlias = "NDArray[np.uint8]"

_RUN_TOKENS = 64_000
"""Terms are encoded in runs of about so many tokens, which take some 15 MB."""

_RANK_BITS = np.uint64(32)
_TOKEN_MASK = np.uint64(2**32 - 1)
_MAX_BYTE, _MAX_TWO_BYTES = 0xFF, 0xFFFF
_NUMBER_CODES = np.frombuffer(b"  KM J", np.uint8)
"""Length of an instruction that pushes a number → its first byte: see `blocks.pushed_number`."""

_POSITIONS_HEAD = b"\x80\x02]q\x00"
_ROW = np.dtype("u1, >f4, >u4, u1, u1, >f4, >u4, >u4")
"""A row of the table of terms: flag, occurrences, documents, the least and the greatest length
code, the greatest weight, the first and the last document."""


def encoded_field(
    inverted: Inverted, lengths: bytes | None, value_size: int | None
) -> Iterator[tuple[bytes, tuple[bytes, bytes]]]:
    """Do what `inverter.encoded_field` does."""
    terms = sorted(inverted.numbers)
    numbers = np.fromiter(map(inverted.numbers.__getitem__, terms), np.int64, len(terms))
    firsts_of_ranks = np.arange(len(terms) + 1, dtype=np.uint64) << _RANK_BITS
    ranks = np.empty(len(terms), np.uint64)
    ranks[numbers] = firsts_of_ranks[:-1]
    order = _in_order(np.frombuffer(inverted.tokens, np.uintc), ranks)
    ends = np.searchsorted(order, firsts_of_ranks[1:])
    counts = np.frombuffer(inverted.counts, np.uintc)
    places = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    starts = np.cumsum(counts, dtype=np.int64) - counts
    documents = np.frombuffer(inverted.documents, np.uintc).astype(np.int64)
    codes = None if lengths is None else np.frombuffer(lengths, np.uint8)
    first = begin = 0
    while first < len(terms):
        last = max(first + 1, int(np.searchsorted(ends, begin + _RUN_TOKENS, "right")))
        end = int(ends[last - 1])
        token = (order[begin:end] & _TOKEN_MASK).astype(np.int64)
        place = places[token]
        firsts = np.concatenate(([0], ends[first : last - 1] - begin))
        held = _postings(firsts, documents[place], token - starts[place], codes)
        names = (term.encode("utf-8") for term in terms[first:last])
        yield from zip(names, _encoded(held, value_size), strict=True)
        first, begin = last, end


def _in_order(tokens: NDArray[np.uintc], ranks: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the places of tokens, those of the first term first.

    Args:
        tokens: the number of each one's term.
        ranks: of each number: its place among all terms, shifted by 32 bits.

    Returns:
        The rank of each one's term, and its place in the lower 32 bits.
    """
    order = np.empty(len(tokens), np.uint64)
    # A run at a time: of all tokens each step would make another array, of eight bytes for each.
    for begin in range(0, len(tokens), _RUN_TOKENS):
        run = order[begin : begin + _RUN_TOKENS]
        places = np.arange(begin, begin + len(run), dtype=np.uint64)
        np.bitwise_or(ranks[tokens[begin : begin + len(run)]], places, out=run)
    # No two are equal, so the sort that is fastest keeps the tokens of a term in order.
    order.sort()
    return order


class _Postings(NamedTuple):
    """The postings of some terms.

    Args:
        firsts: the first posting of each term.
        sizes: how many postings each term has.
        documents: of each posting.
        counts: how many tokens each posting has.
        positions: of all tokens.
        codes: the length code of each posting's document.
    """

    firsts: Ints
    sizes: Ints
    documents: Ints
    counts: Ints
    positions: Ints
    codes: Bytes


def _postings(firsts: Ints, documents: Ints, positions: Ints, codes: Bytes | None) -> _Postings:
    """Return the postings of tokens that are in order.

    Args:
        firsts: the first token of each term.
        documents: of each token.
        positions: of each token.
        codes: the length code of each document.
    """
    is_first = np.empty(len(documents), np.bool_)
    np.not_equal(documents[1:], documents[:-1], out=is_first[1:])
    is_first[firsts] = True
    tokens = np.flatnonzero(is_first)
    of_posting = documents[tokens]
    terms = np.searchsorted(tokens, firsts)
    return _Postings(
        terms,
        _sizes(terms, len(tokens)),
        of_posting,
        _sizes(tokens, len(documents)),
        positions,
        np.zeros(len(tokens), np.uint8) if codes is None else codes[of_posting],
    )


def _sizes(firsts: Ints, end: int) -> Ints:
    return np.diff(firsts, append=end)


def _encoded(held: _Postings, value_size: int | None) -> Iterator[tuple[bytes, bytes]]:
    """Yield blocks and row of each term."""
    rows = _rows(held)
    starts = range(0, len(rows), _ROW.itemsize)
    of_terms = (
        _ones(held, value_size) if len(held.positions) == len(starts) else _joined(held, value_size)
    )
    for blocks, start in zip(of_terms, starts, strict=True):
        yield blocks, rows[start : start + _ROW.itemsize]


def _ones(held: _Postings, value_size: int | None) -> Iterator[bytes]:
    """Yield the blocks of terms each of which stands once in one document: ids are such."""
    count = len(held.documents)
    pushes, ends = _pushes(held.documents)
    numbers = map(pushes.__getitem__, map(slice, [0, *ends[:-1].tolist()], ends.tolist()))
    values = _packed_values(held, [*range(count + 1)], value_size)
    return map(once_joined, numbers, held.codes.tolist(), values)


def _joined(held: _Postings, value_size: int | None) -> Iterator[bytes]:
    """Yield the blocks of each term."""
    within = np.arange(len(held.documents)) - np.repeat(held.firsts, held.sizes)
    firsts = np.flatnonzero(within % BLOCK_POSTINGS == 0)
    edges = [*firsts.tolist(), len(held.documents)]
    blocks = map(
        block,
        _packed_documents(held, firsts, edges),
        _packed_weights(held, firsts, edges),
        _packed_values(held, edges, value_size),
        _numbers(held, firsts, edges),
        zip(*_ranges(held.codes, firsts), strict=True),
    )
    for count in ((held.sizes - 1) // BLOCK_POSTINGS + 1).tolist():
        yield joined(list(islice(blocks, count)))


def _packed_documents(held: _Postings, firsts: Ints, edges: list[int]) -> Iterator[bytes]:
    """Yield the first number of each block, and the others as differences."""
    deltas = np.diff(held.documents, prepend=0)
    deltas[firsts] = held.documents[firsts]
    # A term that stands once has another form there.
    is_once = np.zeros(len(held.documents), np.bool_)
    is_once[held.firsts] = (held.sizes == 1) & (held.counts[held.firsts] == 1)
    is_long = (np.maximum.reduceat(deltas, firsts) > _MAX_BYTE) | is_once[firsts]
    short = deltas.astype(np.uint8).tobytes()
    sizes = _sizes(firsts, len(deltas))
    pushes, ends = _pushes(deltas[np.repeat(is_long, sizes)])
    long_ends = np.cumsum(np.where(is_long, sizes, 0))
    long_edges = np.concatenate(([0], ends))[long_ends].tolist()
    long_spans = pairwise([0, *long_edges])
    for (start, end), (first, last), takes_more in zip(
        pairwise(edges), long_spans, is_long.tolist(), strict=True
    ):
        yield b"(%bt" % pushes[first:last] if takes_more else pushed(short[start:end])


def _packed_weights(held: _Postings, firsts: Ints, edges: list[int]) -> Iterator[bytes]:
    most = np.maximum.reduceat(held.counts, firsts).tolist()
    short = held.counts.astype(np.uint8).tobytes()
    for (start, end), greatest in zip(pairwise(edges), most, strict=True):
        if greatest == 1:
            yield b"N"
        elif greatest <= _MAX_BYTE:
            yield pushed(short[start:end])
        else:
            yield packed_weights(held.counts[start:end].tolist())


def _packed_values(held: _Postings, edges: list[int], size: int | None) -> Iterable[bytes]:
    if size == 0:
        return repeat(b"N", len(edges) - 1)
    if size is not None and size > 0:
        counts = held.counts.astype(">u4").tobytes()
        return (pushed(counts[size * start : size * end]) for start, end in pairwise(edges))
    values, ends = _position_values(held.positions, held.counts)
    spans = pairwise(np.concatenate(([0], ends))[edges].tolist())
    return (b"(%bt" % values[start:end] for start, end in spans)


def _numbers(held: _Postings, firsts: Ints, edges: list[int]) -> Iterator[tuple[int, int, int]]:
    sizes = _sizes(firsts, edges[-1])
    last = held.documents[firsts + sizes - 1]
    most = np.maximum.reduceat(held.counts, firsts)
    return zip(sizes.tolist(), last.tolist(), most.tolist(), strict=True)


def _ranges(codes: Bytes, firsts: Ints) -> tuple[list[int], list[int]]:
    least, most = np.minimum.reduceat(codes, firsts), np.maximum.reduceat(codes, firsts)
    return least.tolist(), most.tolist()


def _rows(held: _Postings) -> bytes:
    """Return the rows of all terms, one behind the other."""
    firsts = held.firsts
    rows = np.zeros(len(firsts), _ROW)
    columns: tuple[Any, ...] = (
        0,
        np.add.reduceat(held.counts, firsts),
        held.sizes,
        *_ranges(held.codes, firsts),
        np.maximum.reduceat(held.counts, firsts),
        held.documents[firsts],
        held.documents[firsts + held.sizes - 1],
    )
    for name, column in zip(_ROW.names or (), columns, strict=True):
        rows[name] = column
    return rows.tobytes()


def _position_values(positions: Ints, counts: Ints) -> tuple[bytes, Ints]:
    """Return what pushes the value of each posting: see `encoding.with_positions`.

    Args:
        positions: of all tokens.
        counts: how many of them each posting has.

    Returns:
        The instructions, one behind the other, and where each ends.
    """
    firsts = np.cumsum(counts) - counts
    numbers = np.diff(positions, prepend=0)
    numbers[firsts] = positions[firsts]
    sizes = _push_sizes(numbers)
    are_several = counts > 1
    # The count, the beginning of a list, a mark if it has several numbers, these, and two more.
    size = 4 + len(_POSITIONS_HEAD) + are_several + np.add.reduceat(sizes, firsts) + 2
    head = np.where(size > _MAX_BYTE, 5, 2)
    ends = np.cumsum(head + size)
    made = np.empty(int(ends[-1]), np.uint8)
    place = ends - size
    _put_heads(made, place, size)
    for shift in (24, 16, 8, 0):
        made[place] = counts >> shift
        place += 1
    for byte in _POSITIONS_HEAD:
        made[place] = byte
        place += 1
    made[place[are_several]] = ord("(")
    place += are_several
    before = np.cumsum(sizes) - sizes
    _put_pushes(made, np.repeat(place - before[firsts], counts) + before, numbers, sizes)
    made[ends - 2] = np.where(are_several, ord("e"), ord("a"))
    made[ends - 1] = ord(".")
    return made.tobytes(), ends


def _put_heads(made: Bytes, places: Ints, sizes: Ints) -> None:
    """Put before each string what pushes it: see `blocks.pushed`."""
    is_long = sizes > _MAX_BYTE
    short, sizes_of_short = places[~is_long], sizes[~is_long]
    made[short - 2], made[short - 1] = ord("C"), sizes_of_short
    long, sizes_of_long = places[is_long], sizes[is_long]
    made[long - 5] = ord("B")
    for number in range(4):
        made[long - 4 + number] = sizes_of_long >> (8 * number)


def _pushes(numbers: Ints) -> tuple[bytes, Ints]:
    """Return the instructions that push numbers, one behind the other, and where each ends."""
    sizes = _push_sizes(numbers)
    ends = np.cumsum(sizes)
    made = np.empty(int(sizes.sum()), np.uint8)
    _put_pushes(made, ends - sizes, numbers, sizes)
    return made.tobytes(), ends


def _push_sizes(numbers: Ints) -> Ints:
    return 2 + (numbers > _MAX_BYTE) + 2 * (numbers > _MAX_TWO_BYTES)


def _put_pushes(made: Bytes, places: Ints, numbers: Ints, sizes: Ints) -> None:
    made[places] = _NUMBER_CODES[sizes]
    made[places + 1] = numbers
    for number, least in ((1, _MAX_BYTE), (2, _MAX_TWO_BYTES), (3, _MAX_TWO_BYTES)):
        longer = np.flatnonzero(numbers > least)
        made[places[longer] + 1 + number] = numbers[longer] >> (8 * number)
