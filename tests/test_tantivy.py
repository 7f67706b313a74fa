"""What is Tantivy's own: its files, its bounds, and where its ranking stays near ours."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, get_args

import pytest

from random_posts import make_post
from rights_search import Archive, IndexUnavailableError, fields
from rights_search.analysis import terms
from rights_search.engines import tantivy as engine
from rights_search.engines.tantivy import compiling
from rights_search.engines.tantivy.reader import Reader
from rights_search.engines.tantivy.schema import (
    NUMBER,
    prepare,
    rules_name,
    stem_term,
    stems,
    values,
    words,
)
from rights_search.errors import QueryError
from rights_search.post import Post
from rights_search.query.nodes import Everything, Node, Phrase, Word
from rights_search.words.inflection import rules_by_language, rules_for
from rights_search.words.scripts import Script


def some_posts(count: int, first: int = 0) -> list[Post]:
    """Return random posts, each of a file of its own."""
    rng = random.Random(first)
    return [make_post(number, rng, f"{number}.txt") for number in range(first, first + count)]


def fill(handle: Any, posts: list[Post]) -> None:
    """Add posts in one commit."""
    writer = engine.writer(handle)
    for post in posts:
        writer.add(post)
    writer.commit()


def count(handle: Any, node: Node) -> int:
    """Return how many posts of the newest commit match."""
    snapshot = engine.snapshot(handle)
    return snapshot.search(node, sort="relevance", limit=0, offset=0, facets=()).total


def test_a_snapshot_stays_as_it_was(tmp_path: Path) -> None:
    """A later commit, and the merge of its segments, do not change what was opened before."""
    handle = engine.create(tmp_path)
    fill(handle, some_posts(30))
    before = engine.snapshot(handle)
    for start in range(30, 90, 5):
        fill(handle, some_posts(5, start))
    assert before.post_count() == 30
    assert engine.snapshot(handle).post_count() == 90
    assert (before.generation, handle.latest_generation()) == (1, 13)


def test_many_small_commits_leave_few_segments(tmp_path: Path) -> None:
    """Segments are merged before a commit returns, so that their number stays small."""
    handle = engine.create(tmp_path)
    for number in range(60):
        fill(handle, some_posts(1, number))
    assert engine.snapshot(handle).post_count() == 60
    assert handle.searcher().num_segments < 30


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    """The message says that another process is writing; after a cancel the way is free."""
    handle = engine.create(tmp_path)
    writer = engine.writer(handle)
    with pytest.raises(IndexUnavailableError, match="another process is writing"):
        engine.writer(engine.open(tmp_path))
    writer.add(some_posts(1)[0])
    writer.cancel()
    fill(engine.open(tmp_path), some_posts(2))
    assert count(handle, Everything()) == 2


DIES = """
import os, sys
from pathlib import Path
from rights_search.engines import tantivy as engine
sys.path.insert(0, sys.argv[2])
from test_tantivy import some_posts
writer = engine.writer(engine.open(Path(sys.argv[1])))
for post in some_posts(40, 100):
    writer.add(post)
writer.delete_source("3.txt")
if sys.argv[3] == "after":
    writer.commit()
os._exit(9)
"""


@pytest.mark.parametrize(("moment", "posts"), [("before", 10), ("after", 49)])
def test_a_writer_that_dies_leaves_the_old_or_the_new(
    tmp_path: Path, moment: str, posts: int
) -> None:
    """Its lock goes with it, and what it had not committed is as if it had never been."""
    handle = engine.create(tmp_path)
    fill(handle, some_posts(10))
    here = str(Path(__file__).parent)
    done = subprocess.run([sys.executable, "-c", DIES, str(tmp_path), here, moment], check=False)
    assert done.returncode == 9
    assert count(handle, Everything()) == posts
    fill(engine.open(tmp_path), some_posts(1, 900))
    assert count(handle, Everything()) == posts + 1


@pytest.mark.parametrize("suffix", [".store", ".idx", ".term", ".fast", "meta.json"])
def test_a_damaged_file_is_found(tmp_path: Path, suffix: str) -> None:
    """Verifying names the file, or the index cannot be opened at all."""
    handle = engine.create(tmp_path)
    fill(handle, some_posts(30))
    assert [part for part, _ in engine.verify(handle)] == ["contents", "checksums"]
    path = next((tmp_path / "MAIN.tantivy").glob(f"*{suffix}"))
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(IndexUnavailableError, match=r"damaged.*--rebuild"):
        list(engine.verify(engine.open(tmp_path)))


def test_what_tantivy_quotes_is_cut(tmp_path: Path) -> None:
    """Of a table that is cut short it quotes all that is left; ours is a line to be read."""
    index = engine.create(tmp_path)
    table = tmp_path / "MAIN.tantivy" / "meta.json"
    table.write_bytes(table.read_bytes()[:-50])
    with pytest.raises(IndexUnavailableError, match="damaged") as refused:
        index.searcher()
    assert len(refused.value.reason) < 500


def test_an_index_of_another_version_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other rules for stems are other fields, and the message says what to do."""
    engine.create(tmp_path)
    monkeypatch.setattr("rights_search.words.inflection.VERSION", 999)
    with pytest.raises(IndexUnavailableError, match=r"another version.*--rebuild"):
        engine.open(tmp_path)


