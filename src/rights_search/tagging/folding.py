"""Fold the fields of a post into one text that terms are searched in.

Letters are folded one to one, so that a match leads back to the words as they stand
in the post.
"""

from __future__ import annotations

import codecs
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

# More signs in a row than a term may have inside.
_BETWEEN_FIELDS = 8 * "\n"


@dataclass(frozen=True, slots=True)
class Folded:
    """The fields of a post as one folded text.

    Args:
        text: letters in lower case without accents, all else as spaces, a space at the
            end.
        source: the fields as they were given, joined.
        fields: name → where the field begins in the source, in order.
        places: where in the source each folded character stands; None where all stand
            at the same offset.
    """

    text: str
    source: str
    fields: Mapping[str, int]
    places: Sequence[int] | None

    def ends(self) -> Iterator[tuple[str, int]]:
        """Yield the name of each field, and where in `text` the next one begins."""
        _, *starts = self.fields.values()
        if self.places is not None:
            starts = [bisect_left(self.places, start) for start in starts]
        return zip(self.fields, (*starts, len(self.text)), strict=True)

    def in_source(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the source the characters from ``start`` to ``end`` stand."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def folded(sources: Mapping[str, str]) -> Folded:
    """Return the fields of a post in the form that terms are searched in."""
    fields: dict[str, int] = {}
    begin = 0
    for name, part in sources.items():
        fields[name] = begin
        begin += len(part) + len(_BETWEEN_FIELDS)
    source = _BETWEEN_FIELDS.join(sources.values())
    text = fold(source)
    places = None
    if len(text) < len(source):
        places = [place for place, char in enumerate(source) if _CHARACTERS[ord(char)]]
    return Folded(f"{text} ", source, fields, places)


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, signs as spaces.

    Each character becomes one, but for marks on letters and invisible characters:
    these are dropped.
    """
    plain, *others = _byte_tables()
    if not text.isascii():
        # Latin-1 lacks these, but a text in it is encoded at a stroke.
        for sign in TYPOGRAPHERS:
            text = text.replace(sign, " ")
    if text.isascii():
        return text.encode().translate(plain.folded).decode()
    for table in others:
        try:
            raw = text.encode(table.encoding, _FOLD_OTHERS)
        except UnicodeEncodeError:
            continue
        letters = raw.translate(table.folded).decode(table.encoding)
        return letters.replace(_DROP, "") if _DROP in letters else letters
    return text.translate(_CHARACTERS)


@dataclass(frozen=True, slots=True)
class _ByteTable:
    """An encoding of one byte a character, and what becomes of each byte."""

    encoding: str
    folded: bytes


@cache
def _byte_tables() -> tuple[_ByteTable, ...]:
    """Return the encodings that a text is tried in.

    Bytes are translated twenty times as fast as characters, and most texts fit one of
    these: plain, Western European, Cyrillic or Arabic letters.
    """
    return (
        _byte_table("ascii"),
        _byte_table("latin-1"),
        _byte_table("cp1251"),
        _byte_table("cp1256"),
    )


def _byte_table(encoding: str) -> _ByteTable:
    table = bytearray(range(256))
    for code in range(256):
        char = bytes((code,)).decode(encoding, "ignore")
        if char and char != _DROP:
            table[code] = (_fold_char(char) or _DROP).encode(encoding)[0]
    table[ord(_DROP)] = ord(" ")
    return _ByteTable(encoding, bytes(table))


def _fold_others(error: UnicodeError) -> tuple[str, int]:
    """Fold what an encoding lacks: an arrow is a sign, ğ is g. Raises it what is left."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    others = error.object[error.start : error.end]
    if len(others) == 1:
        return _CHARACTERS[ord(others)] or _SOFT_HYPHEN, error.end
    return "".join(_CHARACTERS[ord(char)] or _SOFT_HYPHEN for char in others), error.end


TYPOGRAPHERS = "’‘“”–—…"
"""The signs that Latin-1 lacks in most texts which it could spell without them."""

_FOLD_OTHERS = "rights_search.fold"
codecs.register_error(_FOLD_OTHERS, _fold_others)
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"
_DROP = "\0"
"""Stands for a dropped character until it is dropped; in a text it is a sign like others."""


@cache
def _fold_char(char: str) -> str:
    """Return what `fold` makes of one character: another one, or nothing."""
    if ord(char) in _DROPPED:
        return ""
    # Only İ has a lower case of two characters.
    letter = char.lower()[0]
    if letter in _LETTERS:
        return _LETTERS[letter]
    base = unicodedata.normalize("NFD", letter)[0]
    if base.isascii() and base.islower():
        return base
    return letter if letter.isalnum() and unicodedata.category(letter) != "Lm" else " "


class _Characters(dict[int, str]):
    """Code point → what becomes of it, looked up when first asked for."""

    def __missing__(self, code: int) -> str:
        char = self[code] = _fold_char(chr(code))
        return char


_CHARACTERS = _Characters()
# Writers of the same word choose between these; what Unicode does not decompose.
_LETTERS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك",
    "ؤ": "و", "ئ": "ي", "ё": "е",
    "ø": "o", "œ": "o", "ł": "l", "đ": "d", "ı": "i", "ƒ": "f",
}  # fmt: skip
# Marks on letters (what is not composed, Arabic vowels and tatweel) and invisible
# characters: without them the word is the same.
_DROPPED = frozenset(
    [
        *range(0x300, 0x370), *range(0x610, 0x61B), 0x640, *range(0x64B, 0x660), 0x670,
        0xAD, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF,
    ]
)  # fmt: skip
