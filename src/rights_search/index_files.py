"""The files that an index consists of: for those who write, remove or skip them.

Beside the engine's own there are sidecars, of which each commit has a set: its manifest,
its links, the fingerprints that these were found by, and the vocabulary if it is a user's
own. Their names end in the number of the commit, and they count only if it is that of the
engine's newest.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

_TABLE = re.compile(r"_MAIN_\d+\.toc\Z")
_ANY = re.compile(
    r"(?:_MAIN_\d+\.toc|MAIN_[a-z0-9]{16}\..+|MAIN_WRITELOCK|MAIN\.tmp"
    r"|(?:manifest|links|fingerprints|vocabulary)-\d+\.(?:json|bin|tmp))\Z"
)
_SIDECAR = re.compile(r"[a-z]+-(\d+)\.(?:json|bin|tmp)\Z")


def is_table(name: str) -> bool:
    """Tell whether a file of this name is a table of contents: its folder holds an index."""
    return _TABLE.match(name) is not None


def is_index_file(name: str) -> bool:
    """Tell whether a file or folder of this name, beside a table, is a part of the index."""
    return _ANY.match(name) is not None


def sidecars(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield every sidecar in a folder, half-written ones too, with its commit's number."""
    for path in folder.iterdir():
        match = _SIDECAR.match(path.name)
        if match and is_index_file(path.name):
            yield path, int(match[1])


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all."""
    partial = path.with_suffix(".tmp")
    with partial.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)
