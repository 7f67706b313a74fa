"""A second process that names the file over which this one ends.

`time_bound` interrupts Python, but not a call into a library in C, and nothing survives a
library that crashes. A `rights_search.indexing.worker` is replaced then, and the file is
named; where files are read by the one process that there is, it would end without a word.
So the system ends it when a file has taken twice what it may, and a copy of it, which did
nothing but listen, says which file that was. The index stays what it was.
"""

from __future__ import annotations

import contextlib
import os
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from rights_search.ingest.time_bound import TIMES_SECONDS, end_process_after, seconds_for

_REASON = (
    "the run ended while this file was read; if nobody stopped it, the file takes too long or too "
    "much memory, or a library fails over it: with --jobs 2 the run goes on without it"
)
_END = b"\0"

_told: int | None = None
"""Where the witness listens; None where there is none."""


@contextmanager
def beside(say: Callable[[str], object]) -> Iterator[None]:
    """Have a witness while this process reads files; not where the system cannot fork.

    Args:
        say: is called by the witness, with one line, if this process ends over a file.
    """
    global _told  # noqa: PLW0603 - a process has one
    if not hasattr(os, "fork"):
        yield
        return
    heard, told = os.pipe()
    with warnings.catch_warnings():
        # Newer Pythons warn of a fork beside threads: the witness takes no lock of theirs.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        _listen(heard, say)
    os.close(heard)
    _told = told
    try:
        yield
    finally:
        _told = None
        os.close(told)
        os.waitpid(child, 0)


@contextmanager
def reading(name: str, size: int) -> Iterator[None]:
    """Tell the witness, if there is one, which file is read; the process ends if it takes long."""
    if _told is None:
        yield
        return
    _tell(name)
    try:
        with end_process_after(TIMES_SECONDS * seconds_for(size)):
            yield
    finally:
        _tell("")


def _tell(name: str) -> None:
    with contextlib.suppress(OSError):  # somebody has killed the witness
        os.write(_told or 0, name.encode("utf-8", "surrogateescape") + _END)


def _keep_open(heard: int) -> None:
    """Close every other file but the standard ones.

    Whatever thread held a lock on one of them when this process was forked (Tantivy has such
    threads) would wait for it as long as the witness lives.
    """
    for each in list(Path("/dev/fd").iterdir()):
        if int(each.name) not in {*_STANDARD, heard}:
            with contextlib.suppress(OSError):  # the list itself was open while it was made
                os.close(int(each.name))


def _listen(heard: int, say: Callable[[str], object]) -> NoReturn:
    """Wait until the other process has ended, and say what it read then, if anything."""
    try:
        # Ctrl-C is for the one that works.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _keep_open(heard)
        last = b""
        with open(heard, "rb") as names:
            while some := names.read1():
                last = (last + some)[-_MAX_BYTES:]
        *_, name, _half = (b"", *last.split(_END))
        if name:
            say(f"{name.decode('utf-8', 'surrogateescape')}: {_REASON}")
    finally:
        # Whatever happens, it does not go on with what the other process was to do.
        os._exit(0)


_STANDARD = (0, 1, 2)

_MAX_BYTES = 1 << 16
"""More than the longest name."""
