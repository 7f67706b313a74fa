"""What is remembered of each post, so that the next sync need not read it again.

Columns of plain numbers, one row a post: about 130 bytes. Rows stand in source order,
by the file's name and then by place in it, so that the number of a row says which of
two posts comes first. The stored form is our own: the columns, little-endian, between
a header and a checksum.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from typing import NamedTuple
from zlib import crc32

from rights_search.links import fingerprints
from rights_search.links.fingerprints import BANDS, Fingerprint, little_endian
from rights_search.links.relations import RULES
from rights_search.links.threads import Thread, key

NAME, ACTION = 0, len(RULES) + 1
"""Kinds of thread entries that say what a post is called, the second of the number of an
appeal; the kinds between them are rules of citing."""


class ThreadEntry(NamedTuple):
    """A name that a post bears or cites.

    Args:
        row: of the post.
        name: 64 bits.
        kind: `NAME`, `ACTION`, or 1 more than the rule's place in `RULES`.
    """

    row: int
    name: int
    kind: int


def _column(code: str) -> Callable[[], array[int]]:
    return partial(array, code)


@dataclass(slots=True)
class State:
    """The columns; rows are added as posts are read.

    Args:
        ids: post ids as numbers.
        exact, days, words: see `Fingerprint`.
        languages: two ASCII letters as a number, 0 for none.
        bands: `BANDS` numbers a row, one row behind the other.
        entries: how many names each row bears and cites.
        names, kinds: see `ThreadEntry`, row by row.
        pairs: (row, row) → similarity in thousandths, for each pair whose texts were
            compared; the first row is that of the post for which an original was sought.
    """

    ids: array[int] = field(default_factory=_column("Q"))
    exact: array[int] = field(default_factory=_column("Q"))
    days: array[int] = field(default_factory=_column("I"))
    words: array[int] = field(default_factory=_column("I"))
    languages: array[int] = field(default_factory=_column("H"))
    bands: array[int] = field(default_factory=_column("I"))
    entries: array[int] = field(default_factory=_column("B"))
    names: array[int] = field(default_factory=_column("Q"))
    kinds: array[int] = field(default_factory=_column("B"))
    pairs: dict[tuple[int, int], int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, post_id: str, language: str | None, mark: Fingerprint, thread: Thread) -> None:
        """Add a row."""
        self.ids.append(int(post_id, 16))
        self.exact.append(mark.exact)
        self.days.append(mark.day)
        self.words.append(mark.words)
        self.languages.append(int.from_bytes((language or "").encode()[:2], "big"))
        self.bands.extend(mark.bands)
        self.entries.append(len(thread.names) + len(thread.cites))
        for name in thread.names:
            self.names.append(key(name))
            self.kinds.append(ACTION if name == thread.action else NAME)
        for cite in thread.cites:
            self.names.append(key(cite.name))
            self.kinds.append(1 + RULES.index(cite.rule))

    def extend(self, other: State) -> None:
        """Add the rows of another state, which has no pairs yet, behind those that are there."""
        for name in _COLUMNS:
            getattr(self, name).extend(getattr(other, name))

    def post_id(self, row: int) -> str:
        """Return the id of a post."""
        return f"{self.ids[row]:012x}"

    def threads(self) -> Iterator[ThreadEntry]:
        """Yield the names that posts bear and cite, row by row."""
        rows = (row for row, count in enumerate(self.entries) for _ in range(count))
        return map(ThreadEntry, rows, self.names, self.kinds)


_COLUMNS = ("ids", "exact", "days", "words", "languages", "bands", "entries", "names", "kinds")


def picked(old: State, new: State, rows: Sequence[int]) -> State:
    """Return a state of chosen rows of two others, in a given order.

    Args:
        old: what was there; of its pairs those are kept of which both rows are chosen.
        new: what has come.
        rows: numbers of rows, those of ``new`` counted on from those of ``old``.
    """

    def one(first: array[int], second: array[int]) -> array[int]:
        return array(first.typecode, map((first + second).__getitem__, rows))

    def several(first: array[int], second: array[int], starts: Sequence[int]) -> array[int]:
        both = first + second
        chosen = array(first.typecode)
        for row in rows:
            chosen.extend(both[starts[row] : starts[row + 1]])
        return chosen

    ends = list(accumulate(old.entries + new.entries, initial=0))
    now = {before: after for after, before in enumerate(rows) if before < len(old)}
    return State(
        ids=one(old.ids, new.ids),
        exact=one(old.exact, new.exact),
        days=one(old.days, new.days),
        words=one(old.words, new.words),
        languages=one(old.languages, new.languages),
        bands=several(old.bands, new.bands, range(0, (len(old) + len(new) + 1) * BANDS, BANDS)),
        entries=one(old.entries, new.entries),
        names=several(old.names, new.names, ends),
        kinds=several(old.kinds, new.kinds, ends),
        pairs={
            (now[first], now[second]): similarity
            for (first, second), similarity in old.pairs.items()
            if first in now and second in now
        },
    )


# --- stored form -----------------------------------------------------------------

_HEADER = struct.Struct("<8sIIII")
_MAGIC = b"RSLINKS\n"
_CHECKSUM = struct.Struct("<I")
_LAST_ID = 16**12 - 1


def to_bytes(state: State) -> bytes:
    """Return the stored form."""
    counts = len(state), len(state.names), len(state.pairs)
    parts = [_HEADER.pack(_MAGIC, fingerprints.VERSION, *counts)]
    columns = [
        *(getattr(state, name) for name in _COLUMNS),
        array("I", (first for first, _ in state.pairs)),
        array("I", (second for _, second in state.pairs)),
        array("H", state.pairs.values()),
    ]
    parts += [little_endian(column).tobytes() for column in columns]
    body = b"".join(parts)
    return body + _CHECKSUM.pack(crc32(body))


def from_bytes(data: bytes) -> State | None:
    """Return the state that `to_bytes` made ``data`` of; None if another version did.

    Raises:
        ValueError: if it is damaged.
    """
    body = memoryview(data)[: -_CHECKSUM.size]
    if len(data) < _HEADER.size + _CHECKSUM.size or data[:8] != _MAGIC:
        raise ValueError("it is none of our files, or cut short")
    if _CHECKSUM.pack(crc32(body)) != data[-_CHECKSUM.size :]:
        raise ValueError("its checksum is wrong")
    _, version, rows, entries, pairs = _HEADER.unpack_from(data)
    if version != fingerprints.VERSION:
        return None
    place = _HEADER.size

    def take(code: str, count: int) -> array[int]:
        nonlocal place
        column = array(code)
        end = place + count * column.itemsize
        column.frombytes(body[place:end])
        place = end
        return little_endian(column)

    state = State(
        ids=take("Q", rows), exact=take("Q", rows), days=take("I", rows), words=take("I", rows),
        languages=take("H", rows), bands=take("I", rows * BANDS), entries=take("B", rows),
        names=take("Q", entries), kinds=take("B", entries),
    )  # fmt: skip
    first, second, similarity = take("I", pairs), take("I", pairs), take("H", pairs)
    if place != len(body) or sum(state.entries) != entries or entries != len(state.kinds):
        raise ValueError("it has other columns than rows")
    if max(state.ids, default=0) > _LAST_ID or max((*first, *second), default=-1) >= rows:
        raise ValueError("it speaks of posts that are not there")
    if max(state.kinds, default=0) > ACTION:
        raise ValueError("it has names of no kind")
    state.pairs.update(zip(zip(first, second, strict=True), similarity, strict=True))
    return state
