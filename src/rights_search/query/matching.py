"""What a query means, in plain Python: `matches` is what every engine must agree with.

The same code finds the words to highlight and the reasons for a hit, so that what
is shown is what matched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from rights_search.post import Post
from rights_search.query.analysed_post import AnalysedPost, PlacedToken
from rights_search.query.nodes import (
    Among,
    And,
    DateRange,
    Derived,
    Everything,
    Facet,
    Fuzzy,
    Has,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefer,
    Prefix,
    Synonyms,
    TermLeaf,
    Transcription,
    Word,
    leaves,
    members_of,
    searched_fields,
)
from rights_search.values import dataclass
from rights_search.words.transcription import is_transcription

if TYPE_CHECKING:
    from rights_search.query.proximity import Place


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where a leaf of a query stands in a post.

    Args:
        leaf: the leaf.
        field: the text field.
        tokens: the tokens that answer it: one for a word, all of a phrase.
    """

    leaf: Leaf
    field: str
    tokens: tuple[PlacedToken, ...]


def matches(node: Node, post: Post | AnalysedPost) -> bool:  # noqa: C901, PLR0911 - one a node
    """Tell whether ``post`` answers ``node``: the definition of the query language."""
    analysed = post if isinstance(post, AnalysedPost) else AnalysedPost(post)
    match node:
        case Everything():
            return True
        case And(children):
            return all(matches(child, analysed) for child in children)
        case Or(children):
            return any(matches(child, analysed) for child in children)
        case Not(child):
            return not matches(child, analysed)
        case Prefer(child):
            return matches(child, analysed)
        case Synonyms(members):
            return any(matches(leaf, analysed) for leaf in members)
        case Near():
            return next(_close_occurrences(node, analysed), None) is not None
        case Has(field):
            return analysed.has(field)
        case Among(_, ids):
            return analysed.post.id in ids
        case Facet(field, values):
            return not analysed.facet(field).isdisjoint(values)
        case DateRange():
            return _is_inside(node, analysed.post)
        case _:
            return _is_answered(node, analysed)


def find_occurrences(node: Node, post: AnalysedPost) -> tuple[Occurrence, ...]:
    """Return every place in the text that speaks for a match, in query order."""
    found: list[Occurrence] = []
    for part in dict.fromkeys(_speaking(node, post)):
        if isinstance(part, Near):
            found.extend(dict.fromkeys(_close_occurrences(part, post)))
        else:
            found.extend(_leaf_occurrences(part, post))
    return tuple(found)


def _speaking(node: Node, post: AnalysedPost) -> Iterator[Leaf | Near]:
    """Yield what a match rests on, without the alternatives that the post does not answer."""
    match node:
        case And(children):
            for child in children:
                yield from _speaking(child, post)
        case Or(children):
            for child in children:
                if matches(child, post):
                    yield from _speaking(child, post)
        case Prefer(child):
            yield from _speaking(child, post)
        case Near():
            yield node
        case _:
            yield from leaves(node)


@lru_cache(maxsize=100_000)
def edit_distance(first: str, second: str, limit: int) -> int:
    """Return the optimal string alignment distance, or ``limit + 1`` if it is larger.

    After Oommen and Loke (1997): inserting, deleting, replacing a character and
    swapping two neighbours cost 1, and no part is edited twice.
    """
    if abs(len(first) - len(second)) > limit:
        return limit + 1
    before: list[int] = []
    previous = list(range(len(second) + 1))
    for i, char in enumerate(first, 1):
        current = [i]
        for j, other in enumerate(second, 1):
            cost = min(
                previous[j] + 1,
                current[j - 1] + 1,
                previous[j - 1] + (char != other),
            )
            swapped = i > 1 and j > 1 and char == second[j - 2] and first[i - 2] == other
            if swapped:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, previous = previous, current
    return min(previous[-1], limit + 1)


def _is_inside(range_: DateRange, post: Post) -> bool:
    if post.date is None:
        return False
    after = range_.first is None or range_.first <= post.date.start
    return after and (range_.last is None or post.date.last <= range_.last)


def _is_answered(leaf: Leaf, post: AnalysedPost) -> bool:
    runs = chain.from_iterable(_field_runs(leaf, post, field) for field in post.searched(leaf))
    return next(runs, None) is not None


def _leaf_occurrences(leaf: Leaf, post: AnalysedPost) -> Iterator[Occurrence]:
    for field in post.searched(leaf):
        for positions in _field_runs(leaf, post, field):
            yield Occurrence(leaf, field, post.tokens(field, positions))


