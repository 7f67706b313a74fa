"""How much work something takes, told without a clock or with one that a busy machine cannot bend.

What is pure Python is measured in `steps`, which are the same in every run. What C does
(regular expressions, parsers of XML) takes no steps: `is_linear` compares its processor time
for two sizes of input, with a wide margin.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

GROWTH = 8
"""The long input is so many times the short one: work that grows as a square, 64 times."""

_ALLOWED = 30
_SHORTEST_S = 0.001
_TRIES = 5


def steps(work: Callable[[], object]) -> int:
    """Return how many lines of Python ``work`` executes, those of what it calls among them."""
    count = 0

    def trace(_frame: FrameType, event: str, _value: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def is_linear(work: Callable[[int], object], size: int) -> bool:
    """Tell whether ``work`` of `GROWTH` times the size takes about so many times as long.

    One try of five is enough, the longest short one against the shortest long one: a busy machine
    makes some slower than they are, and the processor clock of some stands still for a while. Less
    than a millisecond counts as one.
    """
    work(size)  # what is imported and compiled at the first use
    short, long = _SHORTEST_S, float("inf")
    for _ in range(_TRIES):
        short = max(short, _seconds(work, size))
        long = min(long, _seconds(work, GROWTH * size))
        if long < _ALLOWED * short:
            return True
    return False


def _seconds(work: Callable[[int], object], size: int) -> float:
    """Return the processor time of ``work``, without that of looking through all else for garbage.

    The long one would be charged for what the tests before have left in memory.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        began = time.process_time()
        work(size)
        return time.process_time() - began
    finally:
        if was_enabled:
            gc.enable()
