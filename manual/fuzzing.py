"""docs/fuzzing.md, from the ledger of the fuzzers and the cases that they found."""

from __future__ import annotations

from fuzzers import ledger
from fuzzers.ledger import Had
from fuzzers.seeds import CASES
from fuzzers.targets import TARGETS
from manual.tables import table

WANTED_SECONDS = 30 * 60
"""What each target is to have at least."""

_TEXT = """\
# Fuzzing

<!-- Written by `make docs` from `fuzzers/ledger.toml`: `python -m fuzzers` adds to that. -->

    make fuzz                                       # what targets lack of their thirty minutes
    python -m fuzzers --minutes 5 queries read-pdf  # five more each

Each target gets inputs that are led by which lines of Python they reach
([atheris](https://github.com/google/atheris), the extra `fuzz`), and fails on anything but the one
error that it promises, on {a_case} s of processor time or 2 GiB for one input. Time is processor
time, so that a busy machine takes nothing away from it; starting and instrumenting is not counted,
reading again what was reached before is. Of `read-pdf` only what our process takes is counted, and
nothing leads it: the library that reads is no Python and has a process of its own.

What goes wrong is kept in `tests/fixtures/fuzz/TARGET/`, and the smallest inputs that reached
something of their own in `tests/fixtures/fuzz/TARGET.zip`, up to 48 KiB: the next run begins with
them, and `tests/test_fuzz_cases.py` tries both in `make test`.

{enough} of {all} targets have had thirty minutes: {names}. Edges are branches between lines of
Python, the most that one run has reached.

{table}
"""


def page() -> str:
    """Return the page."""
    had = ledger.read()
    enough = sorted(name for name, one in had.items() if one.seconds >= WANTED_SECONDS)
    rows = sorted(((name, had.get(name, Had())) for name in TARGETS), key=_most_first)
    heads = ("target", "minutes", "inputs", "edges", "cases found, since mended")
    return _TEXT.format(
        a_case=ledger.SECONDS_A_CASE,
        enough=len(enough),
        all=len(TARGETS),
        names=", ".join(enough) or "none yet",
        table=table(heads, (_cells(name, one) for name, one in rows)),
    )


def _most_first(row: tuple[str, Had]) -> tuple[int, str]:
    return -row[1].seconds, row[0]


def _cells(name: str, had: Had) -> tuple[str, ...]:
    cases = len(list((CASES / name).glob("*")))
    return (
        name,
        f"{had.seconds / 60:.1f}",
        f"{had.inputs:,}",
        f"{had.edges:,}",
        str(cases or ""),
    )
