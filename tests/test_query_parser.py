"""Query text → tree: what a newcomer types, and what nobody would."""

from __future__ import annotations

import datetime as dt
import math
import re
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from effort import is_linear
from fuzzing import examples
from query_trees import nodes_in
from rights_search import fields
from rights_search.analysis import terms
from rights_search.errors import QueryError
from rights_search.query.lexer import OPENING, lex, unescape
from rights_search.query.nearness import MAX_MEMBERS
from rights_search.query.nodes import (
    MAX_BOOST,
    And,
    DateRange,
    Everything,
    Facet,
    Fuzzy,
    Has,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Synonyms,
    Word,
    conjunction,
    leaves,
)
from rights_search.query.parser import (
    MAX_CLAUSES,
    MAX_DEPTH,
    MAX_PATTERNS,
    any_of_words,
    parse,
)
from rights_search.values import replace

A, B, C, D = Word("a"), Word("b"), Word("c"), Word("d")
TITLE_A = Word("a", "title")
RU, UA = Facet("country", ("RU",)), Facet("country", ("UA",))
AB = Phrase(("a", "b"))
Y2014 = DateRange(dt.date(2014, 1, 1), dt.date(2014, 12, 31))


def joined(*words: str, field: str | None = None) -> Phrase:
    """Return what a word of several terms is: a phrase whose terms inflect."""
    return Phrase(words, field, exact=False)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # Words
        ("torture", Word("torture")),
        ("a b", And((A, B))),
        ("  a\tb\nc\u00a0d\u3000", And((A, B, C, D))),
        ("Torturé", Word("torture")),
        ("don't don’t", And((Word("dont"), Word("dont")))),
        ("e-mail", joined("e", "mail")),
        ("a/b, c.", And((joined("a", "b"), C))),
        ("a – b & c", And((A, B, C))),
        ("a - b", And((A, B))),
        ("U.S.", Word("u.s")),
        ("US", Word("u.s")),
        ("us", Word("us")),
        ("c++", C),
        ("+a +b", And((A, B))),
        ("a+b", joined("a", "b")),
        ("#MeToo @handle", And((Word("metoo"), Word("handle")))),
        ("why?", Word("why")),
        ("50% $100", And((Word("50"), Word("100")))),
        ("[a {b} c]", And((A, B, C))),
        # Other scripts
        ("تعذيب؟", Word("تعذيب")),
        ("تعذيب، سجن", And((Word("تعذيب"), Word("سجن")))),
        ("人权", joined("人", "权")),
        ("「人权」、中国", And((Phrase(("人", "权"), exact=True), joined("中", "国")))),
        ("Чечня", Word("чечня")),
        # Phrases, in any quotes
        ('"a b"', AB),
        ("“a b”", AB),
        ("„a b“", AB),
        ("« a b »", AB),
        ("«a b»", AB),
        ('"a b”', AB),
        ('"a"', Word("a", exact=True)),
        ("«a»", Word("a", exact=True)),
        ('a"b"c', And((A, Word("b", exact=True), C))),
        ('"a b"~3', Phrase(("a", "b"), slop=3)),
        ('"a b"~', Phrase(("a", "b"), slop=0)),
        ('"a b"~3^2', Phrase(("a", "b"), slop=3, boost=2.0)),
        ('"a b"^2.5', Phrase(("a", "b"), boost=2.5)),
        ('"a b"~1234', Phrase(("a", "b"), slop=1234)),
        ('"a b"~12345 c', And((Phrase(("a", "b"), slop=9999), C))),
        ('"a AND (b"', Phrase(("a", "and", "b"))),
        ('"title:a"', Phrase(("title", "a"))),
        # Suffixes
        ("tort*", Prefix("tort")),
        ("tort**", Prefix("tort")),
        ("tort*^2", Prefix("tort", boost=2.0)),
        ("long-range*", And((Word("long"), Prefix("range")))),
        ("title:long-range*", And((Word("long", "title"), Prefix("range", "title")))),
        ("tortured~", Fuzzy("tortured", 2)),
        ("jails~", Fuzzy("jails", 1)),
        ("prison~", Fuzzy("prison", 2)),
        ("law~", Fuzzy("law", 1)),
        ("un~", Fuzzy("un", 0)),
        ("torture~1", Fuzzy("torture", 1)),
        ("torture~0", Fuzzy("torture", 0)),
        ("torture~99", Fuzzy("torture", 2)),
        ("torture~1^3", Fuzzy("torture", 1, boost=3.0)),
        ("a^2", Word("a", boost=2.0)),
        ("a^0", Word("a", boost=0.0)),
        ("a^0.5", Word("a", boost=0.5)),
        ("a^99999", Word("a", boost=MAX_BOOST)),
        ("a^", A),
        ("(a b)^2", And((Word("a", boost=2.0), Word("b", boost=2.0)))),
        ("(a^3 OR b)^2", Or((Word("a", boost=6.0), Word("b", boost=2.0)))),
        ("((a)^1000 tort*)^2", And((Word("a", boost=MAX_BOOST), Prefix("tort", boost=2.0)))),
        ("title:(a)^2", Word("a", "title", boost=2.0)),
        (
            "(a near:5 (b OR c))^2",
            Near((Word("a", boost=2.0), Synonyms((Word("b", boost=2.0), Word("c", boost=2.0)))), 5),
        ),
        ("(-a b)^2", And((Not(A), Word("b", boost=2.0)))),
        ("(a country:RU)^2", And((Word("a", boost=2.0), RU))),
        # Nearness
        ("a near:5 b", Near((A, B), 5)),
        ("a NEAR/5 b", Near((A, B), 5)),
        ("a Near:0 b", Near((A, B), 0)),
        ("a NEAR b", Near((A, B), 10)),
        ("a near:99999 b", Near((A, B), 9999)),
        ('a near:5 "b c"', Near((A, Phrase(("b", "c"))), 5)),
        ('"a b"near:5"c d"', Near((AB, Phrase(("c", "d"))), 5)),
        ("a near:5 b near:5 c", Near((A, B, C), 5)),
        ("(a OR b^2) near:3 c", Near((Synonyms((A, Word("b", boost=2.0))), C), 3)),
        ("(a OR (b OR c)) NEAR d", Near((Synonyms((A, B, C)), D), 10)),
        ("a* near:3 b~1", Near((Prefix("a"), Fuzzy("b", 1)), 3)),
        ("a b near:2 c d", And((A, Near((B, C), 2), D))),
        ("a near:2 b OR c", Or((Near((A, B), 2), C))),
        ("-a near:2 b", Not(Near((A, B), 2))),
        ("(a near:2 b)^3", Near((Word("a", boost=3.0), Word("b", boost=3.0)), 2)),
        ("title:(a near:2 b)", Near((TITLE_A, Word("b", "title")), 2)),
        ("title:a near:2 b", Near((TITLE_A, B), 2)),
        ("title:near:2", joined("near", "2", field="title")),
        ("near miss", And((Word("near"), Word("miss")))),
        # Operators
        ("a AND b", And((A, B))),
        ("a && b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a || b", Or((A, B))),
        ("a b OR c d", Or((And((A, B)), And((C, D))))),
        ("a OR b AND c", Or((A, And((B, C))))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a (b (c d))", And((A, B, C, D))),
        ("a(b)c", And((A, B, C))),
        ("NOT a", Not(A)),
        ("-a", Not(A)),
        ("!a", Not(A)),
        ("a!", A),
        ("a -b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a OR NOT b", Or((A, Not(B)))),
        ("NOT NOT a", A),
        ("NOT -a", A),
        ("NOT NOT NOT a", Not(A)),
        ('-"a b"', Not(AB)),
        ("NOT (a OR b)", Not(Or((A, B)))),
        ("-(a b)", Not(And((A, B)))),
        # Text fields
        ("title:a", TITLE_A),
        ("Title:a", TITLE_A),
        ("by:a", Word("a", "author")),
        ("title:(a b)", And((TITLE_A, Word("b", "title")))),
        ("title:(a OR -b)", Or((TITLE_A, Not(Word("b", "title"))))),
        ("title:(a author:b)", And((TITLE_A, Word("b", "author")))),
        ('author:"Salil Shetty"', Phrase(("salil", "shetty"), "author")),
        ('title:"a b"~2', Phrase(("a", "b"), "title", 2)),
        ("title:a*", Prefix("a", "title")),
        ("title:a~1", Fuzzy("a", 1, "title")),
        ("-title:a", Not(TITLE_A)),
        ("title:-a", Not(TITLE_A)),
        ("-title:-a", TITLE_A),
        ("-(-title:-a)", Not(TITLE_A)),
        ("title:+a", TITLE_A),
        ("title:AND", Word("and", "title")),
        ("title:12:30", joined("12", "30", field="title")),
        ("title:Russia:torture", joined("russia", "torture", field="title")),
        ("url:/en/news", joined("en", "news", field="url")),
        ("url:https://a-b.org", joined("https", "a", "b", "org", field="url")),
        # What looks like a field and is none
        ("Russia: torture", And((Word("russia"), Word("torture")))),
        ("Russia : torture", And((Word("russia"), Word("torture")))),
        ("12:30", joined("12", "30")),
        ("16:9^2", Phrase(("16", "9"), exact=False, boost=2.0)),
        ("https://aa.bb/cc", joined("https", "aa", "bb", "cc")),
        ("and", Word("and")),
        # Facets and dates
        ("country:RU", RU),
        ("about:Russia", RU),
        ("country:RU,UA", Facet("country", ("RU", "UA"))),
        # Quoted, unquoted and mixed values of one list; "Korea, Republic of" is one of them.
        ('country:"South Africa",IL', Facet("country", ("ZA", "IL"))),
        ('country:IL,"South Africa"', Facet("country", ("IL", "ZA"))),
        ('country:"South Africa","Israel",RU', Facet("country", ("ZA", "IL", "RU"))),
        ('country:"Korea, Republic of",UA,', Facet("country", ("KR", "UA"))),
        ('country:"Russia, Ukraine" a', And((Facet("country", ("RU", "UA")), A))),
        ('source:"a, b","c"', Facet("source", ("a b", "c"))),
        ('country:RU ,"a"', And((RU, Word("a", exact=True)))),
        ('year:"2014",none', Or((Y2014, Not(Has("year"))))),
        ("country:(RU OR UA)", Or((RU, UA))),
        ("country:(RU UA)", And((RU, UA))),
        ("country:(RU -UA)", And((RU, Not(UA)))),
        ("-country:RU", Not(RU)),
        ("country:-RU", Not(RU)),
        ('country:"Korea, Republic of"', Facet("country", ("KR",))),
        ("NOT year:2014", Not(Y2014)),
        ("mentions:Ukraine", Facet("mentions", ("UA",))),
        ("group:journalists", Facet("group", ("journalists",))),
        ("lang:fr", Facet("language", ("fr",))),
        ("source:Élan.ORG", Facet("source", ("elan org",))),
        ("has:date", Has("date")),
        ("has:by", Has("author")),
        ("-has:date", Not(Has("date"))),
        ("has:date,author", Or((Has("date"), Has("author")))),
        ("has:(date author)", And((Has("date"), Has("author")))),
        ("country:none", Not(Has("country"))),
        ("-country:none", Has("country")),
        ("country:RU,none,UA", Or((Facet("country", ("RU", "UA")), Not(Has("country"))))),
        ("year:undated", Not(Has("year"))),
        ("source:none", Facet("source", ("none",))),
        ("date:2014", Y2014),
        ("year:2014", Y2014),
        ("torture country:RU year:2014", And((Word("torture"), RU, Y2014))),
        # Escapes
        ("title\\:a", joined("title", "a")),
        ("tort\\*", Word("tort")),
        ("tort\\\\*", Prefix("tort")),
        ("tort\\\\\\*", Word("tort")),
        ("tort\\\\\\\\*", Prefix("tort")),
        ("\\-a", A),
        ("\\(a\\)", A),
        ('\\"a', A),
        ("\\AND", Word("and")),
        ('"a \\" b"', AB),
        ('title:"a:b\\"c"', Phrase(("a", "b", "c"), "title")),
    ],
)
def test_what_a_query_means(query: str, expected: Node) -> None:
    """A query that can only mean one thing is read without a note."""
    parsed = parse(query)
    assert parsed.node == expected
    assert parsed.text == query
    assert parsed.notes == ()


