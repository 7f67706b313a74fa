"""The reader of mails that Outlook saved (``.msg``, MS-OXMSG): made mails of, and read as such."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from email.encoders import encode_base64
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32
from email.utils import format_datetime, formataddr

from rights_search.errors import ReadError
from rights_search.ingest.encodings.decoding import decode
from rights_search.ingest.encodings.names import codec_name
from rights_search.ingest.mail.reader import parsed_records
from rights_search.ingest.member_names import Tally
from rights_search.ingest.ole.compound import CompoundFile
from rights_search.ingest.ole.properties import moment
from rights_search.ingest.source import Record, Source
from rights_search.ingest.spool import open_seekable

PROPERTIES = "__properties_version1.0"
"""The stream that shows a mail of Outlook: what has a fixed size, such as dates."""


def read_msg(source: Source) -> Iterator[Record]:
    """Yield the post that a mail is, and its attachments; nothing for what is no mail.

    Raises:
        ReadError: if it is damaged, too large, or has its text in a form of Outlook alone.
    """
    tally = Tally(source.name)
    with open_seekable(source) as stream:
        message = _Item(CompoundFile(stream, source.name), "", source.name).message()
    if message is not None:
        yield from parsed_records(message, source, tally)
        yield from tally.told("part")


_CLASS, _SUBJECT, _HEADERS, _BODY, _HTML, _RTF = 0x1A, 0x37, 0x7D, 0x1000, 0x1013, 0x1009
_FROM_NAME, _FROM_ADDRESS, _FROM_SMTP = 0x0C1A, 0x0C1F, 0x5D01
_SUBMITTED, _DELIVERED, _CODE_PAGE, _MAIL_CODE_PAGE = 0x39, 0x0E06, 0x3FFD, 0x3FDE
_DATA, _SHORT_NAME, _NAME, _TYPE, _DISPLAYED = 0x3701, 0x3704, 0x3707, 0x370E, 0x3001
_MESSAGE_ID, _ANSWERS, _REFERENCES = 0x1035, 0x1042, 0x1039
_ATTACHMENT, _INNER = "__attach_version1.0_#", "__substg1.0_3701000d/"
# The first bytes of the properties of a mail, and of one inside of another.
_HEAD_BYTES, _INNER_HEAD_BYTES = 32, 24
_KEPT = (
    "date", "from", "message-id", "in-reply-to", "references", "list-id", "archived-at",
    "content-language",
)  # fmt: skip


class _Item:
    """What one folder of a file holds: a mail or an attachment.

    Args:
        file: the file.
        folder: the path of the folder, with a slash at its end; blank for the whole file.
        name: what the file is called, for errors.
    """

    def __init__(self, file: CompoundFile, folder: str, name: str) -> None:
        self._file = file
        self._folder = folder
        self._name = name
        self._fixed = dict(self._fixed_values())

    def message(self) -> Message | None:
        """Return the mail with its parts, or None for another item, such as a contact."""
        kind = self._text(_CLASS)
        if kind and not kind.casefold().startswith(_MAILS):
            return None
        message = Message(compat32)
        for key, value in self._headers():
            message[key] = " ".join(value.split())
        message["Content-Type"] = "multipart/mixed"
        message["MIME-Version"] = "1.0"
        body, html = self._text(_BODY), self._html()
        if body.strip():
            message.attach(_part("text/plain", body.encode("utf-8", "replace"), "utf-8"))
        if html:
            message.attach(_part("text/html", html, self._html_codec()))
        if not body.strip() and not html and self._bytes(_RTF, "0102"):
            reason = "holds its text in a form of Outlook alone; save it as HTML, or as EML"
            raise ReadError(self._name, reason, fatal=True)
        for inner in self._file.folders(self._folder):
            if not inner.startswith(_ATTACHMENT):
                continue
            part = _Item(self._file, f"{self._folder}{inner}/", self._name).attachment()
            if part is not None:
                message.attach(part)
        return message

    def attachment(self) -> Message | None:
        """Return an attachment as the part of a mail, or None where nothing is attached."""
        inner = self._folder + _INNER
        if inner + PROPERTIES in self._file:
            message = _Item(self._file, inner, self._name).message()
            if message is None:
                return None
            whole = Message(compat32)
            whole["Content-Type"] = "message/rfc822"
            whole.attach(message)
            return whole
        data = self._bytes(_DATA, "0102")
        if not data:
            return None
        part = _part(self._text(_TYPE) or "application/octet-stream", data)
        name = self._text(_NAME) or self._text(_SHORT_NAME) or self._text(_DISPLAYED)
        name = " ".join(name.replace("\0", "").split())
        part.add_header("Content-Disposition", "attachment", filename=name or "attachment")
        return part

    def _headers(self) -> Iterator[tuple[str, str]]:
        """Yield the headers: as they came with the mail, else of what Outlook keeps of them."""
        told = HeaderParser(policy=compat32).parsestr(self._text(_HEADERS))
        kept = {key: str(told[key]) for key in _KEPT if told[key]}
        sent = self._fixed.get(_SUBMITTED) or self._fixed.get(_DELIVERED)
        when = moment(sent) if sent else None
        address = self._text(_FROM_SMTP) or self._text(_FROM_ADDRESS)
        sender = formataddr((self._text(_FROM_NAME), address if "@" in address else ""), "utf-8")
        made = {
            "date": format_datetime(when) if when else "",
            "from": sender,
            "message-id": self._text(_MESSAGE_ID),
            "in-reply-to": self._text(_ANSWERS),
            "references": self._text(_REFERENCES),
        }
        yield "subject", self._text(_SUBJECT)
        yield from {**{key: value for key, value in made.items() if value}, **kept}.items()

    def _html(self) -> bytes:
        text = self._bytes(_HTML, "001F")
        return (
            self._bytes(_HTML, "0102")
            or self._bytes(_HTML, "001E")
            or (text.decode("utf-16-le", "replace").encode("utf-8", "replace"))
        )

    def _html_codec(self) -> str | None:
        if self._bytes(_HTML, "001F"):
            return "utf-8"
        return codec_name(f"cp{self._fixed.get(_MAIL_CODE_PAGE, 0)}")

    def _bytes(self, key: int, kind: str) -> bytes:
        return self._file.read(f"{self._folder}__substg1.0_{key:04X}{kind}")

    def _text(self, key: int) -> str:
        wide = self._bytes(key, "001F")
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self._bytes(key, "001E").rstrip(b"\0")
        pages = (self._fixed.get(page, 0) for page in (_CODE_PAGE, _MAIL_CODE_PAGE))
        told = next((name for page in pages if (name := codec_name(f"cp{page}"))), None)
        return decode(narrow, told).text

    def _fixed_values(self) -> Iterator[tuple[int, int]]:
        """Yield the numbers and dates, by their keys."""
        data = self._file.read(self._folder + PROPERTIES)
        head = _INNER_HEAD_BYTES if self._folder else _HEAD_BYTES
        for place in range(head, len(data) - 15, 16):
            kind, key = struct.unpack_from("<HH", data, place)
            size = _FIXED_BYTES.get(kind)
            if size:
                yield key, int.from_bytes(data[place + 8 : place + 8 + size], "little")


_FIXED_BYTES = {0x02: 2, 0x03: 4, 0x40: 8}
_MAILS = ("ipm.note", "ipm.post", "ipm.document", "report.")


def _part(media_type: str, data: bytes, charset: str | None = None) -> Message:
    part = Message(compat32)
    part["Content-Type"] = media_type if "/" in media_type else "application/octet-stream"
    if charset:
        part.set_param("charset", charset)
    part.set_payload(data)
    encode_base64(part)
    return part
