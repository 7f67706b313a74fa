"""Trying mutants: each in a process forked from one in which the tests are collected.

A mutant replaces the code of functions that are there, so that every name that was imported
from a module means the mutant. The tests that call the function are run up to the first that
fails: those first that killed mutants of the same function before, then the quick ones. Limits are
in processor time: a busy machine kills no mutant.
"""

from __future__ import annotations

import functools
import gc
import importlib
import json
import os
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from types import FrameType, FunctionType
from typing import Any

import pytest

from mutation.areas import PACKAGE
from mutation.making import Mutant

_LEAST_SECONDS, _TIMES = 5, 10
"""A mutant may take so many seconds, and so many times what a test takes without it."""

_Cached = type(functools.cache(len))
_MEMORY_BYTES = 2 * 2**30
_STUCK_SECONDS = 900
"""By the clock: a mutant that waits takes no processor time."""


@dataclass
class Trials:
    """A plugin of pytest that tries mutants in place of running the tests once.

    Args:
        paths: the modules that are mutated.
        work: is given the trials once tests are collected and were run without a mutant.
    """

    paths: Sequence[Path]
    work: Callable[[Trials], None]
    items: list[pytest.Item] = field(default_factory=list)
    calls: dict[int, set[str]] = field(default_factory=dict)
    seconds: dict[int, float] = field(default_factory=dict)
    kills: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    _functions: list[FunctionType] = field(default_factory=list)
    _failed: bool = False

    def pytest_configure(self) -> None:
        """Let Hypothesis try the same in every run, and remember nothing of a mutant."""
        from hypothesis import Phase, settings  # noqa: PLC0415 - pytest rewrites it as it comes

        settings.register_profile(
            "mutants",
            deadline=None,
            derandomize=True,
            database=None,
            # The first example that fails will do: to make it small takes minutes.
            phases=(Phase.explicit, Phase.generate),
        )
        settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        self._failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests without a mutant, then do the work."""
        self.items = list(session.items)
        for path in self.paths:
            # What is imported at use would come without its mistake.
            name = path.relative_to(PACKAGE.parent).with_suffix("")
            importlib.import_module(".".join(name.parts))
        imported: list[str] = []
        with TemporaryFile("w+", encoding="utf-8") as told:
            ended = _in_child(lambda: self._watch(told.fileno()), 3600)
            assert ended == "0", f"the tests fail without a mutant ({ended})"
            told.seek(0)
            for number, line in enumerate(told):
                seconds, names, modules = json.loads(line)
                self.calls[number], self.seconds[number] = set(names), seconds
                imported += modules
        # What the tests import at use is imported once, not again for each mutant.
        for needed in imported:
            with suppress(ImportError):
                importlib.import_module(needed)
        self._functions = _functions(self.paths)
        _forget()
        gc.collect()
        gc.freeze()
        self.work(self)
        return True

    def outcome(self, mutant: Mutant) -> str:
        """Return what became of a mutant: "killed", "too long", "not called" or "survived"."""
        key = f"{mutant.path}:{mutant.function}"
        kills = self.kills[key]
        numbers = [number for number, names in self.calls.items() if key in names]
        if not numbers:
            return "not called"
        numbers.sort(key=lambda number: (-kills[number], self.seconds[number]))
        limit = sum(map(self._limit, numbers))
        with TemporaryFile("w+", encoding="utf-8") as told:

            def try_it() -> int:
                _replace(self._functions, mutant)
                return self._run(numbers, told.fileno())

            ended = _in_child(try_it, round(limit))
            told.seek(0)
            last = told.read().split()[-1:]
        if ended == "0":
            return "survived"
        kills.update(map(int, last))
        return "too long" if ended in ("SIGVTALRM", "SIGXCPU", "SIGALRM") else "killed"

    def _limit(self, number: int) -> float:
        return _LEAST_SECONDS + _TIMES * self.seconds[number]

    def _run(self, numbers: Sequence[int], target: int) -> int:
        """Run tests up to the first that fails; return 1 if one does. Write down each first."""
        order = [self.items[number] for number in numbers]
        for number, item, following in zip(numbers, order, [*order[1:], None], strict=True):
            os.write(target, b"%d\n" % number)
            # Not that of the clock or of the system's work: our readers use the other timers.
            signal.setitimer(signal.ITIMER_VIRTUAL, self._limit(number))
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._failed:
                return 1
        return 0

    def _watch(self, target: int) -> int:
        """Run all tests; write for each how long it takes and which functions it calls."""
        names = {str(path) for path in self.paths}
        called: set[str] = set()

        def note(frame: FrameType, event: str, _value: Any) -> None:
            if event == "call" and frame.f_code.co_filename in names:
                outermost = frame.f_code.co_qualname.partition(".<locals>")[0]
                called.add(f"{frame.f_code.co_filename}:{outermost}")

        with os.fdopen(target, "w", encoding="utf-8", closefd=False) as told:
            order: list[pytest.Item | None] = [*self.items[1:], None]
            for item, following in zip(self.items, order, strict=True):
                called.clear()
                _forget()
                loaded = set(sys.modules)
                began = time.process_time()
                # Not a profiler, which is told of returns and of calls of C as well.
                sys.settrace(note)
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                sys.settrace(None)
                if self._failed:
                    print(f"{item.nodeid} fails without a mutant", file=sys.stderr)
                    return 1
                seconds = time.process_time() - began
                imported = sorted(sys.modules.keys() - loaded)
                told.write(json.dumps([seconds, sorted(called), imported]) + "\n")
        return 0


def _functions(paths: Sequence[Path]) -> list[FunctionType]:
    """Return all functions of modules."""
    names = {str(path) for path in paths}
    return [
        each
        for each in gc.get_objects()
        if isinstance(each, FunctionType) and each.__code__.co_filename in names
    ]


def _forget() -> None:
    """Empty the caches of the package: what stands there was worked out without the mistake."""
    for each in gc.get_objects():
        if isinstance(each, _Cached) and each.__module__.startswith(PACKAGE.name):
            each.cache_clear()
        elif isinstance(each, dict) and type(each).__module__.startswith(PACKAGE.name):
            each.clear()  # one that fills itself with what is asked for


def _replace(functions: Sequence[FunctionType], mutant: Mutant) -> None:
    """Give every function of the module its code in the mutant."""
    for each in functions:
        if each.__code__.co_filename == str(mutant.path):
            code = mutant.codes.get(each.__code__.co_qualname)
            if code is None:
                continue
            wanted = each.__code__.co_freevars
            if not code.co_freevars:
                # A method that asks super() no more, say: it must be given what it does not use.
                code = code.replace(co_freevars=wanted)
            if len(code.co_freevars) == len(wanted):
                each.__code__ = code


def _in_child(work: Callable[[], int], seconds: int) -> str:
    """Do work in a forked process; return its exit code or the name of the signal that ended it."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(max(seconds, _STUCK_SECONDS))
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
            resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))
            code = work()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name
    return str(os.waitstatus_to_exitcode(status))
