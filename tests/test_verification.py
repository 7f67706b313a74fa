"""Verifying a whole index: what is right, what is worth a note, and what is damaged."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rights_search import Archive
from rights_search.cli.app import main
from rights_search.engines.whoosh import contents, encoding, writing
from rights_search.engines.whoosh.schema import document, make_schema
from rights_search.indexing import manifest
from rights_search.indexing.verification import verify

TEXT = "# Prison\n\n2014\n\nOn a prison in Cairo, Egypt, and on other prisons.\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a corpus of two posts."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "one.md").write_text(TEXT)
    (folder / "two.md").write_text(TEXT.replace("Prison", "Copy"))
    return folder


@pytest.fixture
def index(tmp_path: Path, corpus: Path) -> Path:
    """Return the index of the corpus."""
    with Archive.create(tmp_path / "index") as archive:
        archive.sync(corpus)
    return tmp_path / "index"


def worst(index: Path) -> list[str]:
    """Return what was found beside what is right, with its level."""
    return [f"{each.level} {each.text}" for each in verify(index) if each.level != "right"]


def test_an_index_that_is_right(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each part has its line, the exit code is 0, and JSON says the same."""
    assert main(["check", "--index", str(index)]) == 0
    lines = capsys.readouterr().out.splitlines()
    parts = "manifest contents checksums postings posts links sources".split()
    assert [line.split()[:2] for line in lines] == [["right", part] for part in parts]
    assert main(["check", "--index", str(index), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["state"] == "right"
    assert [each["part"] for each in record["findings"]] == parts


def test_a_source_that_is_gone_or_changed_is_a_note(
    index: Path, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Answers are right all the same: the exit code is 1, and the file is named."""
    (corpus / "one.md").unlink()
    (corpus / "two.md").write_text("other")
    assert main(["check", "--index", str(index)]) == 1
    shown = capsys.readouterr().out
    assert "one.md is not there (No such file or directory); its post is in the index" in shown
    assert "two.md has changed since it was read" in shown


def test_a_corpus_that_is_gone_is_one_note(index: Path, corpus: Path) -> None:
    """An archive that was moved is not told file by file."""
    corpus.rename(corpus.with_name("elsewhere"))
    (note,) = worst(index)
    assert note.startswith(f"note {corpus} is not there (No such file or directory); the posts")


def test_each_damaged_page_is_found(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where no search would have read it; the exit code is 2."""
    (path,) = index.glob("*.seg")
    honest = path.read_bytes()
    for place in range(0, len(honest), 997):
        path.write_bytes(honest[:place] + bytes([honest[place] ^ 1]) + honest[place + 1 :])
        assert main(["check", "--index", str(index)]) == 2
    assert "its checksum is wrong at the bytes" in capsys.readouterr().out


def test_an_index_without_checksums_is_told_so(index: Path) -> None:
    """What stock Whoosh wrote has none: that is said, and all else is verified."""
    path = index / "_MAIN_1.toc"
    table = contents.from_bytes(path.read_bytes(), 1)
    path.write_bytes(contents.to_bytes(make_schema(), table.segments, 1, {}))
    (note,) = worst(index)
    assert note.startswith("note MAIN_")
    assert note.endswith(".seg has none; a rebuild makes them")


def wrong_columns(patch: pytest.MonkeyPatch) -> None:
    """Write another country into the column than into the postings."""
    honest = document
    patch.setattr(
        writing,
        "document",
        lambda post: replace(made := honest(post), columns={**made.columns, "country": b"FR"}),
    )


def wrong_counts(patch: pytest.MonkeyPatch) -> None:
    """Write each occurrence twice into the weights."""
    honest = encoding.packed_weights
    doubled = lambda weights: honest(weights and [2 * weight for weight in weights])  # noqa: E731
    patch.setattr(encoding, "packed_weights", doubled)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (wrong_columns, "postings and column of country disagree"),
        (wrong_counts, "stands elsewhere than it is counted"),
    ],
)
def test_parts_that_disagree(
    damage: Callable[[pytest.MonkeyPatch], None], said: str, tmp_path: Path, corpus: Path
) -> None:
    """Where checksums are right and the writer was wrong, postings and columns are compared."""
    with pytest.MonkeyPatch.context() as patch, Archive.create(tmp_path / "wrong") as archive:
        damage(patch)
        archive.sync(corpus)
    (found,) = worst(tmp_path / "wrong")
    assert said in found
    assert found.startswith("damaged")


def test_a_manifest_of_other_posts(index: Path) -> None:
    """Posts that are not as the manifest has them are damage, and names that lead outside too."""
    told = manifest.read(index, 1)
    (name, entry), *_ = told.files.items()
    files = {**told.files, name: replace(entry, posts=dict.fromkeys(entry.posts, "0" * 16))}
    manifest.write(index, replace(told, files=files))
    assert any("is not as it was read" in found for found in worst(index))
    outside = {f"../{name}": entry, **{key: files[key] for key in files if key != name}}
    manifest.write(index, replace(told, files=outside))
    assert any("leads out of the corpus" in found for found in worst(index))


def test_no_index_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without an index is damaged as one, and other options do not go with it."""
    assert main(["check", "--index", str(tmp_path)]) == 2
    assert "no index here" in capsys.readouterr().out
    assert main(["check", "--index", str(tmp_path), "corpus/"]) == 2
