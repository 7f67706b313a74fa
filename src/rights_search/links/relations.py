"""The outcome: copies with their originals, and posts with what they follow.

Stored as JSON behind a line that names the form and holds a checksum. A search reads
it, so it is decoded no further than that takes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, get_args
from zlib import crc32

from rights_search.results import FollowRule
from rights_search.values import dataclass, field

RULES: tuple[FollowRule, ...] = get_args(FollowRule)
"""The reasons, the strongest one first."""

EXACT = 1000
"""Similarity of exact copies; that of near-copies stays below, though their shingles,
which are sets, may be the same."""

_FORM = 1


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
        "clusters": [[each.original, *each.copies] for each in links.clusters],
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
        head = json.loads(first)
        form, checksum = head["links"], head["crc32"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("it is none of our files, or cut short") from None
    if form != _FORM:
        raise ValueError(f"it has form {form}, this program needs {_FORM}")
    if checksum != crc32(body):
        raise ValueError("its checksum is wrong")
    try:
        return _decoded(json.loads(body))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"it holds what are no links: {error}") from None


def _decoded(record: dict[str, Any]) -> Links:
    return Links(
        _StoredClusters(record["clusters"]),
        {
            _id(post_id): (_id(target), RULES[RULES.index(rule)])
            for post_id, target, rule in record["follows"]
        },
    )


def _id(value: Any) -> str:
    if type(value) is not str:
        raise TypeError("an id is no text")
    return value


class _StoredClusters(Sequence[Cluster]):
    """Clusters that are made of their stored form when they are asked for.

    A search shows ten of thousands; of all the others it needs the ids.

    Args:
        rows: of each an original, then (id, thousandths) of its copies.

    Raises:
        TypeError, ValueError: if they are none.
    """

    def __init__(self, rows: list[Any]) -> None:
        copies = [copies for _, *copies in rows]
        likes = [like for _, like in chain.from_iterable(copies)]
        self.groups = [[row[0], *[post_id for post_id, _ in row[1:]]] for row in rows]
        if not {*map(type, chain.from_iterable(self.groups))} <= {str}:
            raise TypeError("an id is no text")
        if not {*map(type, likes)} <= {int} or not all(0 <= like <= EXACT for like in {*likes}):
            raise TypeError("a similarity is none")
        self._copies = copies

    def __len__(self) -> int:
        return len(self.groups)

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return tuple(self)[number]
        copies = ((post_id, like) for post_id, like in self._copies[number])
        return Cluster(self.groups[number][0], tuple(copies))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))
