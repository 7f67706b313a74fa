"""What is close together: every choice of places, against the one pass that finds them."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzzing import examples
from rights_search.query.proximity import Place, close_places

PLACES = st.builds(
    lambda start, length: (start, start + length), st.integers(0, 14), st.integers(1, 3)
)
MEMBERS = st.lists(st.lists(PLACES, max_size=6), min_size=2, max_size=4)


def others(places: tuple[Place, ...]) -> int | None:
    """Return how many words between places belong to none; None if two places overlap."""
    ordered = sorted(places)
    if any(second[0] < first[1] for first, second in pairwise(ordered)):
        return None
    return ordered[-1][1] - ordered[0][0] - sum(end - start for start, end in ordered)


@settings(max_examples=examples(200))
@given(MEMBERS, st.integers(0, 8))
def test_places_are_found_if_there_are_any(members: list[list[Place]], distance: int) -> None:
    """The pass finds something exactly if one of all the choices is close enough."""
    counts = [others(choice) for choice in product(*members)]
    is_close = any(count is not None and count <= distance for count in counts)
    found = list(close_places(members, distance))
    assert bool(found) is is_close
    for choice in found:
        assert [number for number, _ in sorted(choice)] == list(range(len(members)))
        assert all(place in members[number] for number, place in choice)
        count = others(tuple(place for _, place in choice))
        assert count is not None
        assert count <= distance


@pytest.mark.parametrize(
    ("members", "distance", "expected"),
    [
        ([[(0, 1)], [(1, 2)]], 0, [((0, (0, 1)), (1, (1, 2)))]),
        ([[(5, 6)], [(1, 2)]], 3, [((1, (1, 2)), (0, (5, 6)))]),
        ([[(5, 6)], [(1, 2)]], 2, []),
        # One word cannot be two members.
        ([[(0, 1)], [(0, 1)]], 9, []),
        (
            [[(0, 1), (4, 5)], [(0, 1), (4, 5)]],
            3,
            [((0, (0, 1)), (1, (4, 5))), ((1, (0, 1)), (0, (4, 5)))],
        ),
        # The nearer of two beginnings, though the other one came first.
        ([[(0, 1), (6, 7)], [(8, 10)]], 1, [((0, (6, 7)), (1, (8, 10)))]),
        # What is just near enough stays so, whatever ends there.
        ([[(0, 1)], [(0, 2), (2, 3)]], 1, [((0, (0, 1)), (1, (2, 3)))]),
        ([[(0, 1)], []], 9, []),
    ],
)
def test_what_is_close(
    members: list[list[Place]], distance: int, expected: list[tuple[tuple[int, Place], ...]]
) -> None:
    """Places are given in the order of the text, with the member each belongs to."""
    assert sorted(close_places(members, distance)) == sorted(expected)
