"""Posts that other processes prepare for a transaction: files of the index folder.

To analyse a post takes longer than to index it, so that is what other processes do. The
process of the transaction gives the posts to Tantivy, which indexes in threads of its own,
while the others go on: so parts are small, and none is there for long.

A part is one record a post: a line of JSON, and behind it the texts of which it tells the
lengths. Texts as they are cost neither process the escaping, which took longer than all else.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from rights_search.engines.tantivy.index import PARTS, TantivyIndex
from rights_search.engines.tantivy.schema import STORED, Prepared, prepare
from rights_search.errors import IndexUnavailableError
from rights_search.index_files import TANTIVY_FOLDER
from rights_search.post import Post

MAX_BYTES = 1_000_000
"""A part of so many bytes is finished, so that Tantivy soon has something to do."""

_NAME = re.compile(r"[A-Za-z0-9_]+\.part\Z")

_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class TantivyPart:
    """See `rights_search.engines.protocol.Part`."""

    def __init__(self, handle: TantivyIndex) -> None:
        folder = _folder(handle)
        folder.mkdir(mode=0o700, exist_ok=True)
        self._stream = tempfile.NamedTemporaryFile(  # noqa: SIM115 - see finish
            dir=folder, prefix="", suffix=".part", delete=False
        )
        self._bytes = 0

    def add(self, *posts: Post) -> None:
        """Add posts."""
        records = b"".join([_record(prepared) for prepared in list(map(prepare, posts))])
        self._stream.write(records)
        self._bytes += len(records)

    @property
    def is_full(self) -> bool:
        """Tell whether no more posts should be added."""
        return self._bytes >= MAX_BYTES

    def finish(self) -> str:
        """Write everything; return the name of the file."""
        self._stream.close()
        return Path(self._stream.name).name


def _record(prepared: Prepared) -> bytes:
    """Return a post as it stands in a part."""
    short: dict[str, int | list[str]] = {}
    lengths: dict[str, int] = {}
    texts: list[bytes] = []
    for name, value in prepared.items():
        if isinstance(value, (int, list)):
            short[name] = value
        else:
            text = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
            lengths[name] = len(text)
            texts.append(text)
    return b"".join((_encode([short, lengths]).encode("ascii"), b"\n", *texts))


def read_part(handle: TantivyIndex, name: str) -> Iterator[Prepared]:
    """Yield what a part holds, and remove it.

    Raises:
        IndexUnavailableError: if it cannot be read.
    """
    path = _folder(handle) / name
    try:
        if not _NAME.match(name):
            raise ValueError("no name of a part")  # noqa: TRY301
        with path.open("rb") as stream:
            while line := stream.readline():
                yield _prepared(line, stream)
        path.unlink()
    except (OSError, ValueError) as error:
        reason = f"what another process has read is lost ({name}: {error}); try again"
        raise IndexUnavailableError(str(handle.folder), reason) from error


def _prepared(line: bytes, stream: IO[bytes]) -> Prepared:
    """Return the post whose record begins with a line, behind which a stream stands."""
    short, lengths = json.loads(line)
    made: Prepared = dict(short)
    for name, length in lengths.items():
        text = stream.read(length)
        if len(text) != length:
            raise ValueError("it is cut short")
        made[name] = text if name == STORED else text.decode("utf-8", "surrogatepass")
    return made


def remove_parts(handle: TantivyIndex) -> None:
    """Remove all parts, those of a run that died as well; the lock must be held."""
    if handle.folder is not None:
        shutil.rmtree(_folder(handle), ignore_errors=True)


def _folder(handle: TantivyIndex) -> Path:
    if handle.folder is None:
        raise ValueError("an index in memory is written by one process")
    return handle.folder / TANTIVY_FOLDER / PARTS
