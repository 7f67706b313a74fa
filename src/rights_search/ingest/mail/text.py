"""The text of a mail: which part it is, decoded, unwrapped, without its signature."""

from __future__ import annotations

import re
from email.message import Message
from typing import TYPE_CHECKING

from rights_search.ingest.encodings.decoding import DecodedText, decode

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MIN_PLAIN_SHARE = 0.5
"""A plain part with less than this share of the words of the HTML one only excuses itself."""


def part_text(part: Message) -> DecodedText:
    """Return the text of a plain or HTML part, its paragraphs parted by blank lines."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    decoded = decode(data, charset_of(part))
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    notes = decoded.notes
    if part.get_content_type() == "text/html":
        text = html_text(text)
    else:
        text, quoted = without_quotes(text)
        text, is_inner = _without_inner_head(text)
        if is_inner:
            notes = (*notes, "the head of a mail inside of this one is left out")
        if quoted:
            notes = (*notes, f"lines quoted from another mail are left out: {quoted}")
        if _parameter(part, "format") == "flowed":
            text = _unflowed(text)
    return DecodedText(_without_signature(text).strip("\n"), decoded.encoding, notes)


def without_quotes(text: str) -> tuple[str, int]:
    """Return a text without the lines that it quotes from another mail, and their number.

    The line that says who wrote them goes with them. Where nothing would be left, the mail
    passes on what it quotes: then only the marks go.
    """
    kept: list[str] = []
    quoted = 0
    for line in text.split("\n"):
        if _QUOTED.match(line) is None:
            kept.append(line)
            continue
        if quoted == 0 or (kept and kept[-1].strip()):
            _drop_attribution(kept)
        quoted += 1
    own = "\n".join(kept)
    if own.strip():
        return own, quoted
    return _QUOTED.sub("", text), 0


def _drop_attribution(lines: list[str]) -> None:
    """Drop "On 11 March, A. wrote:" and the blank lines behind it from the end of lines."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if not end or _ATTRIBUTION.search(lines[end - 1]) is None:
        return
    start = end - 1
    # Wrapped, the day stands in the line above; what has none there is text.
    if start and not _DIGIT.search(lines[start]) and _DIGIT.search(lines[start - 1]):
        start -= 1
    del lines[start:]


def _without_inner_head(text: str) -> tuple[str, bool]:
    """Return a text without the first head of a mail that it passes on, and whether it had one.

    Where that mail is what there is to read, its date stays: it is that of the text.
    """
    found = _INNER_HEAD.search(text)
    if found is None:
        return text, False
    date = _INNER_DATE.search(found[0])
    is_passed_on = not text[: found.start()].strip() or _FORWARD_MARK.search(found[0]) is not None
    kept = f"{date[1]}\n\n" if date is not None and is_passed_on else ""
    return f"{text[: found.start()]}{kept}{text[found.end() :]}", True


def html_text(markup: str) -> str:
    """Return the paragraphs of a page, parted by blank lines; its words if it is no page.

    What it quotes from another mail is left out, unless that is all that there is.
    """
    from rights_search.errors import ReadError  # noqa: PLC0415
    from rights_search.ingest.html.dom import blocks, parse, remove  # noqa: PLC0415

    try:
        page = parse(markup, "HTML")
        whole = blocks(page).paragraphs
        if _FORWARDED not in markup:
            remove([part for part in page.iter("blockquote", "div") if _is_quote(part)])
        return "\n\n".join(blocks(page).paragraphs or whole)
    except ReadError:
        # Empty, or nested beyond all reason: the words are worth more than the paragraphs.
        return _TAG.sub(" ", markup)


def _is_quote(element: Element) -> bool:
    return element.get("type") == "cite" or "gmail_quote" in element.get("class", "")


def better_of(plain: DecodedText | None, marked: DecodedText | None) -> DecodedText | None:
    """Return the plain part of a mail, unless it holds much less than the HTML part."""
    if plain is None or marked is None:
        return plain or marked
    words, all_words = len(plain.text.split()), len(marked.text.split())
    return plain if words >= MIN_PLAIN_SHARE * all_words else marked


