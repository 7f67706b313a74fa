"""Documents → postings by term, in memory.

A term holds its places, one number each: the document's number shifted by 32 bits, and the
position. They come in order, so nothing is ever sorted but the terms; and as a place is appended
by C, called from C, a token costs no instruction of Python.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter, deque
from collections.abc import Iterator, Sequence

from rights_search.engines.whoosh.encoding import Postings, once, with_counts, with_positions

_POSITION_BITS = 32
_MAX_POSITION = 2**_POSITION_BITS - 1
_POSITION, _DOCUMENT = (0, 1) if sys.byteorder == "little" else (1, 0)


class _Terms(dict[str, "array[int]"]):
    """Term → its places."""

    def __missing__(self, term: str) -> array[int]:
        places = self[term] = array("Q")
        return places


class Inverter:
    """Collects the terms of documents, a field at a time."""

    def __init__(self) -> None:
        self._fields: dict[str, _Terms] = {}
        self.size = 0
        """How many places there are, eight bytes each."""

    def add(self, field: str, terms: Sequence[str], document: int) -> None:
        """Take the terms of one document's field, in order; documents come in order too."""
        if not terms:
            return
        held = self._fields.get(field)
        if held is None:
            held = self._fields[field] = _Terms()
        first = document << _POSITION_BITS
        count = len(terms)
        self.size += count
        if count == 1:
            held[terms[0]].append(first)
        else:
            places = range(first, first + count)
            deque(map(array.append, map(held.__getitem__, terms), places), maxlen=0)

    @property
    def fields(self) -> list[str]:
        """Return the fields that have terms, sorted."""
        return sorted(self._fields)

    def take(self, field: str, *, has_positions: bool) -> Iterator[tuple[str, Postings]]:
        """Yield the terms of a field in order, with their postings, which are forgotten.

        Args:
            field: the field.
            has_positions: True if positions are kept, else counts.
        """
        held = self._fields.pop(field)
        # In order of code points, which is that of their bytes in UTF-8.
        for term in sorted(held):
            places = held.pop(term)
            if has_positions and len(places) == 1:
                yield term, once(places[0] >> _POSITION_BITS, places[0] & _MAX_POSITION)
                continue
            halves = array("I", places.tobytes())
            documents, positions = halves[_DOCUMENT::2].tolist(), halves[_POSITION::2].tolist()
            counts: list[int] | None = None
            counted = Counter(documents)
            if len(counted) < len(documents):
                documents, counts = list(counted), list(counted.values())
            if has_positions:
                yield term, with_positions(documents, counts, positions)
            else:
                yield term, with_counts(documents, counts)
