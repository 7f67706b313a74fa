"""Opening the source of a hit: what may be opened, and how."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rights_search import Archive, Post, RightsSearchError
from rights_search.__main__ import main
from rights_search.cli.sources import source_of
from rights_search.post import Provenance

OPENED = "opened.txt"


def a_post(path: str, url: str | None = None) -> Post:
    """Return a post of a file."""
    origin = Provenance(path, "0" * 64, "plain", line_start=3)
    return Post(id="0" * 12, title="T", paragraphs=("Text.",), url=url, provenance=origin)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a folder with documents, a program and a file outside of it."""
    folder = tmp_path / "corpus"
    (folder / "sub").mkdir(parents=True)
    for name in ("a b.txt", "sub/-x.HTML", "run.sh", "run.desktop", "none"):
        (folder / name).write_text("Text.\n")
    (tmp_path / "outside.txt").write_text("Secret.\n")
    return folder


@pytest.mark.parametrize("name", ["a b.txt", "sub/-x.HTML"])
def test_a_document_of_the_corpus_is_opened(corpus: Path, name: str) -> None:
    """Its file goes before its address."""
    assert source_of(a_post(name, "https://example.org/"), str(corpus)) == corpus / name


def test_a_corpus_of_one_file(corpus: Path) -> None:
    """There the corpus is the file."""
    file = corpus / "a b.txt"
    assert source_of(a_post("a b.txt"), str(file)) == file


@pytest.mark.parametrize("name", ["run.sh", "run.desktop", "none"])
def test_what_may_be_a_program_is_not_opened(corpus: Path, name: str) -> None:
    """The message says where it is."""
    with pytest.raises(RightsSearchError, match="does not say that it is a document") as caught:
        source_of(a_post(name), str(corpus))
    assert str(corpus / name) in str(caught.value)


@pytest.mark.parametrize("name", ["../outside.txt", "sub/../../outside.txt", "gone.txt", "sub"])
def test_what_is_not_in_the_corpus_is_not_opened(corpus: Path, name: str) -> None:
    """An index may name any path: one that leads out of the corpus is as good as none."""
    with pytest.raises(RightsSearchError, match=r"is not in .* any more"):
        source_of(a_post(name), str(corpus))
    with pytest.raises(RightsSearchError, match="any more"):
        source_of(a_post(str(corpus.parent / "outside.txt")), str(corpus))
    address = "https://example.org/1"
    assert source_of(a_post(name, address), str(corpus)) == address


@pytest.mark.parametrize("folder", ["", "corpus", "./"])
def test_a_corpus_without_a_place_holds_no_file(folder: str) -> None:
    """A relative path would mean another file in another folder."""
    with pytest.raises(RightsSearchError, match="any more"):
        source_of(a_post("a b.txt"), folder)


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "javascript:alert(1)", "ftp://example.org/", "//example.org", "https://",
     "-o", "smb://example.org/x", "http://[", "/etc/passwd", " https://"],
)  # fmt: skip
def test_only_addresses_of_the_web_are_opened(corpus: Path, address: str) -> None:
    """No other scheme, and nothing that is an option or a file to the program."""
    with pytest.raises(RightsSearchError, match="no address of the web"):
        source_of(a_post("gone.txt", address), str(corpus))


def test_an_address_is_escaped(corpus: Path) -> None:
    """What means something to a shell or a terminal means nothing in it."""
    told = "https://example.org/a b?q='$(x)'&r=\x1b\"`;é#%20"
    address = source_of(a_post("gone.txt", told), str(corpus))
    assert address == "https://example.org/a%20b?q=%27%24%28x%29%27&r=%1B%22%60;%C3%A9#%20"


def test_where_a_capture_was_got_from_will_do(corpus: Path) -> None:
    """A record of a web archive has an address though its post has none."""
    post = a_post("gone.txt")
    origin = replace(post.provenance, uri="http://example.org/")
    assert source_of(replace(post, provenance=origin), str(corpus)) == "http://example.org/"


@pytest.fixture
def index(corpus: Path) -> Path:
    """Return an index of two of the documents."""
    (corpus / "a b.txt").write_text("A strike of miners.\n")
    (corpus / "sub" / "-x.HTML").write_text("<title>Strike</title><p>A strike of teachers.</p>")
    folder = corpus.parent / "index"
    with Archive.create(folder) as archive:
        archive.sync(corpus)
    return folder


@pytest.fixture
def opener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Path]:
    """Return a function that makes a desktop's opener which ends with a code."""

    def make(code: int) -> Path:
        name = "open" if sys.platform == "darwin" else "xdg-open"
        program = tmp_path / "bin" / name
        program.parent.mkdir()
        log = tmp_path / OPENED
        program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > "{log}"\nexit {code}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        return log

    return make


@pytest.mark.skipif(os.name != "posix", reason="Windows opens by itself")
def test_a_hit_is_opened_by_its_number(
    index: Path, opener: Callable[[int], Path], capfd: pytest.CaptureFixture[str]
) -> None:
    """The program gets one argument, no shell; what is opened is said."""
    log = opener(0)
    query = ["query", "teachers", "--index", str(index)]
    assert main([*query, "--open", "1"]) == 0
    file = index.parent / "corpus" / "sub" / "-x.HTML"
    assert log.read_text() == f"{file}|"
    assert capfd.readouterr().out.startswith(f"Source: {file}, line ")
    assert main([*query, "--open", "5"]) == 2
    assert "There is no hit 5: the query has 1" in capfd.readouterr().err
    assert main(["query", "zebra", "--index", str(index), "--open", "1"]) == 1
    assert main([*query, "--open", "1", "--json"]) == 2
    assert "nothing is shown" in capfd.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="Windows opens by itself")
def test_an_opener_that_fails_is_said(
    index: Path, opener: Callable[[int], Path], capfd: pytest.CaptureFixture[str]
) -> None:
    """With what it should have opened."""
    opener(3)
    with Archive.open(index) as archive:
        (hit,) = archive.search("miners")
    assert main(["show", hit.post.id, "--open", "--index", str(index)]) == 2
    assert f"could not open it: {index.parent / 'corpus' / 'a b.txt'}" in capfd.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="Windows opens by itself")
def test_without_a_desktop_the_source_is_named(
    index: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """So that it can be opened by hand."""
    monkeypatch.setenv("PATH", "/nowhere")
    assert main(["query", "miners", "--index", str(index), "--open", "1"]) == 2
    shown = capfd.readouterr()
    file = index.parent / "corpus" / "a b.txt"
    assert shown.out == f"Source: {file}, line 1\n"
    assert f"open it yourself: {file}" in shown.err
