"""Queries of every kind of nonsense: an answer or a clear error, never anything else."""

from __future__ import annotations

import random
import sys
import unicodedata
from collections.abc import Iterator
from typing import get_args

import pytest

from benchmarks.hard_queries import PARSED, hard_queries
from fuzzing import examples
from random_posts import ARABIC, CYRILLIC, ODD, WORDS
from rights_search.archive import Archive
from rights_search.cli import output
from rights_search.cli.terminal import ASCII_GLYPHS
from rights_search.cli.views.explanation import explanation_view
from rights_search.cli.views.results import results_view
from rights_search.errors import QueryError
from rights_search.results import Mode

SIGNS = [
    *"()\"“”„«»-!+*~^:\\/,.&|<>=[]{}'#@%_ ", "\t", "\n", "\x00", "\u200b", "\u200d", "\u200e",
    "\u202e", "\u2066", "\ufeff", "\ud800", "\udfff", "\u0301", "\u0650", "😀", "\U0010ffff",
    " AND ", " OR ", " NOT ", "&&", "||", " near:3 ", " NEAR/2 ", " NEAR ", "^9", "^0.1", "~2",
    "..", "title:", "country:", "theme:", "group:", "date:", "year:", "lang:", "source:", "id:",
    "has:", "is:", "place:", "xyz:", "RU", "2014", "last-year", "none", "date:>", "(a+)+$", "%00",
    "\\0",
]  # fmt: skip
PIECES = [*WORDS[:10], *CYRILLIC[:3], *ARABIC[:3], *ODD, *SIGNS]
MODES: tuple[Mode, ...] = get_args(Mode)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Return an index of some posts in several languages."""
    folder = tmp_path_factory.mktemp("torture") / "corpus"
    folder.mkdir()
    rng = random.Random(1215)
    for number in range(30):
        pool = rng.choice((WORDS, CYRILLIC, ARABIC, ODD))
        words = " ".join(rng.choices(pool, k=60))
        text = f"---\ntitle: Post {number}\ndate: {1990 + number}\n---\n\n{words}\n"
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    with Archive.create(None) as made:
        made.sync(folder)
        yield made


def answer(archive: Archive, query: str, mode: Mode) -> str:
    """Return an answer and its explanation as they are printed, or the error."""
    try:
        results = archive.search(query, mode=mode, limit=2, facets=("country", "year"))
        explained = archive.explain(query, mode=mode)
    except QueryError as error:
        refused = error
        results = None
    if results is None:
        assert 0 <= refused.start < refused.end
        assert refused.reason
        return refused.pointer()
    assert results.is_relaxed or results.total == explained.total
    assert (explained.why_empty is None) or not explained.total
    blocks = [*results_view(results, ASCII_GLYPHS, why=True)]
    return "\n".join(output.plain([*blocks, *explanation_view(explained, ASCII_GLYPHS)]))


def nonsense(rng: random.Random) -> str:
    """Return a text of pieces of the language, of any characters, or of one of them."""
    match rng.randrange(4):
        case 0:
            return "".join(chr(rng.randrange(sys.maxunicode + 1)) for _ in range(rng.randrange(30)))
        case 1:
            return str(rng.choice(PIECES)) * rng.randrange(1, 200)
        case _:
            return "".join(rng.choices(PIECES, k=rng.randrange(1, 25)))


def test_nonsense_is_answered(archive: Archive) -> None:
    """Thousands of random texts, a hundred thousand under ``make torture``."""
    rng = random.Random(1789)
    for _ in range(examples(400)):
        query, mode = nonsense(rng), rng.choice(MODES)
        shown = answer(archive, query, mode)
        assert shown, ascii(query)


def scripts() -> list[str]:
    """Return letters of every script that Unicode has, some of each."""
    letters: dict[str, list[str]] = {}
    for code in range(0x80, 0x20000):
        name = unicodedata.name(chr(code), "")
        if unicodedata.category(chr(code))[0] in "LMN" and name:
            letters.setdefault(name.split()[0], []).append(chr(code))
    return ["".join(found[:: max(1, len(found) // 6)][:6]) for found in letters.values()]


def test_every_script_is_answered(archive: Archive) -> None:
    """Words in any script are looked for, alone, in quotes, by their beginning, spelt nearly so."""
    for word in scripts():
        for query in (word, f'"{word} {word}"', f"{word}*", f"{word}~", f"title:{word} near:2 a"):
            assert answer(archive, query, "default")


@pytest.mark.parametrize("mode", ["exact", "default"])
@pytest.mark.parametrize("name", hard_queries("abcdef", "a"))
def test_what_asks_for_much_is_answered(archive: Archive, name: str, mode: Mode) -> None:
    """Queries at the limits of the language are answered or refused."""
    common = "torture the right to life of".split()
    query = hard_queries(common, [*WORDS, *CYRILLIC, *ARABIC])[name]
    assert answer(archive, query, mode)


@pytest.mark.parametrize("unit", PARSED.values(), ids=PARSED)
def test_long_queries_are_answered(archive: Archive, unit: str) -> None:
    """Twenty thousand characters of anything are read, whatever becomes of them."""
    assert answer(archive, (unit * 20_000)[:20_000], "exact")
