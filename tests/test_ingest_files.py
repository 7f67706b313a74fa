"""Walking a corpus folder."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from rights_search.errors import ReadError
from rights_search.ingest import (
    Listed,
    Skipped,
    Source,
    iter_sources,
    list_files,
    open_source,
)
from rights_search.ingest.bounded import read_bytes
from rights_search.ingest.files import why_no_post


def names(root: Path) -> list[str]:
    """Return the names of the sources below ``root``, in order."""
    return [found.name for found in iter_sources(root) if isinstance(found, Source)]


def skipped(root: Path) -> dict[str, str]:
    """Return the reasons by name for what was left out below ``root``."""
    return {found.name: found.reason for found in iter_sources(root) if isinstance(found, Skipped)}


def errors(root: Path) -> list[str]:
    """Return the messages of what could not be read below ``root``."""
    return [str(found) for found in iter_sources(root) if isinstance(found, ReadError)]


def write(path: Path, text: str = "text") -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_folders_are_walked_in_one_order(tmp_path: Path) -> None:
    """Files of a folder come before its folders, both by name, however they were made."""
    for name in ("b/z.md", "b/a.md", "a/deep/er/x.txt", "c.csv", "a.md"):
        write(tmp_path / name)
    assert names(tmp_path) == ["a.md", "c.csv", "a/deep/er/x.txt", "b/a.md", "b/z.md"]


def test_a_source_knows_its_bytes(tmp_path: Path) -> None:
    """The digest is that of the bytes on disk, and compression shows by content, not by name."""
    path = write(tmp_path / "plain.gz", "not compressed")
    (source,) = iter_sources(path)
    assert isinstance(source, Source)
    assert source.sha256 == hashlib.sha256(b"not compressed").hexdigest()
    assert (read_bytes(source), source.name) == (b"not compressed", "plain.gz")


def test_listing_reads_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes and times come from the folder alone."""
    path = write(tmp_path / "x.txt", "four")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr("rights_search.ingest.files._opened", refuse)
    (found,) = list_files(tmp_path)
    assert (found.name, found.size) == ("x.txt", 4)  # type: ignore[union-attr]
    assert found.mtime_ns == path.stat().st_mtime_ns  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "is_post"),
    [
        ("README.md", False),
        ("readme.fr.txt", False),
        ("LICENSE", False),
        ("LICENSE-CC-BY", False),
        ("license-to-kill.md", True),
        ("licence.html", False),
        (".hidden.md", False),
        ("draft.md~", False),
        ("_index.md", True),
        ("2020-togo__index.md", True),
        ("photo.JPG", False),
        ("_config.yml", False),
        ("style.css", False),
        ("notes.rst", True),
        ("report.pdf", True),
        ("Thumbs.db", False),
        ("~$report.docx", False),
        ("~WRL0001.tmp", False),
        ("Icon\r", False),
        ("Shortcut to press.lnk", False),
        ("press.url", False),
        ("no-suffix", True),
    ],
)
def test_names_that_hold_no_post(name: str, *, is_post: bool) -> None:
    """Notes about the folder, hidden files, pictures and programs are left out by name."""
    assert (why_no_post(name) is None) is is_post


def test_what_is_left_out_is_named(tmp_path: Path) -> None:
    """A hidden folder is one line, not one for each of its thousand files."""
    write(tmp_path / ".git" / "config")
    write(tmp_path / ".git" / "HEAD")
    write(tmp_path / "README.md")
    write(tmp_path / "post.md")
    assert skipped(tmp_path) == {".git": "hidden", "README.md": "about the folder, not a post"}
    assert names(tmp_path) == ["post.md"]


def test_a_file_that_is_asked_for_is_read(tmp_path: Path) -> None:
    """The name of a file that the user points at is no reason to leave it out."""
    assert names(write(tmp_path / "README.md")) == ["README.md"]


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    """Each real folder is walked once, and a link to it is left out by name."""
    write(tmp_path / "a" / "x.md")
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "a" / "here").symlink_to(".")
    (tmp_path / "again.md").symlink_to("a/x.md")
    assert names(tmp_path) == ["a/x.md"]
    assert skipped(tmp_path) == dict.fromkeys(
        ["a/here", "a/up", "again.md"], "a link to what is read already"
    )


