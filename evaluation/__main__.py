"""Run scorers, print their tables, and fail below a floor."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from evaluation.data import SHARED_DATA
from evaluation.floors import broken, read_floors
from evaluation.report import table
from evaluation.scorers import SCORERS

_HEAD = """\
# Figures

Written by `python -m evaluation --output docs/figures.md`, not by hand; a floor is what
`tests/test_evaluation.py` holds. What was measured, and what it does not say, is in
[evaluation.md](evaluation.md).
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table for each scorer; return 1 if a floor does not hold, else 0."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("scorers", nargs="*", help=f"any of {', '.join(SCORERS)}; all by default")
    parser.add_argument("--data", type=Path, default=SHARED_DATA, help="folder of the real data")
    parser.add_argument("--quick", action="store_true", help="take a sample of what is large")
    parser.add_argument("--output", type=Path, help="also write the tables to this file")
    options = parser.parse_args(arguments)
    for name in options.scorers:
        if name not in SCORERS:
            parser.error(f"there is no scorer '{name}'; there are {', '.join(SCORERS)}")
    if options.data != SHARED_DATA and not options.data.is_dir():
        parser.error(f"there is no folder '{options.data}'")
    if options.output and not options.output.parent.is_dir():
        parser.error(f"there is no folder '{options.output.parent}' to write to")
    floors = read_floors()
    tables: list[str] = []
    problems: list[str] = []
    for name in options.scorers or SCORERS:
        rows = SCORERS[name](options.data, quick=options.quick)
        tables.append(f"## {name}\n\n{table(name, rows, floors)}\n")
        print(tables[-1], flush=True)
        problems += broken(name, rows, floors)
    if options.output:
        options.output.write_text("\n".join((_HEAD, *tables)), encoding="utf-8")
    for problem in problems:
        print(f"below its floor: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
