"""What fuzzing begins with, and what it once found, goes well: ``make fuzz`` looks for more."""

from __future__ import annotations

import pytest

from fuzzers import ledger
from fuzzers.seeds import CASES, seeds
from fuzzers.targets import TARGETS
from rights_search.ingest import READERS


@pytest.mark.parametrize("name", TARGETS)
def test_every_case_goes_well(name: str) -> None:
    """A target takes all of its cases, of which there are some."""
    cases = list(seeds(name))
    assert cases
    for data in cases:
        TARGETS[name](data)


def test_every_reader_is_fuzzed() -> None:
    """A new reader has a target by itself; cases, inputs and times are of targets that exist."""
    assert {f"read-{name}" for name in READERS} <= set(TARGETS)
    kept = {path.name.removesuffix(".zip") for path in CASES.iterdir()}
    assert kept | set(ledger.read()) <= set(TARGETS)