def payload_of(part: Message) -> object:
    """Return what a part holds as it stands there: parts or text, encoded as it may be."""
    try:
        return part.get_payload()
    except ValueError:
        return ""  # a charset with a NUL in it, which no codec can be asked for


def is_encrypted(message: Message) -> bool:
    """Say whether the text of a mail cannot be read without a key."""
    kind = message.get_content_type()
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        return _parameter(message, "smime-type") != "signed-data"
    payload = payload_of(message)
    is_armoured = isinstance(payload, str) and payload.lstrip().startswith(_ARMOUR)
    return kind == "multipart/encrypted" or is_armoured


# Not the ">From" by which a mailbox keeps a line from opening a mail.
_QUOTED = re.compile(r"^[ \t]*(?:>(?!From )[ \t]?)+", re.MULTILINE)
_WROTE = (
    r"\b(?:wrote|writes|a écrit|écrivait|escribió|escribe|schrieb|escreveu|пишет|писал[аи]?|"
    r"написал[аи]?|كتبت?)\b"
)
_ATTRIBUTION = re.compile(rf"{_WROTE}\s*:?\s*\Z|\A(?=.*\d).*{_WROTE}.{{0,80}}:\s*\Z", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_DATE_NAMES = (
    "Date|Sent|Gesendet|Datum|Envoyé|Fecha|Enviado(?: el)?|Data|Enviada em|Дата|Отправлено"
)
# What programs set above a mail that they pass on: three lines at least, one of them a date.
_HEAD_LINE = (
    rf"(?:From|To|Cc|Subject|Reply-To|Von|An|Betreff|De|À|Objet|Para|Asunto|Assunto|От|Кому|Копия|"
    rf"Тема|{_DATE_NAMES})[ \t]?:[^\n]*\n"
)
_INNER_HEAD = re.compile(
    rf"^(?:[ \t]*-{{3,}}[^\n-]+-{{3,}}[ \t]*\n+)?(?=(?:[^\n]+\n){{0,8}}(?:{_DATE_NAMES})[ \t]?:)"
    rf"(?:{_HEAD_LINE}){{3,}}\n*",
    re.MULTILINE,
)
_INNER_DATE = re.compile(rf"^(?:{_DATE_NAMES})[ \t]?:[ \t]*([^\n]*)$", re.MULTILINE)
_FORWARD_MARK = re.compile(
    r"\A\s*-+\s*(?:Forwarded|Weitergel|Message transf|Mensaje reenv|Mensagem enc|Пересыл)"
)
_FORWARDED = "Forwarded message"
_ARMOUR = "-----BEGIN PGP MESSAGE-----"
_TAG = re.compile(r"<[^<>]*>")
# RFC 3676, 4.3: two dashes and a space; Mailman draws a line before its footer.
_SIGNATURE = re.compile(r"^(?:--[ ]?|_{20,}|-{30,})\n", re.MULTILINE)


def _without_signature(text: str) -> str:
    """Return a text without what a sender's program and the list put under it."""
    found = _SIGNATURE.search(text)
    return text if found is None else text[: found.start()].rstrip()


def charset_of(part: Message) -> str | None:
    """Return the charset that a part says it has, in small letters."""
    # `Message.get_content_charset` asks a codec, which no name with a NUL may be asked for.
    name = _parameter(part, "charset")
    return name or None


def _parameter(part: Message, name: str) -> str:
    value = part.get_param(name, "")
    # RFC 2231 gives a charset, a language and a value.
    text = value[2] if isinstance(value, tuple) else value
    return str(text or "").strip().lower()


def _unflowed(text: str) -> str:
    """Join lines that a space at the end marks as wrapped (RFC 3676)."""
    lines: list[str] = []
    is_open = False
    for line in text.split("\n"):
        bare = line.removeprefix(" ")
        if is_open and lines:
            lines[-1] += bare
        else:
            lines.append(bare)
        is_open = bare.endswith(" ") and bare != "-- "
    return "\n".join(lines)
