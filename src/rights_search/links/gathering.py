"""What is taken from posts while they are read, so that their links can be found at the end.

Posts may be read by several processes. Each gathers by itself, and saves what it has in
files that one of them loads.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from rights_search.links import state
from rights_search.links.fingerprints import (
    NO_BANDS,
    Fingerprint,
    fingerprint,
    shingles,
    words_of,
)
from rights_search.links.state import State
from rights_search.links.threads import Thread, thread_of
from rights_search.post import Post

_SPOOLED_BYTES = 32_000_000
"""Hashes of new posts beyond so many go to a temporary file."""

_SUFFIXES = _STATE, _PLACES, _HASHES = ".state", ".places", ".hashes"


@dataclass(slots=True, eq=False)
class Text:
    """What posts are compared by, besides their days.

    Args:
        countries: what the post is about.
        is_follow_up: True if its title says that it follows another.
    """

    countries: frozenset[str]
    is_follow_up: bool
    _hashes: Callable[[], Iterable[int]]
    _shingles: frozenset[int] | None = None

    @property
    def shingles(self) -> frozenset[int]:
        """Return the hashes of the runs of words: four of five pairs are told apart without."""
        if self._shingles is None:
            self._shingles = frozenset(self._hashes())
        return self._shingles


class Gathering:
    """Fingerprints, threads and hashes of posts, one row a post."""

    def __init__(self) -> None:
        self.state = State()
        self._spool = _Spool()

    def add(self, post: Post) -> None:
        """Take in a post, as it will be stored."""
        mark, thread, hashes = _looked_at(post)
        if mark.bands != NO_BANDS:
            countries = tuple(tag.value for tag in post.countries)
            self._spool.put(len(self.state), hashes, countries, thread.is_follow_up)
        self.state.add(post.id, post.language, mark, thread)

    def text(self, row: int) -> Text:
        """Return what the post of a row is compared by, if it can be a near-copy at all."""
        return self._spool.get(row)

    def save(self, stem: Path) -> None:
        """Write all of it to files that begin so."""
        stem.with_suffix(_STATE).write_bytes(state.to_bytes(self.state))
        self._spool.save(stem.with_suffix(_PLACES), stem.with_suffix(_HASHES))

    def load(self, stem: Path) -> None:
        """Add the rows that another process saved, and remove its files."""
        rows = state.from_bytes(stem.with_suffix(_STATE).read_bytes())
        assert rows is not None, "this program wrote it"  # noqa: S101
        self._spool.load(len(self.state), stem.with_suffix(_PLACES), stem.with_suffix(_HASHES))
        self.state.extend(rows)
        for suffix in _SUFFIXES:
            stem.with_suffix(suffix).unlink()

    def close(self) -> None:
        """Let go of the temporary file."""
        self._spool.close()


def text_of(post: Post) -> Text:
    """Return what a post is compared by."""
    hashes = shingles(words_of(post))
    countries = frozenset(tag.value for tag in post.countries)
    return Text(countries, thread_of(post).is_follow_up, lambda: hashes)


def _looked_at(post: Post) -> tuple[Fingerprint, Thread, array[int]]:
    words = words_of(post)
    hashes = shingles(words)
    return fingerprint(post, len(words), hashes), thread_of(post), hashes


class _Spool:
    """The hashes of new posts: four bytes a word are too much to keep for a large corpus."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._end = 0
        self._places: dict[int, tuple[int, int, tuple[str, ...], bool]] = {}

    def put(
        self, row: int, hashes: array[int], countries: tuple[str, ...], is_follow_up: bool
    ) -> None:
        data = hashes.tobytes()
        self._stream().write(data)
        self._places[row] = self._end, len(data), countries, is_follow_up
        self._end += len(data)

    def get(self, row: int) -> Text:
        start, size, countries, is_follow_up = self._places[row]
        return Text(frozenset(countries), is_follow_up, partial(self._hashes, start, size))

    def _hashes(self, start: int, size: int) -> array[int]:
        stream = self._stream()
        stream.seek(start)
        return array("I", stream.read(size))

    def save(self, places: Path, hashes: Path) -> None:
        places.write_text(json.dumps([*self._places.items()]), "ascii")
        stream = self._stream()
        stream.seek(0)
        with hashes.open("wb") as out:
            shutil.copyfileobj(stream, out)

    def load(self, first_row: int, places: Path, hashes: Path) -> None:
        for row, (start, size, countries, is_follow_up) in json.loads(places.read_text("ascii")):
            place = self._end + start, size, tuple(countries), is_follow_up
            self._places[first_row + row] = place
        with hashes.open("rb") as stream:
            shutil.copyfileobj(stream, self._stream())
        self._end += hashes.stat().st_size

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _stream(self) -> IO[bytes]:
        if self._file is None:
            self._file = tempfile.SpooledTemporaryFile(_SPOOLED_BYTES)  # noqa: SIM115 - see close
        return self._file
