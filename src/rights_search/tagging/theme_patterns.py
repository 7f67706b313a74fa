"""Compile the terms of the vocabulary into literal patterns for one automaton.

A term is written for people. ``(a|b)`` are alternatives, ``stem*`` takes any ending,
`` ... `` stands for up to four words, capitals ask for capitals, and a term after ``=``
does not mean what the words in it mean. Plurals and clitics come by themselves; see
``docs/themes.md``.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from rights_search import themes
from rights_search.tagging.theme_terms import Guard, Lexicon, Targets, doubled, fold

# A bigger automaton is faster to search as a table, but slow to build as one.
_MOST_IN_TABLE = 12_000


@cache
def lexicon(language: str) -> Lexicon:
    """Return the compiled terms of one language.

    Raises:
        ValueError: if the vocabulary has no terms in that language.
    """
    vocabulary = themes.terms(language)
    terms = _Terms(_INFLECT.get(language, _as_written))
    # Strong terms come last, so that they overwrite weak ones.
    for is_strong, entries in ((False, vocabulary.weak), (True, vocabulary.strong)):
        for theme_id, written in entries:
            for form in itertools.chain.from_iterable(map(_expand, written)):
                terms.add(form, theme_id, is_strong=is_strong)
    masks = {_closed(form) for term in vocabulary.masks for form in _expand(term)}
    return _compile(terms.with_inner(), terms.guards(), masks)


class _Terms:
    """Collect forms by what it takes to find them."""

    def __init__(self, inflect: Callable[[str], Iterator[str]]) -> None:
        self._inflect = inflect
        self._plain: dict[str, dict[str, bool]] = defaultdict(dict)
        self._alone: set[str] = set()
        self._capitals: dict[str, list[Guard]] = defaultdict(list)
        self._open: dict[str, dict[Targets, dict[str, list[str]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(list))
        )

    def add(self, form: str, theme_id: str, *, is_strong: bool) -> None:
        """Add one form of a term."""
        targets = ((theme_id, is_strong),)
        if form.isupper() and form.isascii():
            self._capitals[_closed(form)].append(Guard(None, in_capitals=True, targets=targets))
        elif "*" in form or "..." in form:
            head, opening, rest = _taken_apart(form)
            self._open[head][targets][opening].append(rest)
        else:
            for folded in self._inflect(form.removeprefix("=")):
                pattern = doubled(folded)
                self._plain[pattern][theme_id] = is_strong
                if form.startswith("="):
                    self._alone.add(pattern)

    def guards(self) -> dict[str, list[Guard]]:
        """Return head → what must follow it, for what it is then a term of."""
        guards = defaultdict(list, self._capitals)
        for head, entries in self._open.items():
            for targets, openings in entries.items():
                # Together, lest the gap is walked through for each of them.
                rests = (f"{opening}(?:{'|'.join(rest)})" for opening, rest in openings.items())
                pattern = re.compile(f"{re.escape(head)}(?:{'|'.join(rests)})")
                guards[head].append(Guard(pattern, in_capitals=False, targets=targets))
        return guards

    def with_inner(self) -> dict[str, Targets]:
        """Return pattern → targets, those of the patterns inside it included.

        The automaton reports the longest pattern only: "women's rights defender" has
        to stand for "women" and for "rights defender" as well.
        """
        return {
            pattern: tuple((self._inner(pattern) | own).items())
            for pattern, own in self._plain.items()
        }

    def _inner(self, pattern: str) -> dict[str, bool]:
        words = pattern.split()
        inner: dict[str, bool] = {}
        if len(words) == 1 or pattern in self._alone:
            return inner
        for start, stop in itertools.combinations(range(len(words) + 1), 2):
            part = f" {'  '.join(words[start:stop])} "
            for theme_id, is_strong in self._plain.get(part, {}).items():
                inner[theme_id] = inner.get(theme_id, False) or is_strong
        return inner


def _compile(
    plain: dict[str, Targets], guarded: dict[str, list[Guard]], masks: set[str]
) -> Lexicon:
    patterns = sorted(plain.keys() | guarded.keys() | masks)
    is_small = len(patterns) <= _MOST_IN_TABLE
    automaton = AhoCorasick(
        patterns,
        matchkind=MatchKind.LeftmostLongest,
        implementation=Implementation.DFA if is_small else Implementation.ContiguousNFA,
    )
    # A mask stands for nothing.
    return Lexicon(
        automaton,
        tuple(() if pattern in masks else plain.get(pattern, ()) for pattern in patterns),
        tuple(() if pattern in masks else _guards_of(pattern, guarded) for pattern in patterns),
    )


def _guards_of(pattern: str, guarded: dict[str, list[Guard]]) -> tuple[Guard, ...]:
    """Return the guards of a pattern and of the shorter heads that it begins with.

    Those are hidden by it, for the automaton reports the longest pattern only.
    """
    heads = (pattern[:stop] for stop in range(len(pattern), 1, -1))
    return tuple(guard for head in heads for guard in guarded.get(head, ()))


# --- notation --------------------------------------------------------------


def _expand(term: str) -> Iterator[str]:
    """Yield ``term`` with each choice of its alternatives."""
    parts = [part.split("|") for part in re.split(r"[()]", term)]
    for choice in itertools.product(*parts):
        yield re.sub(r" +", " ", "".join(choice)).strip()


def _closed(form: str) -> str:
    return doubled(fold(form))


def _taken_apart(form: str) -> tuple[str, str, str]:
    """Return the literal that an open form begins with, what opens it, and the rest.

    The head is as it stands in the text, the other two are regular expressions.
    """
    first, opening, *others = re.split(r"(\*| \.\.\. )", form)
    head = f" {_inside(first)}" + ("" if opening == "*" else " ")
    rest = "".join(_OPEN.get(part) or re.escape(_inside(part)) for part in others)
    return head, _OPEN[opening], f"{rest} "


def _inside(part: str) -> str:
    return fold(part).replace(" ", "  ")


_OPEN = {"*": r"\w*", " ... ": r"(?: +\w+){0,4}? +"}


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
    """Yield the form with conjunctions, prepositions and the article before it.

    A word that is written without the article may have it; one that is written with
    it must.
    """
    first, *others = form.split(" ")
    bare = fold(first.removeprefix("ال"))
    firsts = [prefix + bare for prefix in ("ال", "وال", "بال", "لل")]
    if not first.startswith("ال"):
        firsts += [prefix + bare for prefix in ("", "و", "ب", "ل")]
    later = [
        (fold(word),) if word.startswith("ال") else (fold(word), "ال" + fold(word))
        for word in others
    ]
    for words in itertools.product(firsts, *later):
        yield " ".join(words)


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
