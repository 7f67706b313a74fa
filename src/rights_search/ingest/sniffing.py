"""Which reader a file needs: its content decides, its suffix breaks ties."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import PurePosixPath

from rights_search.errors import ReadError
from rights_search.ingest.bounded import open_bounded
from rights_search.ingest.decoding import SAMPLE_BYTES, decode, reject_binary
from rights_search.ingest.source import Source
from rights_search.ingest.table import known_columns

_BY_SUFFIX = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdown": "markdown",
    ".mkd": "markdown",
    ".mdx": "markdown",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jsonlines": "jsonl",
    ".csv": "table",
    ".tsv": "table",
    ".tab": "table",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}

_FRONT_MATTER = re.compile(r"(?:---|\+\+\+)[ \t]*\r?\n\s*[\w\"'.-]+[ \t]*[:=]")
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|article|main|section|div|table|h[1-6]|p|ul|ol)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*<(?:\?xml|rss|feed|rdf:rdf|urlset)\b", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\{\s*(?:\"|\}|\Z)|\[\s*(?:[\[\]{\"]|\Z))")
_ARCHIVE = re.compile(r"WARC/\d|filedesc://")
_MIN_COLUMNS = 3
_PACKED = re.compile(r"\.(?:gz|bz2|xz)\Z")
_ZIP = (b"PK\3\4", b"PK\5\6")


def sniff(source: Source) -> str:
    """Return the name of the reader for ``source``, as in `rights_search.ingest.READERS`.

    Raises:
        ReadError: if it is empty, binary, damaged, or in a format without a reader.
        OSError: if it cannot be opened.
    """
    sample = _sample(source)
    if sample.startswith(_ZIP):
        return "zip"
    reject_binary(sample, source.name)
    text = _text(sample, source)
    if not text.strip():
        raise ReadError(source.name, "is empty: it holds nothing but white space", fatal=True)
    by_suffix = _BY_SUFFIX.get(_suffix(source.name))
    if by_suffix == "markdown" or _FRONT_MATTER.match(text):
        return "markdown"
    if _HTML.match(text):
        return "html"
    if _XML.match(text):
        reason = "is XML, which has no reader; save it as HTML, or turn it into JSONL"
        raise ReadError(source.name, reason, fatal=True)
    if _ARCHIVE.match(text):
        reason = "is a web archive (WARC), which has no reader; unpack its pages as HTML"
        raise ReadError(source.name, reason, fatal=True)
    if _JSON.match(text):
        return _kind_of_json(text, by_suffix)
    return by_suffix or _kind_of_text(text)


def _suffix(name: str) -> str:
    return PurePosixPath(_PACKED.sub("", name.lower())).suffix


def _sample(source: Source) -> bytes:
    """Return the start of the decompressed bytes."""
    with closing(open_bounded(source)) as stream:
        return stream.read(SAMPLE_BYTES)


def _text(sample: bytes, source: Source) -> str:
    """Return the start of a source as text, whole lines if there are any."""
    if len(sample) == SAMPLE_BYTES:
        # The last character may be cut; UTF-16 has its line ends in two bytes.
        sample = sample[: sample.rfind(b"\n") + 1] or sample
        sample = sample[: len(sample) // 4 * 4] if b"\0" in sample else sample
    return decode(sample, source.told_encoding).text.lstrip("\ufeff")


def _kind_of_json(text: str, by_suffix: str | None) -> str:
    """Tell one document from one object a line."""
    lines = text.strip().split("\n")
    try:
        json.loads(lines[0])
    except RecursionError:
        return by_suffix or "json"
    except ValueError:
        # A broken first line says nothing; a bracket of its own is a document's.
        is_line = by_suffix == "jsonl" and lines[0].strip() not in ("", "[", "{")
        return "jsonl" if is_line else "json"
    if not lines[0].startswith("{"):
        return "json"
    return "jsonl" if len(lines) > 1 or by_suffix == "jsonl" else "json"


def _kind_of_text(text: str) -> str:
    from rights_search.ingest.listing import is_listing  # noqa: PLC0415

    if known_columns(text.split("\n", 1)[0]) >= _MIN_COLUMNS:
        return "table"
    return "listing" if is_listing(text) else "plain"
