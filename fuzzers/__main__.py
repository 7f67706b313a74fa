"""Fuzz every target in turn: ``python -m fuzzers --minutes 30``.

The time is for all of them together. What was reached is kept in ``.fuzz/`` and gone on with
the next time; what goes wrong is written to ``tests/fixtures/fuzz/TARGET/``, where
`tests/test_fuzz_cases.py` finds it. Exit code 1 says that something was found.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
from hashlib import sha256

from fuzzers.seeds import CASES, REPOSITORY, seeds
from fuzzers.targets import TARGETS

_REACHED = REPOSITORY / ".fuzz"
MAX_BYTES = 64 * 1024
MAX_MEBIBYTES = 2048
SECONDS_A_CASE = 20
"""More than this for one input is a finding."""

_DONE = re.compile(r"^Done (\d+) runs|^stat::number_of_executed_units:\s*(\d+)", re.MULTILINE)
_REACHING = re.compile(r"cov: (\d+)")


def main() -> int:
    """Fuzz, print a line for each target, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m fuzzers", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="for all targets together")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    options = parser.parse_args()
    names = options.targets or list(TARGETS)
    unknown = sorted(set(names) - set(TARGETS))
    if unknown:
        parser.error(f"there is no target {', '.join(unknown)}")
    seconds = max(1, round(60 * options.minutes / len(names)))
    print(f"{'target':16} {'inputs':>10} {'CPU s':>8} {'edges':>7}  found")
    found = [fuzz(name, seconds) for name in names]
    return int(any(found))


def fuzz(name: str, seconds: int) -> bool:
    """Fuzz one target, print what came of it, and tell whether something was found."""
    reached, cases = _REACHED / name, CASES / name
    reached.mkdir(parents=True, exist_ok=True)
    cases.mkdir(parents=True, exist_ok=True)
    known = set(cases.iterdir())
    for seed in seeds(name):
        (reached / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    before = _cpu_seconds()
    run = subprocess.run(
        [
            *(sys.executable, "-m", "fuzzers.child", name, str(reached)),
            f"-max_total_time={seconds}",
            f"-artifact_prefix={cases}/",
            f"-max_len={MAX_BYTES}",
            f"-timeout={SECONDS_A_CASE}",
            f"-rss_limit_mb={MAX_MEBIBYTES}",
            "-print_final_stats=1",
            "-verbosity=1",
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    took = _cpu_seconds() - before
    found = sorted(path.name for path in set(cases.iterdir()) - known)
    if not any(cases.iterdir()):
        cases.rmdir()
    if run.returncode and not found:
        # It ended before the first input: a seed, or the fuzzer itself.
        found = [f"ended with {run.returncode}"]
    runs = _last(_DONE, run.stderr)
    print(
        f"{name:16} {runs:>10,} {took:8.0f} {_last(_REACHING, run.stderr):>7}  "
        f"{', '.join(found) or 'nothing'}",
        flush=True,
    )
    if found:
        print("\n".join(run.stderr.splitlines()[-30:]), file=sys.stderr)
        print("\n".join(run.stdout.splitlines()[-30:]), file=sys.stderr)
    return bool(found)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _last(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.findall(text)
    if not found:
        return 0
    last = found[-1]
    return int(last if isinstance(last, str) else next(filter(None, last)))


if __name__ == "__main__":
    sys.exit(main())
