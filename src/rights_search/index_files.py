"""The files that an index consists of: for those who write, remove or skip them.

Beside the engine's own there are sidecars, of which each commit has a set: its manifest,
its links, the fingerprints that these were found by, and the vocabulary if it is a user's
own. Their names end in the number of the commit, and they count only if it is that of the
engine's newest.

What people keep in the folder, their saved searches, is no part of the index: it outlives
every rebuild.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from rights_search.errors import IndexUnavailableError
from rights_search.patterns import late

MAX_SIDECAR_BYTES = 512 * 1024 * 1024
"""A sidecar is read whole; a manifest of a million files is shorter."""

_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
_NO_WAITING = getattr(os, "O_NONBLOCK", 0)  # for a pipe, which a plain file never is
_BINARY = getattr(os, "O_BINARY", 0)

TANTIVY_FOLDER = "MAIN.tantivy"
UNFINISHED_TANTIVY = f"{TANTIVY_FOLDER}."
"""What begins so is a folder that is to become the other, or was it and is removed."""

LOCK = "index.lock"
"""Is locked by the process that changes the index, of whichever engine; it stays."""

SCRATCH = "parts-"
"""What begins so is a folder in which processes that read files put what they hand over."""


def whoosh_table(name: str) -> int | None:
    """Return the number of the commit whose table of contents has that name; None for no table."""
    number = name.removeprefix("_MAIN_").removesuffix(".toc")
    is_table = name == f"_MAIN_{number}.toc" and number.isascii() and number.isdecimal()
    return int(number) if is_table else None


_TABLES: Mapping[str, Callable[[str], bool]] = {
    "whoosh": lambda name: whoosh_table(name) is not None,
    "tantivy": TANTIVY_FOLDER.__eq__,
}
"""Engine → what is there if, and only if, there is an index of that engine."""

_ENGINES: Mapping[str, re.Pattern[str]] = {
    "whoosh": late(r"(?:_MAIN_\d+\.(?:toc|tmp)|MAIN_[a-z0-9]{16}\..+|MAIN_WRITELOCK|MAIN\.tmp)\Z"),
    "tantivy": late(rf"{re.escape(TANTIVY_FOLDER)}(?:\.\w+)?\Z"),
}
"""Engine → its files and folders."""

_SIDECARS = late(r"(?:manifest|links|fingerprints|vocabulary)-\d+\.(?:json|bin|tmp)\Z")
_SCRATCH = late(rf"{SCRATCH}\w+\Z")
_KEPT = late(r"watches\.(?:json|lock|tmp)\Z")
_SIDECAR = late(r"[a-z]+-(\d+)\.(?:json|bin|tmp)\Z")


def is_table(name: str) -> bool:
    """Tell whether something of this name means that its folder holds an index."""
    return any(is_table(name) for is_table in _TABLES.values())


def nowhere(folder: Path) -> IndexUnavailableError:
    """Return the error for a folder without an index, and what was perhaps meant."""
    import shlex  # noqa: PLC0415 - a message

    here = shlex.quote(str(folder))
    reason = f"no index here; build one with: rights-search index CORPUS --index {here}"
    with suppress(OSError):
        if engines_in(folder.parent):
            meant = shlex.quote(str(folder.parent))
            reason = f"no index here, but the folder above it is one: --index {meant}"
    return IndexUnavailableError(str(folder), reason)


def is_index_file(name: str) -> bool:
    """Tell whether a file or folder of this name, beside a table, is a part of the index."""
    patterns = (_SIDECARS, _SCRATCH, *_ENGINES.values())
    return name == LOCK or any(pattern.match(name) for pattern in patterns)


def engines_in(folder: Path) -> tuple[str, ...]:
    """Return the engines of which a folder holds an index, readable or not.

    They are several while one is converted into the other, or when that was interrupted.
    """
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return tuple(engine for engine, is_table in _TABLES.items() if any(map(is_table, names)))


def files_of(folder: Path, engine: str) -> list[Path]:
    """Return the files and folders of an engine, what is left of an index of it as well.

    The table comes first, without which the rest is none.
    """
    paths = [path for path in folder.iterdir() if _ENGINES[engine].match(path.name)]
    return sorted(paths, key=lambda path: (not is_table(path.name), path.name))


def remove_engine(folder: Path, engine: str) -> None:
    """Remove the files of an engine; the sidecars stay."""
    for path in files_of(folder, engine):
        if path.is_dir() and not path.is_symlink():
            import shutil  # noqa: PLC0415 - not for searching

            # At once under another name: half a table could not be read.
            gone = path
            if is_table(path.name):
                import tempfile  # noqa: PLC0415 - not for searching

                gone = path.rename(tempfile.mkdtemp(prefix=f"{path.name}.", dir=folder))
            shutil.rmtree(gone, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def scratch_in(folder: Path) -> list[Path]:
    """Return the folders of what processes hand over, or were to hand over when they died."""
    return [path for path in folder.iterdir() if _SCRATCH.match(path.name)]


def remove_scratch(folder: Path) -> None:
    """Remove what processes that died were to hand over; the lock must be held."""
    for path in scratch_in(folder):
        import shutil  # noqa: PLC0415 - not for searching

        shutil.rmtree(path, ignore_errors=True)


def is_beside_index(name: str) -> bool:
    """Tell whether a file of this name, beside a table, is the index's or kept with it."""
    return is_index_file(name) or _KEPT.match(name) is not None


