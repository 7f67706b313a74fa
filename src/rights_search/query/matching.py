"""What a query means, in plain Python: `matches` is what every engine must agree with.

The same code finds the words to highlight and the reasons for a hit, so that what
is shown is what matched.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
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
from rights_search.values import NamedTuple, dataclass
from rights_search.words.transcription import is_transcription

if TYPE_CHECKING:
    from rights_search.query.proximity import Place


MAX_OCCURRENCES = 10_000
"""About so many places of a post are found for a query: it may hold a word a million times."""

_MAX_ANCHORS = 50
"""So many places of rarer words are looked around for the common ones."""

_BESIDE = 40
"""So many words to each side: those of a passage."""


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
            return any(True for field in _near_fields(node) for _ in _close(node, analysed, field))
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


class Occurrences(NamedTuple):
    """Where a post answers a query.

    Args:
        found: the places, in query order.
        unfinished: leaf and field of those of which there may be more.
    """

    found: tuple[Occurrence, ...]
    unfinished: frozenset[tuple[Leaf, str]]


def find_occurrences(node: Node, post: AnalysedPost, most: int = MAX_OCCURRENCES) -> Occurrences:
    """Return the places in the text that speak for a match, in query order.

    Where a post has more than about ``most``, each part of the query has the same share of them.
    What stands there seldom is found wherever it does; of a word that stands there often each
    form is found, its first places, and those beside what is rare.
    """
    searches = [
        _Search(part, post, field, most)
        for part in dict.fromkeys(_speaking(node, post))
        for field in (_near_fields(part) if isinstance(part, Near) else post.searched(part))
    ]
    left, waiting = most, searches
    while waiting and left > 0:
        share = max(1, left // len(waiting))
        left -= sum(search.take(share) for search in waiting)
        waiting = [search for search in waiting if not search.is_finished]
    for search in waiting:
        search.look_beside([each for each in searches if each.is_finished], most // len(waiting))
    return Occurrences(
        tuple(chain.from_iterable(search.in_order() for search in searches)),
        frozenset((leaf, search.field) for search in waiting for leaf in leaves(search.part)),
    )


class _Search:
    """Finds the places of one part of a query in a field, some at a time.

    Args:
        part: what is looked for.
        post: where.
        field: the text field.
        most: how many places there are of which all are surely found.
    """

    def __init__(self, part: Leaf | Near, post: AnalysedPost, field: str, most: int) -> None:
        self.part = part
        self.field = field
        self.is_finished = False
        self._post = post
        self._found: list[Occurrence] = []
        self._places: Sequence[int] = ()
        self._rest: Iterator[Occurrence]
        match part:
            case Near():
                self._rest = _close_occurrences(part, post, field)
            case Phrase():
                self._rest = map(self._at, _field_runs(part, post, field))
            case _:
                terms = tuple(_answers(part, post, field))
                self._places = _merged(terms, post, field)
                self._rest = map(self._at, self._in_turn(terms, most))

    def _at(self, run: Sequence[int]) -> Occurrence:
        assert not isinstance(self.part, Near)  # noqa: S101 - its occurrences are its members'
        return Occurrence(self.part, self.field, self._post.tokens(self.field, run))

    def _in_turn(self, terms: Iterable[str], most: int) -> Iterator[Sequence[int]]:
        """Yield where a leaf stands; of many places the first one of each form comes first."""
        if len(self._places) <= most:
            return ((place,) for place in self._places)
        places = self._post.places(self.field)
        firsts = sorted(places[term][0] for term in terms)
        others = set(firsts)
        behind = (place for place in self._places if place not in others)
        return ((place,) for place in chain(firsts, behind))

    def take(self, most: int) -> int:
        """Find the next places and return how many they are."""
        taken = list(islice(self._rest, most))
        self._found += taken
        self.is_finished = len(taken) < most
        return len(taken)

    def look_beside(self, others: Iterable[_Search], most: int) -> None:
        """Find at most so many places more of a word, around those of rarer parts.

        The best passage is there, and they may lie far behind the first places.
        """
        rarest = sorted((each for each in others if each.field == self.field), key=_Search.count)
        anchors = chain.from_iterable(each._found for each in rarest)  # noqa: SLF001 - of its kind
        beside: dict[int, None] = {}
        for anchor in islice(anchors, _MAX_ANCHORS):
            first = bisect_left(self._places, anchor.tokens[0].position - _BESIDE)
            last = bisect_left(self._places, anchor.tokens[-1].position + _BESIDE, first)
            beside.update(dict.fromkeys(self._places[first : min(last, first + 2 * _BESIDE)]))
        known = {each.tokens[0].position for each in self._found}
        more = (place for place in beside if place not in known)
        self._found += [self._at((place,)) for place in islice(more, most)]

    def count(self) -> int:
        """Return how many places were found."""
        return len(self._found)

    def in_order(self) -> Iterable[Occurrence]:
        """Return the places that were found, each of them once."""
        if isinstance(self.part, Near):
            return dict.fromkeys(self._found)
        return sorted(self._found, key=lambda found: found.tokens[0].position)


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


def _field_runs(leaf: Leaf, post: AnalysedPost, field: str) -> Iterator[Sequence[int]]:
    """Return the positions of the tokens of each place in a field that answers a leaf."""
    match leaf:
        case Phrase(slop=None):
            return _runs(leaf, post, field)
        case Phrase():
            return _windows(leaf, post, field)
        case _:
            return ((position,) for position in _answering(leaf, post, field))


def _near_fields(near: Near) -> Iterable[str]:
    return dict.fromkeys(chain.from_iterable(map(searched_fields, leaves(near))))


def _close_occurrences(near: Near, post: AnalysedPost, field: str) -> Iterator[Occurrence]:
    """Yield the occurrences of the members where they stand close together in a field."""
    standing = {
        leaf: _standing(leaf, post, field)
        for leaf in dict.fromkeys(chain.from_iterable(map(members_of, near.members)))
        if field in searched_fields(leaf)
    }
    for places in _close(near, post, field):
        for number, place in places:
            for leaf in members_of(near.members[number]):
                run = standing[leaf](place) if leaf in standing else None
                if run is not None:
                    yield Occurrence(leaf, field, post.tokens(field, run))
                    break


def _close(near: Near, post: AnalysedPost, field: str) -> Iterator[tuple[tuple[int, Place], ...]]:
    """Yield number and place of each member where they stand close together in a field."""
    from rights_search.query.proximity import close_places  # noqa: PLC0415 - not for words alone

    found = {member: _places(member, post, field) for member in dict.fromkeys(near.members)}
    return close_places([found[member] for member in near.members], near.distance)


def _places(member: Leaf | Synonyms, post: AnalysedPost, field: str) -> list[Place]:
    return [
        (run[0], run[-1] + 1)
        for leaf in members_of(member)
        if field in searched_fields(leaf)
        for run in _field_runs(leaf, post, field)
    ]


def _standing(
    leaf: Leaf, post: AnalysedPost, field: str
) -> Callable[[Place], Sequence[int] | None]:
    """Return what tells the positions of a leaf at a place, None where it is another leaf's."""
    if isinstance(leaf, Phrase):
        runs = {(run[0], run[-1] + 1): run for run in _field_runs(leaf, post, field)}
        return runs.get
    terms, answers = post.terms(field), frozenset(_answers(leaf, post, field))
    return lambda place: (
        (place[0],) if place[1] == place[0] + 1 and terms[place[0]] in answers else None
    )


def _answering(leaf: TermLeaf, post: AnalysedPost, field: str) -> Sequence[int]:
    """Return the positions in a field of what answers a leaf, in order."""
    return _merged(_answers(leaf, post, field), post, field)


def _merged(terms: Iterable[str], post: AnalysedPost, field: str) -> Sequence[int]:
    places = post.places(field)
    found = [places[term] for term in terms]
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
    # The word that stands there least often says where to look.
    held = {wanted: sum(len(places[term]) for term in answers[wanted]) for wanted in answers}
    rarest = min(range(len(phrase.terms)), key=lambda number: held[phrase.terms[number]])
    found = chain.from_iterable(places[term] for term in answers[phrase.terms[rarest]])
    length = len(phrase.terms)
    for first in (place - rarest for place in sorted(found)):
        run = terms[first : first + length] if first >= 0 else ()
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
