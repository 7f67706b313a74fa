"""Time the finding of copies and threads on posts of one length, in one process.

The posts are those of `benchmarks.texts`, of 1,500 characters; when these are used up they
come again with other letters. Every tenth is a copy of the one before it, in turn exact
and with a few words changed.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count, islice
from string import ascii_lowercase
from typing import TypeVar

from benchmarks import texts
from rights_search import analysis
from rights_search.links import relations, state
from rights_search.links.linker import Linker
from rights_search.post import PartialDate, Post

_CHARS = 1500
_TIMED = 3000
_T = TypeVar("_T")


def main() -> None:
    """Print what the links of so many posts cost: time, bytes, memory."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.links", description=__doc__)
    parser.add_argument("--posts", type=int, default=20_000, help="how many (20,000)")
    options = parser.parse_args()
    posts = list(islice(_posts(), options.posts))
    print(f"{len(posts):,} posts of {_CHARS:,} characters")
    _print_shares(posts[:_TIMED])
    linker = Linker(never)
    for post in posts:
        linker.add(post)
    spent, (remembered, links) = _cpu(lambda: linker.finish(None, [post.id for post in posts]))
    linker.close()
    print(f"finding the links of all       {spent:8.2f} s")
    stored = state.to_bytes(remembered), relations.to_bytes(links)
    print(f"remembered a post              {len(stored[0]) / len(posts):8.0f} bytes")
    print(f"links                          {len(stored[1]) / 1000:8.0f} kB")
    print(f"pairs compared a post          {len(remembered.pairs) / len(posts):8.2f}")
    print(
        f"reading the links for a search {_cpu(lambda: relations.from_bytes(stored[1]))[0]:8.4f} s"
    )
    _print_next_sync(posts, stored[0])
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"peak memory, the texts included {peak_mb:7.0f} MB")
    print(f"copies: {links.exact_count:,} exact, {len(links.copy_ids) - links.exact_count:,} near")


def _print_shares(posts: list[Post]) -> None:
    """Print the cost of a post while it is read, beside that of its analysis for the index."""

    def analyse() -> None:
        for post in posts:
            for text in (post.title, *post.paragraphs):
                analysis.terms(text)

    def fingerprint() -> None:
        linker = Linker(never)
        for post in posts:
            linker.add(post)
        linker.close()

    for name, task in (("a post, taken in", fingerprint), ("a post, analysed", analyse)):
        spent = min(_cpu(task)[0] for _ in range(5))
        print(f"{name:30} {spent / len(posts) * 1e6:8.0f} µs")


def _print_next_sync(posts: list[Post], stored: bytes) -> None:
    """Print what a sync costs in which one post is new, a copy of an old one."""
    by_id = {post.id: post for post in posts}

    def sync() -> None:
        linker = Linker(by_id.__getitem__)
        linker.add(replace(posts[0], id="f" * 12, date=PartialDate("2020-01-01")))
        linker.finish(state.from_bytes(stored), [*by_id, "f" * 12])
        linker.close()

    print(f"one post more                  {_cpu(sync)[0]:8.2f} s")


def never(post_id: str) -> Post:
    """Stand in for reading an old post where there is none."""
    raise AssertionError(f"post {post_id} need not be read")


def _cpu(task: Callable[[], _T]) -> tuple[float, _T]:
    start = time.process_time()
    result = task()
    return time.process_time() - start, result


def _posts() -> Iterator[Post]:
    before: Post | None = None
    for number, post in enumerate(_without_end()):
        own = post
        if before is not None and number % 10 == 9:  # noqa: PLR2004 - every tenth
            text = "\n\n".join(before.paragraphs)
            if number % 20 == 19:  # noqa: PLR2004 - every second of these
                text = text.replace(" the ", " that ", 3)
            own = replace(before, paragraphs=(text,))
        yield replace(own, id=f"{number:012x}", date=PartialDate("2019-09-19"))
        before = own


def _without_end() -> Iterator[Post]:
    for turn in count():
        letters = str.maketrans(ascii_lowercase, ascii_lowercase[turn:] + ascii_lowercase[:turn])
        for post in texts.posts(_CHARS):
            paragraphs = tuple(text.translate(letters) for text in post.paragraphs)
            yield replace(post, title=post.title.translate(letters), paragraphs=paragraphs)


if __name__ == "__main__":
    main()
