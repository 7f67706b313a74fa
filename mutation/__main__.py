"""Try a sample of mutants of each area, and name those that no test kills.

Usage: ``python -m mutation [--sample 100] [--seed 1] [--minutes 30] [AREA ...]``. One process at a
time. Mutants are tried in an order drawn at random, so that what was tried when time is up is a
sample as well.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, takewhile
from math import inf
from re import Pattern

import pytest

from mutation.areas import AREAS, PACKAGE, Area
from mutation.making import Mutant, places, planted
from mutation.trying import Trials

_TOLD_EACH = 50


def main() -> int:
    """Try mutants, print what became of them, and return the exit code of pytest."""
    parser = argparse.ArgumentParser(prog="python -m mutation", description=__doc__)
    parser.add_argument("--sample", type=int, default=100, help="mutants of each area; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--minutes", type=float, default=inf, help="processor time for each area; default: no end"
    )
    parser.add_argument(
        "--only", type=re.compile, default="", help="functions such as finding.find_date: a pattern"
    )
    parser.add_argument("--tests", nargs="+", help="in place of all tests of the area")
    parser.add_argument("areas", nargs="*", metavar="AREA", help=", ".join(AREAS))
    options = parser.parse_args()
    unknown = sorted(set(options.areas) - set(AREAS))
    if unknown:
        parser.error(f"there is no area {', '.join(unknown)}")
    # Each area has a pytest of its own, which forks: nothing of one is left in the next.
    return max(_try(name, options) for name in options.areas or AREAS)


def _try(name: str, options: argparse.Namespace) -> int:
    area = AREAS[name]
    if options.tests:
        area = replace(area, tests=tuple(options.tests))
    chosen, total = _sample(area, options.sample, options.seed, options.only)
    began = _processor_time()
    end = began + 60 * options.minutes

    def work(trials: Trials) -> None:
        spent = _processor_time() - began
        print(f"{name}: {len(trials.items)} tests were watched in {spent:.0f} s", flush=True)
        counts: Counter[str] = Counter()

        def tell() -> None:
            killed = counts["killed"] + counts["too long"]
            told = ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())
            print(
                f"{name}: {counts.total()} of {total} mutants (seed {options.seed}): {told}; "
                f"score {killed / max(1, counts.total()):.1%}",
                flush=True,
            )

        for mutant in takewhile(lambda _: _processor_time() < end, chosen):
            outcome = trials.outcome(mutant)
            counts[outcome] += 1
            if outcome in ("survived", "not called"):
                where = mutant.path.relative_to(PACKAGE)
                print(f"{name}: {outcome}: {where}: {mutant.function}")
                print("\n".join(f"    {line}" for line in mutant.change), flush=True)
            if counts.total() % _TOLD_EACH == 0:
                tell()  # what was tried so far is a sample, if the run is broken off
        tell()

    trials = Trials(list(area.files), work)
    arguments = ["-q", "--capture=no", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return int(pytest.main([*arguments, *area.test_names], plugins=[trials]))


def _processor_time() -> float:
    """Return the seconds that this process and those that it has waited for have taken."""
    return sum(os.times()[:4])


def _sample(area: Area, sample: int, seed: int, only: Pattern[str]) -> tuple[Iterator[Mutant], int]:
    """Return mutants chosen at random, each made when it is asked for, and how many there are."""
    if area.faults:
        return map(planted, area.faults), len(area.faults)
    found = [place for path in area.files for place in places(path) if only.search(place.name)]
    random.Random(seed).shuffle(found)  # noqa: S311 - no secret
    made = filter(None, (place.mutant() for place in found))
    return islice(made, sample or None), len(found)


if __name__ == "__main__":
    sys.exit(main())