def test_links_out_of_the_folder_are_followed_once(tmp_path: Path) -> None:
    """A linked folder is read under the name of the link, behind the real files, if asked for."""
    write(tmp_path / "store" / "x.md")
    corpus = tmp_path / "corpus"
    write(corpus / "z.md")
    (corpus / "a").symlink_to(tmp_path / "store")
    (corpus / "b").symlink_to(tmp_path / "store")
    found = list(list_files(corpus, follow_links=True))
    assert [item.name for item in found if isinstance(item, Listed)] == ["z.md", "a/x.md"]
    assert [item.name for item in found if isinstance(item, Skipped)] == ["b"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    """A corpus from elsewhere could name any file of the machine; each link is named."""
    write(tmp_path / "store" / "x.md")
    corpus = tmp_path / "corpus"
    write(corpus / "in" / "z.md")
    (corpus / "folder").symlink_to("../store")
    (corpus / "in" / "file.md").symlink_to(tmp_path / "store" / "x.md")
    assert names(corpus) == ["in/z.md"]
    reason = "a link that leads out of the folder; --follow-links reads it"
    assert skipped(corpus) == dict.fromkeys(["folder", "in/file.md"], reason)


def test_links_within_the_folder_are_followed(tmp_path: Path) -> None:
    """What stands in the corpus may be reached by a link, and the corpus itself too."""
    write(tmp_path / "corpus" / ".store" / "x.md")
    (tmp_path / "corpus" / "a").symlink_to(".store")
    (tmp_path / "shortcut").symlink_to("corpus")
    assert names(tmp_path / "corpus") == names(tmp_path / "shortcut") == ["a/x.md"]


def test_links_to_nothing_are_errors(tmp_path: Path) -> None:
    """A broken link and a link to itself are named."""
    (tmp_path / "gone").symlink_to("nowhere")
    (tmp_path / "self").symlink_to("self")
    gone, itself = errors(tmp_path)
    assert gone == "gone: is a link to nothing"
    assert itself.startswith("self: cannot be read")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
@pytest.mark.parametrize("size", [5, 2 << 20])
@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_what_was_a_file_when_it_was_listed_may_be_none(
    size: int, kind: str, tmp_path: Path
) -> None:
    """It is named, and nobody waits for what a pipe will say."""
    file = tmp_path / "a.txt"
    file.write_bytes(b"x" * size)
    (listed,) = list_files(tmp_path)
    file.unlink()
    os.mkfifo(file) if kind == "pipe" else file.mkdir()
    assert isinstance(listed, Listed)
    found = open_source(listed)
    assert isinstance(found, ReadError)
    assert found.reason == "cannot be read: it is no plain file any more"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    """To open a pipe that nobody writes to would wait for ever."""
    os.mkfifo(tmp_path / "pipe")
    assert skipped(tmp_path) == {"pipe": "a device, pipe or socket"}
    assert errors(tmp_path / "pipe") == ["pipe: is neither a file nor a folder"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A typing error in a path is answered with the path."""
    assert errors(tmp_path / "corpsu") == ["corpsu: there is no such file or folder"]


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No permission is one error with the file's name, and the walk goes on."""
    write(tmp_path / "a.md")
    write(tmp_path / "b.md")
    real = os.open

    def refuse(path: Path, *rest: int) -> int:
        if Path(path).name == "a.md":
            raise PermissionError(13, "Permission denied")
        return real(path, *rest)

    monkeypatch.setattr(os, "open", refuse)
    assert errors(tmp_path) == ["a.md: may not be read; check its permissions"]
    assert names(tmp_path) == ["b.md"]


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same holds for a folder."""
    write(tmp_path / "a" / "x.md")
    write(tmp_path / "b" / "y.md")
    real = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert errors(tmp_path) == ["a: may not be read; check its permissions"]
    assert names(tmp_path) == ["b/y.md"]


def test_a_name_that_is_no_unicode(tmp_path: Path) -> None:
    """Bytes of a name that cannot be decoded are spelt out, and the file is still read."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md"))
    try:
        path.write_text("text", encoding="utf-8")
    except OSError:
        pytest.skip("this file system only takes Unicode names")
    assert names(tmp_path) == ["caf\\xe9.md"]


def test_deep_folders_are_no_recursion(tmp_path: Path) -> None:
    """Folders that nest deep do not exhaust the stack."""
    deep = tmp_path.joinpath(*["d"] * 400)
    write(deep / "x.md")
    (name,) = names(tmp_path)
    assert name.count("/") == 400
