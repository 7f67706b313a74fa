"""An index from a stranger: what stock Whoosh would run is refused, in one line that names it."""

from __future__ import annotations

import os
import pickle
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partialmethod
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from whoosh.codec.whoosh3 import W3TermInfo
from whoosh.fields import Schema
from whoosh.util.varints import varint

from rights_search import Archive
from rights_search.cli.app import main
from rights_search.engines.whoosh import (
    blocks,
    contents,
    encoding,
    inverter,
    posts_column,
    segment_writing,
    table_writing,
)
from rights_search.engines.whoosh.schema import make_schema
from rights_search.engines.whoosh.segment import Segment
from rights_search.engines.whoosh.writing import WhooshWriter
from rights_search.errors import IndexUnavailableError, RightsSearchError
from rights_search.index_files import is_on_network
from rights_search.json_text import read_json
from rights_search.links.relations import Cluster, Links, to_bytes
from rights_search.watches import file as watch_file

POST = "# Ill-treatment\n\n2014-02-05\n\nThey spoke of torture in prison, and of prison again.\n"

STOCK = """
import sys
sys.modules["rights_search"] = None
from whoosh import index
from whoosh.query import Phrase
found = index.open_dir(sys.argv[1])
with found.searcher() as searcher:
    for hit in searcher.search(Phrase("body", ["torture", "in", "prison"])):
        found.reader().column_reader("post")[hit.docnum]
"""


@dataclass(frozen=True)
class Exploit:
    """What makes a file when it is unpickled."""

    marker: Path

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (str(self.marker), "w")


Patch = Callable[[pytest.MonkeyPatch, Exploit], None]


def in_schema(patch: pytest.MonkeyPatch, exploit: Exploit) -> None:
    """The schema, in the table of contents."""

    def to_bytes(schema: Schema, *more: Any) -> bytes:
        schema.exploit = exploit
        table: bytes = honest(schema, *more)
        return table

    honest = contents.to_bytes
    patch.setattr(contents, "to_bytes", to_bytes)


def in_segments(patch: pytest.MonkeyPatch, exploit: Exploit) -> None:
    """The list of segments, in the table of contents."""

    def stock(segment: Segment) -> Any:
        made = honest(segment)
        made.exploit = exploit
        return made

    honest = Segment.stock
    patch.setattr(Segment, "stock", stock)


def in_old_contents(patch: pytest.MonkeyPatch, exploit: Exploit) -> None:
    """A table of contents of an older Whoosh, which has a reader of its own."""
    evil = pickle.dumps(exploit, 2)
    head = b"\4\x08\4" + struct.pack("!ii", -12345, -110) + b"\2\1\0"
    patch.setattr(contents, "to_bytes", lambda *_: head + varint(len(evil)) + evil)


def in_compound_directory(patch: pytest.MonkeyPatch, exploit: Exploit) -> None:
    """The directory of a compound file."""
    _with(patch, segment_writing, {"MAIN_evil": exploit})


def in_term_table(patch: pytest.MonkeyPatch, exploit: Exploit) -> None:
    """The extras of the hash table of terms."""
    _with(patch, table_writing, {"exploit": exploit})


def _with(patch: pytest.MonkeyPatch, module: Any, more: dict[str, Exploit]) -> None:
    def dumps(value: dict[str, Any], protocol: int) -> bytes:
        return pickle.dumps({**value, **more}, protocol)

    patch.setattr(module, "dumps", dumps)


def in_inlined_postings(patch: pytest.MonkeyPatch, exploit: Exploit) -> None:
    """Postings that stand in the row of their term."""

    def encoded(*_: Any) -> tuple[bytes, bytes]:
        row: bytes = W3TermInfo._struct.pack(1, 1.0, 1, 1, 1, 1.0, 0, 0)  # noqa: SLF001
        return b"", row + pickle.dumps(exploit, 2)

    patch.setattr(inverter, "encoded", encoded)


def in_block_heading(patch: pytest.MonkeyPatch, exploit: Exploit) -> None:
    """The heading of a block of postings."""
    patch.setattr(encoding, "_heading", lambda *_: pickle.dumps(exploit, 2))


def in_block(patch: pytest.MonkeyPatch, exploit: Exploit) -> None:
    """A block of postings."""
    patch.setattr(encoding, "_packed_documents", lambda _: pickle.dumps(exploit, 2)[:-1])


