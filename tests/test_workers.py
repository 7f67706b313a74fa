"""Reading a corpus in several processes: the same index, whatever dies on the way."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rights_search import Archive, engines
from rights_search.engines.tantivy.writing import TantivyWriter
from rights_search.engines.whoosh.writing import WhooshWriter
from rights_search.indexing import manifest, workers
from rights_search.indexing.sync_results import SyncSummary

PLACES = ("Minsk", "Harare", "Quito", "Dhaka", "Lagos", "Tirana", "Hanoi")

# What `-m rights_search.indexing.worker` does, but it dies of one file.
DIES_OF = """
import os, sys
from rights_search.indexing import worker
class FileReader(worker.FileReader):
    def read(self, task):
        if task.listed.name == {name!r} and task.share == task.shares - 1:
            {death}
        super().read(task)
worker.FileReader = FileReader
worker.run()
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a folder of a shared table, small files, a copy and a file of no post."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    records = [
        {"title": f"{PLACES[n % 7]}: trial {n}", "text": f"A court heard case {n}.", "date": "2014"}
        for n in range(300)
    ]
    lines = "".join(f"{json.dumps(record)}\n" for record in records)
    (folder / "b-large.jsonl").write_text(lines + "{broken\n", encoding="utf-8")
    text = "Police held a journalist. " + " ".join(f"Word{n} of the report." for n in range(40))
    for name in ("a.md", "c.md"):
        (folder / name).write_text(f"# A report from Kyiv\n\n{text}\n", encoding="utf-8")
    (folder / "d.bin").write_bytes(bytes(range(256)) * 40)
    return folder


@pytest.fixture(autouse=True)
def _shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small tables be shared, as large ones are."""
    monkeypatch.setattr(workers, "MIN_SHARED_BYTES", 10_000)


def synced(
    folder: Path, corpus: Path, processes: int, engine: str = engines.DEFAULT
) -> tuple[Archive, SyncSummary]:
    """Return a new index of the corpus."""
    archive = Archive.create(folder, engine=engine)
    return archive, archive.sync(corpus, processes=processes)


def let_die(monkeypatch: pytest.MonkeyPatch, name: str, death: str) -> None:
    """Let each process that reads the file of that name die."""
    code = DIES_OF.format(name=name, death=death)
    monkeypatch.setattr(workers, "COMMAND", (sys.executable, "-c", code))


@pytest.mark.parametrize("engine", engines.names())
def test_several_processes_make_the_same_index(tmp_path: Path, corpus: Path, engine: str) -> None:
    """Posts, tags, scores, links, problems and the manifest's files are those of one process."""
    one, summary_of_one = synced(tmp_path / "one", corpus, 1, engine)
    two, summary_of_two = synced(tmp_path / "two", corpus, 2, engine)
    assert summary_of_two.problems == summary_of_one.problems
    assert (summary_of_two.added, summary_of_two.skipped) == (302, summary_of_one.skipped)
    assert two.manifest.files == one.manifest.files
    assert list(two.manifest.files) == list(one.manifest.files)
    of_one, of_two = (
        archive.search("court", limit=400, facets=("country", "theme", "year"))
        for archive in (one, two)
    )
    assert [(hit.post, hit.score) for hit in of_two] == [(hit.post, hit.score) for hit in of_one]
    assert of_two.facets == of_one.facets
    copied = next(iter(one.search("journalist"))).post.id
    assert two.related(copied) == one.related(copied)


def test_what_did_not_change_is_left_alone(tmp_path: Path, corpus: Path) -> None:
    """A second run in several processes adds what is new, and nothing else."""
    archive, _ = synced(tmp_path / "index", corpus, 2)
    (corpus / "e.md").write_text("# News from Lima\n\nA march was held.\n", encoding="utf-8")
    summary = archive.sync(corpus, processes=2)
    assert (summary.added, summary.changed, summary.unchanged) == (1, 0, 302)
    assert archive.search("march").total == 1


def test_a_file_that_kills_its_process_is_named(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything else is indexed, also what the process had read before."""
    let_die(monkeypatch, "c.md", "os.kill(os.getpid(), 9)")
    archive, summary = synced(tmp_path / "index", corpus, 2)
    reasons = {problem.source: problem.reason for problem in summary.problems}
    assert "stopped the process that read it" in reasons["c.md"]
    assert summary.added == archive.stats().posts == 301
    assert manifest.read(tmp_path / "index", archive.manifest.generation).post_count == 301


def test_a_shared_file_is_named_as_a_whole(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a table whose last share kills its process no post is left."""
    let_die(monkeypatch, "b-large.jsonl", "os.abort()")
    archive, summary = synced(tmp_path / "index", corpus, 2)
    reasons = {problem.source: problem.reason for problem in summary.problems}
    assert "stopped the process that read it" in reasons["b-large.jsonl"]
    assert summary.added == archive.stats().posts == 2


# It hands over what it has after each 64 posts, and dies when it has read its share of a table.
DIES_LATE = """
import os
from rights_search.indexing import worker
from rights_search.engines.tantivy.parts import TantivyPart
from rights_search.engines.whoosh.writing import WhooshPart
worker.POSTS_A_MESSAGE = 64
TantivyPart.is_full = WhooshPart.is_full = True
class FileReader(worker.FileReader):
    def read(self, task):
        super().read(task)
        if task.listed.name == "b-large.jsonl" and task.share == 1:
            os.abort()
worker.FileReader = FileReader
worker.run()
"""


@pytest.mark.parametrize("engine", engines.names())
def test_what_was_taken_in_of_a_lost_share_does_not_count(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    """Parts are taken in while a table is read; if it has to be read again, so are they."""
    folder = tmp_path / "index"
    archive = Archive.create(folder, engine=engine)
    archive.sync(corpus / "a.md", processes=1)
    monkeypatch.setattr(workers, "COMMAND", (sys.executable, "-c", DIES_LATE))
    kind: Any = {"whoosh": WhooshWriter, "tantivy": TantivyWriter}[engine]
    join, restart = kind.join, kind.restart
    joined: list[str] = []
    restarts: list[int] = []

    def counted(writer: Any) -> None:
        restarts.append(len(joined))
        restart(writer)

    def noted(writer: Any, part: str) -> None:
        joined.append(part)
        join(writer, part)

    monkeypatch.setattr(kind, "join", noted)
    monkeypatch.setattr(kind, "restart", counted)
    summary = archive.sync(corpus, processes=2, rebuild=True)
    (before,) = restarts
    assert 0 < before < len(joined)
    assert summary.added == archive.stats().posts == 302
    assert archive.search("trial", copies="all").total == 300


def test_a_mistake_of_the_program_is_raised(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no fault of a file; the index stays as it was."""
    let_die(monkeypatch, "c.md", "raise KeyError('oops')")
    archive = Archive.create(tmp_path / "index")
    with pytest.raises(RuntimeError, match="KeyError: 'oops'"):
        archive.sync(corpus, processes=2)
    assert archive.stats().posts == 0


def test_no_process_outlives_its_master() -> None:
    """A process whose input ends before it was told to end stops by itself."""
    worker = subprocess.Popen(workers.COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    out, _ = worker.communicate(timeout=60)
    assert (worker.returncode, out) == (1, b"")


def test_the_number_of_processes() -> None:
    """Little is read by one process; a wish is followed."""
    assert workers.how_many(1000, None) == 1
    assert workers.how_many(1000, 3) == 3
    assert workers.how_many(10**9, None) >= 1
    with pytest.raises(ValueError, match="positive"):
        workers.how_many(1000, 0)
