"""Make foreign text safe to show.

Posts, file names and queries are written by others. A terminal obeys control
characters in them: they can move the cursor, retitle the window, turn a file name
round or hide words. Nothing that others wrote reaches an output but through `safe`.
"""

from __future__ import annotations

import re
import unicodedata

from rights_search.patterns import late

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

MAX_MARKS = 8
"""Accents and signs stacked on one letter; no script needs more, spam piles up dozens."""

# White space that breaks lines or jumps; one line of ours stays one line.
_BREAKS = late("\r\n|[\t\n\v\f\r\x85\u2028\u2029]")
# Control characters, lone surrogates, noncharacters: seen, so that tampering shows.
_CONTROLS = late("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# Invisible and no part of any spelling: soft hyphen, zero-width space, marks, overrides
# and isolates that turn the reading direction, annotation, musical and tag characters.
_INVISIBLE = late(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Persian, the Indic scripts and emoji need joiners, between two characters of theirs.
_JOINED = r"[^\x00-\xa0\s\u200c\u200d]"
_STRAY_JOINERS = late(rf"(?<!{_JOINED})[\u200c\u200d]|[\u200c\u200d](?!{_JOINED})")
# What may stand on a letter instead of behind it: marks are no word characters, whatever their
# script, and the vowels and finals of Hangul join the syllable. Most long runs are neither.
_HANGUL = "\u1160-\u11ff\ud7b0-\ud7ff"
_STACKED = late(rf"(?:[^\w\s\x00-\x7f]|[{_HANGUL}]){{{MAX_MARKS + 1},}}")
_HANGUL_PART = late(f"[{_HANGUL}]")
_SURROGATES = late("[\ud800-\udfff]")


def safe(text: str) -> str:
    """Return ``text`` as one line that does nothing but show.

    Breaks and tabs become spaces, control characters and lone surrogates ``�``;
    invisible characters and changes of the reading direction go.
    """
    if text.isprintable() and (text.isascii() or _is_tame(text)):
        return text
    text = _CONTROLS.sub(REPLACEMENT, _BREAKS.sub(" ", text))
    text = _STACKED.sub(_with_few_marks, _INVISIBLE.sub("", text))
    return _STRAY_JOINERS.sub("", text)


def _is_tame(text: str) -> bool:
    """Tell of a printable text whether it has no invisible character and no heap of marks."""
    # Of what is invisible only selectors of variants pass for printable; marks are not ASCII.
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return beyond_ascii <= MAX_MARKS and max(text) < "󠀀"


def _with_few_marks(match: re.Match[str]) -> str:
    """Return a run with no more than `MAX_MARKS` on one sign; joiners are none to stand on."""
    kept = []
    marks = 0
    for char in match[0]:
        if unicodedata.category(char) in {"Mn", "Me"} or _HANGUL_PART.match(char):
            marks += 1
        elif char not in "\u200c\u200d":
            marks = 0
        if marks <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def without_surrogates(text: str) -> str:
    """Return ``text`` as valid Unicode: bytes that could not be decoded become ``�``.

    An argument or a file name with such bytes reaches Python as lone surrogates,
    which no encoder takes.
    """
    return text if text.isascii() else _SURROGATES.sub(REPLACEMENT, text)