def in_positions(patch: pytest.MonkeyPatch, exploit: Exploit) -> None:
    """The positions of a posting."""

    def with_positions(documents: Any, counts: Any, _: Any) -> encoding.Postings:
        value = blocks.pushed(b"\0\0\0\1" + pickle.dumps(exploit, 2))
        return encoding.Postings(documents, counts, [value] * len(documents))

    patch.setattr(inverter, "with_positions", with_positions)


def in_stored_posts(patch: pytest.MonkeyPatch, exploit: Exploit) -> None:
    """The heading of a block of stored posts."""
    patch.setattr(posts_column, "_header", lambda *_: pickle.dumps(exploit, 2))


PLACES: dict[str, tuple[Patch, str]] = {
    "schema": (in_schema, ".toc"),
    "list of segments": (in_segments, ".toc"),
    "contents of an older Whoosh": (in_old_contents, ".toc"),
    "compound file": (in_compound_directory, ".seg"),
    "hash table": (in_term_table, ".trm"),
    "inlined postings": (in_inlined_postings, ".trm"),
    "heading of a block": (in_block_heading, ".pst"),
    "posting block": (in_block, ".pst"),
    "positions": (in_positions, ".pst"),
    "stored posts": (in_stored_posts, "post.col"),
}


def one_post(folder: Path) -> Path:
    """Return a new corpus of one post."""
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "one.md").write_text(POST)
    return corpus


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a corpus of one post."""
    return one_post(tmp_path)


def crafted(tmp_path: Path, corpus: Path, place: Patch) -> tuple[Path, Path]:
    """Return an index that holds an exploit, whose checksums are right, and what it makes."""
    index, marker = tmp_path / "index", tmp_path / "marker"
    with pytest.MonkeyPatch.context() as patch, suppress(IndexUnavailableError):
        place(patch, Exploit(marker))
        with Archive.create(index) as archive:
            archive.sync(corpus)
    assert not marker.exists(), "pickling it must not run it"
    return index, marker


@pytest.mark.parametrize("name", PLACES)
def test_stock_whoosh_runs_it_and_we_refuse_it(
    name: str, tmp_path: Path, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each pickle of an index is an exploit that works on Whoosh, and a line of ours."""
    place, file = PLACES[name]
    index, marker = crafted(tmp_path, corpus, place)
    capsys.readouterr()
    assert main(["query", '"torture in prison"', "--index", str(index)]) == 2
    shown = capsys.readouterr()
    (line,) = shown.err.splitlines()
    # What names other classes for its fields may be honest, and of another version.
    said = "was made by another version" if name == "schema" else "the index is damaged"
    assert line.startswith(f"rights-search: {index}: {said}")
    assert file in line
    assert f"rights-search index --rebuild CORPUS --index {index}" in line
    assert not shown.out
    assert not marker.exists()
    subprocess.run([sys.executable, "-c", STOCK, index], capture_output=True, check=False)
    assert marker.exists(), "the exploit is none"


@pytest.mark.parametrize("name", PLACES)
def test_nothing_else_that_reads_an_index_runs_it(name: str, tmp_path: Path, corpus: Path) -> None:
    """Adding, removing, merging and rebuilding do not either; a rebuild mends the index."""
    place, _ = PLACES[name]
    index, marker = crafted(tmp_path, corpus, place)
    (corpus / "two.md").write_text(POST.replace("Ill", "Well"))
    (corpus / "one.md").unlink()
    with (
        pytest.MonkeyPatch.context() as patch,
        suppress(IndexUnavailableError),
        Archive.open(index) as archive,
    ):
        patch.setattr(WhooshWriter, "commit", partialmethod(WhooshWriter.commit, optimize=True))
        archive.sync(corpus)
    assert not marker.exists()
    with Archive.open_for_rebuild(index) as archive:
        archive.sync(corpus, rebuild=True)
        assert archive.search('"torture in prison"').total == 1
    assert not marker.exists()


def use(index: Path) -> None:
    """Open an index, search it and bring it in line with its corpus, which has one more post."""
    (index.parent / "corpus" / "two.md").write_text(POST.replace("Ill", "Well"))
    with Archive.open(index) as archive:
        archive.search("torture")
        archive.sync(index.parent / "corpus")


