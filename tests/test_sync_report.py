"""The fate of each file of a corpus, and the books that must balance."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from zipfile import ZipFile

import pytest

from rights_search import Archive, IndexUnavailableError, RightsSearchError, ingest
from rights_search.cli.app import main
from rights_search.engines.whoosh.snapshots import WhooshSnapshot
from rights_search.indexing import manifest, versions
from rights_search.indexing.checking import check
from rights_search.indexing.sync_results import FileReport, Problem
from rights_search.ingest.settings import FILE_NAME
from rights_search.ingest.source import Source
from rights_search.open_index import OpenIndex
from rights_search.post import Post
from rights_search.tagging import TAGGERS
from rights_search.tagging.language import tag_language


@pytest.fixture(autouse=True)
def _fresh_state() -> Iterator[None]:
    """Let each test, and those after it, compute the state of the program."""
    versions.program_state.cache_clear()
    yield
    versions.program_state.cache_clear()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a folder with good, broken, unreadable and foreign files."""
    folder = tmp_path / "corpus"
    (folder / "in").mkdir(parents=True)
    (folder / "good.md").write_text("# A title\n\nSome words.\n")
    (folder / "in" / "some.jsonl").write_text('{"title": "T", "text": "Words."}\n{"title": \n')
    (folder / "bad.json").write_text('{"title": ')
    (folder / "picture.png").write_bytes(b"\x89PNG")
    with ZipFile(folder / "two.zip", "w") as archive:
        archive.writestr("a.md", "# In a ZIP\n\nSome words.\n")
        archive.writestr("b.json", '{"title": ')
    return folder


def reports(archive: Archive, corpus: Path) -> dict[str, FileReport]:
    """Return what a sync reports, by path."""
    found: list[FileReport] = []
    archive.sync(corpus, report=found.append)
    assert [item.path for item in found] == sorted(item.path for item in found)
    return {item.path: item for item in found}


def test_each_file_has_one_fate(tmp_path: Path, corpus: Path) -> None:
    """New, kept, changed, renewed, removed, skipped and failed files are told apart."""
    archive = Archive.create(tmp_path / "index")
    first = reports(archive, corpus)
    assert {path: (item.fate, item.posts) for path, item in first.items()} == {
        "bad.json": ("failed", 0),
        "good.md": ("added", 1),
        "in/some.jsonl": ("added", 1),
        "picture.png": ("skipped", 0),
        "two.zip": ("added", 1),
    }
    assert first["in/some.jsonl"].readers == ("jsonl",)
    assert first["two.zip"].readers == ("markdown",)
    assert [(p.source, p.line) for p in first["in/some.jsonl"].problems] == [("in/some.jsonl", 2)]
    assert [problem.source for problem in first["two.zip"].problems] == ["two.zip!/b.json"]
    assert len(first["good.md"].sha256) == 64

    (corpus / "good.md").write_text("# Another title\n\nSome words.\n")
    (corpus / "in" / FILE_NAME).write_text("language = 'es'\n")
    (corpus / "two.zip").unlink()
    second = reports(archive, corpus)
    assert {path: item.fate for path, item in second.items()} == {
        "bad.json": "failed",
        "good.md": "changed",
        "in/some.jsonl": "renewed",
        "picture.png": "skipped",
        "two.zip": "removed",
    }
    third = reports(archive, corpus)
    assert {item.fate for item in third.values()} == {"kept", "skipped", "failed"}
    [problem] = second["in/some.jsonl"].problems
    kept = replace_fate(second["in/some.jsonl"], "kept")
    assert third["in/some.jsonl"] == replace(kept, problems=(replace(problem, is_known=True),))


def replace_fate(item: FileReport, fate: str) -> FileReport:
    """Return the report with another fate."""
    return FileReport(item.path, fate, item.sha256, item.readers, item.posts, item.problems)  # type: ignore[arg-type]


def test_posts_of_a_failed_file_are_still_counted(tmp_path: Path, corpus: Path) -> None:
    """A file that can no longer be read has failed, and its posts are there."""
    archive = Archive.create(tmp_path / "index")
    archive.sync(corpus)
    (corpus / "good.md").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(90))
    item = reports(archive, corpus)["good.md"]
    assert (item.fate, item.posts, item.sha256) == ("failed", 1, "")


