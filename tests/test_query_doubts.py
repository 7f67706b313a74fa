"""What people write who come from another search engine works, or is told what to write."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import replace

import pytest

from rights_search import fields
from rights_search.errors import QueryError
from rights_search.query.doubts import _MEANT
from rights_search.query.nodes import And, Facet, Or, Phrase, Word
from rights_search.query.parser import parse
from rights_search.query.syntax import ELSEWHERE

TODAY = dt.date(2020, 6, 1)
A, B = Word("a"), Word("b")
STAR = "'*' stands for letters only at the end of a word outside quotes."
SLIPS = "word* finds every ending, word~ slips."
SINGLE = 'Single quotes make no phrase; write "…" around its words.'


def near(word: str, number: int) -> str:
    """Return what is said of another engine's operator of nearness."""
    return f"'{word}' was read as a word; nearness is written a near:{number} b."


def years(typed: str) -> str:
    """Return what is said of two years among the words."""
    return f"'{typed}' is looked for in the text; year:2014..2016 chooses by date."


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("a w/5 b", near("w/5", 5)),
        ("a W/15 b", near("W/15", 15)),
        ("a within/3 b", near("within/3", 3)),
        ("a N5 b", near("N5", 5)),
        ("a ADJ3 b", near("ADJ3", 3)),
        ("a NEAR3 b", near("NEAR3", 3)),
        ("a AROUND(3) b", near("AROUND", 10)),
        ("NEAR(a b, 5)", near("NEAR", 10)),
        ("a ANDNOT b", "'ANDNOT' was read as a word; the operator is NOT."),
        ("a ИЛИ b", "'ИЛИ' was read as a word; the operator is OR."),
        ("a XOR b",
         "'XOR' was read as a word; either but not both is written (a OR b) NOT (a b)."),
        ("a | b", "'|' was left out: either of two is written a OR b."),
        ("a|b", "'|' was left out: either of two is written a OR b."),
        ("/tort.*/", f"There are no regular expressions: {SLIPS}"),
        ("torture~0.8",
         "'~0.8' is no number of letters: torture~1 allows one slip, ~2 two."),
        ("'right to strike'", SINGLE),
        ("‘right to strike’ a", SINGLE),
        ("'a right'", SINGLE),
        ("title=a", "'title=' names no field; write title:a"),
        ("year>=2010", "'year>=' names no field; write year:>=2010"),
        ("title：拘留", "'title：' names no field; write title:拘留"),
        ("a 2014..2016", years("2014..2016")),
        ("a 2014-2016", years("2014-2016")),
        ('"tort*"', STAR),
    ],
)  # fmt: skip
def test_a_sign_of_another_engine_is_told_from_ours(query: str, note: str) -> None:
    """It is read as a word, and one note says what is written instead."""
    assert parse(query).notes == (note,)


