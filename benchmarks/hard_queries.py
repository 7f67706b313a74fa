"""Queries that ask for much work: what tests run, and what the benchmark times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rights_search.query.parser import MAX_CLAUSES, MAX_DEPTH, MAX_PATTERNS

PARSED = {
    "words": "torture and prison in Egypt ",
    "alternatives": "a OR ",
    "negations": "-",
    "opening parentheses": "(",
    "closing parentheses": ")",
    "quotes": '"',
    "phrases": '"a b" ',
    "backslashes": "\\",
    "fields": "title:",
    "values": "country:RU,",
    "nearness": "a near:5 ",
    "weighted groups": "((a)^2)^3",
    "ideographs": "人",
    "marks": "e\u0301",
    "invisible signs": "\u200b\u202e",
}
"""What a query of 20,000 characters may be made of."""


def hard_queries(common: Sequence[str], rare: Sequence[str]) -> Mapping[str, str]:
    """Return queries at the limits of the language.

    Args:
        common: the most frequent words of an index, at least six.
        rare: other words of it, the more the harder.
    """
    words = [rare[number % len(rare)] for number in range(MAX_CLAUSES)]
    stretched = [common[number % len(common)] for number in range(MAX_CLAUSES)]
    patterns = words[:MAX_PATTERNS]
    group = f"({' OR '.join(common[:6])})"
    return {
        "a thousand words": " ".join(words),
        "a thousand ORs": " OR ".join(words),
        "a thousand common ORs": " OR ".join(stretched),
        "a thousand negations": " ".join(f"-{word}" for word in words),
        "a phrase of a thousand words": f'"{" ".join(stretched)}"',
        "a thousand words within 9999": f'"{" ".join(stretched)}"~9999',
        "phrases of common words": " ".join(f'"{a} {b}"' for a in common[:4] for b in common[:4]),
        "six common words, close": " near:1 ".join(common[:6]),
        "six common words, far": " near:9999 ".join(common[:6]),
        "three groups, close": f"{group} near:2 {group} near:2 {group}",
        "fifty misspellings": " OR ".join(f"{word}~2" for word in patterns),
        "fifty short misspellings": " OR ".join(f"{word[:4]}~2" for word in patterns),
        "fifty beginnings": " OR ".join(f"{word[:3]}*" for word in patterns),
        "a beginning of one letter": f"{common[0][:1]}*",
        "groups in groups": "(" * MAX_DEPTH + " OR ".join(words[:300]) + ")^2" * MAX_DEPTH,
        "no word": '* ~ ^ ( ) - " :',
    }
