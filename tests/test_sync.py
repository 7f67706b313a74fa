"""Syncing an index with a folder: what is read, what changes, what stays."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from rights_search import Archive, IndexUnavailableError, Progress, RightsSearchError, engines
from rights_search.engines.whoosh import contents
from rights_search.engines.whoosh.schema import make_schema
from rights_search.engines.whoosh.writing import WhooshWriter
from rights_search.index_files import has_index
from rights_search.indexing import manifest, sync_plan
from rights_search.indexing.verification import verify

LONG_AGO_NS = 1_500_000_000_000_000_000


def put(folder: Path, name: str, title: str, text: str = "Some words about prison.") -> Path:
    """Write a post and make it look old, so that its time stamp can be trusted."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\ntitle: {title}\ndate: 2014-02-05\n---\n\n{text}\n", encoding="utf-8")
    age(path)
    return path


def age(path: Path, ns: int = LONG_AGO_NS) -> None:
    """Set a file's time of change."""
    os.utime(path, ns=(ns, ns))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a folder with three posts."""
    folder = tmp_path / "corpus"
    for name in ("a.md", "b.md", "inner/c.md"):
        put(folder, name, f"Post {name[-4]}")
    return folder


@pytest.fixture
def archive(tmp_path: Path, corpus: Path) -> Archive:
    """Return an archive that is in step with the corpus."""
    archive = Archive.create(tmp_path / "index")
    archive.sync(corpus)
    return archive


def names(folder: Path) -> set[str]:
    """Return the names of the files in a folder."""
    return {path.name for path in folder.iterdir()}


def titles(archive: Archive, query: str = "") -> list[str]:
    """Return the titles that a query finds, sorted."""
    return sorted(hit.post.title for hit in archive.search(query, limit=100))


def test_the_first_sync_adds_everything(tmp_path: Path, corpus: Path) -> None:
    """Each file is read and each post can be found."""
    with Archive.create(tmp_path / "index") as archive:
        summary = archive.sync(corpus)
        assert (summary.added, summary.files, summary.files_read) == (3, 3, 3)
        assert (summary.changed, summary.removed, summary.unchanged) == (0, 0, 0)
        assert summary.problems == ()
        assert titles(archive) == ["Post a", "Post b", "Post c"]


def test_an_empty_index_can_be_searched() -> None:
    """Every kind of query finds nothing, and no facet has a value."""
    with Archive.create(None) as archive:
        for query in ("", "word", '"two words"~3', "pre*", "fuz~", "country:RU", "NOT word"):
            results = archive.search(query, facets=("country", "year"))
            assert (results.total, results.hits) == (0, ())
            assert results.facets == {"country": {}, "year": {}}
        assert archive.stats().posts == 0


def test_nothing_changed_means_nothing_read_and_nothing_written(
    archive: Archive, corpus: Path, tmp_path: Path
) -> None:
    """A second sync opens no file of the corpus and writes none in the index."""
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "index").iterdir()}
    for path in corpus.rglob("*.md"):
        content = path.read_bytes()
        path.write_bytes(b"x" * len(content))  # would be noticed if it were read
        age(path)
    summary = archive.sync(corpus)
    assert (summary.unchanged, summary.files_read) == (3, 0)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "index").iterdir()} == before


def test_a_changed_file_is_replaced(archive: Archive, corpus: Path) -> None:
    """The old post goes and the new one comes, in one commit."""
    generation = archive.manifest.generation
    put(corpus, "b.md", "Post b, second edition")
    age(corpus / "b.md", LONG_AGO_NS + 10**9)
    summary = archive.sync(corpus)
    assert summary.files_read == 1
    assert summary.added + summary.changed == 1
    assert titles(archive) == ["Post a", "Post b, second edition", "Post c"]
    assert archive.manifest.generation == generation + 1


def test_a_post_with_the_same_key_is_changed_not_added(archive: Archive, corpus: Path) -> None:
    """New words under the same title and date are a change of the same post."""
    path = corpus / "feed.jsonl"
    path.write_text(json.dumps({"id": "one", "title": "T", "text": "First words."}) + "\n")
    archive.sync(corpus)
    path.write_text(json.dumps({"id": "one", "title": "T", "text": "Other words."}) + "\n")
    summary = archive.sync(corpus)
    assert (summary.added, summary.changed, summary.removed, summary.unchanged) == (0, 1, 0, 3)
    assert titles(archive, "other") == ["T"]
    assert titles(archive, "first") == []


def test_a_touched_file_is_not_indexed_again(archive: Archive, corpus: Path) -> None:
    """A new time stamp on the same bytes changes nothing but the manifest."""
    age(corpus / "a.md", LONG_AGO_NS + 10**9)
    summary = archive.sync(corpus)
    assert (summary.files_read, summary.unchanged) == (0, 3)
    assert titles(archive) == ["Post a", "Post b", "Post c"]


def test_a_change_within_one_tick_of_the_clock_is_seen(tmp_path: Path) -> None:
    """A file that changed just before it was read is looked at again."""
    folder = tmp_path / "corpus"
    path = put(folder, "a.md", "Before")
    os.utime(path)
    stamp = path.stat().st_mtime_ns
    archive = Archive.create(tmp_path / "index")
    archive.sync(folder)
    put(folder, "a.md", "Behind")
    age(path, stamp)
    archive.sync(folder)
    assert titles(archive) == ["Behind"]


def test_a_vanished_file_takes_its_posts_along(archive: Archive, corpus: Path) -> None:
    """Posts of a removed file are removed and counted."""
    (corpus / "inner" / "c.md").unlink()
    summary = archive.sync(corpus)
    assert (summary.removed, summary.files_removed, summary.unchanged) == (1, 1, 2)
    assert titles(archive) == ["Post a", "Post b"]


def test_a_file_that_can_no_longer_be_read_keeps_its_posts(archive: Archive, corpus: Path) -> None:
    """What was read before stays, and the summary says so; a mended file is read again."""
    (corpus / "a.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(500))
    summary = archive.sync(corpus)
    assert summary.failed == 1
    assert [problem.source for problem in summary.problems] == ["a.md"]
    assert "its 1 posts are kept as they were read before" in summary.problems[0].reason
    assert titles(archive) == ["Post a", "Post b", "Post c"]
    put(corpus, "a.md", "Post a, mended")
    archive.sync(corpus)
    assert titles(archive) == ["Post a, mended", "Post b", "Post c"]


def test_a_bad_file_does_not_stop_the_rest(tmp_path: Path, corpus: Path) -> None:
    """Every good post is found; the bad file is named with its reason, each time."""
    (corpus / "bad.json").write_text('{"title": ')
    archive = Archive.create(tmp_path / "index")
    (corpus / "README.md").write_text("About this folder.\n")
    for is_known in (False, True):
        summary = archive.sync(corpus)
        said = {problem.source: problem.is_known for problem in summary.problems}
        assert said == {"bad.json": is_known, "README.md": is_known}
        assert summary.failed == 1
    assert titles(archive) == ["Post a", "Post b", "Post c"]


def test_posts_in_are_posts_indexed_and_posts_skipped(tmp_path: Path) -> None:
    """Of ten records with one broken, nine are found and the tenth is named by line."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    lines = [json.dumps({"id": n, "title": f"T{n}", "text": "Words."}) for n in range(10)]
    lines[6] = lines[6][:-5]
    (folder / "feed.jsonl").write_text("\n".join(lines) + "\n")
    archive = Archive.create(tmp_path / "index")
    summary = archive.sync(folder)
    assert (summary.added, summary.skipped) == (9, 1)
    assert (summary.problems[0].source, summary.problems[0].line) == ("feed.jsonl", 7)


