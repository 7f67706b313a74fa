"""From a leaf of a query to the indexed terms that answer it: the same for every engine."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from rights_search.errors import QueryError
from rights_search.query.nodes import (
    Derived,
    Fuzzy,
    Prefix,
    Span,
    TermLeaf,
    Transcription,
    Word,
)
from rights_search.words import transcription
from rights_search.words.inflection import rules_for
from rights_search.words.inflection.rules import Rules
from rights_search.words.scripts import script_of

MAX_EXPANSIONS = 2000
"""Most terms that one prefix or fuzzy word may stand for."""

_SCANS_ON_DISK = 200
"""Prefixes of a field that are looked up on disk before all its terms are read: a
single query is answered sooner without them, a long session with them."""

Languages: TypeAlias = frozenset[str | None] | None
"""The languages in whose posts a form answers; None for all."""

Dictionary: TypeAlias = Callable[[str, str], Sequence[str]]
"""Field, prefix → the terms of the field that start so, in order; some may be deleted."""


class Vocabulary:
    """The terms of an index, asked for by what they have in common."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._all: dict[str, tuple[str, ...]] = {}
        self._scans: Counter[str] = Counter()

    def forms(
        self, leaf: TermLeaf, field: str, languages: Callable[[], frozenset[str | None]]
    ) -> Mapping[str, Languages]:
        """Return the terms of a field that answer a leaf → the languages in which they do.

        Args:
            leaf: what is asked for.
            field: the text field.
            languages: gives the languages of the posts in the index; few leaves need them.

        Raises:
            QueryError: if they are more than `MAX_EXPANSIONS`.
        """
        match leaf:
            case Word(term, exact=True):
                return {term: None}
            case Word(term):
                return self._family(term, field, languages())
            case Derived(term):
                return self._derived(term, field, languages())
            case Transcription():
                return dict.fromkeys(self._transcribed(leaf, field))
            case Prefix():
                return dict.fromkeys(self._prefixed(leaf, field))
            case Fuzzy():
                return dict.fromkeys(self._similar(leaf, field))

    def _family(
        self, term: str, field: str, languages: frozenset[str | None]
    ) -> dict[str, Languages]:
        """Return the forms of a word → the languages in whose posts they are its forms.

        Args:
            term: the word as analysed; it always answers itself, in every language.
            field: the text field.
            languages: the languages of the posts in the index.
        """
        forms: dict[str, Languages] = {term: None}
        for rules, speaking in _rules_of(term, languages).items():
            for form in self._related(term, field, rules):
                if form != term:
                    forms[form] = (forms.get(form) or frozenset()) | speaking
        return {
            form: None if allowed is not None and allowed >= languages else allowed
            for form, allowed in forms.items()
        }

    def _derived(
        self, term: str, field: str, languages: frozenset[str | None]
    ) -> dict[str, Languages]:
        """Return the forms that share a root with ``term`` → the languages in which they do."""
        from rights_search.words import derivation  # noqa: PLC0415 - a mode of its own

        forms: dict[str, Languages] = {}
        for language in languages:
            shared = derivation.root(term, language)
            if shared is None:
                continue
            for form in self.starting(derivation.start(shared, language), field):
                if derivation.is_derived(form, term, language):
                    forms[form] = (forms.get(form) or frozenset()) | {language}
        return forms

    def _transcribed(self, leaf: Transcription, field: str) -> tuple[str, ...]:
        """Return the terms that transcribe the leaf's term."""
        starts = transcription.lookups(leaf.term, loose=leaf.loose)
        found = dict.fromkeys(form for start in starts for form in self.starting(start, field))
        return tuple(
            form
            for form in found
            if transcription.is_transcription(form, leaf.term, loose=leaf.loose)
        )

    def _prefixed(self, leaf: Prefix, field: str) -> tuple[str, ...]:
        """Return the terms that start with a prefix.

        Raises:
            QueryError: if they are more than `MAX_EXPANSIONS`.
        """
        found: list[str] = []
        for term in self.starting(leaf.prefix, field):
            found.append(term)
            if len(found) > MAX_EXPANSIONS:
                raise too_many(f"{leaf.prefix}*", leaf.span)
        return tuple(found)

    def _similar(self, leaf: Fuzzy, field: str) -> tuple[str, ...]:
        """Return the terms within the leaf's distance of its term.

        Raises:
            QueryError: if they are more than `MAX_EXPANSIONS`.
        """
        from rapidfuzz.distance import OSA  # noqa: PLC0415 - only fuzzy words need it

        limit = leaf.distance
        found = tuple(
            term
            for term in self.terms(field)
            if abs(len(term) - len(leaf.term)) <= limit
            and OSA.distance(leaf.term, term, score_cutoff=limit) <= limit
        )
        if len(found) > MAX_EXPANSIONS:
            raise too_many(f"{leaf.term}~{limit}", leaf.span)
        return found

    def starting(self, prefix: str, field: str) -> Sequence[str]:
        """Return the terms of a field that start with ``prefix``, in order."""
        self._scans[field] += 1
        if field not in self._all and self._scans[field] <= _SCANS_ON_DISK:
            return self._dictionary(field, prefix)
        known = self.terms(field)
        first = bisect_left(known, prefix)
        last = bisect_left(known, f"{prefix}\U0010ffff", first)
        return known[first:last]

    def terms(self, field: str) -> tuple[str, ...]:
        """Return every term of a field, in order."""
        if field not in self._all:
            self._all[field] = tuple(self._dictionary(field, ""))
        return self._all[field]

    def _related(self, term: str, field: str, rules: Rules) -> Iterable[str]:
        stem = rules.stem(term)
        prefixes, irregular = rules.lookups(stem)
        seen = dict.fromkeys(irregular)
        for prefix in prefixes:
            seen.update(dict.fromkeys(self.starting(prefix, field)))
        return (form for form in seen if rules.stem(form) == stem)


def too_many(what: str, span: Span) -> QueryError:
    """Return the error for a word that stands for too many terms; the query comes later."""
    reason = f"'{what}' stands for more than {MAX_EXPANSIONS:,} words; give more letters"
    return QueryError("", *span, reason)


def _rules_of(term: str, languages: frozenset[str | None]) -> dict[Rules, frozenset[str | None]]:
    """Return the rules that inflect ``term`` → the languages that follow them."""
    script = script_of(term)
    speaking: dict[Rules, frozenset[str | None]] = {}
    for language in languages:
        rules = rules_for(language, script)
        if rules is not None:
            speaking[rules] = speaking.get(rules, frozenset()) | {language}
    return speaking
