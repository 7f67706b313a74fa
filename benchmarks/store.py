"""What the parts of the benchmark found, each in a file of its own, written after every step.

A file holds nothing of the machine but what it is made of: no name, no path.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.running import Taken

_FOLDER = "raw"


@dataclass(slots=True)
class Found:
    """What a part found.

    Args:
        kind: of part, such as ``posts``.
        count: of posts or pages.
        about: the posts in words, such as ``10,000 real posts``.
        command: what does it again.
        versions: program → its version.
        left_out: programs that were not timed, each with the reason.
        machine: what it is made of.
        steps: program → step → what each round gave.
        answers: kinds of questions, one for each of the answers of a step ``ask``.
        took: seconds.
        broken: why it ended too early, if it did.
    """

    kind: str
    count: int
    about: str = ""
    command: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, dict[str, list[Taken]]] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    took: float = 0.0
    broken: str = ""

    @property
    def name(self) -> str:
        """Return the part's name, such as ``posts-10000``."""
        return f"{self.kind}-{self.count}"

    def add(self, program: str, step: str, taken: Taken) -> None:
        """Note what a round of a step gave."""
        self.steps.setdefault(program, {}).setdefault(step, []).append(taken)

    def values(self, program: str, step: str, key: str) -> list[float]:
        """Return what the rounds of a step gave; nothing for those that failed."""
        rounds = self.steps.get(program, {}).get(step, [])
        return [
            taken[key] for taken in rounds if "cannot" not in taken and taken.get(key) is not None
        ]

    def reason(self, program: str, step: str) -> str:
        """Return why a step gave nothing; empty if it gave something or was not tried."""
        rounds = self.steps.get(program, {}).get(step, [])
        return next((taken["failed"] for taken in rounds if "failed" in taken), "")

    def warm(self, program: str, kind: str) -> list[float]:
        """Return the seconds of each question of a kind, in all rounds."""
        return [
            answer["warm"]
            for taken in self.steps.get(program, {}).get("ask", [])
            for of_kind, answer in zip(self.answers, taken.get("answers", ()), strict=False)
            if of_kind == kind and "warm" in answer
        ]

    def refusals(self, program: str) -> dict[str, str]:
        """Return kind → why a question of it was not answered, for all that failed."""
        return {
            kind: answer["failed"]
            for taken in self.steps.get(program, {}).get("ask", [])
            for kind, answer in zip(self.answers, taken.get("answers", ()), strict=False)
            if "failed" in answer
        }


def save(folder: Path, found: Found) -> None:
    """Write what a part found, the whole file or none of it."""
    path = folder / _FOLDER / f"{found.name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(asdict(found), indent=1, ensure_ascii=False) + "\n", "utf-8")
    new.replace(path)


def load(folder: Path) -> dict[str, Found]:
    """Return part → what it found, for all that there are; smaller ones first."""
    found = sorted(_read(folder / _FOLDER), key=lambda each: (each.kind, each.count))
    return {each.name: each for each in found}


def _read(folder: Path) -> Iterator[Found]:
    for path in folder.glob("*.json"):
        yield Found(**json.loads(path.read_text("utf-8")))


def machine() -> Mapping[str, Any]:
    """Return what this machine is made of."""
    model = platform.machine()
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return {
        "processor": model,
        "processors": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9),
        "system": platform.system(),
        "python": platform.python_version(),
    }