def test_a_name_that_looks_like_a_member_is_a_file(tmp_path: Path) -> None:
    """A folder called "a!" is no archive."""
    folder = tmp_path / "corpus" / "a!"
    folder.mkdir(parents=True)
    (folder / "x.json").write_text("{")
    assert set(reports(Archive.create(None), tmp_path / "corpus")) == {"a!/x.json"}


def test_the_command_writes_a_line_for_each_file(tmp_path: Path, corpus: Path) -> None:
    """The report is JSON Lines for its owner only, and replaces the one before."""
    target = tmp_path / "fates.jsonl"
    arguments = ["index", str(corpus), "--index", str(tmp_path / "index"), "--quiet"]
    for fate in ("added", "kept"):
        assert main([*arguments, "--report", str(target)]) == 0
        records = [json.loads(line) for line in target.read_text().splitlines()]
        assert [record["path"] for record in records] == sorted(
            ["bad.json", "good.md", "in/some.jsonl", "picture.png", "two.zip"]
        )
        assert records[1]["fate"] == fate
        assert set(records[1]) == {"path", "fate", "sha256", "readers", "posts", "skipped", "hints"}
        assert records[2]["skipped"][0]["line"] == 2
        assert {problem["known"] for record in records for problem in record["skipped"]} == {
            fate == "kept"
        }
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "fates.jsonl", "index"]


