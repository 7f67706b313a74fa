"""Finding the links of an index while it is synced."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from rights_search.links.clusters import Copy, find_copies
from rights_search.links.fingerprints import permille
from rights_search.links.following import Following, find_following
from rights_search.links.gathering import Gathering, Text, text_of
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

    def add(self, post: Post) -> None:
        """Take in a post, as it will be stored."""
        self._gathering.add(post)

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
        def text(row: int) -> Text:
            place = rows[row] - len(old)
            if place >= 0:
                return self._gathering.text(place)
            return text_of(self._read(state.post_id(row)))

        compared: dict[tuple[int, int], int] = {}

        def similarity(row: int, other: int) -> int:
            pair = row, other
            if pair not in compared:
                like = state.pairs.get(pair)
                is_same_day = state.days[row] == state.days[other]
                compared[pair] = (
                    like if like is not None else _similarity(text(row), text(other), is_same_day)
                )
            return compared[pair]

        copies = find_copies(state, similarity)
        state.pairs = compared
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


def _similarity(first: Text, second: Text, is_same_day: bool) -> int:
    """Return thousandths of shingles in common; 0 for posts that are no copies for sure."""
    if first.countries and second.countries and first.countries.isdisjoint(second.countries):
        # A form: the same letter about Montenegro and about Argentina.
        return 0
    if first.is_follow_up != second.is_follow_up or (first.is_follow_up and not is_same_day):
        # A report and what it became later: hidden as a copy, the news would be lost.
        return 0
    return min(permille(first.shingles, second.shingles), EXACT - 1)


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
