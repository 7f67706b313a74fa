"""What each target has had so far, over all runs: ``fuzzers/ledger.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

SECONDS_A_CASE = 20
"""More than this for one input is a finding."""

PATH = Path(__file__).with_name("ledger.toml")

_HEAD = """\
# What each target has had over all runs of `python -m fuzzers`, which adds to it: processor time,
# inputs, and the most edges (branches between lines of Python) that a run has reached.
"""


@dataclass(frozen=True, slots=True)
class Had:
    """What one target has had: seconds of processor time, inputs, and edges reached."""

    seconds: int = 0
    inputs: int = 0
    edges: int = 0

    def __add__(self, other: Had) -> Had:
        """Return what two runs had together."""
        return Had(
            self.seconds + other.seconds, self.inputs + other.inputs, max(self.edges, other.edges)
        )


def read() -> dict[str, Had]:
    """Return what each target has had; those that had nothing are not among it."""
    entries = tomllib.loads(PATH.read_text(encoding="utf-8")) if PATH.exists() else {}
    return {name: Had(**entry) for name, entry in entries.items()}


def add(name: str, had: Had) -> Had:
    """Add a run of a target, and return what it has had with that."""
    entries = read()
    entries[name] = entries.get(name, Had()) + had
    PATH.write_text(_written(entries), encoding="utf-8")
    return entries[name]


def _written(entries: Mapping[str, Had]) -> str:
    parts = [_HEAD]
    for name, had in sorted(entries.items()):
        values = (f"{key} = {value}\n" for key, value in asdict(had).items())
        parts.append(f"[{name}]\n{''.join(values)}")
    return "\n".join(parts)
