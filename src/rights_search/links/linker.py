"""Finding the links of an index while it is synced."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from rights_search.links.clusters import Copy, find_copies
from rights_search.links.fingerprints import permille
from rights_search.links.following import Following, find_following
from rights_search.links.gathering import Gathering, Mark, text_of
from rights_search.links.relations import EXACT, Cluster, Links
from rights_search.links.state import State, picked
from rights_search.post import Post

_TEXTS_IN_MEMORY = 500


class Linker:
    """Takes in the posts that a sync reads, and at its end finds the links of all posts.

    Only posts that may resemble each other are compared, and of these only pairs that
    never were: of such a pair the post that did not change is read again.

    Args:
        read: gives back a post that was there before, by its id.
    """

    def __init__(self, read: Callable[[str], Post]) -> None:
        self._read = read
        self._gathering = Gathering()

    @property
    def _new(self) -> State:
        return self._gathering.state

    def add(self, *posts: Post) -> None:
        """Take in posts, as they will be stored."""
        self._gathering.add(*posts)

    def load(self, stem: str) -> None:
        """Take in what another process gathered, see `Gathering.save`."""
        self._gathering.load(Path(stem))

    def restart(self) -> None:
        """Forget what was taken in."""
        self._gathering.close()
        self._gathering = Gathering()

    def finish(self, before: State | None, ids: Iterable[str]) -> tuple[State, Links]:
        """Return what to remember of all posts, and their links.

        Args:
            before: what was remembered of the posts that were there, None for nothing.
            ids: every post that there is now, in source order.
        """
        old = before or State()
        rows = self._rows(old, ids)
        state = picked(old, self._new, rows)

        @lru_cache(maxsize=_TEXTS_IN_MEMORY)
        def old_text(row: int) -> tuple[Mark, array[int]]:
            return text_of(self._read(state.post_id(row)))

        def mark(row: int) -> Mark:
            place = rows[row] - len(old)
            return old_text(row)[0] if place < 0 else self._gathering.mark(place)

        def hashes(row: int) -> array[int]:
            place = rows[row] - len(old)
            return old_text(row)[1] if place < 0 else self._gathering.hashes(place)

        comparison = _Comparison(state, mark, hashes)
        copies = find_copies(state, comparison.similarities)
        state.pairs = comparison.compared
        following = find_following(state, {copy.row: copy.original for copy in copies})
        return state, _links_of(state, copies, following)

    def _rows(self, old: State, ids: Iterable[str]) -> list[int]:
        """Return the rows of posts, as `picked` takes them."""
        known = {old.post_id(row): row for row in range(len(old))}
        known |= {self._new.post_id(row): len(old) + row for row in range(len(self._new))}
        rows: list[int] = []
        for post_id in ids:
            if post_id not in known:
                # Of another version of this program, in a file that cannot be read now.
                known[post_id] = len(old) + len(self._new)
                self.add(self._read(post_id))
            rows.append(known[post_id])
        return rows

    def close(self) -> None:
        """Let go of the temporary file."""
        self._gathering.close()


@dataclass(slots=True)
class _Comparison:
    """Compares posts, and remembers what came out.

    Args:
        state: the posts, with what an earlier sync has compared.
        mark: see `Gathering.mark`; given a row of ``state``, as below.
        hashes: see `Gathering.hashes`.
    """

    state: State
    mark: Callable[[int], Mark]
    hashes: Callable[[int], Sequence[int]]
    compared: dict[tuple[int, int], int] = field(default_factory=dict)
    _sizes: dict[int, int] = field(default_factory=dict)

    def similarities(self, row: int, others: Sequence[int]) -> Sequence[int]:
        """Return how much a post resembles others: see `Similarities`."""
        known, days = self.state.pairs, self.state.days
        found: list[int] = []
        shingles: frozenset[int] | None = None
        for other in others:
            like = known.get((row, other))
            if like is None:
                like = 0
                # Four of five pairs are told apart without their shingles.
                if _can_be_copies(self.mark(row), self.mark(other), days[row] == days[other]):
                    if shingles is None:
                        shingles = frozenset(self.hashes(row))
                        self._sizes[row] = len(shingles)
                    like = self._similarity(shingles, other)
            self.compared[row, other] = like
            found.append(like)
        return found

    def _similarity(self, shingles: frozenset[int], other: int) -> int:
        # To look up numbers in one set takes half as long as making another of them.
        hashes = self.hashes(other)
        if other not in self._sizes:
            self._sizes[other] = len(frozenset(hashes))
        return min(permille(shingles, hashes, self._sizes[other]), EXACT - 1)


def _can_be_copies(first: Mark, second: Mark, is_same_day: bool) -> bool:
    """Tell whether posts may be copies of each other, if their shingles say so."""
    countries, is_follow_up = first
    others, follows_too = second
    if countries and others and countries.isdisjoint(others):
        # A form: the same letter about Montenegro and about Argentina.
        return False
    # A report and what it became later: hidden as a copy, the news would be lost.
    return is_follow_up == follows_too and (is_same_day or not is_follow_up)


def _links_of(state: State, copies: list[Copy], following: list[Following]) -> Links:
    """Return what was found, rows turned into ids."""
    clusters: dict[int, list[Copy]] = {}
    for copy in copies:
        clusters.setdefault(copy.original, []).append(copy)
    for members in clusters.values():
        members.sort(key=lambda copy: (state.days[copy.row], copy.row))
    return Links(
        tuple(
            Cluster(
                state.post_id(original),
                tuple((state.post_id(copy.row), copy.similarity) for copy in members),
            )
            for original, members in sorted(clusters.items())
        ),
        {state.post_id(each.row): (state.post_id(each.target), each.rule) for each in following},
    )
