"""Which encoding a font of an RTF document has, and what the other tables at its head say.

Letters beyond ASCII stand there as bytes, in the code page of the font that they are set in.
The numbers are those of the Rich Text Format Specification 1.9.1, "Font Table", and of the
Windows API, on which it rests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rights_search.ingest.encodings.names import codec_name

ANSI = "cp1252"
"""What a document is in that says nothing, and text in a font of the character set 0."""


def code_page(number: int) -> str:
    """Return the codec of a code page of Windows; that of Western Europe for an unknown one."""
    return _CODE_PAGES.get(number) or codec_name(f"cp{number}") or ANSI


@dataclass(slots=True)
class Fonts:
    """Gathers the code pages of fonts from the table of them.

    Args:
        codecs: number of a font → its codec; None for the document's own.
    """

    codecs: dict[int, str | None] = field(default_factory=dict)
    _font: int = -1
    _name: str = ""

    def word(self, word: bytes, number: int | None) -> None:
        """Take a control word."""
        if word == b"f":
            self._font, self._name = number or 0, ""
            self.codecs.setdefault(self._font, None)
        elif word == b"fcharset":
            self.codecs[self._font] = _CHARACTER_SETS.get(number or 0)
        elif word == b"cpg":
            self.codecs[self._font] = code_page(number or 0)

    def text(self, text: str) -> None:
        """Take a piece of a font's name: those of Windows 3 have its alphabet in it."""
        name, end, _ = text.partition(";")
        self._name = f"{self._name}{name}"[-_MAX_NAME:]
        alphabet = _ALPHABETS.get(self._name.rpartition(" ")[2].strip("()").lower())
        if end and alphabet and self.codecs.get(self._font) in (None, ANSI):
            self.codecs[self._font] = alphabet


@dataclass(slots=True)
class Styles:
    """Gathers the names of paragraph styles.

    Args:
        names: number of a style → its name, lower case.
    """

    names: dict[int, str] = field(default_factory=dict)
    _style: int = 0
    _name: str = ""

    def word(self, word: bytes, number: int | None) -> None:
        """Take a control word."""
        if word == b"s":
            self._style = number or 0

    def text(self, text: str) -> None:
        """Take a piece of a style's name, which ends with a semicolon."""
        name, end, _ = text.partition(";")
        self._name = f"{self._name}{name}"[-_MAX_NAME:]
        if end:
            self.names[self._style] = self._name.strip().lower()
            self._style, self._name = 0, ""


@dataclass(slots=True)
class Info:
    """Gathers what the properties say.

    Args:
        texts: ``title`` and ``author`` → their text.
        created: ``yr``, ``mo`` and ``dy`` → their number, of when the document was made.
    """

    texts: dict[bytes, str] = field(default_factory=dict)
    created: dict[bytes, int] = field(default_factory=dict)
    _field: bytes = b""

    def word(self, word: bytes, number: int | None) -> None:
        """Take a control word."""
        if word in _PROPERTIES:
            # LibreOffice names the author twice.
            self._field = word
            self.texts.pop(word, None)
        elif self._field == b"creatim" and word in _PARTS and number is not None:
            self.created[word] = number

    def text(self, text: str) -> None:
        """Take a piece of a property."""
        if self._field in _TEXTS:
            self.texts[self._field] = f"{self.texts.get(self._field, '')}{text}"[:_MAX_PROPERTY]

    @property
    def created_iso(self) -> str | None:
        """Return when the document was made, or None where that is no date."""
        parts = [self.created.get(name, 0) for name in _PARTS]
        return "{:04}-{:02}-{:02}".format(*parts) if all(parts) else None


_MAX_NAME = 100
_MAX_PROPERTY = 1000
_PARTS = (b"yr", b"mo", b"dy")
_TEXTS = frozenset((b"title", b"author"))
_PROPERTIES = _TEXTS | frozenset(
    b"creatim subject operator manager company category keywords comment doccomm hlinkbase "
    b"revtim printim buptim".split()
)
_CODE_PAGES = {
    0: ANSI,
    708: "iso8859-6",
    10000: "mac-roman",
    10001: "cp932",
    10002: "big5hkscs",
    10003: "cp949",
    10004: "mac-arabic",
    10006: "mac-greek",
    10007: "mac-cyrillic",
    10008: "gb18030",
    10029: "mac-latin2",
    10081: "mac-turkish",
    20866: "koi8-r",
    21866: "koi8-u",
    **{28590 + part: f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
}
_CHARACTER_SETS: Mapping[int, str | None] = {
    0: ANSI,
    1: None,
    2: ANSI,  # signs of a font of its own; no words
    77: "mac-roman",
    78: "cp932",
    79: "cp949",
    80: "gb18030",
    81: "big5hkscs",
    84: "mac-arabic",
    85: "mac-greek",
    86: "mac-turkish",
    88: "mac-latin2",
    89: "mac-cyrillic",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "big5hkscs",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
_ALPHABETS = {
    "cyr": "cp1251",
    "ce": "cp1250",
    "greek": "cp1253",
    "tur": "cp1254",
    "hebrew": "cp1255",
    "arabic": "cp1256",
    "baltic": "cp1257",
}
