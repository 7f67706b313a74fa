"""Print pairs of posts to be read side by side: ``python -m evaluation.copy_pairs KIND``.

The same seed gives the same pairs. A pair whose label stands in ``labels/copies.tsv`` is
marked with it.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluation.copies import APART, FILE, FOLLOWS, LINKED, UNLINKED, Linked, alike, labels, link
from evaluation.data import SHARED_DATA
from rights_search.post import Post

_LEAST, _MOST = 0.5, 0.7


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the pairs asked for."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.copy_pairs", description=__doc__)
    parser.add_argument("kind", choices=(LINKED, UNLINKED, APART, FOLLOWS))
    parser.add_argument("--count", type=int, default=100, help="at most so many (100)")
    parser.add_argument("--seed", type=int, default=1, help="of the random choice (1)")
    parser.add_argument("--data", type=Path, default=SHARED_DATA, help="folder of the real data")
    options = parser.parse_args(arguments)
    path = options.data / FILE
    if not path.is_file():
        print(f"not here: {path}", file=sys.stderr)
        return 1
    linked = link(path)
    found = pairs(linked, options.kind)
    verdicts = {
        (first, second): verdict
        for kind, first, second, verdict in labels()
        if kind == options.kind
    }
    chosen = random.Random(options.seed).sample(sorted(found), min(options.count, len(found)))  # noqa: S311 - no secret
    for number, pair in enumerate(chosen, 1):
        label = {True: "yes", False: "no", None: "?"}[verdicts.get(pair)]
        print(f"--- {number} of {len(found)}: {found[pair]}, {label}\n{_read(linked.posts, pair)}")
    return 0


def pairs(linked: Linked, kind: str) -> Mapping[tuple[str, str], str]:
    """Return the pairs of a kind → what the program says of them."""
    match kind:
        case "linked":
            return {pair: f"{like} ‰ in common" for pair, like in linked.pairs.items()}
        case "follows":
            follows = linked.links.follows.items()
            return {(post_id, target): rule for post_id, (target, rule) in follows}
        case _:
            return {
                pair: f"{like:.3f} in common"
                for pair, like in alike(linked.posts.values(), _LEAST).items()
                if (like >= _MOST) is (kind == APART) and not _are_linked(linked, *pair)
            }


def _are_linked(linked: Linked, first: str, second: str) -> bool:
    cluster = linked.links.cluster(first)
    return cluster is not None and second in cluster.ids


def _read(posts: Mapping[str, Post], pair: tuple[str, str]) -> str:
    return "\n".join(_shown(posts[post_id]) for post_id in pair)


def _shown(post: Post) -> str:
    countries = " ".join(tag.value for tag in post.countries)
    return f"{post.id} {post.date} {countries} {post.url}\n  {post.title}\n  {post.body}"


if __name__ == "__main__":
    sys.exit(main())
