"""What a change of settings, of a vocabulary or of the program brings up to date."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rights_search import Archive, ReadError, ingest, tagging
from rights_search.indexing import manifest, versions
from rights_search.ingest.settings import FILE_NAME, NONE

LONG_AGO_NS = 1_500_000_000_000_000_000


@pytest.fixture(autouse=True)
def _fresh_state() -> Iterator[None]:
    """Let each test, and those after it, compute the state of the program."""
    versions.program_state.cache_clear()
    yield
    versions.program_state.cache_clear()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a folder with a post in each of three folders, and labels on all."""
    folder = tmp_path / "corpus"
    for name in ("a/x.jsonl", "b/y.jsonl", "b/deep/z.jsonl"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        record = {"id": name, "title": f"Post {name}", "text": "Some words.", "tags": ["Dispatch"]}
        path.write_text(json.dumps(record), encoding="utf-8")
        os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))
    return folder


@pytest.fixture
def archive(tmp_path: Path, corpus: Path) -> Archive:
    """Return an archive that is in step with the corpus."""
    archive = Archive.create(tmp_path / "index")
    archive.sync(corpus)
    return archive


def settle(archive: Archive, corpus: Path) -> None:
    """Check that nothing is left to do, and nothing is written for it."""
    generation = archive.manifest.generation
    summary = archive.sync(corpus)
    assert (summary.files_read, summary.unchanged) == (0, 3)
    assert archive.manifest.generation == generation


def themes_of(archive: Archive, path: str) -> list[str]:
    """Return the themes of the post of one file."""
    (post,) = [hit.post for hit in archive.search() if hit.post.provenance.path == path]
    return [tag.value for tag in post.themes]


def test_new_settings_read_what_lies_below_them_again(archive: Archive, corpus: Path) -> None:
    """A file's posts follow the settings of its folder, and no other file is touched."""
    settings = corpus / "b" / FILE_NAME
    settings.write_text('language = "es"\n[themes]\ndispatch = "torture"\n')
    summary = archive.sync(corpus)
    assert (summary.files_read, summary.files_renewed, summary.changed) == (2, 2, 2)
    assert themes_of(archive, "b/deep/z.jsonl") == ["torture"]
    assert themes_of(archive, "a/x.jsonl") == []
    settle(archive, corpus)
    settings.write_text('# the same\nlanguage = "Spanish"\n\n[themes]\n"Dispatch" = ["torture"]\n')
    settle(archive, corpus)
    settings.unlink()
    assert archive.sync(corpus).files_renewed == 2
    assert themes_of(archive, "b/y.jsonl") == []
    settle(archive, corpus)


def test_a_label_can_mean_nothing(archive: Archive, corpus: Path) -> None:
    """A map takes a meaning away that the vocabulary gives a label; the tag says who said so."""
    for label, expected in (("Torture", ["torture"]), ("torture and more", ["torture"])):
        record = {"id": 1, "title": "T", "text": "Some words.", "tags": [label]}
        (corpus / "a" / "x.jsonl").write_text(json.dumps(record), encoding="utf-8")
        (corpus / "a" / FILE_NAME).write_text('[themes]\n"Torture and more" = "torture"\n')
        archive.sync(corpus)
        assert themes_of(archive, "a/x.jsonl") == expected
    (post,) = [hit.post for hit in archive.search("T") if hit.post.provenance.path == "a/x.jsonl"]
    assert [reason.rule for reason in post.themes[0].evidence] == ["mapped label"]
    (corpus / "a" / FILE_NAME).write_text('[themes]\n"Torture and more" = []\n')
    archive.sync(corpus)
    assert themes_of(archive, "a/x.jsonl") == []


def test_what_is_ignored_leaves_the_index(archive: Archive, corpus: Path) -> None:
    """Ignoring a folder takes its posts out and reads nothing; and back again."""
    (corpus / FILE_NAME).write_text('ignore = ["deep/"]\n')
    summary = archive.sync(corpus)
    assert (summary.files_read, summary.removed, summary.unchanged) == (0, 1, 2)
    assert "ignored by" in summary.problems[0].reason
    (corpus / FILE_NAME).unlink()
    assert archive.sync(corpus).added == 1


@pytest.mark.parametrize("part", [ingest, tagging])
def test_a_new_version_reads_every_file_again(
    archive: Archive, corpus: Path, monkeypatch: pytest.MonkeyPatch, part: object
) -> None:
    """A program that reads or tags otherwise brings the index up to date by itself, once."""
    monkeypatch.setattr(part, "VERSION", 999)
    versions.program_state.cache_clear()
    summary = archive.sync(corpus)
    assert (summary.files_renewed, summary.unchanged) == (3, 3)
    settle(archive, corpus)


