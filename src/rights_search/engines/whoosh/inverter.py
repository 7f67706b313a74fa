"""Documents → postings by term, in memory.

A term has a number, and a document's field is the numbers of its terms, one behind the other:
so a token costs no instruction of Python, and four bytes. They are sorted into postings once all
are there: here into arrays of places, or by `array_encoding`.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from itertools import islice

from rights_search.analysis import Numbering
from rights_search.engines.whoosh.encoding import (
    Postings,
    encoded,
    once,
    with_counts,
    with_positions,
)

_POSITION_BITS = 32
_MAX_POSITION = 2**_POSITION_BITS - 1
_POSITION, _DOCUMENT = (0, 1) if sys.byteorder == "little" else (1, 0)


class Inverted:
    """The terms of a field.

    Args:
        tokens: of all documents, in order: the number of each one's term.
        documents: those that have tokens, in order.
        counts: how many tokens each of these has.
    """

    __slots__ = ("_numbering", "counts", "documents", "tokens")

    def __init__(self) -> None:
        self._numbering = Numbering()
        self.tokens = array("I")
        self.documents = array("I")
        self.counts = array("I")

    @property
    def numbers(self) -> dict[str, int]:
        """Return term → its number."""
        return self._numbering.numbers

    def add(self, terms: Sequence[str], document: int) -> int:
        """Take the terms of a document; return how many there are."""
        before = len(self.tokens)
        self.tokens.extend(self._numbering.of(terms))
        return self._count(document, before)

    def add_texts(self, texts: Sequence[str], document: int) -> int:
        """Take the texts of a document, one behind the other; return how many terms they have."""
        before = len(self.tokens)
        for text in texts:
            self.tokens.frombytes(self._numbering.of_text(text))
        return self._count(document, before)

    def _count(self, document: int, before: int) -> int:
        """Note and return how many tokens of a document have come."""
        count = len(self.tokens) - before
        if count:
            self.documents.append(document)
            self.counts.append(count)
        return count


class Inverter:
    """Collects the terms of documents, a field at a time; documents come in order."""

    def __init__(self) -> None:
        self._fields: defaultdict[str, Inverted] = defaultdict(Inverted)
        self.size = 0
        """How many tokens there are."""

    def add(self, field: str, terms: Sequence[str], document: int) -> None:
        """Take the terms of one document's field, in order."""
        self.size += self._fields[field].add(terms, document)

    def add_texts(self, field: str, texts: Sequence[str], document: int) -> int:
        """Take the texts of one document's field, in order; return how many terms they have."""
        count = self._fields[field].add_texts(texts, document)
        self.size += count
        return count

    @property
    def fields(self) -> list[str]:
        """Return the fields that have terms, sorted."""
        return sorted(name for name, inverted in self._fields.items() if inverted.tokens)

    def take(self, field: str) -> Inverted:
        """Return the terms of a field, and forget them."""
        return self._fields.pop(field)


def encoded_field(
    inverted: Inverted, lengths: bytes | None, value_size: int | None
) -> Iterator[tuple[bytes, tuple[bytes, bytes]]]:
    """Yield the terms of a field in order, each with its blocks and its row.

    A term gets an array of its places, one number each: the document's number shifted by 32
    bits, and the position. They come in order, so nothing is ever sorted but the terms.

    Args:
        inverted: the field.
        lengths: the length code of each document; None for a field without lengths.
        value_size: bytes of each value: none, or four for counts; if they vary, positions.
    """
    numbers = inverted.numbers
    places = [array("Q") for _ in numbers]
    tokens = iter(inverted.tokens)
    for document, count in zip(inverted.documents, inverted.counts, strict=True):
        first = document << _POSITION_BITS
        held = map(places.__getitem__, islice(tokens, count))
        deque(map(array.append, held, range(first, first + count)), maxlen=0)
    has_positions = value_size is None or value_size < 0
    # In order of code points, which is that of their bytes in UTF-8.
    for term in sorted(numbers):
        postings = _postings(places[numbers[term]], has_positions=has_positions)
        places[numbers[term]] = _NONE
        yield term.encode("utf-8"), encoded(postings, lengths, value_size)


_NONE = array("Q")


def _postings(places: array[int], *, has_positions: bool) -> Postings:
    if has_positions and len(places) == 1:
        return once(places[0] >> _POSITION_BITS, places[0] & _MAX_POSITION)
    halves = array("I", places.tobytes())
    documents, positions = halves[_DOCUMENT::2].tolist(), halves[_POSITION::2].tolist()
    counts: list[int] | None = None
    counted = Counter(documents)
    if len(counted) < len(documents):
        documents, counts = list(counted), list(counted.values())
    if has_positions:
        return with_positions(documents, counts, positions)
    return with_counts(documents, counts)
