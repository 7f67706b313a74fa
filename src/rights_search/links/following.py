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
from rights_search.links.state import ACTION, NAME, State, ThreadEntry
from rights_search.results import FollowRule

MAX_DAYS: Mapping[FollowRule, int] = {"same title": 200, "reply": 90}
"""How long after a post one follows that cites nothing but its title: later ones mostly
mean another post, of the same form."""


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
    cites = [entry for entry in state.threads() if entry.kind not in {NAME, ACTION}]
    wanted = {entry.name for entry in cites}
    bearers: dict[int, list[int]] = {}
    actions: dict[int, int] = {}
    for entry in state.threads():
        if entry.kind == ACTION:
            actions[entry.row] = entry.name
        if entry.kind in {NAME, ACTION} and entry.name in wanted:
            bearers.setdefault(entry.name, []).append(entry.row)
    finder = _Finder(state, originals, {entry.row for entry in cites}, bearers, actions)
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
        actions: row → number of the appeal that the post belongs to.
    """

    state: State
    originals: Mapping[int, int]
    citing: set[int]
    bearers: Mapping[int, list[int]]
    actions: Mapping[int, int]

    def following(self, row: int, entries: Iterable[ThreadEntry]) -> Following | None:
        for kind, group in groupby(entries, key=lambda entry: entry.kind):
            rule, cites = RULES[kind - 1], tuple(group)
            # A mail names the nearest first; a title cites in any order.
            steps = [(cite,) for cite in cites] if rule == "in reply to" else [cites]
            for step in steps:
                named = {other for cite in step for other in self.bearers.get(cite.name, ())}
                before = [other for other in named if self._can_follow(row, other, rule)]
                if before:
                    target = max(before, key=lambda other: self._preference(row, other))
                    return Following(row, self._original(row, target), rule)
        return None

    def _can_follow(self, row: int, other: int, rule: FollowRule) -> bool:
        if self._cluster(row) == self._cluster(other) or self._order(other) >= self._order(row):
            return False
        most = MAX_DAYS.get(rule)
        if most is not None:
            day, before = self.state.days[row], self.state.days[other]
            return day != UNDATED and day - before <= most
        # A slip in the index number must not lead into another appeal.
        action = self.actions.get(row)
        return action is None or self.actions.get(other, action) == action

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