SIDECARS = ["manifest-1.json", "links-1.json", "fingerprints-1.bin", "vocabulary-1.json"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of `honest` and its corpus: they have one place, which the index names."""
    folder = tmp_path_factory.mktemp("honest")
    here = folder / "here"
    here.mkdir()
    themes = folder / "themes.toml"
    themes.write_text('[themes.prisons]\nlabel = "Prisons"\n')
    arguments = [str(one_post(here)), "--index", str(here / "index"), "--themes", str(themes)]
    assert main(["index", *arguments]) == 0
    return here.rename(folder / "kept")


@pytest.fixture
def honest(kept: Path) -> Path:
    """Return an index of one post, with a vocabulary of its own, beside its corpus."""
    here = kept.parent / "here"
    shutil.rmtree(here, ignore_errors=True)
    return Path(shutil.copytree(kept, here)) / "index"


BOMBS: dict[str, Callable[[Path], bytes]] = {
    "pickle": lambda marker: pickle.dumps(Exploit(marker), 2),
    "nesting": lambda _: b"[" * 500_000,
    "empty": lambda _: b"",
    "other values": lambda _: b'{"schema_version": [], "links": 1, "clusters": 5, "themes": 3}',
    "a list": lambda _: b"[1, 2, 3]",
    "a number": lambda _: b"9" * 5000,
}


@pytest.mark.parametrize("sidecar", SIDECARS)
@pytest.mark.parametrize("bomb", BOMBS)
def test_our_own_files_are_refused(sidecar: str, bomb: str, honest: Path, tmp_path: Path) -> None:
    """What is no manifest, no links, no fingerprints and no vocabulary is one error."""
    marker = tmp_path / "marker"
    (honest / sidecar).write_bytes(BOMBS[bomb](marker))
    with pytest.raises(IndexUnavailableError, match=sidecar.partition("-")[0]) as caught:
        use(honest)
    assert "\n" not in str(caught.value)
    assert not marker.exists()


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("manifest-1.json", "indexing.manifest"),
        ("links-1.json", "links.relations"),
        ("watches.json", "watches.file"),
    ],
)
def test_values_of_a_sidecar_have_a_bound(
    name: str, module: str, honest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty megabytes of empty lists are gigabytes of memory."""
    lists = b"[" + b"[]," * 20_000 + b"[]]"
    head = b'{"links":2,"crc32":%d}\n' % crc32(lists) if name.startswith("links") else b""
    (honest / name).write_bytes(head + lists)
    monkeypatch.setattr(
        f"rights_search.{module}.read_json", lambda data, *_: read_json(data, 1_000_000)
    )
    with pytest.raises(RightsSearchError, match="its values would take more than 1,000,000"):
        watch_file.read(honest / name) if name == "watches.json" else use(honest)


@pytest.mark.parametrize("times", [1, 2])
def test_a_post_is_no_copy_of_itself(
    times: int, honest: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cluster that has one post, once or twice, says nothing of it."""
    with Archive.open(honest) as archive:
        (hit,) = archive.search("torture")
    links = Links((Cluster(hit.post.id, ((hit.post.id, 800),) * (times - 1)),))
    (honest / "links-1.json").write_bytes(to_bytes(links))
    for arguments in (["query", "torture"], ["show", hit.post.id], ["query", "is:copy"]):
        # An answer, or one line that says what is wrong with the links.
        code = main([*arguments, "--index", str(honest)])
        told = capsys.readouterr()
        assert (code in {0, 1} and not told.err) or (code == 2 and len(told.err.splitlines()) == 1)
        assert "near-cop" not in told.out


@pytest.mark.parametrize("name", ["MAIN_*.seg", "_MAIN_1.toc", *SIDECARS])
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_only_plain_files_are_opened(name: str, kind: str, honest: Path, tmp_path: Path) -> None:
    """A link to elsewhere, a pipe that never ends or a folder in place of a file is one error."""
    (path,) = honest.glob(name)
    put_in_place(path, kind, tmp_path / "elsewhere")
    with pytest.raises(IndexUnavailableError):
        use(honest)


def put_in_place(path: Path, kind: str, elsewhere: Path) -> None:
    """Move a file or folder elsewhere, and put a link to it, a pipe or a folder in its place."""
    path.rename(elsewhere)
    match kind:
        case "link":
            path.symlink_to(elsewhere)
        case "pipe":
            os.mkfifo(path)
        case _:
            (path / "inner").mkdir(parents=True)


@pytest.mark.parametrize("name", ["", "meta.json", "*.store"])
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_tantivy_opens_only_plain_files(name: str, kind: str, corpus: Path, tmp_path: Path) -> None:
    """A pipe among its files never ended, and who wrote behind a link wrote elsewhere."""
    with Archive.create(tmp_path / "index", engine="tantivy") as archive:
        archive.sync(corpus)
    path = min((tmp_path / "index").glob(f"MAIN.tantivy/{name}".rstrip("/")))
    put_in_place(path, kind, tmp_path / "elsewhere")
    with pytest.raises(IndexUnavailableError):
        Archive.open(tmp_path / "index")


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_parts_of_a_tantivy_index_are_a_folder(kind: str, corpus: Path, tmp_path: Path) -> None:
    """What several processes write stands in one while they write; it is no other thing."""
    index, parts = tmp_path / "index", tmp_path / "index" / "MAIN.tantivy" / "parts"
    with Archive.create(index, engine="tantivy") as archive:
        archive.sync(corpus)
    parts.mkdir(exist_ok=True)
    Archive.open(index).close()
    parts.rmdir()
    if kind == "link":
        parts.symlink_to(tmp_path)
    else:
        os.mkfifo(parts)
    with pytest.raises(IndexUnavailableError, match="parts is no plain file"):
        Archive.open(index)


@pytest.mark.parametrize("segment", ["../../etc/passwd", "/etc/passwd", "a" * 15, "A" * 16])
def test_a_segment_has_a_name_of_ours(segment: str, honest: Path) -> None:
    """No table of contents leads out of the folder."""
    (path,) = honest.glob("_MAIN_1.toc")
    found = contents.from_bytes(path.read_bytes(), 1)
    found.segments[0].segid = segment
    path.write_bytes(contents.to_bytes(make_schema(), found.segments, 1, {}))
    with pytest.raises(IndexUnavailableError, match="no sensible name"):
        Archive.open(honest)


def test_writing_follows_no_link(honest: Path, tmp_path: Path) -> None:
    """A lock that is a link would be written elsewhere."""
    name = "MAIN_WRITELOCK"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "diary.txt").write_text("Kept.")
    (honest / name).unlink(missing_ok=True)
    (honest / name).symlink_to(elsewhere)
    with pytest.raises(IndexUnavailableError, match="link to another place"):
        use(honest)
    assert (elsewhere / "diary.txt").read_text() == "Kept."


def test_an_index_is_private_whatever_the_umask(tmp_path: Path, corpus: Path) -> None:
    """Folders have mode 700 and files 600, also those of a later commit."""
    index = tmp_path / "index"
    before = os.umask(0)
    try:
        with Archive.create(index) as archive:
            archive.sync(corpus)
            (corpus / "two.md").write_text(POST.replace("Ill", "Well"))
            archive.sync(corpus)
    finally:
        os.umask(before)
    assert index.stat().st_mode & 0o777 == 0o700
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in index.iterdir()}
    assert set(modes.values()) == {"0o600"}, modes


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (r"\\machine\share", True),
        ("//machine/share", True),
        (r"\\?\UNC\machine\share", True),
        (r"\\.\pipe\name", True),
        (r"\??\UNC\machine\share", True),
        (r"\\?\C:\corpus", False),
        (r"C:\corpus", False),
        (r"\corpus", False),
        ("", False),
    ],
)
def test_a_path_of_another_machine_is_known(path: str, expected: bool) -> None:
    """Where to look at one sends something; elsewhere two slashes are as good as one."""
    assert is_on_network(path, "nt") is expected
    assert not is_on_network(path, "posix")


def test_a_corpus_on_a_network_that_an_index_names_is_not_looked_at(
    honest: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor opened, and that is said; the same path on the command line is somebody's wish."""
    with Archive.open(honest) as archive:
        corpus = archive.manifest.corpus
        (hit,) = archive.search("torture")
    for module in ("indexing.updating", "indexing.verification", "cli.sources"):
        monkeypatch.setattr(f"rights_search.{module}.is_on_network", corpus.__eq__)
    looked: list[str] = []
    for name in ("stat", "lstat"):
        real = getattr(Path, name)

        def look(path: Path, real: Callable[..., Any] = real, **how: Any) -> Any:
            looked.append(str(path))
            return real(path, **how)

        monkeypatch.setattr(Path, name, look)
    assert main(["check", "--index", str(honest)]) == 1
    assert "is on a network: not looked at" in " ".join(capsys.readouterr().out.split())
    assert main(["show", hit.post.id, "--open", "--index", str(honest)]) == 2
    assert "only the index says so: not opened" in capsys.readouterr().err
    assert main(["index", str(honest.parent / "other"), "--index", str(honest)]) == 2
    (honest.parent / "other").mkdir()
    assert main(["index", str(honest.parent / "other"), "--index", str(honest)]) == 2
    assert "was built from" in capsys.readouterr().err
    assert not [path for path in looked if path.startswith(corpus)]