NOTHING = "The query has no word to search for."
NOTHING_TYPED = "The query has no word to search for; a blank one finds every post."


@pytest.mark.parametrize(
    ("query", "expected", "notes"),
    [
        ("", Everything(), []),
        (" \n", Everything(), []),
        ("*", Or(()), [NOTHING_TYPED]),
        ("*:*", Or(()), [NOTHING_TYPED]),
        ("😀", Or(()), [NOTHING]),
        ("()", Or(()), [NOTHING]),
        ('""', Or(()), [NOTHING]),
        ("-", Or(()), [NOTHING]),
        ("\\", Or(()), [NOTHING]),
        ("~ ^ + ) : &", Or(()), [NOTHING]),
        ('"a b', AB, ["The quote at character 1 is closed at the end."]),
        (
            'title:"a',
            Word("a", "title", exact=True),
            ["The quote at character 7 is closed at the end."],
        ),
        ("b (a", And((B, A)), ["The '(' at character 3 is closed at the end."]),
        ("a)", A, []),
        ("a AND", A, ["'AND' joins nothing here and was left out."]),
        ("OR a", A, ["'OR' joins nothing here and was left out."]),
        ("a OR OR b", Or((A, B)), ["'OR' joins nothing here and was left out."]),
        ("a OR ()", A, []),
        ("AND OR", Or(()), [
            "'AND' joins nothing here and was left out.",
            "'OR' joins nothing here and was left out.",
            NOTHING,
        ]),
        ("a NOT", A, ["'NOT' has nothing behind it and was left out."]),
        ("a -", A, []),
        ("a title:* b", And((A, B)), [
            "'title:' has no word behind it and was left out; has:title finds posts that have one."
        ]),
        ("a Title:() b", And((A, B)), ["'Title:' has no word behind it and was left out."]),
        ("a or b", And((A, Word("or"), B)), ["'or' was read as a word; the operator is OR."]),
        ("tort*, b", And((Word("tort"), B)), [
            "'*' stands for letters only at the end of a word outside quotes."
        ]),
        ("a?b", Phrase(("a", "b"), exact=False), [
            "'?' stands for no letter: word* finds every ending, word~ slips."
        ]),
        ("a ? b?", And((A, B)), []),
        ("'to a'", And((Word("to"), A)), [
            'Single quotes make no phrase; write "…" around its words.'
        ]),
        ("a^b", Phrase(("a", "b"), exact=False), [
            "'a^b' has no boost: that is a number, as in word^3."
        ]),
        ("a not b", And((A, Word("not"), B)), ["'not' was read as a word; the operator is NOT."]),
        (
            "title: a",
            And((Word("title"), A)),
            ["'title:' was read as a word: a field has no space behind it."],
        ),
        (
            "a*b",
            joined("a", "b"),
            ["'*' stands for letters only at the end of a word outside quotes."],
        ),
        (
            '"tort*"',
            Word("tort", exact=True),
            ["'*' stands for letters only at the end of a word outside quotes."],
        ),
        (
            "a 2017",
            And((A, Word("2017"))),
            ["'2017' is looked for in the text; year:2017 chooses by date."],
        ),
        (
            "a Since 2017",
            And((A, Word("since"), Word("2017"))),
            ["'2017' is looked for in the text; year:2017.. chooses by date."],
        ),
        (
            "before  2017 a",
            And((Word("before"), Word("2017"), A)),
            ["'2017' is looked for in the text; year:..2016 chooses by date."],
        ),
        (
            "a (since  2017)",
            And((A, Word("since"), Word("2017"))),
            ["'2017' is looked for in the text; year:2017.. chooses by date."],
        ),
        (
            "a thereinafter      2017",
            And((A, Word("thereinafter"), Word("2017"))),
            ["'2017' is looked for in the text; year:2017 chooses by date."],
        ),
        (
            "a 2019 2017",
            And((A, Word("2019"), Word("2017"))),
            ["'2017' and '2019' are looked for in the text; year:2017..2019 chooses by date."],
        ),
        (
            "a --country b",
            And((A, Word("country"), B)),
            ["'--country' is no option inside of a query; write country:… there."],
        ),
        (
            "--country b",
            And((Word("country"), B)),
            ["'--country' is no option inside of a query; write country:… there."],
        ),
        ("a 1997", And((A, Word("1997"))), [
            "'1997' is looked for in the text; year:1997 chooses by date."
        ]),
        ("a near:5 near:6 b", And((A, B)), [
            "'near:5' joins nothing here and was left out.",
            "'near:6' joins nothing here and was left out.",
        ]),
        ("(a near:5) b", And((A, B)), ["'near:5' joins nothing here and was left out."]),
        ("a near:5 OR b", Or((A, B)), ["'near:5' joins nothing here and was left out."]),
        ('a "2017"', And((A, Word("2017", exact=True))), []),
        ("title:2017", Word("2017", field="title"), []),
        ("a 1325", And((A, Word("1325"))), []),
        ("near:5 a", A, ["'near:5' joins nothing here and was left out."]),
        ("a near:5", A, ["'near:5' joins nothing here and was left out."]),
        ("a NEAR/2 AND b", And((A, B)), ["'NEAR/2' joins nothing here and was left out."]),
        ("a near:5 () b", And((A, B)), ["'near:5' joins nothing here and was left out."]),
        ("country:RU^2", RU, ["'^' changes nothing behind 'country:', which is not ranked."]),
        ("AND AND AND", Or(()), ["'AND' joins nothing here and was left out.", NOTHING]),
    ],
)  # fmt: skip
def test_what_is_read_with_doubt_is_said(query: str, expected: Node, notes: list[str]) -> None:
    """Stray signs are never an error; where meaning was guessed, a note says how."""
    parsed = parse(query)
    assert parsed.node == expected
    assert list(parsed.notes) == notes


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        (
            "contry:Russia",
            """
            Unknown field 'contry'; did you mean 'country'?
              contry:Russia
              ^^^^^^
            """,
        ),
        (
            'torture (field:"unclosed',
            """
            Unknown field 'field'; to search for the words, put a space behind the colon
              torture (field:"unclosed
                       ^^^^^
            """,
        ),
        (
            "Russia:torture",
            """
            Unknown field 'Russia'; to search for the words, put a space behind the colon
              Russia:torture
              ^^^^^^
            """,
        ),
        (
            "a country:(RU OR Ukrane)",
            """
            Unknown country 'Ukrane'; did you mean 'Ukraine'?
              a country:(RU OR Ukrane)
                               ^^^^^^
            """,
        ),
        (
            "theme:tortur",
            """
            Unknown theme 'tortur'; did you mean 'torture'?
              theme:tortur
                    ^^^^^^
            """,
        ),
        (
            "-year:2019..2013",
            """
            The range '2019..2013' runs backwards; did you mean '2013..2019'?
              -year:2019..2013
                    ^^^^^^^^^^
            """,
        ),
        (
            "date:2019-02-30 a",
            """
            '2019-02-30' is not in the calendar
              date:2019-02-30 a
                   ^^^^^^^^^^
            """,
        ),
        (
            "prison near:Moscow",
            """
            'near:' takes a number and joins two words, as in: torture near:5 prison
              prison near:Moscow
                     ^^^^
            """,
        ),
        (
            "a near:5 b near:6 c",
            """
            Words in one row have one distance; write (a near:3 b) (b near:9 c)
              a near:5 b near:6 c
                         ^^^^^^
            """,
        ),
        (
            "a near:5 (b c)",
            """
            Only words, phrases and (a OR b) can be near each other
              a near:5 (b c)
                       ^^^^^
            """,
        ),
        (
            'a near:5 "b c"~3',
            """
            A phrase with '~' cannot be near something: leave the '~' out
              a near:5 "b c"~3
                       ^^^^^^^
            """,
        ),
        (
            "title:a near:5 body:b",
            """
            Words in different fields are never near each other
              title:a near:5 body:b
              ^^^^^^^^^^^^^^^^^^^^^
            """,
        ),
        (
            "a NEAR b NEAR c NEAR d NEAR a NEAR b NEAR c",
            """
            At most 6 words can be near each other
              a NEAR b NEAR c NEAR d NEAR a NEAR b NEAR c
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            """,
        ),
        (
            "has:dat",
            """
            Unknown field 'dat'; did you mean 'date'?
              has:dat
                  ^^^
            """,
        ),
        (
            "country:RU*",
            """
            'country:' takes whole values, such as country:RU or country:Russia
              country:RU*
                      ^^^
            """,
        ),
        (
            'year:""',
            """
            'year:' takes whole values, such as year:2014 or year:2013..2019
              year:""
                   ^^
            """,
        ),
    ],
)
def test_a_mistake_is_pointed_at(query: str, pointer: str) -> None:
    """The message says what is wrong and the carets stand under it, word for word."""
    with pytest.raises(QueryError) as caught:
        parse(query)
    lines = [line[12:] for line in pointer.split("\n")[1:-1]]
    assert caught.value.pointer().split("\n") == lines


