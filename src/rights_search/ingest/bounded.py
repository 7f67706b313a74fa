"""Opening a source with a stated limit on every read.

Nothing here trusts a file: a document, a record and an archive's growth each
have a bound, and what goes over it is an error that says the bound.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from typing import IO, TYPE_CHECKING, TypeAlias

from rights_search.errors import ReadError
from rights_search.ingest.source import Source

if TYPE_CHECKING:
    import bz2
    import lzma

MAX_DOCUMENT_BYTES = 64 * 2**20
"""The most that is read of a document that must be held whole: text, HTML, JSON."""

MAX_RECORD_BYTES = 16 * 2**20
"""The most that is read of one record of a streamed format: JSONL, CSV."""

MAX_EXPANSION = 200
"""How often larger than its compressed file a stream may grow; prose reaches 3 to 10."""

FREE_EXPANSION_BYTES = 16 * 2**20
"""What a compressed file of any size may expand to before `MAX_EXPANSION` counts."""

MAGIC_BYTES = 10
"""How much of some data `compression` needs to see."""

_BUFFER_BYTES = 128 * 2**10
_BLOCK_BYTES = 2**20
_MIB = 2**20


def open_bounded(source: Source) -> io.BufferedReader:
    """Open the bytes for one pass, decompressed where they are gzip, bzip2 or xz.

    Raises:
        ReadError: while reading, if compressed data is cut short or damaged, or
            expands to more than `MAX_EXPANSION` times its size.
    """
    stored = source.open_stored()
    kind = compression(stored.read(MAGIC_BYTES))
    stored.seek(0)
    if kind is None:
        return stored
    limit = max(FREE_EXPANSION_BYTES, MAX_EXPANSION * source.stored_size())
    return io.BufferedReader(_Decompressed(source.name, stored, kind, limit), _BUFFER_BYTES)


def compression(start: bytes) -> str | None:
    """Return the compression of data that starts so: ``gzip``, ``bzip2``, ``xz`` or None."""
    found = _COMPRESSED.match(start) if start.startswith(_COMPRESSED_STARTS) else None
    return None if found is None else found.lastgroup


def plain_content(source: Source) -> bytes | None:
    """Return the content that is in memory as it is to be read, for which no copy is needed."""
    content = source.content
    return None if content is None or compression(content[:MAGIC_BYTES]) else content


def read_bytes(source: Source) -> bytes:
    """Return the whole decompressed content.

    Raises:
        ReadError: if it is larger than `MAX_DOCUMENT_BYTES`, or damaged.
        OSError: if the file cannot be read.
    """
    data = plain_content(source)
    if data is None:
        with open_bounded(source) as stream:
            # To ask for all at once would allot the limit for each small page.
            data = stream.read(_BLOCK_BYTES)
            if len(data) == _BLOCK_BYTES:
                data += stream.read(MAX_DOCUMENT_BYTES + 1 - _BLOCK_BYTES)
    if len(data) > MAX_DOCUMENT_BYTES:
        reason = (
            f"is larger than {MAX_DOCUMENT_BYTES // _MIB} MiB, the limit for one document; "
            "split it, or turn it into JSONL, which is read record by record"
        )
        raise ReadError(source.name, reason, fatal=True)
    return data


def record_too_large(name: str, line: int) -> ReadError:
    """Return the error for a record that starts on ``line`` and does not end in time."""
    reason = (
        f"the record that starts here is longer than {MAX_RECORD_BYTES // _MIB} MiB, the limit "
        "for one record; is a line end or a closing quote missing?"
    )
    return ReadError(name, reason, line=line, fatal=True)


_COMPRESSED_STARTS = (b"\x1f", b"BZh", b"\xfd")
_COMPRESSED = re.compile(
    rb"(?P<gzip>\x1f\x8b)|(?P<bzip2>BZh[1-9](?:1AY&SY|\x17rE8P\x90))|(?P<xz>\xfd7zXZ\0)"
)


class _Decompressed(io.RawIOBase):
    """A decompressed file that raises `ReadError` when it is damaged or grows without end."""

    def __init__(self, name: str, stored: IO[bytes], kind: str, limit: int) -> None:
        super().__init__()
        self._name = name
        self._stored = stored
        self._kind = kind
        self._left = limit
        self._file, self._damage = _decompressor(stored, kind)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._file.read1(len(buffer))
        except EOFError as error:
            reason = f"its {self._kind} data is cut short; fetch the file again"
            raise ReadError(self._name, reason, fatal=True) from error
        except self._damage as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # that was the disk
            reason = f"its {self._kind} data is damaged ({error}); fetch the file again"
            raise ReadError(self._name, reason, fatal=True) from error
        self._left -= len(data)
        if self._left < 0:
            reason = (
                f"expands to more than {MAX_EXPANSION} times its size, as a {self._kind} bomb "
                "does; decompress it yourself if it is genuine"
            )
            raise ReadError(self._name, reason, fatal=True)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        self._stored.close()
        super().close()


_File: TypeAlias = "gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile"
_Damage: TypeAlias = tuple[type[Exception], ...]


def _decompressor(stored: IO[bytes], kind: str) -> tuple[_File, _Damage]:
    """Return the decompressed file, and what it raises for damaged data."""
    if kind == "gzip":
        return gzip.GzipFile(fileobj=stored), (gzip.BadGzipFile, zlib.error)
    if kind == "bzip2":
        import bz2  # noqa: PLC0415

        return bz2.BZ2File(stored), (OSError,)
    import lzma  # noqa: PLC0415

    return lzma.LZMAFile(stored), (lzma.LZMAError,)
