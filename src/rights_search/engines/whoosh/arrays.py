"""Documents and scores as NumPy arrays: see `algebra`. Only large indexes import this.

What is worked out by documents is worked out by whole columns instead; numbers are added and
multiplied in the order in which `mappings` does it, so that scores are equal to the last bit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from rights_search.engines import ranking
from rights_search.engines.collapsing import Collapsed
from rights_search.engines.protocol import BY_SCORE, Groups, Sort
from rights_search.engines.vocabulary import Languages
from rights_search.engines.whoosh.algebra import SLACK, Forms, Scores, Weighed
from rights_search.engines.whoosh.keeping import Kept
from rights_search.engines.whoosh.layout import LENGTHS, NO_DATE
from rights_search.engines.whoosh.segments import Segments
from rights_search.query.nodes import Phrase

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]

MAX_KEPT_POSTINGS = 10_000_000
"""So many postings are kept, 16 bytes each; and so many positions, 8 bytes each."""

_SPARSE = 16
"""Of two lists, one so many times shorter is looked up in the other by bisection."""

_FEW_TIES = 1000
"""Documents up to so many are put in order by their ids without ranking all ids first."""

_DOCUMENT = 32
"""A place is the document's number, shifted by so many bits, and a position."""

_MAX_POSITION = 2**31
_NEVER = np.iinfo(np.int64).max
_NO_DAY = np.iinfo(np.int64).min
_NOTHING: Ints = np.empty(0, np.int64)


class Scored(Mapping[int, float]):
    """Documents with scores.

    Args:
        documents: ascending numbers, each once.
        scores: of each document.
    """

    __slots__ = ("documents", "scores")

    def __init__(self, documents: Ints, scores: Floats) -> None:
        self.documents = documents
        self.scores = scores

    def __getitem__(self, document: int) -> float:
        place = int(np.searchsorted(self.documents, document))
        if place == len(self.documents) or self.documents[place] != document:
            raise KeyError(document)
        return float(self.scores[place])

    def __iter__(self) -> Iterator[int]:
        return iter(self.documents.tolist())

    def __len__(self) -> int:
        return len(self.documents)

    def only(self, chosen: Bools) -> Scored:
        """Return the chosen ones."""
        return Scored(self.documents[chosen], self.scores[chosen])


