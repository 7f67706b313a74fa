"""A place in any language → every name under which posts may have it."""

from __future__ import annotations

from rights_search.geography import places
from rights_search.query.nodes import Leaf, Phrase, Synonyms, Word


def with_other_names(typed: Word | Phrase) -> Word | Phrase | Synonyms:
    """Return a place's name with its names in other languages beside it.

    ``place:Чечня`` and ``place:Chechnya`` so find the same posts. What is no known
    name, or has a distance, stays alone.
    """
    if isinstance(typed, Phrase) and typed.slop is not None:
        return typed
    words = (typed.term,) if isinstance(typed, Word) else typed.terms
    others: dict[Leaf, None] = {}
    for place in places.find(words):
        for form in place.forms:
            if form != words:
                others[_leaf(form, typed, place.name)] = None
    return Synonyms((typed, *others), typed.span) if others else typed


def _leaf(form: places.Terms, typed: Word | Phrase, name: str) -> Word | Phrase:
    if len(form) == 1:
        return Word(form[0], typed.field, typed.exact, typed.boost, name, typed.span)
    return Phrase(form, typed.field, None, typed.exact, typed.boost, name, typed.span)