def test_rebuild_reads_everything_anew(archive: Archive, corpus: Path) -> None:
    """A rebuild gives the same posts and forgets nothing."""
    summary = archive.sync(corpus, rebuild=True)
    assert (summary.added, summary.files_read) == (3, 3)
    assert titles(archive) == ["Post a", "Post b", "Post c"]


def test_another_corpus_is_refused(archive: Archive, tmp_path: Path) -> None:
    """Syncing with another folder would remove every post: it must be asked for."""
    other = tmp_path / "other"
    put(other, "z.md", "Post z")
    with pytest.raises(IndexUnavailableError, match=r"was built from .*corpus.*--rebuild"):
        archive.sync(other)
    assert len(titles(archive)) == 3
    archive.sync(other, rebuild=True)
    assert titles(archive) == ["Post z"]


def test_a_corpus_that_was_moved_is_known_by_its_files(archive: Archive, corpus: Path) -> None:
    """What is unchanged is not read again, and the index remembers the new place."""
    for path in corpus.rglob("*.md"):
        os.utime(path, (10**9, 10**9))
    archive.sync(corpus)
    moved = corpus.rename(corpus.with_name("moved"))
    put(moved, "d.md", "Post d")
    summary = archive.sync(moved)
    assert (summary.added, summary.unchanged, summary.files_read) == (1, 3, 1)
    os.utime(moved / "d.md", (10**9, 10**9))
    archive.sync(moved)
    again = moved.rename(moved.with_name("again"))
    assert archive.sync(again).files_read == 0
    assert archive.stats().corpus == str(again)
    assert titles(archive) == ["Post a", "Post b", "Post c", "Post d"]


