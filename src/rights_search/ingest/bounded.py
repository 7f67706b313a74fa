"""Opening a source with a stated limit on every read.

Nothing here trusts a file: a document, a record and an archive's growth each
have a bound, and what goes over it is an error that says the bound.
"""

from __future__ import annotations

import gzip
import io
import zlib
from typing import IO

from rights_search.errors import ReadError
from rights_search.ingest.source import Source

MAX_DOCUMENT_BYTES = 64 * 2**20
"""The most that is read of a document that must be held whole: text, HTML, JSON."""

MAX_RECORD_BYTES = 16 * 2**20
"""The most that is read of one record of a streamed format: JSONL, CSV."""

MAX_EXPANSION = 200
"""How often larger than its gzip file a stream may grow; prose reaches 3 to 10."""

FREE_EXPANSION_BYTES = 16 * 2**20
"""What a gzip file of any size may expand to before `MAX_EXPANSION` counts."""

_BUFFER_BYTES = 128 * 2**10
_MIB = 2**20


def open_bounded(source: Source) -> IO[bytes]:
    """Open the decompressed bytes for one pass; a damaged or exploding gzip file raises.

    Raises:
        ReadError: while reading, if the gzip data is cut short or damaged, or
            expands to more than `MAX_EXPANSION` times the file.
    """
    if not source.is_gzip:
        return source.open_stored()
    limit = max(FREE_EXPANSION_BYTES, MAX_EXPANSION * source.stored_size())
    return io.BufferedReader(_BoundedGzip(source, limit), _BUFFER_BYTES)


def read_bytes(source: Source) -> bytes:
    """Return the whole decompressed content.

    Raises:
        ReadError: if it is larger than `MAX_DOCUMENT_BYTES`, or damaged.
        OSError: if the file cannot be read.
    """
    with open_bounded(source) as stream:
        data = stream.read(MAX_DOCUMENT_BYTES + 1)
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


class _BoundedGzip(io.RawIOBase):
    """A gzip file that raises `ReadError` when it is damaged or grows without end."""

    def __init__(self, source: Source, limit: int) -> None:
        super().__init__()
        self._stored = source.open_stored()
        self._file = gzip.GzipFile(fileobj=self._stored)
        self._name = source.name
        self._left = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._file.read1(len(buffer))
        except EOFError as error:
            reason = "its gzip data is cut short; fetch the file again"
            raise ReadError(self._name, reason, fatal=True) from error
        except (gzip.BadGzipFile, zlib.error) as error:
            reason = f"its gzip data is damaged ({error}); fetch the file again"
            raise ReadError(self._name, reason, fatal=True) from error
        self._left -= len(data)
        if self._left < 0:
            reason = (
                f"expands to more than {MAX_EXPANSION} times its size, as a gzip bomb does; "
                "decompress it yourself if it is genuine"
            )
            raise ReadError(self._name, reason, fatal=True)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        self._stored.close()
        super().close()
