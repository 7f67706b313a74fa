"""Run after run with a few changes: the index stays small and whole, and nothing grows."""

from __future__ import annotations

import ctypes
import json
import logging
import os
import random
from contextlib import suppress
from pathlib import Path

import pytest

from fuzzing import FACTOR
from index_states import litter, state
from rights_search import Archive, engines

LOG = logging.getLogger(__name__)

RUNS = 30 if FACTOR == 1 else 1000
_FILES = 60
_WARM = 10
"""So many runs fill the caches; what is kept after these must not grow."""

MAX_SEGMENTS = {"whoosh": 20, "tantivy": 20}
MAX_FILES = {"whoosh": 30, "tantivy": 200}
"""A segment of Tantivy is up to nine files, one of Whoosh is one; beside them stand sidecars."""

MAX_GROWTH_MIB = 32


def put(corpus: Path, number: int, change: int) -> None:
    """Write a file that is unlike what was there before."""
    path = corpus / f"{number}.md"
    path.write_text(f"# Report {number}\n\n2014\n\nA court heard case {change} in Minsk.\n")
    # Long ago, so that a time stamp can be trusted, and never the same.
    os.utime(path, ns=(change * 10**9, change * 10**9))


@pytest.mark.parametrize("engine", engines.names())
def test_run_after_run(tmp_path: Path, engine: str) -> None:
    """Files, segments, handles and memory stay level, and each post is what its file says."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    chance = random.Random(1948)
    held = dict.fromkeys(range(_FILES), 0)
    for number in held:
        put(corpus, number, 0)
    warm = (0, 0.0)
    with Archive.open_or_create(index, engine=engine) as archive:
        archive.sync(corpus, processes=1)
        for done in range(1, RUNS + 1):
            gone, changed = chance.sample(sorted(held), 2)
            del held[gone]
            (corpus / f"{gone}.md").unlink()
            for number in (changed, _FILES + done):
                held[number] = done
                put(corpus, number, done)
            summary = archive.sync(corpus, processes=1)
            # What is edited has another id: one post is removed and another added.
            assert (summary.added, summary.removed, summary.unchanged) == (2, 2, _FILES - 2)
            found = archive.search(f'"heard case {done} in"', mode="exact", copies="all", limit=5)
            assert found.total == 2
            assert len(list(index.rglob("*"))) <= MAX_FILES[engine]
            assert segments(index, engine) <= MAX_SEGMENTS[engine]
            if done == _WARM:
                warm = handles(), memory_mib()
        # Whoosh's readers keep the file of each segment open.
        assert handles() <= warm[0] + MAX_SEGMENTS[engine]
        grown = memory_mib() - warm[1]
        LOG.info("%d runs with %s: %+.1f MiB of memory since the tenth", RUNS, engine, grown)
        assert grown < MAX_GROWTH_MIB
        posts = archive.posts("", copies="all")
        texts = {post.title: post.paragraphs for post in posts}
    assert texts == {
        f"Report {number}": (f"A court heard case {change} in Minsk.",)
        for number, change in held.items()
    }
    assert state(index) is not None
    assert not litter(index)


def segments(index: Path, engine: str) -> int:
    """Return of how many segments an index consists."""
    if engine == "tantivy":
        record = json.loads((index / "MAIN.tantivy" / "meta.json").read_bytes())
        return len(record["segments"])
    return len(engines.load("whoosh").open(index).contents().segments)  # type: ignore[attr-defined]


def handles() -> int:
    """Return how many files this process holds open, 0 where that cannot be told."""
    opened = Path("/proc/self/fd")
    return len(list(opened.iterdir())) if opened.is_dir() else 0


def memory_mib() -> float:
    """Return the memory that this process uses, 0 where that cannot be told.

    Each commit of Tantivy has threads of its own, and the C library keeps what they freed, in an
    arena for each of a few: up to 130 MiB that nobody uses, and that the next commit uses again.
    """
    pages = Path("/proc/self/statm")
    if not pages.exists():
        return 0
    with suppress(AttributeError):  # only the C library of GNU has it
        ctypes.CDLL(None).malloc_trim(0)
    return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
