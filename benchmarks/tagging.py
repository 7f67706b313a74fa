"""Time the taggers on posts of one length, in one process.

The posts are country texts of ``../shared/data`` where these stand beside the
checkout, else the sample corpus, put together and cut to 3,000 characters. Each
tagger sees what those before it made of them, as in `rights_search.tagging.tag`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from rights_search.ingest import read
from rights_search.post import Post, Provenance
from rights_search.tagging import TAGGERS

_REPOSITORY = Path(__file__).resolve().parent.parent
_TEXTS = _REPOSITORY.parent / "shared" / "data" / "freedomhouse-en.jsonl.gz"
_CHARS = 3000
_PROVENANCE = Provenance("benchmark", "0" * 64, "benchmark")


def main() -> None:
    """Print the CPU time that each tagger takes for a post, and all of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tagging", description=__doc__)
    parser.add_argument("--posts", type=int, default=1000, help="at most so many (1000)")
    parser.add_argument("--runs", type=int, default=3, help="the best of so many counts (3)")
    parser.add_argument("--corpus", action="store_true", help="take the sample corpus")
    options = parser.parse_args()
    texts = _corpus() if options.corpus or not _TEXTS.is_file() else _country_texts()
    posts = list(islice(_posts(texts), options.posts))
    print(f"{len(posts):,} posts of {_CHARS:,} characters")
    print(f"{'tagger':12}{'first post, s':>15}{'others, µs':>12}{'posts a second':>16}")
    seconds = 0.0
    for name, tagger in TAGGERS.items():
        first = _cpu(tagger, posts[:1])
        seconds_here = min(_cpu(tagger, posts) for _ in range(options.runs))
        seconds += seconds_here
        print(f"{name:12}{first:15.3f}{_figures(seconds_here, len(posts))}")
        posts = [tagger(post) for post in posts]
    print(f"{'all':12}{'':15}{_figures(seconds, len(posts))}")


def _cpu(tagger: Callable[[Post], Post], posts: list[Post]) -> float:
    start = time.process_time()
    for post in posts:
        tagger(post)
    return time.process_time() - start


def _figures(seconds: float, posts: int) -> str:
    return f"{seconds / posts * 1e6:12.0f}{posts / seconds:16,.0f}"


def _posts(texts: Iterable[tuple[str, str]]) -> Iterator[Post]:
    """Yield posts of `_CHARS` characters, each with the title of its first text."""
    title, parts, chars = "", list[str](), 0
    for next_title, text in texts:
        title = title or next_title
        parts.append(text[: _CHARS - chars])
        chars += len(parts[-1]) + 2  # the blank line between paragraphs
        if chars >= _CHARS:
            yield Post(f"{0:012}", title, tuple(parts), _PROVENANCE)
            title, parts, chars = "", [], 0


def _country_texts() -> Iterator[tuple[str, str]]:
    with gzip.open(_TEXTS, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["title"], record["text"]


def _corpus() -> Iterator[tuple[str, str]]:
    for post in read(_REPOSITORY / "corpus"):
        if isinstance(post, Post):
            yield from ((post.title, paragraph) for paragraph in post.paragraphs)


if __name__ == "__main__":
    main()
