"""What is taken from posts while they are read, so that their links can be found at the end.

Posts may be read by several processes. Each gathers by itself, and saves what it has in
files that one of them loads.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from array import array
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Text:
    """What posts are compared by, besides their days.

    Args:
        shingles: hashes of the runs of words.
        countries: what the post is about.
        is_follow_up: True if its title says that it follows another.
    """

    shingles: frozenset[int]
    countries: frozenset[str]
    is_follow_up: bool


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
    return Text(frozenset(hashes), countries, thread_of(post).is_follow_up)


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
        stream = self._stream()
        stream.seek(start)
        hashes = array("I", stream.read(size))
        return Text(frozenset(hashes), frozenset(countries), is_follow_up)

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