class Arrays:
    """See `rights_search.engines.whoosh.algebra.Algebra`."""

    max_kept_scores = 10_000_000

    def __init__(self, segments: Segments) -> None:
        self._segments = segments
        self._size = segments.size
        self._postings: Kept[tuple[str, str], Scored] = Kept(MAX_KEPT_POSTINGS)
        self._places: Kept[tuple[str, str], _Places] = Kept(MAX_KEPT_POSTINGS)
        self._factors: dict[str, Floats] = {}
        self._known: dict[str, Scored] = {}
        self._facets: dict[str, _Facet] = {}
        self._within: tuple[Scored | None, Bools] = (None, np.empty(0, np.bool_))
        self._members: tuple[Groups, Ints, Ints] = ((), _NOTHING, _NOTHING)

    # --- documents -------------------------------------------------------------

    @cached_property
    def _live(self) -> Scored:
        alive = np.ones(self._size, np.bool_)
        alive[list(self._segments.deleted)] = False
        return _plain(np.flatnonzero(alive))

    def everything(self) -> Scores:
        """Return all documents."""
        return self._live

    def among(self, documents: Collection[int]) -> Scores:
        """Return these documents."""
        return _plain(np.unique(np.fromiter(documents, np.int64, len(documents))))

    def having(self, field: str) -> Scores:
        """Return the documents of which a field is known."""
        if field not in self._known:
            known = np.fromiter(map(bool, self._segments.presence(field)), np.bool_, self._size)
            self._known[field] = self._live.only(known[self._live.documents])
        return self._known[field]

    def dated(self, first: int, last: int) -> Scores:
        """Return the documents that are from these days."""
        firsts, lasts = self._days
        chosen = (firsts != NO_DATE) & (firsts >= first) & (lasts <= last)
        return self._live.only(chosen[self._live.documents])

    def postings(self, field: str, term: str, languages: Languages = None) -> Scored:
        """Return how often a term stands in the documents that hold it."""
        found = self._postings.made((field, term), lambda: self._read(field, term))
        return found if languages is None else self._in(found, languages)

    def _in(self, found: Scored, languages: Collection[str | None]) -> Scored:
        """Return the documents that are in these languages."""
        if not len(found):
            return found
        _, values = self._segments.coded("language")
        allowed = np.array([(value[0] if value else None) in languages for value in values])
        return found.only(allowed[self._facet("language").codes[found.documents]])

    def _read(self, field: str, term: str) -> Scored:
        parts = list(self._segments.decoded(field, term))
        if not parts:
            return Scored(_NOTHING, np.empty(0))
        sizes = [len(documents) for _, documents, _ in parts]
        count = sum(sizes)
        chained = chain.from_iterable(documents for _, documents, _ in parts)
        documents = np.fromiter(chained, np.int64, count)
        documents += np.repeat([base for base, _, _ in parts], sizes)
        chained_weights = chain.from_iterable(weights for _, _, weights in parts)
        found = Scored(documents, np.fromiter(chained_weights, np.float64, count))
        return found.only(self._is_live[documents]) if self._segments.deleted else found

    @cached_property
    def _is_live(self) -> Bools:
        return self._mask(self._live.documents)

    @cached_property
    def _days(self) -> tuple[Ints, Ints]:
        firsts, lasts = self._segments.days
        return np.array(firsts, np.int64), np.array(lasts, np.int64)

    # --- sums ------------------------------------------------------------------

    def total(self, parts: Iterable[Scores]) -> Scored:
        """Return the documents of any part."""
        held = [part for part in map(_scored, parts) if len(part)]
        if len(held) <= 1:
            return held[0] if held else Scored(_NOTHING, np.empty(0))
        return self._sum((part.documents, part.scores) for part in held)

    def _sum(self, parts: Iterable[tuple[Ints, Floats]]) -> Scored:
        total = np.zeros(self._size)
        held = np.zeros(self._size, np.bool_)
        for number, (documents, scores) in enumerate(parts):
            if number:
                total[documents] += scores
            else:
                total[documents] = scores
            held[documents] = True
        documents = np.flatnonzero(held)
        return Scored(documents, total[documents])

    def common(self, parts: Sequence[Scores]) -> Scored:
        """Return the documents of all parts."""
        first, *others = sorted(map(_scored, parts), key=len)
        for other in others:
            places = self._places_in(other.documents, first.documents)
            held = places >= 0
            scores = first.scores[held] + other.scores[places[held]]
            first = Scored(first.documents[held], scores)
        return first

    def without(self, scores: Scores, unwanted: Scores) -> Scored:
        """Return what is not in ``unwanted``."""
        kept = _scored(scores)
        return kept.only(~self._mask(_scored(unwanted).documents)[kept.documents])

    def within(self, scores: Scores, limits: Scores) -> Scored:
        """Return what is in ``limits``."""
        kept, bounds = _scored(scores), _scored(limits)
        if len(bounds) * _SPARSE < len(kept):
            places = self._places_in(kept.documents, bounds.documents)
            places = places[places >= 0]
            return Scored(kept.documents[places], kept.scores[places])
        if self._within[0] is not bounds:  # several preferences in a row have the same
            self._within = bounds, self._mask(bounds.documents)
        return kept.only(self._within[1][kept.documents])

    def level(self, scores: Scores, value: float) -> Scored:
        """Return the documents, all with one score."""
        return Scored(_scored(scores).documents, np.full(len(scores), value))

    def times(self, scores: Scores, factor: float) -> Scored:
        """Return ``scores``, each multiplied."""
        kept = _scored(scores)
        return Scored(kept.documents, factor * kept.scores)

    def raised(self, scores: Scores, extra: Scores, weight: float) -> Scored:
        """Return ``scores`` with ``extra`` added."""
        kept, more = _scored(scores), _scored(extra)
        total = kept.scores.copy()
        total[self._places_in(kept.documents, more.documents)] += weight * more.scores
        return Scored(kept.documents, total)

    def weighed(self, parts: Iterable[Weighed]) -> Scored:
        """Return the sum of all occurrences."""
        weights = []
        for occurrences, share, field in parts:
            held = _scored(occurrences)
            factors = self._field_factors(field)[held.documents]
            weights.append((held.documents, share * held.scores * factors))
        if len(weights) == 1:
            return Scored(*weights[0])
        return self._sum(weights)

    def saturated(self, weights: Scores, top: float) -> Scored:
        """Return what each weight reaches of ``top``."""
        held = _scored(weights)
        # The formula does to each number of an array what it does to one.
        shares: Any = ranking.saturate(held.scores)  # type: ignore[arg-type]
        return Scored(held.documents, top * shares)

    def _field_factors(self, field: str) -> Floats:
        if field not in self._factors:
            average = self._segments.average_length(field)
            table = np.array(ranking.field_factors(field, LENGTHS, average))
            codes = np.frombuffer(self._segments.length_codes(field), np.uint8)
            self._factors[field] = table[codes]
        return self._factors[field]

    def _mask(self, documents: Ints) -> Bools:
        mask = np.zeros(self._size, np.bool_)
        mask[documents] = True
        return mask

    def _places_in(self, held: Ints, wanted: Ints) -> Ints:
        """Return where each of ``wanted`` stands in ``held``, -1 if it does not."""
        if len(wanted) * _SPARSE < len(held):
            places = np.searchsorted(held, wanted)
            # np.clip looks up the limits of the type each time, for longer than it clips.
            return np.where(held[np.minimum(places, len(held) - 1)] == wanted, places, -1)
        by_document = np.full(self._size, -1, np.int64)
        by_document[held] = np.arange(len(held))
        return by_document[wanted]

    # --- places ----------------------------------------------------------------

    def places(self, field: str, forms: Forms, documents: Scores) -> Ints:
        """Return the ascending places of any of ``forms``, each once."""
        runs = []
        for form, languages in forms.items():
            wanted = self.within(self.postings(field, form), documents)
            if languages is not None:
                wanted = self._in(wanted, languages)
            if len(wanted):
                runs.append(self._places_of(field, form, wanted.documents))
        if not runs:
            return _NOTHING
        # A stable sort is quick with what is in runs that are in order, as these mostly are.
        found = np.sort(np.concatenate(runs), kind="stable")
        return found[_is_new(found)]

    def _places_of(self, field: str, term: str, wanted: Ints) -> Ints:
        known = self._places.get((field, term)) or _Places(_NOTHING, _NOTHING)
        missing = wanted[~self._mask(known.documents)[wanted]]
        if len(missing):
            found = self._segments.positions(field, term, set(missing.tolist()))
            sizes = [len(positions) for positions in found.values()]
            positions = np.fromiter(chain.from_iterable(found.values()), np.int64, sum(sizes))
            more = np.repeat(np.fromiter(found, np.int64, len(found)), sizes) << _DOCUMENT
            more += positions.clip(max=_MAX_POSITION - 1)
            known = _Places(
                np.concatenate((known.documents, missing)), np.concatenate((known.places, more))
            )
            self._places.put((field, term), known)
        chosen: Ints = known.places[self._mask(wanted)[known.places >> _DOCUMENT]]
        return chosen

    def by_document(self, places: Ints) -> dict[int, set[int]]:
        """Return document number → positions."""
        found: dict[int, set[int]] = {}
        documents, positions = places >> _DOCUMENT, places & (2**_DOCUMENT - 1)
        for doc, position in zip(documents.tolist(), positions.tolist(), strict=True):
            found.setdefault(doc, set()).add(position)
        return found

    def phrase(
        self,
        phrase: Phrase,
        places: Mapping[str, Ints],
        documents: Scores,  # noqa: ARG002 - all of which hold all terms
    ) -> Scored:
        """Return how often a phrase stands in the documents."""
        found = _adjacent(phrase, places) if phrase.slop is None else _windows(phrase, places)
        of_place = found >> _DOCUMENT
        starts = np.flatnonzero(_is_new(of_place))
        counts = np.diff(starts, append=len(found))
        return Scored(of_place[starts], counts.astype(np.float64))

    # --- what is shown ---------------------------------------------------------

    def count_facet(self, field: str, scores: Scores) -> dict[str, int]:
        """Return value → number of documents that have it."""
        return self._facet(field).count(_scored(scores).documents)

    def _facet(self, field: str) -> _Facet:
        if field not in self._facets:
            self._facets[field] = _Facet(*self._segments.coded(field))
        return self._facets[field]

    def collapse(self, scores: Scores, groups: Groups) -> Collapsed:
        """Return what is left out for posts of the same group."""
        if not groups:
            return Collapsed(())
        if self._members[0] is not groups:
            sizes = [len(group) for group in groups]
            members = np.fromiter(chain.from_iterable(groups), np.int64, sum(sizes))
            self._members = groups, members, np.repeat(np.arange(len(sizes)), sizes)
        _, members, numbers = self._members
        held = self._mask(_scored(scores).documents)[members]
        matching, of_group = members[held], numbers[held]
        several = np.bincount(of_group, minlength=len(groups))[of_group] > 1
        matching, of_group = matching[several], of_group[several]
        bounds = (*np.flatnonzero(_is_new(of_group)).tolist(), len(matching))
        flat = tuple(matching.tolist())  # numpy.split makes an array of each part.
        return Collapsed(tuple(flat[start:end] for start, end in pairwise(bounds)))

    def contenders(self, least: Scores, most: Scores, sort: Sort, end: int) -> Scored:
        """Return documents among which the first ``end`` are, between these bounds."""
        low, high = _scored(least), _scored(most)
        if not 0 < end < len(low):
            return low.only(np.full(len(low), end > 0))
        if sort in BY_SCORE:
            edge = np.partition(low.scores, -end)[-end]
            return low.only(high.scores >= edge - SLACK * abs(edge))
        ages = self._age(low.documents, oldest_first=sort == "oldest")
        return low.only(ages <= np.partition(ages, end - 1)[end - 1])

    def faded(self, scores: Scores) -> Scored:
        """Return the scores with those of older posts lowered."""
        held = _scored(scores)
        firsts, lasts = (days[held.documents] for days in self._days)
        days, places = np.unique(np.where(firsts == NO_DATE, _NO_DAY, lasts), return_inverse=True)
        newest = self._segments.newest
        factors = [
            ranking.recency(None if day == _NO_DAY else day, newest) for day in days.tolist()
        ]
        return Scored(held.documents, held.scores * np.array(factors)[places])

    def page(self, scores: Scores, sort: Sort, end: int) -> list[tuple[int, float]]:
        """Return the first ``end`` documents with their scores."""
        held = _scored(scores)
        if end <= 0:
            return []

        def by_score(rows: Ints) -> Floats:
            return -held.scores[rows]

        def by_date(rows: Ints) -> Ints:
            return self._age(held.documents[rows], oldest_first=sort == "oldest")

        keys = (by_score, by_date) if sort in BY_SCORE else (by_date, by_score)
        rows = _first(np.arange(len(held)), end, keys)
        if len(rows) > end + _FEW_TIES:
            rows = _first(rows, end, (*keys, lambda rows: self._ranks[held.documents[rows]]))
        documents = held.documents[rows].tolist()
        ids = map(self._segments.column("id").__getitem__, documents)
        found = zip(documents, held.scores[rows].tolist(), strict=True)
        order = sorted(zip(*(key(rows).tolist() for key in keys), ids, found, strict=True))
        return [row[-1] for row in order[:end]]

    def _age(self, documents: Ints, *, oldest_first: bool) -> Ints:
        """Return numbers that are in the order of the dates, undated documents last."""
        firsts, lasts = (days[documents] for days in self._days)
        order = (firsts << 32) + lasts
        return np.where(firsts == NO_DATE, _NEVER, order if oldest_first else -order)

    @cached_property
    def _ranks(self) -> Ints:
        """Return the place of each document in the order of the ids."""
        ranks = np.empty(self._size, np.int64)
        ids = self._segments.column("id")
        ranks[sorted(range(self._size), key=ids.__getitem__)] = np.arange(self._size)
        return ranks


