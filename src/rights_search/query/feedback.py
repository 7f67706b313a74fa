"""Relevance feedback: what the best answers so far have in common is asked for too.

The relevance model of Lavrenko and Croft (2001), as RM3 mixes it with the query: the
words of the first answers, weighted by how often they stand there and how good the
answer is. The rarity of a word counts too, since our scores are not probabilities.
Feedback changes the order alone, never what matches.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from rights_search import fields
from rights_search.analysis import terms
from rights_search.post import Post
from rights_search.query.function_words import FUNCTION_WORDS
from rights_search.query.nodes import Derived, Leaf, Preference, Synonyms, Word
from rights_search.query.tuning import TUNED, Tuning
from rights_search.words import derivation

MAX_POST_TERMS = 2000
"""Tokens of one post that are read: what a long one is about stands at its start."""

MAX_WORDS = 30_000
"""Different words that the answers of one search may have: a hundred long reports have half of
that, and a post may be filled with made-up ones."""

_FIELDS = ("title", "body")

Roots: TypeAlias = dict[tuple[str, str | None], str]
"""Term and language → root."""


@dataclass(frozen=True, slots=True)
class Bag:
    """The words of a post by their root.

    Args:
        counts: root → occurrences, function words left out.
        forms: root → its most frequent form.
        length: number of tokens read.
    """

    counts: Mapping[str, int]
    forms: Mapping[str, str]
    length: int


def bag(post: Post, known: Roots | None = None) -> Bag:
    """Return the words of a post's title and body by their root.

    Args:
        post: the post.
        known: the roots of the words of posts read before, to which new ones are added; where
            they are `MAX_WORDS`, words that are not among them are left out.
    """
    roots: Roots = {} if known is None else known
    texts = (text for name in _FIELDS for text in fields.BY_NAME[name].values(post))
    found = Counter(islice((term for text in texts for term in terms(text)), MAX_POST_TERMS))
    counts: Counter[str] = Counter()
    forms: dict[str, str] = {}
    for term, count in found.most_common():
        if term in FUNCTION_WORDS:
            continue
        shared = roots.get((term, post.language))
        if shared is None:
            if len(roots) >= MAX_WORDS:
                continue
            shared = derivation.root(term, post.language) or term
            roots[term, post.language] = shared
        counts[shared] += count
        forms.setdefault(shared, term)
    return Bag(counts, forms, found.total())


def feedback(
    answers: Sequence[tuple[Bag, float]],
    rarity: Mapping[str, float],
    words: float,
    tuning: Tuning = TUNED,
) -> tuple[Preference, ...]:
    """Return what the first answers of a search add to it.

    Args:
        answers: bag and score of each, the best first.
        rarity: form → inverse document frequency.
        words: the weight of the query's own words in all.
        tuning: how many words there are, and what they weigh.
    """
    top = answers[0][1] if answers else 0.0
    if not top:
        return ()
    weights: dict[str, float] = defaultdict(float)
    forms: dict[str, str] = {}
    for words_of, score in answers:
        share = (score / top) ** tuning.score_power / words_of.length**tuning.length_power
        for shared, count in words_of.counts.items():
            weights[shared] += share * count
            forms.setdefault(shared, words_of.forms[shared])
    for shared, form in forms.items():
        weights[shared] *= rarity.get(form, 0.0) ** tuning.rarity_power
    ranked = sorted(weights, key=lambda shared: (-weights[shared], shared))
    best = ranked[: tuning.feedback_terms]
    whole = sum(weights[shared] for shared in best)
    share = tuning.feedback_share
    factor = words * share / (1 - share) / whole if whole else 0.0
    return tuple(
        Preference(Synonyms(_leaves(forms[shared])), factor * weights[shared], "feedback")
        for shared in best
        if weights[shared]
    )


def _leaves(form: str) -> tuple[Leaf, ...]:
    return tuple(kind(form, field) for field in _FIELDS for kind in (Word, Derived))


def forms_of(bags: Iterable[Bag]) -> tuple[str, ...]:
    """Return the distinct forms of several bags, in order."""
    return tuple(dict.fromkeys(form for each in bags for form in each.forms.values()))
