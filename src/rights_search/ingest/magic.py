"""Formats that their first bytes give away: archives, documents of office programs, PDF."""

from __future__ import annotations

import re

from rights_search.errors import ReadError
from rights_search.ingest.ole import SIGNATURE
from rights_search.ingest.source import Source

_ZIP = (b"PK\3\4", b"PK\5\6")
_WEB_ARCHIVE = re.compile(rb"\s*(?:WARC/\d\.\d|filedesc://)")
_BLOCK_BYTES = 512
_TOLD = ((b"%PDF-", "pdf"), (b"{\\rtf", "rtf"))
_BEFORE = b"\xef\xbb\xbf \t\r\n\0"


def kind_of_bytes(sample: bytes, source: Source) -> str | None:
    """Return the reader for data that starts with ``sample``, or None if it may be text.

    Raises:
        ReadError: if it is a document of a kind without a reader, or encrypted.
    """
    if sample.startswith(_ZIP):
        return _kind_of_zip(source)
    if b"\0" in sample[:_BLOCK_BYTES]:
        from rights_search.ingest.archives.tar import is_tar  # noqa: PLC0415

        if is_tar(sample):
            return "tar"
    kind = next((kind for magic, kind in _TOLD if sample.lstrip(_BEFORE).startswith(magic)), None)
    if kind is not None:
        return kind
    if _WEB_ARCHIVE.match(sample):
        return "warc"
    kind = _kind_of_mail(sample)
    if kind is not None:
        return kind
    return _kind_of_compound(source) if sample.startswith(SIGNATURE) else None


def _kind_of_compound(source: Source) -> str | None:
    """Tell what an old program of Office, or Outlook, keeps in a file."""
    from rights_search.ingest.ole.compound import CompoundFile  # noqa: PLC0415
    from rights_search.ingest.spool import open_seekable  # noqa: PLC0415

    with open_seekable(source) as stream:
        names = frozenset(CompoundFile(stream, source.name).names())
    for name, kind in _IN_COMPOUND.items():
        if name in names:
            return kind
    for name, reason in _UNREAD_COMPOUND.items():
        if name in names:
            raise ReadError(source.name, reason, fatal=True)
    return None


def _kind_of_mail(sample: bytes) -> str | None:
    """Tell a mail and a mailbox from a text: by the names of the headers that they open with."""
    is_box = _FROM_LINE.match(sample) is not None
    head = _HEADERS.match(sample, sample.find(b"\n") + 1 if is_box else 0)
    lines = head[0].split(b"\n") if head else []
    names = {line.partition(b":")[0].lower() for line in lines} & _MAIL_HEADERS
    if is_box and names:
        return "mbox"
    # What a text may well say of itself, and what only programs write.
    few = _MIN_HEADERS if names & _BY_PROGRAMS else _MIN_HEADERS + 1
    return "mail" if len(names) >= few else None


def _kind_of_zip(source: Source) -> str:
    """Tell an archive from the documents that are ZIP files themselves."""
    from rights_search.ingest.archives.zip import open_zip  # noqa: PLC0415
    from rights_search.ingest.books.epub import CONTAINER  # noqa: PLC0415
    from rights_search.ingest.office import package  # noqa: PLC0415
    from rights_search.ingest.office.opendocument import reader_of  # noqa: PLC0415
    from rights_search.ingest.office.xlsx_book import WORKBOOK  # noqa: PLC0415
    from rights_search.ingest.spool import open_seekable  # noqa: PLC0415

    with open_seekable(source) as stream, open_zip(stream, source.name) as archive:
        names = frozenset(archive.namelist())
        is_text = package.main_part(archive, package.DOCUMENT) is not None
        if package.MAIN_PART in names or is_text:
            return "docx"
        if WORKBOOK in names or package.main_part(archive, package.WORKBOOK) is not None:
            return "xlsx"
        document = reader_of(archive, source.name)
        if document is not None:
            return document
    if CONTAINER in names:
        return "epub"
    for name, kind in _DOCUMENTS.items():
        if name in names:
            raise ReadError(source.name, f"is {kind}", fatal=True)
    return "zip"


_FROM_LINE = re.compile(rb"From \S[^\n]{0,200}\d\d:\d\d[^\n]{0,60}\d{4}[^\n]{0,20}\n")
_HEADERS = re.compile(rb"(?:[!-9;-~]{1,80}:[^\n]*\n(?:[ \t][^\n]*\n){0,500}){1,300}")
_MAIL_HEADERS = frozenset(
    b"from to date subject message-id received return-path mime-version content-type "
    b"delivered-to reply-to list-id sender dkim-signature".split()
)
_BY_PROGRAMS = frozenset(b"message-id received return-path mime-version".split())
_MIN_HEADERS = 2
_IN_COMPOUND = {"worddocument": "doc", "__properties_version1.0": "msg"}
_UNREAD_COMPOUND = {
    "encryptedpackage": "is an encrypted Office document; save it without a password",
    "workbook": "is an old Excel workbook, which has no reader; save it as XLSX",
    "book": "is an old Excel workbook, which has no reader; save it as XLSX",
    "powerpoint document": "is an old PowerPoint presentation, which has no reader; save it as PDF",
}
_DOCUMENTS = {
    "xl/workbook.bin": "a binary Excel workbook (XLSB), which has no reader; save it as XLSX",
    "ppt/presentation.xml": "a PowerPoint presentation, which has no reader; save it as PDF",
    "META-INF/manifest.xml": "an OpenDocument file without a reader; save it as PDF",
    # Last, for those above have it, too.
    "[Content_Types].xml": "an Office document without a text, or damaged; save it as DOCX or PDF",
}
