"""Find the terms of one language in a text: whole words, in one pass, the longest first."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from rights_search.tagging.folding import Folded
from rights_search.tagging.term_patterns import Guard, Patterns

STRONG, WEAK = 1.0, 0.3
"""What a term adds to the score of what it shows."""

Shown: TypeAlias = tuple[tuple[int, float], ...]
"""What a term shows: numbers, each with `STRONG` or `WEAK`."""


@dataclass(slots=True, eq=False)
class Match:
    """A term in a field of a text: where its words first stand, and how often."""

    field: str
    shown: Shown
    start: int
    end: int
    count: int = 1


class Lexicon:
    """The terms of one language, ready to be found.

    What a pattern shows is worked out when it is first found: most never are.
    """

    def __init__(self, patterns: Patterns) -> None:
        self._patterns = patterns
        known = (patterns.plain, patterns.guarded, patterns.masks)
        self._literals = list(dict.fromkeys(itertools.chain.from_iterable(known)))
        self._automaton = AhoCorasick(
            self._literals,
            matchkind=MatchKind.LeftmostLongest,
            # As a table it is no faster, for that does not fit into a processor's cache.
            implementation=Implementation.ContiguousNFA,
        )
        self._meanings: list[_Meaning | None] = [None] * len(self._literals)

    def find(self, text: Folded) -> list[Match]:
        """Return the terms that stand in each field of a text, each once a field."""
        fields = zip(text.fields, text.edges(), strict=True)
        field, edge = next(fields)
        found: dict[int | _Term, Match] = {}
        matches: list[Match] = []
        meanings = self._meanings
        for index, start, end in self._spots(text.text):
            while start >= edge:
                matches += found.values()
                found = {}
                field, edge = next(fields)
            shown, conditions = meanings[index] or self._work_out(index)
            # Written out, for it runs for every word that is a term.
            if shown:
                match = found.get(index)
                if match is None:
                    found[index] = Match(field, shown, start, end - 1)
                else:
                    match.count += 1
            for condition in conditions:
                for term, stop in condition.terms_at(text, start):
                    match = found.get(term)
                    if match is None:
                        found[term] = Match(field, term.shown, start, stop - 1)
                    else:
                        match.count += 1
        matches += found.values()
        return matches

    def _spots(self, text: str) -> list[tuple[int, int, int]]:
        """Return (number, start, end) of the patterns that begin where a word does."""
        spots: list[tuple[int, int, int]] = []
        for spot in self._automaton.find_matches_as_indexes(text):
            _, start, end = spot
            # The last character is a space: it stands before the first one as well.
            if text[start - 1] == " ":
                spots.append(spot)
            elif (space := text.find(" ", start, end - 1)) >= 0:
                # "Farms trade unions": the arms trade, which it is not, must not hide the unions.
                rest = self._spots(text[space:])
                return spots + [(index, first + space, last + space) for index, first, last in rest]
        return spots

    def _work_out(self, index: int) -> _Meaning:
        pattern = self._literals[index]
        meaning: _Meaning = ((), ())
        if pattern not in self._patterns.masks:
            # A longer pattern hides the beginnings that it has.
            beginnings = (pattern[:stop] for stop in range(len(pattern), 1, -1))
            guards = (self._patterns.guarded.get(beginning, ()) for beginning in beginnings)
            meaning = (self._shown(pattern), tuple(_conditions(itertools.chain(*guards))))
        self._meanings[index] = meaning
        return meaning

    def _shown(self, pattern: str) -> Shown:
        """Return what a pattern shows, by itself and by the shorter patterns in it.

        The automaton reports the longest one only: "women's rights defender" has to
        stand for "women" and for "rights defender" as well.
        """
        plain = self._patterns.plain
        words = pattern[:-1].split(" ")
        strengths: dict[int, bool] = {}
        if pattern in plain and len(words) > 1 and pattern not in self._patterns.whole:
            for start, stop in itertools.combinations(range(len(words) + 1), 2):
                for number, is_strong in plain.get(f"{' '.join(words[start:stop])} ", {}).items():
                    strengths[number] = strengths.get(number, False) or is_strong
        return _shown(strengths | plain.get(pattern, {}))


def _shown(strengths: dict[int, bool]) -> Shown:
    return tuple((number, STRONG if strong else WEAK) for number, strong in strengths.items())


@dataclass(slots=True, eq=False)
class _Term:
    """A guarded term: what it shows and the expression that finds it."""

    shown: Shown
    rest: re.Pattern[str]


class _Capitals:
    """What a pattern shows in capitals."""

    def __init__(self, guard: Guard) -> None:
        self._term = _Term(_shown(guard.shown), re.compile(re.escape(guard.head)))

    def terms_at(self, text: Folded, start: int) -> Iterator[tuple[_Term, int]]:
        """Yield what the words at ``start`` show, and their end."""
        match = self._term.rest.match(text.text, start)
        if match is not None:
            first, last = text.in_source(start, match.end() - 1)
            if text.source[first:last].isupper():
                yield self._term, match.end()


class _Openings:
    """What a pattern shows by what follows it."""

    def __init__(self, guards: list[Guard]) -> None:
        self._terms = [_Term(_shown(guard.shown), re.compile(guard.rest)) for guard in guards]
        # Mostly none follows: that is known at once.
        self._any = re.compile("|".join(guard.rest for guard in guards))

    def terms_at(self, text: Folded, start: int) -> Iterator[tuple[_Term, int]]:
        """Yield what the words from ``start`` on show, and their end."""
        if self._any.match(text.text, start):
            for term in self._terms:
                match = term.rest.match(text.text, start)
                if match is not None:
                    yield term, match.end()


_Condition: TypeAlias = _Capitals | _Openings
_Meaning: TypeAlias = tuple[Shown, tuple[_Condition, ...]]


def _conditions(guards: Iterator[Guard]) -> Iterator[_Condition]:
    openings: dict[str, list[Guard]] = defaultdict(list)
    for guard in guards:
        if guard.in_capitals:
            yield _Capitals(guard)
        else:
            openings[guard.head].append(guard)
    yield from map(_Openings, openings.values())
