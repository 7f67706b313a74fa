"""What is asked of an index, chosen by how often words stand in its posts."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise
from pathlib import Path

from benchmarks.contenders.protocol import Question, records
from rights_search.analysis import terms

VARIANTS = 5
"""Questions of each kind, each of other words, since programs keep what they looked up."""

_TELLING_CHARS = 5
"""A shorter word may be on a list of stop words."""

_SAMPLE = 5000
"""So many posts are looked at."""


def questions(posts: Path) -> list[Question]:
    """Return what is asked of an index of these posts, the kinds one after the other."""
    held, pairs, countries, count = _counted(posts)
    common = [word for word, of in held.most_common() if of < count * 0.5][: VARIANTS + 4]
    rare = [word for word, of in held.most_common() if of <= max(2, count // 1000)]
    phrases = [pair for pair, _ in pairs.most_common(VARIANTS)]
    country = [name for name, _ in countries.most_common(VARIANTS)]
    return [
        question
        for n in range(VARIANTS)
        for word in [common[n]]
        for question in (
            Question("common", (word,)),
            Question("rare", (rare[n % len(rare)],)),
            Question("and of 2", tuple(common[n : n + 2])),
            Question("or of 2", tuple(common[n : n + 2]), "or"),
            Question("or of 5", tuple(common[n : n + 5]), "or"),
            Question("phrase", phrases[n % len(phrases)], "phrase"),
            Question("prefix", (word[: max(4, len(word) - 2)],), "prefix"),
            Question("fuzzy", (word,), "fuzzy"),
            Question("filter", (word,), country=country[n % len(country)]),
            Question("facets", (word,), facets=True),
            Question("snippets", (word,), snippets=True),
        )
    ]


def _counted(
    posts: Path,
) -> tuple[Counter[str], Counter[tuple[str, str]], Counter[str], int]:
    """Return in how many posts words stand, how often pairs do, countries, and how many posts."""
    held: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    countries: Counter[str] = Counter()
    count = 0
    for record in islice(records(posts), _SAMPLE):
        words = terms(record["text"])
        held.update(filter(_is_telling, set(words)))
        pairs.update(pair for pair in pairwise(words) if all(map(_is_telling, pair)))
        countries.update(record["country"])
        count += 1
    return held, pairs, countries, count


def _is_telling(word: str) -> bool:
    """Tell whether every program takes a word for one: some leave out what stands everywhere."""
    return word.isascii() and word.isalpha() and len(word) >= _TELLING_CHARS
