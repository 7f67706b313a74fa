"""Sync and search for long in one process, and watch its memory and its open files.

Between two syncs one file is changed, one removed and one added, and every so often the
index is closed and opened. Of memory there is

- what the process holds, and what it holds once the C library was asked to give back what is free.
  That goes up and down by megabytes: Tantivy starts threads for each commit, the C library keeps an
  arena for each of a few, and gives back no end of an arena but the first one's;
- what is in use by the C library's own count, and how many blocks Python's allocator has given out,
  which is beside that count. These are level if nothing leaks, so these are what is looked at.

Exit code 1 says that one of them, or open files, grew after the first tenth. Posts are short and
most queries show one hit, so that there is time for many: every 20th shows a page, every 50th
is broad, and every 997th is as hard as queries can be.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import os
import random
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.hard_queries import hard_queries
from rights_search import engines
from rights_search.archive import Archive
from rights_search.errors import QueryError
from rights_search.results import Mode

_FILES = 30
_WORDS_A_POST = 60
_PAGE_EVERY, _PAGE = 20, 10
_BROAD_EVERY = 50
_HARD_EVERY = 997
_STAGES = 10
MAX_GROWTH_MIB = 16
MAX_MORE_BLOCKS = 100_000
"""More than this after the first tenth is called a leak: less than a block a query."""

_WORDS = (
    "torture prison arrest justice women children journalists lawyer court trial police protest "
    "execution moratorium Egypt Russia Chechnya freedom expression refugees camp border strike"
).split()


def main() -> int:
    """Print a row for each tenth, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--syncs", type=int, default=1000, help="default: 1000")
    parser.add_argument("--queries", type=int, default=100_000, help="in all; default: 100000")
    parser.add_argument("--engine", choices=engines.names(), default=engines.DEFAULT)
    options = parser.parse_args()
    titles = "syncs queries MiB-held trimmed in-use blocks open-files index-files MiB"
    print("".join(f"{title:>12}" for title in titles.split()))
    with TemporaryDirectory() as folder:
        rows = list(soak(Path(folder), options.syncs, options.queries, options.engine))
    first, last = rows[0], rows[-1]
    growth, more = last.mib_in_use - first.mib_in_use, last.blocks - first.blocks
    opened = last.open_files - first.open_files
    print(f"after the first tenth: {growth:+.1f} MiB, {more:+,} blocks, {opened:+} open files")
    return int(growth > MAX_GROWTH_MIB or more > MAX_MORE_BLOCKS or opened > 0)


@dataclass(frozen=True, slots=True)
class Row:
    """What a process has: the module says what is what."""

    mib_in_use: float
    blocks: int
    open_files: int


def soak(folder: Path, syncs: int, queries: int, engine: str) -> Iterator[Row]:
    """Yield what is in use, and the files that stay open once the index is closed, ten times."""
    rng = random.Random(1984)  # noqa: S311 - the same each time
    corpus, index = folder / "corpus", folder / "index"
    corpus.mkdir()
    for number in range(_FILES):
        _write(corpus / f"{number}.md", rng)
    hard = list(hard_queries(_WORDS[:8], [word.lower() for word in _WORDS]).values())
    archive = Archive.open_or_create(index, engine=engine)
    asked = 0
    for done in range(1, syncs + 1):
        name = corpus / f"{rng.randrange(_FILES)}.md"
        name.unlink(missing_ok=True)
        for _ in range(2):
            _write(corpus / f"{rng.randrange(_FILES)}.md", rng)
        archive.sync(corpus, processes=1)
        while asked < queries * done // syncs:
            asked += 1
            query = rng.choice(hard) if asked % _HARD_EVERY == 0 else _query(rng)
            mode: Mode = "broad" if asked % _BROAD_EVERY == 0 else rng.choice(("exact", "default"))
            limit = _PAGE if asked % _PAGE_EVERY == 0 else 1
            with suppress(QueryError):
                archive.search(query, mode=mode, limit=limit, facets=("country", "year"))
        if done * _STAGES // syncs > (done - 1) * _STAGES // syncs:
            gc.collect()
            held = _memory_mib()
            _give_back()
            trimmed = _memory_mib()
            in_use = _in_use_mib() or trimmed
            blocks = sys.getallocatedblocks()
            archive.close()
            row = Row(in_use, blocks, _open_files())
            archive = Archive.open(index)
            files = list(index.rglob("*"))
            size = sum(path.stat().st_size for path in files) / 2**20
            print(
                f"{done:12,}{asked:12,}{held:12.1f}{trimmed:12.1f}{in_use:12.2f}{blocks:12,}"
                f"{row.open_files:12}{len(files):12}{size:12.2f}",
                flush=True,
            )
            yield row
    archive.close()


def _write(path: Path, rng: random.Random) -> None:
    words = " ".join(rng.choices(_WORDS, k=_WORDS_A_POST))
    title = " ".join(rng.choices(_WORDS, k=6))
    path.write_text(f"# {title}\n\n{rng.randint(1948, 2024)}\n\n{words}.\n", encoding="utf-8")
    # A time of its own, long ago: it can be trusted, and is never that of before.
    seconds = rng.randrange(10**9)
    os.utime(path, (seconds, seconds))


def _query(rng: random.Random) -> str:
    words = rng.choices(_WORDS, k=rng.randint(1, 4))
    first, last = words[0], words[-1]
    forms = (
        " ".join(words),
        f'"{" ".join(words[:2])}"',
        f"{first} OR {last}~",
        f"{first[:4]}* -{last}",
        f"{first} near:5 {last}",
    )
    return rng.choice(forms)


def _open_files() -> int:
    # One of them is that of the listing.
    return len(list(Path("/proc/self/fd").iterdir())) - 1


def _give_back() -> None:
    with suppress(AttributeError):  # only the C library of GNU has it
        ctypes.CDLL(None).malloc_trim(0)


_COUNTS = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()


class _MallInfo(ctypes.Structure):
    """What ``mallinfo2`` of the C library of GNU returns."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in _COUNTS)


def _in_use_mib() -> float:
    """Return what was asked of the C library and not given back, 0 where it does not tell."""
    try:
        count = ctypes.CDLL(None).mallinfo2
    except AttributeError:
        return 0
    count.restype = _MallInfo
    told = count()
    return float(told.uordblks + told.hblkhd) / 2**20


def _memory_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    sys.exit(main())
