"""Bands that NumPy finds for many posts at once are those of one post after the other."""

from __future__ import annotations

import random
import sys
from array import array
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.links import gathering
from rights_search.links.fingerprints import bands
from rights_search.links.gathering import Gathering
from rights_search.post import Post, Provenance

pytest.importorskip("numpy")

from rights_search.links.band_arrays import bands_of

EDGES = st.sampled_from([number << 26 for number in range(64)]).flatmap(
    lambda edge: st.integers(max(0, edge - 1), edge + 1)
)
HASHES = st.lists(EDGES | st.integers(0, 2**32 - 1), min_size=1, max_size=80)


@given(st.lists(HASHES, min_size=1, max_size=5))
def test_the_bands_of_many_posts_are_those_of_each(posts: list[list[int]]) -> None:
    """Also where ranges are empty, and of hashes at the edges of a range."""
    held = [array("I", hashes) for hashes in posts]
    assert bands_of(held) == [bands(hashes) for hashes in held]


def some_posts() -> Sequence[Post]:
    """Return posts of 1 to 60 words, of which the short ones have no bands."""
    rng = random.Random(2)
    return [
        Post(
            id=f"{number:012x}",
            title="No title",
            title_derived=True,
            paragraphs=(" ".join(f"word{rng.randrange(99)}" for _ in range(number)),),
            provenance=Provenance("posts.jsonl", "0" * 64, "jsonl"),
        )
        for number in range(1, 61)
    ]


def test_what_is_remembered_does_not_hang_on_how_many_posts_come_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Posts that come one by one, without arrays, leave the same state as all together."""
    singly, together = Gathering(), Gathering()
    for post in some_posts():
        singly.add(post)
    monkeypatch.delitem(sys.modules, "rights_search.links.band_arrays")
    monkeypatch.setattr(gathering, "_MIN_FOR_NUMPY", 0)
    together.add(*some_posts())
    assert "rights_search.links.band_arrays" in sys.modules
    assert together.state == singly.state
    assert [together.hashes(row) for row in range(29, 60)] == [
        singly.hashes(row) for row in range(29, 60)
    ]
    singly.close()
    together.close()
