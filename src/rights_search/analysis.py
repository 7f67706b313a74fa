"""Text → tokens: the only tokeniser, for indexing, queries and snippets alike.

There is no stop list: a phrase such as "right to life" stays itself, and token
positions have no gaps. What a word and its family have in common is not decided
here but in `rights_search.words.inflection`.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain, count
from typing import TypeVar

from rights_search.patterns import late
from rights_search.values import NamedTuple

_T = TypeVar("_T")

VERSION = 3
"""Raised whenever the same text would give other terms: an index must match it."""

_MAX_FOLDED = 100_000

_FEW = 100
"""So many characters beyond ASCII are looked up one by one."""

_MAX_KEPT_CHARS = 40
"""The terms of a longer piece are not kept."""

_SIGNS = ".,;:!?()[]\"'“”‘’"
"""Around a word they are no part of it."""

MAX_TERM_CHARS = 100
"""A longer word is cut here, in an index and in a query alike."""


class Token(NamedTuple):
    """A term and where it stands.

    Args:
        term: the folded form that is indexed.
        position: 0-based count of the token in its text.
        start: offset of its first character in the text.
        end: offset behind its last character.
    """

    term: str
    position: int
    start: int
    end: int


def tokenise(text: str, first_position: int = 0) -> Iterator[Token]:
    """Yield the tokens of ``text``, offsets in characters of that very text."""
    position = first_position
    for match in _pattern(text).finditer(text):
        term = _FOLDED[match.group()]
        if term:
            yield Token(term, position, *match.span())
            position += 1


def terms(text: str) -> list[str]:
    """Return the terms of ``text`` in order: `tokenise` without the places."""
    if _is_ideographs(text):
        return list(text)
    # No token holds white space, nor looks beyond it: the pieces of a text that it parts are few.
    return list(chain.from_iterable(map(_TERMS.__getitem__, text.split())))


def spans(text: str) -> list[tuple[int, int]]:
    """Return where each of the `terms` of ``text`` begins and ends."""
    matches = _pattern(text).finditer(text)
    return [match.span() for match in matches if _has_term(match.group())]


def _has_term(word: str) -> bool:
    """Tell whether anything of a word is left when it is folded, as of every ASCII word."""
    return (word.isascii() and word.isalnum()) or bool(_FOLDED[word])


def _is_ideographs(text: str) -> bool:
    """Tell whether a short text holds nothing but ideographs, each of which is a term.

    Other names of common words are such; the pattern for any text takes 25 ms to compile.
    """
    return 0 < len(text) <= _FEW and text[0] >= "\u4e00" <= min(text) and max(text) <= "\u9fff"


def _pattern(text: str) -> re.Pattern[str]:
    return _PLAIN_TOKEN if text.isascii() or _has_no_rare(text) else _token()


def _has_no_rare(text: str) -> bool:
    """Tell whether all characters are those of plain texts."""
    # Two dashes and an é are looked up sooner than a pattern for thousands of signs is compiled.
    if len(text) - len(text.encode("ascii", "ignore")) > _FEW:
        return _rare().search(text) is None
    return not any(map(_is_rare, _BEYOND_ASCII.findall(text)))


@lru_cache(maxsize=_FEW)
def _is_rare(char: str) -> bool:
    ranges = _rare_ranges()
    number = bisect(ranges, (char, _LAST))
    return number > 0 and char <= ranges[number - 1][1]


@cache
def _rare_ranges() -> list[tuple[str, str]]:
    """Return the first and the last character of each range of the rare ones, in order."""
    found = _RANGES.findall(f"{_UNSPACED}{_DROPPED_MARKS}{_KEPT_MARKS}{_INVISIBLE}")
    return sorted((first, last or first) for first, last in found)


# Compiled when first needed: most searches need neither, and each takes 10 to 25 ms.
@cache
def _rare() -> re.Pattern[str]:
    return re.compile(f"[{_UNSPACED}{_DROPPED_MARKS}{_KEPT_MARKS}{_INVISIBLE}]")


@cache
def _token() -> re.Pattern[str]:
    return re.compile(_WHOLE_TOKEN)


@lru_cache(maxsize=_MAX_FOLDED)
def fold(word: str) -> str:
    """Return the form under which ``word`` is indexed; empty if nothing is left.

    Case, accents on Latin letters, Arabic vowel marks, apostrophes, a possessive
    ``'s`` and a French elision (``l'``, ``qu'`` before a vowel) go. ``US`` in
    capitals and ``U.S.`` become ``u.s``, which keeps the country apart from the
    pronoun.
    """
    if word.isascii() and word.isalnum() and word != "US":
        return word.lower()[:MAX_TERM_CHARS]
    if not word.isascii():
        word = _compose(word)
    for sign in _APOSTROPHES:
        word = word.replace(sign, "'")
    if "'" in word:
        word = _without_elision(word)
        word = (word[:-2] if word[-2:] in {"'s", "'S"} else word).replace("'", "")
    if word == "US" or ("." in word and word.replace(".", "").lower() == "us"):
        return "u.s"
    word = word.lower() if word.isascii() else _fold_letters(word)
    # NFKC can bring in signs that are no part of a word: ½ becomes 1⁄2.
    word = word if word.isalnum() else "".join(filter(_is_term_char, word))
    return word[:MAX_TERM_CHARS]


def _compose(word: str) -> str:
    # NFKC would make a space of the acute accent that some write for an apostrophe.
    visible = word.replace("´", "'").translate(_none_of(_INVISIBLE))
    # A mark between letters that belong together goes, and they can be composed.
    composed = unicodedata.normalize("NFKC", visible)
    return unicodedata.normalize("NFKC", composed.translate(_none_of(_DROPPED_MARKS)))


@cache
def _none_of(ranges: str) -> dict[int, None]:
    """Return what `str.translate` removes the characters of some ranges by."""
    # A pattern of so many ranges is compiled in half a millisecond.
    found: dict[int, None] = {}
    for first, last in _RANGES.findall(ranges):
        found |= dict.fromkeys(range(ord(first), ord(last or first) + 1))
    return found


def _without_elision(word: str) -> str:
    elided, _, rest = word.partition("'")
    if elided.lower() in _ELIDED and rest[:1].lower()[:1] in _VOWELS:
        return rest
    return word


def _fold_letters(word: str) -> str:
    # Character by character: folding a whole string would turn й into и.
    composed = unicodedata.normalize("NFC", word)
    return "".join(_fold_char(char) for char in composed.casefold())


def plain_digit(char: str) -> str:
    """Return the ASCII digit for a decimal digit of any script, other characters as they are.

    A number is the same in the digits of any script: resolution ٢٣٣٤ is 2334, and which of
    them a keyboard writes says nothing.
    """
    return str(unicodedata.decimal(char, char))


def _is_term_char(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char) in {"Mn", "Mc"}


@lru_cache(maxsize=20_000)
def _fold_char(char: str) -> str:
    if char.isascii():
        return char
    special = _SPECIAL_LETTERS.get(char)
    if special is not None:
        return special
    if char.isdecimal():
        return plain_digit(char)
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() and base.isalpha() else char.translate(_none_of(_DROPPED_MARKS))


# Letters that Unicode does not decompose, and letters that writers of the same
# word choose between: Russian ё/е; Arabic hamza seats, final ya and ta marbuta;
# Persian and Urdu forms of kaf, ya and heh.
_SPECIAL_LETTERS = {
    "ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th",
    "ħ": "h", "ŧ": "t", "ŋ": "ng", "ə": "a",
    "ё": "е",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك", "ہ": "ه",
    "ؤ": "و", "ئ": "ي",
}  # fmt: skip

# Marks that ride on a letter: Latin and Cyrillic accents (what NFKC could not
# compose), Hebrew points, Arabic vowels and Quranic signs, tatweel.
_DROPPED_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
)
# Marks without which the word is another one: vowel signs of the Indic scripts,
# Thaana, Thai, Lao, Tibetan, Burmese and Khmer.
_KEPT_MARKS = (
    "\u07a6-\u07b0\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u09d7"
    "\u0a01-\u0a03\u0a3c-\u0a4d\u0a70\u0a71\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57"
    "\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03"
    "\u0d3b-\u0d4d\u0d57\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc"
    "\u0ec8-\u0ecd\u0f18\u0f19\u0f35-\u0f39\u0f71-\u0f84\u0f86\u0f87\u0f8d-\u0fbc"
    "\u102b-\u103e\u1056-\u1059"
    "\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d"
    "\u17b4-\u17d3\u3099\u309a\uff9e\uff9f"
)
# Invisible characters that writers and attackers put inside words: soft hyphen,
# zero-width characters, bidirectional controls.
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
# Scripts that are written without spaces: kana and ideographs, and what NFKC makes of other
# signs one; the letters of Thai, Lao, Burmese (with Shan and Karen) and Khmer.
_UNSPACED = (
    "\u3038-\u303a\u3192-\u3195\u3220-\u3229\u3280-\u3289"
    "\u3005\u3007\u3040-\u3096\u309b-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d"
    "\U00020000-\U0003134f\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3"
    "\u0ebd-\u0ec6\u0edc-\u0edf\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065\u1066"
    "\u106e-\u1070\u1075-\u1081\u108e\u1780-\u17b3"
)

_LETTER = rf"(?:(?![{_UNSPACED}])[^\W_])"
_SINGLE = r"[^\W\d_]"
_INITIAL = rf"(?:(?![{_UNSPACED}]){_SINGLE})"
_MARK = f"[{_DROPPED_MARKS}{_KEPT_MARKS}]"
_APOSTROPHES = "’‘ʼʻʹ＇`´"
_APOSTROPHE = f"['{_APOSTROPHES}]"
_WHOLE_TOKEN = (
    # U.S., U.S.A, e.g.: single letters with dots between.
    rf"(?<![^\W_]){_INITIAL}(?:\.{_INITIAL}(?![^\W_]))+\.?"
    # One letter a token; a word of several becomes a phrase.
    rf"|[{_UNSPACED}]{_MARK}*"
    # Letters and digits, with marks, invisible characters and inner apostrophes.
    rf"|{_LETTER}(?:{_LETTER}|{_MARK}"
    rf"|[{_INVISIBLE}]+(?={_LETTER})|{_APOSTROPHE}[{_INVISIBLE}]*(?={_LETTER}))*"
)
# The same tokens in a text that has none of the rare characters, in half the time: there
# all but the first letter of a token decides which of the forms it has.
_PLAIN_TOKEN = late(
    rf"[^\W_](?:[^\W_]+(?:{_APOSTROPHE}[^\W_]+)*"
    rf"|(?<={_SINGLE})(?:\.{_SINGLE}(?![^\W_]))+\.?"
    rf"|(?:{_APOSTROPHE}[^\W_]+)+)?"
)
_BEYOND_ASCII = late("[^\x00-\x7f]")
_RANGES = late("(.)(?:-(.))?", re.DOTALL)
_LAST = "\U0010ffff"
_ELIDED = frozenset("c d j l m n s t qu jusqu lorsqu puisqu".split())
_VOWELS = frozenset("haeiouyàâäæéèêëîïôöœùûüÿı")


class _Folded(dict[str, str]):
    """Word → what `fold` makes of it: a look-up takes a third of the time of a call."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _MAX_FOLDED:
            self.clear()
        folded = self[word] = fold(word)
        return folded


