"""A post that holds words thousands of times: a bounded number of its places is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import steps
from rights_search.analysis import tokenise
from rights_search.archive import Archive
from rights_search.post import Post, Provenance
from rights_search.query import analysed_post
from rights_search.query.analysed_post import AnalysedPost
from rights_search.query.matching import MAX_OCCURRENCES, find_occurrences
from rights_search.query.parser import parse
from rights_search.query.proximity import close_places
from rights_search.snippets import make_snippet

POST = Post("0" * 12, "Untitled", (), Provenance("a.txt", "0" * 64, "plain"), title_derived=True)
QUERIES = (
    "a", "a b", "a OR (b c)", '"a b"', '"a b"~2', "a near:2 b", 'near:1 (a "b c" a)', "b* c~1",
    '"a b c" OR a near:0 (b OR c)',
)  # fmt: skip


@given(
    st.sampled_from(QUERIES),
    st.lists(st.lists(st.sampled_from(["a", "b", "bc", "c", "x"]), max_size=20), max_size=4),
    st.integers(1, 12),
)
def test_what_is_left_out_is_said(query: str, paragraphs: list[list[str]], most: int) -> None:
    """With any bound, what is found is among all; finished parts have all of theirs."""
    post = AnalysedPost(replace(POST, paragraphs=tuple(map(" ".join, paragraphs))))
    node = parse(query).node
    every, some = find_occurrences(node, post), find_occurrences(node, post, most)
    assert not every.unfinished
    kept = set(some.found)
    assert kept <= set(every.found)
    left_out = {(each.leaf, each.field) for each in every.found if each not in kept}
    assert left_out <= some.unfinished


@given(st.lists(st.text("aé'. ñ中", max_size=30), max_size=3))
def test_tokens_stand_where_the_whole_text_has_them(texts: list[str]) -> None:
    """A long text is taken apart in pieces, and no token knows of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analysed_post, "_PIECE_CHARS", 5)
        post = AnalysedPost(replace(POST, paragraphs=tuple(texts)))
        found = post.tokens("body", range(len(post.terms("body"))))
    wanted = [(number, *each) for number, text in enumerate(texts) for each in tokenise(text)]
    assert [(t.value, t.term, t.start, t.end) for t in found] == [
        (number, term, start, end) for number, term, _, start, end in wanted
    ]


def test_a_rare_word_far_behind_is_shown_among_common_ones() -> None:
    """The passage is not always of the beginning; each form is found wherever it is."""
    text = f"{'torture of ' * MAX_OCCURRENCES}a torture in Elbonia of a prisoner, tortured"
    post = AnalysedPost(replace(POST, paragraphs=(text,)))
    found = find_occurrences(parse("torture elbonia").node, post)
    assert len(found.found) < MAX_OCCURRENCES + 100
    assert {leaf.term for leaf, _ in found.unfinished} == {"torture"}  # type: ignore[union-attr]
    assert "tortured" in {each.tokens[0].term for each in found.found}
    snippet = make_snippet(post, found.found)
    marked = {snippet.text[start:end] for start, end in snippet.spans}
    assert marked == {"torture", "Elbonia"}


def test_why_says_at_least(tmp_path: Path) -> None:
    """A count that stopped is told as such."""
    text = "torture " * (MAX_OCCURRENCES + 500) + "Elbonia"
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "post.txt").write_text(f"A post\n\n{text}\n")
    with Archive.create(tmp_path / "index") as archive:
        archive.sync(tmp_path / "corpus")
        (hit,) = archive.search("torture elbonia")
        (few,) = archive.search("elbonia")
    why = {each.words: each for each in hit.why if each.field == "body"}
    assert why["torture"].is_least
    assert 2 < why["torture"].count <= MAX_OCCURRENCES + 100
    assert (why["Elbonia"].count, why["Elbonia"].is_least) == (1, False)
    assert not any(each.is_least for each in few.why)


def test_only_what_stands_near_the_rarest_member_is_compared() -> None:
    """Of a word that stands there ten thousand times the few places that may be near are asked."""
    common = [(place, place + 1) for place in range(0, 20_000, 2)]
    rare = [(7, 8), (9_999, 10_000)]

    def work(members: list[list[tuple[int, int]]]) -> int:
        return steps(lambda: list(close_places(members, 3)))

    # The widest member is asked for once.
    assert work([common, rare]) < len(common) + 2000
    assert work([common, common[: len(common) // 2]]) > 5 * len(common)
