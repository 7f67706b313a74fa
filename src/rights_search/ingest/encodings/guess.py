"""Which encoding text is in: by its words, where nobody says, or says wrong.

Words of a Latin script mix accented letters with ASCII ones; words of other scripts do
not. Only the latter need statistics, and without the Latin candidates these are reliable
from a few words on. Chinese has no words of that kind: its two-byte encoding is told by what
no other text has in it.
"""

from __future__ import annotations

import codecs
import re


def guess_encoding(sample: bytes) -> str:
    """Return the likeliest of the one-byte encodings, or GB 18030."""
    if _is_chinese(sample):
        return _CHINESE
    words = _words(sample)
    return _LATIN if 2 * _mixed(words) >= len(words) else _not_latin(sample)


def true_encoding(sample: bytes, declared: str) -> str:
    """Return the encoding that the words of ``sample`` are in, if that is certain.

    Args:
        sample: a part of the text with some of its letters beyond ASCII.
        declared: the codec that somebody named, which is returned unless the words
            contradict: many words and nearly all of them in another script, or with
            capitals in their middle, as KOI8-R has them when it is read as Windows-1251.
    """
    script = _SCRIPTS.get(declared)
    words = _words(sample) if script is not None else []
    if len(words) < _MIN_WORDS:
        return declared
    mixed = _mixed(words) / len(words)
    if script == "latin" and mixed <= 1 - _NEARLY_ALL:
        return _not_latin(sample)
    if script != "latin" and mixed >= _NEARLY_ALL:
        return _LATIN
    if script == "cyrillic" and _is_turned(words, declared):
        return next((name for name in ("cp1251", "koi8_r") if _is_upright(words, name)), declared)
    return declared


def _is_chinese(sample: bytes) -> bool:
    """Say whether bytes are Chinese in GB 18030, in pairs from end to end.

    Words in one-byte encodings leave single bytes over sooner or later, Latin ones are mostly
    ASCII, and neither has the full stop or the comma of Chinese; Japanese in EUC-JP, which
    has them at the same place, has kana too.
    """
    try:
        # The last pair of a sample may be cut in two.
        text = codecs.getincrementaldecoder(_CHINESE)().decode(sample)
    except UnicodeDecodeError:
        return False
    letters = "".join(text.split())
    ideographs = sum("\u4e00" <= char <= "\u9fff" for char in letters)
    kana = sum("\u3040" <= char <= "\u30ff" for char in letters)
    has_stop = "\u3002" in letters or "\uff0c" in letters
    return has_stop and 2 * ideographs >= len(letters) and not kana


_CHINESE = "gb18030"
_LATIN = "cp1252"
_NOT_LATIN = ("cp1251", "koi8_r", "cp1256")
_CYRILLIC = ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")
_SCRIPTS = {
    **dict.fromkeys(("cp1250", "cp1252", "cp1254", "cp1257", "mac-roman"), "latin"),
    **dict.fromkeys((f"iso8859-{part}" for part in (2, 3, 4, 10, 13, 14, 15, 16)), "latin"),
    **dict.fromkeys((*_CYRILLIC, "koi8-u"), "cyrillic"),
    **dict.fromkeys(("cp1256", "iso8859-6"), "arabic"),
    **dict.fromkeys(("cp1253", "iso8859-7"), "greek"),
    **dict.fromkeys(("cp1255", "iso8859-8"), "hebrew"),
}
_MIN_WORDS = 20
_NEARLY_ALL = 0.95

# A dash between spaces is no word: two bytes at least.
_WORD = re.compile(rb"[A-Za-z\x80-\xff]{2,}")
_ASCII_LETTER = re.compile(rb"[A-Za-z]")


def _words(sample: bytes) -> list[bytes]:
    return [word for word in _WORD.findall(sample) if not word.isascii()]


def _mixed(words: list[bytes]) -> int:
    return sum(_ASCII_LETTER.search(word) is not None for word in words)


def _not_latin(sample: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415

    best = from_bytes(sample, cp_isolation=list(_NOT_LATIN)).best()
    return _LATIN if best is None else best.encoding


def _is_turned(words: list[bytes], encoding: str) -> bool:
    """Say whether an encoding turns words inside out: ``яСД`` for ``Суд``.

    KOI8-R has its small letters where Windows-1251 has capitals, and the reverse, so
    all words are in capitals then but for those that begin with one.
    """
    texts = [word.decode(encoding, "replace") for word in words]
    upright = sum(text.islower() or text.istitle() for text in texts)
    turned = sum(text[:1].islower() and text[1:].isupper() for text in texts)
    return turned > 0 and upright <= (1 - _NEARLY_ALL) * len(texts)


def _is_upright(words: list[bytes], encoding: str) -> bool:
    texts = [word.decode(encoding, "replace") for word in words]
    return sum(text.islower() or text.istitle() for text in texts) >= _NEARLY_ALL * len(texts)
