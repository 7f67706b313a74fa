"""When segments are merged, postings are put together without taking their values apart."""

from __future__ import annotations

import random

import pytest

from rights_search.engines.whoosh.blocks import Piece
from rights_search.engines.whoosh.encoding import Postings, encoded, with_counts, with_positions
from rights_search.engines.whoosh.joining import cut, joined_pieces


def random_postings(rng: random.Random, step: int, most: int, *, has_positions: bool) -> Postings:
    """Return postings of 1,500 documents that are up to ``step`` apart."""
    documents, counts, positions = [], [], []
    document = -1
    for _ in range(1500):
        document += rng.randint(1, step)
        documents.append(document)
        counts.append(rng.randint(1, most))
        positions += sorted(rng.sample(range(3 * most), counts[-1]))
    if has_positions:
        return with_positions(documents, counts if most > 1 else None, positions)
    return with_counts(documents, counts if most > 1 else None)


@pytest.mark.parametrize("has_positions", [True, False])
@pytest.mark.parametrize(("step", "most"), [(1, 1), (9, 4), (900, 2), (3, 300)])
def test_pieces_make_the_blocks_that_postings_make(
    step: int, most: int, has_positions: bool
) -> None:
    """Joining what was cut gives the same bytes, whole blocks and halves of them."""
    rng = random.Random(step)
    postings = random_postings(rng, step, most, has_positions=has_positions)
    lengths = rng.randbytes(postings.documents[-1] + 1)
    size = None if has_positions else 4
    expected = encoded(postings, lengths, size)
    whole = list(cut(postings, lengths))
    assert [piece.size for piece in whole] == [512, 512, 476]
    assert joined_pieces(whole, size) == expected
    halves: list[Piece] = []
    for start in range(0, 1500, 256):
        part = (held and held[start : start + 256] for held in postings)
        halves += cut(Postings(*part), lengths)  # type: ignore[arg-type] # as they were
    assert joined_pieces(halves, size) == expected
