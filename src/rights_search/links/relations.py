"""The outcome: copies with their originals, and posts with what they follow.

Stored as JSON behind a line that names the form and holds a checksum. A search reads
it, so the ids of all clusters are one text: thousands of lists took as long as a tenth of
finding what matches. An index whose links have the form of before is read as well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain, pairwise
from typing import Any, get_args
from zlib import crc32

from rights_search.json_text import read_json
from rights_search.results import FollowRule
from rights_search.values import dataclass, field

RULES: tuple[FollowRule, ...] = get_args(FollowRule)
"""The reasons, the strongest one first."""

EXACT = 1000
"""Similarity of exact copies; that of near-copies stays below, though their shingles,
which are sets, may be the same."""

_FORM, _FORM_BEFORE = 2, 1


@dataclass(frozen=True, slots=True)
class Cluster:
    """An original and its copies.

    Args:
        original: its id.
        copies: (id, thousandths of shingles in common with the original, `EXACT` for the
            same text), the earliest copy first.
    """

    original: str
    copies: tuple[tuple[str, int], ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Return all its posts, the original first."""
        return (self.original, *[post_id for post_id, _ in self.copies])

    def similarity(self, post_id: str) -> int:
        """Return what a post of the cluster has in common with the original."""
        return dict(self.copies).get(post_id, EXACT)


@dataclass(frozen=True)
class Links:
    """What the posts of an index have to do with each other.

    Args:
        clusters: originals that have copies, with them.
        follows: id of a post → id of the post that it follows, and why.
    """

    clusters: Sequence[Cluster] = ()
    follows: Mapping[str, tuple[str, FollowRule]] = field(default_factory=dict)

    @cached_property
    def groups(self) -> Sequence[Sequence[str]]:
        """Return the ids of each cluster, the original first."""
        clusters = self.clusters
        if isinstance(clusters, _StoredClusters):
            return clusters.groups
        return [cluster.ids for cluster in clusters]

    @cached_property
    def _clusters(self) -> Mapping[str, int]:
        return {post_id: number for number, ids in enumerate(self.groups) for post_id in ids}

    @cached_property
    def _followers(self) -> Mapping[str, list[str]]:
        followers: dict[str, list[str]] = {}
        for post_id, (target, _) in self.follows.items():
            followers.setdefault(target, []).append(post_id)
        return followers

    @property
    def copy_ids(self) -> tuple[str, ...]:
        """Return the ids of all copies; every other post is an original."""
        return tuple(post_id for cluster in self.clusters for post_id, _ in cluster.copies)

    @property
    def exact_count(self) -> int:
        """Return how many copies have the very text of their original."""
        return sum(like == EXACT for cluster in self.clusters for _, like in cluster.copies)

    def cluster(self, post_id: str) -> Cluster | None:
        """Return the original and the copies that a post belongs to, None if it is alone."""
        number = self._clusters.get(post_id)
        return None if number is None else self.clusters[number]

    def followers(self, post_id: str) -> tuple[str, ...]:
        """Return the ids of the posts that follow a post directly."""
        return tuple(self._followers.get(post_id, ()))


# --- stored form -----------------------------------------------------------------


def to_bytes(links: Links) -> bytes:
    """Return the stored form."""
    record = {
        "ids": " ".join(chain.from_iterable(each.ids for each in links.clusters)),
        "sizes": [1 + len(each.copies) for each in links.clusters],
        "likes": [like for each in links.clusters for _, like in each.copies],
        "follows": [[post_id, *reason] for post_id, reason in links.follows.items()],
    }
    body = json.dumps(record, separators=(",", ":")).encode("ascii")
    head = b'{"links":%d,"crc32":%d}' % (_FORM, crc32(body))
    return head + b"\n" + body


def from_bytes(data: bytes) -> Links:
    """Return the links that `to_bytes` made ``data`` of.

    Raises:
        ValueError: if it is damaged, or was made by another version.
    """
    first, _, body = data.partition(b"\n")
    try:
        head = read_json(first)
        form, checksum = head["links"], head["crc32"]
        is_ours = form in {_FORM, _FORM_BEFORE}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("it is none of our files, or cut short") from None
    if not is_ours:
        raise ValueError(f"it has form {form}, this program needs {_FORM}")
    if checksum != crc32(body):
        raise ValueError("its checksum is wrong")
    try:
        return _decoded(read_json(body))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"it holds what are no links: {error}") from None


def _decoded(record: dict[str, Any]) -> Links:
    if "clusters" in record:
        record |= _as_now(record["clusters"])
    return Links(
        _StoredClusters(record["ids"].split(), record["sizes"], record["likes"]),
        {
            _id(post_id): (_id(target), RULES[RULES.index(rule)])
            for post_id, target, rule in record["follows"]
        },
    )


def _as_now(clusters: list[Any]) -> dict[str, Any]:
    """Return what is stored now for clusters in the form of before."""
    ids: list[str] = []
    likes: list[int] = []
    for original, *copies in clusters:
        ids += map(_id, (original, *(post_id for post_id, _ in copies)))
        likes += (like for _, like in copies)
    return {"ids": " ".join(ids), "sizes": [*map(len, clusters)], "likes": likes}


def _id(value: Any) -> str:
    if type(value) is not str:
        raise TypeError("an id is no text")
    return value


class _StoredClusters(Sequence[Cluster]):
    """Clusters that are made of their stored form when they are asked for.

    A search shows ten of thousands; of all the others it needs the ids.

    Args:
        ids: of the posts of all clusters, one cluster behind the other.
        sizes: how many posts each has.
        likes: thousandths in common with the original, of each copy, in the same order.

    Raises:
        TypeError, ValueError: if they are none.
    """

    def __init__(self, ids: list[str], sizes: list[int], likes: list[int]) -> None:
        if not {*map(type, chain(sizes, likes))} <= {int}:
            raise TypeError("a number is none")
        count = sum(sizes)
        if min(sizes, default=1) < 1 or len(ids) != count or len(sizes) + len(likes) != count:
            raise ValueError("it has more or fewer posts than it says")
        if not all(0 <= like <= EXACT for like in {*likes}):
            raise ValueError("a similarity is none")
        if len({*ids}) != count:
            raise ValueError("it names a post twice")
        self._starts = [*accumulate(sizes, initial=0)]
        self._likes = likes
        self.groups = [ids[start:end] for start, end in pairwise(self._starts)]

    def __len__(self) -> int:
        return len(self.groups)

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return tuple(self)[number]
        number = range(len(self))[number]
        original, *copies = self.groups[number]
        # Each cluster has one id more than it has similarities.
        first = self._starts[number] - number
        likes = self._likes[first : first + len(copies)]
        return Cluster(original, tuple(zip(copies, likes, strict=True)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))
