"""Which reader a file needs: its content decides, its name or media type breaks ties."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import dataclass
from posixpath import splitext

from rights_search.errors import ReadError
from rights_search.ingest.bounded import open_bounded, plain_content
from rights_search.ingest.encodings.decoding import SAMPLE_BYTES, DecodedText, decode, reject_binary
from rights_search.ingest.exports.values import assigned
from rights_search.ingest.magic import kind_of_bytes
from rights_search.ingest.source import Source
from rights_search.ingest.tables.dialect import known_columns

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
_BY_TYPE = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/csv": "table",
    "text/tab-separated-values": "table",
    "application/json": "json",
    "application/ld+json": "json",
    "application/x-ndjson": "jsonl",
}

_FRONT_MATTER = re.compile(r"(?:---|\+\+\+)[ \t]*\r?\n\s*[\w\"'.-]+[ \t]*[:=]")
_JSON = re.compile(
    rf"\s*(?:{assigned()}|"
    r"\{\s*(?:\"|\}|\Z)|\[\s*(?:[\[\]{\"]|\Z))"
)
_SUBTITLES = re.compile(
    r"WEBVTT(?:[ \t][^\n]*)?(?:\r?\n|\Z)"
    r"|\s*\d{1,9}[ \t]*\r?\n\s*(?:\d{1,4}:)?\d\d:\d\d[.,]\d{1,3}[ \t]*-->"
)
_DATED = re.compile(r"\s*[\u200e\u200f]?\[?[\u200e\u200f]?\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\W")
_PACKED = re.compile(r"\.(?:gz|bz2|xz)\Z")
_MIN_COLUMNS = 3
_OPENING_BYTES = 1024

_HTML_ROOTS = frozenset(
    "html head body article main section div table h1 h2 h3 h4 h5 h6 p ul ol".split()
)
FEED_ROOTS = frozenset({"rss", "feed", "rdf"})
_XML_ROOTS = frozenset({"urlset", "sitemapindex"})
_PROLOGUE = re.compile(
    r"\s*(?:<(?P<name>[A-Za-z][\w:.-]*)|(?P<other><\?|<!--|<!doctype\b))", re.IGNORECASE
)
_ENDS = {"<?": "?>", "<!--": "-->"}
_INTERNAL_SUBSET = re.compile(r"[^>\[]*\[")


@dataclass(frozen=True, slots=True)
class Choice:
    """A reader for a file, and why this one.

    Args:
        reader: its name, as in `rights_search.ingest.READERS`.
        reason: what showed that it is the right one.
        encoding: what the start of the file was decoded with; empty for binary formats.
        told_by: how that encoding is known.
    """

    reader: str
    reason: str
    encoding: str = ""
    told_by: str = ""


def sniff(source: Source) -> str:
    """Return the name of the reader for ``source``, as `choose` does, without the reasons."""
    if source.settings.reader is not None:
        return source.settings.reader
    if source.member is not None and source.member.reader is not None:
        return source.member.reader
    sample = plain_content(source) or _sample(source)
    # The first bytes tell most pages, and nothing need be copied or decoded for it.
    if _opens_as_html(sample[:_OPENING_BYTES]) and _told(source)[0] != "markdown":
        return "html"
    return _choose(source, sample[:SAMPLE_BYTES]).reader


def choose(source: Source) -> Choice:
    """Return the reader for ``source``: its settings decide, then its content, then its name.

    Raises:
        ReadError: if it is empty, binary, damaged, or in a format without a reader.
        OSError: if it cannot be opened.
    """
    forced = source.settings.reader
    if forced is not None:
        return Choice(forced, f"named by {dict(source.settings.origins)['reader']}")
    if source.member is not None and source.member.reader is not None:
        return Choice(source.member.reader, "what holds it says so")
    return _choose(source, _sample(source))


def _choose(source: Source, sample: bytes) -> Choice:
    kind = kind_of_bytes(sample, source)
    if kind is not None:
        return Choice(kind, f"its first bytes are those of {kind.upper()}")
    reject_binary(sample, source.name)
    head = _text(sample, source)
    text = head.text.lstrip("\ufeff")
    if not text.strip():
        raise ReadError(source.name, "is empty: it holds nothing but white space", fatal=True)
    if 2 * text.count("\ufffd") > len(text):
        lost = f"more than half of its characters are not valid {head.encoding}"
        raise ReadError(source.name, f"{lost}: is it damaged? Fetch it again", fatal=True)
    reader, reason = _kind_of_text(text, source)
    return Choice(reader, reason, head.encoding, head.told_by)


def _kind_of_text(text: str, source: Source) -> tuple[str, str]:
    """Return the reader for a file that opens with ``text``, and what shows it."""
    told, teller = _told(source)
    if told == "markdown":
        return "markdown", teller
    if _FRONT_MATTER.match(text):
        return "markdown", "it opens with front matter"
    if _SUBTITLES.match(text):
        return "subtitles", "it opens as subtitles do"
    root = root_element(text)
    if root is not None:
        kind = _kind_of_markup(root, text)
        if kind is not None:
            return kind, f"it opens with the element <{root}>"
        if root == "?" or root in _XML_ROOTS or _suffix(source.name) == ".xml":
            told, teller = "xml", "it is XML, of no format that has a reader of its own"
    if told != "xml" and _JSON.match(text):
        return _kind_of_json(text, told)
    return (told, teller) if told else _kind_of_prose(text)


def _told(source: Source) -> tuple[str | None, str]:
    """Return the reader that a media type or the end of a name tells, and which did."""
    media_type = (source.member and source.member.media_type) or ""
    if media_type in _BY_TYPE:
        return _BY_TYPE[media_type], f"its media type is {media_type}"
    suffix = _suffix(source.name)
    return _BY_SUFFIX.get(suffix), f"its name ends in {suffix}"


def _opens_as_html(opening: bytes) -> bool:
    """Say whether markup is the first thing in a file, in any encoding that ASCII is part of."""
    # Only whole tags: "<p" may be the start of "<post".
    whole = opening[: opening.rfind(b">") + 1]
    return root_element(whole.decode("latin-1")) in _HTML_ROOTS


def root_element(text: str) -> str | None:
    """Return the name of the element that ``text`` opens with, lower case, without prefix.

    ``html`` for an HTML document type; ``?`` for an XML declaration that nothing known
    follows; None where the text opens with no element.
    """
    position, is_xml = 0, False
    while (found := _PROLOGUE.match(text, position)) is not None:
        if found["name"]:
            name = found["name"].lower().rpartition(":")[2]
            known = name in _HTML_ROOTS or name in FEED_ROOTS
            return "?" if is_xml and not known else name
        opening = found["other"].lower()
        is_xml = is_xml or opening == "<?"
        if opening == "<!doctype":
            if re.match(r"\s+html\b", text[found.end() : found.end() + 50], re.IGNORECASE):
                return "html"
            subset = _INTERNAL_SUBSET.match(text, found.end())
            end = text.find("]" if subset else ">", found.end())
            end = text.find(">", end) if end >= 0 else -1
        else:
            end = text.find(_ENDS[opening], found.end())
            end += len(_ENDS[opening]) - 1 if end >= 0 else 0
        if end < 0:
            break
        position = end + 1
    return "?" if is_xml else None


def _kind_of_markup(root: str, text: str) -> str | None:
    if root in _HTML_ROOTS:
        return "html"
    # An RDF document is a feed only if it says that it is one.
    if root == "rdf" and "purl.org/rss/" not in text and "netscape.com/rdf" not in text:
        return None
    return "feed" if root in FEED_ROOTS else None


def _suffix(name: str) -> str:
    return splitext(_PACKED.sub("", name.lower()))[1]


def _sample(source: Source) -> bytes:
    """Return the start of the decompressed bytes, up to where they may be damaged."""
    content = plain_content(source)
    if content is not None:
        return content[:SAMPLE_BYTES]
    sample = bytearray()
    with closing(open_bounded(source)) as stream:
        try:
            while len(sample) < SAMPLE_BYTES and (data := stream.read1(SAMPLE_BYTES)):
                sample += data
        except ReadError:
            # The reader will come to it, after what stands before.
            if not sample:
                raise
    return bytes(sample[:SAMPLE_BYTES])


def _text(sample: bytes, source: Source) -> DecodedText:
    """Return the start of a source as text, whole lines if there are any."""
    if len(sample) == SAMPLE_BYTES:
        # The last character may be cut; UTF-16 has its line ends in two bytes.
        lines = sample[: sample.rfind(b"\n") + 1]
        sample = lines if lines.strip() else sample
        sample = sample[: len(sample) // 4 * 4] if b"\0" in sample else sample
    return decode(sample, source.told_encoding)


def _kind_of_json(text: str, told: str | None) -> tuple[str, str]:
    """Tell one document from one object a line."""
    is_document = "json", "it opens as a JSON document does"
    lines = text.strip().split("\n")
    try:
        json.loads(lines[0])
    except RecursionError:
        return (told, "its name, for its JSON nests too deeply") if told else is_document
    except ValueError:
        # A broken first line says nothing; a bracket of its own is a document's.
        is_line = told == "jsonl" and lines[0].strip() not in ("", "[", "{")
        return ("jsonl", "its name, for its first line is broken") if is_line else is_document
    if not lines[0].startswith("{"):
        return is_document
    if len(lines) > 1:
        return "jsonl", "its first line is a JSON object, and others follow"
    return ("jsonl", "its name, for it has one line") if told == "jsonl" else is_document


def _kind_of_prose(text: str) -> tuple[str, str]:
    from rights_search.ingest.listing.reader import is_listing  # noqa: PLC0415
    from rights_search.ingest.plain.chat import opens_as_chat  # noqa: PLC0415

    if _DATED.match(text) and opens_as_chat(text):
        return "chat", "it opens with messages, each with its moment and a name"
    columns = known_columns(text.split("\n", 1)[0])
    if columns >= _MIN_COLUMNS:
        return "table", f"its first line names {columns} columns that are known"
    if is_listing(text):
        return "listing", "lines that are only a date part its posts"
    return "plain", "nothing in it says that it is more than text"
