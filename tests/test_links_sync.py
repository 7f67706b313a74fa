"""Links while an index is synced: in step with the corpus, whole, and cheap to keep so."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_search import Archive, IndexUnavailableError
from rights_search.engines.whoosh.writing import WhooshWriter
from rights_search.index_files import sidecars
from rights_search.indexing import versions
from rights_search.links import fingerprints
from rights_search.links.relations import Cluster, Links, to_bytes
from rights_search.open_index import OpenIndex

LONG_AGO_NS = 1_500_000_000_000_000_000
WORDS = [f"word{number}" for number in range(300)]

TITLES = (
    "Four teachers acquitted in the capital",
    "Update: Four teachers acquitted in the capital",
    "UA 120/93 – Chad: fear for safety: four teachers",
    "Further information on UA 120/93 – Chad: four teachers",
)


def text(number: int, changed: int = 0) -> str:
    """Return a text of 50 words, of which some may be changed; the same for the same numbers."""
    words = random.Random(number).sample(WORDS, 50)
    for place in range(changed):
        words[place * 7] = f"other{changed}x{place}"
    return " ".join(words)


def put(folder: Path, name: str, title: str, body: str, date: str = "2014-02-05") -> None:
    """Write a post and make it look old, so that its time stamp can be trusted."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\ntitle: '{title}'\ndate: {date}\n---\n\n{body}\n", encoding="utf-8")
    # A change shows by its size or, as here, by another time.
    stamp = LONG_AGO_NS + hash_of(title + body + date)
    os.utime(path, ns=(stamp, stamp))


def hash_of(value: str) -> int:
    """Return a number of some million for a text."""
    return sum(ord(char) * place for place, char in enumerate(value, 1)) % 10**7


def stored(index: Path) -> dict[str, bytes]:
    """Return the files of links, by the first part of their names."""
    return {
        path.name.split("-")[0]: path.read_bytes()
        for path, _ in sidecars(index)
        if not path.name.startswith("manifest")
    }


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a folder with a text, two copies of it and another text."""
    folder = tmp_path / "corpus"
    put(folder, "a.md", "Four teachers acquitted", text(1))
    put(folder, "b.md", "Four teachers acquitted", text(1), "2014-02-06")
    put(folder, "c.md", "Four teachers are acquitted", text(1, 1), "2014-02-07")
    put(folder, "d.md", "Something else has happened", text(2))
    return folder


@pytest.fixture
def archive(tmp_path: Path, corpus: Path) -> Iterator[Archive]:
    """Return an archive that is in step with the corpus."""
    with Archive.create(tmp_path / "index") as archive:
        archive.sync(corpus)
        yield archive


def clusters(archive: Archive) -> set[frozenset[str]]:
    """Return the files of posts that count as one."""
    found: dict[str, set[str]] = {}
    for hit in archive.search("", copies="all", limit=1000):
        if hit.copies is not None:
            found.setdefault(hit.copies.original, set()).add(hit.post.provenance.path)
    return {frozenset(names) for names in found.values()}


# --- in step -------------------------------------------------------------------------

CHANGES = st.tuples(
    st.sampled_from(["put", "put", "put", "remove"]),
    st.sampled_from([f"{folder}{name}.md" for folder in ("", "x/", "y/") for name in "abc"]),
    st.sampled_from(TITLES),
    st.integers(1, 2),
    st.integers(0, 3),
    st.sampled_from(["2014-02-05", "2014-02-06", "2013", "2015-01"]),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.lists(CHANGES, min_size=1, max_size=4), min_size=2, max_size=4))
def test_after_any_changes_the_links_are_those_of_a_rebuild(
    rounds: list[list[tuple[str, str, str, int, int, str]]],
) -> None:
    """Files come, change and go in rounds; after each, both files are what a rebuild writes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        put(folder / "corpus", "stays.md", TITLES[0], text(1))
        with Archive.create(folder / "index") as archive:
            for changes in rounds:
                for kind, path, title, number, changed, date in changes:
                    if kind == "remove":
                        (folder / "corpus" / path).unlink(missing_ok=True)
                    else:
                        put(folder / "corpus", path, title, text(number, changed), date)
                archive.sync(folder / "corpus")
                with Archive.create(folder / "anew", overwrite=True) as anew:
                    anew.sync(folder / "corpus")
                assert stored(folder / "index") == stored(folder / "anew")


