"""Columns as Whoosh stores them, read within their bounds.

One reader for each kind of column that our schema has; each reads what Whoosh's own writers
write, a document's value by its number, or all of them in turn.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from operator import add
from typing import Any

from rights_search.engines.whoosh.files import IndexFile
from rights_search.engines.whoosh.layout import Column
from rights_search.engines.whoosh.posts_column import Posts

_LENGTH_CODES = frozenset("BHiI")
_MORE = 0x80
"""Lengths from here on take more than a byte."""

_REFERENCE_CODES = frozenset("BH")


def reader(column: Column, file: IndexFile, count: int) -> Any:
    """Return a reader of a column.

    Args:
        column: what kind it is.
        file: all of its bytes.
        count: of the documents.

    Raises:
        IndexUnavailableError: if it is not such a column.
    """
    match column.kind:
        case "numbers":
            return Numbers(column.code, file, count)
        case "references":
            return References(file, count)
        case "values":
            return Values(file, count)
        case "posts":
            return Posts(file, count)


class Numbers:
    """A column of numbers; documents at the end may be left out, which have 0."""

    def __init__(self, code: str, file: IndexFile, count: int) -> None:
        held, rest = divmod(file.length, struct.calcsize("!" + code))
        if rest or held > count:
            file.fail("is no column of numbers, or too long")
        self._numbers = file.get_array(0, code, held)
        self._numbers.extend([0] * (count - held))

    def __getitem__(self, document: int) -> Any:
        return self._numbers[document]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._numbers)

    def load(self) -> array[Any]:
        """Return all numbers."""
        return self._numbers


class Values:
    """A column of strings of bytes."""

    def __init__(self, file: IndexFile, count: int) -> None:
        self._file = file
        end = file.length - 1
        lengths_code = _code(file, end)
        starts: Sequence[int] | None = None
        if lengths_code == "X":
            # Lengths, then where each value begins, then the codes of both.
            lengths_code, starts_code = _code(file, end - 2), _code(file, end - 1)
            if starts_code not in _LENGTH_CODES:
                file.fail("is no column of values")
            end -= 2 + count * struct.calcsize("!" + starts_code)
            starts = file.get_array(end, starts_code, count)
        if lengths_code not in _LENGTH_CODES:
            file.fail("is no column of values")
        self._end = end - count * struct.calcsize("!" + lengths_code)
        self._lengths = file.get_array(self._end, lengths_code, count)
        least = min(self._lengths, default=0)
        # As ids are: one behind the other, and all of one length.
        is_even = starts is None and least > 0 and least == max(self._lengths)
        # Each value has bytes of its own: else a small file could fill any memory.
        held = least * count if is_even else sum(self._lengths)
        if least < 0 or held > self._end:
            file.fail("has longer values than bytes")
        if is_even:
            starts = range(0, held, least)
        elif starts is None:
            starts = list(accumulate(self._lengths[:-1], initial=0)) if count else []
        self._starts = starts

    def __getitem__(self, document: int) -> bytes:
        start, length = self._starts[document], self._lengths[document]
        if start < 0 or start + length > self._end:
            self._file.fail("has a value that is not in it")
        return self._file.get(start, length)

    def __iter__(self) -> Iterator[bytes]:
        if isinstance(self._starts, range):
            data = self._file.get(0, self._starts.stop)
            return chain.from_iterable(struct.iter_unpack(f"{self._starts.step}s", data))
        ends = list(map(add, self._starts, self._lengths))
        if ends and (min(self._starts) < 0 or max(ends) > self._end):
            self._file.fail("has a value that is not in it")
        data = self._file.get(0, self._end)
        return (data[start:end] for start, end in zip(self._starts, ends, strict=True))


class References:
    """A column of strings of bytes, of which each is stored once."""

    def __init__(self, file: IndexFile, count: int) -> None:
        code = _code(file, file.length - 1)
        if code not in _REFERENCE_CODES:
            file.fail("is no column of references")
        self._references = file.get_array(0, code, count)
        file.seek(count * self._references.itemsize)
        held = file.read_varint()
        if held > file.length:
            file.fail("says that it has more values than bytes")
        self._values = list(_read_values(file, held))
        if count and max(self._references) >= held:
            file.fail("refers to a value that it does not have")

    @property
    def references(self) -> Sequence[int]:
        """Return the number of each document's value."""
        return self._references

    @property
    def values(self) -> Sequence[bytes]:
        """Return each value once."""
        return self._values

    def __getitem__(self, document: int) -> bytes:
        value: bytes = self._values[self._references[document]]
        return value

    def __iter__(self) -> Iterator[bytes]:
        return map(self._values.__getitem__, self._references)


def _read_values(file: IndexFile, count: int) -> Iterator[bytes]:
    """Yield the next values, each behind its length."""
    begin = file.tell()
    data = file.read()
    at = 0
    for _ in range(count):
        if at < len(data) and data[at] < _MORE:
            length = data[at]
            at += 1
        else:
            file.seek(begin + at)
            length = file.read_varint()
            at = file.tell() - begin
        if at + length > len(data):
            file.fail("has values that are longer than it is")
        yield data[at : at + length]
        at += length


def _code(file: IndexFile, position: int) -> str:
    return chr(file.get(position, 1)[0])
