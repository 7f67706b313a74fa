"""The manifest: what an index was built from, by whom and when.

One file a commit, ``manifest-<generation>.json``: a line of JSON that says what the index is,
and one with its files, which a search does not read. It is written before the engine commits,
and it counts only when the engine's generation is the one in its name: so the commit of the
engine is the one moment at which both change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

from rights_search import analysis, engines, fields
from rights_search.errors import IndexUnavailableError
from rights_search.index_files import engines_in, open_plain, read_whole, sidecars, write_whole
from rights_search.json_text import read_json
from rights_search.values import dataclass, field, field_names, replace
from rights_search.version import __version__

SCHEMA_VERSION = 2
"""Raised whenever an older index cannot be read or would answer wrongly."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of the corpus at the last sync.

    Args:
        size: bytes on disk.
        mtime_ns: time of its last change, nanoseconds since 1970.
        sha256: hex digest of its bytes.
        state: how it was read and tagged, see `rights_search.indexing.versions`; empty where
            nobody knows.
        posts: id → digest of the post, see `rights_search.indexing.post_digests`.
        readers: names of the readers that gave them, several for an archive.
        problems: reasons of records that were skipped, as (name of the file or of a
            member of it, line or None, reason, is_failure).
        unclear_dates: posts of whose dates only the year is certain, for day and month
            could be either way round.
    """

    size: int
    mtime_ns: int
    sha256: str
    state: str = ""
    posts: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[tuple[str, int | None, str, bool], ...] = ()
    readers: tuple[str, ...] = ()
    unclear_dates: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `Archive.sync` remembers of an index.

    Args:
        engine: name of the engine.
        generation: the engine's commit that this manifest belongs to.
        corpus: absolute path of the folder or file that was synced.
        created, updated: UTC, ISO 8601, to the second.
        files: path relative to the corpus → entry.
        schema_version, fields_version, analyser_version: what the index was made with.
        program: version of this package.
        vocabulary: fingerprint of the one that posts were tagged with.
    """

    engine: str
    generation: int
    corpus: str
    created: str
    updated: str
    files: Mapping[str, FileEntry] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION
    fields_version: int = fields.VERSION
    analyser_version: int = analysis.VERSION
    program: str = __version__
    vocabulary: str = ""

    def __repr__(self) -> str:
        """Return a line: each file has an entry, and each post a digest in it."""
        held = f"{self.post_count} posts of {len(self.files)} files"
        return f"<Manifest {self.corpus!r}: {held}, {self.engine}, commit {self.generation}>"

    @property
    def post_count(self) -> int:
        """Return how many posts the files hold."""
        return sum(len(entry.posts) for entry in self.files.values())


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a commit that is about to happen."""
    files = _json({name: _record(entry) for name, entry in manifest.files.items()})
    # The counts are for people and other programs; what is read back are the files.
    counts = {"posts": manifest.post_count, "files": len(manifest.files)}
    head = _sealed(_json({"counts": counts, **_record(manifest), "files": crc32(files)}))
    write_whole(path_of(folder, manifest.generation), b"%b\n%b\n" % (head, files))


def _json(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _record(value: Manifest | FileEntry) -> dict[str, Any]:
    return {name: getattr(value, name) for name in field_names(type(value))}


def read(folder: Path, generation: int) -> Manifest:
    """Return the manifest of the engine's commit ``generation``.

    Raises:
        IndexUnavailableError: if it is not there, is damaged or was made by another
            version of this package.
    """
    path = path_of(folder, generation)
    with _guarded(folder, path):
        line, _, rest = read_whole(path).partition(b"\n")
    head, files = _head(folder, path, line)
    with _guarded(folder, path):
        to_ns(head.updated)
        if type(files) is int:
            files = _files(rest.removesuffix(b"\n"), files)
        return replace(head, files={name: _entry(entry) for name, entry in files.items()})


def vocabulary_of(folder: Path, generation: int) -> str:
    """Return the fingerprint of the vocabulary of a commit, without reading the files.

    Raises:
        IndexUnavailableError: as with `read`.
    """
    return _read_head(folder, generation).vocabulary


def _read_head(folder: Path, generation: int) -> Manifest:
    """Return a manifest without its files."""
    path = path_of(folder, generation)
    with _guarded(folder, path):
        with open_plain(path) as stream:
            line = stream.readline(_MAX_HEAD_BYTES)
        if not line.endswith(b"\n"):
            line = read_whole(path)  # an older one is one line, files and all
    return _head(folder, path, line.removesuffix(b"\n"))[0]


_MAX_HEAD_BYTES = 64 * 1024
"""What is said of an index is shorter, also with the longest path to a corpus."""

_MAX_MEMORY = 3 << 30
"""The entries of a million files take two thirds of it by the estimate, and less in truth."""


@contextmanager
def _guarded(folder: Path, path: Path) -> Iterator[None]:
    """Raise for what is wrong with a manifest what names it."""
    try:
        yield
    except FileNotFoundError:
        raise _unavailable(folder, "the index was not written by rights-search") from None
    except (ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError) as error:
        raise _damaged(folder, path, error) from error


def _head(folder: Path, path: Path, line: bytes) -> tuple[Manifest, Any]:
    """Return what a line says, without files, and what it says of them.

    Those are the checksum of the next line, or, in an older manifest, the files.
    """
    with _guarded(folder, path):
        record = read_json(_unsealed(line), _MAX_MEMORY)
        found = record["schema_version"], record["fields_version"], record["analyser_version"]
    current = SCHEMA_VERSION, fields.VERSION, analysis.VERSION
    if found != current:
        versions = ["/".join(map(str, version)) for version in (found, current)]
        what = f"its form is {versions[0]}, this one needs {versions[1]}"
        raise IndexUnavailableError.of_another_version(str(folder), what)
    with _guarded(folder, path):
        files = record.pop("files")
        record.pop("counts", None)
        head = Manifest(**record)
        for name, kind in Manifest.__annotations__.items():
            if kind in _PLAIN and type(getattr(head, name)) is not _PLAIN[kind]:
                raise TypeError(f"{name} is no {kind}")
    return head, files


def _files(line: bytes, checksum: int) -> dict[str, Any]:
    if crc32(line) != checksum:
        raise ValueError("the checksum of its files is wrong")
    files: dict[str, Any] = read_json(line, _MAX_MEMORY)
    return files


_PLAIN = {"str": str, "int": int}


def _entry(record: dict[str, Any]) -> FileEntry:
    entry = FileEntry(
        record["size"],
        record["mtime_ns"],
        record["sha256"],
        record.get("state", ""),
        dict(record["posts"]),
        tuple((at, line, why, bad) for at, line, why, bad in record["problems"]),
        tuple(record.get("readers", ())),
        record.get("unclear_dates", 0),
    )
    numbers = {type(entry.size), type(entry.mtime_ns), type(entry.unclear_dates)}
    texts = {type(entry.sha256), type(entry.state), *map(type, entry.posts.values())}
    texts.update(map(type, entry.readers))
    for at, line, why, bad in entry.problems:
        texts |= {type(at), type(why)}
        if type(bad) is not bool or not (line is None or type(line) is int):
            raise TypeError("a problem is none")
    if numbers != {int} or texts != {str}:
        raise TypeError("a file's entry holds values of other kinds")
    return entry


def _damaged(folder: Path, path: Path, what: object) -> IndexUnavailableError:
    return _unavailable(folder, f"the manifest {path.name} is damaged ({what})")


_SEAL = b'{"checksum":"%08x",'


def _sealed(text: bytes) -> bytes:
    """Return a JSON object with a checksum of all that follows as its first value."""
    rest = text[1:]
    return _SEAL % crc32(rest) + rest


def _unsealed(data: bytes) -> bytes:
    """Return the object that `_sealed` sealed; one without a seal is older.

    Raises:
        ValueError: if the checksum is wrong.
    """
    start = len(_SEAL % 0)
    if not data.startswith(_SEAL[:13]):
        return data
    if data[:start] != _SEAL % crc32(data[start:]):
        raise ValueError("its checksum is wrong")
    return b"{" + data[start:]


def engine_of(folder: Path) -> str:
    """Return the engine of the index in ``folder``, the default if there is none.

    Where one engine takes the place of another, the folder holds files of both until
    the old ones are removed. The one with the newer commit counts, so that the first
    commit of the new one is the moment at which it takes over; until then it is empty.
    """
    found = engines_in(folder)
    if len(found) < 2:  # noqa: PLR2004 - both
        return found[0] if found else engines.DEFAULT
    generations = {name: _newest_commit(folder, name) for name in found}
    newest = max(generations.values())
    names = [name for name in found if generations[name] == newest]
    return names[0] if len(names) == 1 else _read_head(folder, newest).engine


def _newest_commit(folder: Path, engine: str) -> int:
    try:
        return engines.load(engine).open(folder).latest_generation()
    except IndexUnavailableError:
        return -1


def clean(folder: Path, keep: int) -> None:
    """Remove the manifests, and the other sidecars, of commits before ``keep``.

    Later ones stay: another process may have written them and be about to commit.
    """
    for path, generation in sidecars(folder):
        if generation < keep:
            path.unlink(missing_ok=True)


def forget(folder: Path, generation: int) -> None:
    """Remove the sidecars of a commit that did not happen; the lock must be held.

    Those of a process that died as well: the next commit has the number of that one, and
    a vocabulary would be taken for its own.
    """
    for path, number in sidecars(folder):
        if number == generation:
            path.unlink(missing_ok=True)


def path_of(folder: Path, generation: int) -> Path:
    """Return where the manifest of a commit stands."""
    return folder / f"manifest-{generation}.json"


def _unavailable(folder: Path, reason: str) -> IndexUnavailableError:
    hint = f"rebuild it with: rights-search index --rebuild CORPUS --index {folder}"
    return IndexUnavailableError(str(folder), f"{reason}; {hint}")


def now() -> str:
    """Return this moment as a manifest has it: ISO 8601, to the second."""
    import datetime as dt  # noqa: PLC0415 - not for searching

    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def from_ns(moment: int) -> str:
    """Return a moment in nanoseconds of Unix time as a manifest has it."""
    import datetime as dt  # noqa: PLC0415 - as above

    return dt.datetime.fromtimestamp(moment / 1e9, dt.UTC).isoformat(timespec="seconds")


def to_ns(moment: str) -> int:
    """Return a moment of a manifest in nanoseconds of Unix time."""
    import datetime as dt  # noqa: PLC0415 - as above

    return int(dt.datetime.fromisoformat(moment).timestamp() * 1e9)
