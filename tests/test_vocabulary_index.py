"""An index that is tagged with a user's own vocabulary."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rights_search import Archive, IndexUnavailableError, QueryError, ReadError
from rights_search.cli.app import main
from rights_search.vocabulary import file as vocabulary_file
from rights_search.vocabulary import themes
from rights_search.vocabulary.vocabulary import built_in, current

OWN = """
[themes.internet-shutdowns]
label = "Internet shutdowns"
terms.en.strong = ["blackout"]

[groups.fishers]
label = "Fishing communities"
terms.en.strong = ["fisher(folk|men)"]
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a folder with one post, old enough for its time stamp to be trusted."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    path = folder / "a.md"
    path.write_text(
        "---\ntitle: The blackout\n---\n\nIt reached the fishermen.\n", encoding="utf-8"
    )
    os.utime(path, ns=(10**18, 10**18))
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return the file of a vocabulary."""
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


@pytest.mark.parametrize("is_in_memory", [True, False])
def test_posts_are_found_by_it(
    tmp_path: Path, corpus: Path, own: Path, *, is_in_memory: bool
) -> None:
    """Its themes and groups are tags, facets and words of the query language."""
    archive = Archive.create(None if is_in_memory else tmp_path / "index")
    archive.sync(corpus, vocabulary=vocabulary_file.load(own))
    results = archive.search('theme:"Internet shutdowns" group:fishers', facets=("theme",))
    assert results.total == 1
    assert results.facets["theme"]["internet-shutdowns"] == 1
    assert current() is built_in()
    with pytest.raises(QueryError, match="did you mean 'internet-shutdowns'"):
        archive.search("theme:internet-shutdown")


def test_a_file_is_named(corpus: Path, own: Path) -> None:
    """A path or its text will do in the library, too; "default" is ours again."""
    archive = Archive.create(None)
    for vocabulary, tags in ((own, 1), ("default", 0), (str(own), 1)):
        archive.sync(corpus, vocabulary=vocabulary)
        assert archive.stats().facets["group"].get("fishers", 0) == tags
    with pytest.raises(ReadError, match=r"nowhere\.toml: cannot be read"):
        archive.sync(corpus, vocabulary="nowhere.toml")


def test_the_index_remembers_it(tmp_path: Path, corpus: Path, own: Path) -> None:
    """Opened again, and synced again without a word of it, it is the same."""
    with Archive.create(tmp_path / "index") as archive:
        archive.sync(corpus, vocabulary=vocabulary_file.load(own))
    own.unlink()
    with Archive.open(tmp_path / "index") as archive:
        assert archive.sync(corpus).files_read == 0
        assert archive.sync(corpus, rebuild=True).files_read == 1
        assert archive.search("theme:internet-shutdowns").total == 1
        assert themes.resolve("internet-shutdowns") == ()


def test_a_changed_vocabulary_tags_again(tmp_path: Path, corpus: Path, own: Path) -> None:
    """What was tagged with other terms is tagged again, unasked; the same terms do nothing."""
    archive = Archive.create(tmp_path / "index")
    archive.sync(corpus)
    assert archive.search("has:theme").total == 0
    assert archive.sync(corpus, vocabulary=vocabulary_file.load(own)).changed == 1
    assert archive.sync(corpus, vocabulary=vocabulary_file.load(own)).files_read == 0
    own.write_text(OWN.replace('"blackout"', '"no such word"'), encoding="utf-8")
    assert archive.sync(corpus, vocabulary=vocabulary_file.load(own)).changed == 1
    assert archive.search("theme:internet-shutdowns").total == 0
    assert archive.sync(corpus, vocabulary=built_in()).changed == 1
    assert not list((tmp_path / "index").glob("vocabulary-*"))


def test_an_empty_corpus_keeps_it(tmp_path: Path, own: Path) -> None:
    """A vocabulary that was given before there are any posts holds for those to come."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    archive = Archive.create(tmp_path / "index")
    archive.sync(corpus, vocabulary=vocabulary_file.load(own))
    (corpus / "a.txt").write_text("A blackout.", encoding="utf-8")
    archive.sync(corpus)
    assert archive.search("theme:internet-shutdowns").total == 1


@pytest.mark.parametrize("data", [None, b"{", b"{}"])
def test_a_damaged_vocabulary(tmp_path: Path, corpus: Path, own: Path, data: bytes | None) -> None:
    """Gone, broken or exchanged: the index says so, and can be built again."""
    with Archive.create(tmp_path / "index") as archive:
        archive.sync(corpus, vocabulary=vocabulary_file.load(own))
    (path,) = (tmp_path / "index").glob("vocabulary-*.json")
    path.unlink() if data is None else path.write_bytes(data)
    with pytest.raises(IndexUnavailableError, match="rebuild"):
        Archive.open(tmp_path / "index")
    with Archive.open_for_rebuild(tmp_path / "index") as archive:
        archive.sync(corpus, rebuild=True)
        assert archive.search("has:theme").total == 0
    Archive.open(tmp_path / "index").close()


def test_from_the_command_line(
    tmp_path: Path, corpus: Path, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commands take it, show its labels, and say what is wrong with it."""
    index = ("--index", str(tmp_path / "index"))
    assert main(["index", str(corpus), "--themes", str(own), *index]) == 0
    assert main(["query", "theme:internet-shutdowns", "--why", *index]) == 0
    assert "Internet shutdowns" in capsys.readouterr().out
    assert main(["stats", *index]) == 0
    assert "Fishing communities" in capsys.readouterr().out
    assert main(["index", str(corpus), "--themes", "default", *index]) == 0
    assert main(["query", "theme:internet-shutdowns", *index]) == 2
    capsys.readouterr()
    own.write_text("themes = 1", encoding="utf-8")
    assert main(["index", str(corpus), "--themes", str(own), *index]) == 2
    assert capsys.readouterr().err == f"rights-search: {own}: themes must be a table\n"