@pytest.mark.parametrize("name", [n for f in fields.FIELDS for n in (f.name, *f.aliases)])
def test_every_field_can_be_asked_for(name: str) -> None:
    """Each row of the table of fields works in a query, under each of its names."""
    field = fields.find(name)
    assert field is not None
    _, _, value = field.example.partition(" or ")[0].partition(":")
    node = parse(f"{name}:{value}").node
    if field.kind == "text":
        assert {leaf.field for leaf in leaves(node)} == {field.name}
    else:
        assert isinstance(node, Facet | DateRange | Has)


def test_exact_words_are_asked_for() -> None:
    """With ``exact`` no word stands for its inflections."""
    node = parse("a e-mail long-tort* -b", exact=True).node
    expected = And((
        Word("a", exact=True),
        Phrase(("e", "mail"), exact=True),
        Word("long", exact=True),
        Prefix("tort"),
        Not(Word("b", exact=True)),
    ))  # fmt: skip
    assert node == expected


# --- limits ----------------------------------------------------------------------


@pytest.mark.parametrize("opening", ["(", "title:(", "-(", "a OR (", "NOT title:-("])
def test_nesting_has_a_limit(opening: str) -> None:
    """At the limit a query parses, beyond it the first parenthesis too many is shown."""
    deepest = parse(opening * MAX_DEPTH + "x" + ")" * MAX_DEPTH)
    assert [leaf.term for leaf in leaves(deepest.node) if isinstance(leaf, Word)][-1:] in (
        ["x"],
        [],
    )
    too_deep = opening * (MAX_DEPTH + 1) + "x"
    with pytest.raises(QueryError, match=f"nested deeper than {MAX_DEPTH} levels") as caught:
        parse(too_deep)
    assert caught.value.query == too_deep
    assert too_deep[caught.value.start] == "("
    assert too_deep[: caught.value.start].count("(") == MAX_DEPTH


