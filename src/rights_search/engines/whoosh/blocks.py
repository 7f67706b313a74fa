"""Posting blocks as bytes: document numbers, weights and values of up to some hundred postings.

A block is a pickle of a tuple of three. Those that `encoding` writes have one shape, which is
matched as bytes: the numbers come out of it at the speed of `re`, and no value is made that is
not asked for. Blocks of another shape, such as those of stock Whoosh, are read by `pickles`.
Every function raises `ValueError` for what is no block, or contradicts its heading.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import isfinite
from re import DOTALL, Pattern
from typing import Any

from rights_search.engines.whoosh import pickles
from rights_search.patterns import late
from rights_search.values import NamedTuple, dataclass

MAX_BLOCK_BYTES = 4 * 1024 * 1024
"""No block is longer, also when it is inflated."""

INT = rb"(?:K.|M..|J.{4})"
"""Pattern of the instruction of a pickle that pushes a number: see `pushed_number`."""

_HEADING = late(rb"\((%b)(%b)(%b)K(.)K(.)K(.)t\." % (INT, INT, INT), DOTALL)
_DOCUMENTS = late(rb"\((%b)(%b*)t" % (INT, INT), DOTALL)
_LIST = rb".{4}\x80\x02\]q\x00(?:%ba|\(%b+e)\." % (INT, INT)
_VALUES_ALONE = late(rb"C.(%b)|B.{4}(%b)" % (_LIST, _LIST), DOTALL)
_VALUES = late(rb"C.%b|B.{4}%b" % (_LIST, _LIST), DOTALL)
_ONE_LIST = late(rb".{4}\x80\x02\]q\x00(?:(%b)a|\((%b+)e)\." % (INT, INT), DOTALL)
_INTS = late(INT, DOTALL)
_MAX_BYTE, _MAX_TWO_BYTES = 0xFF, 0xFFFF


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands in front of a block.

    Args:
        count: of its postings.
        last: the last document number.
        max_weight: of its postings.
        is_deflated: True if the block is.
        min_length, max_length: the length codes of its documents.
        size: bytes of the heading.
    """

    count: int
    last: int
    max_weight: float
    is_deflated: bool
    min_length: int
    max_length: int
    size: int


@dataclass(frozen=True, slots=True)
class Block:
    """The postings of a block.

    Args:
        documents: their numbers, ascending.
        weights: of each document.
        data: the inflated block, for `values`.
        place: where the values begin in it; -1 if ``data`` has another shape than ours.
    """

    documents: Sequence[int]
    weights: Sequence[float]
    data: bytes
    place: int


class Piece(NamedTuple):
    """Postings that stand together, packed but for where they stand.

    Args:
        size: how many there are.
        first: the first document.
        gaps: differences between documents, as bytes if each fits into one.
        last: the last document.
        weights: of each; as bytes if each fits into one; None if all are 1.
        values: what is stored with them: instructions that push it if its size varies, else as
            it is.
        codes: the least and the greatest length code.
    """

    size: int
    first: int
    gaps: Sequence[int]
    last: int
    weights: Sequence[float] | None
    values: bytes
    codes: tuple[int, int]


def heading(data: bytes) -> Heading:
    """Return the heading that ``data`` begins with."""
    match = _HEADING.match(data)
    if match is not None:
        count, last, weight, level, shortest, longest = match.groups()
        return _checked(
            number_in(count), number_in(last), number_in(weight), level[0], shortest[0],
            longest[0], match.end(),
        )  # fmt: skip
    found, end = pickles.load_from(data, 0)
    match found:
        case (int(count), int(last), float() | int() as weight, int(level), int(low), int(high)):
            return _checked(count, last, weight, level, low, high, end)
        case _:
            raise ValueError("a block has no heading")


def _checked(  # noqa: PLR0913, PLR0917 - a heading's parts in its order
    count: int, last: int, weight: float, level: int, shortest: int, longest: int, size: int
) -> Heading:
    if count < 1 or last < count - 1 or not 0 <= shortest <= longest <= _MAX_BYTE:
        raise ValueError("a block's heading contradicts itself")
    return Heading(count, last, weight, bool(level), shortest, longest, size)


