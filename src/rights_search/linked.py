"""The links of one snapshot, as a search and a look at one post show them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cached_property
from typing import Literal

from rights_search.engines.protocol import Groups, Snapshot
from rights_search.links.relations import EXACT, Cluster, Links
from rights_search.post import Post
from rights_search.query.nodes import Facet, Node, Not, Span
from rights_search.results import Copies, Copy, Follow, Related

MAX_COPIES = 20
"""Most copies that a hit names; it says how many there are."""

MAX_FOLLOWERS = 100
"""Most posts that a post is said to be followed by."""


class LinkedSnapshot:
    """A snapshot and its links; what is looked up is kept.

    Args:
        snapshot: a commit of the engine.
        links: those of the same commit.
    """

    def __init__(self, snapshot: Snapshot, links: Links) -> None:
        self.snapshot = snapshot
        self.links = links

    @cached_property
    def groups(self) -> Groups:
        """Return the posts that count as one, the original first."""
        if not self.links.clusters:
            return ()
        ids = {post_id for cluster in self.links.clusters for post_id in cluster.ids}
        documents = self.snapshot.documents(ids)
        return [[documents[post_id] for post_id in each.ids] for each in self.links.clusters]

    def copies(self, post_id: str) -> Copies | None:
        """Return the posts that have the same text as a post."""
        cluster = self.links.cluster(post_id)
        if cluster is None:
            return None
        others = [other for other in cluster.ids if other != post_id]
        shown = self._posts(tuple(others[:MAX_COPIES]))
        return Copies(
            cluster.original,
            cluster.similarity(post_id) / EXACT,
            len(others),
            tuple(_copy(post, cluster) for post in shown),
        )

    def follows(self, post_id: str) -> Follow | None:
        """Return the post that a post follows."""
        if post_id not in self.links.follows:
            return None
        target, rule = self.links.follows[post_id]
        (post,) = self._posts((target,))
        return Follow(post.id, post.title, post.date, rule)

    def related(self, post: Post) -> Related:
        """Return all links of a post, with the words that they rest on."""
        from rights_search.links.threads import cited_words  # noqa: PLC0415 - not for searching

        def why(link: Follow, later: Post, earlier: Post) -> Follow:
            return replace(link, words=cited_words(later, earlier, link.rule))

        follows = self.follows(post.id)
        if follows is not None:
            follows = why(follows, post, *self._posts((follows.id,)))
        followers = self._posts(self.links.followers(post.id)[:MAX_FOLLOWERS])
        followed_by = (
            why(Follow(each.id, each.title, each.date, self.links.follows[each.id][1]), each, post)
            for each in sorted(followers, key=_by_date)
        )
        return Related(self.copies(post.id), follows, tuple(followed_by))

    def _posts(self, ids: tuple[str, ...]) -> list[Post]:
        documents = self.snapshot.documents(ids)
        return [self.snapshot.post(documents[post_id]) for post_id in ids]


def is_node(links: Links, value: Literal["copy", "original"], span: Span) -> Node:
    """Return what ``is:copy`` and ``is:original`` ask for, in terms of ids.

    A post that has no copies is an original. No engine and no definition of a query has
    to know of links so.
    """
    copies = Facet("id", links.copy_ids, span)
    return copies if value == "copy" else Not(copies, span)


def _by_date(post: Post) -> tuple[bool, dt.date, str]:
    return post.date is None, dt.date.max if post.date is None else post.date.last, post.id


def _copy(post: Post, cluster: Cluster) -> Copy:
    place = str(post.provenance)
    return Copy(
        post.id, post.title, post.date, post.source, place, cluster.similarity(post.id) / EXACT
    )