def test_a_list_that_ends_at_a_space_is_noted() -> None:
    """A value behind a comma and a space is another word, and not silently so."""
    parsed = parse('country:RU, "South Africa"')
    assert parsed.notes == (
        "The list behind 'country:' ends at its last comma: no space stands between its values.",
    )
    assert not parse("(country:RU,) a").notes


@pytest.mark.parametrize(
    "query", ["-alias:", "a -alias:", "-alias: lgbti", "NOT alias:", "(-Alias:)", "---alias: a"]
)
def test_an_alias_group_needs_its_name(query: str) -> None:
    """What takes other names away says which, or the query would list posts without a word."""
    with pytest.raises(QueryError, match="as in: -alias:lgbti") as caught:
        parse(query)
    assert query[caught.value.start : caught.value.end].lower() == "alias:"
    assert parse("alias: lgbti").node == And((Word("alias"), Word("lgbti")))


@pytest.mark.parametrize(("empty", "counts"), [('""', 1), ("()", 1), ("(((a)^2)^3)", 4)])
def test_what_holds_no_word_counts_as_well(empty: str, counts: int) -> None:
    """Quotes and parentheses are work, with or without words between them."""
    assert parse(empty * (MAX_CLAUSES // counts))
    too_many = empty * (MAX_CLAUSES // counts + 1)
    with pytest.raises(QueryError, match="more than 1,000 words and parentheses") as caught:
        parse(too_many)
    assert caught.value.query == too_many


@pytest.mark.parametrize("unit", ["a ", "人", "has:date "])
def test_the_number_of_words_has_a_limit(unit: str) -> None:
    """A pasted article is refused, however its words are joined, and so are as many values."""
    assert parse(unit * MAX_CLAUSES)
    with pytest.raises(QueryError, match="more than 1,000 words"):
        parse(unit * (MAX_CLAUSES + 1))


@pytest.mark.parametrize("word", ["a* ", "title:a~ ", "(b OR a~1) "])
def test_the_number_of_patterns_has_a_limit(word: str) -> None:
    """Each word with a star or a tilde is work; a phrase with a distance is not such a word."""
    assert parse(word * MAX_PATTERNS + '"a b"~5')
    with pytest.raises(QueryError, match=r"more than 50 words with '\*' or '~'"):
        parse(word * (MAX_PATTERNS + 1))


def test_ten_thousand_negations_are_one_or_none() -> None:
    """Negations cancel out and do not nest."""
    assert parse("NOT " * 10_000 + "a").node == A
    assert parse("-" * 10_001 + "a").node == Not(A)
    assert parse("-" * 10_000 + "a").node == parse("-NOT a").node == A


@pytest.mark.parametrize("signs", ["-", "---", "NOT ", "NOT NOT NOT ", "--NOT "])
def test_signs_in_front_of_a_group_of_aliases_cancel_out(signs: str) -> None:
    """Three take a group away, as they take a word away; two do not."""
    assert [name for name, _ in parse(f"{signs}alias:lgbti").without] == ["lgbti"]
    with pytest.raises(QueryError, match="takes a group of other names away"):
        parse(f"-{signs}alias:lgbti")


HARD = [
    "NOT ", "-", "(", ")", "()", '"', '" ', "“a", "\\", "\\\\", "*", "*x", "~1", "^1", "^1.", "a:",
    "a-", "title:", "title:-", "AND ", "OR a ", "a*", "a\\*", "+", "é\u0301", ".", "a.", "[^",
    "\u200b", "人", "near:5 ", "a near:5 ", "NEAR/", "(a)^2", "(", "has:date ",
    "country:RU,", "year:", "date:2", "..", "source:a ",
]  # fmt: skip


@pytest.mark.parametrize("unit", HARD)
def test_parsing_takes_linear_time(unit: str) -> None:
    """Eight times the text takes about eight times as long: a square would take 64 times."""

    def work(size: int) -> None:
        with suppress(QueryError):
            parse(unit * (size // len(unit)) + "x")

    assert is_linear(work, 5_000)


# --- any text at all ---------------------------------------------------------------

PIECES = st.sampled_from([
    *HARD, "a", "b ", " ", "torture", "title", "country", ":", "RU", "2014", "..", "NOT", "&&",
    "||", "«", "」", "，", "（", "~", "^2", "\ud800", "\x00", "\U0001f600", "ﷺ", "\u202e", "\t",
])  # fmt: skip
QUERIES = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=50)


@settings(max_examples=examples(400))
@given(QUERIES)
@example('"a\\')
@example("a^" + "9" * 5000)
@example('"a b"~' + "9" * 5000)
@example("year:" + "9" * 5000)
@example("year:+")
def test_any_text_is_a_tree_or_a_query_error(query: str) -> None:
    """Nothing but a QueryError leaves the parser, and places lie inside the query."""
    for start, end, boost in places_in(query):
        assert 0 <= start < end <= len(query)
        assert math.isfinite(boost)


def places_in(query: str) -> list[tuple[int, int, float]]:
    """Return span and boost of each node of a query, or the place of its error."""
    try:
        nodes = nodes_in(parse(query).node)
    except QueryError as error:
        return [(error.start, error.end, 1.0)]
    return [
        (*node.span, getattr(node, "boost", 1.0))
        for node in nodes
        if not isinstance(node, Everything)
    ]


@pytest.mark.parametrize(
    "text", ["\ud800", "\x00", "ﷺ", "𠀀", "é", "\U0001f469\u200d\U0001f52c", "ا"]
)
def test_ten_thousand_of_anything(text: str) -> None:
    """A long text of any script is answered with a tree or a QueryError."""
    with suppress(QueryError):
        parse(text * 10_000)


LEFT_OUT = re.compile(r"[\s+，、。；！？]*")


@given(QUERIES)
def test_lexemes_stand_where_they_say(query: str) -> None:
    """Lexemes follow each other and leave out nothing but space, plus signs and wide commas."""
    end = 0
    for lexeme in lex(query):
        assert LEFT_OUT.fullmatch(query, end, lexeme.start)
        assert lexeme.start < lexeme.end
        end = lexeme.end
    assert LEFT_OUT.fullmatch(query, end)


@given(st.text(max_size=30))
def test_escapes_take_every_meaning_away(text: str) -> None:
    """With a backslash before each sign a text means its words and nothing else."""
    escaped = re.sub(r"(\W|_)", r"\\\1", text)
    assert unescape(escaped) == text
    assert words_of(parse(escaped).node) == terms(text)


@given(st.text(max_size=30))
def test_quotes_take_every_meaning_away(text: str) -> None:
    """In quotes, with quotes and backslashes escaped, a text means its words."""
    quoted = '"' + re.sub(rf"([{OPENING}\\])", r"\\\1", text) + '"'
    parsed = parse(quoted)
    assert words_of(parsed.node) == terms(text)
    assert all(leaf.exact for leaf in leaves(parsed.node) if isinstance(leaf, Word | Phrase))


def words_of(node: Node) -> list[str]:
    """Return the terms of a tree of words and phrases, in order."""
    found: list[str] = []
    for leaf in leaves(node):
        assert isinstance(leaf, Word | Phrase)
        found.extend([leaf.term] if isinstance(leaf, Word) else leaf.terms)
    return found


@given(st.lists(st.sampled_from(["torture", "Élan", "«Straße»", "title:ÇA", "tort*", "e-mail"])))
def test_case_does_not_change_a_query(parts: list[str]) -> None:
    """A query of words in capitals is the same query."""
    query = " ".join(parts)
    assert parse(query.upper()).node == parse(query).node


# --- trees -----------------------------------------------------------------------


def test_a_conjunction_is_flat() -> None:
    """Joining trees adds no level, drops what asks for nothing, and spans it all."""
    assert conjunction() == Everything()
    assert conjunction(Everything(), A) == A
    assert conjunction(And((A, B)), Everything(), C) == And((A, B, C))
    first, second = Word("a", span=(4, 9)), Word("b", span=(0, 2))
    assert conjunction(first, second).span == (0, 9)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a b", Or((A, B))),
        ("a b country:RU -c", And((RU, Not(C), Or((A, B))))),
        ("a b year:2014", And((Y2014, Or((A, B))))),
        ("a", None),
        ("a country:RU", None),
        ("a OR b", None),
        ("-a", None),
        ("", None),
    ],
)
def test_a_query_can_be_relaxed(query: str, expected: Node | None) -> None:
    """Any of the words will do, while facets, dates and negations still hold."""
    parsed = parse(query).node
    relaxed = any_of_words(parsed)
    assert relaxed == expected
    if relaxed is not None:
        assert [node.span for node in nodes_in(relaxed) if isinstance(node, Or)] == [parsed.span]


# --- what mutants survived ----------------------------------------------------------


def test_lexemes_say_what_they_are() -> None:
    """Kind, text and place of each, also of parentheses that close nothing."""
    found = [(each.kind, each.text, each.start, each.end) for each in lex("(a)^2 ))^3 ) b")]
    assert found == [
        ("(", "(", 0, 1), ("word", "a", 1, 2), (")", ")", 2, 5), (")", ")", 6, 13),
        ("word", "b", 13, 14),
    ]  # fmt: skip
    assert [(each.start, each.end) for each in lex("a ba  a")] == [(0, 1), (2, 4), (6, 7)]
    assert [(each.kind, each.text) for each in lex("NEAR")] == [("near", "")]
    assert [each.text for each in lex("X (XX)")] == ["X", "(", "XX", ")"]
    assert [each.text for each in lex('title:"a\\\nb"')] == ["title", "a\nb"]


@pytest.mark.parametrize("word", ["a~b*^2", "a~b***^2"])
def test_what_stands_behind_a_word_is_read_whatever_is_in_it(word: str) -> None:
    """A tilde inside of a word, a star, or several, which are one, and a weight."""
    (found,) = lex(word)
    assert (found.text, found.suffix, found.boost, found.end) == ("a~b", "*", 2.0, len(word))


@pytest.mark.parametrize("query", ["country:RU, UA", 'country:RU, "UA"'])
def test_a_list_with_a_space_in_it_is_doubted(query: str) -> None:
    """A word or a phrase behind the last comma may have been meant as a value."""
    (note,) = parse(query).notes
    assert note.startswith("The list behind 'country:' ends at its last comma")


@pytest.mark.parametrize(
    "query", ["country:RU, title:x", "country:RU UA", r"a\^b", "a country", "--b a"]
)
def test_what_is_plain_is_not_doubted(query: str) -> None:
    """Another field, no comma, and a sign that was escaped are what they look like."""
    assert parse(query).notes == ()


@pytest.mark.parametrize(
    ("query", "span"),
    [
        ("a OR b", (0, 6)),
        ("a OR b OR c", (0, 11)),
        ("x (a OR b)", (0, 10)),
        ("-police", (0, 7)),
        ("  NOT  police ", (2, 13)),
        (" torture~1 ", (1, 10)),
        ("title:tort* ", (0, 11)),
        (" country:RU,UA", (1, 14)),
        ("country:none", (0, 12)),
        (" source:none", (1, 12)),
        ("has:date", (0, 8)),
        ("year:2014", (0, 9)),
    ],
)
def test_what_is_joined_or_taken_away_has_a_place(query: str, span: tuple[int, int]) -> None:
    """Alternatives reach from the first to the last, a negation from its sign."""
    assert parse(query).node.span == span


def test_a_group_that_is_not_taken_away_is_pointed_at() -> None:
    """``alias:`` without its minus is a mistake in the query that was typed."""
    with pytest.raises(QueryError) as caught:
        parse("torture alias:lgbti")
    reason, *shown = caught.value.pointer().split("\n")
    assert reason == (
        "'alias:' takes a group of other names away, with a minus before it and the group's name "
        "right behind it, as in: -alias:lgbti or -alias:all"
    )
    assert shown == ["  torture alias:lgbti", " " * 10 + "^" * 6]


def test_what_is_near_has_a_place() -> None:
    """Alternatives keep the place of their parentheses, and six members are not too many."""
    near = parse("a near:5 (b OR c)").node
    assert isinstance(near, Near)
    assert [member.span for member in near.members] == [(0, 1), (9, 17)]
    near = parse(" near:2 ".join("abcdef")).node
    assert isinstance(near, Near)
    assert len(near.members) == MAX_MEMBERS
    with pytest.raises(QueryError, match="At most 6 words can be near each other"):
        parse(" near:2 ".join("abcdefg"))
    with pytest.raises(QueryError, match="Only words, phrases and") as caught:
        parse("a near:5 (b OR (c d))")
    assert caught.value.query == "a near:5 (b OR (c d))"


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ('source:"a",---', ("a", "---")),
        ('source:",---"', (",---",)),
        ("source:***,", ("***",)),
        ("source:,", (",",)),
    ],
)
def test_commas_between_values_are_no_part_of_them(query: str, values: tuple[str, ...]) -> None:
    """Only in quotes: a source may have any name, also one of signs alone."""
    assert parse(query).node == Facet("source", values)


