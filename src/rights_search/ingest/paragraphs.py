"""Paragraphs: what every reader makes of a body of text, and small text repairs."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rights_search.ingest.cleaning import normalise


@dataclass(frozen=True, slots=True)
class Blocks:
    """The body of a post, taken apart.

    Args:
        paragraphs: one string a paragraph, white space normalised, none empty.
        captions: what stood under or in the pictures, in order.
    """

    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()


def tidy(text: str) -> str:
    """Return ``text`` on one line and fit to be encoded.

    JSON can spell half of a surrogate pair, which no file can hold: it becomes
    U+FFFD, as an undecodable byte does.
    """
    if len(text) > _CHUNK_CHARS:
        # A list of all its words would take ten times the memory.
        return " ".join(filter(None, map(tidy, _chunks(text))))
    # The common cases at a twentieth and a tenth of the cost: a line as it should be, and one
    # with nothing in it but text and white space.
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return normalise(_SURROGATES.sub("\ufffd", text))


def _chunks(text: str) -> Iterator[str]:
    """Yield a text in parts that end between words."""
    start = 0
    while start < len(text):
        gap = _GAP.search(text, start + _CHUNK_CHARS - 1)
        end = gap.end() if gap is not None else len(text)
        yield text[start:end]
        start = end


def plain_line(text: str) -> str:
    """Return a title or a label without character references and inline tags."""
    if "&" in text:
        text = _REFERENCE.sub(lambda found: html.unescape(found[0]), text)
    if "<" in text:
        text = _INLINE_TAG.sub("", text)
    return tidy(text)


def split_plain(text: str) -> tuple[str, ...]:
    """Return the paragraphs of plain text.

    A blank line parts paragraphs and a single line end is a wrapped line; but
    where there is no blank line and the lines end as sentences do, each line
    is a paragraph.
    """
    if "&" in text:
        text = _REFERENCE.sub(lambda found: html.unescape(found[0]), text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\n" not in text:
        return tuple(filter(None, (tidy(text),)))
    pieces = _BLANK_LINE.split(text.strip())
    if len(pieces) == 1:
        lines = text.strip().splitlines()
        ended = sum(_SENTENCE_END.search(line) is not None for line in lines)
        if ended >= _ENDED_SHARE * len(lines):
            pieces = lines
    return tuple(filter(None, map(tidy, pieces)))


def looks_like_html(text: str) -> bool:
    """Say whether ``text`` is marked up, not merely text with an angle bracket."""
    return "<" in text and _MARKUP.search(text) is not None


def is_telling_caption(alt: str) -> bool:
    """Say whether a picture's ``alt`` text says something, and is no file name or role."""
    return " " in alt and _FILE_NAME.search(alt) is None and _ROLE.fullmatch(alt) is None


_CHUNK_CHARS = 2**20
_GAP = re.compile(r"\s")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BLANK_LINE = re.compile(r"\n(?:[^\S\n]*\n)+")
_SENTENCE_END = re.compile(r"[.!?…。؟۔:][\"'”’»)\]]*\s*\Z")
_ENDED_SHARE = 0.6

# Only with the semicolon: "AT&T" and "&not" are no references.
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|br|cite|em|font|i|mark|q|small|span|strong|sub|sup|u|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"</(?:p|div|span|a|b|i|em|strong|li|ul|ol|h[1-6]|blockquote|figure|table|section|article)\s*>"
    r"|<(?:br|hr|p)\s*/?>|<img\s",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(r"\.(?:avif|gif|jpe?g|png|svg|webp)\b|\A(?:IMG|DSC)[_\d]", re.IGNORECASE)
_ROLE = re.compile(
    r"(?:site |company |the )?(?:logo|icon|image|photo|picture|banner|avatar|placeholder)"
    r"(?: image| photo| of| for)?(?: \S+){0,2}",
    re.IGNORECASE,
)
