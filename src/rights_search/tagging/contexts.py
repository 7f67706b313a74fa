"""Weigh a name by the words around it: "in Syria" against "refugees from Syria".

The words stand in ``territory_contexts.tsv``, by language, by side and by what they
say. A text about a country names it as the place, as the subject and as the owner of
courts and laws; the countries that it does not live in come with "with", "from", "and",
as ambassadors, investors and refugees.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Any, TypeAlias, get_args

from rights_search.geography import territories
from rights_search.tagging.finding import Found
from rights_search.tagging.gazetteer import Kind

FACTORS = {
    "inside": 2.0,
    "subject": 1.6,
    "own": 1.6,
    "plain": 1.0,
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
_ASIDE = FACTORS["aside"]
# What a name has before it if no word there says anything.
_FREE = frozenset({1.0, _OPENING})
# So many characters hold the words around a name that matter.
_WINDOW = 40
_STOPS = ".,;:!?)]\"'"
_ARTICLES = frozenset("the la le les el los las die der das den dem".split())
# Cues as well, lest every word is looked up here.
_SPOKEN = frozenset("in into speak speaks speaking spoken en em auf".split())
# The blank line between paragraphs is two blanks when it is folded.
_AFTER_LANGUAGE = re.compile(r"[.,;:)]| (?:and|or) \w+[.,;:)]|  |\Z")
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
        Am Auf Au Aus Aux Da Dans Das De Del Der Des Desde Die Do Du El Em En Entre Et Im La
        Las Le Les Los Mit Na Nach No Os Para Por Pour Selon Según Sur Von Zu
        """,
    )
)
_DEFAULT = "en"
_ANY = "any"


_Node: TypeAlias = dict[str, Any]
"""What a word says: a factor by kind of name, and under a blank the nodes by the word
beyond it, for phrases of two words."""


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of one language by the word next to a name, on either side of it.

    ``verbs`` make the subject of a name before them: "Chad is", not "men from Chad are".
    """

    before: dict[str, _Node]
    after: dict[str, _Node]
    verbs: dict[str, _Node]


def weight_before(item: Found, folded: str, cues: Cues) -> float:
    """Return what the words before a name make of it, 0 where it names no place there.

    Args:
        item: the name and its place in the text.
        folded: the text as `territories.fold` gives it.
        cues: those of the text's language.
    """
    start, end, entry = item
    beside = folded[start - _WINDOW if start > _WINDOW else 0 : start].removesuffix(" ")
    left, _, word = beside.rpartition(" ")
    if word in _ARTICLES:
        left, _, word = left.rpartition(" ")
    if word in cues.before:
        node = cues.before[word]
        kind = entry.kind
        if kind == "demonym" and word in _SPOKEN and _AFTER_LANGUAGE.match(folded, end):
            return 0.0
        if " " in node:
            node = node[" "].get(left.rpartition(" ")[2], node)
        if kind in node:
            weight: float = node[kind]
            return weight
    if not word or word[-1] in ".!?:":
        return _OPENING
    return _ASIDE if word[-1] == "(" else 1.0


def weight_after(item: Found, folded: str, cues: Cues, before: float) -> float:
    """Return what the words after a name make of it.

    Args:
        item: the name and its place in the text.
        folded: the text as `territories.fold` gives it.
        cues: those of the text's language.
        before: what `weight_before` has given for it.
    """
    _, end, entry = item
    word, _, right = folded[end : end + _WINDOW].partition(" ")
    if not word:
        word, _, right = right.partition(" ")
    elif word == "'s":
        return _POSSESSIVE
    elif word[0] != "-":
        return 0.0 if word[0] == "$" else 1.0
    word = word.rstrip(_STOPS)
    if word in cues.after:
        node = cues.after[word]
    elif word in cues.verbs and before in _FREE:
        node = cues.verbs[word]
    else:
        return 1.0
    if " " in node:
        node = node[" "].get(right.partition(" ")[0].rstrip(_STOPS), node)
    weight: float = node.get(entry.kind, 1.0)
    return weight


def is_person(item: Found, text: str) -> bool:
    """Tell whether a name that people bear too is part of a person's name there."""
    start, end, entry = item
    is_name = entry.strength in {"person", "own"}
    if is_name:
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
    return is_name or (bool(space) and sentence[-1:].isalpha())


def cues_of(language: str | None) -> Cues:
    """Return the cues of a language, the English ones where it has none or is unknown."""
    return _cues(language if language in territories.LANGUAGES else _DEFAULT)


@functools.cache
def _cues(language: str) -> Cues:
    cues = Cues({}, {}, {})
    for of_language, side, of, meaning, words, _source in territories.read_table(
        "territory_contexts.tsv"
    ):
        if of_language not in {language, _ANY}:
            continue
        factors = dict.fromkeys(get_args(Kind) if of == _ANY else (of,), FACTORS[meaning])
        for word in words.split("|"):
            for form in territories.inflect(word, language):
                first, _, second = territories.fold(form).partition(" ")
                if side == "before":
                    _add(cues.before, factors, second or first, first if second else "")
                else:
                    after = cues.verbs if meaning == "subject" else cues.after
                    _add(after, factors, first, second)
    return cues


def _add(cues: dict[str, _Node], factors: dict[str, float], beside: str, beyond: str) -> None:
    node = cues.setdefault(beside, {})
    if beyond:
        node = node.setdefault(" ", {}).setdefault(beyond, {})
    node.update(factors)
