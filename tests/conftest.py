"""Fixtures that several test modules share."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parent.parent

# A deadline is an absolute time: on a busy machine it fails tests that hold.
settings.register_profile("rights-search", deadline=None)
settings.load_profile("rights-search")


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Let ``-n auto`` be one process more than there are cores.

    An index is synced to the disk whenever it is written: thousands of times a run a test waits
    for that, or for a process that it has started, and another may use the core.
    """
    return (yield) + 1


@pytest.fixture(scope="session")
def repository() -> Path:
    """Return the root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real data beside the checkout, or skip the test."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("not here: the real data in ../shared/data")
    return folder


@pytest.fixture
def base_install(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let things be as they are without extras, wherever the tests run."""
    from rights_search.ingest.html.trafilatura import extractor  # noqa: PLC0415

    monkeypatch.setitem(sys.modules, "trafilatura", None)
    extractor.cache_clear()
    yield
    extractor.cache_clear()
