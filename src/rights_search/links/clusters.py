"""Which post is a copy of which.

Posts come one by one in a fixed order: the earliest first, of the same day the longest,
then as they stand in the corpus. Each is a copy of the original that it resembles most,
if it resembles one; else it is an original itself. So a copy has always been compared
with its very original, and who is a copy depends on the posts alone, not on the order
in which they came to be indexed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rights_search.links.fingerprints import BANDS
from rights_search.links.relations import EXACT
from rights_search.links.state import State

NEAR = 700
"""Thousandths of their shingles that near-copies have in common, at least."""

MAX_COMPARED = 50
"""With at most so many originals is a post compared: those that share most bands."""

MAX_IN_BUCKET = 250
"""So many originals are found by one band; more have it from their boilerplate."""


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


def find_copies(state: State, similarity: Callable[[int, int], int]) -> list[Copy]:
    """Return every copy, in the order of their rows.

    Args:
        state: the posts.
        similarity: tells how much a post resembles one that comes before it, as rows, in
            thousandths below `EXACT`.
    """
    groups = _same_texts(state)
    later = {row for group in groups for row in group[1:]}
    near = _near_copies(state, later, similarity)
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


def _near_copies(
    state: State, left_out: set[int], similarity: Callable[[int, int], int]
) -> dict[int, Copy]:
    """Return row → copy for near-copies among the rows that are not ``left_out``."""
    columns = [state.bands[number::BANDS] for number in range(BANDS)]
    for column in columns:
        for row in left_out:
            column[row] = 0
    shared = [_shared(column) for column in columns]
    involved = {
        row
        for column, bands in zip(columns, shared, strict=True)
        for row, band in enumerate(column)
        if band in bands
    }
    rows = sorted(involved, key=_order(state))
    buckets = [{band: list[int]() for band in bands} for bands in shared]
    copies: dict[int, Copy] = {}
    for turn, row in enumerate(rows):
        bands = (column[row] for column in columns)
        met = [bucket[band] for bucket, band in zip(buckets, bands, strict=True) if band in bucket]
        compared = [(similarity(row, rows[other]), -other) for other in _likeliest(met)]
        most, other = max(compared, default=(0, 0))
        if most >= NEAR:
            copies[row] = Copy(row, rows[-other], most)
            continue
        for bucket in met:
            if len(bucket) < MAX_IN_BUCKET:
                bucket.append(turn)
    return copies


def _likeliest(buckets: Iterable[Sequence[int]]) -> list[int]:
    """Return what most of the buckets hold, in doubt the lowest numbers."""
    votes: Counter[int] = Counter()
    for bucket in buckets:
        votes.update(bucket)
    ranked = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    return [number for number, _ in ranked[:MAX_COMPARED]]


def _shared(values: Iterable[int]) -> set[int]:
    """Return the values that are there more than once, but for 0."""
    return {value for value, following in pairwise(sorted(values)) if value == following} - {0}
