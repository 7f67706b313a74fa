"""Which post is a copy of which.

Posts come one by one in a fixed order: the earliest first, of the same day the longest,
then as they stand in the corpus. Each is a copy of the original that it resembles most,
if it resembles one; else it is an original itself. So a copy has always been compared
with its very original, and who is a copy depends on the posts alone, not on the order
in which they came to be indexed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from rights_search.links.fingerprints import BANDS
from rights_search.links.relations import EXACT
from rights_search.links.state import State

NEAR = 700
"""Thousandths of their shingles that near-copies have in common, at least."""

MAX_COMPARED = 50
"""With at most so many originals is a post compared: those that share most bands."""

MAX_IN_BUCKET = 250
"""So many originals are found by one band; more have it from their boilerplate."""


Similarities: TypeAlias = Callable[[int, Sequence[int]], Sequence[int]]
"""Tells how much a post resembles others that come before it, as rows: in thousandths below
`EXACT`."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A post that is a copy.

    Args:
        row: its row.
        original: the row of its original.
        similarity: thousandths of shingles in common, `EXACT` for the same text.
    """

    row: int
    original: int
    similarity: int


def find_copies(state: State, similarities: Similarities) -> list[Copy]:
    """Return every copy, in the order of their rows.

    Args:
        state: the posts.
        similarities: tells how much posts resemble each other; is asked once for a row.
    """
    groups = _same_texts(state)
    later = {row for group in groups for row in group[1:]}
    near = _near_copies(state, later, similarities)
    copies = list(near.values())
    for first, *others in groups:
        found = near.get(first)
        original, like = (found.original, found.similarity) if found else (first, EXACT)
        copies.extend(Copy(row, original, like) for row in others)
    return sorted(copies, key=lambda copy: copy.row)


def _order(state: State) -> Callable[[int], tuple[int, int, int]]:
    days, words = state.days, state.words
    return lambda row: (days[row], -words[row], row)


def _same_texts(state: State) -> list[list[int]]:
    """Return the rows of posts that have the same text, each group in order."""
    shared = _shared(state.exact)
    groups: dict[int, list[int]] = {}
    for row, exact in enumerate(state.exact):
        if exact in shared:
            groups.setdefault(exact, []).append(row)
    return [sorted(group, key=_order(state)) for group in groups.values()]


def _near_copies(state: State, left_out: set[int], similarities: Similarities) -> dict[int, Copy]:
    """Return row → copy for near-copies among the rows that are not ``left_out``."""
    buckets = _buckets(state, left_out)
    rows = sorted(buckets, key=_order(state))
    copies: dict[int, Copy] = {}
    for turn, row in enumerate(rows):
        met = buckets[row]
        turns = _likeliest(list(filter(None, met)))
        if turns:
            found = similarities(row, list(map(rows.__getitem__, turns)))
            most = max(found)
            if most >= NEAR:
                first = min(turn for turn, like in zip(turns, found, strict=True) if like == most)
                copies[row] = Copy(row, rows[first], most)
                continue
        for bucket in met:
            if len(bucket) < MAX_IN_BUCKET:
                bucket.append(turn)
    return copies


def _buckets(state: State, left_out: set[int]) -> dict[int, list[list[int]]]:
    """Return row → a list for each of its bands that another row has, which has the same list."""
    buckets: defaultdict[int, list[list[int]]] = defaultdict(list)
    for number in range(BANDS):
        column = state.bands[number::BANDS]
        for row in left_out:
            column[row] = 0
        of_band: dict[int, list[int]] = {band: [] for band in _shared(column)}
        for row, bucket in enumerate(map(of_band.get, column)):
            if bucket is not None:
                buckets[row].append(bucket)
    return buckets


def _likeliest(buckets: Sequence[Sequence[int]]) -> Sequence[int]:
    """Return what most of the buckets hold, in doubt the lowest numbers.

    Args:
        buckets: numbers in ascending order.
    """
    if not buckets:
        return ()
    if len(buckets) == 1:
        return buckets[0][:MAX_COMPARED]
    votes = Counter(chain.from_iterable(buckets))
    # Sorting keeps the order of what is equal, also where the greatest comes first.
    return sorted(sorted(votes), key=votes.__getitem__, reverse=True)[:MAX_COMPARED]


def _shared(values: Iterable[int]) -> set[int]:
    """Return the values that are there more than once, but for 0."""
    return {value for value, count in Counter(values).items() if count > 1} - {0}
