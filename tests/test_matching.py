"""What a query means: `matches`, and the places that speak for a match."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from rights_search.analysis import terms
from rights_search.post import PartialDate, Post, Provenance, Tag
from rights_search.query.analysed_post import AnalysedPost
from rights_search.query.matching import edit_distance, find_occurrences, matches
from rights_search.query.nodes import (
    Among,
    And,
    DateRange,
    Derived,
    Everything,
    Facet,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefer,
    Preference,
    Prefix,
    Synonyms,
    Transcription,
    Word,
    leaves,
    searched_fields,
)
from rights_search.query.parser import parse
from rights_search.words.derivation import is_derived
from rights_search.words.inflection import are_related
from rights_search.words.transcription import is_transcription

PLAIN = Post("0" * 12, "Untitled", (), Provenance("a.txt", "0" * 64, "plain"), title_derived=True)
POST = replace(
    PLAIN,
    title="Russia: Gay men tortured in Chechnya",
    title_derived=False,
    paragraphs=(
        "Police in Grozny held the men. The right to life is not theirs, says Amnesty's report.",
        "We call on the U.S. and on us all to act. Terrorism laws hit minorities.",
    ),
    captions=("A protest in Moscow",),
    calls_to_action=("Sign the petition",),
    authors=("Salil Shetty",),
    role="Secretary General",
    organisation="Example Watch",
    place="London",
    places=(Tag("Chechnya", ()),),
    url="https://example.org/news/gay-men",
    date=PartialDate("2017-04-10"),
    language="en",
    source="example.org",
    countries=(Tag("RU", ()),),
    mentions=(Tag("RU", ()), Tag("US", ())),
    themes=(Tag("torture", ()), Tag("lgbti", ())),
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", True),
        ("torture", True),
        ("TORTURÉ", True),
        ('"torture"', False),
        ('"tortured"', True),
        ("chechnya grozny", True),
        ("chechnya kazan", False),
        ("chechnya OR kazan", True),
        ("chechnya -kazan", True),
        ("-chechnya", False),
        # Near: so many other words between, in any order, in one field.
        ("police near:1 grozny", True),
        ("grozny near:1 police", True),
        ("police near:0 grozny", False),
        ('"men tortured" near:0 gay', True),
        ('"men tortured" near:1 chechnya', True),
        ('"men tortured" near:0 chechnya', False),
        ("(women OR gay) near:1 torture", True),
        ("pol* near:3 held", True),
        # Russia Gay men tortured in Chechnya: four others between the two.
        ("russia near:3 chechnya", False),
        ("russia near:3 gay near:3 chechnya", True),
        ("title:men near:5 police", False),
        ("body:(men near:5 police)", True),
        # One word is not near itself; two of a kind are.
        ("grozny near:9 grozny", False),
        ("us near:9 us", False),
        ("right near:0 life", False),
        ("men near:9 tortured near:9 torture", False),
        ("-(police near:1 grozny)", False),
        # What is known
        ("has:date", True),
        ("has:author has:place has:country has:theme has:url has:captions", True),
        ("has:group", False),
        ("country:none OR undated", False),
        ("date:undated", False),
        ("source:EXAMPLE.org", True),
        ("source:example", False),
        # A place under any of its names
        ("place:Chechnya", True),
        ("place:Чечня", True),
        ("place:الشيشان", True),
        ("place:Tchétchénie", True),
        ("place:Londres", True),
        ('place:"Londres"', True),
        ("place:Kazan", False),
        ("NOT kazan", True),
        # A field is where it is looked for; bare words look in all default fields.
        ("title:tortured", True),
        ("body:tortured", False),
        ("title:(gay grozny)", False),
        ("caption:moscow", True),
        ("moscow protest", True),
        ("author:shetty shetty", True),
        ("role:general organisation:watch place:london", True),
        ("place:chechnya", True),
        ("sign petition", False),
        ("calls:petition", True),
        ("url:news", True),
        ("news", False),
        # Phrases
        ('"gay men"', True),
        ('"men gay"', False),
        ('"gay man"', False),
        ('"right to life"', True),
        ('"right life"', False),
        ('"amnesty report"', True),
        ('"the men the right"', True),  # punctuation does not part words
        ('"amnesty\'s report we call"', True),  # nor do paragraphs
        ('"chechnya police"', False),  # but fields do
        ('"right life"~1', True),
        ('"life right"~1', True),
        ('"right life"~0', False),
        ('"right theirs"~3', False),
        ('"right theirs"~4', True),
        ('"the the"~2', True),  # two of them: one is not enough
        ('"gay gay"~9', False),
        ("gay-men", True),
        ("gay-man", True),
        # Prefixes and slips
        ("tort*", True),
        ("torx*", False),
        ("title:gro*", False),
        ("chechyna~", True),
        ("chechyna~1", True),
        ("chichyna~1", False),
        ("tortured~0", True),
        ("torture~0", False),
        # The country and the pronoun
        ('"U.S. and on us"', True),
        ('"us and on"', False),
        ("body:US", True),
        # Words that are no inflections
        ("terror", False),
        ("minor", False),
        ("minority", True),
        # Facets and dates
        ("country:RU", True),
        ("country:US", False),
        ("country:US,RU", True),
        ("mentions:US", True),
        ("theme:(torture lgbti)", True),
        ("-theme:torture", False),
        ("language:en source:example.org", True),
        ("language:fr", False),
        ("id:000000000000", True),
        ("year:2017 date:2017-04 date:2017-04-10 date:2017-04..", True),
        ("year:2016 OR date:..2017-03", False),
    ],
)
def test_what_matches(query: str, expected: bool) -> None:
    """A query finds the post or not, for a reason that a reader can see."""
    assert matches(parse(query).node, POST) is expected


def test_a_text_without_a_word_is_not_known() -> None:
    """A caption of signs alone is none, a source of signs alone is one."""
    post = replace(PLAIN, captions=("…",), source="***")
    assert not matches(parse("has:captions").node, post)
    assert matches(parse("has:captions").node, replace(post, captions=("… a",)))
    assert matches(parse("has:source -has:language").node, post)


def test_a_derived_title_is_no_title() -> None:
    """The first sentence, taken for a title, is looked for in the body only."""
    derived = replace(POST, title_derived=True)
    assert not matches(Word("chechnya", "title"), derived)
    assert not matches(Word("tortured"), derived)


@pytest.mark.parametrize(
    ("language", "text", "query", "expected"),
    [
        ("en", "tortures", "torture", True),
        ("fr", "arrêtées", "arrêté", True),
        ("fr", "arrests", "arrest", True),
        ("es", "detenidas", "detenido", True),
        ("ru", "против пыток", "пытка", True),
        ("ru", "protesters", "protester", True),
        ("ar", "والتعذيب", "تعذيب", True),
        ("de", "Rechte", "Recht", True),
        ("uk", "катування", "катувань", True),
        ("sv", "mötena", "möten", False),
        ("be", "права", "правы", False),
        (None, "tortures", "torture", True),
        (None, "Чечне", "Чечня", True),
        ("zh", "中国的人权状况", "人权", True),
        ("zh", "中国的人权状况", "权人", False),
        ("my", "လူ့အခွင့်အရေးများ", "အခွင့်", True),
        ("fa", "می‌خواهم", "میخواهم", True),
    ],
)
def test_a_word_inflects_as_the_language_of_the_post(
    language: str | None, text: str, query: str, expected: bool
) -> None:
    """The same form may belong to different families in different posts."""
    post = replace(PLAIN, paragraphs=(text,), language=language)
    assert matches(parse(query).node, post) is expected


@pytest.mark.parametrize(
    ("first", "last", "iso", "expected"),
    [
        ("2014-01-01", "2014-12-31", "2014", True),
        ("2014-01-02", "2014-12-31", "2014", False),
        ("2014-01-01", "2014-12-30", "2014", False),
        ("2014-02-01", "2014-02-28", "2014-02", True),
        ("2014-02-01", "2014-02-27", "2014-02", False),
        ("2014-02-28", "2014-02-28", "2014-02-28", True),
        ("2014-03-01", None, "2014-02-28", False),
        ("2014-03-01", None, "2014-03-01", True),
        (None, "2014-02-28", "2014-02-28", True),
        (None, "2014-02-28", "2014-03", False),
        (None, None, "2014", True),
        (None, None, None, False),
    ],
)
def test_dates_are_intervals(
    first: str | None, last: str | None, iso: str | None, expected: bool
) -> None:
    """A post is inside a range when every day that it may be from is."""
    days = (dt.date.fromisoformat(day) if day else None for day in (first, last))
    range_ = DateRange(next(days), next(days))
    post = replace(PLAIN, date=None if iso is None else PartialDate(iso))
    assert matches(range_, post) is expected


# --- laws ------------------------------------------------------------------------

WORDS = (
    "torture tortured tortures arms armed army minority minor gay men man Guantánamo Élan NGO "
    "US us пытка пытки Чечня تعذيب والتعذيب 人权 中国 prisonnière prisonniers"
).split()
TEXTS = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)
POSTS = st.builds(
    Post,
    id=st.just("0" * 12),
    title=TEXTS,
    paragraphs=st.lists(TEXTS, max_size=3).map(tuple),
    provenance=st.just(PLAIN.provenance),
    title_derived=st.booleans(),
    captions=st.lists(TEXTS, max_size=1).map(tuple),
    language=st.sampled_from(["en", "fr", "ru", "ar", "zh", None]),
    date=st.sampled_from([None, PartialDate("2014"), PartialDate("2014-02-01")]),
    countries=st.sampled_from([(), (Tag("RU", ()),)]),
)
TERMS = st.sampled_from(sorted({term for word in WORDS for term in terms(word)}))
FIELDS = st.sampled_from([None, "title", "body"])
PHRASES = st.builds(
    Phrase,
    st.lists(TERMS, min_size=2, max_size=3).map(tuple),
    FIELDS,
    st.none() | st.integers(0, 4),
    st.booleans(),
)
LEAVES: st.SearchStrategy[Leaf] = (
    st.builds(Word, TERMS, FIELDS, st.booleans())
    | PHRASES
    | st.builds(Prefix, TERMS.map(lambda term: term[:3]), FIELDS)
    | st.builds(Fuzzy, TERMS, st.integers(0, 2), FIELDS)
)
NODES: st.SearchStrategy[Node] = st.recursive(
    LEAVES
    | st.builds(Synonyms, st.lists(LEAVES, min_size=1, max_size=3).map(tuple))
    | st.just(Facet("country", ("RU",)))
    | st.just(DateRange(dt.date(2014, 1, 1), None)),
    lambda inner: (
        st.builds(And, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Or, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Not, inner)
    ),
    max_leaves=6,
)


@given(NODES, NODES, POSTS)
def test_the_operators_are_those_of_logic(first: Node, second: Node, post: Post) -> None:
    """And, Or and Not obey Boole and De Morgan, whatever they join."""
    one, two = matches(first, post), matches(second, post)
    assert matches(And((first, second)), post) is (one and two)
    assert matches(Or((first, second)), post) is (one or two)
    assert matches(Not(first), post) is not one
    assert matches(Not(Not(first)), post) is one
    negated = And((Not(first), Not(second)))
    assert matches(Not(Or((first, second))), post) is matches(negated, post)
    assert matches(And((Everything(), first)), post) is one


@given(st.lists(LEAVES, min_size=1, max_size=3).map(tuple), POSTS)
def test_synonyms_match_as_any_of_them(leaves: tuple[Leaf, ...], post: Post) -> None:
    """Synonyms differ from an Or in their score alone."""
    assert matches(Synonyms(leaves), post) is matches(Or(leaves), post)


@given(TERMS, FIELDS, POSTS)
def test_what_matches_exactly_matches_by_default(term: str, field: str | None, post: Post) -> None:
    """Inflections only ever add; so do wider slips and shorter prefixes."""
    chain: list[Leaf] = [Fuzzy(term, 0, field), Word(term, field, exact=True)]
    found = [matches(leaf, post) for leaf in chain]
    assert found[0] is found[1]
    wider: list[Leaf] = [
        Word(term, field), Fuzzy(term, 1, field), Fuzzy(term, 2, field), Prefix(term, field)
    ]  # fmt: skip
    assert not found[0] or all(matches(leaf, post) for leaf in wider)
    assert not matches(Fuzzy(term, 1, field), post) or matches(Fuzzy(term, 2, field), post)
    assert not matches(Prefix(term, field), post) or matches(Prefix(term[:-1], field), post)


@given(PHRASES, POSTS)
def test_a_looser_phrase_matches_more(phrase: Phrase, post: Post) -> None:
    """Words in order are near each other, near words nearer than far ones, and all are there."""
    strict, loose = replace(phrase, slop=None), replace(phrase, slop=phrase.slop or 0)
    chain = [strict, loose, replace(loose, slop=(loose.slop or 0) + 1)]
    found = [matches(leaf, post) for leaf in chain]
    assert found == sorted(found)
    words = And(tuple(Word(term, phrase.field, phrase.exact) for term in phrase.terms))
    assert not found[-1] or matches(words, post)
    assert not matches(replace(phrase, exact=True), post) or matches(
        replace(phrase, exact=False), post
    )


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join), POSTS)
def test_case_of_the_text_does_not_change_matches(query: str, post: Post) -> None:
    """A post in capitals answers the same words; only "us" becomes the country."""
    if {"us", "US"} & set(query.split()):
        return
    capitals = replace(
        post, title=post.title.upper(), paragraphs=(*map(str.upper, post.paragraphs),)
    )
    node = parse(query).node
    assert matches(node, replace(capitals, captions=post.captions)) is matches(node, post)


# --- places ----------------------------------------------------------------------


@given(NODES, POSTS)
def test_places_answer_their_leaf(node: Node, post: Post) -> None:
    """An occurrence stands in a field that was searched and holds what was looked for."""
    analysed = AnalysedPost(post)
    for occurrence in find_occurrences(node, analysed).found:
        leaf = occurrence.leaf
        assert occurrence.field in searched_fields(leaf)
        positions = [token.position for token in occurrence.tokens]
        assert occurrence.tokens == analysed.tokens(occurrence.field, positions)
        assert positions == sorted(set(positions))
        assert all(answers(leaf, token.term, post.language) for token in occurrence.tokens)
        if isinstance(leaf, Phrase):
            spread = positions[-1] - positions[0] + 1
            assert spread <= len(leaf.terms) + (leaf.slop or 0)


def answers(leaf: Leaf, term: str, language: str | None) -> bool:
    """Tell whether a token may speak for a leaf."""
    match leaf:
        case Word(wanted, exact=exact):
            return term == wanted or (not exact and are_related(term, wanted, language))
        case Phrase(wanted, exact=exact):
            return any(answers(Word(each, exact=exact), term, language) for each in wanted)
        case Prefix(prefix):
            return term.startswith(prefix)
        case Fuzzy(wanted, distance):
            return OSA.distance(term, wanted) <= distance
        case Derived(wanted):
            return is_derived(term, wanted, language)
        case Transcription(wanted, loose=loose):
            return is_transcription(term, wanted, loose=loose)


@given(LEAVES, POSTS)
def test_a_leaf_that_matches_has_a_place(leaf: Leaf, post: Post) -> None:
    """There is something to highlight exactly where there is a match."""
    assert bool(find_occurrences(leaf, AnalysedPost(post)).found) is matches(leaf, post)


def test_a_negated_word_has_no_place() -> None:
    """What must not be there does not speak for a match, nor is a leaf counted twice."""
    node = parse("gay -kazan (gay OR NOT moscow)").node
    found = find_occurrences(node, AnalysedPost(POST)).found
    assert [(each.field, each.tokens[0].term) for each in found] == [("title", "gay")]


@pytest.mark.parametrize(
    ("query", "text", "places"),
    [
        ('"a b"', "a b a b b a", ["0 1", "2 3"]),
        ('"a b"', "a x b a", []),
        ('"a a"', "a a a", ["0 1", "1 2"]),
        ('"a b"~0', "a x b a", ["2 3"]),
        ('"a b"~1', "a x b a b c a", ["0 2", "3 4"]),
        ('"a b"~2', "a x x b", ["0 3"]),
        ('"a b"~1', "a x x b", []),
        ('"a a"~1', "a x a a", ["0 2"]),
        ('"a a b"~0', "a b x a b", []),
        ('"a a b"~1', "a b x a b", ["0 1 3"]),
        ("a near:1 b", "b a x b", ["0", "1", "3"]),
        ("a near:0 (b OR c)", "b x a c", ["2", "3"]),
        ("(a OR (b z)) -y", "b a", ["1"]),
        ("a b", "b a b", ["1", "0", "2"]),
        ("prison", "prisons a prison b prisons", ["0", "2", "4"]),
        ("a OR z", "b a", ["1"]),
        ("(b (a OR z)) OR y", "b a", ["0", "1"]),
    ],
)
def test_where_a_match_stands(query: str, text: str, places: list[str]) -> None:
    """Places of words are their own, windows end where they hold all and do not overlap."""
    node = parse(query).node
    assert list(leaves(Prefer(node, ()))) == list(leaves(node))
    post = AnalysedPost(replace(PLAIN, paragraphs=(text,)))
    for wanted in (node, Prefer(node, (Preference(Word("x"), 1.0, "near"),))):
        found = find_occurrences(wanted, post).found
        shown = [" ".join(str(token.position) for token in each.tokens) for each in found]
        assert shown == places
        assert matches(wanted, post) is bool(places)


@pytest.mark.parametrize(
    ("leaf", "text", "language", "expected"),
    [
        (Derived("torture"), "the torturer", "en", ["torturer"]),
        (Derived("torture"), "tortured and torture", "en", []),
        (Derived("verhaften"), "die Verhaftung", "de", ["verhaftung"]),
        (Derived("verhaften"), "die Verhaftung", "en", []),
        (Transcription("kadyrov"), "Kadirov met Kadar", None, ["kadirov"]),
        (Transcription("milosevic"), "Milosevich", None, []),
        (Transcription("milosevic", loose=True), "Milosevich", None, ["milosevich"]),
    ],
)
def test_words_of_a_root_and_of_a_sound_match(
    leaf: Leaf, text: str, language: str | None, expected: list[str]
) -> None:
    """As the language of the post has it, and as strictly as it was asked for."""
    post = AnalysedPost(replace(PLAIN, paragraphs=(text,), language=language))
    found = find_occurrences(leaf, post).found
    assert [token.term for each in found for token in each.tokens] == expected
    assert matches(leaf, post) is bool(expected)


def test_what_stands_near_says_what_it_is() -> None:
    """The leaf of each member, and the field in which all of them stand."""
    near = parse("russia near:3 (kazan OR gay) near:3 men").node
    found = find_occurrences(near, AnalysedPost(POST)).found
    assert [(each.field, each.leaf, each.tokens[0].term) for each in found] == [
        ("title", Word(term), term) for term in ("russia", "gay", "men")
    ]


def test_a_post_is_among_some_by_its_identifier() -> None:
    """What it is to others does not stand in it."""
    for ids in ((), (POST.id,), ("1" * 12, POST.id), ("1" * 12,)):
        assert matches(Among("copy", frozenset(ids)), POST) is (POST.id in ids)


def test_positions_run_on_from_one_paragraph_to_the_next() -> None:
    """A field is one sequence of tokens; each knows its paragraph and its place in it."""
    post = replace(PLAIN, paragraphs=("One two.", "…", "Three"))
    tokens = AnalysedPost(post).tokens("body", range(3))
    assert [(t.term, t.position, t.value) for t in tokens] == [
        ("one", 0, 0), ("two", 1, 0), ("three", 2, 2),
    ]  # fmt: skip
    assert [post.paragraphs[t.value][t.start : t.end] for t in tokens] == ["One", "two", "Three"]


@given(
    st.text("abcdé", max_size=8), st.text("abcdé", max_size=8), st.integers(0, 4)
)  # fmt: skip
def test_the_edit_distance_is_the_published_one(first: str, second: str, limit: int) -> None:
    """It equals rapidfuzz's optimal string alignment, cut behind the limit."""
    assert edit_distance(first, second, limit) == min(OSA.distance(first, second), limit + 1)


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ("ca", "ac", 1), ("ca", "abc", 3), ("", "ab", 2), ("a", "a", 0), ("kitten", "sitting", 3),
        ("abc", "ac", 1), ("aaa", "a", 2),
    ],
)  # fmt: skip
def test_known_distances(first: str, second: str, distance: int) -> None:
    """No part is edited twice: from "ca" to "abc" are three steps, not two."""
    assert edit_distance(first, second, 9) == distance


@given(POSTS, st.lists(st.sampled_from(WORDS), min_size=6, max_size=12))
def test_families_are_those_of_the_rules(post: Post, words: list[str]) -> None:
    """However many words are asked for: a few are looked for, for more all terms are sorted."""
    analysed = AnalysedPost(post)
    for term in (each for word in words for each in terms(word)):
        related = [
            held for held in analysed.places("body") if are_related(held, term, post.language)
        ]
        assert sorted(analysed.family("body", term)) == sorted(related)