class _Places:
    """Where a term stands in the documents in which it was looked for."""

    __slots__ = ("documents", "places")

    def __init__(self, documents: Ints, places: Ints) -> None:
        self.documents = documents
        self.places = places

    def __len__(self) -> int:
        return len(self.documents) + len(self.places)

    def __bool__(self) -> bool:
        return True


class _Facet:
    """Values of a facet as numbers.

    Args:
        codes: of each document.
        values: of each code.
    """

    def __init__(self, codes: Sequence[int], values: Sequence[Sequence[str]]) -> None:
        self.codes: Ints = np.array(codes, np.int64)
        pairs = [(code, value) for code, held in enumerate(values) for value in held or ("",)]
        self._codes = np.array([code for code, _ in pairs], np.int64)
        self._values = list(dict.fromkeys(value for _, value in pairs))
        numbers = {value: number for number, value in enumerate(self._values)}
        self._numbers = np.array([numbers[value] for _, value in pairs], np.int64)
        self._combinations = len(values)

    def count(self, documents: Ints) -> dict[str, int]:
        """Return value → number of the documents that have it."""
        held = np.bincount(self.codes[documents], minlength=self._combinations)
        # Sums of whole numbers far below 2**53 are exact.
        counts = np.bincount(self._numbers, held[self._codes], len(self._values))
        present = np.flatnonzero(counts).tolist()
        return {self._values[number]: int(counts[number]) for number in present}


