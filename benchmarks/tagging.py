"""Time the taggers on posts of one length, in one process.

The posts are those of `benchmarks.texts`, of 3,000 characters. Each tagger sees what
those before it made of them, as in `rights_search.tagging.tag`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from itertools import islice

from benchmarks import texts
from rights_search.post import Post
from rights_search.tagging import TAGGERS

_CHARS = 3000


def main() -> None:
    """Print the CPU time that each tagger takes for a post, and all of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tagging", description=__doc__)
    parser.add_argument("--posts", type=int, default=1000, help="at most so many (1000)")
    parser.add_argument("--runs", type=int, default=3, help="the best of so many counts (3)")
    parser.add_argument("--corpus", action="store_true", help="take the sample corpus")
    options = parser.parse_args()
    posts = list(islice(texts.posts(_CHARS, corpus=options.corpus), options.posts))
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


if __name__ == "__main__":
    main()
