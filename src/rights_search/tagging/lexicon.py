"""Find the terms of one language in a text: whole words, in one pass, the longest first."""

from __future__ import annotations

import itertools
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, Implementation, MatchKind

from rights_search.tagging.folding import Folded
from rights_search.tagging.term_patterns import Guard, Patterns

STRONG, WEAK = 1.0, 0.3
"""What a term adds to the score of what it shows."""

Shown: TypeAlias = tuple[tuple[int, float], ...]
"""What a term shows: numbers, each with `STRONG` or `WEAK`."""


_UNKNOWN: Shown = ((-1, 0.0),)
"""Stands where it is not known yet what a pattern shows; compared by identity."""

Term: TypeAlias = int
"""A term: the number of its pattern, or a number behind those if it takes more than a pattern."""

Spot: TypeAlias = tuple[Term, int, int]
"""A term in a folded text: its first character and behind the space at its end. A tuple,
for there are seventy a post."""


@dataclass(slots=True)
class Found:
    """The terms that stand in one field.

    Args:
        field: its name.
        counts: how often each term stands there, in the order of the text.
        spots: where each stands first.
    """

    field: str
    counts: Mapping[Term, int]
    spots: Mapping[Term, Spot]


class Lexicon:
    """The terms of one language, ready to be found.

    What a pattern shows is worked out when it is first found: most never are.
    """

    def __init__(self, patterns: Patterns) -> None:
        self._patterns = patterns
        known = (patterns.plain, patterns.guarded, patterns.masks)
        self._literals = sorted(set(itertools.chain.from_iterable(known)))
        self._longest = max(map(len, self._literals), default=0)
        self._search = _search(self._literals)
        # A list by number, not a dictionary: each look-up reads one place instead of three.
        self.shown = [_UNKNOWN] * len(self._literals)
        # Whether a pattern is known to have no conditions.
        self._free = [False] * len(self._literals)
        self._conditions: dict[Term, tuple[_Condition, ...]] = {}
        self._working_out = threading.Lock()

    def find(self, text: Folded) -> list[Found]:
        """Return the terms that stand in each field of a text; `shown` says what they show.

        A field without any is left out.
        """
        spots = self._search(text.text)
        found = self._by_field(text, spots)
        if found is None:
            found = self._by_field(text, self._at_words(text.text, spots))
        return found or []

    def _by_field(self, text: Folded, spots: list[Spot]) -> list[Found] | None:
        """Return the terms of each field, those that stand on conditions as well.

        None where one of the spots does not begin where a word does.
        """
        folded, shown, free, conditions = text.text, self.shown, self._free, self._conditions
        found: list[Found] = []
        counts: dict[Term, int] = {}
        firsts: dict[Term, Spot] = {}
        ends = text.ends()
        edge = 0
        for spot in spots:
            number, start, _ = spot
            # The last character is a space: it stands before the first one as well.
            if folded[start - 1] != " ":
                return None
            if start >= edge:
                while start >= edge:
                    field, edge = next(ends)
                counts, firsts = {}, {}
                found.append(Found(field, counts, firsts))
            if number in counts:
                counts[number] += 1
            else:
                counts[number] = 1
                firsts[number] = spot
            if not free[number]:
                if shown[number] is _UNKNOWN:
                    self._work_out(number)
                for condition in conditions.get(number, ()):
                    for more in condition.spots_at(text, start):
                        counts[more[0]] = counts.get(more[0], 0) + 1
                        firsts.setdefault(more[0], more)
        return found

    def _at_words(self, text: str, spots: list[Spot]) -> list[Spot]:
        """Return those of the spots that begin where a word does, and what others hide."""
        found: list[Spot] = []
        edge = 0
        proclitics = self._patterns.proclitics
        for spot in spots:
            _, start, end = spot
            if start >= edge and text[start - 1] == " ":
                found.append(spot)
            elif start < edge or proclitics or " " in text[start : end - 1]:
                edge = self._look_again(text, spot, edge, found)
        return found

    def _look_again(self, text: str, spot: Spot, edge: int, found: list[Spot]) -> int:
        """Add to ``found`` what a spot hides that begins in mid-word or before ``edge``.

        "Farms trade unions": the arms trade, which it is not, must not hide the unions.

        Returns:
            Where the last of those added ends, before which no other spot may begin.
        """
        waiting = [spot]
        while waiting:
            number, start, end = waiting.pop()
            again = edge
            if start >= edge:
                begin = text.rfind(" ", 0, start) + 1
                if begin == start or text[begin:start] in self._patterns.proclitics:
                    found.append((number, begin, end))
                    edge = end
                    continue
                again = text.find(" ", start, end - 1)
            if again >= 0:
                spots = self._search(text[again : end + self._longest])
                hidden = [(other, again + first, again + last) for other, first, last in spots]
                waiting += [spot for spot in reversed(hidden) if spot[1] < end]
        return edge

    def _work_out(self, number: int) -> None:
        """Note what a pattern shows and what has to be looked at where it stands, if anything."""
        with self._working_out:
            if self.shown[number] is not _UNKNOWN:
                return
            conditions = self._conditions_of(number)
            if conditions:
                self._conditions[number] = conditions
            # Last of all, for it is by these that others know.
            self.shown[number] = self._shown(number)
            self._free[number] = not conditions

    def _conditions_of(self, number: Term) -> tuple[_Condition, ...]:
        """Return what has to be looked at where a pattern stands; its terms get numbers."""
        pattern = self._literals[number]
        if pattern in self._patterns.masks:
            return ()
        # A longer pattern hides the beginnings that it has.
        beginnings = (pattern[:stop] for stop in range(len(pattern), 1, -1))
        guards = (self._patterns.guarded.get(beginning, ()) for beginning in beginnings)
        conditions = tuple(self._conditions_for(itertools.chain(*guards)))
        if pattern in self._patterns.plain:
            return conditions
        return (*self._words_of(pattern), *conditions)

    def _words_of(self, head: str) -> Iterator[_Words]:
        """Yield what the whole words of an open term's head show, if they show anything.

        "children of ... victims" hides the children of anybody else.
        """
        words = head[: head.rfind(" ") + 1]
        shown = self._shown_by_parts(words) if words else {}
        if shown:
            self.shown.append(_shown(shown))
            yield _Words(len(self.shown) - 1, len(words))

    def _conditions_for(self, guards: Iterator[Guard]) -> Iterator[_Condition]:
        openings: dict[str, list[Guard]] = defaultdict(list)
        for guard in guards:
            if guard.in_capitals:
                yield _Capitals(guard, self._numbered(guard))
            else:
                openings[guard.head].append(guard)
        for group in openings.values():
            terms = [(guard, self._numbered(guard)) for guard in group]
            for kind, some in (
                (_Endings, [item for item in terms if item[0].endings]),
                (_Openings, [item for item in terms if item[0].rest]),
            ):
                if some:
                    yield kind(some)

    def _numbered(self, guard: Guard) -> Term:
        """Return the number of a term that stands only where a guard lets it."""
        self.shown.append(_shown(guard.shown))
        return len(self.shown) - 1

    def _shown(self, number: int) -> Shown:
        """Return what a pattern shows, by itself and by the shorter patterns in it.

        The automaton reports the longest one only: "women's rights defender" has to
        stand for "women" and for "rights defender" as well.
        """
        pattern, plain = self._literals[number], self._patterns.plain
        if pattern in self._patterns.masks or pattern not in plain:
            return ()
        parts = {} if pattern in self._patterns.whole else self._shown_by_parts(pattern)
        return _shown(parts | plain[pattern])

    def _shown_by_parts(self, pattern: str) -> dict[int, bool]:
        """Return what a pattern and the shorter patterns in it show."""
        strengths: dict[int, bool] = {}
        for part in self._parts(pattern):
            for theme, is_strong in self._patterns.plain.get(part, {}).items():
                strengths[theme] = strengths.get(theme, False) or is_strong
        return strengths

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