def sidecars(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield every sidecar in a folder, half-written ones too, with its commit's number."""
    for path in folder.iterdir():
        match = _SIDECAR.match(path.name)
        if match and _SIDECARS.match(path.name):
            yield path, int(match[1])


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all, and that only its owner can read.

    When this returns, it is there even if the power goes, and so is every file of its
    folder that was made before.

    Args:
        path: its name; until it is whole it is called ``.tmp``.
        data: its bytes.
    """
    partial = path.with_suffix(".tmp")
    # What a process that was killed left behind may be a link.
    partial.unlink(missing_ok=True)
    with create_private(partial) as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    # What the file speaks of must not come later than the file.
    sync_folder(path.parent)
    partial.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder safe: a file that is synced may else lose its name.

    Where a system knows no such thing (Windows), it keeps names safe by itself.
    """
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder for its owner only, with those above it, so that it stays."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
        sync_folder(each.parent)


def read_whole(path: Path, most: int = MAX_SIDECAR_BYTES) -> bytes:
    """Return the bytes of a sidecar, of which there may be at ``most`` so many.

    Raises:
        FileNotFoundError: if it is not there.
        ValueError: if it is no plain file, or too long.
        OSError: if it cannot be read.
    """
    with open_plain(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > most:
            raise ValueError(f"it is longer than {most:,} bytes")
        return stream.read(size)


def open_plain(path: Path) -> BinaryIO:
    """Open a file for reading if it is a plain one: no link, pipe or device.

    Raises:
        FileNotFoundError: if it is not there.
        ValueError: if it is something else.
        OSError: if it cannot be read.
    """
    if path.is_symlink():
        raise ValueError("it is a link to another place")
    descriptor = os.open(path, os.O_RDONLY | _NO_LINKS | _NO_WAITING | _BINARY)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError("it is no plain file")
    return os.fdopen(descriptor, "rb")


def create_private(path: Path) -> BinaryIO:
    """Create a file, or empty one that is there, which only its owner can read.

    Whatever the umask: what a researcher indexes can endanger people.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | _NO_LINKS | _BINARY
    descriptor = os.open(path, flags, 0o600)
    with suppress(OSError, AttributeError):  # some file systems know no modes, nor does Windows
        os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "w+b")


def is_on_network(path: str, system: str = os.name) -> bool:
    """Tell whether to look at a path would have Windows ask another machine for it.

    It proves to that machine whose account this is, by what a password can be found with: a path
    that an index names, and nobody typed, is not looked at then.

    Args:
        path: an absolute path.
        system: as `os.name`.
    """
    start = path.replace("/", "\\")
    if system != "nt" or not start.startswith(("\\\\", "\\??\\")):
        return False
    # A long path of this machine: \\?\C:\...
    return not (start.startswith("\\\\?\\") and start[4:5].isalpha() and start[5:7] == ":\\")


def has_index(folder: Path) -> bool:
    """Tell whether a folder holds an index, readable or not."""
    return bool(engines_in(folder))


def size_of(folder: Path | None) -> int:
    """Return how many bytes the files in a folder have, 0 for one in memory."""
    if folder is None:
        return 0
    total = 0
    # Unlike `Path.rglob`, it passes over what another process removes meanwhile.
    for inner, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += os.lstat(os.path.join(inner, name)).st_size  # noqa: PTH118 - as walked
    return total