def test_a_report_inside_the_corpus_is_refused(
    tmp_path: Path, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would be read as posts by the next run; nothing is indexed."""
    target = corpus / "in" / "fates.jsonl"
    arguments = ["index", str(corpus), "--index", str(tmp_path / "i")]
    assert main([*arguments, "--report", str(target)]) == 2
    assert "must not lie in CORPUS" in capsys.readouterr().err
    assert not (tmp_path / "i").exists()


def test_a_report_that_cannot_be_written_is_told_before_the_work(
    tmp_path: Path, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody indexes for an hour to learn that a folder does not exist."""
    target = tmp_path / "nowhere" / "fates.jsonl"
    arguments = ["index", str(corpus), "--index", str(tmp_path / "i")]
    assert main([*arguments, "--report", str(target)]) == 2
    assert "No such file or directory" in capsys.readouterr().err
    assert not (tmp_path / "i").exists()


def test_a_mistake_of_a_reader_is_one_file_s(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who knows one keeps a file from being read, and no corpus; what came before it is there."""
    real = ingest.read_file

    def fails(source: Source) -> Iterator[object]:
        yield from real(source)
        if source.name == "good.md":
            raise OverflowError("date value\nout of range")

    monkeypatch.setattr("rights_search.indexing.file_reading.read_file", fails)
    with Archive.create(tmp_path / "index") as archive:
        found = reports(archive, corpus)
        (problem,) = found["good.md"].problems
        assert problem.reason == (
            "this program made a mistake in reading it "
            "(OverflowError: date value out of range); please report it"
        )
        assert problem.is_failure
        assert found["in/some.jsonl"].posts == found["good.md"].posts == 1
        assert archive.search("title")


MISTAKES = {
    "tagging": "",
    "digest": "rights_search.indexing.file_reading.digest",
    "fingerprint": "rights_search.links.gathering.fingerprint",
    "thread": "rights_search.links.gathering.thread_of",
}


@pytest.mark.parametrize("place", MISTAKES)
def test_a_mistake_over_a_post_is_one_file_s(
    place: str, tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a batch, the posts of all other files are there, each once, with their links."""
    (corpus / "twice.md").write_text("# A title\n\nSome words.\n")

    def fail(post: Post, real: Callable[..., object], *more: object) -> object:
        if post.provenance.path == "good.md":
            raise RecursionError("too\ndeep")
        return real(post, *more)

    if place == "tagging":
        monkeypatch.setitem(TAGGERS, "language", lambda post: fail(post, tag_language))
    else:
        module, _, name = MISTAKES[place].rpartition(".")
        real = getattr(import_module(module), name)
        monkeypatch.setattr(module + "." + name, lambda post, *more: fail(post, real, *more))
    with Archive.create(tmp_path / "index") as archive:
        found = reports(archive, corpus)
        (problem,) = found["good.md"].problems
        assert re.fullmatch(
            r"this program made a mistake over its post [0-9a-f]+ "
            r"\(RecursionError: too deep\); please report it",
            problem.reason,
        )
        assert problem.is_failure
        assert found["good.md"].posts == 0
        assert found["in/some.jsonl"].posts == found["twice.md"].posts == 1
        assert [hit.post.provenance.path for hit in archive.search("title")] == ["twice.md"]
    told = [item for item in check(corpus) if isinstance(item, Problem)]
    assert (problem in told) == (place == "tagging")


def test_a_mistake_in_writing_ends_the_run_in_a_line(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is half written is nothing, and the files are named."""
    with Archive.create(tmp_path / "index") as archive:
        archive.sync(corpus)
        (corpus / "good.md").write_text("# Another title\n\nOther words.\n")

        def fail(*_: object) -> None:
            raise KeyError("no\nsuch")

        monkeypatch.setattr("rights_search.engines.whoosh.writing.WhooshPart.add", fail)
        reason = "^good.md: this program made a mistake in writing what was read .KeyError: "
        with pytest.raises(RightsSearchError, match=reason) as caught:
            archive.sync(corpus)
        assert "\n" not in str(caught.value)
        assert archive.search("words")
        assert not archive.search("another")


def test_two_posts_of_one_id_stop_the_run(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A post that another one hides is a bug, and never a post less in the index."""
    real = ingest.read_file

    def twice(source: object) -> Iterator[object]:
        for item in real(source):  # type: ignore[arg-type]
            yield item
            yield item

    archive = Archive.create(tmp_path / "index")
    archive.sync(corpus)
    (corpus / "good.md").write_text("# Another title\n\nSome words.\n")
    with monkeypatch.context() as patch:
        patch.setattr("rights_search.indexing.file_reading.read_file", twice)
        with pytest.raises(AssertionError, match=r"good.md: of 2 posts some have one id"):
            archive.sync(corpus)
    assert [hit.post.title for hit in archive.search("title")] == ["A title"]


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_files_whose_posts_were_made_to_share_an_identifier(tmp_path: Path, engine: str) -> None:
    """Of two posts of one identifier a search lost one: the file that comes second is named."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()

    def write(name: str, key: str, word: str) -> None:
        record = {"id": key, "title": f"Of a {word}", "text": f"The {word} was there."}
        (corpus / name).write_text(json.dumps(record))

    # Found among 36 million numbers, which took 25 seconds: both are 25ac379bd6f4.
    write("b.json", "6102815", "mountain")
    with Archive.create(tmp_path / "index", engine=engine) as archive:
        archive.sync(corpus)
        write("a.json", "21381482", "river")
        write("c.json", "1", "valley")
        found = reports(archive, corpus)
        assert {name: item.fate for name, item in found.items()} == {
            "a.json": "failed",
            "b.json": "kept",
            "c.json": "added",
        }
        (problem,) = found["a.json"].problems
        assert problem.reason.startswith(
            "its post 25ac379bd6f4 has the identifier of one in b.json"
        )
        assert [hit.post.title for hit in archive.search("mountain")] == ["Of a mountain"]
        assert not archive.search("river")
        (corpus / "a.json").rename(corpus / "d.json")
        assert reports(archive, corpus)["d.json"].fate == "added"
        assert archive.search("river")
        assert archive.search("mountain")


def test_an_index_that_holds_two_posts_of_one_identifier_is_told(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an older version has taken in cannot be told apart: a rebuild names the file."""
    with Archive.create(tmp_path / "index") as archive:
        archive.sync(corpus)
        files = dict(archive.manifest.files)
        twin = replace(files["in/some.jsonl"], posts=files["good.md"].posts)
        known = replace(archive.manifest, files={**files, "in/some.jsonl": twin})
        monkeypatch.setattr(OpenIndex, "manifest", lambda _: known)
        (corpus / "new.md").write_text("# A new title\n\nSome words.\n")
        with pytest.raises(IndexUnavailableError, match=r"in/some.jsonl: its post .* in good.md"):
            archive.sync(corpus)


def test_an_index_that_lost_a_post_is_told(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a run the index must hold as many posts as its files gave."""
    archive = Archive.create(tmp_path / "index")
    with monkeypatch.context() as patch:
        patch.setattr(WhooshSnapshot, "post_count", lambda _: 2)
        with pytest.raises(IndexUnavailableError, match="holds 2 posts where its files gave 3"):
            archive.sync(corpus)
    assert manifest.read(tmp_path / "index", archive.manifest.generation).post_count == 3
