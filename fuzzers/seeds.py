"""What fuzzing begins with: files that are read well, so that mutation reaches deep at once."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from pickle import dumps
from tempfile import TemporaryDirectory

from benchmarks.hard_queries import PARSED
from rights_search import Archive
from rights_search.engines.whoosh.storage import CompoundFiles, MemoryStorage
from rights_search.errors import IndexUnavailableError, ReadError
from rights_search.indexing import manifest
from rights_search.indexing.manifest import FileEntry, Manifest
from rights_search.ingest.files import iter_sources
from rights_search.ingest.sniffing import sniff
from rights_search.ingest.source import Source

REPOSITORY = Path(__file__).resolve().parent.parent
CASES = REPOSITORY / "tests" / "fixtures" / "fuzz"
"""For each target a folder of what once went wrong, and a ZIP of what fuzzing reached."""

_KEPT_BYTES = 48 * 1024

_FIXTURES = REPOSITORY / "tests" / "fixtures"
_MAX_BYTES = 64 * 1024
_QUERIES = (
    'title:"right to life"~5 -moratorium OR (country:RU,UA^2 near:5 tortur*)',
    "year:2013..2019 date:>=2014-02 is:copy prison~2 Чечня^0.5 word@root",
)
_DATES = (
    "Posted on Monday, 24 March 2014 at 10:00 | News", "2014-02-05T10:00:00+03:00", "24.03.2014",
    "le 1er février 2014", "5 марта 2014 г.", "last-30-days", ">=2014-02", "2013..2019",
)  # fmt: skip
_SETTINGS = (
    'country = "RU"\nlanguage = "ru"\nday-first = true\n[readers]\n"*.txt" = "listing"\n',
    '[themes.nets]\nlabel = "Nets"\nterms.en.strong = ["(mobile|network) blackout", "throttl*"]\n',
)
_ALIASES = {
    "groups": [
        {"id": "a-b", "kind": "term", "sources": ["x"], "forms": ["one", {"text": "two words"}]}
    ]
}
_SHEET = (
    '{"1": "Statements"}\n\n{"0": "title", "1": "date", "4": "text"}\n'
    '{"0": "A title", "1": "2014-03", "4": "One.\\n\\nTwo.", "9": "aside"}\n'
)
_WATCHES = {
    "form": 1,
    "watches": [{"name": "egypt", "query": "torture", "options": {"country": ["Egypt"]}}],
}


def seeds(target: str) -> Iterator[bytes]:
    """Yield what a target begins with: ours, the cases that were found, what was reached."""
    yield from _made(target)
    folder = CASES / target
    if folder.is_dir():
        yield from (path.read_bytes() for path in sorted(folder.iterdir()))
    kept = _kept(target)
    if kept.exists():
        with zipfile.ZipFile(kept) as archive:
            yield from map(archive.read, archive.namelist())


def keep(target: str, inputs: Iterable[bytes]) -> None:
    """Keep what fuzzing reached for the next time and for the tests, the smallest of it."""
    own = {*_made(target)}
    size = 0
    with zipfile.ZipFile(_kept(target), "w") as archive:
        for data in sorted(set(inputs) - own, key=lambda data: (len(data), data)):
            size += len(data)
            if size > _KEPT_BYTES:
                break
            # Without a time: the same inputs are the same file.
            entry = zipfile.ZipInfo(sha256(data).hexdigest()[:16])
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)


def _kept(target: str) -> Path:
    return CASES / f"{target}.zip"


def _made(target: str) -> Iterable[bytes]:
    if target in _MADE:
        return _MADE[target]()
    return _by_reader().get(target.removeprefix("read-"), ()) or _of_an_index()


def _texts(*texts: str) -> Callable[[], Iterable[bytes]]:
    return lambda: [text.encode() for text in texts]


@cache
def _by_reader() -> Mapping[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for folder in (REPOSITORY / "corpus", _FIXTURES / "ingest", _FIXTURES / "listing"):
        for source in iter_sources(folder):
            if isinstance(source, Source) and source.stored_size() <= _MAX_BYTES:
                try:
                    found.setdefault(sniff(source), []).append(source.path.read_bytes())
                except ReadError:
                    continue
    return found


@cache
def _of_an_index() -> tuple[bytes, ...]:
    """Return the files of an index of few posts."""
    with TemporaryDirectory() as folder:
        index = Path(folder, "index")
        with Archive.create(index) as archive:
            archive.sync(_FIXTURES / "cli" / "corpus")
        return tuple(_small(path.read_bytes() for path in sorted(index.iterdir())))


@cache
def _of_segments() -> tuple[bytes, ...]:
    """Return the files within those files: tables, postings, columns."""
    storage = MemoryStorage()
    found = []
    for data in _of_an_index():
        storage.put("case", data)
        with suppress(IndexUnavailableError, UnicodeDecodeError):
            compound = CompoundFiles(storage.open_file("case"), "MAIN_")
            found += [compound.open_file(name).read() for name in compound.list()]
    return tuple(_small(found))


def _small(files: Iterable[bytes]) -> Iterator[bytes]:
    return (data for data in files if 0 < len(data) <= _MAX_BYTES)


def _blocks() -> Iterator[bytes]:
    """Yield posting blocks in our own protocol and in that of stock Whoosh."""
    lists = ([3, 1], [4], [7])
    values = tuple(len(one).to_bytes(4, "big") + dumps(one, 2) for one in lists)
    heading = dumps((3, 9, 2.0, 0, 1, 2), 2)
    for weights in (None, 1.5, (1.0, 2.0, 1.5)):
        for protocol in (2, 4):
            yield heading + dumps(((2, 3, 4), weights, values), protocol)


def _manifests() -> Iterator[bytes]:
    """Yield a manifest, and the same as older versions wrote it: one object, without checksums."""
    moment = "2014-02-05T10:00:00+00:00"
    problems = (("a.zip/b.md", 1, "no text", True),)
    entry = FileEntry(9, 1, "ab", "read", {"id": "digest"}, problems, ("markdown",), 1)
    with TemporaryDirectory() as folder:
        manifest.write(Path(folder), Manifest("whoosh", 1, "/a", moment, moment, {"a.zip": entry}))
        written = manifest.path_of(Path(folder), 1).read_bytes()
    yield written
    head, files = map(json.loads, written.splitlines())
    del head["checksum"]
    yield json.dumps({**head, "files": files}).encode()


def _zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/note.md", "# A note\n\n2014-02-05\n\nIts text.\n")
        archive.writestr("b.jsonl", '{"title": "A title", "text": "A text."}\n')
    return target.getvalue()


def _tarred() -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        text = b"# A note\n\n2014-02-05\n\nIts text.\n"
        entry = tarfile.TarInfo("a/note.md")
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
    return target.getvalue()


_MADE: Mapping[str, Callable[[], Iterable[bytes]]] = {
    "read-zip": lambda: [_zipped()],
    "read-tar": lambda: [_tarred()],
    "read-sheet": _texts(_SHEET),
    "dates": _texts(*_DATES),
    "queries": _texts(*_QUERIES, *PARSED.values()),
    "settings": _texts(*_SETTINGS),
    "vocabularies": _texts(*_SETTINGS),
    "aliases": _texts(json.dumps(_ALIASES)),
    "watches": _texts(json.dumps(_WATCHES)),
    "manifests": _manifests,
    "blocks": _blocks,
    "columns": lambda: (bytes([7]) + data for data in _of_segments()),
    "pickles": lambda: (*_of_segments(), *_blocks()),
    "terms": _of_segments,
}
"""What else targets begin with than files of the corpus or of an index."""