_FOLDED = _Folded()


class OfPiece(dict[str, _T]):
    """Piece of a text without white space → what is made of it, of the short ones kept.

    Args:
        make: makes it.
    """

    def __init__(self, make: Callable[[str], _T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, piece: str) -> _T:
        made = self._make(piece)
        if len(piece) <= _MAX_KEPT_CHARS:
            if len(self) >= _MAX_FOLDED:
                self.clear()
            self[piece] = made
        return made


def terms_of_piece(piece: str) -> tuple[str, ...]:
    """Return the `terms` of a piece of a text without white space, of which nothing is kept.

    For whoever keeps what is made of them: of two tables of all pieces one is work for nothing.
    """
    word = piece.strip(_SIGNS)
    if word.isascii() and word.isalpha() and word != "US":
        # Most pieces are plain words, with signs around them or without.
        return (word.lower()[:MAX_TERM_CHARS],)
    return tuple(filter(None, map(_FOLDED.__getitem__, _pattern(piece).findall(piece))))


_TERMS = OfPiece(terms_of_piece)
"""To find the terms of a piece again takes a sixth."""


class Numbering:
    """Numbers terms in the order in which they come.

    Most pieces of a text have been seen before, and their terms too: their numbers are found in
    one look-up, without a list of the terms.
    """

    def __init__(self) -> None:
        from array import array  # noqa: PLC0415 - not for searching

        # The count's next number, not the length: a table that holds a method of its own is freed
        # only when somebody looks for garbage, and holds all terms of a segment until then.
        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self.numbers: dict[str, int] = numbers
        """Term → its number."""
        number_of = numbers.__getitem__
        self._of_piece = OfPiece(lambda piece: array("I", map(number_of, _TERMS[piece])).tobytes())

    def of(self, terms: Iterable[str]) -> Iterator[int]:
        """Return the numbers of terms."""
        return map(self.numbers.__getitem__, terms)

    def of_text(self, text: str) -> bytes:
        """Return the numbers of the `terms` of a text, as an ``array("I")`` holds them."""
        # Bytes are joined at once, where each number of a tuple is an object to be looked at.
        return b"".join(map(self._of_piece.__getitem__, text.split()))
