"""The passage that a hit shows: its text, and what is marked in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_search import snippets
from rights_search.analysis import terms
from rights_search.post import Post, Provenance
from rights_search.query.analysed_post import AnalysedPost
from rights_search.query.matching import find_occurrences
from rights_search.query.parser import parse
from rights_search.results import Snippet
from rights_search.snippets import ELLIPSIS, make_snippet, mark_field, merge_spans

PLAIN = Post("0" * 12, "Title", (), Provenance("a.txt", "0" * 64, "plain"), language="en")
FILLER = "The committee met again and wrote to the minister about many other things."


def snippet(query: str, *paragraphs: str, max_chars: int = 240, **fields: object) -> Snippet:
    """Return what a post of these paragraphs shows for a query."""
    post = AnalysedPost(replace(PLAIN, paragraphs=paragraphs, **fields))  # type: ignore[arg-type]
    return make_snippet(post, find_occurrences(parse(query).node, post).found, max_chars)


def shown(found: Snippet) -> str:
    """Return the text with the marked parts in square brackets."""
    text = found.text
    for start, end in reversed(found.spans):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("query", "paragraphs", "expected"),
    [
        ("torture", ["He was tortured."], "He was [tortured]."),
        ("torture gay", ["Gay men, tortured."], "[Gay] men, [tortured]."),
        # A phrase is one mark, a word in it and the phrase together as well.
        ('"gay men"', ["Two gay men fled."], "Two [gay men] fled."),
        ('"gay men" men', ["Two gay men fled."], "Two [gay men] fled."),
        ('"men fled"~3', ["men who had fled"], "[men] who had [fled]"),
        # The paragraph that holds more of the query wins, then the first one.
        ("gay torture", ["A gay man.", "Gay men tortured.", "Torture."], "[Gay] men [tortured]."),
        ("gay", ["A gay man.", "A gay woman."], "A [gay] man."),
        ("gay", ["A gay man.", "Gay, gay."], "[Gay], [gay]."),
        # Nothing of the query in the body: its beginning.
        ("kazan", ["One.", "Two."], "One."),
        ("title:title", ["One.", "Two."], "One."),
        ("-gay", ["A gay man."], "A gay man."),
        ("", ["One."], "One."),
        ("kazan", ["", " ", "Two."], "Two."),
        ("kazan", [], ""),
        # Punctuation stays outside, inner apostrophes inside.
        ("amnesty", ["«Amnesty’s», they said"], "«[Amnesty’s]», they said"),
        ("US", ["the U.S. and us"], "the [U.S.] and us"),
        # Right to left, and scripts without spaces.
        ("تعذيب", ["قال إن التعذيب، في السجن؟"], "قال إن [التعذيب]، في السجن؟"),
        ("人权", ["中国的人权状况。"], "中国的[人权]状况。"),
        ("e\u0301lan", ["un e\u0301lan"], "un [e\u0301lan]"),
    ],
)
def test_what_is_shown(query: str, paragraphs: list[str], expected: str) -> None:
    """Short posts are shown as they are, with what answers the query marked."""
    assert shown(snippet(query, *paragraphs)) == expected


def test_a_long_paragraph_is_cut_at_a_sentence() -> None:
    """The passage begins with the sentence of the match if that is near, and ends at a word."""
    text = f"{FILLER} {FILLER} He said that he was tortured. {FILLER} {FILLER}"
    found = shown(snippet("torture", text, max_chars=100))
    assert found.startswith("…He said that he was [tortured]. The committee met")
    assert found.endswith("…")
    assert not found.endswith(" …")


def test_a_passage_begins_at_a_word_where_the_sentence_is_far() -> None:
    """In an endless sentence the passage begins with a whole word, a little before."""
    text = "word " * 60 + "tortured " + "word " * 60
    found = snippet("torture", text, max_chars=100)
    assert found.text.startswith("…word word")
    assert 20 < found.spans[0][0] < 80


def test_two_passages_show_more_of_the_query() -> None:
    """Words that stand far apart are shown in two passages, in the order of the post."""
    paragraphs = (f"Gay men fled. {FILLER * 3}", FILLER, f"{FILLER} Then he was tortured.")
    found = shown(snippet("torture gay", *paragraphs, max_chars=120))
    first, second = found.split(f" {ELLIPSIS} ")
    assert first.startswith("[Gay] men fled. The committee")
    assert second.endswith("Then he was [tortured].")


def test_passages_that_meet_become_one() -> None:
    """Two passages of one paragraph never show a text twice."""
    text = f"{FILLER} gay {'x ' * 30} tortured {FILLER} {FILLER}"
    found = snippet("gay torture kazan", text, "In Kazan.", max_chars=100)
    assert found.text.count("gay") == found.text.count("tortured") == 1


def test_captions_are_shown_where_only_they_match() -> None:
    """A match in a caption is shown, for the body has none; the body comes first otherwise."""
    captions = ("A protest in Moscow",)
    assert shown(snippet("moscow", FILLER, captions=captions)) == "A protest in [Moscow]"
    assert snippet("kazan", FILLER, captions=captions).text == FILLER
    assert snippet("kazan", captions=captions).text == captions[0]


def test_a_phrase_across_paragraphs_is_marked_in_each() -> None:
    """What runs over the end of a paragraph is marked on both sides."""
    found = snippet('"men fled north"', "Two men", "fled north today.")
    assert shown(found) == "Two [men]"


def test_a_text_without_spaces_has_something_before_the_match() -> None:
    """In Chinese a passage begins with the sentence, or else some signs before."""
    long = "国" * 300 + "人权" + "家" * 300
    found = snippet("人权", long, max_chars=100, language="zh")
    assert 30 < found.spans[0][0] < 90
    assert 90 <= len(found.text) <= 110
    sentence = "国" * 300 + "。中国的人权状况" + "家" * 300
    assert shown(snippet("人权", sentence, max_chars=100)).startswith("…中国的[人权]")


def test_the_last_match_of_a_full_passage_is_kept() -> None:
    """A mark that ends where the room does is not cut off with its comma."""
    text = f"{FILLER} gay {'x' * 20} tortured, {FILLER}"
    for max_chars in range(25, 45):
        found = snippet('"gay"~0 torture', text, max_chars=max_chars)
        assert {found.text[slice(*span)] for span in found.spans} == {"gay", "tortured"}, max_chars


def test_title_marks() -> None:
    """Marks in the title are merged in the same way."""
    post = AnalysedPost(replace(PLAIN, title="Gay men and men"))
    occurrences = find_occurrences(parse('"gay men" men').node, post).found
    assert mark_field(occurrences, "title") == ((0, 7), (12, 15))
    assert mark_field(occurrences, "body") == ()


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], ()),
        ([(4, 6), (0, 2)], ((0, 2), (4, 6))),
        ([(0, 2), (2, 4)], ((0, 2), (2, 4))),
        ([(0, 3), (2, 4), (1, 2)], ((0, 4),)),
        ([(0, 9), (2, 4), (2, 4)], ((0, 9),)),
    ],
)
def test_spans_are_merged(
    spans: list[tuple[int, int]], expected: tuple[tuple[int, int], ...]
) -> None:
    """The union comes in order; ranges that only touch stay two."""
    assert merge_spans(spans) == expected


WORDS = [
    "gay", "men", "tortured", "torture", "fled,", "Amnesty’s", "U.S.", "a.", "—", "…", "…?", "“so”",
    "x" * 90, "人权", "中国的人权。", "التعذيب،", "Чечне", "e\u0301lan", "\U0001f600", "the",
    "of", "and", "then!",
]  # fmt: skip
PARAGRAPHS = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)
    | st.lists(st.sampled_from(WORDS), max_size=60).map("".join),
    max_size=4,
)
CLAUSES = [
    "gay", "torture", "men", "amnesty", "US", "tort*", "fledd~", "人权", "تعذيب", "чечня", "élan",
    '"gay men"', '"gay the"~6', '"men tortured"~2', '"the of and"', "-then", "kazan", "x*",
]  # fmt: skip
QUERIES = st.lists(st.sampled_from(CLAUSES), min_size=1, max_size=5).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(QUERIES, PARAGRAPHS, st.sampled_from([1, 20, 60, 100, 240, 1000]))
def test_laws_of_snippets(query: str, paragraphs: list[str], max_chars: int) -> None:
    """Spans are real matches in order; the text is the post's, never empty, never too long."""
    post = AnalysedPost(replace(PLAIN, paragraphs=tuple(paragraphs)))
    occurrences = find_occurrences(parse(query).node, post).found
    found = make_snippet(post, occurrences, max_chars)
    matched = {token.term for each in occurrences for token in each.tokens}
    end = 0
    for start, stop in found.spans:
        assert end <= start < stop <= len(found.text)
        held = terms(found.text[start:stop])
        assert held
        assert set(held) <= matched
        end = stop
    in_body = [each for each in occurrences if each.field == "body"]
    assert bool(found.spans) is bool(in_body)
    assert bool(found.text.strip()) is any(text.strip() for text in paragraphs)
    longest = max((each.tokens[-1].end - each.tokens[0].start for each in in_body), default=0)
    assert len(found.text) <= max(max_chars, 2 * max(longest, max_chars // 2)) + 10
    for part in found.text.split(f" {ELLIPSIS} "):
        assert any(part.strip(f" {ELLIPSIS}") in text for text in ("", *paragraphs))


@settings(max_examples=200, deadline=None)
@given(
    text=st.text(alphabet='ab .!?…؟۔"”’»)。！？」』）\n', min_size=1, max_size=40),
    places=st.tuples(st.integers(1, 40), st.integers(1, 41)),
)
def test_a_sentence_begins_where_the_whole_pattern_says(text: str, places: tuple[int, int]) -> None:
    """Signs that are read as plain ones lead to the same place as the pattern for all of them."""
    first, end = sorted(places)
    found = snippets.SENTENCE_START.search(text, first, end)
    assert snippets.sentence_start(text, first, end) == (found.end() if found else 0)
