"""The reader of ZIP archives: member by member, none ever written under its name."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from rights_search.errors import ReadError
from rights_search.ingest.bounded import MAX_DOCUMENT_BYTES
from rights_search.ingest.exports.account import Account, read_account
from rights_search.ingest.member_names import (
    Accounts,
    Tally,
    accounts_among,
    is_account,
    member_name,
    why_refused,
)
from rights_search.ingest.source import Enclosed, Member, Record, Source
from rights_search.ingest.spool import guarded, open_seekable

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_DIRECTORY_BYTES = 16 * 2**20
"""The most that a ZIP file's list of members may take: it is held in memory."""


def read_zip(source: Source) -> Iterator[Record]:
    """Yield the members of a ZIP archive, in the order of its directory.

    Pictures and the like are left out and counted, as they are in a folder on disk.
    A member that cannot be read is an error of its own.

    Raises:
        ReadError: if the archive as a whole cannot be read.
    """
    tally = Tally(source.name)
    with open_seekable(source) as stream, open_zip(stream, source.name) as archive:
        members = [(member_path(info), info) for info in archive.infolist()]
        accounts = _accounts(archive, members)
        for path, info in members:
            refusal = _refusal(info, path)
            unread = accounts.why_unread(path)
            if info.filename.endswith("/"):  # is_dir() fails on an empty name
                continue
            if refusal is not None:
                yield ReadError(member_name(source, path), refusal, fatal=True)
            elif unread is not None:
                tally.add(unread)
            else:
                member = accounts.member(path, info.header_offset)
                yield from _opened(archive, info, member, source)
    yield from tally.told()


def open_zip(stream: IO[bytes], name: str) -> zipfile.ZipFile:
    """Return the archive in ``stream``.

    Raises:
        ReadError: if it is none, is cut short or has a directory beyond all measure.
    """
    if _directory_bytes(stream) > MAX_DIRECTORY_BYTES:
        reason = (
            f"its list of members is larger than {MAX_DIRECTORY_BYTES // 2**20} MiB, the limit; "
            "unpack it"
        )
        raise ReadError(name, reason, fatal=True)
    try:
        return zipfile.ZipFile(stream)
    except DAMAGE as error:
        reason = f"its ZIP data is cut short or damaged ({error}); fetch the file again"
        raise ReadError(name, reason, fatal=True) from error


def read_part(archive: zipfile.ZipFile, path: str, name: str = "") -> bytes:
    """Return the bytes of a member of a document that is a ZIP file.

    Raises:
        ReadError: if it is missing, damaged, encrypted or too large.
    """
    try:
        with archive.open(path) as stream:
            data = stream.read(MAX_DOCUMENT_BYTES + 1)
    except KeyError as error:
        raise ReadError(name, f"has no part {path}; save it again", fatal=True) from error
    except DAMAGE as error:
        raise ReadError(name, f"its part {path} cannot be read: {error}", fatal=True) from error
    if len(data) > MAX_DOCUMENT_BYTES:
        limit = f"{MAX_DOCUMENT_BYTES // 2**20} MiB, the limit for one document"
        raise ReadError(name, f"its text is larger than {limit}; split it", fatal=True)
    return data


def read_tree(archive: zipfile.ZipFile, path: str, name: str = "") -> Element:
    """Return a part of XML of a document that is a ZIP file, its entities left alone.

    Raises:
        ReadError: as `read_part` does.
        lxml.etree.XMLSyntaxError: if it is broken.
    """
    from lxml import etree  # noqa: PLC0415

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(read_part(archive, path, name), parser)


def member_path(info: zipfile.ZipInfo) -> str:
    """Return the path of a member as its writer meant it.

    Many programs write UTF-8 without saying so, which `zipfile` reads as code page
    437; and some write backslashes.
    """
    name = info.filename
    if not info.flag_bits & _IS_UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` raises for a member that is damaged, encrypted or packed in an unknown way."""

_IS_UTF8 = 0x800
_IS_ENCRYPTED = 0x1
_END = b"PK\5\6"
_END_BYTES = 22
_END64 = b"PK\6\6"
_LOCATOR64 = b"PK\6\7"
_LOCATOR64_BYTES = 20
_END64_BYTES = 56
_MAX_COMMENT_BYTES = 2**16


def _opened(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    member: Member,
    source: Source,
) -> Iterator[Record]:
    name = member_name(source, member.path)
    try:
        stream = archive.open(info)
    except DAMAGE as error:
        yield ReadError(name, f"cannot be unpacked: {error}", fatal=True)
        return
    with stream:
        yield Enclosed(member, guarded(stream, name, DAMAGE), stored=info.compress_size)


def _accounts(archive: zipfile.ZipFile, members: list[tuple[str, zipfile.ZipInfo]]) -> Accounts:
    """Return what the files of accounts among the members say of the others."""
    told = {
        PurePosixPath(path): info
        for path, info in members
        if is_account(path) and _refusal(info, path) is None
    }
    if not told:
        return Accounts()
    paths = (path for path, _ in members if not is_account(path) or PurePosixPath(path) in told)
    return accounts_among(paths, lambda path: _account(archive, told[path], path.name))


def _account(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: str) -> Account:
    try:
        with archive.open(info) as stream:
            return read_account(stream, file)
    except DAMAGE as error:
        return Account(trouble=f"it cannot be unpacked: {error}")


def _refusal(info: zipfile.ZipInfo, path: str) -> str | None:
    if info.flag_bits & _IS_ENCRYPTED:
        return "is encrypted; unpack it with its password"
    return why_refused(path, info.file_size)


def _directory_bytes(stream: IO[bytes]) -> int:
    """Return how large an archive calls its list of members; 0 where it has none."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _MAX_COMMENT_BYTES - _END_BYTES - _LOCATOR64_BYTES - _END64_BYTES))
    tail = stream.read()
    stream.seek(0)
    end = len(tail) - _END_BYTES
    if not tail.startswith(_END, max(0, end)):
        end = tail.rfind(_END)
    if end < 0 or len(tail) < end + _END_BYTES:
        return 0
    locator = end - _LOCATOR64_BYTES
    wide = locator - _END64_BYTES
    if wide >= 0 and tail.startswith(_LOCATOR64, locator) and tail.startswith(_END64, wide):
        return int.from_bytes(tail[wide + 40 : wide + 48], "little")
    return int.from_bytes(tail[end + 12 : end + 16], "little")