def block(data: bytes, head: Heading) -> Block:
    """Return the postings of an inflated block.

    Args:
        data: its bytes.
        head: what its heading says.
    """
    found = _fast(data, head.count) or _slow(data, head.count)
    documents = found.documents
    if (
        len(documents) != head.count
        or len(found.weights) != head.count
        or documents[0] < 0
        or documents[-1] != head.last
    ):
        raise ValueError("a block does not hold what its heading says")
    if not (min(found.weights) > 0 and isfinite(sum(found.weights))):
        raise ValueError("a block has weights that are none")
    return found


def _fast(data: bytes, count: int) -> Block | None:
    """Return the postings of a block of our own shape, None for another one."""
    parts = _parts(data)
    if parts is None:
        return None
    deltas, weights, place = parts
    return Block(_summed(deltas), (1,) * count if weights is None else weights, data, place)


def _parts(data: bytes) -> tuple[Sequence[int], bytes | None, int] | None:
    """Return differences, weights, and where values begin, of a block of our own shape."""
    deltas: Sequence[int]
    short = _bytes_at(data, 0)
    if short is not None:
        deltas, place = short
    else:
        match = _DOCUMENTS.match(data)
        if match is None:
            return None
        first, others = match.groups()
        deltas, place = [number_in(first), *_numbers(others)], match.end()
    if data[place : place + 1] == b"N":
        return deltas, None, place + 1
    short = _bytes_at(data, place)
    return None if short is None else (deltas, *short)


def piece(data: bytes, head: Heading, value_bytes: int | None) -> Piece | None:
    """Return the postings of an inflated block of our own shape, None for another one.

    It is checked as `block` and `values` do.

    Args:
        data: its bytes.
        head: what its heading says.
        value_bytes: length of each value, None if they vary.
    """
    parts = _parts(data)
    if parts is None:
        return None
    deltas, weights, place = parts
    values = _values_in_one(data, place, head.count, value_bytes)
    if values is None:
        return None
    gaps = deltas[1:]
    if (
        len(deltas) != head.count
        or deltas[0] < 0
        or min(gaps, default=1) < 1
        or sum(deltas) != head.last
        or (weights is not None and (len(weights) != head.count or not min(weights)))
    ):
        raise ValueError("a block does not hold what its heading says")
    codes = (head.min_length, head.max_length)
    return Piece(head.count, deltas[0], gaps, head.last, weights, values, codes)


def _values_in_one(data: bytes, place: int, count: int, size: int | None) -> bytes | None:
    """Return the values that begin at a place of a block, None for another shape than ours."""
    if size is None:
        found = _instructions(data, place)
        return data[place + 1 : -3] if found is not None and len(found) == count else None
    if not size:
        return b"" if data[place:] == b"N\x87." else None
    short = _bytes_at(data, place)
    if short is None or data[short[1] :] != b"\x87." or len(short[0]) != size * count:
        return None
    return short[0]


def _summed(deltas: Sequence[int]) -> tuple[int, ...]:
    if not deltas or min(deltas[1:], default=1) < 1:
        raise ValueError("documents are not in order")
    return tuple(accumulate(deltas))


def _bytes_at(data: bytes, place: int) -> tuple[bytes, int] | None:
    """Return the string that an instruction at ``place`` pushes, and the place behind it."""
    match data[place : place + 1]:
        case b"C":
            start = place + 2
            size = int.from_bytes(data[place + 1 : start], "little")
        case b"B":
            start = place + 5
            size = int.from_bytes(data[place + 1 : start], "little")
        case _:
            return None
    end = start + size
    if end >= len(data):
        raise ValueError("a block is cut short")
    return data[start:end], end


def _slow(data: bytes, count: int) -> Block:
    match pickles.loads(data):
        case (tuple() as deltas, weights, _) if deltas and _are(deltas, int):
            pass
        case (bytes() as deltas, weights, _):
            pass
        case _:
            raise ValueError("a block is none")
    match weights:
        case None:
            weights = (1,) * count
        case float():
            weights = (weights,) * count
        case tuple() if _are(weights, float):
            pass
        case bytes():
            pass
        case _:
            raise ValueError("a block has no weights")
    return Block(_summed(deltas), weights, data, -1)


