"""Compile the terms of a vocabulary, a language at a time, when first needed."""

from __future__ import annotations

from functools import lru_cache

from rights_search.tagging.lexicon import Lexicon
from rights_search.tagging.term_patterns import patterns
from rights_search.vocabulary.vocabulary import Vocabulary, terms


@lru_cache(maxsize=16)
def lexicon(vocabulary: Vocabulary, language: str) -> Lexicon:
    """Return the compiled terms of one language.

    What a term shows is a number: that of a theme in the vocabulary's order, or of a
    group, counted on from the last theme.

    Raises:
        ValueError: if the vocabulary has no terms in that language.
    """
    items = [*(("theme", item.id) for item in vocabulary.themes)]
    items += [("group", item.id) for item in vocabulary.groups]
    numbers = {item: number for number, item in enumerate(items)}
    listed = terms(vocabulary, language)
    # Strong terms come last, so that they overwrite weak ones.
    written = [
        (term, numbers[entry.kind, entry.id], is_strong)
        for is_strong in (False, True)
        for entry in listed.entries
        for term in (entry.strong if is_strong else entry.weak)
    ]
    return Lexicon(patterns(language, written, listed.masks))
