"""Turn the terms of the vocabulary into what a text is searched for.

A term is written for people. ``(a|b)`` are alternatives, ``stem*`` takes any ending,
`` ... `` stands for up to four words, capitals ask for capitals, and a term after ``=``
does not mean what the words in it mean. Plurals and clitics come by themselves; see
``docs/themes.md``.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from rights_search.tagging.folding import fold

Strengths: TypeAlias = dict[int, bool]
"""What a term shows, by number → True where it is a strong term of it."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What must be so where a pattern stands before it counts as a term.

    Args:
        head: the pattern.
        shown: what the term then shows.
        endings: what may follow from the end of the word that begins with the pattern, each
            parted where a word may have any ending.
        rest: a regular expression for what must stand from the pattern's start on, where that
            cannot be told by endings.
        in_capitals: True where the words must be written in capitals instead.
    """

    head: str
    shown: Strengths
    endings: tuple[tuple[str, ...], ...] = ()
    rest: str = ""
    in_capitals: bool = False


@dataclass(slots=True)
class Patterns:
    """The terms of one language as literal patterns.

    Args:
        plain: pattern → what it shows wherever it stands.
        guarded: pattern → what must follow it.
        whole: patterns in which shorter ones mean nothing.
        masks: patterns that mean something else: they show nothing.
        proclitics: what may stand before a pattern in the same word.
    """

    plain: dict[str, Strengths] = field(default_factory=lambda: defaultdict(dict))
    guarded: dict[str, list[Guard]] = field(default_factory=lambda: defaultdict(list))
    whole: set[str] = field(default_factory=set)
    masks: set[str] = field(default_factory=set)
    proclitics: frozenset[str] = frozenset()

    def is_closed(self, pattern: str) -> bool:
        """Tell whether the words in a pattern mean nothing by themselves."""
        return pattern in self.whole or pattern in self.masks


def patterns(
    language: str, terms: Iterable[tuple[str, int, bool]], masks: Iterable[str]
) -> Patterns:
    """Return the patterns of a language.

    Args:
        language: ISO 639-1 code: it says what comes by itself.
        terms: (term, number of what it shows, is a strong term); of a form that comes twice for
            the same, the later strength counts.
        masks: terms that mean something else.
    """
    inflect = _INFLECT.get(language, _as_written)
    found = Patterns(proclitics=PROCLITICS.get(language, frozenset()))
    open_forms: dict[str, dict[tuple[int, bool], list[str]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for term, number, is_strong in terms:
        for form in _choices(term):
            if form.isupper() and form.isascii():
                head = _closed(form)
                guard = Guard(head, {number: is_strong}, in_capitals=True)
                found.guarded[head].append(guard)
            elif "*" in form or "..." in form:
                head, rest = _taken_apart(form)
                open_forms[head][number, is_strong].append(rest)
            else:
                for letters in inflect(form.removeprefix("=")):
                    pattern = f"{letters} "
                    found.plain[pattern][number] = is_strong
                    if form.startswith("="):
                        found.whole.add(pattern)
    for head, entries in open_forms.items():
        found.guarded[head] += (
            _guard(head, dict([shown]), rests) for shown, rests in entries.items()
        )
    found.masks = {_closed(form) for mask in masks for form in _choices(mask)}
    return found


def _guard(head: str, shown: Strengths, rests: list[str]) -> Guard:
    """Return the guard of a head that any of some rests may follow, as they are written."""
    # Most need no expression: to compile one takes a thousand times as long as to look.
    if all(map(_ENDINGS.fullmatch, rests)):
        return Guard(head, shown, tuple(map(_endings, rests)))
    return Guard(head, shown, rest=_any_of(head, rests))


def _endings(rest: str) -> tuple[str, ...]:
    """Return what stands behind each asterisk of "*", "* and words" or "* and word*"."""
    _, *parts, last = map(fold, rest.split("*"))
    return (*parts, f"{last} ")


def _any_of(head: str, rests: list[str]) -> str:
    """Return one expression for all that may follow a head."""
    # Those that begin alike together, lest the gap is walked through for each of them.
    openings: dict[str, list[str]] = defaultdict(list)
    for written in rests:
        _, opening, *others = _OPENINGS.split(written)
        rest = "".join(_OPEN.get(part) or re.escape(fold(part)) for part in others)
        openings[_OPEN[opening]].append(f"{rest} ")
    each = (f"{opening}(?:{'|'.join(rest)})" for opening, rest in openings.items())
    return f"{re.escape(head.rstrip())}(?:{'|'.join(each)})"


# --- notation --------------------------------------------------------------


def _choices(term: str) -> Iterator[str]:
    """Yield ``term`` with each choice of its alternatives."""
    if "(" not in term:
        yield term
        return
    parts = [part.split("|") for part in _BRACKETS.split(term)]
    for choice in itertools.product(*parts):
        yield " ".join("".join(choice).split())


def _closed(form: str) -> str:
    return f"{fold(form)} "


def _taken_apart(form: str) -> tuple[str, str]:
    """Return the literal that an open form begins with, as it stands in the text, and the rest."""
    first, opening, *_ = _OPENINGS.split(form)
    return fold(first) + ("" if opening == "*" else " "), form.removeprefix(first)


_BRACKETS = re.compile("[()]")
_OPENINGS = re.compile(r"(\*| \.\.\. )")
# Any ending, and words that any ending may follow: no gap, nothing in the middle of a word.
_ENDINGS = re.compile(r"(\*( [^*.]*[^*. ](?=\*|\Z))?)+")
# Up to three signs may stand between two words of a gap. A part of a word or of a row of
# signs is never enough: "++" does not try that.
_OPEN = {"*": r"\w*", " ... ": r"(?: {1,3}+\w++){0,4}? {1,3}+"}


# --- inflection ------------------------------------------------------------


def _as_written(form: str) -> Iterator[str]:
    yield fold(form)


def _english(form: str) -> Iterator[str]:
    """Yield the form and its plural; in "prisoner of conscience" the head takes it."""
    folded = fold(form)
    yield folded
    head, of, rest = folded.partition(" of ")
    if len(head) < _SHORTEST or not head[-1].isalpha() or head.endswith(("ed", "ing", "ly")):
        return
    if head.endswith("y") and head[-2] not in "aeiou":
        head = head[:-1] + "ie"
    elif head.endswith(("s", "x", "z", "ch", "sh")):
        head += "e"
    yield f"{head}s{of}{rest}"


def _romance(form: str) -> Iterator[str]:
    """Yield the form and its plural: nouns and adjectives take it, up to the first link."""
    folded = fold(form)
    yield folded
    words = folded.split(" ")
    stop = next((i for i, word in enumerate(words) if word in _ROMANCE_LINKS), len(words))
    yield " ".join([_romance_plural(word) for word in words[:stop]] + words[stop:])


def _romance_plural(word: str) -> str:
    if len(word) < _SHORTEST or word[-1] in "sxz" or not word.isalpha():
        return word
    return word + "s"


def _arabic(form: str) -> Iterator[str]:
    """Yield the form with and without the article before its later words.

    A word that is written without the article may have it; one that is written with
    it must. What may stand before the first word is not written out: see `PROCLITICS`.
    """
    first, *others = form.split(" ")
    firsts = [fold(first)]
    if first.startswith("ال"):
        firsts.append(f"لل{fold(first.removeprefix('ال'))}")
    later = [
        (fold(word),) if word.startswith("ال") else (fold(word), f"ال{fold(word)}")
        for word in others
    ]
    yield from (" ".join(words) for words in itertools.product(firsts, *later))


PROCLITICS: Mapping[str, frozenset[str]] = {
    "ar": frozenset("ال وال فال بال كال وبال لل ولل و ف ب ل ول وب".split()),
}
"""Language → what may stand before a term as a part of its first word."""

_SHORTEST = 3
_ROMANCE_LINKS = frozenset(
    "a au aux con contra contre d da das de del des do dos du e el em en et in l la las le les"
    " los na no para par por pour qu que sans sem sin sous sur y".split()
)
_INFLECT: dict[str, Callable[[str], Iterator[str]]] = {
    "en": _english,
    "fr": _romance,
    "es": _romance,
    "pt": _romance,
    "ar": _arabic,
}
