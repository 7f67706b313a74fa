"""Find terms in a text: whole words, in any case, in one pass.

Letters are folded one to one, so that a match leads back to the words as they stand
in the text. What the patterns are made of is told in `theme_patterns`.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick

Targets = tuple[tuple[str, bool], ...]
"""(theme id, is a strong term) pairs."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What must hold where a pattern stands before it counts as a term.

    Args:
        rest: what must stand from the pattern's start on, or None.
        in_capitals: True when the words must be written in capitals.
        targets: what it is then a term of.
    """

    rest: re.Pattern[str] | None
    in_capitals: bool
    targets: Targets


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The terms of one language, compiled: one entry a pattern in both tuples."""

    automaton: AhoCorasick
    plain: tuple[Targets, ...]
    guards: tuple[tuple[Guard, ...], ...]


@dataclass(frozen=True, slots=True)
class Spaced:
    """A text as the patterns expect it, and the way back to its characters.

    Letters are folded one to one, all else is a space, and every space is doubled
    so that each word has one on either side for itself: patterns begin and end with
    a space, and words that follow each other can both be found.

    Args:
        source: the text as it was given.
        text: the form that is searched.
        places: offset in ``source`` of each folded character, or None where the
            offsets are the same.
    """

    source: str
    text: str
    places: tuple[int, ...] | None

    def quote(self, start: int, end: int) -> str:
        """Return the words of ``source`` that a match in ``text`` stands for."""
        # One space stands before the first word, and every other one counts twice.
        first = start - self.text.count(" ", 0, start) // 2
        last = first + end - start - 2 - self.text.count(" ", start + 1, end - 1) // 2
        if self.places is None:
            return self.source[first:last]
        return self.source[self.places[first] : self.places[last - 1] + 1]


@dataclass(slots=True)
class Match:
    """A term in a text: where it first stands in its `Spaced` form, and how often."""

    targets: Targets
    start: int
    end: int
    count: int = 1


# --- texts -----------------------------------------------------------------


def spaced(text: str) -> Spaced:
    """Return ``text`` in the form that terms are searched in."""
    letters = text
    places: tuple[int, ...] | None = None
    if _has_dropped(text):
        gaps = [(match.start(), match.end()) for match in _DROPPED.finditer(text)]
        starts, ends = [0, *(end for _, end in gaps)], [*(start for start, _ in gaps), len(text)]
        places = tuple(itertools.chain.from_iterable(map(range, starts, ends)))
        letters = _DROPPED.sub("", text)
    return Spaced(text, doubled(fold(letters)), places)


def find(words: Lexicon, text: Spaced) -> list[Match]:
    """Return the terms that stand in ``text``, each once."""
    found: dict[int | Guard, Match] = {}
    plain, guards = words.plain, words.guards
    for index, start, end in words.automaton.find_matches_as_indexes(text.text):
        targets = plain[index]
        if targets:
            # Written out, for it runs for every word that is a term.
            match = found.get(index)
            if match is None:
                found[index] = Match(targets, start, end)
            else:
                match.count += 1
        for guard in guards[index]:
            stop = _passes(guard, text, start, end)
            if stop:
                found.setdefault(guard, Match(guard.targets, start, stop, 0)).count += 1
    return list(found.values())


def _passes(guard: Guard, text: Spaced, start: int, end: int) -> int:
    """Return the end of the term that begins at ``start``, or 0 if it is none."""
    if guard.rest is not None:
        match = guard.rest.match(text.text, start)
        if match is None:
            return 0
        end = match.end()
    if guard.in_capitals and not text.quote(start, end).isupper():
        return 0
    return end


def _has_dropped(text: str) -> bool:
    if text.isascii():
        return False
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return _DROPPED.search(text) is not None
    # The only one of them that Western European text can hold; encoding is the faster way.
    return "\N{SOFT HYPHEN}" in text


def doubled(folded: str) -> str:
    """Return folded text with a space on either side of every word for itself."""
    return f" {folded.replace(' ', '  ')} "


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, one character for each."""
    if text.isascii():
        return text.lower().translate(_ASCII_SIGNS)
    for encoding, table in _byte_tables():
        try:
            raw = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        return raw.translate(table).decode(encoding)
    # The only letter whose lower case is two characters long.
    lowered = text.replace("İ", "i").lower()
    return _FOLDED.sub(_fold_letter, _SIGN.sub(" ", lowered))


def _fold_letter(match: re.Match[str]) -> str:
    return _LETTERS[match[0]]


@cache
def _byte_tables() -> tuple[tuple[str, bytes], ...]:
    """Return encodings of one byte a character, each with its bytes folded.

    Bytes are translated twenty times as fast as characters, and most texts fit one
    of these: Western European, Cyrillic or Arabic letters with typographer's signs.
    """
    tables = []
    for encoding in ("cp1252", "cp1251", "cp1256"):
        table = bytearray(range(256))
        for code in range(256):
            char = bytes((code,)).decode(encoding, "ignore")
            folded = char.lower()
            folded = _LETTERS.get(folded, folded if folded.isalnum() else " ")
            table[code] = folded.encode(encoding)[0] if char else code
        tables.append((encoding, bytes(table)))
    return tuple(tables)


def _foldable_letters() -> dict[str, str]:
    letters = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك"}
    letters |= {"ё": "е", "ø": "o", "ł": "l", "đ": "d", "ı": "i"}
    for code in itertools.chain(range(0xDF, 0x250), range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.islower():
            letters[chr(code)] = base
    return letters


_LETTERS = _foldable_letters()
_FOLDED = re.compile(f"[{''.join(_LETTERS)}]")
_SIGN = re.compile(r"[^\w ]|_")
_ASCII_SIGNS = {code: " " for code in range(128) if not chr(code).isalnum()}
# Marks on letters (what is not composed, Arabic vowels and tatweel) and invisible
# characters: without them the word is the same.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u00ad\u200b-\u200f\u2060-\u2064\ufeff]"
)