def test_a_folder_with_few_of_the_files_is_another_corpus(
    archive: Archive, corpus: Path, tmp_path: Path
) -> None:
    """Where the corpus is gone, one file of the same name does not make another folder it."""
    corpus.rename(tmp_path / "moved")
    put(tmp_path / "other", "a.md", "Post a, edited")
    with pytest.raises(IndexUnavailableError, match="was built from"):
        archive.sync(tmp_path / "other")


def test_an_emptied_corpus_is_refused(archive: Archive, corpus: Path) -> None:
    """A folder without any file is taken for a disk that is not there."""
    for path in corpus.rglob("*.md"):
        path.unlink()
    with pytest.raises(RightsSearchError, match="holds no file, but the index holds 3 posts"):
        archive.sync(corpus)
    assert len(titles(archive)) == 3


def test_a_corpus_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """The message names the path."""
    archive = Archive.create(tmp_path / "index")
    with pytest.raises(RightsSearchError, match=r"nowhere: there is no such file or folder"):
        archive.sync(tmp_path / "nowhere")


def test_one_file_can_be_a_corpus(tmp_path: Path) -> None:
    """A single file is indexed under its own name."""
    path = put(tmp_path, "only.md", "Only post")
    archive = Archive.create(None)
    archive.sync(path)
    assert [hit.post.provenance.path for hit in archive.search()] == ["only.md"]


def test_progress_is_told_before_each_file_and_at_the_end(tmp_path: Path, corpus: Path) -> None:
    """The counts rise to the totals."""
    told: list[Progress] = []
    Archive.create(tmp_path / "index").sync(corpus, progress=told.append)
    assert [step.files_done for step in told] == [0, 1, 2, 3]
    assert told[-1].bytes_done == told[-1].bytes_total > 0
    assert told[-1].posts == 3


def test_progress_is_told_within_a_long_file(tmp_path: Path) -> None:
    """Who waits for one file of many posts sees that they become more."""
    (tmp_path / "corpus").mkdir()
    lines = (json.dumps({"title": f"Post {n}", "text": f"Text {n}."}) for n in range(600))
    (tmp_path / "corpus" / "many.jsonl").write_text("\n".join(lines))
    told: list[Progress] = []
    with Archive.create(tmp_path / "index") as archive:
        archive.sync(tmp_path / "corpus", progress=told.append)
    assert [(each.files_done, each.posts) for each in told] == [
        (0, 0),
        (0, 256),
        (0, 512),
        (1, 600),
    ]


def test_a_sync_sees_what_another_process_has_done(
    archive: Archive, corpus: Path, tmp_path: Path
) -> None:
    """Two archives on one folder stay in step, in reading and in writing."""
    other = Archive.open(tmp_path / "index")
    put(corpus, "d.md", "Post d")
    other.sync(corpus)
    assert titles(archive) == ["Post a", "Post b", "Post c", "Post d"]
    assert archive.sync(corpus).added == 0


def test_a_locked_index_is_refused_and_stays_readable(
    archive: Archive, corpus: Path, tmp_path: Path
) -> None:
    """While another writer is at work, a sync fails with one line and searches go on."""
    engine = engines.load()
    writer = engine.writer(engine.open(tmp_path / "index"))
    try:
        put(corpus, "d.md", "Post d")
        with pytest.raises(IndexUnavailableError, match="another process is writing"):
            archive.sync(corpus)
        assert len(titles(archive)) == 3
    finally:
        writer.cancel()
    assert archive.sync(corpus).added == 1