def test_what_would_take_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three words near each other are looked up post by post, up to a bound."""
    monkeypatch.setattr(compiling, "MAX_LOOKED_UP", 3)
    handle = engine.create(None)
    posts = [
        Post(f"{n:012x}", "", ("the right to life",), some_posts(1)[0].provenance) for n in range(5)
    ]
    fill(handle, posts)
    assert count(handle, Phrase(("right", "life"), None, 2)) == 5
    with pytest.raises(QueryError, match="More than 3 posts"):
        count(handle, Phrase(("right", "to", "life"), None, 2))


def test_pieces_of_a_text_give_the_terms_of_the_text() -> None:
    """Signs alone give none, some pieces several, and one that came before gives the same."""
    body = ("The U.S. – and l'État’s “prisoners”; prisoners", "人权 1/2 ... --", "x" * 300)
    post = replace(make_post(1, random.Random(1), "a"), paragraphs=body, language="en")
    found = [term for text in body for term in terms(text)]
    for prepared in (prepare(post), prepare(post)):
        assert prepared[words("body")] == " ".join(found)
        assert prepared[stems("body")] == " ".join(stem_term(term, "en") for term in found)


def test_languages_have_one_name_if_they_inflect_every_script_alike() -> None:
    """What stands before a stem keeps words apart of which other words are inflections."""
    scripts = get_args(Script)
    known = [language for script in scripts for language in rules_by_language(script)]
    languages = [None, "pl", "bg", "zh", *known]
    rules = {each: tuple(rules_for(each, script) for script in scripts) for each in languages}
    for one, other in combinations(languages, 2):
        is_one = rules_name(one) == rules_name(other)
        assert is_one == (rules[one] == rules[other]), (one, other)


def test_the_title_weighs_more(tmp_path: Path) -> None:
    """A word in the title ranks a post above one that has it in its body alone."""
    (tmp_path / "posts.jsonl").write_text(
        '{"title": "A verdict", "text": "The strike of the miners ended."}\n'
        '{"title": "The strike", "text": "Of the miners it is said to have ended."}\n',
        encoding="utf-8",
    )
    with Archive.create(None, engine="tantivy") as archive:
        archive.sync(tmp_path)
        assert [hit.post.title for hit in archive.search("strike")] == ["The strike", "A verdict"]


def test_a_family_is_one_term(tmp_path: Path) -> None:
    """Inflections find each other, each in the language of its post."""
    del tmp_path
    handle = engine.create(None)
    fill(handle, some_posts(60))
    snapshot = engine.snapshot(handle)
    inflected, exact = (
        snapshot.search(Word("prison", exact=is_exact), sort="relevance", limit=60, offset=0,
                        facets=()).total
        for is_exact in (False, True)
    )  # fmt: skip
    assert inflected > exact > 0


class Strict:
    """A searcher that counts over few posts at once, as Tantivy does with a million."""

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher
        self.refused = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._searcher, name)

    def aggregate(self, query: Any, wanted: Any) -> Any:
        """Refuse more than seven posts."""
        if self._searcher.search(query, limit=1).count > 7:
            self.refused += 1
            raise ValueError("bucket limit was exceeded")
        return self._searcher.aggregate(query, wanted)


def test_values_of_many_posts_are_read_in_parts() -> None:
    """What Tantivy refuses to count at once is counted in halves, and gives the same."""
    handle = engine.create(None)
    posts = some_posts(40)
    fill(handle, posts)
    strict = Strict(handle.searcher())
    reader = Reader(strict, None)  # type: ignore[arg-type]
    found = reader.documents([post.id for post in posts])
    numbers = dict(zip(found, reader.column(NUMBER, list(found.values())), strict=True))
    columns = {name: values(name) for name in ("country", "year", "theme")}
    held = reader.holding([*numbers.values()], columns)
    assert strict.refused > 1
    for name in columns:
        expected: dict[str, set[int]] = {"": set()}
        for post in posts:
            for value in fields.BY_NAME[name].values(post) or ("",):
                expected.setdefault(value, set()).add(numbers[post.id])
        assert held[name] == expected
