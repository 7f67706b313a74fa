"""The bytes of a web archive, through gzip members, with the offset of each record.

A web archive is compressed record by record: each is a gzip member of its own, and
where one is damaged the next can still be found.
"""

from __future__ import annotations

import io
import zlib
from bisect import bisect_right
from typing import IO

from rights_search.errors import ReadError
from rights_search.ingest.bounded import FREE_EXPANSION_BYTES, MAX_EXPANSION

MAX_LINE_BYTES = 64 * 2**10
"""The most that one line of a record's header may take."""


class DamageError(Exception):
    """A gzip member cannot be read on; the stream stands at the next one.

    Args:
        offset: where it begins, as stored.
        reason: what is wrong with it.
    """

    def __init__(self, offset: int, reason: str) -> None:
        self.offset = offset
        super().__init__(offset, reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class WarcStream:
    """Reads lines and bytes from the start to the end, over damaged gzip members.

    Args:
        stream: the file as it is stored, at its start; it must be able to seek.
        is_gzip: whether it consists of gzip members.
    """

    def __init__(self, stream: IO[bytes], *, is_gzip: bool) -> None:
        self._stream = stream
        self._is_gzip = is_gzip
        self._buffer = b""
        self._used = 0
        self._position = 0
        self._members = _Members(stream)
        self._starts: list[tuple[int, int]] = []

    @property
    def position(self) -> int:
        """Return the offset of the next byte in the decompressed data."""
        return self._position

    @property
    def offset(self) -> int:
        """Return where the next byte stands as stored: of a gzip member its start."""
        if not self._is_gzip:
            return self._position
        self._fill()
        place = bisect_right(self._starts, (self._position, 2**63)) - 1
        del self._starts[:place]
        return self._starts[0][1] if self._starts else 0

    @property
    def is_cut(self) -> bool:
        """Say whether the file ends in the middle of a gzip member."""
        return self._is_gzip and self._members.is_open

    def read(self, size: int) -> bytes:
        """Return some bytes, ``size`` at most; none at the end.

        Raises:
            DamageError: where a gzip member is damaged or grows without end.
        """
        self._fill()
        data = self._buffer[self._used : self._used + size]
        self._used += len(data)
        self._position += len(data)
        return data

    def readline(self, limit: int = MAX_LINE_BYTES) -> bytes:
        """Return a line with its end, or its first ``limit`` bytes.

        Raises:
            DamageError: as `read` does.
        """
        parts: list[bytes] = []
        left = limit
        while left > 0:
            self._fill()
            end = self._buffer.find(b"\n", self._used, self._used + left) + 1
            data = self.read(end - self._used if end else left)
            parts.append(data)
            left -= len(data)
            if end or not data:
                break
        return b"".join(parts)

    def _fill(self) -> None:
        if self._used < len(self._buffer):
            return
        self._used = 0
        # What is left must not be read twice if this raises.
        self._buffer = b""
        if not self._is_gzip:
            self._buffer = self._stream.read(_CHUNK_BYTES)
            return
        start, self._buffer = self._members.read()
        if self._buffer and (not self._starts or self._starts[-1][1] != start):
            self._starts.append((self._position, start))


class Body(io.RawIOBase):
    """The bytes of one record, as many as it says.

    Args:
        stream: the archive, where the record's content begins.
        length: how many bytes the record says that it has.
        name: how the record is called, for errors.
    """

    def __init__(self, stream: WarcStream, length: int, name: str) -> None:
        super().__init__()
        self._stream = stream
        self._left = length
        self.shown = name
        self.is_cut = False
        self.is_damaged = False

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill ``buffer``; at the end of the archive the record ends too."""
        if self._left <= 0 or self.is_damaged or self.is_cut:
            return 0
        try:
            data = self._stream.read(min(len(buffer), self._left))
        except DamageError as error:
            self.is_damaged = True
            reason = f"cannot be read: {error}"
            raise ReadError(self.shown, reason, fatal=True) from error
        self.is_cut = not data
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)

    def skip(self) -> ReadError | None:
        """Go on to the end of the record; return what is wrong with it, if that is new."""
        scratch = bytearray(_CHUNK_BYTES)
        try:
            while self.readinto(scratch):
                pass
        except ReadError as error:
            return error
        return None


_CHUNK_BYTES = 64 * 2**10
_GZIP_MAGIC = b"\x1f\x8b\x08"
_WBITS = 16 + zlib.MAX_WBITS


class _Members:
    """Inflates one gzip member after the other."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._input = b""
        self._inflater = zlib.decompressobj(_WBITS)
        self._start = 0
        self._taken = self._given = 0

    @property
    def is_open(self) -> bool:
        """Say whether the member that was begun has not ended."""
        return self._taken > 0 and not self._inflater.eof

    def read(self) -> tuple[int, bytes]:
        """Return the offset of a member and some of its bytes; none at the end of the file."""
        while True:
            if self._inflater.eof:
                self._next_member()
            chunk = self._input or self._stream.read(_CHUNK_BYTES)
            if not chunk:
                return self._start, b""
            try:
                data = self._inflater.decompress(chunk, _CHUNK_BYTES)
            except zlib.error as error:
                damaged = self._start
                self._recover()
                reason = f"its gzip data is damaged ({error}); fetch the archive again"
                raise DamageError(damaged, reason) from error
            self._input = self._inflater.unconsumed_tail
            self._taken += len(chunk) - len(self._input)
            self._given += len(data)
            if self._given > max(FREE_EXPANSION_BYTES, MAX_EXPANSION * self._taken):
                bomb = self._start
                self._recover()
                reason = f"it expands to more than {MAX_EXPANSION} times its size, as a bomb does"
                raise DamageError(bomb, reason)
            if data:
                return self._start, data

    def _next_member(self) -> None:
        rest = self._inflater.unused_data
        self._begin(self._start + self._taken - len(rest), rest)

    def _begin(self, start: int, data: bytes) -> None:
        self._start, self._input = start, data
        self._taken = self._given = 0
        self._inflater = zlib.decompressobj(_WBITS)

    def _recover(self) -> None:
        """Go to the next place at which a gzip member with a record begins."""
        position = self._start + 1
        while True:
            self._stream.seek(position)
            window = self._stream.read(_CHUNK_BYTES + len(_GZIP_MAGIC))
            found = window.find(_GZIP_MAGIC)
            if found < 0 and len(window) < _CHUNK_BYTES:
                self._stream.seek(0, io.SEEK_END)
                self._begin(self._stream.tell(), b"")
                return
            if found >= 0 and _starts_record(window[found:] + self._stream.read(_CHUNK_BYTES)):
                self._stream.seek(position + found)
                self._begin(position + found, b"")
                return
            position += found + 1 if found >= 0 else _CHUNK_BYTES


def _starts_record(data: bytes) -> bool:
    try:
        start = zlib.decompressobj(_WBITS).decompress(data, 1024)
    except zlib.error:
        return False
    return start.startswith((b"WARC/", b"filedesc:", b"http"))
