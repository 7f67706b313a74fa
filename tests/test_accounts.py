"""What became of files: the same words and counts when they are checked and when indexed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from evaluation.data import SHARED_DATA
from rights_search.__main__ import main
from rights_search.archive import Archive
from rights_search.cli.views.check import Counts
from rights_search.indexing.checking import Checked, check
from rights_search.indexing.sync_results import FileReport, Problem, SyncSummary

BROKEN_WARC = (
    b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 3\r\n\r\na:b\r\n\r\n"
    b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://example.org/a\r\n"
    b"Content-Type: text/html\r\nContent-Length: 9\r\n\r\n<p>Words.\r\n\r\n"
    b"no record begins here\r\n"
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a folder with something of everything that can go wrong."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "good.md").write_text("# A title\n\nSome words.\n")
    (folder / "some.jsonl").write_text('{"title": "T", "text": "Some words."}\n{"title"\n')
    (folder / "bad.json").write_text("{")
    (folder / "picture.png").write_bytes(b"picture")
    (folder / "broken.warc").write_bytes(BROKEN_WARC)
    (tmp_path / "outside.md").write_text("# Outside\n\nSome words.\n")
    (folder / "link.md").symlink_to(tmp_path / "outside.md")
    for name, members in (("some.zip", ("a.md", "b.json", "c.json")), ("none.zip", ("b.json",))):
        with zipfile.ZipFile(folder / name, "w") as archive:
            for member in members:
                archive.writestr(member, "{" if member.endswith("json") else "# T\n\nWords.\n")
    return folder


def checked(folder: Path) -> tuple[Counts, list[Checked]]:
    """Return how a folder is read, and the counts."""
    counts = Counts()
    return counts, list(counts.counted(check(folder)))


def synced(archive: Archive, folder: Path) -> tuple[SyncSummary, dict[str, FileReport]]:
    """Return what a sync did, and its report by path."""
    found: list[FileReport] = []
    summary = archive.sync(folder, report=found.append)
    return summary, {item.path: item for item in found}


def test_check_and_index_count_alike(corpus: Path) -> None:
    """Posts, records, files and members: what one says of a corpus the other says too."""
    assert_alike(corpus)


def test_a_damaged_web_archive_is_told_alike() -> None:
    """Real web archives that are broken on purpose."""
    if not (SHARED_DATA / "warc").is_dir():
        pytest.skip("not here: warc")
    assert_alike(SHARED_DATA / "warc")


def assert_alike(folder: Path) -> None:
    """Fail unless both commands give the same problems and counts."""
    counts, items = checked(folder)
    summary, _ = synced(Archive.create(None), folder)
    told = [item for item in items if isinstance(item, Problem)]
    assert sorted(map(repr, told)) == sorted(map(repr, summary.problems))
    tally = counts.tally
    assert (tally.skipped, tally.files_skipped, tally.files_failed, tally.members_failed) == (
        summary.skipped,
        summary.files_skipped,
        summary.failed,
        summary.members_failed,
    )
    assert counts.posts == summary.added


def test_files_and_members_are_counted_apart(corpus: Path) -> None:
    """An archive of which a member is broken is no broken file; one without a post is."""
    summary, reports = synced(Archive.create(None), corpus)
    assert {path: (item.fate, item.posts) for path, item in reports.items()} == {
        "bad.json": ("failed", 0),
        "broken.warc": ("added", 1),
        "good.md": ("added", 1),
        "link.md": ("skipped", 0),
        "none.zip": ("failed", 0),
        "picture.png": ("skipped", 0),
        "some.jsonl": ("added", 1),
        "some.zip": ("added", 1),
    }
    assert (summary.failed, summary.members_failed, summary.files_skipped) == (2, 3, 2)
    assert summary.skipped == 3


def test_a_second_run_says_the_same(corpus: Path) -> None:
    """What did not change is counted as before, and no file without posts is called kept."""
    archive = Archive.create(None)
    first, reports = synced(archive, corpus)
    second, again = synced(archive, corpus)
    counts = ("skipped", "failed", "files_skipped", "members_failed", "problems")
    for name in counts[:-1]:
        assert getattr(first, name) == getattr(second, name)
    assert sorted(map(str, first.problems)) == sorted(map(str, second.problems))
    without = {path: item.fate for path, item in reports.items() if not item.posts}
    assert {path: again[path].fate for path in without} == without


def test_every_file_without_posts_has_a_reason(corpus: Path) -> None:
    """Nothing is lost silently."""
    (corpus / "empty.txt").write_text("")
    (corpus / "rows.csv").write_text("title,text\n")
    (corpus / "blank.md").write_text("\n\n")
    _, reports = synced(Archive.create(None), corpus)
    assert [path for path, item in reports.items() if not item.posts and not item.problems] == []


def test_links_are_followed_when_asked(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both commands know the option; without it the posts that came so go again."""
    index = str(tmp_path / "index")
    assert main(["index", str(corpus), "--index", index, "--follow-links"]) == 0
    assert "5 posts in" in capsys.readouterr().out
    assert main(["index", str(corpus), "--index", index]) == 0
    done = capsys.readouterr()
    assert "1 removed" in done.out
    assert "link.md: a link that leads out of the folder; --follow-links reads it" in done.err
    assert main(["check", str(corpus / "link.md"), str(corpus), "--follow-links", "--jsonl"]) == 3
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["place"] for record in records if record["kind"] == "skipped"] != []
    assert not any("link.md" in record.get("place", "") for record in records)


def test_unclear_dates_name_the_setting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """03.04.2019 is a year until somebody says how the source writes dates; each view says so."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    text = "A journalist is freed\n\n{}\n\nHe was freed after two years in prison.\n"
    (corpus / "a.txt").write_text(text.format("03.04.2019"))
    (corpus / "b.txt").write_text(text.format("23.04.2019"))
    archive = Archive.create(None)
    hint = "1 post has a date such as 03.04.2019, of which only the year is certain: set day-first"
    for _ in range(2):
        summary, reports = synced(archive, corpus)
        assert summary.unclear_dates == 1
        assert reports["a.txt"].hints[0].startswith(hint)
        assert reports["b.txt"].hints == ()
    assert main(["check", str(corpus)]) == 0
    assert capsys.readouterr().out.replace("\n", " ").count("set day-first") == 1
    assert main(["index", str(corpus), "--index", str(tmp_path / "index")]) == 0
    assert "dates: 1 post has a date such as 03.04.2019" in capsys.readouterr().out
    (corpus / ".rights-search.toml").write_text("day-first = true\n")
    summary, reports = synced(archive, corpus)
    assert (summary.unclear_dates, reports["a.txt"].hints) == (0, ())


def test_books_that_do_not_balance_end_the_run(
    monkeypatch: pytest.MonkeyPatch, corpus: Path
) -> None:
    """A post that was counted and is nowhere, or the reverse, is a fault of ours: it is said."""
    from rights_search.indexing.sync import Sync  # noqa: PLC0415

    monkeypatch.setattr(Sync, "_count", lambda *_: None)
    archive = Archive.create(None)
    with pytest.raises(AssertionError, match="0 posts were counted where files hold 4"):
        archive.sync(corpus)
    assert archive.search("").total == 0
