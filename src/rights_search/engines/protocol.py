"""What an engine must offer: three functions, a snapshot to read and a writer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

from rights_search.post import Post
from rights_search.query.nodes import Node, Span, TermLeaf
from rights_search.values import dataclass

Sort: TypeAlias = Literal["relevance", "newest", "oldest", "recent-relevant"]

BY_SCORE: frozenset[Sort] = frozenset({"relevance", "recent-relevant"})
"""The orders in which the score comes first."""

Groups: TypeAlias = Sequence[Sequence[int]]
"""Document numbers of posts that count as one, each group in its order of preference."""

FacetCounts: TypeAlias = Mapping[str, Mapping[str, int]]
"""Facet → value → number of posts; the empty string counts posts without a value."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a post's score.

    Args:
        rule: ``words`` for what was asked for, the rule of a preference, or ``age``.
        span: the part of the query that it comes from.
        score: what it adds; the shares of a post add up to its score.
    """

    rule: str
    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The engine's answer.

    Args:
        total: number of posts that match.
        distinct: number of them that are left when groups are collapsed.
        page: the posts asked for, best first, as (document number, score).
        facets: counts over all matching posts, unordered; of a group as if it were one
            post with the values of all those of it that match.
        shares: document number → what its score is made of, for a post of the page.
    """

    total: int
    distinct: int
    page: tuple[tuple[int, float], ...]
    facets: FacetCounts
    shares: Callable[[int], tuple[Share, ...]]


class Snapshot(Protocol):
    """One committed state of an index; a later commit does not change it."""

    @property
    def generation(self) -> int:
        """Return the number of the commit."""
        ...

    def search(  # noqa: PLR0913 - all but the query by name
        self,
        node: Node,
        *,
        sort: Sort,
        limit: int,
        offset: int,
        facets: Sequence[str],
        groups: Groups = (),
    ) -> Found:
        """Return what matches ``node``.

        Of the posts of a group that match, the page has the first one: see
        `rights_search.engines.collapsing`.

        Raises:
            QueryError: if a prefix or fuzzy word stands for too many words.
        """
        ...

    @property
    def languages(self) -> frozenset[str | None]:
        """Return the languages of the posts; None for posts whose language is unknown."""
        ...

    def rarity(self, terms: Iterable[str]) -> dict[str, float]:
        """Return the inverse document frequency of each term in the body, as written."""
        ...

    def forms(self, leaf: TermLeaf) -> Mapping[str, int]:
        """Return term → number of posts that hold it, for the terms that answer ``leaf``.

        The most frequent come first, ties in order of the terms.

        Raises:
            QueryError: if there are too many of them.
        """
        ...

    def post(self, document: int) -> Post:
        """Return the post of a document number that `search` gave."""
        ...

    def documents(self, ids: Collection[str]) -> Mapping[str, int]:
        """Return post id → document number, for those of ``ids`` that are there."""
        ...

    def grouped(self, groups: Iterable[Sequence[str]]) -> Groups:
        """Return groups of post ids as `search` takes them.

        Raises:
            KeyError: for an id that no post has.
        """
        ...

    def ids(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return up to ``limit`` post ids that start with ``prefix``, sorted."""
        ...

    def post_count(self) -> int:
        """Return how many posts there are."""
        ...

    def close(self) -> None:
        """Let go of files and memory."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a result is wanted, in which order, and what is counted over all of it.

    The fields are the arguments of `Snapshot.search`.
    """

    sort: Sort
    limit: int
    offset: int = 0
    facets: Sequence[str] = ()
    groups: Groups = ()

    def ask(self, snapshot: Snapshot, node: Node) -> Found:
        """Return this page of the posts that match ``node``."""
        return snapshot.search(
            node,
            sort=self.sort,
            limit=self.limit,
            offset=self.offset,
            facets=self.facets,
            groups=self.groups,
        )


class Writer(Protocol):
    """One transaction: all of it becomes visible at `commit`, or nothing."""

    @property
    def generation(self) -> int:
        """Return the number that the commit will have."""
        ...

    def add(self, *posts: Post) -> None:
        """Add posts, best a batch at once; their ids must not be there already."""
        ...

    def join(self, part: str) -> None:
        """Take in what `Part.finish` described, in another process or in this one."""
        ...

    def restart(self) -> None:
        """Forget what was added and joined; what is to be removed stays so."""
        ...

    def delete_source(self, path: str) -> None:
        """Remove the committed posts whose provenance names ``path``."""
        ...

    def commit(self) -> None:
        """Make all changes visible at once."""
        ...

    def cancel(self) -> None:
        """Forget all changes."""
        ...


class Handle(Protocol):
    """An index that is open."""

    def latest_generation(self) -> int:
        """Return the number of the newest commit, also of another process."""
        ...


class Part(Protocol):
    """Posts that a process adds to a transaction of another process."""

    def add(self, *posts: Post) -> None:
        """Add posts, best a batch at once; their ids must not be there already."""
        ...

    @property
    def is_full(self) -> bool:
        """Tell whether it should be finished, lest it take too much memory."""
        ...

    def finish(self) -> str:
        """Write everything to the index folder; return what `Writer.join` is to be told."""
        ...


class Engine(Protocol):
    """A module that offers these functions."""

    def create(self, folder: Path | None, *, after: int = 0) -> Handle:
        """Make an empty index in ``folder`` (in memory for None); return its handle.

        Args:
            folder: an existing folder without files of this engine.
            after: its generation; that of the first commit will be one more.
        """
        ...

    def open(self, folder: Path) -> Handle:
        """Return a handle on an index, or raise `IndexUnavailableError`."""
        ...

    def snapshot(self, handle: Any) -> Snapshot:
        """Return the newest committed state."""
        ...

    def writer(self, handle: Any, *, clear: bool = False) -> Writer:
        """Begin a transaction; with ``clear`` its commit drops all earlier posts.

        Raises:
            IndexBusyError: if another writer is at work.
        """
        ...

    def part(self, handle: Any) -> Part:
        """Begin a part of the transaction that another process has begun."""
        ...


def order_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the counts with the most frequent value first, ties by value."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def count_values(values: Iterable[Sequence[str]]) -> dict[str, int]:
    """Count facet values over posts: the definition that engines are tested against."""
    counts: dict[str, int] = {}
    for of_post in values:
        for value in of_post or ("",):
            counts[value] = counts.get(value, 0) + 1
    return counts
