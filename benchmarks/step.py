"""One step of one program in a process of its own, so that time and memory are its own.

``python -m benchmarks.step NAME build|add|ask …`` prints one JSON object.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.contenders import CONTENDERS, Question


def main(arguments: list[str]) -> None:
    """Do the step that the arguments name and print what it took."""
    name, step, posts, folder, *more = arguments
    contender = CONTENDERS[name]
    began, used = time.perf_counter(), _cpu()
    told: dict[str, Any] = {}
    try:
        if step == "build":
            contender.build(Path(posts), Path(folder))
        elif step == "add":
            contender.add(Path(posts), Path(folder))
        else:
            told["answers"] = _answers(name, Path(folder), json.loads(more[0]), int(more[1]))
    except NotImplementedError:
        told["cannot"] = True
    told |= {"wall": time.perf_counter() - began, "cpu": _cpu() - used, "memory": _memory()}
    print(json.dumps(told))


def _answers(
    name: str, folder: Path, questions: list[dict[str, Any]], times: int
) -> list[dict[str, Any] | None]:
    """Return for each question how many posts match, the first time and the median of more."""
    ask = CONTENDERS[name].open(folder)
    answers: list[dict[str, Any] | None] = []
    for given in questions:
        question = Question(**{**given, "words": tuple(given["words"])})
        try:
            taken: list[float] = []
            for _ in range(times):
                began = time.perf_counter()
                total = ask(question)
                taken.append(time.perf_counter() - began)
        except NotImplementedError:
            answers.append(None)
            continue
        warm = taken[1:] or taken
        answers.append({"total": total, "first": taken[0], "warm": statistics.median(warm)})
    return answers


def _cpu() -> float:
    """Return the processor time of this process and of those that it has waited for."""
    own, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def _memory() -> int:
    """Return the most bytes that this process has held at once.

    What the system tells of a process with ``getrusage`` counts its parent before the start.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("Linux says it")


if __name__ == "__main__":
    main(sys.argv[1:])
