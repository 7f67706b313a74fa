"""The parts of the benchmark: posts of some size, an engine alone, a cold start, pages.

A part can be run without the others, and one of its steps can fail without the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.parts.command_line import cold_part, pages_part
from benchmarks.parts.engine import engine_part
from benchmarks.parts.posts import posts_part
from benchmarks.parts.work import Work
from benchmarks.store import Found


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of part.

    Args:
        run: does it.
        title: what its table is called, the posts or pages before it.
        once: about how many seconds it takes, whatever the rounds and the size.
        once_each: and more for each post.
        a_round: about how many seconds a round takes, whatever the size.
        round_each: and more for each post or page.
    """

    run: Callable[[Work, Found], None]
    title: str
    once: float
    once_each: float
    a_round: float
    round_each: float

    def estimate(self, count: int, rounds: int) -> float:
        """Return about how many seconds it takes on two processors of a quiet machine."""
        each_round = self.a_round + self.round_each * count
        return self.once + self.once_each * count + rounds * each_round


KINDS = {
    "posts": Kind(posts_part, "indexed, asked and added to", 90, 0, 15, 0.008),
    "engine": Kind(engine_part, "indexed by an engine alone and by all of it", 5, 0, 10, 0.014),
    "cold": Kind(cold_part, "searched from the command line", 5, 0.0045, 8, 0),
    "pages": Kind(pages_part, "indexed from the command line", 5, 0, 10, 0.011),
}
