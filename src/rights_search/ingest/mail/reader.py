"""The reader of mails: the text as a post, readable attachments as members."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from rights_search.errors import ReadError
from rights_search.ingest.bounded import read_bytes
from rights_search.ingest.encodings.decoding import DecodedText
from rights_search.ingest.mail.headers import (
    answered_by,
    author_of,
    date_of,
    decoded_words,
    header,
    list_of,
    message_id,
    subject_of,
)
from rights_search.ingest.mail.saved_page import is_saved_page, page_records
from rights_search.ingest.mail.text import (
    better_of,
    charset_of,
    is_encrypted,
    part_text,
    payload_of,
)
from rights_search.ingest.member_names import Tally, why_unread
from rights_search.ingest.paragraphs import tidy
from rights_search.ingest.plain.reader import text_draft
from rights_search.ingest.source import Draft, Enclosed, Member, Record, Source, Span

MAX_CONTAINERS = 100
"""How many parts of a mail may hold parts: each costs a look at every line behind it."""

MAX_FIELD_BYTES = 8 * 2**10
"""The most that a MIME header may take, for their parameters are parsed in quadratic time."""


def read_mail(source: Source) -> Iterator[Record]:
    """Yield the post that a mail is, and its attachments.

    Raises:
        ReadError: if it is too large, or made to be parsed for ever.
    """
    data = read_bytes(source)
    tally = Tally(source.name)
    lines = data.count(b"\n") + (0 if data.endswith(b"\n") else 1)
    yield from message_records(data, source, Span(1, lines, 0, len(data)), tally)
    yield from tally.told("part")


def message_records(
    data: bytes, source: Source, span: Span, tally: Tally, folder: str = ""
) -> Iterator[Record]:
    """Yield what one mail holds.

    Args:
        data: the whole mail.
        source: the file or member that it stands in.
        span: where it stands there.
        tally: counts the parts that are no posts.
        folder: what goes before the names of attachments, where there are several mails.

    Raises:
        ReadError: if it is made to be parsed for ever.
    """
    _refuse_monsters(data, source, span)
    message = BytesParser(policy=compat32).parsebytes(data)
    yield from _Reading(source, span, tally, folder).records(message)


def parsed_records(message: Message, source: Source, tally: Tally) -> Iterator[Record]:
    """Yield what a mail holds that stands in another form, and has no lines there.

    Args:
        message: the mail, with its parts.
        source: the file or member that it stands in.
        tally: counts the parts that are no posts.
    """
    yield from _Reading(source, Span(), tally, "").records(message)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a mail by what they are good for."""

    plain: list[Message]
    marked: list[Message]
    attached: list[Message]
    mails: list[Message]


class _Reading:
    def __init__(self, source: Source, span: Span, tally: Tally, folder: str) -> None:
        self._source = source
        self._span = span
        self._tally = tally
        self._folder = folder

    def records(self, message: Message) -> Iterator[Record]:
        if is_encrypted(message):
            yield self._error(message, "is encrypted; save it decrypted")
            return
        if is_saved_page(message):
            yield from page_records(message, self._source.name, self._span.line_start, self._tally)
            return
        parts = _Parts([], [], [], [])
        _sort(message, parts)
        draft = self._draft(message, parts)
        if draft is not None:
            yield draft
        elif not parts.attached and not parts.mails:
            yield self._error(message, "holds no text but its subject")
        for number, part in enumerate(parts.attached, start=1):
            yield from self._attachment(message, part, number)
        for inner in parts.mails:
            yield from self.records(inner)

    def _error(self, message: Message, reason: str) -> ReadError:
        subject = header(message, "subject")[:_MAX_SHOWN_CHARS]
        name = f"the mail {subject!r}" if subject else "the mail"
        return ReadError(self._source.name, f"{name} {reason}", line=self._span.line_start)

    def _draft(self, message: Message, parts: _Parts) -> Draft | None:
        found = better_of(_joined(parts.plain), _joined(parts.marked))
        subject = subject_of(message)
        if found is None or not (found.text.strip() or subject):
            return None
        day_first = self._source.settings.day_first
        draft = text_draft(found.text, day_first, labelled=False) or Draft(())
        author = author_of(message)
        return replace(
            _titled(draft, subject),
            span=self._span,
            key=message_id(message) or None,
            message_id=message_id(message) or None,
            answers=answered_by(message),
            date=draft.date or date_of(message),
            authors=draft.authors or ((author,) if author else ()),
            url=header(message, "archived-at").strip("<>") or None,
            language=header(message, "content-language").split(",")[0] or None,
            source_name=list_of(message),
            notes=(*found.notes, *draft.notes),
            encoding=found.encoding,
            origins=(
                *draft.origins,
                *((("title", "mail: Subject"),) if subject else ()),
                *((("authors", "mail: From"),) if not draft.authors else ()),
                ("source_name", "mail: list"),
                ("language", "mail: Content-Language"),
            ),
        )

    def _attachment(self, message: Message, part: Message, number: int) -> Iterator[Record]:
        media_type = part.get_content_type()
        name = _file_name(part) or f"part {number}{_SUFFIXES.get(media_type, '')}"
        unread = why_unread(name.replace("/", "_")) or _why_unread(media_type)
        payload = part.get_payload(decode=True)
        if unread is not None:
            self._tally.add(unread)
        elif isinstance(payload, bytes) and payload.strip():
            member = Member(
                path=self._folder + name,
                charset=charset_of(part),
                media_type=media_type,
                date=date_of(message),
                source_name=list_of(message),
            )
            yield Enclosed(member, io.BytesIO(payload))
        else:
            self._tally.add("empty")


