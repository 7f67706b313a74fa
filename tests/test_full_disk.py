"""A disk that is full, read-only or forbidden, a folder that vanishes: one line, and no loss."""

from __future__ import annotations

import errno
import logging
import os
import random
import shutil
from pathlib import Path

import pytest

from fuzzing import FACTOR
from index_states import WORKS, Trial
from rights_search import Archive, IndexUnavailableError, engines
from tracing import Decide, Operation, needed, operations, run

ERRORS = {
    "full": (errno.ENOSPC, {"create", "write", "mkdir", "sync"}),
    "read-only": (errno.EROFS, {"create", "write", "mkdir", "sync", "rename", "remove", "cut"}),
    "forbidden": (errno.EACCES, {"create", "mkdir", "rename", "remove"}),
    "broken": (errno.EIO, {"write", "sync"}),
}
"""What a disk may be: the error that it gives, and for which operations."""

LOG = logging.getLogger(__name__)

REFUSED = 7
"""Exit code of a child in which the work ended with the error that says why."""


def failing_from(number: int, code: int, kinds: set[str]) -> Decide:
    """Let all operations of some kinds fail from a moment on."""

    def decide(at: int, operation: Operation) -> int | None:
        return code if at >= number and operation.kind in kinds else None

    return decide


def refused(trial: Trial) -> None:
    """Do a work that is refused; end with a code that says so."""
    try:
        trial.run()
    except IndexUnavailableError:
        os._exit(REFUSED)


@needed
@pytest.mark.parametrize("engine", engines.names())
@pytest.mark.parametrize("disk", ERRORS)
def test_a_disk_that_fails_from_a_moment_on(tmp_path: Path, disk: str, engine: str) -> None:
    """The error is ours; the old state or the new is there, and the next run works."""
    trial = Trial(tmp_path, WORKS["sync"], engine)
    trial.reset()
    code, kinds = ERRORS[disk]
    count = len(operations(trial.run, trial.place.index))
    moments = range(count) if FACTOR > 1 else random.Random(count).sample(range(count), 2)
    for number in moments:
        trial.reset()
        decide = failing_from(number, code, kinds)
        ended = run(lambda: refused(trial), trial.place.index, decide)
        assert ended in {0, REFUSED}, (number, ended)
        LOG.info("%s disk from operation %d on: %d", disk, number, ended)
        trial.check()


def test_a_lock_of_tantivy_that_cannot_be_made(tmp_path: Path) -> None:
    """It is the system's reason that is told, and not that another process writes."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "one.md").write_text("# One\n\nAbout prison.\n")
    with Archive.create(index, engine="tantivy") as archive:
        lock = index / "MAIN.tantivy" / ".tantivy-writer.lock"
        lock.unlink(missing_ok=True)
        lock.mkdir()
        with pytest.raises(IndexUnavailableError, match=r"written \(Is a directory\)"):
            archive.sync(corpus, processes=1)
        lock.rmdir()
        assert archive.sync(corpus, processes=1).added == 1


@pytest.mark.parametrize("engine", engines.names())
def test_an_index_folder_that_vanished(tmp_path: Path, engine: str) -> None:
    """A search and a sync of an open archive say so; nothing is made in its place."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "one.md").write_text("# One\n\nAbout prison.\n")
    with Archive.create(tmp_path / "index", engine=engine) as archive:
        archive.sync(corpus, processes=1)
        shutil.rmtree(tmp_path / "index")
        (corpus / "two.md").write_text("# Two\n\nAbout prison.\n")
        with pytest.raises(IndexUnavailableError):
            archive.sync(corpus, processes=1)
        with pytest.raises(IndexUnavailableError):
            archive.search("prison")
    assert not (tmp_path / "index").exists()
