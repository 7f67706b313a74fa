"""The reader of RTF documents, whatever their name ends in: the one post that a document is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from rights_search.errors import ReadError
from rights_search.ingest.bounded import MAX_DOCUMENT_BYTES, open_bounded
from rights_search.ingest.document_facts import DocumentFacts, with_facts
from rights_search.ingest.encodings.decoding import guess_note
from rights_search.ingest.encodings.guess import guess_encoding, true_encoding
from rights_search.ingest.encodings.names import codec_name
from rights_search.ingest.office.document import document_draft
from rights_search.ingest.rtf.body import RtfBody
from rights_search.ingest.rtf.fonts import ANSI
from rights_search.ingest.source import Record, Source


def read_rtf(source: Source) -> Iterator[Record]:
    """Yield the post that a document is; nothing for one without text.

    Footnotes and endnotes follow the text; the header of the first page may be a letterhead. What
    the properties say counts only where the text says nothing.

    Raises:
        ReadError: if it is no RTF document, nests too deeply, is too large without its
            pictures, or is damaged and nothing is left of its text.
    """
    body, notes = _read(_without_pictures(source), source)
    found = (*body.paragraphs, *body.notes)
    seen = [one for one in found if not one.style.startswith(_CONTENTS)]
    draft = document_draft(seen, source, body.header)
    if draft is None:
        damage = "; ".join(_damage(body))
        if damage:
            raise ReadError(source.name, f"has no text that can be read: {damage}", fatal=True)
        return
    facts = DocumentFacts(
        body.info.texts.get(b"title"), body.info.texts.get(b"author"), body.info.created_iso
    )
    told = (*notes, *_damage(body), *draft.notes)
    draft = replace(draft, url=source.url, encoding=body.codec, notes=told)
    yield with_facts(draft, facts, source)


_CONTENTS = "toc "
_BLOCK_BYTES = 2**20
# Hardly a word is as long: a picture, spelt in hexadecimal digits.
_PICTURE = re.compile(rb"[0-9A-Fa-f\r\n]{1024,}")
# What opens a group of which digits are no text; before them stand its size and its marks.
_NO_TEXT = re.compile(rb"\{\s*\\(?:\*|pict|objdata|fontfile)")
_GROUP_SIGN = re.compile(rb"(?<!\\)[{}]")
_HEAD_BYTES = 2**14
_COUNTED = re.compile(rb"\\bin[0-9]")
_COUNTED_CHARS = len(rb"\bin0")


def _without_pictures(source: Source) -> bytes:
    """Return a document, nearly all bytes of its pictures left out: they are most of many.

    From where one stands as so many bytes, all is kept: with some of them gone, the text behind
    them would be counted in.
    """
    data = bytearray()
    is_counted = False
    with closing(open_bounded(source)) as stream:
        while block := stream.read(_BLOCK_BYTES):
            is_counted |= _COUNTED.search(data[-_COUNTED_CHARS:] + block) is not None
            data += block if is_counted else _bare(block, bytes(data[-_HEAD_BYTES:]))
            if len(data) > MAX_DOCUMENT_BYTES:
                limit = f"{MAX_DOCUMENT_BYTES // 2**20} MiB, the limit for one document"
                reason = f"is larger than {limit}, without its pictures; save it as DOCX"
                raise ReadError(source.name, reason, fatal=True)
    return bytes(data)


def _bare(block: bytes, before: bytes) -> bytes:
    """Return a block without its pictures; digits that stand in the text stay.

    Args:
        block: of the document.
        before: what is kept of the blocks before it, or the end of that.
    """

    def kept(found: re.Match[bytes]) -> bytes:
        start = found.start()
        head = block[max(0, start - _HEAD_BYTES) : start]
        return (
            b"" if _is_within_picture(before + head if len(head) == start else head) else found[0]
        )

    return _PICTURE.sub(kept, block)


def _is_within_picture(head: bytes) -> bool:
    """Return whether the innermost group that is open at the end of ``head`` holds no text."""
    inner = 0
    for sign in reversed([*_GROUP_SIGN.finditer(head)]):
        if sign[0] == b"}":
            inner += 1
        elif inner:
            inner -= 1
        else:
            return _NO_TEXT.match(head, sign.start()) is not None
    return False


def _read(data: bytes, source: Source) -> tuple[RtfBody, tuple[str, ...]]:
    """Return what a document says, and what is doubtful about its encoding.

    Programs of other scripts name their own code page for the document, and the character set
    of Western Europe for the font: then the words tell which of the two it is.
    """
    told = codec_name(source.settings.encoding)
    body = RtfBody(data, source.name, told)
    body.read()
    sample = bytes(body.ansi_sample)
    true = true_encoding(sample, ANSI)
    if true == ANSI and sample and guess_encoding(sample) != ANSI:
        true = guess_encoding(sample) if not body.is_declared else body.codec
    if true == ANSI:
        return body, ()
    is_declared = body.is_declared
    body = RtfBody(data, source.name, told, true)
    body.read()
    if not is_declared:
        return body, (guess_note(true),)
    return body, (f"its fonts say {ANSI}, but its words are those of {true}: read as that",)


def _damage(body: RtfBody) -> Iterator[str]:
    if body.open_groups:
        groups = "an open group" if body.open_groups == 1 else f"{body.open_groups} open groups"
        yield f"it ends within {groups}: its end may be missing"
    if body.unread:
        yield f"{body.unread:,} bytes behind its end were not read"
    for codec, count in body.lost.items():
        yield f"{count:,} of its bytes that are not valid {codec} could not be read"
