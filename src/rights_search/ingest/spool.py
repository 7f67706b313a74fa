"""Keeping the bytes of a member while it is read: in memory, or on disk if it is large.

A reader may take several passes over its source, and some need to seek, which no
member of a compressed archive allows.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rights_search.errors import ReadError
from rights_search.ingest.bounded import (
    FREE_EXPANSION_BYTES,
    MAGIC_BYTES,
    MAX_EXPANSION,
    compression,
    open_bounded,
)
from rights_search.ingest.source import Enclosed, Member, Source

MAX_MEMBER_BYTES = 2 * 2**30
"""The most that one member may expand to, whatever it is."""

MEMORY_BYTES = 8 * 2**20
"""What is kept of a member in memory; what is larger waits in a file."""

_CHUNK_BYTES = 256 * 2**10


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the bytes of a member are kept: in memory or in a file, by the path to open it."""

    content: bytes | None = None
    path: Path | None = None


@contextmanager
def stored(found: Enclosed, name: str, spend: Callable[[int], None]) -> Iterator[Kept]:
    """Keep the bytes of a member for the time of the context.

    Args:
        found: the member with its open stream.
        name: how it is called, for errors.
        spend: is told of every byte, and may raise.

    Raises:
        ReadError: if it cannot be read, or grows beyond what it may.
    """
    limit = MAX_MEMBER_BYTES
    if found.stored is not None:
        limit = min(limit, max(FREE_EXPANSION_BYTES, MAX_EXPANSION * found.stored))
    chunks = _chunks(found.stream, name, limit, spend)
    head = bytearray()
    for chunk in chunks:
        head += chunk
        if len(head) > MEMORY_BYTES:
            break
    else:
        yield Kept(content=bytes(head))
        return
    with on_disk(_drained(head, chunks)) as path:
        yield Kept(path=path)


def _drained(head: bytearray, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the head, whose memory is free again, and the rest."""
    yield bytes(head)
    head.clear()
    yield from chunks


@contextmanager
def on_disk(chunks: Iterable[bytes]) -> Iterator[Path]:
    """Keep bytes in a file for the time of the context, and give a path to open it by.

    The file has no name in any folder, so it is gone with the process that reads it, also
    when that is killed. The path is good for processes of the same user, as long as the
    context lasts. Only Linux has such paths: elsewhere it is a file with a name, which
    stays behind if the process is killed.
    """
    import tempfile  # noqa: PLC0415 - what it imports takes longer than a small file

    with tempfile.TemporaryFile() as file:
        path = Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")
        if path.exists():
            file.writelines(chunks)
            file.flush()
            yield path
            return
    handle, name = tempfile.mkstemp(prefix="rights-search-")
    try:
        with os.fdopen(handle, "wb") as named:
            named.writelines(chunks)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _chunks(
    stream: IO[bytes], name: str, limit: int, spend: Callable[[int], None]
) -> Iterator[bytes]:
    size = 0
    while True:
        try:
            chunk = stream.read(_CHUNK_BYTES)
        except ReadError as error:
            raise ReadError(name, error.reason, fatal=True) from error
        if not chunk:
            return
        size += len(chunk)
        spend(len(chunk))
        if size > limit:
            raise ReadError(name, _too_large(limit), fatal=True)
        yield chunk


def _too_large(limit: int) -> str:
    if limit == MAX_MEMBER_BYTES:
        return f"expands to more than {limit // 2**30} GiB, the limit for one member; unpack it"
    return (
        f"expands to more than {MAX_EXPANSION} times its size, as a bomb does; "
        "unpack it yourself if it is genuine"
    )


@contextmanager
def open_seekable(source: Source) -> Iterator[IO[bytes]]:
    """Open the decompressed bytes of a source for reading in any order.

    Raises:
        ReadError: if it is compressed, and damaged or a bomb.
    """
    with closing(source.open_stored()) as stream:
        if compression(stream.read(MAGIC_BYTES)) is None:
            stream.seek(0)
            yield stream
            return
    with closing(open_bounded(source)) as stream:
        found = Enclosed(Member(""), stream)
        with stored(found, source.name, lambda _: None) as kept:
            if kept.content is not None:
                yield io.BytesIO(kept.content)
            elif kept.path is not None:
                with kept.path.open("rb") as file:
                    yield file


def guarded(stream: IO[bytes], name: str, damage: tuple[type[Exception], ...]) -> IO[bytes]:
    """Return the stream of a member, whose damage it raises as a `ReadError`.

    Args:
        stream: as its container's library opened it.
        name: how the member is called.
        damage: what that library raises for damaged data.
    """
    return io.BufferedReader(_Guarded(stream, name, damage), _CHUNK_BYTES)


class _Guarded(io.RawIOBase):
    """Translates the exceptions of a stream."""

    def __init__(self, stream: IO[bytes], name: str, damage: tuple[type[Exception], ...]) -> None:
        super().__init__()
        self._stream = stream
        self._name = name
        self._damage = damage

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except self._damage as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # that was the disk
            reason = f"is damaged: {str(error) or 'it is cut short'}"
            raise ReadError(self._name, reason, fatal=True) from error
        buffer[: len(data)] = data
        return len(data)