def _titled(draft: Draft, subject: str) -> Draft:
    """Return the draft under the mail's subject; a headline of its own becomes text."""
    own = draft.title
    if not subject:
        return draft
    is_same = own is None or own.casefold() in subject.casefold()
    paragraphs = draft.paragraphs if is_same or own is None else (own, *draft.paragraphs)
    return replace(draft, title=subject, paragraphs=paragraphs)


def _refuse_monsters(data: bytes, source: Source, span: Span) -> None:
    """Raise where a mail is made so that parsing it would take beyond all measure."""
    containers = sum(1 for _ in _CONTAINER.finditer(data))
    if containers > MAX_CONTAINERS:
        reason = f"has {containers:,} parts that hold parts, more than {MAX_CONTAINERS}, the limit"
        raise ReadError(source.name, reason, line=span.line_start)
    for field in _FIELD.finditer(data):
        if len(field[0]) > MAX_FIELD_BYTES:
            reason = f"has a MIME header longer than {MAX_FIELD_BYTES // 2**10} KiB, the limit"
            raise ReadError(source.name, reason, line=span.line_start)


_MAX_SHOWN_CHARS = 80
_CONTAINER = re.compile(rb"(?im)^content-type:\s*(?:multipart/|message/rfc822)")
_FIELD = re.compile(rb"(?im)^content-[a-z-]{1,40}:[^\n]*(?:\n[ \t][^\n]*)*")

_UNREAD_TYPES = ("image/", "audio/", "video/", "font/")
_UNREAD = frozenset(
    (
        "application/pgp-signature",
        "application/pgp-encrypted",
        "application/pgp-keys",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/ms-tnef",
        "text/calendar",
        "text/vcard",
        "text/x-vcard",
        "text/css",
        "message/delivery-status",
        "text/rfc822-headers",
    )
)
_SUFFIXES = {"text/html": ".html", "text/plain": ".txt", "text/csv": ".csv"}
_TEXTS = {"text/plain": "plain", "text/html": "marked"}


def _why_unread(media_type: str) -> str | None:
    if media_type.startswith(_UNREAD_TYPES) or media_type in _UNREAD:
        return f"of type {media_type}"
    return None


def _sort(part: Message, parts: _Parts) -> None:
    """Sort the parts below ``part``; its depth is bounded by the number of containers."""
    media_type = part.get_content_type()
    payload = payload_of(part)
    disposition = str(part.get("content-disposition", "")).strip().lower()
    if media_type == "message/rfc822" and isinstance(payload, list):
        parts.mails.extend(inner for inner in payload if isinstance(inner, Message))
    elif isinstance(payload, list):
        for inner in payload:
            if isinstance(inner, Message):
                _sort(inner, parts)
    elif media_type not in _TEXTS or disposition.startswith("attachment") or _file_name(part):
        parts.attached.append(part)
    elif media_type == "text/plain":
        parts.plain.append(part)
    else:
        parts.marked.append(part)


def _joined(parts: list[Message]) -> DecodedText | None:
    """Return the text of the inline parts, one below the other."""
    texts = [found for part in parts if (found := part_text(part)).text]
    if not texts:
        return None
    notes = tuple(dict.fromkeys(note for text in texts for note in text.notes))
    return DecodedText("\n\n".join(text.text for text in texts), texts[0].encoding, notes)


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename()
    except ValueError:  # its charset holds a NUL, which no codec can be asked for
        name = None
    return tidy(decoded_words(name or ""))
