"""Posts of random words, for tests that compare searches with plain Python."""

from __future__ import annotations

import random
from collections.abc import Sequence

from rights_search.post import PartialDate, Post, Provenance, Tag

# Few words, so that random queries meet random posts; several languages, so that
# the same form belongs to different families in different posts.
WORDS = (
    "torture tortured tortures arrest arrested women woman right rights to life the of "
    "prison prisons minority minor terror terrorism chechnya gay men police policing "
    "prisonnier prisonniers arretee detenido detenidas prision prisiones "
    "navalny khodorkovskii khodorkovsky mohammed muhammad"
).split()
CYRILLIC = (
    "пытка пытки пыткам чечня чечне права человека арест ареста навального ходорковский".split()
)
ARABIC = "التعذيب تعذيب والتعذيب حقوق الحقوق الشيشان محمد الكرملين".split()
# Words with signs in them, and scripts that are written without spaces.
ODD = (
    "U.S. US l'état d'arrêt Türkiye e-mail 人权 中国人权 人 ไทย ni\u200bño Ёлка 12:30 "
    "re\u0301sume\u0301 ½"
).split()
LANGUAGES = ("en", "fr", "es", "ru", "ar", "de", None)
COUNTRIES = ("RU", "UA", "TR", "XK")
THEMES = ("torture", "detention", "lgbti")
PEOPLE = ("children", "journalists", "women")
PLACES = ("Chechnya", "Xinjiang", "London")
DATES = (None, "2013", "2014", "2014-02", "2014-02-28", "2014-03-01", "2019-09-19", "1948-12-10")


def make_post(number: int, rng: random.Random, path: str) -> Post:
    """Return a random post."""

    def words(most: int) -> str:
        pool = rng.choice((WORDS, WORDS, CYRILLIC, ARABIC, ODD))
        return " ".join(rng.choices(pool, k=rng.randint(0, most)))

    def tags(values: Sequence[str]) -> tuple[Tag, ...]:
        return tuple(Tag(value, ()) for value in rng.sample(values, rng.randint(0, 2)))

    date = rng.choice(DATES)
    return Post(
        id=f"{number:012x}",
        title=words(5),
        title_derived=rng.random() < 0.2,
        paragraphs=tuple(words(12) for _ in range(rng.randint(0, 3))),
        captions=tuple(words(4) for _ in range(rng.randint(0, 2))),
        authors=tuple(words(2) for _ in range(rng.randint(0, 1))),
        calls_to_action=(words(2),),
        role=rng.choice((words(2), None)),
        organisation=rng.choice((words(2), None)),
        place=rng.choice(("Лондон", "near Tokyo", None)),
        provenance=Provenance(path, "0" * 64, "random"),
        date=None if date is None else PartialDate(date),
        language=rng.choice(LANGUAGES),
        source=rng.choice(("one", "Two Wörds", "TWO-WORDS", None)),
        url=rng.choice(("https://example.org/torture", "…", None)),
        countries=tags(COUNTRIES),
        mentions=tags(COUNTRIES),
        themes=tags(THEMES),
        groups=tags(PEOPLE),
        places=tags(PLACES),
    )
