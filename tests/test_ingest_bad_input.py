"""Bad files: each is one clear message with its name, and nothing stops the run."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_search import ingest
from rights_search.errors import ReadError
from rights_search.ingest import READERS, Skipped, Source, files, line_stream, read, read_file
from rights_search.ingest.bounded import open_bounded
from rights_search.ingest.source import Draft, Record
from rights_search.post import Post


def messages(root: Path) -> list[str]:
    """Return the errors below ``root`` as they are shown."""
    return [str(item) for item in read(root) if isinstance(item, ReadError)]


def titles(root: Path) -> list[str]:
    """Return the titles of the posts below ``root``."""
    return [item.title for item in read(root) if isinstance(item, Post)]


LINES = b'{"title": "A title", "text": "A text."}\n'


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "a.txt: is empty"),
        ("a.md", b" \n\t\n", "a.md: is empty"),
        ("a.jsonl.gz", gzip.compress(b"", mtime=0), "a.jsonl.gz: is empty"),
        ("a.md", b"\x89PNG\r\n\x1a\n\0\0", "a.md: looks binary (PNG image?)"),
        ("a.txt", b"%PDF-1.4\n%...", "a.txt: is broken or no PDF at all"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1", "a.doc: looks binary (old Office document?)"),
        ("a.csv", bytes(range(256)) * 8, "a.csv: looks binary"),
        (
            "a.gz",
            gzip.compress(gzip.compress(b"x", mtime=0), mtime=0),
            "a.gz: looks binary (gzip file inside",
        ),
        ("a.md", b"---\ntitle: X\ntext", "a.md:1: the front matter that opens here"),
        ("a.md", b"---\na: b: c\n---\n", "a.md:2: the YAML front matter is broken"),
        ("a.md", b"---\na: &a [b]\nc: *a\n---\n", "a.md:3: the front matter uses an alias"),
        ("a.json", b'[{"title": "A"},\n{]', "a.json:2: broken JSON"),
        ("a.json", b"[" * 200_000, "a.json:1: its JSON nests too deeply"),
        ("a.json", b'[{"colour": "red"}]', "a.json:1: has no text"),
        ("a.csv", b"1,2\n3,4\n", "a.csv:1: the first row names no column"),
        ("a.html", b"<p>" + b"<div>" * 5000, "a.html: its tags nest deeper than 2048"),
        ("a.xml", b'<?xml version="1.0"?>\n<opml version="2.0"/>', "a.xml: is XML"),
        ("a.warc", b"WARC/1.0\r\nWARC-Type: warcinfo\r\n", "a.warc!/byte 0: its length ''"),
        ("a.md", b"![](x.png)\n", "a.md:1: has no text"),
    ],
)
def test_a_bad_file_is_one_message(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    """Empty, binary, broken, too deep, of no known format: file, line and reason."""
    (tmp_path / name).write_bytes(data)
    (tmp_path / "z.jsonl").write_bytes(LINES)
    found = [text for text in messages(tmp_path) if text.startswith(name)]
    assert len(found) == 1
    assert found[0].startswith(message)
    assert "A title" in titles(tmp_path)


def test_line_seven_is_broken(tmp_path: Path) -> None:
    """Eight of nine lines are posts; the broken one is named with its line."""
    (tmp_path / "a.jsonl").write_bytes(LINES * 6 + b'{"title": oops}\n' + LINES * 2)
    assert messages(tmp_path) == ["a.jsonl:7: broken JSON: Expecting value at column 11"]
    assert len(titles(tmp_path)) == 8


def test_a_truncated_archive_keeps_its_start(tmp_path: Path) -> None:
    """Posts before the cut are given, and the cut is named with the line it fell on."""
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(LINES * 5000)[:-40])
    count = len(titles(tmp_path))
    assert count > 1000
    assert messages(tmp_path) == [
        f"a.jsonl.gz:{count + 1}: its gzip data is cut short; fetch the file again"
    ]


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.gz", "a.html.gz", "a.txt.gz", "a.json.gz"])
def test_a_bomb_is_stopped_in_every_format(tmp_path: Path, name: str) -> None:
    """No reader expands an archive without bound."""
    start = {"a.csv.gz": b"title,text\n", "a.html.gz": b"<p>", "a.jsonl.gz": LINES}.get(name, b"")
    stuff = start + b"x" * 40 * 2**20
    (tmp_path / name).write_bytes(gzip.compress(stuff, 9))
    (message, *_) = messages(tmp_path)
    assert message.startswith(name)
    assert "200 times its size" in message or "longer than 16 MiB" in message


def test_wrong_and_mixed_encodings_are_read_with_notes(tmp_path: Path) -> None:
    """What is doubtful is said in the post's notes, not thrown away."""
    (tmp_path / "a.md").write_bytes("# Заголовок\n\nПраво на свободу слова.\n".encode("cp1251"))
    (tmp_path / "b.md").write_bytes("# Élan\n\ndéjà vu, là-bas ".encode() + b"caf\xe9\n")
    guessed, mixed = (item for item in read(tmp_path) if isinstance(item, Post))
    assert (guessed.title, guessed.provenance.encoding) == ("Заголовок", "cp1251")
    assert "guess" in guessed.notes[0]
    assert mixed.paragraphs == ("déjà vu, là-bas café",)
    assert mixed.notes[0].startswith("1 byte that is not valid UTF-8, the first on line 3")


