"""Fuzz targets in turn: ``python -m fuzzers --minutes 30 pickles dates``.

The time is processor time, and for each target. What was reached is gone on with the next time:
all of it stands in ``.fuzz/``, the smallest of it in ``tests/fixtures/fuzz/TARGET.zip``. What goes
wrong is written to ``tests/fixtures/fuzz/TARGET/``. `tests/test_fuzz_cases.py` tries both. What a
target had is added to ``fuzzers/ledger.toml``; ``make docs`` writes that into docs/fuzzing.md. Exit
code 1 says that something was found.
"""

from __future__ import annotations

import argparse
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from fuzzers import ledger
from fuzzers.ledger import Had
from fuzzers.seeds import CASES, REPOSITORY, keep, seeds
from fuzzers.targets import TARGETS

_REACHED = REPOSITORY / ".fuzz"
_STRETCH_SECONDS = 300
"""After so much the ledger is written, so that a run that is stopped is not lost."""

MAX_BYTES = 64 * 1024
MAX_MEBIBYTES = 2048
_HANGS_SECONDS = 1200
"""Of the clock: an input without end. One that is slow is found by its processor time."""

_RUNS = re.compile(r"^stat::number_of_executed_units:\s*(\d+)", re.MULTILINE)
_EDGES = re.compile(r"cov: (\d+)")


def main() -> int:
    """Fuzz, print a line for each target, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m fuzzers", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="for each target; default: 30")
    parser.add_argument("--in-all", action="store_true", help="with those that the ledger has")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    options = parser.parse_args()
    names = options.targets or list(TARGETS)
    unknown = sorted(set(names) - set(TARGETS))
    if unknown:
        parser.error(f"there is no target {', '.join(unknown)}")
    print(f"{'target':16} {'inputs':>10} {'CPU s':>8} {'edges':>7}  found")
    had = ledger.read() if options.in_all else {}
    wanted = round(60 * options.minutes)
    found = [fuzz(name, wanted - had.get(name, Had()).seconds) for name in names]
    return int(any(found))


def fuzz(name: str, seconds: int) -> bool:
    """Fuzz one target, print what came of it, and tell whether something was found."""
    reached, cases = _REACHED / name, CASES / name
    reached.mkdir(parents=True, exist_ok=True)
    cases.mkdir(parents=True, exist_ok=True)
    known = set(cases.iterdir())
    for seed in seeds(name):
        (reached / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    had, broke = Had(), ""
    while had.seconds < seconds and not broke:
        stretch = min(_STRETCH_SECONDS, seconds - had.seconds)
        one, broke = _stretch(name, reached, cases, stretch)
        had += one
        ledger.add(name, one)
    found = sorted(path.name for path in set(cases.iterdir()) - known)
    if not any(cases.iterdir()):
        cases.rmdir()
    if broke and not found:
        # It ended before the first input: a seed, or the fuzzer itself.
        found = ["ended by itself"]
    if not broke:
        _minimise(name, reached)
    print(
        f"{name:16} {had.inputs:10,} {had.seconds:8} {had.edges:7}  "
        f"{', '.join(found) or 'nothing'}",
        flush=True,
    )
    if broke:
        print(broke, file=sys.stderr)
    return bool(found)


def _stretch(name: str, reached: Path, cases: Path, seconds: int) -> tuple[Had, str]:
    """Fuzz for a while; return what the target had, and what it said if it broke."""
    before = _cpu_seconds()
    run = _child(
        name,
        seconds,
        str(reached),
        f"-artifact_prefix={cases}/",
        f"-timeout={_HANGS_SECONDS}",
        "-print_final_stats=1",
        "-verbosity=1",
    )
    # Starting, and instrumenting what is imported, is no part of it.
    took = min(seconds, round(_cpu_seconds() - before))
    had = Had(took, _last(_RUNS, run.stderr), _last(_EDGES, run.stderr))
    said = [*run.stderr.splitlines()[-30:], *run.stdout.splitlines()[-30:]]
    return had, "\n".join(said) if run.returncode else ""


def _minimise(name: str, reached: Path) -> None:
    """Leave out what reaches nothing of its own, and keep the smallest in the repository."""
    smaller = reached.with_name(f"{name}.smaller")
    shutil.rmtree(smaller, ignore_errors=True)
    smaller.mkdir()
    run = _child(name, _HANGS_SECONDS, "-merge=1", str(smaller), str(reached))
    if run.returncode:
        raise SystemExit(f"{name}: no merge:\n{run.stderr[-2000:]}")
    shutil.rmtree(reached)
    smaller.rename(reached)
    keep(name, (path.read_bytes() for path in reached.iterdir()))


def _child(name: str, seconds: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    bounds = (f"-max_len={MAX_BYTES}", f"-rss_limit_mb={MAX_MEBIBYTES}")
    command: Sequence[str] = (sys.executable, "-m", "fuzzers.child", name, str(seconds))
    return subprocess.run(
        [*command, *arguments, *bounds],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _last(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.findall(text)
    return int(found[-1]) if found else 0


if __name__ == "__main__":
    sys.exit(main())
