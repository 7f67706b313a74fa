"""Finding the links of an index while it is synced."""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from rights_search.links.clusters import EXACT, find_copies
from rights_search.links.fingerprints import (
    NO_BANDS,
    Fingerprint,
    fingerprint,
    permille,
    shingles,
    words_of,
)
from rights_search.links.following import find_following
from rights_search.links.relations import Links, links_of
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
        old: what was remembered of the posts before.
        read: gives back a post that was there before, by its id.
    """

    def __init__(self, old: State, read: Callable[[str], Post]) -> None:
        self._old = old
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

    def finish(self, ids: Iterable[str]) -> tuple[State, Links]:
        """Return what to remember of all posts, and their links.

        Args:
            ids: every post that there is now, in source order.

        Raises:
            KeyError: if one was neither remembered nor added.
        """
        first_new = len(self._old)
        known = {self._old.post_id(row): row for row in range(first_new)}
        known |= {self._new.post_id(row): first_new + row for row in range(len(self._new))}
        rows = [known[post_id] for post_id in ids]
        state = picked(self._old, self._new, rows)

        @lru_cache(maxsize=_TEXTS_IN_MEMORY)
        def text(row: int) -> _Text:
            before = rows[row]
            if before >= first_new:
                return self._spool.get(before - first_new)
            return _text_of(self._read(state.post_id(row)))

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
        self._spool.close()
        return state, links_of(state, copies, following)

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


class _Spool:
    """The hashes of new posts: four bytes a word are too much to keep for a large corpus."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_SPOOLED_BYTES)  # noqa: SIM115 - closed by close
        self._end = 0
        self._places: dict[int, tuple[int, int, frozenset[str], bool]] = {}

    def put(
        self, row: int, hashes: array[int], countries: frozenset[str], is_follow_up: bool
    ) -> None:
        data = hashes.tobytes()
        self._file.write(data)
        self._places[row] = self._end, len(data), countries, is_follow_up
        self._end += len(data)

    def get(self, row: int) -> _Text:
        start, size, countries, is_follow_up = self._places[row]
        self._file.seek(start)
        hashes = array("I", self._file.read(size))
        return _Text(frozenset(hashes), countries, is_follow_up)

    def close(self) -> None:
        self._file.close()
