"""Weigh a name by the words around it: "in Syria" against "refugees from Syria".

The words stand in ``territory_contexts.tsv``, by language, by side and by what they
say. A text about a country names it as the place, as the subject and as the owner of
courts and laws; the countries that it does not live in come with "with", "from", "and",
as ambassadors, investors and refugees.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from typing import NamedTuple, TypeAlias, get_args

from rights_search import territories
from rights_search.tagging.gazetteer import Found, Kind

FACTORS = {
    "inside": 2.0,
    "subject": 1.6,
    "own": 1.6,
    "one of them": 0.7,
    "beside": 0.5,
    "aside": 0.6,
    "origin": 0.4,
    "foreign": 0.35,
    "language": 0.0,
    "money": 0.0,
    "section": 0.0,
}
"""What each meaning of the table makes of a name.

Measured as odds on country texts: "in", "is" or "'s" stand with the country that the
text is about several times as often as "with" or "-backed" do.
"""
_POSSESSIVE = 1.7
_OPENING = 1.25
# No cue has a word longer than this.
_LONGEST = 24
_STOPS = ".,;:!?)]\"'"
_ARTICLES = frozenset("the la le les el los las die der das den dem".split())
_SPOKEN = frozenset("in into speak speaks speaking spoken".split())
_AFTER_LANGUAGE = re.compile(r"[.,;:)]| (?:and|or) \w+[.,;:)]|\Z")
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
_DEFAULT = "en"
_ANY = "any"


class _Cue(NamedTuple):
    """A word or phrase, the kinds of names that it goes with, and its factor."""

    phrase: str
    kinds: frozenset[str]
    factor: float


_ByWord: TypeAlias = dict[str, tuple[_Cue, ...]]


class Cues(NamedTuple):
    """The cues of one language, by the word next to the name, the longest first."""

    before: _ByWord
    after: _ByWord


def weight_before(item: Found, folded: str, cues: _ByWord) -> float:
    """Return what the words before a name make of it, 0 where it names no place there.

    Args:
        item: the name and its place in the text.
        folded: the text as `territories.fold` gives it.
        cues: those that the text's language has before names.
    """
    start, end, entry = item
    stop, word = _word_before(folded, start)
    if word in _ARTICLES:
        stop, word = _word_before(folded, stop - len(word))
    if word in cues:
        if entry.kind == "demonym" and word in _SPOKEN and _AFTER_LANGUAGE.match(folded, end):
            return 0.0
        for phrase, kinds, factor in cues[word]:
            if entry.kind in kinds and folded.endswith(phrase, 0, stop):
                return factor
    if not word or word[-1] in ".!?:":
        return _OPENING
    return FACTORS["aside"] if word[-1] == "(" else 1.0


def weight_after(item: Found, folded: str, cues: _ByWord) -> float:
    """Return what the words after a name make of it; see `weight_before`."""
    _, end, entry = item
    match folded[end : end + 1]:
        case " ":
            end += 1
        case "-":
            pass
        case "'":
            return _POSSESSIVE if folded.startswith("s ", end + 1) else 1.0
        case "$":
            return 0.0
        case _:
            return 1.0
    stop = folded.find(" ", end, end + _LONGEST)
    word = folded[end : end + _LONGEST if stop < 0 else stop].rstrip(_STOPS)
    if word in cues:
        for phrase, kinds, factor in cues[word]:
            if entry.kind in kinds and folded.startswith(phrase, end):
                return factor
    return 1.0


def _word_before(folded: str, start: int) -> tuple[int, str]:
    """Return where the word before an offset ends, and the word: none if a text begins."""
    stop = start - 1 if folded[start - 1 : start] == " " else start
    left = folded.rfind(" ", max(0, stop - _LONGEST), stop) + 1
    return stop, folded[left or max(0, stop - _LONGEST) : stop]


def is_person(item: Found, text: str) -> bool:
    """Tell whether a name that people bear too is part of a person's name there."""
    start, end, entry = item
    if entry.strength == "person":
        after = _WORD_AFTER.match(text, end)
        if after is not None and after[1] not in _NO_PERSONAL_NAME:
            return True
    before = text[max(0, start - 30) : start]
    sentence, space, word = before[:-1].rpartition(" ")
    if before[-1:] != " " or not (word.isalpha() and word[0].isupper()):
        return False
    if word in _NO_PERSONAL_NAME:
        return False
    # At the start of a sentence any word has a capital: "Today Moscow …".
    return entry.strength == "person" or (bool(space) and sentence[-1:].isalpha())


def cues_of(language: str | None) -> Cues:
    """Return the cues of a language, the English ones where it has none or is unknown."""
    return _cues(language if language in territories.LANGUAGES else _DEFAULT)


@functools.cache
def _cues(language: str) -> Cues:
    before: dict[str, list[_Cue]] = defaultdict(list)
    after: dict[str, list[_Cue]] = defaultdict(list)
    for of_language, side, of, meaning, words, _source in territories.read_table(
        "territory_contexts.tsv"
    ):
        if of_language not in {language, _ANY}:
            continue
        kinds = frozenset(get_args(Kind) if of == _ANY else [of])
        for word in words.split("|"):
            for form in territories.inflect(word, language):
                phrase = territories.fold(form)
                cue = _Cue(phrase, kinds, FACTORS[meaning])
                if side == "before":
                    before[phrase.rpartition(" ")[2]].append(cue)
                else:
                    after[phrase.partition(" ")[0]].append(cue)
    return Cues(_longest_first(before), _longest_first(after))


def _longest_first(cues: dict[str, list[_Cue]]) -> dict[str, tuple[_Cue, ...]]:
    return {
        word: tuple(sorted(listed, key=lambda cue: -len(cue.phrase)))
        for word, listed in cues.items()
    }
