"""Members of containers: names, provenance, identity, nesting and what a file may hold."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from rights_search import Archive
from rights_search.errors import ReadError
from rights_search.ingest import Skipped, read, reading, spool
from rights_search.post import Post

LINES = b'{"title": "A title", "text": "A text."}\n'


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a ZIP archive; names may occur twice."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def posts(path: Path) -> list[Post]:
    """Return the posts below ``path``."""
    return [item for item in read(path) if isinstance(item, Post)]


def reasons(path: Path) -> list[str]:
    """Return errors as they are shown and skips with their reasons."""
    return [
        str(item) if isinstance(item, ReadError) else f"{item.name} ({item.reason})"
        for item in read(path)
        if isinstance(item, (ReadError, Skipped))
    ]


def test_a_member_is_named_behind_its_archive(tmp_path: Path) -> None:
    """The path leads through the containers; the file on disk stays the file."""
    path = tmp_path / "press.zip"
    inner = zipped([("b.jsonl", LINES * 2)])
    path.write_bytes(zipped([("2014/a.jsonl", b"\n" + LINES), ("more/inner.zip", inner)]))
    first, second, third = (post.provenance for post in posts(path))
    assert str(first) == "press.zip!/2014/a.jsonl:2"
    assert str(second) == "press.zip!/more/inner.zip!/b.jsonl:1"
    assert str(third) == "press.zip!/more/inner.zip!/b.jsonl:2"
    assert {first.path, second.path, third.path} == {"press.zip"}
    assert (first.byte_start, first.member_offset) == (1, 0)
    assert posts(path)[0].source == "press"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_members_and_files_are_read(tmp_path: Path, pack) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Each compression of the standard library is undone, in a file and in an archive."""
    (tmp_path / "a.jsonl.x").write_bytes(pack(LINES))
    (tmp_path / "b.zip").write_bytes(zipped([("c.jsonl.x", pack(LINES))]))
    assert [post.provenance.name for post in posts(tmp_path)] == [
        "a.jsonl.x",
        "b.zip!/c.jsonl.x",
    ]


def test_members_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """Ids are distinct, and the same at every reading."""
    path = tmp_path / "a.zip"
    with pytest.warns(UserWarning, match="Duplicate name"):
        path.write_bytes(zipped([("a.jsonl", LINES)] * 3 + [("2:a.jsonl", LINES)]))
    names = [post.provenance.member for post in posts(path)]
    assert names == ["a.jsonl", "2:a.jsonl", "3:a.jsonl", "2:2:a.jsonl"]
    ids = [post.id for post in posts(path)]
    assert len(set(ids)) == 4
    assert ids == [post.id for post in posts(path)]


def test_an_archive_is_one_file_of_the_index(tmp_path: Path) -> None:
    """What vanished from an archive vanishes from the index, problems are kept by member."""
    path = tmp_path / "corpus" / "a.zip"
    path.parent.mkdir()
    path.write_bytes(zipped([("a.jsonl", LINES), ("b.json", b"{"), ("c.jsonl", LINES)]))
    with Archive.create(tmp_path / "index") as archive:
        summary = archive.sync(path.parent)
        assert (summary.added, summary.files) == (2, 1)
        again = archive.sync(path.parent)
        for told in (summary, again):
            assert [problem.source for problem in told.problems] == ["a.zip!/b.json"]
        path.write_bytes(zipped([("c.jsonl", LINES), ("d.jsonl", LINES * 2)]))
        summary = archive.sync(path.parent)
        assert (summary.added, summary.removed, summary.unchanged) == (2, 1, 1)
        hits = archive.search("title", copies="all").hits
        assert {hit.post.provenance.member for hit in hits} == {"c.jsonl", "d.jsonl"}


def test_what_holds_no_post_is_counted(tmp_path: Path) -> None:
    """Pictures and hidden files are one line, and a broken member is named."""
    path = tmp_path / "a.zip"
    members = [(f"{n}.png", b"x") for n in range(3)] + [("__MACOSX/._a.md", b"x"), ("b.json", b"{")]
    path.write_bytes(zipped(members))
    broken, *others = reasons(path)
    assert broken.startswith("a.zip!/b.json:1: broken JSON")
    assert others == [
        "a.zip (3 members left out: a picture)",
        "a.zip (1 member left out: hidden)",
    ]


@pytest.mark.parametrize("name", ["../../a.jsonl", "/etc/a.jsonl", "C:\\a.jsonl", "..\\a.jsonl"])
def test_a_name_that_leaves_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    """Nothing is written anywhere, and the rest of the archive is read."""
    path = tmp_path / "a.zip"
    path.write_bytes(zipped([(name, LINES), ("b.jsonl", LINES)]))
    (found,) = reasons(path)
    assert "leads out of the archive" in found
    assert [post.provenance.member for post in posts(path)] == ["b.jsonl"]
    assert [item.name for item in tmp_path.iterdir()] == ["a.zip"]


def test_a_name_acts_on_nothing(tmp_path: Path) -> None:
    """Escape sequences and line ends in a name are spelt out."""
    path = tmp_path / "a.zip"
    path.write_bytes(zipped([("a\x1b[2J\nb\u202ec.jsonl", LINES)]))
    (post,) = posts(path)
    assert post.provenance.member == "a\\x1b[2J\\nb\\u202ec.jsonl"


