"""A bound for the processor time that reading one file may take.

It holds in the main thread of a process, where the system can send a signal (not on Windows):
Python looks for signals between its own steps and within regular expressions. What a library
in C does in one call is not interrupted: for that the system ends the process, if it is one that
may end. That is a `rights_search.indexing.worker`, or one that has a `witness`.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

_T = TypeVar("_T")

SECONDS, SECONDS_PER_MB = 120, 30
"""What one file may take, however small, and more for each megabyte of it."""

TIMES_SECONDS = 2
"""So many times that may pass until the system ends a process that may end."""

_AGAIN_SECONDS = 0.5
"""An exception out of a signal can be lost, as in a finaliser: then it is raised again."""

_END = object()
_is_running = False


class OverTimeError(BaseException):
    """The time is used up. No `Exception`: no reader may take it for a fault of a record."""


def seconds_for(size: int) -> int:
    """Return how many seconds a file of so many bytes may take."""
    return SECONDS + SECONDS_PER_MB * size // 2**20


def within(seconds: float, items: Iterator[_T]) -> Iterator[_T]:
    """Yield ``items``; only the time that it takes to make them counts.

    Raises:
        OverTimeError: if that is more than ``seconds`` of processor time.
    """
    global _is_running  # noqa: PLW0603 - a signal belongs to the process
    if not _can_interrupt():
        yield from items
        return
    while True:
        began = time.process_time()
        _is_running = True
        signal.setitimer(signal.ITIMER_PROF, max(seconds, 1e-6), _AGAIN_SECONDS)
        try:
            item: Any = next(items, _END)
        finally:
            _is_running = False
            signal.setitimer(signal.ITIMER_PROF, 0)
        # The timer counts in ticks of the system, which are longer than most records take.
        seconds -= time.process_time() - began
        if item is _END:
            return
        yield item


@contextmanager
def end_process_after(seconds: float) -> Iterator[None]:
    """Have the system end this process if that much more processor time is used up within."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        yield
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = int(used.ru_utime + used.ru_stime + seconds) + 1
    # What somebody has set is not made longer.
    limits = [limit for limit in (wanted, soft) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_CPU, (min(limits), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _can_interrupt() -> bool:
    """Let the signal raise, unless it is somebody else's; tell whether it does."""
    if not hasattr(signal, "setitimer"):
        return False
    if threading.current_thread() is not threading.main_thread():
        return False
    # To ask takes several microseconds for a handler of Python's.
    handler = signal.getsignal(signal.SIGPROF)
    if handler is signal.SIG_DFL:
        signal.signal(signal.SIGPROF, _ring)
        return True
    return handler is _ring


def _ring(_signal: int, _frame: object) -> None:
    if _is_running:
        raise OverTimeError
