"""An index of one engine becomes one of another, whatever happens on the way."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rights_search import Archive, IndexUnavailableError, engines
from rights_search.cli.app import main
from rights_search.errors import MissingExtraError
from rights_search.indexing import manifest

LONG = "Miners on strike. " + " ".join(f"Word{number} of the report." for number in range(40))
POSTS = (
    {"title": "Strike of the miners", "text": LONG, "date": "2012"},
    {"title": "Strike of the miners", "text": LONG, "date": "2012", "source": "elsewhere"},
    {"title": "A verdict in Minsk", "text": "The court of Belarus spoke.", "date": "2014-02-03"},
)

OTHER = {"whoosh": "tantivy", "tantivy": "whoosh"}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a folder of three posts, one a copy of another."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    lines = "".join(f"{json.dumps(record)}\n" for record in POSTS)
    (folder / "posts.jsonl").write_text(lines, encoding="utf-8")
    return folder


def answer(archive: Archive) -> tuple[int, int, object]:
    """Return what a search finds, in numbers."""
    found = archive.search("miner OR court", facets=("country", "year"))
    return found.total, found.collapsed, found.facets


@pytest.mark.parametrize("engine", engines.names())
@pytest.mark.parametrize("in_place", [True, False])
def test_everything_comes_along(tmp_path: Path, corpus: Path, engine: str, in_place: bool) -> None:
    """Posts, copies and files are as before; the next sync reads nothing and adds what is new."""
    place = tmp_path / "index" if in_place else tmp_path / "other"
    with Archive.create(tmp_path / "index", engine=engine) as archive:
        archive.sync(corpus)
        before, files = answer(archive), archive.manifest.files
        posts = {hit.post for hit in archive.search("", copies="all")}
        archive.convert(OTHER[engine], None if in_place else place).close()
    with Archive.open(place) as archive:
        assert archive.engine == OTHER[engine]
        assert answer(archive) == before == (3, 1, before[2])
        assert {hit.post for hit in archive.search("", copies="all")} == posts
        assert archive.manifest.files == files
        assert archive.sync(corpus).files_read == 0
        (corpus / "new.md").write_text("# Miners\n\nMore miners went on strike.\n")
        assert archive.sync(corpus).added == 1
        assert archive.search("miner", copies="all").total == 3
    assert len(list(place.glob("manifest-*.json"))) == 1
    if not in_place:
        with Archive.open(tmp_path / "index") as archive:
            assert answer(archive) == before


DIES = """
import os, sys
from rights_search import Archive, engines
from rights_search.indexing import manifest
Writer = engines.load(sys.argv[2]).writer(engines.load(sys.argv[2]).create(None)).__class__
commit = Writer.commit
def dying(self):
    if self.generation == 1:
        return commit(self)  # Tantivy's empty index is a commit too
    if sys.argv[3] == "after":
        commit(self)
    os._exit(9)
Writer.commit = dying
Archive.open(sys.argv[1]).convert(sys.argv[2])
"""


@pytest.mark.parametrize("engine", engines.names())
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_conversion_that_dies_leaves_the_old_or_the_new(
    tmp_path: Path, corpus: Path, engine: str, moment: str
) -> None:
    """Killed just before or just after its commit, the index answers, and can be synced."""
    index = tmp_path / "index"
    with Archive.create(index, engine=engine) as archive:
        archive.sync(corpus)
        before = answer(archive)
    done = subprocess.run(
        [sys.executable, "-c", DIES, str(index), OTHER[engine], moment], check=False
    )
    assert done.returncode == 9
    with Archive.open(index) as archive:
        assert archive.engine == (engine if moment == "before" else OTHER[engine])
        assert answer(archive) == before
        (corpus / "new.md").write_text("# Miners\n\nMore miners went on strike.\n")
        assert archive.sync(corpus).added == 1
        assert archive.search("miner", copies="all").total == 3


def test_an_index_of_another_engine_is_not_synced_by_mistake(tmp_path: Path, corpus: Path) -> None:
    """The message names the command that converts it."""
    Archive.create(tmp_path / "index", engine="tantivy").close()
    with pytest.raises(IndexUnavailableError, match="--engine whoosh --from"):
        Archive.open_or_create(tmp_path / "index", engine="whoosh")
    assert corpus.exists()


@pytest.mark.parametrize("engine", engines.names())
def test_a_rebuild_may_change_the_engine(tmp_path: Path, corpus: Path, engine: str) -> None:
    """The old index answers until the rebuild commits."""
    index = tmp_path / "index"
    with Archive.create(index, engine=engine) as archive:
        archive.sync(corpus)
    with Archive.open_for_rebuild(index, engine=OTHER[engine]) as rebuilt:
        assert manifest.engine_of(index) == engine
        rebuilt.sync(corpus, rebuild=True)
    assert manifest.engine_of(index) == OTHER[engine]
    with Archive.open(index) as archive:
        assert answer(archive)[0] == 3


def test_the_library_is_named_when_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says what to install, to make such an index or to open one."""
    for name in list(sys.modules):
        if name.startswith("rights_search.engines.tantivy"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tantivy", None)
    with pytest.raises(MissingExtraError, match=r"pip install '\.\[tantivy\]'"):
        Archive.create(tmp_path / "index", engine="tantivy")
    (tmp_path / "other" / "MAIN.tantivy").mkdir(parents=True)
    with pytest.raises(MissingExtraError, match=r"pip install '\.\[tantivy\]'"):
        Archive.open(tmp_path / "other")


def test_the_command_converts(
    tmp_path: Path, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``index --engine --from`` reads no corpus and says what it made."""
    index = str(tmp_path / "index")
    assert main(["index", str(corpus), "--index", index, "--quiet"]) == 0
    assert main(["index", "--engine", "tantivy", "--from", index, "--index", index]) == 0
    assert capsys.readouterr().out == f"3 posts are in {index} now, with the engine tantivy.\n"
    assert main(["query", "miners", "--index", index]) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--engine", "tantivy", "CORPUS"], "CORPUS, or --from"),
        ([], "Which --engine"),
        (["--engine", "whoosh"], "whoosh already"),
        (["--engine", "tantivy", "--rebuild"], "--rebuild needs a CORPUS"),
    ],
)
def test_the_command_says_what_is_wrong(
    tmp_path: Path,
    corpus: Path,
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What makes no sense together is refused, and nothing is changed."""
    index = str(tmp_path / "index")
    main(["index", str(corpus), "--index", index, "--quiet"])
    given = [str(corpus) if word == "CORPUS" else word for word in arguments]
    assert main(["index", "--from", index, "--index", index, *given]) == 2
    assert message in capsys.readouterr().err
    assert manifest.engine_of(Path(index)) == "whoosh"
