"""What is taken from posts while they are read, so that their links can be found at the end.

Posts may be read by several processes. Each gathers by itself, and saves what it has in
files that one of them loads.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from array import array
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO, ClassVar, TypeAlias

from rights_search.links import state
from rights_search.links.fingerprints import (
    NO_BANDS,
    SHORT_WORDS,
    digest,
    fingerprint,
    shingles,
    words_of,
)
from rights_search.links.state import State
from rights_search.links.threads import Thread, thread_of
from rights_search.post import Post

_SPOOLED_BYTES = 8_000_000
"""Hashes of new posts beyond so many go to a temporary file."""

_MIN_IN_ARRAYS = 8
"""For fewer posts at once arrays are no gain."""

_MIN_FOR_NUMPY = 5_000
"""After so many posts of a process NumPy, which takes 0.1 s to import, is worth it for this alone;
where something else has imported it, it is used at once."""

_SUFFIXES = _STATE, _PLACES, _HASHES = ".state", ".places", ".hashes"


Mark: TypeAlias = tuple[frozenset[str], bool]
"""What posts are told apart by, besides their texts and their days: what the post is about, and
True if its title says that it follows another."""


class Gathering:
    """Fingerprints, threads and hashes of posts, one row a post."""

    _taken: ClassVar[int] = 0
    """How many posts this process has taken in, a part or several."""

    def __init__(self) -> None:
        self.state = State()
        self._spool = _Spool()

    def add(self, *posts: Post) -> None:
        """Take in posts, as they will be stored; all of them, or over a mistake none."""
        # Step by step, as `rights_search.indexing.file_reading` says.
        Gathering._taken += len(posts)
        counts: list[int] = []
        texts: list[bytes] = []
        hashes: list[array[int]] = []
        for post in posts:
            words = words_of(post)
            counts.append(len(words))
            texts.append(digest(words))
            hashes.append(shingles(words))
        long = [number for number, count in enumerate(counts) if count >= SHORT_WORDS]
        bands = dict(zip(long, self._bands([hashes[number] for number in long]), strict=False))
        marks = [
            fingerprint(post, counts[number], texts[number], hashes[number], bands.get(number, ()))
            for number, post in enumerate(posts)
        ]
        threads = list(map(thread_of, posts))
        told_apart = list(map(_mark, posts, threads))
        for number, post in enumerate(posts):
            mark, thread = marks[number], threads[number]
            if mark.bands != NO_BANDS:
                self._spool.put(len(self.state), hashes[number], told_apart[number])
            self.state.add(post.id, post.language, mark, thread)

    def _bands(self, posts: Sequence[array[int]]) -> Iterable[Sequence[int]]:
        """Return the bands of posts of which there are the shingles; of none if that is no gain."""
        if len(posts) < _MIN_IN_ARRAYS:
            return ()
        if "numpy" not in sys.modules and (
            self._taken < _MIN_FOR_NUMPY or find_spec("numpy") is None
        ):
            return ()
        from rights_search.links.band_arrays import bands_of  # noqa: PLC0415

        return bands_of(posts)

    def mark(self, row: int) -> Mark:
        """Return what the post of a row is told apart by, if it can be a near-copy at all."""
        return self._spool.mark(row)

    def hashes(self, row: int) -> array[int]:
        """Return the `shingles` of the post of a row, if it can be a near-copy at all."""
        return self._spool.hashes(row)

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


def text_of(post: Post) -> tuple[Mark, array[int]]:
    """Return what a post is compared by: see `Gathering.mark` and `Gathering.hashes`."""
    return _mark(post, thread_of(post)), shingles(words_of(post))


def _mark(post: Post, thread: Thread) -> Mark:
    return frozenset(tag.value for tag in post.countries), thread.is_follow_up


class _Spool:
    """The hashes of new posts: four bytes a word are too much to keep for a large corpus."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._end = 0
        self._places: dict[int, tuple[int, int, Mark]] = {}
        # Posts are about few sets of countries: each is kept once.
        self._marks: dict[Mark, Mark] = {}

    def put(self, row: int, hashes: array[int], mark: Mark) -> None:
        data = hashes.tobytes()
        self._stream().write(data)
        self._places[row] = self._end, len(data), self._marks.setdefault(mark, mark)
        self._end += len(data)

    def mark(self, row: int) -> Mark:
        return self._places[row][2]

    def hashes(self, row: int) -> array[int]:
        start, size, _ = self._places[row]
        stream = self._stream()
        stream.seek(start)
        return array("I", stream.read(size))

    def save(self, places: Path, hashes: Path) -> None:
        marks = {mark: number for number, mark in enumerate(self._marks)}
        plain = [[[*countries], is_follow_up] for countries, is_follow_up in marks]
        held = [
            [row, start, size, marks[mark]] for row, (start, size, mark) in self._places.items()
        ]
        places.write_text(json.dumps([plain, held]), "ascii")
        stream = self._stream()
        stream.seek(0)
        with hashes.open("wb") as out:
            shutil.copyfileobj(stream, out)

    def load(self, first_row: int, places: Path, hashes: Path) -> None:
        plain, held = json.loads(places.read_text("ascii"))
        marks = [(frozenset(countries), is_follow_up) for countries, is_follow_up in plain]
        marks = [self._marks.setdefault(mark, mark) for mark in marks]
        for row, start, size, number in held:
            self._places[first_row + row] = self._end + start, size, marks[number]
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
