"""The answer of a web server, as a web archive keeps it: headers, and the content decoded."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, cast

from rights_search.errors import ReadError
from rights_search.ingest.archives.warc_records import read_headers
from rights_search.ingest.archives.warc_stream import Body

MAX_STATUS_BYTES = 8 * 2**10


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered.

    Args:
        status: its status, such as 200; None where the record holds no HTTP headers.
        headers: lower-case names → values.
        stream: the content, as the server meant it to be read.
    """

    status: int | None
    headers: Mapping[str, str]
    stream: io.BufferedReader


def read_answer(body: Body) -> Answer:
    """Return the answer that the content of a record is.

    Compression with gzip is left in place: every reader undoes it, within bounds.

    Raises:
        ReadError: if the content is encoded in a way that cannot be undone.
    """
    stream = _buffered(body)
    found = _STATUS.match(stream.peek(MAX_STATUS_BYTES)[:MAX_STATUS_BYTES])
    if found is None:
        return Answer(None, {}, stream)
    stream.readline(MAX_STATUS_BYTES)
    headers = read_headers(stream)
    content = stream
    if "chunked" in headers.get("transfer-encoding", "").lower():
        content = _buffered(_Dechunked(stream))
    encoding = headers.get("content-encoding", "").lower().strip()
    if encoding == "deflate":
        content = _buffered(_Inflated(content, body.shown))
    elif encoding not in _PLAIN:
        reason = f"its content is encoded as {encoding!r}, which cannot be undone here"
        raise ReadError(body.shown, reason, fatal=True)
    return Answer(int(found[1]), headers, content)


def _buffered(raw: io.RawIOBase) -> io.BufferedReader:
    return cast("io.BufferedReader", io.BufferedReader(raw, _CHUNK_BYTES))


_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})")
_PLAIN = frozenset({"", "identity", "gzip", "x-gzip", "none", "utf-8"})
_CHUNK_BYTES = 64 * 2**10
_MAX_CHUNK_LINE = 200
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})\s*(?:;[^\r\n]*)?\r?\n\Z")


class _Dechunked(io.RawIOBase):
    """Content without its chunk sizes; as it is where crawlers took them out already."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream = stream
        self._left = 0
        self._is_first = True
        self._is_plain = False
        self._ahead = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if not self._left and not self._is_plain:
            self._begin_chunk()
        if self._ahead:
            data, self._ahead = self._ahead[: len(buffer)], self._ahead[len(buffer) :]
        elif self._is_plain:
            data = self._stream.read(len(buffer))
        else:
            data = self._stream.read(min(len(buffer), self._left))
            self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)

    def _begin_chunk(self) -> None:
        line = self._stream.readline(_MAX_CHUNK_LINE)
        if not self._is_first and not line.strip():
            line = self._stream.readline(_MAX_CHUNK_LINE)
        found = _CHUNK_SIZE.match(line)
        if found is None:
            # Not chunked at all, or no longer: what follows is the content itself.
            self._is_plain, self._ahead = True, line
        else:
            self._left = int(found[1], 16)
        self._is_first = False


class _Inflated(io.RawIOBase):
    """Content compressed with deflate, with or without the header of zlib."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        super().__init__()
        self._stream = stream
        self._name = name
        self._inflater: zlib._Decompress | None = None
        self._input = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = b""
        try:
            while not data and not (self._inflater and self._inflater.eof):
                chunk = self._input or self._stream.read(_CHUNK_BYTES)
                if not chunk:
                    break
                self._inflater = self._inflater or _inflater_for(chunk)
                data = self._inflater.decompress(chunk, len(buffer))
                self._input = self._inflater.unconsumed_tail
        except zlib.error as error:
            reason = f"its deflate data is damaged ({error})"
            raise ReadError(self._name, reason, fatal=True) from error
        buffer[: len(data)] = data
        return len(data)


def _inflater_for(chunk: bytes) -> zlib._Decompress:
    # RFC 1950: the method is 8, and the first two bytes are a multiple of 31.
    has_header = chunk[0] & 0x0F == _DEFLATE and int.from_bytes(chunk[:2]) % 31 == 0
    return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


_DEFLATE = 8
