"""Collapsing groups of posts that count as one: the same for every engine."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from itertools import accumulate, chain, pairwise
from typing import TypeVar

from rights_search.engines.protocol import Groups
from rights_search.values import dataclass

_Code = TypeVar("_Code")


@dataclass(frozen=True, slots=True)
class Collapsed:
    """What is left out of a result, and for which post.

    Args:
        groups: of each group of which several posts match, these, the one that stays first.
    """

    groups: tuple[tuple[int, ...], ...]

    @property
    def hidden(self) -> frozenset[int]:
        """Return the documents that are left out."""
        return frozenset(document for group in self.groups for document in group[1:])


def collapse(matching: Container[int], groups: Groups) -> Collapsed:
    """Find the posts that go because one before them in their group matches too.

    Args:
        matching: the documents that match.
        groups: see `rights_search.engines.protocol.Groups`.
    """
    several = (tuple(filter(matching.__contains__, group)) for group in groups)
    return Collapsed(tuple(group for group in several if len(group) > 1))


def regrouped(documents: Sequence[int], groups: Iterable[Sequence[str]]) -> list[Sequence[int]]:
    """Return the documents of all posts of some groups, in their order, in these groups again."""
    ends = accumulate(map(len, groups), initial=0)
    return [documents[start:end] for start, end in pairwise(ends)]


def add_hidden_values(
    counts: dict[str, int],
    collapsed: Collapsed,
    code: Callable[[int], _Code],
    values: Callable[[_Code], tuple[str, ...]],
) -> None:
    """Add to the counts of the posts that stay the values that only hidden ones have.

    So a count is the number of hits that a search for that value gives.

    Args:
        counts: value → number of posts that stay; the empty string for no value.
        collapsed: what was left out.
        code: what stands for the values of a document.
        values: what it stands for; the empty string alone for none.
    """
    for group in collapsed.groups:
        first, *others = map(code, group)
        if others.count(first) == len(others):
            continue  # Most copies have the very values of their original.
        held = chain.from_iterable(map(values, others))
        for value in {*held}.difference(values(first)):
            counts[value] = counts.get(value, 0) + 1
