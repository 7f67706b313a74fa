"""Killed at any file operation: the index is the old one or the new, and the next run works."""

from __future__ import annotations

import logging
import random
from pathlib import Path

import pytest

from fuzzing import FACTOR
from index_states import WORKS, Trial
from power_loss import after_each, write
from rights_search import engines
from tracing import killed_at, needed, operations

_AT_ONCE = 3
"""Operations at which a quick run kills each work; `make torture` kills at every one."""

_GUESSES = 0 if FACTOR == 1 else 4

LOG = logging.getLogger(__name__)
"""How often something was tried: shown by ``--log-cli-level=INFO``."""

cases = [(work, engine) for work in WORKS for engine in engines.names()]


def some(count: int) -> list[int]:
    """Return the numbers of the operations to stop at: all of them, or some and the last ones."""
    if FACTOR > 1:
        return list(range(count))
    chance = random.Random(count)
    return sorted({*chance.sample(range(count), _AT_ONCE), count - 2, count - 20})


@needed
@pytest.mark.parametrize(("work", "engine"), cases)
def test_killed_at_an_operation(tmp_path: Path, work: str, engine: str) -> None:
    """What was there is there or what should be; the next run needs no help, and tidies up."""
    trial = Trial(tmp_path, WORKS[work], engine)
    trial.reset()
    moments = some(len(operations(trial.run, trial.place.index)))
    LOG.info("killed at %d operations of %s with %s", len(moments), work, engine)
    for number in moments:
        trial.reset()
        killed_at(trial.run, trial.place.index, number)
        trial.check()


@needed
@pytest.mark.parametrize(("work", "engine"), cases)
def test_the_power_goes(tmp_path: Path, work: str, engine: str) -> None:
    """Of what was not synced all may be there, nothing, or names without their bytes."""
    trial = Trial(tmp_path, WORKS[work], engine)
    trial.reset()
    before = tmp_path / "before"
    trial.keep(before)
    done = operations(trial.run, trial.place.index)
    trees = list(after_each(before, done, random.Random(1), _GUESSES))
    if FACTOR == 1:
        trees = random.Random(len(trees)).sample(trees, _AT_ONCE) + trees[-1:]
    LOG.info("%d folders that power loss leaves of %s with %s", len(trees), work, engine)
    for _, tree in trees:
        trial.empty()
        write(tree, trial.place.index)
        trial.check()