def test_an_archive_in_itself_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nesting has a bound, which also ends archives that hold themselves."""
    monkeypatch.setattr(reading, "MAX_DEPTH", 3)
    data = zipped([("a.jsonl", LINES)])
    for number in range(5):
        data = zipped([(f"{number}.jsonl", LINES), (f"{number}.zip", data)])
    path = tmp_path / "deep.zip"
    path.write_bytes(data)
    assert [post.provenance.name for post in posts(path)] == [
        "deep.zip!/4.jsonl",
        "deep.zip!/4.zip!/3.jsonl",
        "deep.zip!/4.zip!/3.zip!/2.jsonl",
    ]
    (reason,) = reasons(path)
    assert reason.startswith("deep.zip!/4.zip!/3.zip!/2.zip: stands 3 archives deep")


def test_members_have_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes before the bound is kept, and the file is named once."""
    monkeypatch.setattr(reading, "MAX_MEMBERS", 5)
    path = tmp_path / "many.zip"
    path.write_bytes(zipped([(f"{n}.jsonl", LINES) for n in range(9)]))
    assert len(posts(path)) == 5
    assert reasons(path) == ["many.zip: holds more than 5 members; split it"]


def test_a_bomb_is_stopped_and_its_neighbours_are_read(tmp_path: Path) -> None:
    """A member that grows beyond all measure costs its archive nothing else."""
    path = tmp_path / "a.zip"
    path.write_bytes(zipped([("bomb.txt", bytes(40 * 2**20)), ("b.jsonl", LINES)]))
    (reason,) = reasons(path)
    assert reason.startswith("a.zip!/bomb.txt: expands to more than 200 times its size")
    assert [post.provenance.member for post in posts(path)] == ["b.jsonl"]


def test_a_file_may_expand_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many members that are each within their bounds are none together."""
    monkeypatch.setattr(reading, "FREE_TOTAL_BYTES", 2**20)
    path = tmp_path / "a.zip"
    text = b'{"title": "A title", "text": "' + b"x" * 300_000 + b'"}\n'
    path.write_bytes(zipped([(f"{n}.jsonl", text) for n in range(9)]))
    assert len(posts(path)) == 3
    (reason,) = reasons(path)
    assert reason.startswith("a.zip: what it holds expands beyond the limit")


def test_large_members_wait_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member larger than the memory set aside is read from a file, which goes away."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(spool, "MEMORY_BYTES", 1000)
    path = tmp_path / "a.zip"
    path.write_bytes(zipped([("a.jsonl", LINES * 500)]))
    assert len(posts(path)) == 500
    assert list((tmp_path / "tmp").iterdir()) == []


DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def facts(found: Iterable[Post]) -> list[tuple[object, ...]]:
    """Return what posts say, whatever they are packed in."""
    return sorted((post.title, post.paragraphs, str(post.date), post.source_tags) for post in found)


PROGRAMS = {
    "zip": ("a.zip", "zip -q -r {archive} ."),
    "tar": ("a.tar", "tar -cf {archive} ."),
    "tar.gz": ("a.tar.gz", "tar -czf {archive} ."),
    "tar.xz": ("a.tar.xz", "tar -cJf {archive} ."),
    "7z": ("b.zip", "7z a -bso0 {archive} ."),
}
# Pages take long to read: one archive of each kind holds them.
PACKED = [("markdown", way) for way in PROGRAMS] + [
    ("amnesty-pages", way) for way in ("7z", "tar.xz")
]


@pytest.mark.parametrize(("folder", "way"), PACKED)
def test_what_another_program_packed_is_what_was_packed(
    tmp_path: Path, folder: str, way: str
) -> None:
    """Posts that no one here wrote, packed by the programs that people use."""
    name, packer = PROGRAMS[way]
    command = packer.split()
    source = DATA / folder
    if not source.exists():
        pytest.skip(f"not here: ../shared/data/{folder}")
    if shutil.which(command[0]) is None:
        pytest.skip(f"not here: {command[0]}")
    path = tmp_path / name
    packing = [part.format(archive=path) for part in command]
    subprocess.run(packing, cwd=source, check=True, stdout=subprocess.DEVNULL)
    plain = facts_of(source)
    assert len(plain) > 100
    assert facts(posts(path)) == plain


@cache
def facts_of(folder: Path) -> list[tuple[object, ...]]:
    """Return what the posts of a folder say, read once for all archives."""
    return facts(posts(folder))


def test_reading_a_note_loads_no_reader_of_archives(tmp_path: Path) -> None:
    """Each library is imported when the first file needs it."""
    (tmp_path / "a.md").write_text("# A note\n\nIts text.\n", encoding="utf-8")
    program = (
        "import sys\nfrom pathlib import Path\nfrom rights_search.ingest import read\n"
        "list(read(Path(sys.argv[1])))\nprint(' '.join(sys.modules))"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    heavy = {"zipfile", "tarfile", "email.parser", "lxml", "pypdfium2", "bz2", "lzma"}
    assert not heavy & set(done.stdout.split())
