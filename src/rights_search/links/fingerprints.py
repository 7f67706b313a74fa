"""Post → fingerprint: what two posts must share before their texts are compared.

Speed decides the form. Words are cut by byte tables, shingles hashed by CRC-32 (never
by Python's own ``hash``, which differs from run to run), and of their hashes only the
smallest ones of 64 ranges are kept: one-permutation MinHash (Li, Owen and Zhang 2012)
with an empty range taking the minimum of the next one that is not (Shrivastava and Li
2014), four neighbours to a band.
"""

from __future__ import annotations

import hashlib
import re
import struct
import sys
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from rights_search import analysis
from rights_search.post import Post

VERSION = 4
"""Raised whenever the same post would give another fingerprint or other threads."""

SHINGLE_WORDS = 4

SHORT_WORDS = 30
"""A text of fewer words says too little: "See below." under a title that a form gives to
many posts. It is a copy of its like only if both have the same day, or both no date at all, and
a near-copy of none."""

MAX_CHARS = 1_000_000
"""How much of a text is compared; of the rest only the length counts."""

BANDS = 16
ROWS = 4
"""Of posts that share 70 % of their shingles, 1 - (1 - .7 ** 4) ** 16 = 98.8 % share a band,
of those that share 80 %, 99.98 %."""

UNDATED = 0xFFFFFFFF

_MINIMA = BANDS * ROWS
_THRESHOLDS = tuple((number << 32) // _MINIMA for number in range(_MINIMA))
_PACK = struct.Struct(f"<{_MINIMA}I").pack
_BAND_STARTS = range(0, _MINIMA * 4, ROWS * 4)
NO_BANDS = (0,) * BANDS


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is remembered of a post's text.

    Args:
        exact: 64 bits that posts of the same text share; 0 for a post that is taken for
            nobody's exact copy.
        bands: 32 bits each; posts that share one may resemble each other. All 0 for a
            post that is taken for nobody's near-copy.
        words: how many there are.
        day: ordinal of the last day that it may be from, `UNDATED` without a date: "2014"
            is no proof of having been there before 5 March 2014.
    """

    exact: int
    bands: Sequence[int]
    words: int
    day: int


def fingerprint(
    post: Post, words: int, text: bytes, hashes: array[int], found: Sequence[int] = ()
) -> Fingerprint:
    """Return the fingerprint of a post.

    Args:
        post: the post.
        words: how many words it has.
        text: their `digest`.
        hashes: their `shingles`.
        found: its `bands`, if they are known.
    """
    day = UNDATED if post.date is None else post.date.last.toordinal()
    if words >= SHORT_WORDS:
        rest = max(0, _length(post) - MAX_CHARS)
        return Fingerprint(_exact(text, words, rest), found or bands(hashes), words, day)
    if words and (post.date is None or post.date.precision == "day"):
        return Fingerprint(_exact(text, words, day), NO_BANDS, words, day)
    return Fingerprint(0, NO_BANDS, words, day)


def digest(words: Sequence[bytes]) -> bytes:
    """Return what texts of the same words share, and no others.

    Not of their `shingles`: of each CRC-32 there are texts that somebody can make, and a copy that
    is called exact is not looked at again.
    """
    return hashlib.blake2b(b" ".join(words), digest_size=16).digest()


def _exact(text: bytes, words: int, more: int) -> int:
    """Return 64 bits of a text's digest, and of what else must be the same."""
    found = hashlib.blake2b(text + b"%d %d" % (words, more), digest_size=8)
    return int.from_bytes(found.digest(), "little")


def little_endian(column: array[int]) -> array[int]:
    """Return numbers as they are stored, or stored ones as they are in memory."""
    if sys.byteorder == "little":
        return column
    swapped = column[:]
    swapped.byteswap()
    return swapped


def words_of(post: Post) -> list[bytes]:
    """Return the words of title and body, all marks and signs between them left out.

    A title that is derived repeats the body, so it is no part of it: then a text with
    its title in the first line has the same words as one that names its title.
    """
    return normalised("\n".join(_texts(post)))


def _texts(post: Post) -> Iterator[str]:
    left = MAX_CHARS
    for text in (*(() if post.title_derived else (post.title,)), *post.paragraphs):
        yield text[:left]
        left -= len(text)
        if left <= 0:
            return


def _length(post: Post) -> int:
    return sum(map(len, post.paragraphs)) + (0 if post.title_derived else len(post.title))


def normalised(text: str) -> list[bytes]:
    """Return the words of ``text`` in lower case, accents and points gone; ideographs singly.

    Web addresses are left out: one copy shows where its links go, the next does not.
    """
    if "://" in text:
        text = _ADDRESS.sub(" ", text)
    if not text.isascii():
        text = _NOT_ASCII.sub(_in_plain, unicodedata.normalize("NFC", text))
    return text.encode("utf-8").translate(_ASCII_WORDS).split()


def shingles(words: Sequence[bytes]) -> array[int]:
    """Return a 32-bit hash for each run of four words; of all the words if there are fewer."""
    if len(words) < SHINGLE_WORDS:
        return array("I", (crc32(b"".join(words)),))
    # All of it runs in C. Where one word ends and the next begins is lost; it tells nothing.
    runs = zip(words, words[1:], words[2:], words[3:], strict=False)
    return array("I", map(crc32, map(b"".join, runs)))


def bands(hashes: Sequence[int]) -> tuple[int, ...]:
    """Return what a post can be found by: 32 bits for each of the bands."""
    ordered = sorted(hashes)
    last = len(ordered)
    # Behind the highest hash the circle goes on with the lowest.
    ordered.append(ordered[0])
    minima: list[int] = []
    place = 0
    for threshold in _THRESHOLDS:
        place = bisect_left(ordered, threshold, place, last)
        minima.append(ordered[place])
    packed = _PACK(*minima)
    return tuple(crc32(packed[start : start + ROWS * 4]) for start in _BAND_STARTS)


def permille(first: frozenset[int], second: Iterable[int], size: int) -> int:
    """Return the Jaccard similarity of two sets in thousandths, rounded down.

    Args:
        first: one of them.
        second: the members of the other, some of them perhaps several times.
        size: how many different ones these are.
    """
    common = len(first.intersection(second))
    return 1000 * common // (len(first) + size - common)


# --- words -----------------------------------------------------------------------

_ADDRESS = re.compile(r"\b[a-zA-Z]{3,8}://[^\s<>\"')\]]+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_CACHED_CHARS = 24
_ASCII_WORDS = bytes(
    byte if byte > 0x7F else ord(chr(byte).lower()) if chr(byte).isalnum() else 0x20  # noqa: PLR2004
    for byte in range(256)
)


def _in_plain(match: re.Match[str]) -> str:
    run = match.group()
    # Words come again and again; runs without spaces, such as Chinese sentences, do not.
    return _plain_cached(run) if len(run) <= _CACHED_CHARS else _plain(run)


def _plain(run: str) -> str:
    """Return the terms in a run of characters that are not ASCII; a space for signs."""
    terms = analysis.terms(run)
    if not terms:
        return "" if all(unicodedata.category(char) in _INSIDE_WORDS for char in run) else " "
    before = "" if run[0].isalnum() else " "
    after = "" if run[-1].isalnum() or unicodedata.category(run[-1]) in _INSIDE_WORDS else " "
    return before + " ".join(terms) + after


_plain_cached = lru_cache(maxsize=50_000)(_plain)
_INSIDE_WORDS = frozenset({"Mn", "Mc", "Cf"})
