"""The reader of web archives: WARC and ARC, plain or compressed.

Each record that holds a page, a feed, a text or a document is a member of its own, with
the address that it was got from and the time. The rest is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO
from urllib.parse import urlsplit

from rights_search.errors import ReadError
from rights_search.ingest.archives.http_body import Answer, read_answer
from rights_search.ingest.archives.warc_records import RecordHead, walk_records
from rights_search.ingest.archives.warc_stream import Body, WarcStream
from rights_search.ingest.bounded import MAGIC_BYTES, compression
from rights_search.ingest.member_names import Tally
from rights_search.ingest.sniffing import FEED_ROOTS, root_element
from rights_search.ingest.source import Enclosed, Member, Record, Source
from rights_search.ingest.spool import open_seekable


def read_warc(source: Source) -> Iterator[Record]:
    """Yield the documents in a web archive, in its order.

    A record that is broken is an error of its own, and the next one is looked for.
    """
    tally = Tally(source.name)
    with ExitStack() as stack:
        stored: IO[bytes] = stack.enter_context(source.open_stored())
        kind = compression(stored.read(MAGIC_BYTES))
        stored.seek(0)
        if kind not in (None, "gzip"):
            stored = stack.enter_context(open_seekable(source))
            kind = None
        stream = WarcStream(stored, is_gzip=kind == "gzip")
        for found in walk_records(stream, source):
            if isinstance(found, ReadError):
                yield found
            else:
                yield from _member(*found, tally)
    yield from tally.told("record")


_KINDS = frozenset({"response", "resource", "conversion"})
_GOOD = frozenset({None, 200, 203})
_TEXTS = frozenset(
    (
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "text/markdown",
        "application/pdf",
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "message/rfc822",
        "application/mbox",
        "application/rtf",
        "text/rtf",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    )
)
_XML = frozenset({"text/xml", "application/xml"})
_HTTP = "application/http"
_PEEK_BYTES = 4096


def _member(head: RecordHead, body: Body, tally: Tally) -> Iterator[Record]:
    if head.kind not in _KINDS:
        tally.add(f"of type {head.kind}" if head.kind else "without a type")
        return
    try:
        answer = read_answer(body)
    except ReadError as error:
        yield error
        return
    declared = answer.headers.get("content-type") or _own_type(head)
    media_type, _, parameters = declared.partition(";")
    media_type = media_type.strip().lower()
    reason = _left_out(head, answer, media_type)
    if reason is not None:
        tally.add(reason)
        return
    notes = () if head.truncated is None else (f"the crawler cut it short: {head.truncated}",)
    member = Member(
        path=head.uri or f"byte {head.offset}",
        offset=head.offset,
        url=head.uri.replace(" ", "%20") or None,
        charset=_charset(parameters),
        media_type=media_type or None,
        captured=head.captured,
        notes=notes,
    )
    yield Enclosed(member, answer.stream)


def _own_type(head: RecordHead) -> str:
    """Return the type that a record has where no server told one."""
    return "" if head.media_type.lower().startswith(_HTTP) else head.media_type


def _left_out(head: RecordHead, answer: Answer, media_type: str) -> str | None:
    """Return what a record holds that is no post, or None."""
    if answer.status not in _GOOD:
        return f"an answer with status {answer.status}"
    if head.uri.startswith("metadata:") or _path(head.uri) == "/robots.txt":
        return "by or for crawlers"
    if media_type in _XML:
        start = answer.stream.peek(_PEEK_BYTES)
        is_feed = root_element(start.decode("latin-1")) in FEED_ROOTS
        return None if is_feed or compression(start) else "XML that is no feed"
    if media_type and media_type not in _TEXTS:
        return f"of type {media_type}"
    return None


def _path(uri: str) -> str:
    try:
        return urlsplit(uri).path
    except ValueError:
        return ""


def _charset(parameters: str) -> str | None:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" \"'") or None
    return None