@pytest.mark.parametrize("moment", ["add", "commit"])
def test_a_failed_write_leaves_the_index_as_it_was(
    archive: Archive,
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    """A full disk gives one line; the old posts stay, and the next sync works."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    put(corpus, "d.md", "Post d")
    kept = names(tmp_path / "index")
    with monkeypatch.context() as patch:
        patch.setattr(WhooshWriter, moment, full)
        with pytest.raises(IndexUnavailableError, match="No space left on device"):
            archive.sync(corpus)
    assert titles(archive) == ["Post a", "Post b", "Post c"]
    left = {name for name in names(tmp_path / "index") if not name.startswith("manifest")}
    assert left <= kept | {"MAIN_WRITELOCK"}
    assert archive.sync(corpus).added == 1
    assert len([name for name in names(tmp_path / "index") if "manifest" in name]) == 1


# Whoosh leaves a table of contents open when it cannot read it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: next(folder.glob("manifest-*")).unlink(),
        lambda folder: next(folder.glob("manifest-*")).write_text("{"),
        lambda folder: next(folder.glob("manifest-*")).write_text("[]"),
        lambda folder: next(folder.glob("*.toc")).write_bytes(b"nonsense"),
    ],
    ids=["no manifest", "cut manifest", "odd manifest", "damaged table"],
)
def test_a_spoilt_index_is_refused_and_can_be_rebuilt(
    archive: Archive, corpus: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    """The message says which command mends it, and that command does."""
    archive.close()
    spoil(tmp_path / "index")
    with pytest.raises(IndexUnavailableError, match="rights-search index --rebuild"):
        Archive.open(tmp_path / "index")
    mended = Archive.open_for_rebuild(tmp_path / "index")
    mended.sync(corpus, rebuild=True)
    assert len(titles(mended)) == 3


def test_another_schema_version_is_named(archive: Archive, tmp_path: Path) -> None:
    """One clear line says what to run."""
    archive.close()
    path = next((tmp_path / "index").glob("manifest-*"))
    head, files = path.read_text().splitlines()
    record = json.loads(head) | {"schema_version": 999}
    del record["checksum"]
    path.write_text(f"{json.dumps(record)}\n{files}\n")
    with pytest.raises(IndexUnavailableError) as caught:
        Archive.open(tmp_path / "index")
    assert "999" in str(caught.value)
    assert "rights-search index --rebuild" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "spoil", [lambda line: line[:-1], lambda line: line.replace("0", "1"), lambda _: "{}"]
)
def test_a_search_does_without_the_list_of_files(
    archive: Archive, corpus: Path, tmp_path: Path, spoil: Callable[[str], str]
) -> None:
    """It answers where that is damaged; who needs the list, or checks it, is told."""
    expected = titles(archive)
    archive.close()
    path = next((tmp_path / "index").glob("manifest-*"))
    head, files = path.read_text().splitlines()
    path.write_text(f"{head}\n{spoil(files)}\n")
    with Archive.open(tmp_path / "index") as spoilt:
        assert titles(spoilt) == expected
        for ask in (lambda: spoilt.sync(corpus), lambda: spoilt.manifest):
            with pytest.raises(IndexUnavailableError, match="checksum of its files is wrong"):
                ask()
    (finding,) = verify(tmp_path / "index")
    assert (finding.level, "files is wrong" in finding.text) == ("damaged", True)


def test_a_missing_index_is_named(tmp_path: Path) -> None:
    """The message says how to make one."""
    with pytest.raises(IndexUnavailableError, match="no index here; build one with"):
        Archive.open(tmp_path / "nothing")
    assert not has_index(tmp_path / "nothing")


def test_an_index_is_for_its_owner_only(tmp_path: Path) -> None:
    """A new index folder has mode 700: what somebody reads can endanger them."""
    Archive.create(tmp_path / "private")
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_read_keeps_its_posts(
    archive: Archive, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is away for a moment takes nothing out of the index."""
    real = os.scandir
    broken = ["inner"]

    def refuse(path: Path) -> object:
        if Path(path).name in broken:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    for name in ("inner", "corpus"):
        broken[:] = [name]
        summary = archive.sync(corpus)
        assert (summary.removed, summary.failed, summary.unchanged) == (0, 1, 3)
        assert len(titles(archive)) == 3


def test_an_index_inside_the_corpus_is_no_part_of_it(tmp_path: Path) -> None:
    """Its files are left out; posts beside it, whatever their names, are read."""
    put(tmp_path, "a.md", "Post a")
    (tmp_path / "manifest-2014.json").write_text('{"title": "A manifest", "text": "Of 2014."}')
    for _ in range(2):
        with Archive.open_or_create(tmp_path / "index") as archive:
            summary = archive.sync(tmp_path)
            assert summary.failed == 0
            assert titles(archive) == ["A manifest", "Post a"]
    assert (summary.unchanged, summary.files_read) == (2, 0)


def test_a_plan_that_was_overtaken_is_not_carried_out(
    archive: Archive, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If another process commits between planning and writing, nothing is added twice."""
    real = sync_plan.plan

    def overtaken(*arguments: object, **options: object) -> object:
        work = real(*arguments, **options)  # type: ignore[arg-type]
        monkeypatch.setattr(sync_plan, "plan", real)
        Archive.open(tmp_path / "index").sync(corpus)
        return work

    put(corpus, "d.md", "Post d")
    monkeypatch.setattr(sync_plan, "plan", overtaken)
    with pytest.raises(IndexUnavailableError, match="another process has just changed"):
        archive.sync(corpus)
    assert titles(archive) == ["Post a", "Post b", "Post c", "Post d"]
    assert archive.sync(corpus).unchanged == 4


def test_cleaning_leaves_the_manifest_of_a_commit_to_come(tmp_path: Path) -> None:
    """Only older manifests go, and no file that merely looks like one."""
    for name in ("manifest-1.json", "manifest-2.json", "manifest-3.json", "manifest-notes.json"):
        (tmp_path / name).write_text("{}")
    manifest.clean(tmp_path, 2)
    assert names(tmp_path) == {"manifest-2.json", "manifest-3.json", "manifest-notes.json"}


def test_a_file_from_the_future_is_not_read_again_and_again(archive: Archive, corpus: Path) -> None:
    """A wrong clock on another machine does not make every sync a commit."""
    age(corpus / "a.md", 4_000_000_000_000_000_000)
    archive.sync(corpus)
    generation = archive.manifest.generation
    archive.sync(corpus)
    assert archive.manifest.generation == generation


def test_a_relaxed_search_keeps_its_filters(tmp_path: Path) -> None:
    """Several values of a filter are a filter, not words of which any may do."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    posts = [("Russia", "prison"), ("Egypt", "prison"), ("Ukraine", "court")]
    lines = [json.dumps({"country": c, "title": c, "text": f"A {t}."}) for c, t in posts]
    (folder / "feed.jsonl").write_text("\n".join(lines))
    archive = Archive.create(None)
    archive.sync(folder)
    results = archive.search("prison zzz", country=["RU", "UA"])
    assert results.is_relaxed
    assert [hit.post.title for hit in results] == ["Russia"]
    assert archive.search("zzz", country=["RU", "UA"]).total == 0
    assert archive.search("death zzz prison", country="EG").is_relaxed


@pytest.mark.parametrize("name", ["\udcff", "source:\udcff", "id:\udcff", "a" * 3000])
def test_odd_queries_find_nothing_and_harm_nothing(archive: Archive, name: str) -> None:
    """What cannot be written cannot be found."""
    assert archive.search(name).total == 0


def test_odd_paths_are_one_line(tmp_path: Path) -> None:
    """A name that no system takes is a RightsSearchError, not a traceback."""
    archive = Archive.create(None)
    with pytest.raises(RightsSearchError):
        archive.sync(tmp_path / ("a" * 5000))
    with pytest.raises(IndexUnavailableError):
        Archive.create(tmp_path / ("a" * 5000))


def test_an_index_of_other_fields_is_of_another_version(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not called damaged, and one line says what to do."""
    assert archive.stats().posts == 3
    other = make_schema()
    other.remove("title")
    monkeypatch.setattr(contents, "SCHEMA_CRC", 0)
    monkeypatch.setattr(contents, "pickled_schema", lambda: pickle.dumps(other, 2))
    with pytest.raises(IndexUnavailableError) as refused:
        Archive.open(tmp_path / "index").search("post")
    index = tmp_path / "index"
    assert str(refused.value) == (
        f"{index}: was made by another version of rights-search (_MAIN_1.toc names other fields); "
        f"run: rights-search index --rebuild CORPUS --index {index}"
    )
