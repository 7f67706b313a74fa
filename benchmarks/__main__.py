"""Time this program beside others on the same posts, in one run: ``make bench``.

Every step is a process of its own, and the programs take turns in every round, so that a
busy minute of the machine touches all of them. Ratios travel from machine to machine,
times do not. Each part keeps what it found when the next one fails or is stopped.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks import report, store
from benchmarks.contenders import CONTENDERS
from benchmarks.page_tools import PAGE_TOOLS
from benchmarks.parts import KINDS, engine
from benchmarks.parts.posts import STEPS
from benchmarks.parts.work import Work
from benchmarks.running import REPOSITORY, Runner, without_folders
from benchmarks.store import Found

PARTS = ("posts-1k", "posts-10k", "engine-10k", "cold-10k", "pages-10k", "posts-100k")
"""What is done if no part is named. A million posts take an hour: ``posts-1M``."""

_ROUNDS = 3
_LARGE = 50_000
_INTERRUPTED = 130
_UNITS = {"k": 1000, "M": 1_000_000}
_OUT = REPOSITORY / "benchmarks" / "results"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run parts of the benchmark, and write tables and plots of all that was ever found."""
    options = _parser().parse_args(arguments)
    named = options.parts or PARTS
    try:
        parts = [_part(name) for name in named]
    except ValueError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    planned = sum(_estimate(part, options.rounds) for part in parts)
    if not options.pages:
        for name, part in zip(named, parts, strict=True):
            print(f"{name}: about {_minutes(_estimate(part, options.rounds))}")
        print(f"together about {_minutes(planned)}, with all programs and steps", flush=True)
    runner = Runner(options.minutes * 60)
    if options.plan:
        return 0
    code = 0
    try:
        for part in [] if options.pages else parts:
            _run(part, options, runner)
    except KeyboardInterrupt:
        code = _INTERRUPTED
    for path in report.write(options.out, store.load(options.out)):
        print(path.name)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    of = f"{', '.join(KINDS)}, a dash and a size, such as posts-200 or pages-10k"
    programs = tuple(dict.fromkeys([*CONTENDERS, *PAGE_TOOLS, *engine.NAMES]))
    add = parser.add_argument
    add("parts", nargs="*", metavar="PART", help=f"{of} (by default {' '.join(PARTS)})")
    add("--only", nargs="+", choices=programs, metavar="PROGRAM", help=f"of {'; '.join(programs)}")
    add("--without", nargs="+", choices=programs, metavar="PROGRAM", default=[], help="not these")
    add("--steps", nargs="*", choices=STEPS, default=STEPS, help="with posts, besides building")
    add("--rounds", type=int, help=f"of every step ({_ROUNDS}; from {_LARGE:,} posts on 1)")
    add(
        "--minutes", type=float, default=24 * 60, help="stop what takes longer, say so in the table"
    )
    add("--made", action="store_true", help="made posts, also where real ones are")
    add("--plan", action="store_true", help="say how long it takes, and run nothing")
    add("--pages", action="store_true", help="run nothing; write what was found before as pages")
    add("--out", type=Path, default=_OUT, help="folder for what is found")
    return parser


def _part(name: str) -> Found:
    """Return the part of a name, before anything is found."""
    kind, _, size = name.partition("-")
    number = size.rstrip("".join(_UNITS))
    if kind not in KINDS or not number.isdigit() or size[len(number) :] not in {"", *_UNITS}:
        raise ValueError(f"there is no part {name}; say {' or '.join(KINDS)}, a dash and a size")
    return Found(kind, int(number) * _UNITS.get(size[len(number) :], 1))


def _rounds(part: Found, wanted: int | None) -> int:
    return wanted or (1 if part.count >= _LARGE else _ROUNDS)


def _estimate(part: Found, rounds: int | None) -> float:
    return KINDS[part.kind].estimate(part.count, _rounds(part, rounds))


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f} minutes"


def _command(part: Found, options: argparse.Namespace, rounds: int) -> str:
    """Return what does this part again, in the same way."""
    words = ["python", "-m", "benchmarks", part.name, "--rounds", str(rounds)]
    for name in ("only", "without"):
        if chosen := getattr(options, name):
            words += [f"--{name}", *chosen]
    if part.kind == "posts" and tuple(options.steps) != STEPS:
        words += ["--steps", *options.steps]
    return shlex.join([*words, "--made"] if options.made else words)


def _run(part: Found, options: argparse.Namespace, runner: Runner) -> None:
    """Do a part; that it fails is kept in what it found, so that others go on."""
    print(f"{part.name}", file=sys.stderr, flush=True)
    rounds = _rounds(part, options.rounds)
    part.command = _command(part, options, rounds)
    part.machine = dict(store.machine())
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="rights-search-bench-") as scratch:
        work = Work(
            runner=runner,
            scratch=Path(scratch).resolve(),
            rounds=rounds,
            only=options.only,
            without=options.without,
            steps=options.steps,
            is_made=options.made,
            save=partial(store.save, options.out),
        )
        try:
            KINDS[part.kind].run(work, part)
        except KeyboardInterrupt:
            part.broken = "interrupted"
            raise
        except Exception as error:  # noqa: BLE001 - named in the table
            part.broken = without_folders(f"{type(error).__name__}: {error}")
            print(f"  {part.broken}", file=sys.stderr)
        finally:
            part.took = time.perf_counter() - began
            store.save(options.out, part)


if __name__ == "__main__":
    sys.exit(main())
