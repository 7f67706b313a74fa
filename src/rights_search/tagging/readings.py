"""Decide which territory an ambiguous name stands for in a post.

"Georgia", "Congo", "Korean" or "Kashmir" take their meaning from the rest of the
post: from a longer form ("Republic of Congo", "Atlanta, Georgia"), else from other
names of the territories that they may stand for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rights_search.tagging.gazetteer import Found

_SURE = frozenset({"strong", "own"})
_UNSUPPORTED = 0.5
_ORIGIN = 0.5
_PLACE = 1.25
# An adjective's noun: people by origin, a state's own bodies, a language.
_NOUN = re.compile(
    r"[-‐‑ ](?:"
    r"(nationals?\b|citizens?\b|refugees?\b|asylum|migrants?\b|exiles?\b|immigrants?\b"
    r"|tourists?\b|embass|consul|based\b|passport|descent|origin|born\b|diaspora|expat)"
    r"|(authorit|government|police|parliament|president|prime\b|army|armed|security|court|military"
    r"|constitution|officials?\b|minist|law|state\b|prison|regime|supreme|border|capital\b)"
    r"|(speak|language|dollar))|(['’]s\b)|([$])",
    re.IGNORECASE,
)
_NOUN_WEIGHTS = (1.0, _ORIGIN, _PLACE, 0.0, _PLACE, 0.0)
_ETHNIC = ("thnic ", "thnically ")
_INTO_LANGUAGE = (" in ", " into ", " speak ", " speaks ", " speaking ", " spoken ")
_AFTER_LANGUAGE = re.compile(r"[.,;:)]| (?:and|or) \w+[.,;:)]|\Z")
_PLACED = (" in ", "In ", " across ", " throughout ", " inside ", " within ")
_COMING = (" from ", "From ", " fleeing ", " fled ", "ighboring ", "ighbouring ")
_WORD_AFTER = re.compile(r" ([A-Z][a-z]+)")
# Words in capitals beside a name that do not make it a person's.
_NO_PERSONAL_NAME = frozenset(
    re.findall(
        r"\w+",
        """
        A After Against An And As At Authorities Before Both But By Camp Can Central City Did
        Does Downtown Eastern Former From Government Greater Has How If In Inside Into Is Its
        King Kingdom Lower Mayor Ministry National Near New North Northern Occupied Of Off Old
        On Or Outside Parliament Police Port President Queen Republic Since South Southern State
        Supreme That The Through To Under Until Upper Via West Western When Where Which While
        Who Why With Within
        """,
    )
)


class Support(NamedTuple):
    """What a post names beyond doubt.

    Args:
        codes: the territories.
        forms: the folded words, each with its territory and how often they stand there.
    """

    codes: frozenset[str]
    forms: Counter[tuple[str, str]]


_NO_SUPPORT = Support(frozenset(), Counter())


def support_of(found: Sequence[Found], given: Iterable[str] = ()) -> Support:
    """Return what the unambiguous ones of ``found`` and the ``given`` codes support.

    Where nothing is ambiguous nothing needs support, and none is kept.
    """
    sure = [item for item in found if item.entry.strength in _SURE]
    if len(sure) == len(found):
        return _NO_SUPPORT
    forms = Counter((item.key, item.entry.codes[0]) for item in sure)
    return Support(frozenset((*given, *(code for _, code in forms))), forms)


def read(item: Found, support: Support, *, is_label: bool) -> tuple[tuple[str, ...], float]:
    """Return the territories that ``item`` stands for, and how far to trust it.

    Args:
        item: what was found.
        support: what the post says elsewhere.
        is_label: True where it stands as a "Country:" label, which leaves less doubt.

    Returns:
        The codes, none where the name says nothing by itself, and a factor of at
        most 1.
    """
    entry = item.entry
    if entry.strength in _SURE:
        return entry.codes, 1.0
    longer = _longer_form(item.key, support)
    if longer:
        return (longer,), 1.0
    supported = tuple(code for code in entry.codes if code in support.codes)
    if entry.strength == "shared":
        return supported, 1.0
    if supported:
        return supported[:1], 1.0
    return entry.codes[:1], 1.0 if is_label else _UNSUPPORTED


def context(item: Found, text: str, *, is_title: bool = False) -> float:
    """Return how much the words around a name make of it, 0 where it is no place there.

    "Syrian refugees" and "from Syria" tell of people who are elsewhere, "Syrian
    authorities" and "in Syria" of the country itself; "in French" and
    "Russian-speaking" are languages; "Umberto Colombo" is a person. Not so in a
    title, where any word may have a capital.
    """
    noun = _NOUN.match(text, item.end)
    if noun:
        return _NOUN_WEIGHTS[noun.lastindex or 0]
    before = text[max(0, item.start - 12) : item.start]
    if item.entry.kind == "demonym":
        if before.endswith(_INTO_LANGUAGE) and _AFTER_LANGUAGE.match(text, item.end):
            return 0.0
        return _ORIGIN if before.endswith(_ETHNIC) else 1.0
    if not is_title and _is_person(item, text):
        return 0.0
    if before.endswith(_PLACED):
        return _PLACE
    return _ORIGIN if before.endswith(_COMING) else 1.0


def _is_person(item: Found, text: str) -> bool:
    """Tell whether a name that people bear too is part of a person's name there."""
    strength, kind = item.entry.strength, item.entry.kind
    if strength != "person" and kind not in {"city", "capital"}:
        return False
    if strength == "person":
        after = _WORD_AFTER.match(text, item.end)
        if after is not None and after[1] not in _NO_PERSONAL_NAME:
            return True
    before = text[max(0, item.start - 30) : item.start]
    sentence, space, word = before[:-1].rpartition(" ")
    if before[-1:] != " " or not (word.isalpha() and word[0].isupper()):
        return False
    if word in _NO_PERSONAL_NAME:
        return False
    # At the start of a sentence any word has a capital: "Today Moscow …".
    return strength == "person" or (bool(space) and sentence[-1:].isalpha())


def _longer_form(key: str, support: Support) -> str | None:
    """Return the territory of the commonest form that has ``key`` as a word in it."""
    codes: Counter[str] = Counter()
    for (form, code), count in support.forms.items():
        if key in form and re.search(rf"\b{re.escape(key)}\b", form):
            codes[code] += count
    return max(codes, key=codes.__getitem__, default=None)
