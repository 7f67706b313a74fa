"""Sync and search for hours in one process, and watch its memory and its open files.

Between two syncs one file is changed, one removed and one added, and every so often the
index is closed and opened. Of memory there is what the process holds, and what is left of that when
the C library was asked to give back what nobody uses: Tantivy's threads come and go with each
commit, and leave behind much that is free. Exit code 1 says that open files, or the memory that is
left, grew after the first tenth.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import random
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from benchmarks.hard_queries import hard_queries
from rights_search import engines
from rights_search.archive import Archive
from rights_search.errors import QueryError
from rights_search.results import Mode

_FILES = 100
_WORDS_A_POST = 120
_HARD_EVERY = 997
_STAGES = 10
MAX_GROWTH_MIB = 64
"""More than this after the first tenth is called a leak."""

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
    memory = f"{'MiB held':>10}{'MiB used':>10}"
    print(f"{'syncs':>8}{'queries':>10}{memory}{'open files':>12}{'index files':>13}{'MiB':>8}")
    with TemporaryDirectory() as folder:
        rows = list(soak(Path(folder), options.syncs, options.queries, options.engine))
    growth = rows[-1][0] - rows[0][0]
    more = rows[-1][1] - rows[0][1]
    print(f"after the first tenth: {growth:+.1f} MiB, {more:+} open files")
    return int(growth > MAX_GROWTH_MIB or more > 0)


def soak(folder: Path, syncs: int, queries: int, engine: str) -> Iterator[tuple[float, int]]:
    """Yield memory, and the files that stay open once the index is closed, after each tenth."""
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
            query = _query(rng) if asked % _HARD_EVERY else rng.choice(hard)
            with suppress(QueryError):
                archive.search(query, mode=rng.choice(get_args(Mode)), facets=("country", "year"))
        if done * _STAGES // syncs > (done - 1) * _STAGES // syncs:
            held = _memory_mib()
            _give_back()
            memory = _memory_mib()
            archive.close()
            handles = _open_files()
            archive = Archive.open(index)
            files = list(index.rglob("*"))
            size = sum(path.stat().st_size for path in files) / 2**20
            print(
                f"{done:8,}{asked:10,}{held:10.1f}{memory:10.1f}"
                f"{handles:12}{len(files):13}{size:8.2f}",
                flush=True,
            )
            yield memory, handles
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


def _memory_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    sys.exit(main())
