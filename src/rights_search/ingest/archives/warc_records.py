"""The records of WARC and ARC files: their headers, where they stand, and what is broken.

WARC 0.17 to 1.1 is ISO 28500; ARC is the format of the Internet Archive before it,
versions 1 and 2 (https://archive.org/web/researcher/ArcFileFormat.php).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, TypeAlias

from rights_search.errors import ReadError
from rights_search.ingest.archives.warc_stream import MAX_LINE_BYTES, Body, DamageError, WarcStream
from rights_search.ingest.member_names import member_name
from rights_search.ingest.source import Source

MAX_HEADERS = 200
"""How many lines the header of a record may have."""


@dataclass(frozen=True, slots=True)
class RecordHead:
    """The header of a record.

    Args:
        kind: ``response``, ``resource``, ``request`` and so on, as WARC calls them.
        uri: what was got.
        captured: when, ISO 8601 in UTC, or None where it says nothing that is a time.
        media_type: of the record's content as a whole.
        offset: where the record begins in the file as stored.
        truncated: why the crawler cut it short, or None.
    """

    kind: str
    uri: str
    captured: str | None
    media_type: str
    offset: int
    truncated: str | None = None


Found: TypeAlias = ReadError | tuple[RecordHead, Body]


def walk_records(stream: WarcStream, source: Source) -> Iterator[Found]:
    """Yield each record, and an error for each that is broken.

    The content of a record can be read until the next is asked for. Behind a broken
    one the walk goes on at the next line that begins a record.
    """
    walker = _Walker(stream, source)
    is_told = False
    while True:
        try:
            found = walker.next()
        except DamageError as error:
            reason = f"the record at byte {error.offset} cannot be read: {error}"
            yield ReadError(source.name, reason, fatal=True)
            continue
        if found is None:
            break
        yield found
        is_told = isinstance(found, ReadError)
        if not isinstance(found, ReadError):
            for trouble in _ended(found[1]):
                is_told = True
                yield trouble
    if stream.is_cut and not is_told:
        yield ReadError(source.name, "the archive breaks off in its last record; fetch it again")


def read_headers(body: IO[bytes] | WarcStream) -> Mapping[str, str]:
    """Return the lines up to a blank one: lower-case names and their first values."""
    headers: dict[str, str] = {}
    name = ""
    for _ in range(MAX_HEADERS):
        line = body.readline(MAX_LINE_BYTES)
        if not line.strip():
            break
        text = _decoded(line).rstrip("\r\n")
        if text[:1] in " \t" and name in headers:
            headers[name] += " " + text.strip()
            continue
        name, colon, value = text.partition(":")
        name = name.strip().lower()
        if colon:
            headers.setdefault(name, value.strip())
    return headers


_WARC = re.compile(rb"WARC/\d\.\d+\s*\Z")
_ARC = re.compile(
    r"(?P<uri>[a-z][\w+.-]*:.*) (?P<ip>\S+) (?P<date>\d{8,20}) (?P<type>\S+)"
    r"(?: \d{3} \S+ \S+ \d+ \S+)? (?P<length>\S+)\s*\Z"
)
_TIME = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z)?)?)?\Z")
_ARC_DIGITS = 14


class _Walker:
    """Finds the records; remembers the line at which one begins while it looks for it."""

    def __init__(self, stream: WarcStream, source: Source) -> None:
        self._stream = stream
        self._source = source
        self._found: tuple[int, bytes] | None = None

    def next(self) -> Found | None:
        """Return the next record, an error for what is none, or None at the end.

        Raises:
            DamageError: where the stored data is damaged.
        """
        offset, line = self._next_line()
        if not line:
            return None
        if _WARC.match(line):
            return self._warc(offset)
        arc = _ARC.match(_decoded(line))
        if arc is not None:
            return self._arc(arc, offset)
        self._look_for_record()
        reason = (
            f"at byte {offset} a record should begin and does not; the length of the one before "
            "may be wrong"
        )
        return ReadError(self._source.name, reason)

    def _next_line(self) -> tuple[int, bytes]:
        found, self._found = self._found, None
        while found is None:
            offset, line = self._stream.offset, self._stream.readline()
            if not line or line.strip():
                found = offset, line
        return found

    def _look_for_record(self) -> None:
        while self._found is None:
            offset, line = self._stream.offset, self._stream.readline()
            if not line or _WARC.match(line) or _ARC.match(_decoded(line)):
                self._found = offset, line

    def _warc(self, offset: int) -> Found:
        headers = read_headers(self._stream)
        uri = headers.get("warc-target-uri", "").strip("<>")
        head = RecordHead(
            kind=headers.get("warc-type", "").lower(),
            uri=uri,
            captured=_time(headers.get("warc-date", "")),
            media_type=headers.get("content-type", ""),
            offset=offset,
            truncated=headers.get("warc-truncated"),
        )
        return self._with_body(head, headers.get("content-length", ""))

    def _arc(self, found: re.Match[str], offset: int) -> Found:
        kind = "filedesc" if found["uri"].startswith("filedesc:") else "response"
        head = RecordHead(kind, found["uri"], _arc_time(found["date"]), found["type"], offset)
        return self._with_body(head, found["length"])

    def _with_body(self, head: RecordHead, length: str) -> Found:
        name = member_name(self._source, head.uri or f"byte {head.offset}")
        if length.isascii() and length.isdecimal() and len(length) <= _MAX_LENGTH_DIGITS:
            return head, Body(self._stream, int(length), name)
        self._look_for_record()
        reason = f"its length {length!r} is no number of bytes, so where it ends is not known"
        return ReadError(name, reason, fatal=True)


_MAX_LENGTH_DIGITS = 15


def _ended(body: Body) -> Iterator[ReadError]:
    """Go on to the end of a record, and say if it has none."""
    error = body.skip()
    if error is not None:
        yield error
    elif body.is_cut:
        reason = "the archive breaks off in this record; what there is of it was read"
        yield ReadError(body.shown, reason)


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _time(text: str) -> str | None:
    return text if _TIME.match(text) else None


def _arc_time(digits: str) -> str | None:
    if len(digits) != _ARC_DIGITS:
        return None
    day, hour, minute, second = digits[:8], digits[8:10], digits[10:12], digits[12:]
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T{hour}:{minute}:{second}Z"