def _field_runs(leaf: Leaf, post: AnalysedPost, field: str) -> Iterator[Sequence[int]]:
    """Return the positions of the tokens of each place in a field that answers a leaf."""
    match leaf:
        case Phrase(slop=None):
            return _runs(leaf, post, field)
        case Phrase():
            return _windows(leaf, post, field)
        case _:
            return ((position,) for position in _answering(leaf, post, field))


def _close_occurrences(near: Near, post: AnalysedPost) -> Iterator[Occurrence]:
    """Yield the occurrences of the members where they stand close together."""
    from rights_search.query.proximity import close_places  # noqa: PLC0415 - not for words alone

    for field in dict.fromkeys(chain.from_iterable(map(searched_fields, leaves(near)))):
        found = [_occurrences_by_place(member, post, field) for member in near.members]
        for places in close_places([list(member) for member in found], near.distance):
            yield from (found[number][place] for number, place in places)


def _occurrences_by_place(
    member: Leaf | Synonyms, post: AnalysedPost, field: str
) -> dict[Place, Occurrence]:
    found: dict[Place, Occurrence] = {}
    for leaf in members_of(member):
        if field in searched_fields(leaf):
            for run in _field_runs(leaf, post, field):
                place = (run[0], run[-1] + 1)
                if place not in found:
                    found[place] = Occurrence(leaf, field, post.tokens(field, run))
    return found


def _answering(leaf: TermLeaf, post: AnalysedPost, field: str) -> Sequence[int]:
    """Return the positions in a field of what answers a leaf, in order."""
    places = post.places(field)
    found = [places[term] for term in _answers(leaf, post, field)]
    return found[0] if len(found) == 1 else sorted(chain.from_iterable(found))


def _answers(leaf: TermLeaf, post: AnalysedPost, field: str) -> Iterable[str]:
    """Return the terms in a field that answer a leaf."""
    places = post.places(field)
    match leaf:
        case Word(term, exact=exact):
            return _forms(term, post, field, is_exact=exact)
        case Prefix(prefix):
            return [term for term in places if term.startswith(prefix)]
        case Fuzzy(wanted, distance):
            return [term for term in places if edit_distance(wanted, term, distance) <= distance]
        case Derived(wanted):
            from rights_search.words.derivation import is_derived  # noqa: PLC0415 - a mode of its own

            return [term for term in places if is_derived(term, wanted, post.language)]
        case Transcription(wanted):
            return [term for term in places if is_transcription(term, wanted, loose=leaf.loose)]


def _forms(term: str, post: AnalysedPost, field: str, *, is_exact: bool) -> Iterable[str]:
    if not is_exact:
        return post.family(field, term)
    return (term,) if term in post.places(field) else ()


def _wanted(phrase: Phrase, post: AnalysedPost, field: str) -> dict[str, set[str]]:
    """Return term of the phrase → the terms in the field that answer it."""
    return {
        wanted: set(_forms(wanted, post, field, is_exact=phrase.exact))
        for wanted in dict.fromkeys(phrase.terms)
    }


def _runs(phrase: Phrase, post: AnalysedPost, field: str) -> Iterator[range]:
    """Yield the positions of the runs of neighbouring tokens that are the phrase."""
    if not _forms(phrase.terms[0], post, field, is_exact=phrase.exact):
        return
    answers = _wanted(phrase, post, field)
    terms, places = post.terms(field), post.places(field)
    starts = chain.from_iterable(places[term] for term in answers[phrase.terms[0]])
    length = len(phrase.terms)
    for first in sorted(starts):
        run = terms[first : first + length]
        if len(run) == length and all(
            term in answers[wanted] for wanted, term in zip(phrase.terms, run, strict=True)
        ):
            yield range(first, first + length)


def _windows(phrase: Phrase, post: AnalysedPost, field: str) -> Iterator[tuple[int, ...]]:
    """Yield the positions in windows that hold every term, as often as the phrase asks for it.

    The first and the last token of a window are wanted ones; no window is longer
    than the terms and ``slop`` other words.
    """
    needed = Counter(phrase.terms)
    width = len(phrase.terms) + (phrase.slop or 0)
    places = post.places(field)
    held = sorted(
        (position, wanted)
        for wanted, terms in _wanted(phrase, post, field).items()
        for term in terms
        for position in places[term]
    )
    counts: Counter[str] = Counter()
    start = 0
    for end, (position, wanted) in enumerate(held):
        counts[wanted] += 1
        while held[start][0] <= position - width:
            counts[held[start][1]] -= 1
            start += 1
        if all(counts[term] >= count for term, count in needed.items()):
            # The next window begins behind this one: overlapping ones would be as
            # many as the square of the words.
            yield tuple(dict.fromkeys(position for position, _ in held[start : end + 1]))
            counts.clear()
            start = end + 1
