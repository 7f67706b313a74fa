"""Tree → query text, and back."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fuzzing import examples
from rights_search.errors import QueryError
from rights_search.query.nodes import (
    Among,
    And,
    Derived,
    Near,
    Node,
    Not,
    Or,
    Prefer,
    Preference,
    Synonyms,
    Transcription,
    Word,
)
from rights_search.query.parser import parse
from rights_search.query.writing import to_query


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Torturé  AND «Secret  Prison»", 'torture "secret prison"'),
        ("e-mail 人权", "e-mail 人-权"),
        ("(a OR b) NOT c", "(a OR b) -c"),
        ("a OR (b c) OR (d OR e)", "a OR b c OR (d OR e)"),
        ("-(a b) -(c OR d) -e", "-(a b) -(c OR d) -e"),
        ('a NEAR/3 (b OR "c d")', 'a near:3 (b OR "c d")'),
        ("-(a NEAR b)", "-(a near:10 b)"),
        ('(a^3 OR b~)^0.5 c* "d e"~', '(a^1.5 OR b~0^0.5) c* "d e"~0'),
        ("title:(a OR by:b^2)", "title:a OR author:b^2"),
        ("about:Russia,Ukraine year:2014", "country:RU,UA date:2014"),
        ("date:2014-02-01..2014-02-28 date:2014-2-3", "date:2014-02 date:2014-02-03"),
        ("date:2013-05..2014", "date:2013-05-01..2014-12-31"),
        ("date:2014.. date:<2014", "date:2014-01-01.. date:..2013-12-31"),
        ("has:by -has:date country:none", "has:author -has:date -has:country"),
        ("source:Élan.ORG", 'source:"elan org"'),
        (r'id:"a\"b\\c"', r'id:"a\"b\\c"'),
        ("is:copy -is:original", "is:copy -is:original"),
        ("()", "()"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_tree_is_written_as_a_query(query: str, expected: str) -> None:
    """What was understood is written in one canonical way."""
    assert to_query(parse(query).node) == expected


PIECES = st.sampled_from([
    "a", "b ", " ", "torture", "Élan", "US", "e-mail", "人权", "title:", "author:", "-", "NOT ",
    "(", ")", ")^2", '"', '"a b"', "~", "~3", "*", "^0.3", " OR ", " AND ", " near:3 ", " NEAR ",
    "country:RU", "theme:torture", "group:women", "year:2014", "date:2014-02..", "has:date",
    "lang:fr", 'source:"a, b"', "source:** ", "id:ab", "country:none", "\\", "'", "near", "or",
])  # fmt: skip


A, B = Word("a"), Word("b")


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Prefer(A, (Preference(B, 1.0, "near"),)), "a"),  # changes the order alone
        (Derived("a", boost=0.5), "a@root^0.5"),
        (Transcription("a"), "a@name"),
        (Transcription("a", loose=True), "a@sound"),
        (Among("copy", frozenset()), "is:copy"),
        (And((Synonyms((A, B)), A)), "(a OR b) a"),
        (Or((Synonyms((A, B)), A)), "(a OR b) OR a"),
        (And((Or(()), A)), "() a"),
        (Not(Synonyms((A, B))), "-(a OR b)"),
        (Near((Synonyms((A, B)), A), 2), "(a OR b) near:2 a"),
    ],
)
def test_what_nobody_types_is_written_too(node: Node, expected: str) -> None:
    """What expansion makes of a query can be read, although some of it cannot be typed."""
    assert to_query(node) == expected


@settings(max_examples=examples(200))
@given(st.lists(PIECES, max_size=15).map("".join))
def test_what_is_written_means_the_same(query: str) -> None:
    """Parsing what a tree is written as gives the tree again."""
    try:
        node = parse(query).node
    except QueryError:
        assume(False)
    assert parse(to_query(node)).node == node
