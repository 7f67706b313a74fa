"""Find the terms of one language in a text: whole words, in one pass, the longest first."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from rights_search.tagging.folding import Folded
from rights_search.tagging.term_patterns import Guard, Patterns

STRONG, WEAK = 1.0, 0.3
"""What a term adds to the score of what it shows."""

Shown: TypeAlias = tuple[tuple[int, float], ...]
"""What a term shows: numbers, each with `STRONG` or `WEAK`."""


Match: TypeAlias = tuple[str, Shown, int, int, int]
"""A term in a text: the field, what it shows, where its words begin and end first in the
folded text, and how often it stands in the field. A tuple, for there are fifty a post."""


@dataclass(slots=True)
class _Found:
    """The terms of one field: how often each is found, and where first."""

    counts: dict[int | _Term, int]
    first: list[tuple[int | _Term, Shown, int, int]]

    def add(self, term: _Term, shown: Shown, start: int, end: int) -> None:
        """Count one more of a term."""
        if term in self.counts:
            self.counts[term] += 1
        else:
            self.counts[term] = 1
            self.first.append((term, shown, start, end))

    def matches(self, field: str) -> list[Match]:
        """Return what was found."""
        counts = self.counts
        return [(field, shown, start, end, counts[key]) for key, shown, start, end in self.first]


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
        matches: list[Match] = []
        fields = zip(text.fields, text.edges(), strict=True)
        field, edge = next(fields)
        found = _Found({}, [])
        meanings = self._meanings
        for index, start, end in self._spots(text.text):
            while start >= edge:
                matches += found.matches(field)
                found = _Found({}, [])
                field, edge = next(fields)
            shown, conditions = meanings[index] or self._work_out(index)
            if shown:
                # As in `add`; written out, for it runs for every word that is a term.
                if index in found.counts:
                    found.counts[index] += 1
                else:
                    found.counts[index] = 1
                    found.first.append((index, shown, start, end - 1))
            for condition in conditions:
                for term, stop in condition.terms_at(text, start):
                    found.add(term, term.shown, start, stop - 1)
        matches += found.matches(field)
        return matches

    def _spots(self, text: str) -> Iterable[tuple[int, int, int]]:
        """Return (number, start, end) of the patterns that begin where a word does."""
        spots = self._automaton.find_matches_as_indexes(text)
        # The last character is a space: it stands before the first one as well.
        if all(text[start - 1] == " " for _, start, _ in spots):
            return spots
        found: list[tuple[int, int, int]] = []
        for index, start, end in spots:
            begin = start if text[start - 1] == " " else text.rfind(" ", 0, start) + 1
            if begin == start or text[begin:start] in self._patterns.proclitics:
                found.append((index, begin, end))
                continue
            space = text.find(" ", start, end - 1)
            if space >= 0:
                # "Farms trade unions": the arms trade, which it is not, must not hide the unions.
                behind = self._spots(text[space:])
                return found + [(n, first + space, last + space) for n, first, last in behind]
        return found

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
        plain, own = self._patterns.plain, self._patterns.plain.get(pattern, {})
        strengths: dict[int, bool] = {}
        if own and pattern not in self._patterns.whole:
            for part in self._parts(pattern):
                for number, is_strong in plain.get(part, {}).items():
                    strengths[number] = strengths.get(number, False) or is_strong
        return _shown(strengths | own)

    def _parts(self, pattern: str) -> Iterator[str]:
        """Yield the shorter runs of words in a pattern, but none inside one that is whole."""
        words = pattern[:-1].split(" ")
        spans = list(itertools.combinations(range(len(words) + 1), 2))
        parts = {(start, stop): f"{' '.join(words[start:stop])} " for start, stop in spans}
        closed = [span for span, part in parts.items() if self._patterns.is_closed(part)]
        for (start, stop), part in parts.items():
            if not any(
                first <= start and stop <= last and (start, stop) != (first, last)
                for first, last in closed
            ):
                yield part
                yield from (
                    part.removeprefix(front)
                    for front in self._patterns.proclitics
                    if part.startswith(front)
                )


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
