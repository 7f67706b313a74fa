"""Finding the links of an index while it is synced."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import IO

from rights_search.links.clusters import Copy, find_copies
from rights_search.links.fingerprints import (
    NO_BANDS,
    Fingerprint,
    fingerprint,
    permille,
    shingles,
    words_of,
)
from rights_search.links.following import Following, find_following
from rights_search.links.relations import EXACT, Cluster, Links
from rights_search.links.state import State, picked
from rights_search.links.threads import Thread, thread_of
from rights_search.post import Post

_SPOOLED_BYTES = 32_000_000
"""Hashes of new posts beyond so many go to a temporary file."""

_TEXTS_IN_MEMORY = 500


@dataclass(frozen=True, slots=True)
class _Text:
    """What posts are compared by, besides their days.

    Args:
        shingles: hashes of the runs of words.
        countries: what the post is about.
        is_follow_up: True if its title says that it follows another.
    """

    shingles: frozenset[int]
    countries: frozenset[str]
    is_follow_up: bool


class Linker:
    """Takes in the posts that a sync reads, and at its end finds the links of all posts.

    Only posts that may resemble each other are compared, and of these only pairs that
    never were: of such a pair the post that did not change is read again.

    Args:
        read: gives back a post that was there before, by its id.
    """

    def __init__(self, read: Callable[[str], Post]) -> None:
        self._read = read
        self._new = State()
        self._spool = _Spool()

    def add(self, post: Post) -> None:
        """Take in a post, as it will be stored."""
        mark, thread, hashes = _looked_at(post)
        if mark.bands != NO_BANDS:
            countries = frozenset(tag.value for tag in post.countries)
            self._spool.put(len(self._new), hashes, countries, thread.is_follow_up)
        self._new.add(post.id, post.language, mark, thread)

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
        def text(row: int) -> _Text:
            place = rows[row] - len(old)
            return (
                self._spool.get(place) if place >= 0 else _text_of(self._read(state.post_id(row)))
            )

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
        self._spool.close()


def _looked_at(post: Post) -> tuple[Fingerprint, Thread, array[int]]:
    words = words_of(post)
    hashes = shingles(words)
    return fingerprint(post, len(words), hashes), thread_of(post), hashes


def _text_of(post: Post) -> _Text:
    hashes = shingles(words_of(post))
    countries = frozenset(tag.value for tag in post.countries)
    return _Text(frozenset(hashes), countries, thread_of(post).is_follow_up)


def _similarity(first: _Text, second: _Text, is_same_day: bool) -> int:
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


class _Spool:
    """The hashes of new posts: four bytes a word are too much to keep for a large corpus."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._end = 0
        self._places: dict[int, tuple[int, int, frozenset[str], bool]] = {}

    def put(
        self, row: int, hashes: array[int], countries: frozenset[str], is_follow_up: bool
    ) -> None:
        if self._file is None:
            self._file = tempfile.SpooledTemporaryFile(_SPOOLED_BYTES)  # noqa: SIM115 - see close
        data = hashes.tobytes()
        self._file.write(data)
        self._places[row] = self._end, len(data), countries, is_follow_up
        self._end += len(data)

    def get(self, row: int) -> _Text:
        assert self._file is not None, "something was put"  # noqa: S101
        start, size, countries, is_follow_up = self._places[row]
        self._file.seek(start)
        hashes = array("I", self._file.read(size))
        return _Text(frozenset(hashes), countries, is_follow_up)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
