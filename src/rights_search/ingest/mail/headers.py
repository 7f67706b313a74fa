"""The headers of a mail as text: decoded words, names, dates, lists."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr

from rights_search.ingest.dates.finding import parse_date
from rights_search.ingest.encodings.decoding import decode
from rights_search.ingest.encodings.names import codec_name
from rights_search.ingest.paragraphs import tidy
from rights_search.post import PartialDate

MAX_HEADER_CHARS = 10_000
"""What is longer than this in a header is cut: decoding it could take for ever."""

MAX_ANSWERED = 10
"""So many mails before a mail are kept: one of them will be in the archive."""


def header(message: Message, name: str) -> str:
    """Return a header on one line, its encoded words decoded; empty where it is missing."""
    raw = message.get(name)
    return "" if raw is None else tidy(decoded_words(str(raw)))


def subject_of(message: Message) -> str:
    """Return the subject without what programs and lists put before it."""
    subject = header(message, "subject")
    while (found := _PREFIX.match(subject)) is not None and found.end():
        subject = subject[found.end() :]
    return "" if _EMPTY_SUBJECT.fullmatch(subject) else subject


def author_of(message: Message) -> str | None:
    """Return the name of the sender, or None where there is only an address."""
    name = tidy(parseaddr(header(message, "from"))[0].strip("'\""))
    name = _VIA.sub("", name)
    return None if not name or "@" in name else name


def date_of(message: Message) -> PartialDate | None:
    """Return the day on which a mail was sent, in its sender's time."""
    text = _COMMENT.sub("", header(message, "date"))
    date = parse_date(text, origin="mail: Date")
    # The clock of a machine that has none.
    return None if date is not None and date.year < _FIRST_MAIL_YEAR else date


def list_of(message: Message) -> str | None:
    """Return the name of the list that a mail came over, else the host of its sender."""
    found = _LIST_ID.match(header(message, "list-id"))
    if found is not None:
        return tidy(found["name"].strip(" \"'")) or found["id"] or None
    _, _, host = parseaddr(header(message, "from"))[1].rpartition("@")
    return host.strip(" >").lower() or None


def message_id(message: Message) -> str:
    """Return the identifier of a mail without its brackets; empty where it has none."""
    return header(message, "message-id").strip("<> ")


def answered_by(message: Message) -> tuple[str, ...]:
    """Return the identifiers of the mails that a mail answers, the nearest first.

    ``References`` lists a whole thread, its latest mail last (RFC 5322, section 3.6.4).
    """
    nearest = _MESSAGE_ID.findall(header(message, "in-reply-to"))
    thread = _MESSAGE_ID.findall(header(message, "references"))
    return tuple(dict.fromkeys((*nearest, *reversed(thread))))[:MAX_ANSWERED]


def decoded_words(raw: str) -> str:
    """Return a raw header as text; what no encoding fits is guessed as a file's would be."""
    raw = raw[:MAX_HEADER_CHARS]
    try:
        pieces = decode_header(raw)
    except (MessageError, ValueError, LookupError):
        return raw
    texts: list[str] = []
    for piece, charset in pieces:
        if isinstance(piece, str):
            # Bytes beyond ASCII that no header may hold, as the parser keeps them.
            piece = piece.encode("utf-8", "surrogateescape")  # noqa: PLW2901
        name = codec_name(charset)
        try:
            texts.append(piece.decode(name) if name else decode(piece).text)
        except UnicodeDecodeError:
            texts.append(decode(piece).text)
    return "".join(texts)


_PREFIX = re.compile(
    r"\s*(?:(?:re|fwd?|aw|wg|tr|rv|enc|vs|sv|antw|rif|отв|пер)(?:\[\d+\])?\s*:\s*|\[[^\[\]]{1,40}\]\s*"
    r"|(?:embargoed|(?:for immediate|press|news|media) release|communiqu[eé] de presse|"
    r"(?:comunicado|nota) de prensa|comunicado de imprensa|pressemitteilung|пресс-релиз|"
    r"بيان صح[فا]+ي)\s*[:–—-]\s*)",
    re.IGNORECASE,
)
_EMPTY_SUBJECT = re.compile(
    r"(?:\(?no subject\)?|(?:for immediate|press|news|media) release|communiqu[eé](?: de presse)?|"
    r"comunicado(?: de prensa)?|пресс-релиз|بيان صحفي)[.!:]?|",
    re.IGNORECASE,
)
_MESSAGE_ID = re.compile(r"<([^<>\s]{3,250})>")
_VIA = re.compile(r"\s+via\s+.{1,60}\Z", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
_LIST_ID = re.compile(r"(?=.)(?P<name>[^<]*)<?(?P<id>[^<>]*)>?\s*\Z")
_FIRST_MAIL_YEAR = 1971