def test_a_folder_without_posts_says_so(tmp_path: Path) -> None:
    """An empty run is an answer too."""
    (tmp_path / "README.md").write_text("about", encoding="utf-8")
    first, _ = read(tmp_path)
    assert first == Skipped("README.md", "about the folder, not a post")
    (message,) = messages(tmp_path)
    assert message == f"{tmp_path.name}: there is no post in this folder (0 files were read)"


def test_a_loop_of_links_is_no_loop(tmp_path: Path) -> None:
    """The one post is read once."""
    (tmp_path / "a.jsonl").write_bytes(LINES)
    (tmp_path / "self").symlink_to(tmp_path)
    assert titles(tmp_path) == ["A title"]


def test_a_file_that_vanishes_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its digest and its reading a large file may go; a small one is kept."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(LINES)
    sources = [item for item in ingest.iter_sources(tmp_path) if isinstance(item, Source)]
    monkeypatch.setattr(files, "KEPT_BYTES", 0)
    sources += [item for item in ingest.iter_sources(tmp_path) if isinstance(item, Source)]
    path.unlink()
    kept, gone = ([*read_file(source)] for source in sources)
    assert all(isinstance(item, Post) for item in kept)
    assert list(map(str, gone)) == ["a.jsonl: is gone; was it moved meanwhile?"]


class Failing(io.BytesIO):
    """A file of which only the first lines can be read."""

    def readline(self, size: int | None = -1, /) -> bytes:
        """Give what there is, then fail as a broken disk does."""
        line = super().readline(size)
        if not line:
            raise OSError(5, "Input/output error")
        return line

    def peek(self, size: int = 0, /) -> bytes:
        """Show the start, as a buffered file does."""
        return self.getvalue()[:size]


def test_a_file_that_breaks_off_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk error in the middle ends this file, with its name, and no other."""
    (tmp_path / "a.jsonl").write_bytes(LINES)
    (tmp_path / "b.jsonl").write_bytes(LINES)

    def opened(source: Source) -> IO[bytes]:
        return Failing(LINES * 3) if source.name == "a.jsonl" else open_bounded(source)

    monkeypatch.setattr(line_stream, "open_bounded", opened)
    assert messages(tmp_path) == ["a.jsonl: cannot be read: Input/output error"]
    assert len(titles(tmp_path)) == 4


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PermissionError(13, "Permission denied"), "may not be read; check its permissions"),
        (IsADirectoryError(21, "Is a directory"), "cannot be read: Is a directory"),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), "cannot be decoded"),
        (RecursionError("deep"), "nests too deeply to be read"),
        (MemoryError(), "is too large for this machine's memory"),
        (EOFError("short"), "its compressed data is damaged"),
        (ReadError("a.jsonl", "is odd", line=3), "is odd"),
    ],
)
def test_what_the_world_does_wrong_is_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    """The records before it are kept, the file is named, and it is the file's end."""

    def reader(_: Source) -> Iterator[Record]:
        yield Draft(("kept",))
        raise error

    monkeypatch.setitem(READERS, "jsonl", reader)
    (tmp_path / "a.jsonl").write_bytes(LINES)
    kept, found = read(tmp_path)
    assert isinstance(kept, Post)
    assert isinstance(found, ReadError)
    assert found.fatal
    assert found.source == "a.jsonl"
    assert found.reason.startswith(message)


@pytest.mark.parametrize("error", [TypeError, KeyError, AttributeError, ValueError, IndexError])
def test_what_the_program_does_wrong_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """A bug must not look like a bad file."""

    def reader(_: Source) -> Iterator[Record]:
        raise error("a bug")
        yield Draft(("never",))

    monkeypatch.setitem(READERS, "jsonl", reader)
    (tmp_path / "a.jsonl").write_bytes(LINES)
    with pytest.raises(error, match="a bug"):
        list(read(tmp_path))


def test_permission_bits_are_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that the user may not read is named."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(LINES)

    # Permission bits do not stop root, as whom tests may well run.
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("rights_search.ingest.files._opened", refuse)
    assert messages(tmp_path)[0] == "a.jsonl: may not be read; check its permissions"


STARTS: list[Callable[[bytes], bytes]] = [
    lambda data: data,
    lambda data: b"---\n" + data,
    lambda data: b"+++\n" + data,
    lambda data: b"<html>" + data,
    lambda data: b'{"title": "x"}\n' + data,
    lambda data: b"[" + data,
    lambda data: b"title,text\n" + data,
    lambda data: b"\xff\xfe" + data,
    lambda data: b"Menu\n\n    May 5, 2001\n\n" + data,
    lambda data: gzip.compress(b'{"title": "x"}\n' + data)[:-5],
]


@settings(max_examples=200)
@given(
    name=st.sampled_from(["a", "a.md", "a.json", "a.jsonl", "a.csv", "a.tsv", "a.html", "a.txt"]),
    start=st.sampled_from(STARTS),
    data=st.binary(max_size=200)
    | st.text(alphabet="ab1: -\n\t<>/{}[]\",'&;=*#é", max_size=200).map(str.encode),
)
def test_no_file_makes_the_ingester_fail(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    start: Callable[[bytes], bytes],
    data: bytes,
) -> None:
    """Whatever stands in a file of whatever name: posts, errors and reasons, no traceback."""
    path = tmp_path_factory.mktemp("bad") / name
    path.write_bytes(start(data))
    items = list(read(path))
    assert items
    for item in items:
        assert isinstance(item, (Post, ReadError, Skipped))
        if isinstance(item, ReadError):
            assert str(item).startswith(name)
            assert "\n" not in str(item)
