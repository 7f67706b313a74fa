"""A post taken apart into the terms of its fields, with where each of them stands."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, chain

from rights_search import analysis, fields
from rights_search.post import Post
from rights_search.query.nodes import Leaf, searched_fields
from rights_search.values import NamedTuple
from rights_search.words.inflection import rules_for, stem
from rights_search.words.scripts import script_of

_FEW = 4
"""So many words are looked for in a field by how their families begin; for more all are sorted
by their stems."""


_PIECE_CHARS = 20_000
"""A longer text is taken apart in pieces: where a token stands is looked up in one of them."""


class PlacedToken(NamedTuple):
    """A token of one of the texts of a field.

    Args:
        term: the indexed form.
        position: count over all texts of the field, without gaps.
        value: which of the field's texts, 0-based.
        start, end: character offsets in that text.
    """

    term: str
    position: int
    value: int
    start: int
    end: int


class _PlacedTerms:
    """The terms of the texts of a field; where one stands is worked out when it is asked for.

    Args:
        texts: of the field.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._pieces = [
            (number, start, piece)
            for number, text in enumerate(texts)
            for start, piece in _pieces(text)
        ]
        each = [analysis.terms(piece) for _, _, piece in self._pieces]
        self.terms = list(chain.from_iterable(each))
        self._firsts = list(accumulate(map(len, each), initial=0))
        self._spans: dict[int, list[tuple[int, int]]] = {}
        self.places: dict[str, list[int]] = {}
        for position, term in enumerate(self.terms):
            self.places.setdefault(term, []).append(position)

    def token(self, position: int) -> PlacedToken:
        """Return the token at a position."""
        number = bisect(self._firsts, position) - 1
        value, shift, piece = self._pieces[number]
        spans = self._spans.get(number)
        if spans is None:
            spans = self._spans[number] = analysis.spans(piece)
        start, end = spans[position - self._firsts[number]]
        return PlacedToken(self.terms[position], position, value, start + shift, end + shift)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield the pieces of a text and where they start; no token spans white space."""
    start = 0
    while len(text) - start > _PIECE_CHARS:
        end = text.find(" ", start + _PIECE_CHARS)
        if end < 0:
            break
        yield start, text[start:end]
        start = end
    yield start, text[start:] if start else text


class AnalysedPost:
    """A post whose fields are taken apart into terms once, at first use.

    Positions count all terms of a field, without gaps: they are the indexes of `terms`.
    """

    def __init__(self, post: Post) -> None:
        self.post = post
        self._placed: dict[str, _PlacedTerms] = {}
        self._families: dict[tuple[str, str], Sequence[str]] = {}
        self._by_stem: dict[str, dict[str, list[str]]] = {}
        self._scans: Counter[str] = Counter()

    def _field(self, field: str) -> _PlacedTerms:
        if field not in self._placed:
            self._placed[field] = _PlacedTerms(fields.BY_NAME[field].values(self.post))
        return self._placed[field]

    def searched(self, leaf: Leaf) -> Iterator[str]:
        """Yield the text fields that a leaf looks into and that hold anything."""
        return (field for field in searched_fields(leaf) if self._field(field).terms)

    def terms(self, field: str) -> Sequence[str]:
        """Return the terms of a text field, in order."""
        return self._field(field).terms

    def places(self, field: str) -> Mapping[str, list[int]]:
        """Return term → its positions in a text field, in order.

        Rules are asked once a distinct term: a post of a megabyte has few of them.
        """
        return self._field(field).places

    def tokens(self, field: str, positions: Iterable[int]) -> tuple[PlacedToken, ...]:
        """Return the tokens at some positions of a text field."""
        return tuple(map(self._field(field).token, positions))

    def family(self, field: str, term: str) -> Sequence[str]:
        """Return the terms in a text field that are ``term`` or inflections of it."""
        found = self._families.get((field, term))
        if found is None:
            found = self._families[field, term] = self._family(field, term)
        return found

    def _family(self, field: str, term: str) -> Sequence[str]:
        # Two terms are inflections of one word where they have the same stem. To know those of
        # all terms of a post takes longer than to read it: a few words are looked for.
        wanted = stem(term, self.language)
        rules = rules_for(self.language, script_of(term))
        self._scans[field] += 1
        if rules is not None and self._scans[field] <= _FEW:
            starts, irregular = rules.lookups(wanted)
            near = [held for held in self.places(field) if held.startswith(starts)]
            near.extend(held for held in irregular if held in self.places(field))
            return [held for held in dict.fromkeys(near) if stem(held, self.language) == wanted]
        if field not in self._by_stem:
            by_stem = self._by_stem[field] = {}
            for held in self.places(field):
                by_stem.setdefault(stem(held, self.language), []).append(held)
        return self._by_stem[field].get(wanted, ())

    def facet(self, field: str) -> frozenset[str]:
        """Return the keys of a facet's values."""
        known = fields.BY_NAME[field]
        return frozenset(map(known.key, known.values(self.post)))

    def has(self, field: str) -> bool:
        """Tell whether a field is known: it has a value, a text at least one token."""
        if fields.BY_NAME[field].kind == "text":
            return bool(self.terms(field))
        return bool(fields.BY_NAME[field].values(self.post))

    @cached_property
    def language(self) -> str | None:
        """Return the language whose inflections hold in this post."""
        return self.post.language