def values(found: Block, value_size: int | None) -> Sequence[bytes | None]:
    """Return what is stored with each posting, None for nothing.

    Args:
        found: the block.
        value_size: bytes of each value if all are of one size, else None or -1.
    """
    count = len(found.documents)
    kept = _fast_values(found) if value_size is None or value_size < 0 else None
    if kept is None:
        _, _, kept = pickles.loads(found.data)
    if kept is None and value_size == 0:
        return (None,) * count
    if isinstance(kept, bytes) and value_size and value_size > 0:
        kept = [kept[start : start + value_size] for start in range(0, len(kept), value_size)]
    if not isinstance(kept, list | tuple) or len(kept) != count or not _are(kept, bytes):
        raise ValueError("a block's values are not those of its postings")
    return kept


def _fast_values(found: Block) -> list[bytes] | None:
    """Return the values of a block of our own shape, None for another one."""
    pairs = _found(found.data, found.place, _VALUES_ALONE)
    if pairs is None:
        return None
    kept = [short or long for short, long in pairs]
    # Each value stands behind two bytes or five, and nothing stands between.
    heads = 2 * len(kept) + 3 * sum(len(value) > _MAX_BYTE for value in kept)
    return kept if heads + sum(map(len, kept)) == len(found.data) - found.place - 4 else None


def values_at(found: Block, chosen: Sequence[int]) -> list[bytes] | None:
    """Return the values of some postings of a block of our own shape, None for another one.

    Those before are passed over by their lengths, and what stands behind is not looked at.

    Args:
        found: the block.
        chosen: which postings, ascending.
    """
    data, end = found.data, found.place + 1
    kept: list[bytes] = []
    number = start = 0
    for wanted in chosen:
        for _ in range(number, wanted + 1):
            # The instructions that push a string, of one byte's length or of four bytes'.
            kind = data[end : end + 2]
            if kind[:1] == b"C" and len(kind) > 1:
                start = end + 2
                end = start + kind[1]
            elif kind[:1] == b"B":
                start = end + 5
                end = start + int.from_bytes(data[end + 1 : start], "little")
            else:
                return None
        if end >= len(data):
            return None
        kept.append(data[start:end])
        number = wanted + 1
    return kept


def instructions(found: Block) -> list[bytes] | None:
    """Return what pushes the values of a block of our own shape, None for another one."""
    return _instructions(found.data, found.place)


def _instructions(data: bytes, place: int) -> list[bytes] | None:
    kept = _found(data, place, _VALUES)
    is_all = kept is not None and sum(map(len, kept)) == len(data) - place - 4
    return kept if is_all else None


def _found(data: bytes, place: int, pattern: Pattern[bytes]) -> list[Any] | None:
    """Return what a pattern finds of each value behind a place, None for another shape."""
    if place < 0 or data[place : place + 1] != b"(" or data[-3:] != b"t\x87.":
        return None
    return pattern.findall(data, place + 1, len(data) - 3)


def positions(value: bytes) -> list[int]:
    """Return the positions in a document that a posting's value holds."""
    match = _ONE_LIST.fullmatch(value)
    if match is not None:
        single, several = match.groups()
        if single:
            return [number_in(single)]
        deltas = _numbers(several)
    else:
        deltas = pickles.loads(value[4:])
        if not isinstance(deltas, list) or not deltas or not _are(deltas, int):
            raise ValueError("a posting has no positions")
    if deltas[0] < 0 or min(deltas) < 0:
        raise ValueError("positions are not in order")
    return list(accumulate(deltas))


def pushed(value: bytes) -> bytes:
    """Return the instruction of a pickle that pushes a string of bytes."""
    if len(value) <= _MAX_BYTE:
        return b"C%c%b" % (len(value), value)
    return b"B" + len(value).to_bytes(4, "little") + value


def pushed_number(value: int) -> bytes:
    """Return the instruction of a pickle that pushes a number of 32 bits."""
    if 0 <= value <= _MAX_BYTE:
        return b"K%c" % value
    if 0 <= value <= _MAX_TWO_BYTES:
        return b"M" + value.to_bytes(2, "little")
    return b"J" + value.to_bytes(4, "little", signed=True)


def _numbers(run: bytes) -> Sequence[int]:
    """Return the numbers of a run of instructions that each push one."""
    if run[::2] == b"K" * (len(run) // 2):
        return run[1::2]
    return [number_in(one) for one in _INTS.findall(run)]


def number_in(one: bytes) -> int:
    """Return the number that an instruction pushes."""
    return int.from_bytes(one[1:], "little", signed=one[:1] == b"J")


def _are(items: Sequence[Any], kind: type) -> bool:
    return all(type(item) is kind for item in items)
