"""Time the first search for two words, and the same once more, which find what was kept.

Nearness is worked out by the first search of a pair; each word has been asked for before, so that
the pair alone is new. The index is one of the Whoosh engine that is there, or one of made posts.
"""

from __future__ import annotations

import argparse
import time
from itertools import combinations
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import made_posts
from benchmarks.asking import questions
from rights_search import engines
from rights_search.archive import Archive
from rights_search.links.relations import Links
from rights_search.search import searching
from rights_search.search.linked import LinkedSnapshot
from rights_search.search.questions import Request

_AGAIN = 5


def main() -> None:
    """Print the processor time of the engine's work for each pair of common words, in ms."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pairs", description=__doc__)
    parser.add_argument("--posts", type=int, default=20_000, help="how many are made (20000)")
    parser.add_argument("--index", type=Path, metavar="DIR", help="an index of such posts")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        posts = Path(folder) / "posts.jsonl"
        made_posts.write(posts, options.posts, is_made=True)
        index = options.index or _indexed(posts, Path(folder) / "index")
        common = [one.words[0] for one in questions(posts) if one.kind == "common"]
        _time(index, common)


def _indexed(posts: Path, index: Path) -> Path:
    with Archive.create(index) as archive:
        archive.sync(posts)
    return index


def _time(index: Path, words: list[str]) -> None:
    module = engines.load("whoosh")
    linked = LinkedSnapshot(module.snapshot(module.open(index)), Links())
    # Alone, and often enough that the snapshot takes it for a session.
    for word in words * 5:
        _cpu(word, linked)
    print(f"{'pair':32}{'first':>8}{'again':>8}")
    rows = []
    for pair in combinations(words, 2):
        first, *again = (_cpu(" ".join(pair), linked) for _ in range(1 + _AGAIN))
        rows.append((first, median(again)))
        print(f"{' '.join(pair):32}{rows[-1][0]:8.1f}{rows[-1][1]:8.1f}")
    means = (sum(column) / len(rows) for column in zip(*rows, strict=True))
    print(f"{'mean':32}{''.join(f'{each:8.1f}' for each in means)}")


def _cpu(query: str, linked: LinkedSnapshot) -> float:
    began = time.process_time()
    searching.find(Request(query, copies="all"), linked)
    return 1000 * (time.process_time() - began)


if __name__ == "__main__":
    main()
