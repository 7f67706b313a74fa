"""Columns as Whoosh's own column writers write them, each made in one piece: see `columns`."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from rights_search.engines.whoosh.layout import Column
from rights_search.engines.whoosh.library import varint

MAX_REFERENCES = 65_535
"""A column of references has no more distinct values; of a segment none may have."""

_OFFSETS_FROM = 2**15
"""With more documents than this, a column of values says where each begins."""


def column(column: Column, values: Sequence[Any]) -> bytes:
    """Return a column.

    Args:
        column: what kind it is.
        values: one of each document.
    """
    match column.kind:
        case "numbers":
            return numbers(column.code, values)
        case "references":
            return references(values)
        case _:
            return strings(values)


def numbers(code: str, values: Sequence[int]) -> bytes:
    """Return a column of numbers of one size."""
    return _big_endian(array(code, values))


def strings(values: Sequence[bytes]) -> bytes:
    """Return a column of strings: these, their lengths, and perhaps where each begins."""
    lengths = list(map(len, values))
    code = _smallest_code(max(lengths, default=0))
    parts = [*values, numbers(code, lengths)]
    if len(values) > _OFFSETS_FROM:
        starts = [0, *accumulate(lengths[:-1])]
        starts_code = _smallest_code(starts[-1])
        parts += (numbers(starts_code, starts), code.encode(), starts_code.encode(), b"X")
    else:
        parts.append(code.encode())
    return b"".join(parts)


def references(values: Sequence[bytes]) -> bytes:
    """Return a column of strings of which each is stored once."""
    places: dict[bytes, int] = {b"": 0}
    codes = [places.setdefault(value, len(places)) for value in values]
    if len(places) > MAX_REFERENCES:
        raise ValueError(f"{len(places):,} distinct values are too many for one column")
    code = "B" if len(places) <= 256 else "H"  # noqa: PLR2004 - what a byte holds
    held = [part for value in places for part in (varint(len(value)), value)]
    return b"".join((numbers(code, codes), varint(len(places)), *held, code.encode()))


def nothing(count: int) -> bytes:
    """Return the column of what is stored of documents of which nothing is stored."""
    return strings([b""] * count)


def _smallest_code(most: int) -> str:
    return "B" if most < 2**8 else "H" if most < 2**16 else "i"


def _big_endian(values: array[Any]) -> bytes:
    if sys.byteorder == "little":
        values.byteswap()
    return values.tobytes()
