"""What a document says of its encoding: marks, wide characters, declarations, labels."""

from __future__ import annotations

import codecs
import re


def byte_order_mark(data: bytes) -> str | None:
    """Return the codec that a byte order mark at the start of ``data`` tells, or None."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def wide_without_mark(sample: bytes) -> str | None:
    """Return the codec of UTF-16 or UTF-32 text that has no mark, or None.

    The upper bytes of letters are few and always in the same places: NUL for Latin
    letters, spaces and line ends. A binary file has NUL bytes anywhere.
    """
    if b"\0" not in sample:
        return None
    counts = [sample[place::4].count(0) for place in range(4)]
    quarter = len(sample) // 4
    if quarter >= _MIN_NULS and min(counts[2:]) > _WIDE_SHARE * quarter and not counts[0]:
        return _if_readable(sample, "utf-32-le")
    if quarter >= _MIN_NULS and min(counts[:2]) > _WIDE_SHARE * quarter and not counts[3]:
        return _if_readable(sample, "utf-32-be")
    even, odd = counts[0] + counts[2], counts[1] + counts[3]
    side, other = max(even, odd), min(even, odd)
    if side < _MIN_NULS or side * 40 < len(sample) or other * 20 > side or b"\0\0\0" in sample:
        return None
    return _if_readable(sample, "utf-16-le" if odd > even else "utf-16-be")


def declared_encoding(head: bytes) -> str | None:
    """Return the codec that an HTML meta element or an XML declaration names, if known."""
    found = _DECLARED.search(head)
    if found is None:
        return None
    name = codec_name((found[1] or found[2]).decode("ascii", "replace"))
    # A declaration that could be read as ASCII cannot be in a wide encoding.
    return "utf-8" if name is not None and name.startswith(("utf-16", "utf-32")) else name


def codec_name(label: str | None) -> str | None:
    """Return the name of the text codec that a source's label means, or None.

    Labels mean what they mean to browsers (https://encoding.spec.whatwg.org/#names-and-labels):
    Latin-1 and ASCII are Windows-1252, and other old labels the larger encodings that
    replaced theirs.
    """
    if not label:
        return None
    plain = label.strip(" \t\r\n\"'").lower()
    try:
        codec = codecs.lookup(_LABELS.get(plain, plain))
    except (LookupError, ValueError):
        return None
    if not codec._is_text_encoding:  # noqa: SLF001 - nothing else tells zip and hex from UTF-8
        return None
    return _LARGER.get(codec.name, codec.name)


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # The UTF-32 marks begin with the UTF-16 ones and must be tried first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MIN_NULS = 2
_WIDE_SHARE = 0.95
_READABLE_SHARE = 0.98
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)"""
    rb"""|\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)
# Labels that Python does not know.
_LABELS = {
    "cn-big5": "big5hkscs",
    "csiso88598i": "iso8859_8",
    "dos-874": "cp874",
    "iso-8859-8-i": "iso8859_8",
    "koi": "koi8_r",
    "koi8": "koi8_r",
    "koi8-ru": "koi8_u",
    "logical": "iso8859_8",
    "ms_kanji": "cp932",
    "unicode-1-1-utf-8": "utf-8",
    "unicode20utf8": "utf-8",
    "utf8mb4": "utf-8",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "windows-949": "cp949",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "x-cp1254": "cp1254",
    "x-cp1256": "cp1256",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gb18030",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-roman": "mac_roman",
    "x-mac-ukrainian": "mac_cyrillic",
    "x-sjis": "cp932",
    "x-unicode20utf8": "utf-8",
    "x-x-big5": "big5hkscs",
}
# What an encoding's name means to browsers, by Python's names of the codecs.
_LARGER = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}


def _if_readable(sample: bytes, name: str) -> str | None:
    text = sample[: len(sample) // 4 * 4].decode(name, "replace")
    readable = sum(char.isprintable() or char.isspace() for char in text)
    return name if readable > _READABLE_SHARE * len(text) else None
