"""Compile the terms of the vocabulary, and find them in a text.

A term is written for people and compiled into literal patterns for one automaton.
``(a|b)`` are alternatives, ``stem*`` takes any ending, `` ... `` stands for up to four
words, capitals ask for capitals, and a term after ``=`` does not mean what the words
in it mean. Plurals and clitics come by themselves; see ``docs/themes.md``.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from rights_search import themes

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
    if not text.isascii() and _DROPPED.search(text):
        gaps = [(match.start(), match.end()) for match in _DROPPED.finditer(text)]
        starts, ends = [0, *(end for _, end in gaps)], [*(start for start, _ in gaps), len(text)]
        places = tuple(itertools.chain.from_iterable(map(range, starts, ends)))
        letters = _DROPPED.sub("", text)
    return Spaced(text, _doubled(_fold(letters)), places)


def find(words: Lexicon, text: Spaced) -> list[Match]:
    """Return the terms that stand in ``text``, each once."""
    found: dict[object, Match] = {}
    plain, guards = words.plain, words.guards
    for index, start, end in words.automaton.find_matches_as_indexes(text.text):
        targets = plain[index]
        if targets:
            _count(found, index, targets, start, end)
        for guard in guards[index]:
            stop = _passes(guard, text, start, end)
            if stop:
                _count(found, guard, guard.targets, start, stop)
    return list(found.values())


def _count(found: dict[object, Match], key: object, targets: Targets, start: int, end: int) -> None:
    match = found.get(key)
    if match is None:
        found[key] = Match(targets, start, end)
    else:
        match.count += 1


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


def _doubled(folded: str) -> str:
    return f" {folded.replace(' ', '  ')} "


def _fold(text: str) -> str:
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


# --- terms -----------------------------------------------------------------


@cache
def lexicon(language: str) -> Lexicon:
    """Return the compiled terms of one language.

    Raises:
        ValueError: if the vocabulary has no terms in that language.
    """
    vocabulary = themes.terms(language)
    inflect = _INFLECT.get(language, _as_written)
    plain: dict[str, dict[str, bool]] = defaultdict(dict)
    guarded: dict[str, list[tuple[bool, str, str, bool]]] = defaultdict(list)
    alone: set[str] = set()
    # Strong terms come last, so that they overwrite weak ones.
    for is_strong, entries in ((False, vocabulary.weak), (True, vocabulary.strong)):
        for theme_id, terms in entries:
            for form in itertools.chain.from_iterable(map(_expand, terms)):
                if form.isupper() and form.isascii():
                    guarded[_closed(form)].append((True, "", theme_id, is_strong))
                elif "*" in form or "..." in form:
                    head, rest = _open(form)
                    guarded[head].append((False, rest, theme_id, is_strong))
                else:
                    for inflected in inflect(form.removeprefix("=")):
                        pattern = _closed(inflected)
                        plain[pattern][theme_id] = is_strong
                        if form.startswith("="):
                            alone.add(pattern)
    masks = {_closed(form) for term in vocabulary.masks for form in _expand(term)}
    guards = {head: _guards(entries) for head, entries in guarded.items()}
    return _compile(_with_inner(plain, alone), guards, masks)


def _guards(entries: list[tuple[bool, str, str, bool]]) -> list[Guard]:
    """Return one guard for all that a head can begin, by what it is then a term of."""
    rests: dict[tuple[bool, Targets], list[str]] = defaultdict(list)
    for in_capitals, rest, theme_id, is_strong in entries:
        rests[in_capitals, ((theme_id, is_strong),)].append(rest)
    return [
        Guard(re.compile("|".join(choices)) if any(choices) else None, in_capitals, targets)
        for (in_capitals, targets), choices in rests.items()
    ]


def _with_inner(plain: dict[str, dict[str, bool]], alone: set[str]) -> dict[str, Targets]:
    """Return pattern → targets, those of the patterns inside it included.

    The automaton reports the longest pattern only: "women's rights defender" has to
    stand for "women" and for "rights defender" as well.
    """
    targets = {}
    for pattern, own in plain.items():
        words = pattern.split()
        inner: dict[str, bool] = {}
        if len(words) > 1 and pattern not in alone:
            for start, stop in itertools.combinations(range(len(words) + 1), 2):
                for theme_id, is_strong in plain.get(_spaced_words(words[start:stop]), {}).items():
                    inner[theme_id] = inner.get(theme_id, False) or is_strong
        targets[pattern] = tuple((inner | own).items())
    return targets


def _spaced_words(words: list[str]) -> str:
    return f" {'  '.join(words)} "


def _compile(
    plain: dict[str, Targets], guarded: dict[str, list[Guard]], masks: set[str]
) -> Lexicon:
    patterns = sorted(plain.keys() | guarded.keys() | masks)
    # For the same reason a pattern answers for the shorter ones that it begins with,
    # where something must follow. A mask answers for nothing.
    guards = [
        tuple(
            guard
            for stop in range(len(pattern), 1, -1)
            for guard in guarded.get(pattern[:stop], ())
        )
        if pattern not in masks
        else ()
        for pattern in patterns
    ]
    automaton = AhoCorasick(
        patterns, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA
    )
    targets = [() if pattern in masks else plain.get(pattern, ()) for pattern in patterns]
    return Lexicon(automaton, tuple(targets), tuple(guards))


def _expand(term: str) -> Iterator[str]:
    """Yield ``term`` with each choice of its alternatives."""
    parts = [part.split("|") for part in re.split(r"[()]", term)]
    for choice in itertools.product(*parts):
        yield re.sub(r" +", " ", "".join(choice)).strip()


def _closed(form: str) -> str:
    return _doubled(_fold(form))


def _open(form: str) -> tuple[str, str]:
    """Return the literal that a form begins with, and a pattern for all of it."""
    head, rest = "", ""
    for part in re.split(r"(\*| \.\.\. )", form):
        if part == "*":
            piece = r"\w*"
        elif part == " ... ":
            piece = r"(?: +\w+){0,4}? +"
        else:
            piece = re.escape(_fold(part).replace(" ", "  "))
            head = head or " " + _fold(part).replace(" ", "  ")
        rest += piece
    if " ... " in form and form.find(" ... ") < (form.find("*") % 1000):
        head += " "
    return head, f" {rest} "


_ENGLISH_ES = ("s", "x", "z", "ch", "sh")


def _as_written(form: str) -> Iterator[str]:
    yield form


def _english(form: str) -> Iterator[str]:
    """Yield the form and its plural; in "prisoner of conscience" the head takes it."""
    yield form
    head, of, rest = form.partition(" of ")
    if len(head) < 3 or not head[-1].isalpha() or head.endswith(("ed", "ing", "ly")):  # noqa: PLR2004
        return
    if head.endswith("y") and head[-2] not in "aeiou":
        head = head[:-1] + "ie"
    elif head.endswith(_ENGLISH_ES):
        head += "e"
    yield f"{head}s{of}{rest}"


_ROMANCE_LINKS = frozenset(
    "a à au aux con contra contre d da das de del des do dos du e el em en et in la las le les"
    " los no na para par pour por que sin sem sur sous y".split()
)


def _romance(form: str) -> Iterator[str]:
    """Yield the form and its plural: nouns and adjectives take it, up to the first link."""
    yield form
    words = re.split(r"([ '])", form)
    stop = next((i for i, word in enumerate(words) if word.lower() in _ROMANCE_LINKS), len(words))
    plural = [_romance_plural(word) for word in words[:stop]]
    if plural:
        yield "".join(plural + words[stop:])


def _romance_plural(word: str) -> str:
    if len(word) < 3 or word[-1] in "sxz" or not word.isalpha():  # noqa: PLR2004
        return word
    return word + "s"


_ARABIC_CLITICS = ("", "و", "ب", "ل")
_ARABIC_DEFINITE = ("ال", "وال", "بال", "لل")


def _arabic(form: str) -> Iterator[str]:
    """Yield the form with conjunctions, prepositions and the article before it.

    A word that is written without the article may have it; one that is written with
    it must.
    """
    first, *others = form.split(" ")
    bare = first.removeprefix("ال")
    firsts = [prefix + bare for prefix in _ARABIC_DEFINITE]
    if bare == first:
        firsts += [prefix + first for prefix in _ARABIC_CLITICS]
    later = [(word,) if word.startswith("ال") else (word, "ال" + word) for word in others]
    for words in itertools.product(firsts, *later):
        yield " ".join(words)


_INFLECT: dict[str, Callable[[str], Iterator[str]]] = {
    "en": _english,
    "fr": _romance,
    "es": _romance,
    "pt": _romance,
    "ar": _arabic,
}
