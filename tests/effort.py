"""How much work something takes, told without a clock or with one that a busy machine cannot bend.

What is pure Python is measured in `steps`, which are the same in every run. What C does
(regular expressions, parsers of XML) takes no steps: `is_linear` compares its processor time
for two sizes of input, with a wide margin.
"""

from __future__ import annotations

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

    One try of five is enough: what else the machine does may make a try four times slower than
    it is, but not every one. Less than a millisecond counts as one.
    """
    work(1)  # what is imported and compiled at the first use
    return any(
        _seconds(work, GROWTH * size) < _ALLOWED * max(_seconds(work, size), _SHORTEST_S)
        for _ in range(_TRIES)
    )


def _seconds(work: Callable[[int], object], size: int) -> float:
    began = time.process_time()
    work(size)
    return time.process_time() - began
