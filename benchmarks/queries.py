"""Time the reading of long queries, and the answers to queries that ask for much work.

The index is one that is there, or one in memory of posts made of the words of the
sample corpus, as frequent as they are in it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from benchmarks.hard_queries import PARSED, hard_queries
from rights_search.analysis import terms
from rights_search.archive import Archive
from rights_search.errors import QueryError
from rights_search.ingest import read
from rights_search.post import Post
from rights_search.query.parser import parse
from rights_search.results import Mode

_REPOSITORY = Path(__file__).resolve().parent.parent
_CHARS = 20_000
_WORDS_A_POST = 250
_RUNS = 5


def main() -> None:
    """Print the CPU time that reading takes, then CPU time and memory of each search.

    A search is that of the slowest of the modes; its memory is what a process that has
    the index open and has searched for nothing yet needs more at its peak.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queries", description=__doc__)
    parser.add_argument("--index", metavar="DIR", help="an index that is there")
    parser.add_argument("--posts", type=int, default=5000, help="posts of one in memory (5000)")
    options = parser.parse_args()
    print(f"{f'{_CHARS:,} characters of':32}{'parsed in, ms':>14}")
    for name, unit in PARSED.items():
        text = (unit * _CHARS)[:_CHARS]
        print(f"{name:32}{1000 * _cpu(partial(parse, text), _RUNS):14.1f}")
    counts = _counts()
    common = [word for word, _ in counts.most_common(8)]
    rare = [word for word, _ in counts.most_common() if len(word) > 3 and word.isascii()]  # noqa: PLR2004
    with TemporaryDirectory() as folder:
        index = options.index or _made(Path(folder), options.posts, counts)
        with Archive.open(index) as archive:
            _time_searches(archive, hard_queries(common, rare))


def _time_searches(archive: Archive, queries: Mapping[str, str]) -> None:
    posts = archive.search(limit=0).total
    print(f"\n{f'searched in {posts:,} posts':48}{'ms':>8}{'MiB':>8}")
    for name, query in {"torture": "torture", **queries}.items():
        costs = [_apart(partial(_search, archive, query, mode)) for mode in get_args(Mode)]
        seconds, mebibytes = map(max, zip(*costs, strict=True))
        print(f"{name:48}{1000 * seconds:8.0f}{mebibytes:8.0f}", flush=True)


def _search(archive: Archive, query: str, mode: Mode) -> None:
    with suppress(QueryError):
        archive.search(query, mode=mode, facets=("country", "year", "theme"))


def _apart(work: Callable[[], object]) -> tuple[float, float]:
    """Return CPU seconds and the growth of the peak in MiB of some work in a fork of its own."""
    before = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    _, status, used = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"a search ended with {status}")
    held = before * os.sysconf("SC_PAGE_SIZE")
    # On Linux in KiB.
    return used.ru_utime + used.ru_stime, max(0.0, used.ru_maxrss * 1024 - held) / 2**20


def _cpu(work: Callable[[], object], runs: int) -> float:
    """Return the least seconds of several runs; a refusal is an answer, too."""
    seconds = []
    for _ in range(runs):
        began = time.process_time()
        with suppress(QueryError):
            work()
        seconds.append(time.process_time() - began)
    return min(seconds)


def _counts() -> Counter[str]:
    posts = (item for item in read(_REPOSITORY / "corpus") if isinstance(item, Post))
    return Counter(term for post in posts for text in post.paragraphs for term in terms(text))


def _made(folder: Path, posts: int, counts: Counter[str]) -> Path:
    """Make an index of random posts and return its folder."""
    rng = random.Random(1948)  # noqa: S311 - the same posts each time
    words, weights = zip(*counts.items(), strict=True)
    (folder / "corpus").mkdir()
    with (folder / "corpus" / "posts.jsonl").open("w", encoding="utf-8") as stream:
        for number in range(posts):
            text = rng.choices(words, weights, k=_WORDS_A_POST)
            title = f"{number} {' '.join(text[:6])}"
            record = {"title": title, "date": str(rng.randint(1948, 2024)), "text": " ".join(text)}
            stream.write(json.dumps(record) + "\n")
    with Archive.create(folder / "index") as archive:
        archive.sync(folder / "corpus")
    return folder / "index"


if __name__ == "__main__":
    main()