def _search(literals: list[str]) -> Callable[[str], list[Spot]]:
    """Return a function that finds literals in a folded text, the longest of those that overlap.

    Both get a capital at the beginning of each word of plain letters, lest what only ends
    like a literal is found: where there are other letters or digits, it may be.
    """
    plain = "".join(literals).isascii()
    kind: type[Any] = BytesAhoCorasick if plain else AhoCorasick

    def prepared(text: str) -> str | bytes:
        if plain:
            # One byte a character, as offsets have to be: no literal has a question mark.
            return text.encode("ascii", "replace").title()
        return text.encode().title().decode()

    automaton = kind(
        map(prepared, literals),
        matchkind=MatchKind.LeftmostLongest,
        # As a table it is no faster, for that does not fit into a processor's cache.
        implementation=Implementation.ContiguousNFA,
    )
    return lambda text: automaton.find_matches_as_indexes(prepared(text))


def _shown(strengths: dict[int, bool]) -> Shown:
    return _shared(tuple(_shared_item(*item) for item in strengths.items()))


# Equal ones are one, so that what the terms of a text show fits into a processor's cache.
@lru_cache(maxsize=4096)
def _shared(shown: Shown) -> Shown:
    return shown


@lru_cache(maxsize=4096)
def _shared_item(number: int, is_strong: bool) -> tuple[int, float]:
    return number, STRONG if is_strong else WEAK


