"""The pieces of a date in words, sorted by what they can be."""

from __future__ import annotations

import re
import unicodedata
from typing import TypeAlias

from rights_search.analysis import plain_digit
from rights_search.ingest.cleaning import normalise
from rights_search.ingest.dates.words import Words, fold, words

Pieces: TypeAlias = dict[str, list[int]]
"""What the pieces are → their numbers, 0 where they have none."""

_NUMBER_KINDS = {1: "day", 2: "day", 4: "year"}
_DAY_DIGITS = (1, 2)
_PIECE = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")
_SIGNED = re.compile(
    r"(?<!\d)(\d{4})\s?[年년](?:\s?(\d{1,2})\s?[月월](?:\s?(\d{1,2})\s?[日号號일])?)?"
)
# Forms leave a day between quotes: «24» марта.
_QUOTED_DAY = re.compile(r"[«“„\"]\s?(\d{1,2})\s?[»”“\"]")
_SIGNS = frozenset(".,:;-/()[]|–—−·•،'’`")


def prepare(text: str) -> str:
    """Return a text as its words are compared: folded, digits as ASCII, pairs joined."""
    if text.isascii():
        return normalise(text).lower()
    text = "".join(_plain(char) for char in unicodedata.normalize("NFKC", text))
    text = _SIGNED.sub(_in_numbers, _QUOTED_DAY.sub(r"\1", fold(normalise(text))))
    for pair in words().pairs:
        text = text.replace(pair, pair.replace(" ", ""))
    return text


def _in_numbers(signed: re.Match[str]) -> str:
    """Return ``2010-10-8`` for a date that has a sign behind each number, as in East Asia."""
    return "-".join(part for part in signed.groups() if part) + " "


def _plain(char: str) -> str:
    # Direction marks and joiners stand around Arabic dates and mean nothing here.
    return "" if unicodedata.category(char) == "Cf" else plain_digit(char)


def sort_pieces(text: str) -> Pieces | None:
    """Return the pieces of a prepared text by what they are, or None if one is no date's."""
    vocabulary = words()
    pieces: Pieces = {}
    before = ""
    for found in _PIECE.finditer(text):
        piece = found[0]
        kind, number = _label(piece, before, vocabulary)
        if not kind:
            return None
        pieces.setdefault(kind, []).append(number)
        if piece not in "-.":  # as in 19-го, 1.º
            before = piece
    return pieces


def _label(piece: str, before: str, vocabulary: Words) -> tuple[str, int]:
    if piece.isdecimal():
        return _NUMBER_KINDS.get(len(piece), ""), int(piece)
    if piece in vocabulary.months:
        kind = "month or weekday" if piece in vocabulary.weekdays else "month"
        return kind, vocabulary.months[piece]
    small = vocabulary.small.get(piece, "")
    if piece in vocabulary.weekdays:
        return "weekday or part" if small == "part" else "weekday", vocabulary.weekdays[piece]
    if piece in _SIGNS:
        return "sign", 0
    if len(before) in _DAY_DIGITS and before.isdecimal() and piece in vocabulary.ordinals:
        return "ordinal", 0
    return "circa" if piece == "~" else small, 0


def months_of(pieces: Pieces) -> set[int]:
    """Return the months that the pieces name; one that is named twice is one month."""
    # "mar." is March in English and Tuesday in French: another month decides.
    return set(pieces.get("month") or pieces.get("month or weekday") or [])