@pytest.mark.parametrize(
    ("query", "typed", "other"),
    [
        ("place:Чечня^2", Word("чечня", boost=2), Word("chechnya", boost=2, alias="Chechnya")),
        (
            'place:"Чечня"',
            Word("чечня", exact=True),
            Phrase(("chechen", "republic"), alias="Chechnya"),
        ),
        (
            'place:"South Ossetia"^3',
            Phrase(("south", "ossetia"), boost=3),
            Phrase(("южная", "осетия"), boost=3, alias="South Ossetia"),
        ),
    ],
)
def test_a_place_has_its_names_in_other_languages(query: str, typed: Leaf, other: Leaf) -> None:
    """Each as exact and as heavy as the name that was typed, in its place, and that one first."""
    node = parse(query).node
    assert isinstance(node, Synonyms)
    first, *others = node.leaves
    assert first == replace(typed, field="place")
    assert replace(other, field="place") in others
    assert first not in [replace(each, alias=None) for each in others]
    assert node.span == (0, len(query))
    assert {leaf.span for leaf in node.leaves} == {(len("place:"), len(query))}
    assert len({leaf.alias for leaf in others}) == 1


@pytest.mark.parametrize("query", ["place:xyzzy", 'place:"South Ossetia"~3', "title:Chechnya"])
def test_what_is_no_place_is_left_as_it_was_typed(query: str) -> None:
    """An unknown name, one with a distance, and a place's name elsewhere stay alone."""
    assert isinstance(parse(query).node, Word | Phrase)
