"""Posting blocks as bytes: document numbers, weights and values of up to 128 postings.

A block is a pickle of three tuples. Those that we write have one shape, which is matched as
bytes: the numbers come out of it at the speed of `re`, and no value is made that is not asked
for. Blocks of another shape (stock Whoosh writes an older protocol) are read by `pickles`.
Every function raises `ValueError` for what is no block, or contradicts its heading.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from itertools import accumulate
from math import isfinite
from typing import Any

from rights_search.engines.whoosh import pickles
from rights_search.values import dataclass

MAX_BLOCK_BYTES = 4 * 1024 * 1024
"""No block is longer, also when it is inflated."""

_INT = rb"(?:K.|M..|J.{4})"
_HEADING = re.compile(rb"\x80\x02\((%b)(%b)G(.{8})(K.)(K.)(K.)tq\x00\." % (_INT, _INT), re.DOTALL)
_BEGIN = re.compile(rb"\x80\x04(?:\x95.{8})?", re.DOTALL)
_DOCUMENTS = re.compile(rb"\(?(%b)(%b*)[t\x85\x86\x87]\x94" % (_INT, _INT), re.DOTALL)
_WEIGHTS = re.compile(rb"(N)|(G.{8})(?!G)|\(?((?:G.{8})+)[t\x86\x87]\x94", re.DOTALL)
_LIST = rb".{4}\x80\x02\]q\x00(?:%ba|\(%b+e)\." % (_INT, _INT)
_VALUES = re.compile(rb"(?:C.|B.{4})(%b)\x94|h(.)|j(.{4})" % _LIST, re.DOTALL)
_ONE_LIST = re.compile(rb".{4}\x80\x02\]q\x00(?:(%b)a|\((%b+)e)\." % (_INT, _INT), re.DOTALL)
_INTS = re.compile(_INT, re.DOTALL)
_DOUBLE = struct.Struct(">d")
_MAX_BYTE = 255


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
        place: where the values begin in it.
        memo: how many values were memoised before them; -1 if ``data`` has another shape.
    """

    documents: Sequence[int]
    weights: Sequence[float]
    data: bytes
    place: int
    memo: int


def heading(data: bytes) -> Heading:
    """Return the heading that ``data`` begins with."""
    match = _HEADING.match(data)
    if match is not None:
        count, last, weight, level, shortest, longest = match.groups()
        return _checked(
            _number(count), _number(last), _DOUBLE.unpack(weight)[0], level[1], shortest[1],
            longest[1], match.end(),
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
    begin = _BEGIN.match(data)
    documents = begin and _DOCUMENTS.match(data, begin.end())
    weights = documents and _WEIGHTS.match(data, documents.end())
    if not documents or not weights:
        return None
    first, others = documents.groups()
    deltas = _numbers(others)
    if deltas and min(deltas) < 1:
        raise ValueError("documents are not in order")
    nothing, one, several = weights.groups()
    if several:
        values: Sequence[float] = struct.unpack(f">{'xd' * (len(several) // 9)}", several)
    else:
        values = (1.0 if nothing else _DOUBLE.unpack(one[1:])[0],) * count
    numbers = tuple(accumulate(deltas, initial=_number(first)))
    return Block(numbers, values, data, weights.end(), 2 if several else 1)


def _slow(data: bytes, count: int) -> Block:
    match pickles.loads(data):
        case (tuple() as deltas, weights, _) if deltas and _are(deltas, int):
            pass
        case _:
            raise ValueError("a block is none")
    if min(deltas[1:], default=1) < 1:
        raise ValueError("documents are not in order")
    match weights:
        case None:
            weights = (1.0,) * count
        case float():
            weights = (weights,) * count
        case tuple() if _are(weights, float):
            pass
        case _:
            raise ValueError("a block has no weights")
    return Block(tuple(accumulate(deltas)), weights, data, 0, -1)


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
    if found.memo < 0:
        return None
    data = found.data
    start = found.place + (data[found.place : found.place + 1] == b"(")
    kept: list[bytes] = []
    memo = []
    end = start
    for match in _VALUES.finditer(data, start):
        if match.start() != end:
            break
        value, short, long = match.groups()
        if value is not None:
            memo.append(value)
        else:
            number = int.from_bytes(short or long, "little") - found.memo
            if not 0 <= number < len(memo):
                return None
            value = memo[number]
        kept.append(value)
        end = match.end()
    return kept if len(kept) == len(found.documents) else None


def positions(value: bytes) -> list[int]:
    """Return the positions in a document that a posting's value holds."""
    match = _ONE_LIST.fullmatch(value)
    if match is not None:
        single, several = match.groups()
        if single:
            return [_number(single)]
        deltas = _numbers(several)
    else:
        deltas = pickles.loads(value[4:])
        if not isinstance(deltas, list) or not deltas or not _are(deltas, int):
            raise ValueError("a posting has no positions")
    if deltas[0] < 0 or min(deltas) < 0:
        raise ValueError("positions are not in order")
    return list(accumulate(deltas))


def _numbers(run: bytes) -> Sequence[int]:
    """Return the numbers of a run of instructions that each push one."""
    count = len(run) // 2
    if run[::2] == b"K" * count and len(run) == 2 * count:
        return run[1::2]
    return [_number(one) for one in _INTS.findall(run)]


def _number(one: bytes) -> int:
    return int.from_bytes(one[1:], "little", signed=one[:1] == b"J")


def _are(items: Sequence[Any], kind: type) -> bool:
    return all(type(item) is kind for item in items)
