"""The reader of tar archives, in one pass, whatever they are compressed with.

`tarfile` reads one header block; the walk is our own, for that module remembers every
member, reads long names at whatever size they claim, and searches extended headers in
quadratic time.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from rights_search.errors import ReadError
from rights_search.ingest.bounded import open_bounded
from rights_search.ingest.exports.account import Account, read_account
from rights_search.ingest.member_names import (
    Accounts,
    Tally,
    accounts_among,
    is_account,
    may_have_account,
    member_name,
    why_refused,
)
from rights_search.ingest.source import Enclosed, Record, Source

BLOCK_BYTES = 512

MAX_EXTENDED_BYTES = 64 * 2**10
"""The most that an extended header or a long name may take."""


def read_tar(source: Source) -> Iterator[Record]:
    """Yield the members of a tar archive, in their order.

    Links, devices and folders are no posts; pictures and the like are left out and
    counted.

    Raises:
        ReadError: where the archive cannot be read on, after what stands before.
    """
    tally = Tally(source.name)
    accounts: Accounts | None = None
    with closing(open_bounded(source)) as stream:
        for entry in _Walk(stream, source.name).entries():
            if accounts is None and (is_account(entry.path) or may_have_account(entry.path)):
                accounts = _accounts(source)
            told = accounts or _NO_ACCOUNTS
            unread = _left_out(entry, told)
            is_folder = entry.kind == tarfile.DIRTYPE
            refusal = None if is_folder else why_refused(entry.path, entry.size)
            if refusal is not None:
                yield ReadError(member_name(source, entry.path), refusal, fatal=True)
            elif unread is not None:
                tally.add(unread)
            elif not is_folder:
                yield Enclosed(told.member(entry.path, entry.offset), entry.stream)
    yield from tally.told()


def is_tar(sample: bytes) -> bool:
    """Say whether data opens with the header of a tar member: its checksum is right."""
    try:
        header = tarfile.TarInfo.frombuf(sample[:BLOCK_BYTES], "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        return False
    return bool(header.name)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A member: its bytes can be read until the next is asked for."""

    path: str
    kind: bytes
    size: int
    offset: int
    stream: IO[bytes]


_REGULAR = frozenset({tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE, tarfile.DIRTYPE})
_LINKS = frozenset({tarfile.LNKTYPE, tarfile.SYMTYPE})
_LONG_NAMES = frozenset({tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK})
_EXTENDED = frozenset({tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE})


def _left_out(entry: _Entry, accounts: Accounts) -> str | None:
    if entry.kind in _LINKS:
        return "a link to another member"
    if entry.kind == tarfile.GNUTYPE_SPARSE:
        return "a sparse file; pack it without --sparse"
    if entry.kind not in _REGULAR:
        return "a device or pipe"
    return None if entry.kind == tarfile.DIRTYPE else accounts.why_unread(entry.path)


MAX_ACCOUNTS = 10_000
"""Of so many members it is remembered that they hold posts or name an account."""


_NO_ACCOUNTS = Accounts()


def _accounts(source: Source) -> Accounts:
    """Return what the files of accounts among the members say of the others.

    A pass of its own, for such a file may stand behind the posts.
    """
    found: dict[PurePosixPath, Account] = {}
    posts: list[str] = []
    # What is broken is told by the pass that reads.
    with closing(open_bounded(source)) as stream, suppress(ReadError, OSError, EOFError):
        for entry in _Walk(stream, source.name).entries():
            path = PurePosixPath(entry.path)
            if may_have_account(entry.path):
                posts.append(entry.path)
            elif is_account(entry.path) and entry.kind in _REGULAR:
                found[path] = read_account(entry.stream, path.name)
            if len(found) + len(posts) >= MAX_ACCOUNTS:
                break
    return accounts_among([*map(str, found), *posts], found.__getitem__)


class _Walk:
    """One pass over the blocks of an archive."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self._position = 0

    def entries(self) -> Iterator[_Entry]:
        path: str | None = None
        size: int | None = None
        while (header := self._header()) is not None:
            start = self._position - BLOCK_BYTES
            end = self._position + -(-header.size // BLOCK_BYTES) * BLOCK_BYTES
            if header.type in _LONG_NAMES or header.type in _EXTENDED:
                told = self._exactly(header.size)
                if header.type == tarfile.GNUTYPE_LONGNAME:
                    path = told.rstrip(b"\0").decode("utf-8", "surrogateescape")
                elif header.type == tarfile.XHDTYPE:
                    records = _extended(told)
                    path = records.get("path", path)
                    size = int(records["size"]) if records.get("size", "").isdecimal() else size
            else:
                length = header.size if size is None else size
                end = self._position + -(-length // BLOCK_BYTES) * BLOCK_BYTES
                part = _Part(self, length)
                yield _Entry(path or header.name, header.type, length, start, part.opened())
                path = size = None
                if part.is_cut:
                    return
            self._skip_to(end)

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes; none at the end of the archive."""
        data = self._stream.read(size)
        self._position += len(data)
        return data

    def cut_short(self) -> ReadError:
        """Return the error for an archive that ends in the middle."""
        reason = f"its tar data ends at byte {self._position}, in the middle; fetch it again"
        return ReadError(self._name, reason, fatal=True)

    def _header(self) -> tarfile.TarInfo | None:
        """Return the next header, or None at the end."""
        block = self.read(BLOCK_BYTES)
        if not block.strip(b"\0"):
            return None
        if len(block) < BLOCK_BYTES:
            raise self.cut_short()
        try:
            header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except (tarfile.HeaderError, ValueError) as error:
            raise self._damaged() from error
        if header.size < 0:
            raise self._damaged()
        if header.type in _LINKS or header.type == tarfile.DIRTYPE:
            header.size = 0
        return header

    def _damaged(self) -> ReadError:
        reason = (
            f"its tar data is damaged at byte {self._position - BLOCK_BYTES}, and what follows "
            "cannot be read; fetch the file again"
        )
        return ReadError(self._name, reason, fatal=True)

    def _exactly(self, size: int) -> bytes:
        if size > MAX_EXTENDED_BYTES:
            reason = f"a name in it is longer than {MAX_EXTENDED_BYTES // 2**10} KiB, the limit"
            raise ReadError(self._name, reason, fatal=True)
        data = self.read(size)
        if len(data) < size:
            raise self.cut_short()
        return data

    def _skip_to(self, end: int) -> None:
        while self._position < end:
            if not self.read(min(end - self._position, MAX_EXTENDED_BYTES)):
                raise self.cut_short()


class _Part(io.RawIOBase):
    """The bytes of one member."""

    def __init__(self, walk: _Walk, size: int) -> None:
        super().__init__()
        self._walk = walk
        self._left = size
        self.is_cut = False

    def opened(self) -> IO[bytes]:
        return io.BufferedReader(self, MAX_EXTENDED_BYTES)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._walk.read(min(len(buffer), self._left))
        if not data and self._left:
            self.is_cut = True
            raise self._walk.cut_short()
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)


def _extended(data: bytes) -> dict[str, str]:
    """Return the records of a PAX header: each is ``length key=value`` and a line end."""
    records: dict[str, str] = {}
    position = 0
    while position < len(data):
        length, _, _ = data[position : position + 20].partition(b" ")
        if not length.isdigit() or not int(length):
            break
        record = data[position : position + int(length)]
        key, _, value = record[len(length) + 1 :].removesuffix(b"\n").partition(b"=")
        records[key.decode("utf-8", "replace")] = value.decode("utf-8", "surrogateescape")
        position += int(length)
    return records