@pytest.mark.parametrize(
    "query",
    [
        "LGBTI UN", "a N5b", "A OU B", "W/5", "'tis", "don't 'a", "rock 'n' roll", "a\\|b",
        "w/o a", "AROUND a", "ADJ", "a=b", "a/b", "x~y", "state-of-emergency", "10:30", "AT&T",
        "A/RES/67/234", "1325-2000", "OU ODER", "' a'", "U.N. workers' a",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_not_doubted(query: str) -> None:
    """Abbreviations, numbers, apostrophes, titles in capitals and what was escaped."""
    assert parse(query).notes == ()


@pytest.mark.parametrize(
    ("query", "place", "reason"),
    [
        ("year:[2010 TO 2015] a", (5, 19), "A range is written with two dots: year:2010..2015"),
        ("year:{2010 TO *}", (5, 16), "A range is written with two dots: year:2010.."),
        ("year:[* TO 2015]", (5, 16), "A range is written with two dots: year:..2015"),
        ("year:[2010..2015]", (5, 17), "A range is written with two dots: year:2010..2015"),
        ("year:[2010-05 TO 2015]", (5, 22), "A range is written with two dots: date:2010-05..2015"),
        ("month:[2010-05 TO 2011-01]", (6, 26),
         "A range is written with two dots: date:2010-05..2011-01"),
        ("date:[2010-01-01T00:00:00Z TO NOW]", (5, 34),
         "A range is written with two dots: date:2010-01-01..today"),
        ("date:[now-1y TO now]", (5, 20),
         "A range is written with two dots, such as date:2014-02 or date:2014-02-01..2014-03"),
        ("year:[2010", (5, 10),
         "'[2010' is no year; a year looks like year:2014 or year:2013..2019"),
        ("country:South Africa torture", (8, 20),
         "Unknown country 'South'; did you mean 'country:\"South Africa\"'?"),
        ("country:South Africa OR a", (8, 20),
         "Unknown country 'South'; did you mean 'country:\"South Africa\"'?"),
        ("country:South Africa AND a", (8, 20),
         "Unknown country 'South'; did you mean 'country:\"South Africa\"'?"),
        ("country:South Africa title:a", (8, 20),
         "Unknown country 'South'; did you mean 'country:\"South Africa\"'?"),
        ("country:South Africa NOT a", (8, 20),
         "Unknown country 'South'; did you mean 'country:\"South Africa\"'?"),
        ('country:South "Africa"', (8, 13), "Unknown country 'South'"),
        ("has:null", (4, 8), "Unknown field 'null'; a field's name goes there, such as has:date"),
        ("is:null", (3, 7),
         "Unknown state 'null'; it is one of original, copy, follow-up"),
        ("since:+2010", (0, 5), "Unknown field 'since'; did you mean 'date:2010..'?"),
        ("year:since 2014", (5, 15), "'since 2014' is no year; did you mean '2014..'?"),
        ("year:[* TO *]", (5, 13),
         "A range is written with two dots, such as year:2014 or year:2013..2019"),
        ('country:"ZA|RU"', (8, 15), "Unknown country 'ZA|RU'; did you mean 'country:ZA,RU'?"),
        ("(country:'South Africa')", (9, 23),
         "Unknown country ''South'; did you mean 'country:\"South Africa\"'?"),
        ("country:South OR Africa", (8, 13), "Unknown country 'South'"),
        ("date:March 2014", (5, 15), "'March 2014' is no date; did you mean '2014-03'?"),
        ("date:last year a", (5, 14), "'last' is no date; did you mean 'date:\"last year\"'?"),
        ("country:ZA|RU", (8, 13), "Unknown country 'ZA|RU'; did you mean 'country:ZA,RU'?"),
        ("country:*", (8, 9), "Unknown country '*'; did you mean 'has:country'?"),
        ("country:NULL", (8, 12), "Unknown country 'NULL'; did you mean 'country:none'?"),
        ("date:now-1y", (5, 11), "'now-1y' is no date; did you mean 'last-1-years'?"),
        ("date:last30days", (5, 15), "'last30days' is no date; did you mean 'last-30-days'?"),
        ('date:"3 months ago"', (5, 19),
         "'3 months ago' is no date; did you mean 'last-3-months'?"),
        ("before:2015 a", (0, 6), "Unknown field 'before'; did you mean 'date:<2015'?"),
        ("after:2015-03-01", (0, 5), "Unknown field 'after'; did you mean 'date:>2015-03-01'?"),
        ("since:2010-05", (0, 5), "Unknown field 'since'; did you mean 'date:2010-05..'?"),
        ("until:2010", (0, 5), "Unknown field 'until'; did you mean 'date:..2010'?"),
        ("since:May", (0, 5),
         "Unknown field 'since'; for a range there is date:2014-02.. or date:..2014-02"),
        ("tag:torture", (0, 3), "Unknown field 'tag'; did you mean 'theme'?"),
        ("_exists_:date", (0, 8), "Unknown field '_exists_'; did you mean 'has:date'?"),
        ("país:Colombia", (0, 4), "Unknown field 'país'; did you mean 'country'?"),
        ("Тема:пытки", (0, 4), "Unknown field 'Тема'; did you mean 'theme'?"),
        ("path:a", (0, 4), "Unknown field 'path'; did you mean 'source'?"),
        ("_all:a", (0, 4), "Unknown field '_all'; a word without a field is looked for everywhere"),
        ("sort:date", (0, 4),
         "Unknown field 'sort'; order and number of the hits are options beside the query"),
    ],
)  # fmt: skip
def test_a_value_of_another_engine_is_answered_with_ours(
    query: str, place: tuple[int, int], reason: str
) -> None:
    """One line says what is written instead, and points at all that it stands for."""
    with pytest.raises(QueryError) as caught:
        parse(query, today=TODAY)
    assert caught.value.reason == reason
    assert (caught.value.query, caught.value.start, caught.value.end) == (query, *place)


def test_what_is_meant_by_other_names_is_a_field() -> None:
    """Every name that is offered for another one can be asked for."""
    for offered in _MEANT.values():
        assert fields.find(offered.removeprefix("-").partition(":")[0])


@pytest.mark.parametrize("query", [query for row in ELSEWHERE[1:] for query in row[0]])
def test_the_guide_says_nothing_of_what_is_read_in_silence(query: str) -> None:
    """Each spelling of another engine that it lists has a note or an error."""
    with suppress(QueryError):
        assert parse(query.replace("field", "country"), today=TODAY).notes


def test_what_the_guide_takes_as_it_is_has_no_note() -> None:
    """Signs that mean the same here, too."""
    for query in ELSEWHERE[0][0]:
        assert parse(query) == replace(parse("a -b"), text=query)


QUOTED = Phrase(("言", "论"), exact=True)


@pytest.mark.parametrize("quoted", ["「言论」", "『言论』", "《言论》", "“言论”", "‹言论›"])
def test_quotation_marks_of_other_languages_make_a_phrase(quoted: str) -> None:
    """Those of Chinese and Japanese, and the inner ones of French, as well as ours."""
    assert parse(quoted).node == QUOTED
    assert parse(f"a{quoted}b").node == And((A, QUOTED, B))


@pytest.mark.parametrize("sign", "，、。；！？")
def test_signs_between_words_of_chinese_part_them(sign: str) -> None:
    """No space stands beside them; they are no part of a phrase of what is before and behind."""
    assert parse(f"言论{sign}自由").node == parse("言论 自由").node


def test_wide_signs_do_what_narrow_ones_do() -> None:
    """Parentheses and the commas of a list, as an input method for Chinese writes them."""
    assert parse("（a OR b）").node == Or((A, B))
    assert parse("country:中国，俄罗斯").node == Facet("country", ("CN", "RU"))
