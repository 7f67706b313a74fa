"""Blocks of several segments → the blocks of a term in one.

What is stored with postings is most of a block, and does not change when documents get other
numbers: it is copied as it is, and so are the differences between documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from rights_search.engines.whoosh.blocks import Piece, pushed, pushed_number
from rights_search.engines.whoosh.encoding import (
    BLOCK_POSTINGS,
    Postings,
    block,
    joined,
    packed_weights,
    pushes,
    row,
    short_weights,
)

_MAX_BYTE = 0xFF


def joined_pieces(pieces: Sequence[Piece], value_bytes: int | None) -> tuple[bytes, bytes]:
    """Return the blocks of a term, and its row in the table of terms, as `encoding.encoded` does.

    Args:
        pieces: all postings of the term, in order.
        value_bytes: length of what is stored with each, None if it varies.
    """
    blocks = [_block(held, value_bytes) for held in _groups(pieces)]
    numbers = (
        sum(map(_total, pieces)),
        sum(piece.size for piece in pieces),
        *_codes(pieces),
        max(map(_most, pieces)),
        pieces[0].first,
        pieces[-1].last,
    )
    return joined(blocks), row(*numbers)


def cut(postings: Postings, lengths: bytes | None) -> Iterator[Piece]:
    """Yield postings, some at a time.

    Args:
        postings: of a term.
        lengths: the length code of each document; None for a field without lengths.
    """
    documents, weights = postings.documents, postings.weights
    for start in range(0, len(documents), BLOCK_POSTINGS):
        end = start + BLOCK_POSTINGS
        held = documents[start:end]
        gaps = [after - before for before, after in pairwise(held)]
        codes = (0,) if lengths is None else bytes(map(lengths.__getitem__, held))
        yield Piece(
            len(held),
            held[0],
            gaps if max(gaps, default=0) > _MAX_BYTE else bytes(gaps),
            held[-1],
            weights and short_weights(weights[start:end]),
            b"".join((postings.values or ())[start:end]),
            (min(codes), max(codes)),
        )


def _groups(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield what becomes a block: no more postings than one has, and at least half as many."""
    group: list[Piece] = []
    size = 0
    for piece in pieces:
        size += piece.size
        if group and size > BLOCK_POSTINGS:
            yield group
            group, size = [], piece.size
        group.append(piece)
    yield group


def _block(pieces: list[Piece], value_bytes: int | None) -> bytes:
    values = b"".join([piece.values for piece in pieces])
    return block(
        _documents(pieces),
        _weights(pieces),
        b"(%bt" % values if value_bytes is None else pushed(values) if value_bytes else b"N",
        (sum(piece.size for piece in pieces), pieces[-1].last, max(map(_most, pieces))),
        _codes(pieces),
    )


def _documents(pieces: list[Piece]) -> bytes:
    """Return the first number, and the others as differences."""
    steps = [pieces[0].first, *(after.first - before.last for before, after in pairwise(pieces))]
    if max(steps) <= _MAX_BYTE and all(type(piece.gaps) is bytes for piece in pieces):
        ends = (bytes((step, *piece.gaps)) for step, piece in zip(steps, pieces, strict=True))
        return pushed(b"".join(ends))
    parts = (
        (pushed_number(step), pushes(piece.gaps)) for step, piece in zip(steps, pieces, strict=True)
    )
    return b"(%bt" % b"".join(chain.from_iterable(parts))


def _weights(pieces: list[Piece]) -> bytes:
    if all(piece.weights is None for piece in pieces):
        return b"N"
    weights = [b"\1" * piece.size if piece.weights is None else piece.weights for piece in pieces]
    if all(type(held) is bytes for held in weights):
        return pushed(b"".join(weights))  # type: ignore[arg-type] # all are bytes
    return packed_weights(list(chain.from_iterable(weights)))


def _codes(pieces: Sequence[Piece]) -> tuple[int, int]:
    return min(piece.codes[0] for piece in pieces), max(piece.codes[1] for piece in pieces)


def _most(piece: Piece) -> float:
    return 1 if piece.weights is None else max(piece.weights)


def _total(piece: Piece) -> float:
    return piece.size if piece.weights is None else sum(piece.weights)
