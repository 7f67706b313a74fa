"""Time the taggers on posts of one length, in one process.

The posts are those of `benchmarks.texts`, of 3,000 characters. Each tagger sees what
those before it made of them. All of them are timed in the batches that an index is
made in, and post by post, as `rights_search.tagging.tag` is called for one. The process
looks for garbage as seldom as the program's own processes do.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from itertools import islice
from typing import TypeVar

from benchmarks import texts
from rights_search import garbage
from rights_search.indexing.file_reading import BATCH_POSTS
from rights_search.tagging import TAGGERS, tag, tag_all

_CHARS = 3000
_Given = TypeVar("_Given")


def main() -> None:
    """Print the CPU time that each tagger takes for a post, and all of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tagging", description=__doc__)
    parser.add_argument("--posts", type=int, default=1000, help="at most so many (1000)")
    parser.add_argument("--runs", type=int, default=3, help="the best of so many counts (3)")
    parser.add_argument("--corpus", action="store_true", help="take the sample corpus")
    options = parser.parse_args()
    garbage.look_seldom()
    posts = list(islice(texts.posts(_CHARS, corpus=options.corpus), options.posts))
    print(f"{len(posts):,} posts of {_CHARS:,} characters")
    print(f"{'tagger':16}{'first post, s':>15}{'others, µs':>12}{'posts a second':>16}")
    tagged = posts
    for name, tagger in TAGGERS.items():
        first = _cpu(tagger, tagged[:1])
        seconds = min(_cpu(tagger, tagged) for _ in range(options.runs))
        print(f"{name:16}{first:15.3f}{_figures(seconds, len(posts))}")
        tagged = [tagger(post) for post in tagged]
    given = [(post, None) for post in posts]
    batches = [given[at : at + BATCH_POSTS] for at in range(0, len(given), BATCH_POSTS)]
    # In turns, lest the machine is a slower one for one of them.
    times = [(_cpu(tag_all, batches), _cpu(tag, posts)) for _ in range(options.runs)]
    together, alone = map(min, zip(*times, strict=True))
    print(f"{f'all, {BATCH_POSTS} a batch':16}{'':15}{_figures(together, len(posts))}")
    print(f"{'all, one by one':16}{'':15}{_figures(alone, len(posts))}")


def _cpu(tagger: Callable[[_Given], object], given: Sequence[_Given]) -> float:
    start = time.process_time()
    for item in given:
        tagger(item)
    return time.process_time() - start


def _figures(seconds: float, posts: int) -> str:
    return f"{seconds / posts * 1e6:12.0f}{posts / seconds:16,.0f}"


if __name__ == "__main__":
    main()