def test_a_cluster_follows_its_files(archive: Archive, corpus: Path) -> None:
    """Copies that come join, and when the original goes the next one takes its place."""
    assert clusters(archive) == {frozenset({"a.md", "b.md", "c.md"})}
    put(corpus, "e.md", "Four teachers acquitted", text(1), "2014-02-01")
    archive.sync(corpus)
    (hit,) = archive.search("acquitted")
    assert hit.post.provenance.path == "e.md"
    for name in ("e.md", "a.md"):
        (corpus / name).unlink()
    archive.sync(corpus)
    assert clusters(archive) == {frozenset({"b.md", "c.md"})}
    (hit,) = archive.search("acquitted")
    assert hit.post.provenance.path == "b.md"
    put(corpus, "c.md", "Four teachers convicted", text(3))
    archive.sync(corpus)
    assert clusters(archive) == set()


def test_only_old_posts_that_a_new_one_resembles_are_read_again(
    archive: Archive, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new text needs none of the others, a new version of a text its original."""
    read: list[str] = []
    real = OpenIndex.read

    def counted(self: OpenIndex, post_id: str) -> object:
        post = real(self, post_id)
        read.append(post.provenance.path)
        return post

    monkeypatch.setattr(OpenIndex, "read", counted)
    put(corpus, "e.md", "Nothing like it", text(9))
    archive.sync(corpus)
    assert read == []
    put(corpus, "f.md", "Four teachers are now acquitted", text(1, 2), "2014-02-08")
    archive.sync(corpus)
    assert read == ["a.md"]
    (corpus / "d.md").unlink()
    archive.sync(corpus)
    assert read == ["a.md"]


def test_a_touched_file_keeps_its_links(archive: Archive, corpus: Path, tmp_path: Path) -> None:
    """A commit that changes no post has the same links."""
    before = stored(tmp_path / "index")
    os.utime(corpus / "b.md", ns=(LONG_AGO_NS, LONG_AGO_NS))
    generation = archive.manifest.generation
    archive.sync(corpus)
    assert archive.manifest.generation == generation + 1
    assert stored(tmp_path / "index") == before


def test_an_index_in_memory_has_links_too(corpus: Path) -> None:
    """Nothing has to be on disk."""
    with Archive.create(None) as archive:
        archive.sync(corpus)
        put(corpus, "e.md", "Four teachers acquitted", text(1), "2014-03-01")
        archive.sync(corpus)
        assert clusters(archive) == {frozenset({"a.md", "b.md", "c.md", "e.md"})}
        assert archive.stats().exact_copies == 2


def test_another_version_of_the_fingerprints_is_made_anew(
    archive: Archive, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are read again; of one that cannot be read the indexed post is taken."""
    monkeypatch.setattr(fingerprints, "VERSION", fingerprints.VERSION + 1)
    versions.program_state.cache_clear()
    try:
        (corpus / "a.md").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(500))
        summary = archive.sync(corpus)
        assert (summary.files_renewed, summary.failed) == (3, 1)
        assert clusters(archive) == {frozenset({"a.md", "b.md", "c.md"})}
    finally:
        versions.program_state.cache_clear()


# --- whole ---------------------------------------------------------------------------