def _scored(scores: Scores) -> Scored:
    assert isinstance(scores, Scored), "one snapshot keeps all of its scores in arrays"  # noqa: S101
    return scores


def _plain(documents: Ints) -> Scored:
    return Scored(documents, np.zeros(len(documents)))


def _first(
    rows: Ints, end: int, keys: Sequence[Callable[[Ints], npt.NDArray[np.float64 | np.int64]]]
) -> Ints:
    """Return the rows that are among the first ``end`` by all keys, and those that tie there."""
    sure = []
    for key in keys:
        if len(rows) <= end:
            break
        values = key(rows)
        edge = np.partition(values, end - 1)[end - 1]
        before = rows[values < edge]
        sure.append(before)
        rows = rows[values == edge]
        end -= len(before)
    return np.concatenate((*sure, rows))


def _adjacent(phrase: Phrase, places: Mapping[str, Ints]) -> Ints:
    """Return the places from which every term stands right behind the one before."""
    first, *others = (places[term] for term in phrase.terms)
    for step, following in enumerate(others, 1):
        first = first[np.isin(first + step, following, assume_unique=True)]
    return first


def _windows(phrase: Phrase, places: Mapping[str, Ints]) -> Ints:
    """Return the places of wanted tokens that begin a window with every term often enough.

    Of tokens at one place each begins a window without those whose terms come before its own,
    as in `places.count_windows`.
    """
    width = min(len(phrase.terms) + (phrase.slop or 0), _MAX_POSITION)
    needed = Counter(phrase.terms)
    found = []
    for term, held in places.items():
        chosen = np.ones(len(held), np.bool_)
        for other, count in needed.items():
            others = places[other]
            begin = np.searchsorted(others, held, "right" if other < term else "left")
            chosen &= np.searchsorted(others, held + width) - begin >= count
        found.append(held[chosen])
    return np.sort(np.concatenate(found), kind="stable")


def _is_new(ascending: Ints) -> Bools:
    """Return for each number whether it differs from the one before it."""
    new = np.ones(len(ascending), np.bool_)
    new[1:] = ascending[1:] != ascending[:-1]
    return new
