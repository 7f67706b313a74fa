"""Find the places that a text names, in one pass for each script.

All forms of a language are patterns of one Aho-Corasick automaton: of two matches the
one that starts first and is longest wins, so a mask swallows the name inside it. An
automaton is made when a text first needs it: what is never read is never built.

The text is searched in a codec of one byte a character, so that offsets are the same
in both, and with a blank for most signs: names are written with and without hyphens.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from rights_search.geography.territories import MARKS
from rights_search.tagging.gazetteer import (
    ANY_LATIN,
    DEFAULT,
    LATIN,
    SCRIPTS,
    Casing,
    Entry,
    entries,
    masks,
)

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

Found: TypeAlias = tuple[int, int, Entry]
"""Start, end and meaning: ``text[start:end]`` are the words. A text has many of them."""

_CODECS = {"ru": "cp1251", "ar": "cp1256"}
# The first bytes in UTF-8 of the letters of a script.
_HEADS = {"ru": b"\xd0\xd1", "ar": b"\xd8\xd9\xda"}
_ASCII = bytes(range(128))
# Commas stay, as "Georgia, US" is not "Georgia: US", and so do the question marks that
# letters become which the codec lacks. No folded text has a line feed: it parts patterns.
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum() and chr(code) not in ",?\n")
_BLANKS = bytes.maketrans(_SIGNS, b" " * len(_SIGNS))
_TIGHT_COMMA = re.compile(rb",(?=[a-z])")
_ARABIC = re.compile(r"[\u0620-\u064a]")
# Conjunctions and prepositions are written together with the word.
_ARABIC_PREFIX = re.compile(r"(?<!\w)[وف]?[بلك]?\Z")


class _Finder(NamedTuple):
    """An automaton, and what each of its patterns means: None for a mask.

    ``shift`` is 1 where patterns begin with a blank, so that none begins in a word.
    """

    automaton: BytesAhoCorasick
    meanings: tuple[Entry | None, ...]
    codec: str
    shift: int


def find(text: str, folded: str, language: str | None = None) -> list[Found]:
    """Return the places that a text names, in the order of the text.

    Args:
        text: any text; its paragraphs stand apart by a blank line.
        folded: the text as `territories.fold` gives it.
        language: its ISO 639-1 code where it is known. In Latin letters only English
            names count, and those of the text's language; all of them where that is
            one without a table. Other scripts are found in any text. Marks on letters,
            such as Arabic vowels, are read over where no name has them.
    """
    if not folded.isascii() and MARKS.search(folded):
        return _find_marked(text, folded, language)
    return _find_in_all(text, folded, language)


def _find_marked(text: str, folded: str, language: str | None) -> list[Found]:
    """Find names in the text without its marks, and say where they stand with them.

    A name that itself has a mark is surer: عمّان is Amman and عُمان Oman, without it either.
    """
    plain, plain_folded = MARKS.sub("", text), MARKS.sub("", folded)
    # Before which letters of the plain text marks stand, a number for each.
    before = [mark.start() - number for number, mark in enumerate(MARKS.finditer(folded))]
    found: list[Found] = []
    is_marked = False
    for start, end, entry in _find_in_all(plain, plain_folded, language):
        left, right = (at + bisect_right(before, at) for at in (start, end - 1))
        found.append((left, right + 1, entry))
        is_marked = is_marked or right - left >= end - start
    if not is_marked:
        return found
    written = {item[:2]: item for item in _find_in_all(text, folded, language)}
    return [written.get(item[:2], item) for item in found]


def _find_in_all(text: str, folded: str, language: str | None) -> list[Found]:
    """Find the names of Latin letters, and those of the other scripts that the text has."""
    found = _find(_finder(_latin_group(language)), text, folded)
    if folded.isascii():
        return found
    others = folded.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    for group in SCRIPTS:
        if any(head in others for head in _HEADS[group]):
            found += _find(_finder(group), text, folded)
            found.sort(key=itemgetter(0))
    return found


def _latin_group(language: str | None) -> str:
    if language is None or language in SCRIPTS:
        return DEFAULT
    return language if language in LATIN else ANY_LATIN


def _find(finder: _Finder, text: str, folded: str) -> list[Found]:
    automaton, meanings, codec, shift = finder
    around = folded + " "
    found: list[Found] = []
    for number, start, end in automaton.find_matches_as_indexes(_searched(folded, codec, shift)):
        entry = meanings[number]
        end -= shift  # noqa: PLW2901 - the blank before the first pattern
        if entry is None or around[end].isalnum():
            continue
        is_plain = entry.casing == "capital" and text[start].isupper()
        if is_plain or _is_written_so(text, start, end, entry.casing):
            found.append((start, end, entry))
    if shift:
        return found
    return [item for item in found if _may_begin(folded, item[0])]


def _searched(folded: str, codec: str, shift: int) -> bytes:
    searched = folded.encode(codec, "replace").translate(_BLANKS)
    return b" " + _TIGHT_COMMA.sub(b" ", searched) if shift else searched


def _is_written_so(text: str, start: int, end: int, casing: Casing) -> bool:
    """Tell whether the words have the capitals that they need."""
    match casing:
        case "capital":
            if text[start].isupper():
                return True
            # "republic of Georgia", "north Korea"
            space = text.rfind(" ", start, end)
            return space > 0 and text[space + 1].isupper()
        case "upper":
            return text[start:end].isupper()
        case "any":
            return True


def _may_begin(folded: str, start: int) -> bool:
    """Tell whether the letters before are none, or Arabic prefixes and not part of a word."""
    if not folded[start - 1 : start].isalnum():
        return True
    if not _ARABIC.match(folded, start):
        return False
    return _ARABIC_PREFIX.search(folded, max(0, start - 3), start) is not None


@functools.cache
def _finder(group: str) -> _Finder:
    """Return the automaton of a language, or of all those in Latin letters."""
    from ahocorasick_rs import (  # noqa: PLC0415 - only taggers need it
        BytesAhoCorasick,
        Implementation,
        MatchKind,
    )

    codec = _CODECS.get(group, "ascii")
    # Arabic prefixes are written together with the name.
    shift = 0 if group == "ar" else 1
    meanings: dict[bytes, Entry | None] = {}
    keys = dict.fromkeys(masks()) | entries(group)
    # All at once, as texts are searched: one by one they take several times as long.
    patterns = _searched("\n".join(keys), codec, shift)[shift:].split(b"\n")
    front = b" " * shift
    for pattern, entry in zip(patterns, keys.values(), strict=True):
        if b"?" not in pattern:
            meanings.setdefault(front + pattern, entry)
    automaton = BytesAhoCorasick(
        meanings, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
    )
    return _Finder(automaton, tuple(meanings.values()), codec, shift)
