"""Posts that nobody wrote, for sizes of which there is no real archive.

Their words follow Zipf's law over a vocabulary that keeps growing (Heaps' law), their
lengths are log-normal, as in real press archives; countries, years and themes have the
skew that these have. The same seed gives the same posts.
"""

from __future__ import annotations

import gzip
import json
import math
import random
from collections.abc import Iterator
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

REAL = Path(__file__).resolve().parent.parent.parent / "shared/data/freedomhouse-en.jsonl.gz"

Record = dict[str, Any]
"""``id``, ``title``, ``text``, ``date``, ``country`` (names) and ``themes`` (ids)."""

_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "is")]
_COUNTRIES = (
    "Russia", "Egypt", "China", "Iran", "Mexico", "Syria", "India", "Turkey", "Nigeria", "Brazil",
    "Sudan", "Ukraine", "Myanmar", "Colombia", "Ethiopia", "Belarus", "Kenya", "Peru", "Nepal",
    "Chad",
)  # fmt: skip
_THEMES = (
    "freedom-of-expression", "torture", "fair-trial", "death-penalty", "freedom-of-assembly",
    "womens-rights", "minorities", "elections-governance", "privacy", "education",
)  # fmt: skip
_GROWTH, _EXPONENT = 30.0, 0.55
"""Heaps: after n words there are `_GROWTH` · n ** `_EXPONENT` different ones."""


def real() -> Iterator[Record]:
    """Yield the country texts of ``../shared/data``, where they stand beside the checkout."""
    with gzip.open(REAL, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            record = json.loads(line)
            yield {
                "id": f"r{number}",
                "title": record["title"],
                "text": record["text"],
                "date": record["date"],
                "country": record["country"],
                "themes": [_THEMES[number % 10]],
            }


def made(seed: int = 1) -> Iterator[Record]:
    """Yield made posts without end."""
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    vocabulary: list[str] = []
    written = 0
    country_weights = list(accumulate(1 / (rank + 1) for rank in range(len(_COUNTRIES))))
    number = 0
    while True:
        length = max(20, int(rng.lognormvariate(math.log(180), 0.8)))
        known = int(_GROWTH * (written + length) ** _EXPONENT)
        while len(vocabulary) < known:
            vocabulary.append(_word(len(vocabulary)))
        # Zipf: the rank of a word is about exponential of an even number.
        top = math.log(len(vocabulary))
        words = [vocabulary[int(math.exp(rng.random() * top)) - 1] for _ in range(length)]
        written += length
        year = int(2024 - rng.expovariate(0.15))
        yield {
            "id": f"m{number}",
            "title": " ".join(words[:7]).capitalize(),
            "text": ". ".join(
                " ".join(words[start : start + 14]).capitalize() for start in range(0, length, 14)
            ),
            "date": f"{year:04}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
            "country": rng.choices(_COUNTRIES, cum_weights=country_weights, k=1),
            "themes": rng.sample(_THEMES, rng.randint(1, 3)),
        }
        number += 1


def _word(number: int) -> str:
    """Return the word of a rank: short for low ranks, as in languages."""
    base = len(_SYLLABLES)
    parts = [_SYLLABLES[number % base]]
    while number >= base:
        number //= base
        parts.append(_SYLLABLES[number % base])
    return "".join(parts)


def write(path: Path, count: int, *, is_made: bool, skip: int = 0) -> None:
    """Write posts as JSON Lines.

    Args:
        path: the file.
        count: how many.
        is_made: True for made ones; else real ones, as often as needed with other ids.
        skip: how many to leave out first.
    """
    source = made() if is_made else _again()
    with path.open("w", encoding="utf-8") as out:
        for record in islice(source, skip, skip + count):
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def _again() -> Iterator[Record]:
    """Yield the real posts over and over; later rounds swap paragraphs' sentences."""
    posts = list(real())
    rng = random.Random(1)  # noqa: S311 - repeatable on purpose
    yield from posts
    for turn in range(1, 1000):
        for post in posts:
            sentences = post["text"].split(". ")
            rng.shuffle(sentences)
            yield {
                **post,
                "id": f"{post['id']}-{turn}",
                "title": f"{post['title']} ({turn})",
                "text": ". ".join(sentences),
            }
