"""Which post follows which: the names that titles cite, looked up among all posts.

A post is linked to one other, which comes before it by date, of one day an
announcement before its follow-up, then in source order: so no chain runs in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from rights_search.links.fingerprints import UNDATED
from rights_search.links.relations import RULES
from rights_search.links.state import NAME, State, ThreadEntry
from rights_search.results import FollowRule

MAX_REPLY_DAYS = 90
"""A later "Re: visit to the prison" answers another letter."""

_NEEDS_DATES = frozenset({"same title", "reply"})


@dataclass(frozen=True, slots=True)
class Following:
    """A post that follows another: rows, and why."""

    row: int
    target: int
    rule: FollowRule


def find_following(state: State, originals: Mapping[int, int]) -> list[Following]:
    """Return every post that follows another, in the order of their rows.

    Args:
        state: the posts.
        originals: row of each copy → row of its original. A post follows none of its
            copies, and an original rather than a copy.
    """
    citing = {entry.row for entry in state.threads() if entry.kind != NAME}
    wanted = {entry.name for entry in state.threads() if entry.kind != NAME}
    bearers: dict[int, list[int]] = {}
    for entry in state.threads():
        if entry.kind == NAME and entry.name in wanted:
            bearers.setdefault(entry.name, []).append(entry.row)
    finder = _Finder(state, originals, citing, bearers)
    cites = (entry for entry in state.threads() if entry.kind != NAME)
    found = (
        finder.following(row, list(entries))
        for row, entries in groupby(cites, key=lambda entry: entry.row)
    )
    return [each for each in found if each is not None]


@dataclass(frozen=True, slots=True)
class _Finder:
    """Finds what one post follows.

    Args:
        state, originals: as in `find_following`.
        citing: the rows of posts that follow some other, found or not.
        bearers: name → rows of the posts that bear it.
    """

    state: State
    originals: Mapping[int, int]
    citing: set[int]
    bearers: Mapping[int, list[int]]

    def following(self, row: int, entries: Iterable[ThreadEntry]) -> Following | None:
        for kind, cites in groupby(entries, key=lambda entry: entry.kind):
            rule = RULES[kind - 1]
            named = {other for cite in cites for other in self.bearers.get(cite.name, ())}
            before = [other for other in named if self._can_follow(row, other, rule)]
            if before:
                target = max(before, key=lambda other: self._preference(row, other))
                return Following(row, self._original(row, target), rule)
        return None

    def _can_follow(self, row: int, other: int, rule: FollowRule) -> bool:
        if self._cluster(row) == self._cluster(other) or self._order(other) >= self._order(row):
            return False
        day, before = self.state.days[row], self.state.days[other]
        if rule in _NEEDS_DATES and UNDATED in {day, before}:
            return False
        return rule != "reply" or day - before <= MAX_REPLY_DAYS

    def _preference(self, row: int, other: int) -> tuple[bool, tuple[int, bool, int]]:
        """Return what makes one target better than another: its language, then the latest."""
        is_same = self.state.languages[row] == self.state.languages[other]
        return is_same, self._order(other)

    def _original(self, row: int, target: int) -> int:
        original = self._cluster(target)
        return original if self._order(original) < self._order(row) else target

    def _cluster(self, row: int) -> int:
        return self.originals.get(row, row)

    def _order(self, row: int) -> tuple[int, bool, int]:
        return self.state.days[row], row in self.citing, row
