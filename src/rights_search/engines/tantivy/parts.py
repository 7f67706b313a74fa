"""Posts that other processes prepare for a transaction: files of the index folder.

To analyse a post takes longer than to index it, so that is what other processes do. A
part is a compressed file with a line of JSON a post; the process of the transaction gives
them to Tantivy, which indexes in threads of its own.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rights_search.engines.tantivy.index import TantivyIndex
from rights_search.engines.tantivy.schema import Prepared, prepare
from rights_search.errors import IndexUnavailableError
from rights_search.index_files import TANTIVY_FOLDER
from rights_search.post import Post

MAX_CHARS = 500_000_000
"""A part holds posts of so many characters; they are on disk, so it is full only when a
file of it should be taken in before it grows."""

_FOLDER = "parts"
_NAME = re.compile(r"[A-Za-z0-9_]+\.jsonl\.gz\Z")
_LEVEL = 1


_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class TantivyPart:
    """See `rights_search.engines.protocol.Part`."""

    def __init__(self, handle: TantivyIndex) -> None:
        folder = _folder(handle)
        folder.mkdir(mode=0o700, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=folder, prefix="", suffix=".jsonl.gz", delete=False
        ) as stream:
            self._path = Path(stream.name)
        self._stream = gzip.open(self._path, "wt", _LEVEL, encoding="ascii")  # noqa: SIM115
        self._chars = 0

    def add(self, *posts: Post) -> None:
        """Add posts."""
        lines = "".join([f"{_encode(prepared)}\n" for prepared in list(map(prepare, posts))])
        self._stream.write(lines)
        self._chars += len(lines)

    @property
    def is_full(self) -> bool:
        """Tell whether no more posts should be added."""
        return self._chars >= MAX_CHARS

    def finish(self) -> str:
        """Write everything; return the name of the file."""
        self._stream.close()
        return self._path.name


def read_part(handle: TantivyIndex, name: str) -> Iterator[Prepared]:
    """Yield what a part holds, and remove it.

    Raises:
        IndexUnavailableError: if it cannot be read.
    """
    path = _folder(handle) / name
    try:
        if not _NAME.match(name):
            raise ValueError("no name of a part")  # noqa: TRY301
        with gzip.open(path, "rt", encoding="ascii") as stream:
            for line in stream:
                yield json.loads(line)
        path.unlink()
    except (OSError, EOFError, ValueError) as error:
        reason = f"what another process has read is lost ({name}: {error}); try again"
        raise IndexUnavailableError(str(handle.folder), reason) from error


def remove_parts(handle: TantivyIndex) -> None:
    """Remove all parts, those of a run that died as well; the lock must be held."""
    if handle.folder is not None:
        shutil.rmtree(_folder(handle), ignore_errors=True)


def _folder(handle: TantivyIndex) -> Path:
    if handle.folder is None:
        raise ValueError("an index in memory is written by one process")
    return handle.folder / TANTIVY_FOLDER / _FOLDER
