"""The Tantivy engine: for archives of hundreds of thousands of posts.

Tantivy indexes the terms of our analyser, finds, counts and ranks. What it cannot say,
how near more than two things stand to each other, is looked up in the posts that may
match. docs/engines.md lists where its order differs from that of the Whoosh engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rights_search.engines.tantivy.index import (
    TantivyIndex,
    create_index,
    generation_of,
    open_index,
)
from rights_search.engines.tantivy.reader import Reader
from rights_search.engines.tantivy.snapshots import TantivySnapshot

if TYPE_CHECKING:
    from rights_search.engines.tantivy.parts import TantivyPart
    from rights_search.engines.tantivy.writing import TantivyWriter


def create(folder: Path | None, *, after: int = 0) -> TantivyIndex:
    """Make an empty index in ``folder``, in memory for None; its generation is ``after``."""
    handle = create_index(folder)
    if after:
        first = writer(handle)
        first.generation = after
        first.commit()
    return handle


def open(folder: Path) -> TantivyIndex:  # noqa: A001 - the protocol's name
    """Return a handle on the index in ``folder``.

    Raises:
        IndexUnavailableError: if there is none or it cannot be read.
    """
    return open_index(folder)


def snapshot(handle: TantivyIndex) -> TantivySnapshot:
    """Return the newest committed state."""
    searcher = handle.searcher()
    return TantivySnapshot(Reader(searcher, handle.folder), generation_of(searcher))


def writer(handle: TantivyIndex, *, clear: bool = False) -> TantivyWriter:
    """Begin a transaction.

    Raises:
        IndexUnavailableError: if another process is writing.
    """
    from rights_search.engines.tantivy.writing import TantivyWriter  # noqa: PLC0415 - not to search

    return TantivyWriter(handle, clear=clear)


def verify(handle: TantivyIndex) -> Iterator[tuple[str, str]]:
    """Yield what was verified of a whole index: see `verifying`."""
    from rights_search.engines.tantivy import verifying  # noqa: PLC0415 - not for searching

    return verifying.verify(handle)


def part(handle: TantivyIndex) -> TantivyPart:
    """Begin a part of the transaction that another process has begun."""
    from rights_search.engines.tantivy.parts import TantivyPart  # noqa: PLC0415 - not to search

    return TantivyPart(handle)
