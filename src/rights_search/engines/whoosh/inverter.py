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

from rights_search.engines.whoosh.encoding import Postings, with_counts, with_positions

_POSITION_BITS = 32
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
        places = range(first, first + len(terms))
        deque(map(array.append, map(held.__getitem__, terms), places), maxlen=0)
        self.size += len(terms)

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
            halves = array("I", held.pop(term).tobytes())
            yield term, _postings(halves[_DOCUMENT::2], halves[_POSITION::2], has_positions)


def _postings(
    documents: Sequence[int],
    positions: Sequence[int],
    has_positions: bool,
) -> Postings:
    """Return postings of the document and the position of each occurrence."""
    counts: list[int] | None = None
    if len(documents) > 1:
        counted = Counter(documents)
        if len(counted) < len(documents):
            documents, counts = list(counted), list(counted.values())
    if has_positions:
        return with_positions(documents, counts, positions)
    return with_counts(documents, counts)
