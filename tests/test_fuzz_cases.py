"""What fuzzing begins with, and what it once found, goes well: ``make fuzz`` looks for more."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzzers import ledger
from fuzzers import seeds as fuzzing_seeds
from fuzzers.ledger import Had
from fuzzers.seeds import CASES, keep, seeds
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


def test_what_a_target_had_adds_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time and inputs of all runs are added; of the edges, the most count."""
    monkeypatch.setattr(ledger, "PATH", tmp_path / "ledger.toml")
    assert ledger.read() == {}
    ledger.add("dates", Had(seconds=60, inputs=1000, edges=400))
    ledger.add("queries", Had(seconds=5, inputs=10, edges=7))
    both = ledger.add("dates", Had(seconds=30, inputs=100, edges=390))
    assert both == Had(seconds=90, inputs=1100, edges=400)
    assert ledger.read() == {"dates": both, "queries": Had(seconds=5, inputs=10, edges=7)}


def test_the_smallest_of_what_was_reached_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run begins with it; what is ours anyway is not kept, and there is a bound."""
    monkeypatch.setattr(fuzzing_seeds, "CASES", tmp_path)
    own = set(seeds("dates"))
    reached = [bytes([number]) * size for number, size in enumerate((30_000, 20, 10, 40_000))]
    keep("dates", [*reached, *own])
    kept = (tmp_path / "dates.zip").read_bytes()
    assert set(seeds("dates")) - own == {reached[1], reached[2], reached[0]}
    keep("dates", [*own, *reversed(reached)])
    assert (tmp_path / "dates.zip").read_bytes() == kept