class _Capitals:
    """A term in capitals."""

    def __init__(self, guard: Guard, term: Term) -> None:
        self._term = term
        self._match = re.compile(re.escape(guard.head)).match

    def spots_at(self, text: Folded, start: int) -> list[Spot]:
        """Return the term at ``start``, if it is there."""
        match = self._match(text.text, start)
        if match is None:
            return []
        first, last = text.in_source(start, match.end() - 1)
        return [(self._term, start, match.end())] if text.source[first:last].isupper() else []


class _Words:
    """The words that an open term begins with, whatever follows."""

    def __init__(self, term: Term, length: int) -> None:
        self._term = term
        self._length = length

    def spots_at(self, _: Folded, start: int) -> list[Spot]:
        """Return the words at ``start``: they are there."""
        return [(self._term, start, start + self._length)]


class _Endings:
    """Terms that begin with the same letters, whatever ends words of theirs."""

    def __init__(self, terms: list[tuple[Guard, Term]]) -> None:
        each = [(ending, term) for guard, term in terms for ending in guard.endings]
        self._length = len(terms[0][0].head.rstrip())
        # By the first letter of the next word, for mostly none of many follows.
        letters = {ending[0][1:2] for ending, _ in each}
        self._by_letter = {
            letter: tuple(item for item in each if item[0][0][1:2] in {letter, ""})
            for letter in letters
        }
        self._always = self._by_letter.get("", ())

    def spots_at(self, text: Folded, start: int) -> list[Spot]:
        """Return the terms that begin at ``start``."""
        folded = text.text
        end = folded.find(" ", start + self._length)
        spots: list[Spot] = []
        found: Term = -1
        for ending, term in self._by_letter.get(folded[end + 1 : end + 2], self._always):
            if term != found:
                last = _behind(ending, folded, end)
                if last:
                    spots.append((term, start, last))
                    found = term
        return spots


def _behind(ending: tuple[str, ...], text: str, end: int) -> int:
    """Return what is behind an ending that stands at ``end``; 0 if it does not."""
    for part in ending:
        end = text.find(" ", end)
        if not text.startswith(part, end):
            return 0
        end += len(part)
    return end


class _Openings:
    """Terms that begin alike and stand where the right words follow."""

    def __init__(self, terms: list[tuple[Guard, Term]]) -> None:
        self._each = tuple((term, re.compile(guard.rest).match) for guard, term in terms)
        # Mostly none of several follows: that is known at once.
        self._any = re.compile("|".join(guard.rest for guard, _ in terms)).match

    def spots_at(self, text: Folded, start: int) -> list[Spot]:
        """Return the terms that begin at ``start``."""
        folded = text.text
        spots: list[Spot] = []
        if len(self._each) > 1 and not self._any(folded, start):
            return spots
        for term, match in self._each:
            rest = match(folded, start)
            if rest is not None:
                spots.append((term, start, rest.end()))
        return spots


_Condition: TypeAlias = _Capitals | _Words | _Endings | _Openings
