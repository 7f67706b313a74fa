"""What fuzzing begins with, and what it once found, goes well: ``make fuzz`` looks for more."""

from __future__ import annotations

import pytest

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
    """A new reader has a target by itself, and every folder of cases one that reads them."""
    assert {f"read-{name}" for name in READERS} <= set(TARGETS)
    assert {folder.name for folder in CASES.glob("*/")} <= set(TARGETS)