def test_another_vocabulary_is_another_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every data file counts, but for those that only queries use."""
    monkeypatch.setattr(versions, "_DATA", tmp_path)
    states = []
    for name in ("themes.json", "new_words.tsv", "aliases.json", "alias_triggers.tsv"):
        (tmp_path / name).write_text("1")
        versions.program_state.cache_clear()
        states.append(versions.state_of(NONE))
    assert len(set(states)) == 2
    assert states[1] == states[2] == states[3]


def test_an_index_of_before_states_is_brought_up_to_date(
    archive: Archive, corpus: Path, tmp_path: Path
) -> None:
    """A manifest that does not say how its files were read is readable, and they are read."""
    path = manifest.path_of(tmp_path / "index", archive.manifest.generation)
    head, files = map(json.loads, path.read_text().splitlines())
    record = head | {"files": files}  # it was one line
    del record["checksum"]  # nor had it one
    for entry in record["files"].values():
        del entry["state"]
    path.write_text(json.dumps(record))
    assert archive.sync(corpus).files_renewed == 3
    settle(archive, corpus)


def test_a_folder_with_broken_settings_keeps_its_posts(archive: Archive, corpus: Path) -> None:
    """Its posts are not read otherwise than meant, and not lost; the others go on."""
    (corpus / "b" / FILE_NAME).write_text("contry = 'PE'\n")
    (corpus / "b" / "y.jsonl").write_text('{"title": "New", "text": "Text."}')
    (corpus / "a" / "x.jsonl").unlink()
    for removed in (1, 0):
        summary = archive.sync(corpus)
        assert (summary.removed, summary.unchanged, summary.failed) == (removed, 2, 1)
        assert summary.problems[0].source == f"b/{FILE_NAME}"
    (corpus / "b" / FILE_NAME).write_text("country = 'PE'\n")
    assert archive.sync(corpus).files_read == 2


def test_broken_settings_of_the_whole_corpus_stop_the_run(archive: Archive, corpus: Path) -> None:
    """Where nothing can be read as meant, the run is an error and the index stays."""
    (corpus / FILE_NAME).write_text("contry = 'PE'\n")
    generation = archive.manifest.generation
    with pytest.raises(ReadError, match=r"there is no key 'contry'"):
        archive.sync(corpus)
    assert archive.manifest.generation == generation
    with pytest.raises(ReadError):
        archive.sync(corpus, rebuild=True)
    assert archive.search().total == 3


OWN_THEMES = """\
extends = false
[themes.wells]
label = "Wells"
terms.en.strong = ["well"]
"""


def test_a_corpus_can_name_its_vocabulary(archive: Archive, corpus: Path) -> None:
    """Its themes and the map of its labels are those of the file that its settings name."""
    (corpus / "themes.toml").write_text(OWN_THEMES)
    (corpus / FILE_NAME).write_text("themes-file = 'themes.toml'\n[themes]\nDispatch = 'wells'\n")
    summary = archive.sync(corpus)
    assert (summary.files_renewed, summary.failed) == (3, 0)
    assert themes_of(archive, "a/x.jsonl") == ["wells"]
    settle(archive, corpus)
    (corpus / "themes.toml").write_text(OWN_THEMES.replace('"well"', '"well", "words"'))
    assert archive.sync(corpus).files_renewed == 3
    settle(archive, corpus)


def test_a_vocabulary_is_for_the_whole_corpus(archive: Archive, corpus: Path) -> None:
    """A folder inside cannot have one of its own: a facet means the same in all posts."""
    (corpus / "b" / "themes.toml").write_text(OWN_THEMES)
    (corpus / "b" / FILE_NAME).write_text("\nthemes-file = 'themes.toml'\n")
    summary = archive.sync(corpus)
    assert (summary.failed, summary.unchanged) == (1, 3)
    assert summary.problems[0].line == 2
    assert "an index has one vocabulary" in summary.problems[0].reason


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("none.toml", "", "none.toml: cannot be read: No such file"),
        ("bad.toml", "[themes", "bad.toml: is no valid TOML"),
        (
            "dots.toml",
            "a." * 9000 + "b = 1",
            "dots.toml: is no valid TOML: too many dots in its lines",
        ),
        ("link/x.toml", "", "leads out of the folder"),
    ],
)
def test_a_vocabulary_that_cannot_be_used_stops_the_run(
    archive: Archive, corpus: Path, name: str, text: str, message: str
) -> None:
    """Nothing is tagged with another vocabulary than the one that was meant."""
    (corpus / "link").symlink_to(corpus.parent)
    if text:
        (corpus / name).write_text(text)
    (corpus / FILE_NAME).write_text(f"themes-file = '{name}'\n")
    with pytest.raises(ReadError, match=message):
        archive.sync(corpus)
    assert archive.search().total == 3
