"""Runs steps in processes of their own, watches their memory, and stops what takes too long."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeAlias

REPOSITORY = Path(__file__).resolve().parent.parent

Taken: TypeAlias = dict[str, Any]
"""What a step printed, with ``memory_all`` for the most that its processes held at once; or
``failed`` and why, or ``cannot``."""

_NO_TIME: Taken = {"failed": "not run: no time was left"}
_GLANCE_S = 0.1
_LAST_WORDS = 200
_FOLDERS = re.compile(r"(?<![\w.])/(?:[^\s/'\"]+/)+")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class Runner:
    """Runs steps until the time is up.

    Args:
        seconds: how long all of them together may take.
    """

    seconds: float
    _began: float = field(default_factory=time.perf_counter)

    @property
    def left(self) -> float:
        """Return how many seconds are left."""
        return self.seconds - (time.perf_counter() - self._began)

    def run(self, step: str, told: Mapping[str, Any], *, python: str = sys.executable) -> Taken:
        """Do a step of `benchmarks.step`; that it failed is a finding, not an error."""
        if self.left <= 0:
            return dict(_NO_TIME)
        with _started(step, told, python, self.left) as popen, _Watch(popen.pid) as watch:
            out, err = popen.communicate()
        return _taken(popen, out, err) | {"memory_all": watch.most}

    def read(self, told: Mapping[str, Any], count: int, *, python: str = sys.executable) -> Taken:
        """Let several processes answer at once; return how much they did in a second together.

        Args:
            told: to each of them, see `benchmarks.step`.
            count: how many.
            python: their interpreter.
        """
        if self.left <= 0:
            return dict(_NO_TIME)
        with ExitStack() as stack:
            readers = [
                stack.enter_context(_started("read", told, python, self.left)) for _ in range(count)
            ]
            # The first line says that all is warm, or why there is nothing to wait for.
            first = [_line(popen) for popen in readers]
            for popen in readers:
                _go(popen)
            ends = [(popen, *popen.communicate()) for popen in readers]
        for line, (popen, out, err) in zip(first, ends, strict=True):
            taken = _taken(popen, out or line, err)
            if "asked" not in taken:
                return taken
        asked = [_taken(popen, out, err)["asked"] for popen, out, err in ends]
        return {"per_second": sum(asked) / told["seconds"]}


def _line(popen: subprocess.Popen[str]) -> str:
    assert popen.stdout is not None, "it was started with a pipe"  # noqa: S101
    return popen.stdout.readline()


def _go(popen: subprocess.Popen[str]) -> None:
    assert popen.stdin is not None, "it was started with a pipe"  # noqa: S101
    with suppress(BrokenPipeError):  # that it has ended is seen in what it said
        popen.stdin.write("go\n")
        popen.stdin.flush()


@contextmanager
def _started(
    step: str, told: Mapping[str, Any], python: str, seconds: float
) -> Iterator[subprocess.Popen[str]]:
    """Start a step and give its process, which is stopped when the time is up."""
    command = [python, "-m", "benchmarks.step", step, json.dumps(told)]
    popen = subprocess.Popen(  # noqa: S603 - our own module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        start_new_session=True,
    )
    timer = threading.Timer(seconds, _stop, [popen])
    timer.daemon = True
    timer.start()
    try:
        with popen:
            try:
                yield popen
            except BaseException:
                _stop(popen)
                raise
    finally:
        timer.cancel()


def _stop(popen: subprocess.Popen[str]) -> None:
    """Stop a step with what it has started."""
    with suppress(ProcessLookupError):
        os.killpg(popen.pid, signal.SIGKILL)


def _taken(popen: subprocess.Popen[str], out: str, err: str) -> Taken:
    if popen.returncode == -signal.SIGKILL:
        return {"failed": "stopped: the time was up, or the memory"}
    if popen.returncode:
        return {"failed": _last_words(err) or f"exit code {popen.returncode}"}
    taken: Taken = json.loads(out.splitlines()[-1])
    return taken


def _last_words(err: str) -> str:
    lines = [line.strip() for line in err.splitlines() if line.strip()]
    return without_folders(lines[-1])[-_LAST_WORDS:] if lines else ""


def without_folders(message: str) -> str:
    """Return a message that names files, but no folders of this machine."""
    return _FOLDERS.sub("…/", message)


class _Watch:
    """Looks every now and then at how much a process and its descendants hold."""

    def __init__(self, pid: int) -> None:
        self.most: int | None = None
        """Bytes, what they share counted for each; None where the system does not tell."""
        self._pid = pid
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(_GLANCE_S):
            held = sum(map(_held, _family(self._pid)))
            if held:
                self.most = max(self.most or 0, held)


def _family(pid: int) -> Sequence[int]:
    """Return a process and all that descend from it."""
    family = [pid]
    for member in family:
        with suppress(OSError):
            for thread in Path(f"/proc/{member}/task").iterdir():
                family += map(int, (thread / "children").read_text(encoding="ascii").split())
    return family


def _held(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE_BYTES
    return 0
