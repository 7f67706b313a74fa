"""Web pages that browsers and Word save as one file, MHTML: a mail by its form alone.

The ``Date`` of such a file is when it was saved, and its ``From`` the browser. Read as a
mail, a page from 2009 that somebody saved last week would be a post of last week.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from email.message import Message
from email.utils import parsedate_to_datetime

from rights_search.errors import ReadError
from rights_search.ingest.mail.headers import header
from rights_search.ingest.mail.text import charset_of
from rights_search.ingest.member_names import Tally
from rights_search.ingest.source import Enclosed, Member, Record

PAGE = "page.html"
"""The name under which the page is cited: in its file it has only an address."""


def is_saved_page(message: Message) -> bool:
    """Tell a saved page from a mail that is HTML with its pictures: nobody sent it."""
    if message.get_content_type() != "multipart/related":
        return False
    return "snapshot-content-location" in message or not any(map(message.__contains__, _SENT))


def page_records(message: Message, name: str, line: int | None, tally: Tally) -> Iterator[Record]:
    """Yield the page itself; its frames, pictures and styles are counted.

    Args:
        message: the file as MIME.
        name: the name of the file.
        line: where it begins.
        tally: counts the parts that are no posts.
    """
    parts = [part for part in message.walk() if not part.is_multipart()]
    page = next((part for part in parts if part.get_content_type() == "text/html"), None)
    if page is None:
        yield ReadError(name, "is a saved page without its HTML; save the page again", line=line)
        return
    for part in parts:
        if part is not page:
            media_type = part.get_content_type()
            tally.add(
                "a frame of the page" if media_type == "text/html" else f"of type {media_type}"
            )
    payload = page.get_payload(decode=True)
    member = Member(
        path=PAGE,
        url=_address_of(message, page),
        charset=charset_of(page),
        media_type="text/html",
        captured=_moment_of(message),
    )
    yield Enclosed(member, io.BytesIO(payload if isinstance(payload, bytes) else b""))


def _address_of(message: Message, page: Message) -> str | None:
    found = header(message, "snapshot-content-location") or header(page, "content-location")
    return found if found.startswith(("http://", "https://")) else None


def _moment_of(message: Message) -> str | None:
    """Return when the page was saved, ISO 8601 in UTC, or None where that is not said."""
    try:
        moment = parsedate_to_datetime(header(message, "date"))
        return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


_SENT = ("to", "cc", "received", "message-id", "delivered-to", "return-path")