def test_a_commit_that_fails_leaves_the_links_of_before(
    archive: Archive, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither file of a commit that did not happen stays, and the old ones answer."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(path.name for path, _ in sidecars(tmp_path / "index"))
    put(corpus, "e.md", "Four teachers acquitted", text(1), "2014-03-01")
    with monkeypatch.context() as patch:
        patch.setattr(WhooshWriter, "commit", full)
        with pytest.raises(IndexUnavailableError, match="No space left on device"):
            archive.sync(corpus)
    assert sorted(path.name for path, _ in sidecars(tmp_path / "index")) == before
    assert clusters(archive) == {frozenset({"a.md", "b.md", "c.md"})}
    archive.sync(corpus)
    assert len(list(sidecars(tmp_path / "index"))) == 3
    assert clusters(archive) == {frozenset({"a.md", "b.md", "c.md", "e.md"})}


def cut(path: Path) -> None:
    """Leave half of a file."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("spoil", [Path.unlink, cut], ids=["missing", "cut"])
@pytest.mark.parametrize("name", ["links", "fingerprints"])
def test_a_damaged_file_is_named_where_it_is_needed(
    archive: Archive, corpus: Path, tmp_path: Path, name: str, spoil: Callable[[Path], None]
) -> None:
    """A search needs the links, a sync the fingerprints; a rebuild needs neither."""
    archive.close()
    (path,) = (tmp_path / "index").glob(f"{name}-*")
    spoil(path)
    put(corpus, "e.md", "One more of them", text(5))
    with Archive.open(tmp_path / "index") as opened:
        message = rf"its file {path.name} is .*; rebuild it with: rights-search index --rebuild"
        with pytest.raises(IndexUnavailableError, match=message):
            _ = opened.search("acquitted") if name == "links" else opened.sync(corpus)
        opened.sync(corpus, rebuild=True)
        assert clusters(opened) == {frozenset({"a.md", "b.md", "c.md"})}


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
@pytest.mark.parametrize(
    ("twice", "reason"),
    [(False, "names posts that are not there"), (True, r"is damaged \(it names a post twice\)")],
)
def test_links_of_another_index_are_named(
    corpus: Path, tmp_path: Path, engine: str, reason: str, *, twice: bool
) -> None:
    """A file that is whole, but names posts that are not there or one twice, is no traceback."""
    with Archive.create(tmp_path / "index", engine=engine) as archive:
        archive.sync(corpus)
        (path,) = (tmp_path / "index").glob("links-*")
        copies = (("e" * 12, 1000), ("e" * 12, 900)) if twice else (("e" * 12, 1000),)
        path.write_bytes(to_bytes(Links((Cluster("f" * 12, copies),))))
        with pytest.raises(IndexUnavailableError, match=rf"{path.name} {reason}"):
            archive.search("acquitted")


def test_a_commit_of_another_process_is_seen_with_its_links(
    archive: Archive, corpus: Path, tmp_path: Path
) -> None:
    """An archive that stays open answers with the links of the newest commit."""
    assert archive.search("acquitted").collapsed == 2
    (corpus / "b.md").unlink()
    with Archive.open(tmp_path / "index") as other:
        other.sync(corpus)
    assert archive.search("acquitted").collapsed == 1


# --- as results show them --------------------------------------------------------------


def test_a_hit_stands_for_its_copies(archive: Archive) -> None:
    """One hit of three posts, with the others named; or three hits, if asked for."""
    results = archive.search("acquitted", facets=("year", "source"))
    assert (results.total, results.distinct, results.collapsed, len(results)) == (3, 1, 2, 1)
    assert results.facets == {"year": {"2014": 1}, "source": {"a": 1, "b": 1, "c": 1}}
    (hit,) = results
    assert (results[0], results[:2]) == (hit, (hit,))
    assert hit.copies is not None
    assert hit.copies.original == hit.post.id
    assert (hit.copies.count, hit.copies.similarity) == (2, 1.0)
    assert [copy.place.partition(":")[0] for copy in hit.copies.others] == ["b.md", "c.md"]
    assert hit.copies.others[0].similarity == 1.0
    assert 0.7 <= hit.copies.others[1].similarity < 1.0
    every = archive.search("acquitted", copies="all", sort="oldest")
    assert (every.total, every.distinct, len(every)) == (3, 3, 3)
    last = every.hits[-1]
    assert last.copies is not None
    assert last.copies.original == hit.post.id
    assert last.copies.similarity == hit.copies.others[1].similarity
    assert last.copies.others[0].id == hit.post.id


def test_a_copy_stands_alone_where_its_original_does_not_match(archive: Archive) -> None:
    """A word that only a copy has is found in it."""
    (hit,) = archive.search("other1x0")
    assert hit.post.provenance.path == "c.md"
    assert hit.copies is not None
    assert hit.copies.original == hit.copies.others[0].id != hit.post.id


def test_pages_go_through_the_hits_that_are_left(archive: Archive) -> None:
    """Collapsed posts take no place on a page."""
    whole = [hit.post.id for hit in archive.search("", sort="oldest")]
    paged = [
        hit.post.id
        for start in range(3)
        for hit in archive.search("", sort="oldest", limit=1, offset=start)
    ]
    assert paged == whole
    assert len(whole) == 2


def test_a_wrong_way_with_copies_is_refused(archive: Archive) -> None:
    """The library names what there is."""
    with pytest.raises(ValueError, match="copies must be collapse or all, not 'some'"):
        archive.search("", copies="some")  # type: ignore[arg-type]


def test_a_thread_is_shown_from_both_ends(tmp_path: Path) -> None:
    """A post names what it follows and why, and the other what follows it."""
    corpus = tmp_path / "corpus"
    put(corpus, "a.md", "UA 120/93 – Chad: fear for safety: four teachers", text(1), "1993-04-20")
    put(corpus, "b.md", "Further information on UA 120/93 – Chad: freed", text(2), "1993-05-20")
    put(corpus, "c.md", "Further information on UA 120/93 – Chad: safe", text(3), "1993-06-20")
    with Archive.create(None) as archive:
        archive.sync(corpus)
        first, second, third = archive.search("", sort="oldest")
        assert first.follows is None
        assert third.follows is not None
        assert (third.follows.id, third.follows.rule) == (second.post.id, "action number")
        related = archive.related(second.post.id[:8])
        assert related.copies is None
        assert related.follows is not None
        assert (related.follows.id, related.follows.words) == (first.post.id, "UA 120/93")
        assert [link.id for link in related.followed_by] == [third.post.id]
        assert archive.stats().follow_ups == 2


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("is:copy", "bc"),
        ("is:original", "aduv"),
        ("is:original acquitted", "a"),
        ("-is:copy four", "au"),
        ("is:follow-up", "v"),
        ("is:copy,follow-up", "bcv"),
        ("is:copy OR something", "bcd"),
        ("is:copy something", ""),
    ],
)
def test_a_query_asks_for_what_a_post_is_to_others(
    archive: Archive, corpus: Path, query: str, names: str
) -> None:
    """Originals, posts without copies among them, copies and follow-ups; also within a query."""
    put(corpus, "u.md", "UA 120/93 – Chad: four doctors", text(4), "1993-04-20")
    put(corpus, "v.md", "Further information on UA 120/93", text(5), "1993-05-20")
    archive.sync(corpus)
    found = archive.search(query, copies="all", limit=100)
    assert not found.is_relaxed or not names
    paths = "".join(sorted(hit.post.provenance.path[0] for hit in found))
    assert paths == names or (not names and found.is_relaxed)
    assert archive.explain(query).clause.posts == len(names)


def test_copies_alone_are_one_hit(archive: Archive) -> None:
    """Where the original does not match, the first copy stands for the others."""
    results = archive.search("is:copy")
    assert (results.total, results.distinct) == (2, 1)
    assert results.hits[0].post.provenance.path == "b.md"
