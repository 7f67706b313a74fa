"""Bytes → text: what is not text is named, and a wrong byte is counted, not dropped.

Line ends stay as they are, so line numbers and offsets hold.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

from rights_search.errors import ReadError
from rights_search.ingest.bounded import read_bytes
from rights_search.ingest.encodings.guess import guess_encoding, true_encoding
from rights_search.ingest.encodings.mojibake import may_be_spoilt, repaired
from rights_search.ingest.encodings.names import (
    byte_order_mark,
    codec_name,
    declared_encoding,
    wide_without_mark,
)
from rights_search.ingest.source import Source, Span

SAMPLE_BYTES = 64 * 2**10
"""How much is looked at to guess a format or an encoding."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """Text and how it was got.

    Args:
        text: the whole text without byte order mark, line ends untouched.
        encoding: the codec's name; ``utf-8-sig`` says that there was a mark.
        notes: what was doubtful about it, one sentence each.
        told_by: how the encoding is known.
    """

    text: str
    encoding: str
    notes: tuple[str, ...] = ()
    told_by: str = ""


def read_text(source: Source) -> DecodedText:
    """Return the source's whole text, decoded with the encoding it is in.

    Raises:
        ReadError: if it is no text, too large or damaged.
        OSError: if the file cannot be read.
    """
    return decode(read_undecoded(source), source.told_encoding)


def read_undecoded(source: Source) -> bytes:
    """Return the source's whole text as it is stored, for who decodes only a part of it.

    Raises:
        ReadError: if it is no text, too large or damaged.
        OSError: if the file cannot be read.
    """
    data = read_bytes(source)
    reject_binary(data[:SAMPLE_BYTES], source.name)
    return data


def decode_part(part: bytes, whole: bytes, told: str | None = None) -> DecodedText | None:
    """Return a part of a document that was cut out of its bytes, or None where that is unsafe.

    Its notes are about the part alone.

    Args:
        part: the part; what the document declares must be in it.
        whole: the whole document.
        told: as in `decode`.
    """
    # In some encodings of Japanese a bracket is half of a character.
    if _is_shifted(whole, codec_name(told)):
        return None
    if part.isascii() and not whole.isascii():
        # It is the same in any encoding, and what the whole is in cannot be seen by it.
        return replace(_decode(whole, told), text=part.decode("ascii"), notes=())
    return decode(part, told)


def whole_span(decoded: DecodedText) -> Span:
    """Return the place of a post that fills its file."""
    text = decoded.text
    lines = text.count("\n") + (0 if text.endswith("\n") else 1)
    mark = len(codecs.BOM_UTF8) if decoded.encoding == "utf-8-sig" else 0
    if decoded.notes or not decoded.encoding.startswith("utf-8"):
        return Span(1, lines)
    return Span(1, lines, 0, mark + len(text.encode("utf-8")))


def reject_binary(sample: bytes, name: str) -> None:
    """Raise a `ReadError` that says what ``sample`` looks like, if it is no text."""
    kind = binary_kind(sample)
    if kind is not None:
        way_out = f"; {_WAYS_OUT[kind]}" if kind in _WAYS_OUT else ""
        reason = f"looks binary ({kind}): only text can be read{way_out}"
        raise ReadError(name, reason, fatal=True)


def binary_kind(sample: bytes) -> str | None:
    """Return what a file that starts with ``sample`` seems to be, or None for text."""
    if sample.startswith(_MAGIC_STARTS):
        return next(f"{kind}?" for magic, kind in _MAGIC if sample.startswith(magic))
    if byte_order_mark(sample) or wide_without_mark(sample):
        return None
    if b"\0" in sample:
        return "it holds NUL bytes"
    # Most text holds none: to look for each takes half as long as to mark and to count them.
    if not any(map(sample.__contains__, _CONTROLS)):
        return None
    controls = sample.translate(_CONTROLS_AS_NUL).count(0)
    if controls > max(_FREE_CONTROLS, _MAX_CONTROL_SHARE * len(sample)):
        return "it is full of control characters"
    return None


def decode(data: bytes, told: str | None = None) -> DecodedText:
    """Return ``data`` as text: mark, UTF-16, UTF-8, what is told, declaration, best guess.

    UTF-8 goes before what anybody says: other encodings give it by no accident. What
    somebody says is not believed against all the words of the text, and UTF-8 that was
    spoilt before it came here is repaired where that is certain; notes tell either.

    Args:
        data: the whole document.
        told: the label that settings or a header name; it goes before the document's
            own declaration, as in browsers.
    """
    found = _decode(data, told)
    is_utf8 = found.encoding in ("utf-8", "utf-8-sig")
    if found.text.isascii() or (is_utf8 and not may_be_spoilt(data)):
        return found
    repair = repaired(found.text)
    return replace(found, text=repair.text, notes=(*found.notes, *repair.notes))


def _decode(data: bytes, told: str | None) -> DecodedText:
    mark = byte_order_mark(data)
    if mark is not None:
        return replace(_lossy(data, mark), told_by="its byte order mark")
    wide = wide_without_mark(data[:SAMPLE_BYTES])
    if wide is not None:
        return replace(_lossy(data, wide), told_by="its NUL bytes")
    named = codec_name(told)
    # Text that spells everything in ASCII is valid UTF-8 too, and looks like nothing in it.
    shifted = named if _is_shifted(data, named) else None
    for encoding, teller in ((shifted, _TOLD), ("utf-8", "all of it is valid")):
        text = _strictly(data, encoding)
        if text is not None and encoding is not None:
            return DecodedText(text, encoding, told_by=teller)
    return _decode_other(data, named)


def _is_shifted(data: bytes, named: str | None) -> bool:
    return named is not None and named.startswith(_SHIFTING) and data.isascii()


def _decode_other(data: bytes, named: str | None) -> DecodedText:
    """Return data that is no UTF-8 as it is said to be encoded, or as it seems to be."""
    declared = declared_encoding(data[:SAMPLE_BYTES])
    for encoding, teller in ((named, _TOLD), (declared, "its own declaration")):
        text = _strictly(data, encoding)
        if text is not None and encoding is not None:
            return _unless_contradicted(DecodedText(text, encoding, told_by=teller), data)
    if _is_mostly_utf8(data):
        return replace(_mixed(data), told_by="most of it is valid")
    return replace(_guessed(data, named or declared), told_by="a guess from its letters")


def _unless_contradicted(found: DecodedText, data: bytes) -> DecodedText:
    """Return a text as somebody said it is encoded, or as all of its words say."""
    true = true_encoding(_telling_sample(data), found.encoding)
    if true == found.encoding:
        return found
    note = f"{found.told_by} says {found.encoding}, but its words are those of {true}: read as that"
    text = _lossy(data, true)
    return DecodedText(text.text, true, (note, *text.notes), "its words")


_MAGIC = (
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"RIFF", "WebP image, sound or film"),
    (b"\0\0\1\0", "icon"),
    (b"II*\0", "TIFF image"),
    (b"MM\0*", "TIFF image"),
    (b"%PDF-", "PDF document"),
    (b"{\\rtf", "RTF document"),
    (b"\xd0\xcf\x11\xe0", "old Office document"),
    (b"PK\3\4", "ZIP archive or Office document"),
    (b"\x1f\x8b", "gzip file inside a gzip file"),
    (b"BZh", "bzip2 archive"),
    (b"\xfd7zXZ\0", "xz archive"),
    (b"\x28\xb5\x2f\xfd", "Zstandard archive"),
    (b"7z\xbc\xaf", "7-Zip archive"),
    (b"Rar!", "RAR archive"),
    (b"SQLite format 3\0", "SQLite database"),
    (b"\x7fELF", "program"),
    (b"OggS", "sound or film"),
    (b"ID3", "MP3 sound"),
    (b"wOF", "font"),
)

_WAYS_OUT = {
    "old Office document?": ("save texts as DOCX or PDF, tables as XLSX"),
    "Zstandard archive?": "unpack it",
    "7-Zip archive?": "unpack it",
    "RAR archive?": "unpack it",
}

_MAGIC_STARTS = tuple(magic for magic, _ in _MAGIC)

# Escape is left out: ISO 2022 encodings of Japanese and Korean are full of it.
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\v\x1b") | {0x7F}
_CONTROLS_AS_NUL = bytes(0 if byte in _CONTROLS else 1 for byte in range(256))
_TOLD = "its settings or its header"
_SHIFTING = ("iso2022", "hz", "utf-7")
_MAX_CONTROL_SHARE = 0.02
_FREE_CONTROLS = 4
# One well-formed UTF-8 sequence of two to four bytes (Unicode 16, table 3-7).
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}"
    rb"|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_HIGH = bytes(range(0x80, 0x100))
_BAD_RUN = re.compile(r"[\udc80-\udcff]+")


def _strictly(data: bytes, encoding: str | None) -> str | None:
    try:
        return data.decode(encoding) if encoding is not None else None
    except UnicodeDecodeError:
        return None


def _lossy(data: bytes, encoding: str) -> DecodedText:
    text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    if not lost or _strictly(data, encoding) is not None:
        return DecodedText(text, encoding)
    line = text.count("\n", 0, text.index("\ufffd")) + 1
    note = f"{_count(lost)} not valid {encoding}, the first on line {line}, could not be read"
    return DecodedText(text, encoding, (note,))


def _is_mostly_utf8(data: bytes) -> bool:
    sequences = _SEQUENCE.findall(data)
    high = len(data) - len(data.translate(None, _HIGH))
    return 2 * sum(map(len, sequences)) > high > 0


def _mixed(data: bytes) -> DecodedText:
    """Decode UTF-8 in which some bytes are something else, most likely Windows-1252."""
    raw = data.decode("utf-8", "surrogateescape")
    bad = _BAD_RUN.findall(raw)
    first = _BAD_RUN.search(raw)
    line = raw.count("\n", 0, first.start() if first else 0) + 1
    text = _BAD_RUN.sub(lambda run: _as_cp1252(run[0]), raw)
    note = (
        f"{_count(sum(map(len, bad)))} not valid UTF-8, the first on line {line}, "
        "read as Windows-1252"
    )
    return DecodedText(text, "utf-8", (note,))


def _as_cp1252(run: str) -> str:
    return run.encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _guessed(data: bytes, declared: str | None) -> DecodedText:
    encoding = guess_encoding(_telling_sample(data))
    found = _lossy(data, encoding)
    return DecodedText(found.text, encoding, (guess_note(encoding, declared), *found.notes))


def guess_note(encoding: str, declared: str | None = None) -> str:
    """Return the note for text that was read in an encoding that nobody declared, or wrongly."""
    if declared is None:
        said = "no encoding is declared and it is not UTF-8"
    else:
        said = f"it is declared as {declared}, which it is not"
    return f"{said}: read as {encoding}, which is a guess"


def _telling_sample(data: bytes) -> bytes:
    """Return a bounded part of ``data`` that starts a little before its first high byte."""
    first = re.search(rb"[\x80-\xff]", data)
    start = max(0, (first.start() if first else 0) - 200)
    return data[start : start + SAMPLE_BYTES]


def _count(number: int) -> str:
    return "1 byte that is" if number == 1 else f"{number} bytes that are"
