"""Posts that nobody wrote, for sizes of which there is no real archive.

Their words follow Zipf's law over a vocabulary that keeps growing (Heaps' law): the most
frequent are those of English and of the subject, the others are made, with English endings.
Lengths are log-normal, as in real press archives; countries, years and themes have the skew
that these have, and a text names its country. The same seed gives the same posts.
"""

from __future__ import annotations

import gzip
import json
import math
import os
import random
from collections.abc import Iterator
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

REAL = Path(__file__).resolve().parent.parent.parent / "shared/data/freedomhouse-en.jsonl.gz"

Record = dict[str, Any]
"""``id``, ``title``, ``text``, ``date``, ``country`` (names) and ``themes`` (ids)."""

_FREQUENT = (
    "the of and to in a that for on was were by with is from at as it be said his has not have who "
    "their which been are an its or but after they this he had her against more also under other "
    "into one all no over would when between those during since any there such only before "
    "she about while through out some two what where will may can could most first should them "
    "rights human government police prison court people women security state international "
    "arrested authorities detention members military journalists law country national political "
    "report freedom torture killed without trial violence activists groups leaders forces city "
    "reported children families protest charges workers released officials president villages "
    "minister lawyers students media prisoners custody years organisation opposition expression "
    "detained evidence support public local former justice newspaper victims sentenced protests "
    "investigation access religious independent refugees attacks schools hospital elections "
    "witnesses published soldiers community minority peaceful criminal appeal border imprisoned "
    "hearing abuses meetings constitution indigenous demonstrators treatment parliament judges "
    "beaten editor union speech commission radio convicted threatened prosecutor moratorium"
).split()
_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "is")]
_ENDINGS = ("", "s", "ed", "ing", "ly")
_COUNTRIES = (
    "Russia", "Egypt", "China", "Iran", "Mexico", "Syria", "India", "Turkey", "Nigeria", "Brazil",
    "Sudan", "Ukraine", "Myanmar", "Colombia", "Ethiopia", "Belarus", "Kenya", "Peru", "Nepal",
    "Chad",
)  # fmt: skip
_THEMES = (
    "freedom-of-expression", "torture", "fair-trial", "death-penalty", "freedom-of-assembly",
    "womens-rights", "minorities", "elections-governance", "privacy", "education",
)  # fmt: skip
_SENTENCE = 14
_LONG_AGO = 1_500_000_000
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


def made(seed: int = 1, *, median_words: int = 180) -> Iterator[Record]:
    """Yield made posts without end."""
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    vocabulary: list[str] = []
    written = 0
    country_weights = list(accumulate(1 / (rank + 1) for rank in range(len(_COUNTRIES))))
    number = 0
    while True:
        length = max(20, int(rng.lognormvariate(math.log(median_words), 0.8)))
        known = int(_GROWTH * (written + length) ** _EXPONENT)
        while len(vocabulary) < known:
            vocabulary.append(_word(len(vocabulary)))
        # Zipf: the rank of a word is about exponential of an even number.
        top = math.log(len(vocabulary))
        words = [vocabulary[int(math.exp(rng.random() * top)) - 1] for _ in range(length)]
        written += length
        year = max(1948, int(2024 - rng.expovariate(0.15)))
        country = rng.choices(_COUNTRIES, cum_weights=country_weights)[0]
        for _ in range(rng.randint(0, 4)):
            words[rng.randrange(length)] = country
        yield {
            "id": f"m{number}",
            "title": next(_sentences(words[:7])),
            "text": ". ".join(_sentences(words)),
            "date": f"{year:04}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
            "country": [country],
            "themes": rng.sample(_THEMES, rng.randint(1, 3)),
        }
        number += 1


def _sentences(words: list[str]) -> Iterator[str]:
    for start in range(0, len(words), _SENTENCE):
        sentence = " ".join(words[start : start + _SENTENCE])
        yield sentence[0].upper() + sentence[1:]


def _word(rank: int) -> str:
    """Return the word of a rank: short for low ranks, as in languages."""
    if rank < len(_FREQUENT):
        return _FREQUENT[rank]
    number, ending = divmod(rank - len(_FREQUENT), len(_ENDINGS))
    base = len(_SYLLABLES)
    parts = [_SYLLABLES[number % base]]
    while number := number // base:
        parts.append(_SYLLABLES[number % base])
    return "".join(parts) + _ENDINGS[ending]


def holds_real(count: int) -> bool:
    """Tell whether there are so many real posts."""
    return REAL.is_file() and sum(1 for _ in islice(real(), count)) == count


def write(path: Path, count: int, *, is_made: bool, skip: int = 0) -> None:
    """Write posts as JSON Lines.

    Args:
        path: the file.
        count: how many.
        is_made: True for made ones, False for real ones.
        skip: how many to leave out first.
    """
    with path.open("w", encoding="utf-8") as out:
        for record in islice(made() if is_made else real(), skip, skip + count):
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
    age(path)


def age(path: Path) -> None:
    """Let a file be old: that one which has just been written did not change is not trusted."""
    os.utime(path, (_LONG_AGO, _LONG_AGO))
