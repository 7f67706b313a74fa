"""Formats that their first bytes give away: archives, documents of office programs, PDF."""

from __future__ import annotations

import re

from rights_search.errors import ReadError
from rights_search.ingest.source import Source

_ZIP = (b"PK\3\4", b"PK\5\6")
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_WEB_ARCHIVE = re.compile(rb"\s*(?:WARC/\d\.\d|filedesc://)")
_BLOCK_BYTES = 512
_OLE = b"\xd0\xcf\x11\xe0"


def kind_of_bytes(sample: bytes, source: Source) -> str | None:
    """Return the reader for data that starts with ``sample``, or None if it may be text.

    Raises:
        ReadError: if it is a document of a kind without a reader, or encrypted.
    """
    if sample.startswith(_ZIP):
        return _kind_of_zip(source)
    if b"\0" in sample[:_BLOCK_BYTES]:
        from rights_search.ingest.tar_archive import is_tar  # noqa: PLC0415

        if is_tar(sample):
            return "tar"
    if _WEB_ARCHIVE.match(sample):
        return "warc"
    if sample.startswith(_OLE) and _ENCRYPTED_OFFICE in sample:
        reason = "is an encrypted Office document; save it without a password"
        raise ReadError(source.name, reason, fatal=True)
    return None


def _kind_of_zip(source: Source) -> str:
    """Tell an archive from the documents that are ZIP files themselves."""
    from rights_search.ingest.docx import main_part  # noqa: PLC0415
    from rights_search.ingest.spool import open_seekable  # noqa: PLC0415
    from rights_search.ingest.zip_archive import open_zip  # noqa: PLC0415

    with open_seekable(source) as stream, open_zip(stream, source.name) as archive:
        names = frozenset(archive.namelist())
        if "[Content_Types].xml" in names and main_part(archive) is not None:
            return "docx"
    for name, kind in _DOCUMENTS.items():
        if name in names:
            raise ReadError(source.name, f"is {kind}", fatal=True)
    return "zip"


_DOCUMENTS = {
    "xl/workbook.xml": "an Excel workbook, which has no reader; save its sheets as CSV",
    "xl/workbook.bin": "an Excel workbook, which has no reader; save its sheets as CSV",
    "ppt/presentation.xml": "a PowerPoint presentation, which has no reader; save it as PDF",
    "META-INF/manifest.xml": "an OpenDocument file, which has no reader; save it as DOCX",
}
