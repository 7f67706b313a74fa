"""OpenDocument files, whichever program they are of: what they are, and whether they are locked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from rights_search.errors import ReadError
from rights_search.ingest.archives.zip import open_zip, read_part
from rights_search.ingest.source import Source
from rights_search.ingest.spool import open_seekable

CONTENT = "content.xml"
MANIFEST = "META-INF/manifest.xml"
"""What every such file has; the former holds its text."""

SPACES = ("s", "tab", "line-break")
"""Elements that stand for white space."""


@contextmanager
def open_document(source: Source) -> Iterator[zipfile.ZipFile]:
    """Open a document for the time of the context.

    Raises:
        ReadError: if it is damaged or encrypted.
    """
    with open_seekable(source) as stream, open_zip(stream, source.name) as archive:
        if MANIFEST in archive.namelist():
            manifest = read_part(archive, MANIFEST, source.name)
            if b"encryption-data" in manifest:
                reason = "is encrypted; save it without a password"
                raise ReadError(source.name, reason, fatal=True)
        yield archive


def reader_of(archive: zipfile.ZipFile, name: str) -> str | None:
    """Return the reader for a document, by the media type in it, or None where there is none."""
    if "mimetype" not in archive.namelist():
        return None
    kind = read_part(archive, "mimetype", name).decode("latin-1").strip()
    return _READERS.get(kind.removeprefix(_KIND).removesuffix("-template"))


_KIND = "application/vnd.oasis.opendocument."
_READERS = {"text": "odt", "text-web": "odt", "text-master": "odt", "spreadsheet": "ods"}
