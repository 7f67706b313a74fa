"""The links of one snapshot, as a search and a look at one post show them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

from rights_search.engines.protocol import Groups, Snapshot
from rights_search.errors import IndexUnavailableError
from rights_search.links.relations import EXACT, Cluster, Links
from rights_search.post import Post
from rights_search.query.nodes import Among, And, Facet, Node, Not, Or, Span
from rights_search.results import Copies, CopiesMode, Copy, Follow, Related
from rights_search.values import replace

MAX_COPIES = 20
"""Most copies that a hit names; it says how many there are."""

MAX_FOLLOWERS = 100
"""Most posts that a post is said to be followed by."""


class LinkedSnapshot:
    """A snapshot and its links; what is looked up is kept.

    Args:
        snapshot: a commit of the engine.
        links: those of the same commit.
        index: where it is, for messages.
    """

    def __init__(self, snapshot: Snapshot, links: Links, index: str = "(memory)") -> None:
        self.snapshot = snapshot
        self.links = links
        self._index = index

    @cached_property
    def groups(self) -> Groups:
        """Return the posts that count as one, the original first."""
        groups = self.links.groups
        try:
            return self.snapshot.grouped(groups) if groups else ()
        except KeyError as error:
            raise self._lacking() from error

    def groups_for(self, copies: CopiesMode) -> Groups:
        """Return the posts that count as one in this mode."""
        return self.groups if copies == "collapse" else ()

    def copies(self, post_id: str) -> Copies | None:
        """Return the posts that have the same text as a post."""
        cluster = self.links.cluster(post_id)
        if cluster is None:
            return None
        others = [other for other in cluster.ids if other != post_id]
        if not others:
            return None  # Of a crafted index: a post is no copy of itself.
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
        documents = self._documents(ids)
        return [self.snapshot.post(documents[post_id]) for post_id in ids]

    def _documents(self, ids: Collection[str]) -> Mapping[str, int]:
        documents = self.snapshot.documents(ids)
        if len(documents) < len(ids):
            raise self._lacking()
        return documents

    def _lacking(self) -> IndexUnavailableError:
        reason = (
            f"its file links-{self.snapshot.generation}.json names posts that are not there; "
            f"rebuild it with: rights-search index --rebuild CORPUS --index {self._index}"
        )
        return IndexUnavailableError(self._index, reason)


def with_states(node: Node, links: Links) -> Node:
    """Return a tree in which ``is:copy`` and the like have become sets of posts.

    A post that is no copy is an original, also one that has no copies.
    """
    match node:
        case And(children) | Or(children):
            return replace(node, children=tuple(with_states(child, links) for child in children))
        case Not(child):
            return replace(node, child=with_states(child, links))
        case Facet("is", values, span):
            states = tuple(_state(value, links, span) for value in values)
            return states[0] if len(states) == 1 else Or(states, span)
        case _:
            return node


def _state(value: str, links: Links, span: Span) -> Node:
    match value:
        case "copy":
            return Among(value, frozenset(links.copy_ids), span)
        case "original":
            return Not(Among("copy", frozenset(links.copy_ids), span), span)
        case "follow-up":
            return Among(value, frozenset(links.follows), span)
        case _:
            raise AssertionError(f"the parser lets no state {value!r} through")


def _by_date(post: Post) -> tuple[bool, int, str]:
    day = post.date.last.toordinal() if post.date else 0
    return post.date is None, day, post.id


def _copy(post: Post, cluster: Cluster) -> Copy:
    place = str(post.provenance)
    return Copy(
        post.id, post.title, post.date, post.source, place, cluster.similarity(post.id) / EXACT
    )
