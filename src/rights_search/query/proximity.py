"""Places in a text that lie close together: what `Near` means, and how to find them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from rights_search.values import NamedTuple

Place: TypeAlias = tuple[int, int]
"""The positions of the first token and behind the last one."""


class _Choice(NamedTuple):
    """Places for some of the members, none overlapping another.

    The words between them that belong to none are those up to the end of the last
    place, less ``inner``: a choice with a larger ``inner`` is never the worse one.
    """

    inner: int
    places: tuple[tuple[int, Place], ...]


def close_places(
    members: Sequence[Sequence[Place]], distance: int
) -> Iterator[tuple[tuple[int, Place], ...]]:
    """Yield choices of one place for each member that lie close together.

    Places do not overlap, and at most ``distance`` tokens between the first and the
    last belong to none of them. For each end of such a choice the closest one is
    given, so that none is given only if there is none at all.

    The best choice for each set of members is carried from the left to the right of
    the text: the work grows with the number of places, times two to the power of the
    number of members.

    Args:
        members: for each member its places, in any order.
        distance: the number of other tokens allowed.

    Yields:
        Pairs of the member's number and its place, in the order of the text.
    """
    full = (1 << len(members)) - 1
    best: dict[int, _Choice] = {}
    before: dict[tuple[int, Place], dict[int, _Choice]] = {}
    for position, is_start, member, place in _events(members):
        if is_start:
            # What ends later overlaps; `best` is replaced and never changed, so this stays.
            before[member, place] = best
            continue
        found = _extended(before.pop((member, place)), member, place)
        alive = {
            held: choice for held, choice in found.items() if position <= choice.inner + distance
        }
        whole = alive.pop(full, None)
        if whole is not None:
            yield whole.places
        kept = {
            held: choice for held, choice in best.items() if position <= choice.inner + distance
        }
        for held, choice in alive.items():
            if held not in kept or choice.inner > kept[held].inner:
                kept[held] = choice
        best = kept


def _events(members: Sequence[Sequence[Place]]) -> list[tuple[int, bool, int, Place]]:
    """Return where places end and start, in order; at one position ends come first."""
    events: list[tuple[int, bool, int, Place]] = []
    for number, places in enumerate(members):
        for place in set(places):
            events.append((place[0], True, number, place))
            events.append((place[1], False, number, place))
    events.sort()
    return events


def _extended(best: dict[int, _Choice], member: int, place: Place) -> dict[int, _Choice]:
    """Return set of members → choice, for the choices that ``place`` completes."""
    bit = 1 << member
    start, end = place
    first = {bit: _Choice(end, ((member, place),))}
    return first | {
        held | bit: _Choice(choice.inner + end - start, (*choice.places, (member, place)))
        for held, choice in best.items()
        if not held & bit
    }
