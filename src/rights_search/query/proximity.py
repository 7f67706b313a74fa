"""Places in a text that lie close together: what `Near` means, and how to find them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
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
    # No choice is wider than this. So what stands far from every place of the member that
    # has fewest is not looked at, and a text of a million common words not told apart in vain.
    ordered = [sorted(set(places)) for places in members]
    if not all(ordered):
        return
    widest = distance + sum(max(end - start for start, end in places) for places in ordered)
    for group in _groups(ordered, widest):
        yield from _chosen(group, distance)


def _groups(members: Sequence[Sequence[Place]], widest: int) -> Iterator[list[Sequence[Place]]]:
    """Yield the places that choices no wider than ``widest`` may hold, from left to right.

    No choice holds places of two groups.
    """
    rarest = min(members, key=len)
    number = 0
    while number < len(rarest):
        start = rarest[number][0]
        first, last = start + 1 - widest, start + widest
        number += 1
        while number < len(rarest) and rarest[number][0] + 1 - widest < last:
            last = rarest[number][0] + widest
            number += 1
        group = [_between(places, first, last) for places in members]
        if all(group):
            yield group


def _between(places: Sequence[Place], first: int, last: int) -> Sequence[Place]:
    """Return the places that start at ``first`` or later and before ``last``."""
    begin = bisect_left(places, (first, first))
    return places[begin : bisect_left(places, (last, last), begin)]


def _chosen(
    members: Sequence[Sequence[Place]], distance: int
) -> Iterator[tuple[tuple[int, Place], ...]]:
    """Yield what `close_places` does; the places of a member are in order, none twice."""
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


_Event: TypeAlias = tuple[int, bool, int, Place]


def _events(members: Sequence[Sequence[Place]]) -> Iterator[_Event]:
    """Yield where places end and start, in order; at one position ends come first."""
    # As they are asked for: the first choice is often all that is.
    return merge(
        *(_starts(*each) for each in enumerate(members)),
        *(_ends(*each) for each in enumerate(members)),
    )


def _starts(number: int, places: Iterable[Place]) -> Iterator[_Event]:
    return ((place[0], True, number, place) for place in places)


def _ends(number: int, places: Iterable[Place]) -> Iterator[_Event]:
    by_end = sorted(places, key=lambda place: place[1])
    return ((place[1], False, number, place) for place in by_end)


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
