"""One step of one program in a process of its own, so that time and memory are its own.

``python -m benchmarks.step STEP JSON`` prints one JSON object: see `STEPS` for the steps and what
each is told. Nothing but Python's own library is imported here, as in `benchmarks.contenders`.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.contenders import CONTENDERS
from benchmarks.contenders.protocol import Ask, Question

_READY = "ready"


def main(step: str, told: str) -> None:
    """Do a step and print what it took, and what it found."""
    given = json.loads(told)
    began, used = time.perf_counter(), _cpu()
    try:
        found = STEPS[step](given)
    except NotImplementedError:
        found = {"cannot": True}
    took = {"wall": time.perf_counter() - began, "cpu": _cpu() - used, "memory": _memory()}
    print(json.dumps(took | found))


def _build(given: Mapping[str, Any]) -> dict[str, Any]:
    CONTENDERS[given["name"]].build(Path(given["posts"]), Path(given["folder"]))
    return {}


def _add(given: Mapping[str, Any]) -> dict[str, Any]:
    CONTENDERS[given["name"]].add(Path(given["posts"]), Path(given["folder"]))
    return {}


def _ask(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer questions one after the other, and all again so many times."""
    ask = CONTENDERS[given["name"]].open(Path(given["folder"]))
    answers = [_tried(ask, question) for question in _questions(given)]
    taken: dict[int, list[float]] = {}
    for _ in range(given["times"]):
        for number, question in enumerate(_questions(given)):
            if "total" in answers[number]:
                began = time.perf_counter()
                ask(question)
                taken.setdefault(number, []).append(time.perf_counter() - began)
    for number, seconds in taken.items():
        answers[number]["warm"] = statistics.median(seconds)
    return {"answers": answers}


def _tried(ask: Ask, question: Question) -> dict[str, Any]:
    """Return how many posts match, or why there is no answer: one may be refused as too much."""
    try:
        return {"total": ask(question)}
    except NotImplementedError:
        return {"cannot": True}
    except Exception as error:  # noqa: BLE001 - whatever the program says, named in the table
        return {"failed": f"{type(error).__name__}: {error}"}


def _cold(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer one question once; the step's own process was just started."""
    CONTENDERS[given["name"]].open(Path(given["folder"]))(_questions(given)[0])
    return {}


def _read(given: Mapping[str, Any]) -> dict[str, Any]:
    """Say that all is warm, wait for a line, and answer questions for so many seconds."""
    ask = CONTENDERS[given["name"]].open(Path(given["folder"]))
    can = [question for question in _questions(given) if "total" in _tried(ask, question)]
    if not can:
        raise NotImplementedError
    print(_READY, flush=True)
    sys.stdin.readline()
    end = time.perf_counter() + given["seconds"]
    for asked, question in enumerate(itertools.cycle(can), 1):
        ask(question)
        if time.perf_counter() >= end:
            return {"asked": asked}
    raise AssertionError("a cycle has no end")


def _run(given: Mapping[str, Any]) -> dict[str, Any]:
    """Run any command; its last words are looked at only if it fails."""
    done = subprocess.run(  # noqa: S603 - a program that is timed
        given["words"], capture_output=True, text=True, check=False, env=os.environ | given["env"]
    )
    if done.returncode not in given["codes"]:
        raise SystemExit(f"exit code {done.returncode}: {(done.stderr or done.stdout)[-500:]}")
    return {}


def _engine(given: Mapping[str, Any]) -> dict[str, Any]:
    from benchmarks import engine_work  # noqa: PLC0415 - needs our program

    return engine_work.build(
        given["engine"], Path(given["posts"]), Path(given["folder"]), given["processes"]
    )


def _tag(given: Mapping[str, Any]) -> dict[str, Any]:
    from benchmarks import engine_work  # noqa: PLC0415 - as above

    return engine_work.tag(Path(given["posts"]), Path(given["tagged"]))


STEPS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "build": _build,
    "add": _add,
    "ask": _ask,
    "cold": _cold,
    "read": _read,
    "run": _run,
    "tag": _tag,
    "engine": _engine,
}
"""Step → what does it with what it is told; what it returns is added to the time that it took."""


def _questions(given: Mapping[str, Any]) -> Sequence[Question]:
    return [Question(**{**each, "words": tuple(each["words"])}) for each in given["questions"]]


def _cpu() -> float:
    """Return the processor time of this process and of those that it has waited for."""
    own, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def _memory() -> int:
    """Return the most bytes that this process, or one that it has waited for, has held at once.

    What the system tells of a process with ``getrusage`` counts its parent before the start:
    of this one it is asked otherwise.
    """
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    with suppress(OSError):  # elsewhere than on Linux
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return max(others, int(line.split()[1]) * 1024)
    return max(others, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


if __name__ == "__main__":
    main(*sys.argv[1:])
