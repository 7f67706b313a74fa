"""Values of facets and dates, as people write them."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from query_trees import nodes_in
from rights_search import fields
from rights_search.errors import QueryError
from rights_search.geography import places
from rights_search.post import PartialDate, Post, Provenance
from rights_search.query.facets import facet_node, suggest_field
from rights_search.query.matching import matches
from rights_search.query.nodes import DateRange, Facet, Has, Node, Not, Or
from rights_search.wording import quoted_list, shorten


def node_of(name: str, text: str) -> Node:
    """Return the node of ``name:text``."""
    query = f"{name}:{text}"
    return facet_node(fields.BY_NAME[name], text, query, (len(name) + 1, len(query)))


def reason_for(name: str, text: str) -> str:
    """Return what the error about ``name:text`` says."""
    with pytest.raises(QueryError) as caught:
        node_of(name, text)
    assert caught.value.query == f"{name}:{text}"
    assert caught.value.start == len(name) + 1
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("country", "RU", ("RU",)),
        ("country", "russia", ("RU",)),
        ("country", " Россия ", ("RU",)),
        ("country", "俄罗斯", ("RU",)),
        ("country", "中国,Україна", ("CN", "UA")),
        ("country", "UK", ("GB",)),
        ("country", "Kosovo", ("XK",)),
        ("country", "RU,UA", ("RU", "UA")),
        ("country", "Russia, Ukraine, RU,", ("RU", "UA")),
        # One name with a comma in it, and not two.
        ("country", "Korea, Republic of", ("KR",)),
        ("mentions", "ua", ("UA",)),
        ("theme", "torture", ("torture",)),
        ("theme", "Freedom of expression", ("freedom-of-expression",)),
        ("theme", "torture,lgbti", ("torture", "lgbti")),
        ("language", "FR", ("fr",)),
        ("language", "en-GB", ("en",)),
        ("language", "en_US,ru", ("en", "ru")),
        ("language", "French", ("fr",)),
        ("language", "français", ("fr",)),
        ("language", "العربية", ("ar",)),
        ("language", "eng", ("en",)),
        ("language", "CKB", ("ckb",)),
        ("id", "0123ABCDEF45", ("0123abcdef45",)),
        ("is", "Copy", ("copy",)),
        ("is", "original, follow-up", ("original", "follow-up")),
        # The name of a source is taken whole.
        ("source", "Amnesty.org", ("amnesty org",)),
        ("source", "Smith, Élan and Sons", ("smith elan and sons",)),
        ("source", "***", ("***",)),
        ("source", "None", ("none",)),
        ("id", "none", ("none",)),
        ("id", "0123abcdef45,none", ("0123abcdef45", "none")),
        ("id", "0123abcdef45,0123ABCDEF46", ("0123abcdef45", "0123abcdef46")),
    ],
)
def test_what_a_value_stands_for(name: str, text: str, values: tuple[str, ...]) -> None:
    """Names, codes and lists become the values that posts have."""
    assert node_of(name, text) == Facet(name, values)


NO_REGION = "it is a region such as Chechnya; place:NAME looks for any name in the text"
LOOKS_LIKE = "a date looks like date:2014, date:2014-02 or date:2014-02-01..2014-03"
MONTH_LOOKS_LIKE = "a month looks like month:2014-02; for a range there is date:2014-02..2014-05"
YEAR_LOOKS_LIKE = "a year looks like year:2014 or year:2013..2019"


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("country", "Ukrane", "Unknown country 'Ukrane'; did you mean 'Ukraine'?"),
        ("country", "RU,Xyzzy", "Unknown country 'Xyzzy'"),
        ("country", "Tibet", "Unknown country 'Tibet'; did you mean 'place:Tibet' or 'China'?"),
        (
            "mentions",
            "South Ossetia",
            "Unknown country 'South Ossetia'; did you mean 'place:\"South Ossetia\"' or 'Georgia'?",
        ),
        ("country", "Kabul", "Unknown country 'Kabul'; did you mean 'place:Kabul'?"),
        (
            "country",
            "Kashmir",
            "Unknown country 'Kashmir'; did you mean 'place:Kashmir', 'India' or 'Pakistan'?",
        ),
        ("theme", "tortur", "Unknown theme 'tortur'; did you mean 'torture'?"),
        (
            "theme",
            "xyzzy",
            "Unknown theme 'xyzzy'; rights-search facets --by theme lists those there are",
        ),
        ("group", "journalits", "Unknown group 'journalits'; did you mean 'journalists'?"),
        ("is", "orignal", "Unknown state 'orignal'; did you mean 'original'?"),
        ("is", "new", "Unknown state 'new'; it is one of original, copy, follow-up"),
        ("has", "titel", "Unknown field 'titel'; did you mean 'title'?"),
        (
            "has",
            "since",
            "Unknown field 'since'; for a range there is date:2014-02.. or date:..2014-02",
        ),
        (
            "has",
            "To",
            "Unknown field 'To'; for a range there is date:2014-02.. or date:..2014-02",
        ),
        (
            "month",
            "2014-02-05",
            f"Unknown month '2014-02-05'; {MONTH_LOOKS_LIKE}",
        ),
        ("has", "xyzzy", "Unknown field 'xyzzy'; a field's name goes there, such as has:date"),
        # These are no fields of a post, and suggest nothing that would be refused again.
        ("has", "has", "Unknown field 'has'; a field's name goes there, such as has:date"),
        ("has", "iss", "Unknown field 'iss'; a field's name goes there, such as has:date"),
        ("has", "Copy", "Unknown field 'Copy'; did you mean 'is:copy'?"),
        # No value stands for "without any" where every post has one, or a field's name goes.
        ("has", "none", "Unknown field 'none'; did you mean 'mentioned'?"),
        ("is", "none", "Unknown state 'none'; it is one of original, copy, follow-up"),
        # A city is spelt rightly: no region's name is suggested for it.
        ("location", "Grozny", f"Unknown place 'Grozny'; {NO_REGION}"),
        ("location", "Chechnyya", "Unknown place 'Chechnyya'; did you mean 'Chechnya'?"),
        ("language", "Frensh", "Unknown language 'Frensh'; did you mean 'French'?"),
        (
            "language",
            "xx",
            ("Unknown language 'xx'; give its ISO 639-1 code or English name, such as language:fr"),
        ),
        (
            "year",
            "2019-02",
            f"'2019-02' is no year; {YEAR_LOOKS_LIKE}, and days are asked for with date:2019-02",
        ),
        (
            "year",
            "2014-02..2015",
            f"'2014-02' is no year; {YEAR_LOOKS_LIKE}, and days are asked for with date:2014-02",
        ),
        (
            "year",
            "2013..2014-02",
            f"'2014-02' is no year; {YEAR_LOOKS_LIKE}, and days are asked for with date:2014-02",
        ),
        ("year", "since 0001", "'since 0001' is no year; did you mean '0001..'?"),
        ("year", "before 0001", f"'before 0001' is no year; {YEAR_LOOKS_LIKE}"),
        ("year", "after 9998", "'after 9998' is no year; did you mean '9999..'?"),
        ("year", "after 9999", f"'after 9999' is no year; {YEAR_LOOKS_LIKE}"),
        ("year", "during 2014", f"'during 2014' is no year; {YEAR_LOOKS_LIKE}"),
        ("year", "19", "'19' is no year; a year looks like year:2014 or year:2013..2019"),
        ("year", "..", "'..' is an empty range; a year looks like year:2014 or year:2013..2019"),
        ("year", "0000", "'0000' is not in the calendar"),
        (
            "year",
            "2019..2013",
            "The range '2019..2013' runs backwards; did you mean '2013..2019'?",
        ),
        (
            "date",
            "soon",
            f"'soon' is no date; {LOOKS_LIKE}",
        ),
        ("date", "2013..2014..2015", f"'2014..2015' is no date; {LOOKS_LIKE}"),
        ("date", "05/03/14", f"'05/03/14' is no date; {LOOKS_LIKE}"),
        ("date", "March 2014", "'March 2014' is no date; did you mean '2014-03'?"),
        ("date", "5 march 2014", "'5 march 2014' is no date; did you mean '2014-03-05'?"),
        ("date", "Feb. 5 2014", "'Feb. 5 2014' is no date; did you mean '2014-02-05'?"),
        ("date", "31 June 2014", f"'31 June 2014' is no date; {LOOKS_LIKE}"),
        ("date", "5 soon 2014", f"'5 soon 2014' is no date; {LOOKS_LIKE}"),
        ("date", "2019-02-29", "'2019-02-29' is not in the calendar"),
        ("date", "2019-13..", "'2019-13' is not in the calendar"),
        (
            "date",
            "2014-03..2014-02",
            "The range '2014-03..2014-02' runs backwards; did you mean '2014-02..2014-03'?",
        ),
    ],
)
def test_what_is_said_about_a_wrong_value(name: str, text: str, reason: str) -> None:
    """The message names the value and shows one that would do."""
    assert reason_for(name, text) == reason


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("country", "RU"),
        ("country", "Korea, Republic of"),
        ("country", "RU,UA"),
        ("country", "RU,none"),
        ("theme", "none"),
        ("location", "Chechnya"),
        ("year", "2014,2016"),
        ("date", "undated"),
        ("has", "date"),
        ("has", "date,author"),
    ],
)
def test_whatever_a_value_means_stands_where_it_was_written(name: str, text: str) -> None:
    """Each node that is made of a value has the value's place in the query."""
    place = (len(name) + 1, len(name) + 1 + len(text))
    assert {node.span for node in nodes_in(node_of(name, text))} == {place}


@pytest.mark.parametrize(
    ("name", "text"),
    [("country", "None"), *((name, "Undated") for name in ("date", "year", "month"))],
)
def test_posts_without_a_value_are_asked_for(name: str, text: str) -> None:
    """With "none", and with "undated" of each field of a date."""
    assert node_of(name, text) == Not(Has(name))


def test_each_region_answers_to_its_own_label() -> None:
    """What a facet shows can be asked for, also what stands in no text by that name alone."""
    for name in places.regions():
        node = node_of("location", f'"{name}"')
        assert isinstance(node, Facet)
        assert name in node.values


@pytest.mark.parametrize("name", [each.name for each in fields.FIELDS if each.kind != "text"])
@pytest.mark.parametrize("text", ["", " "])
def test_no_value_is_refused(name: str, text: str) -> None:
    """A caller of the library may ask for the source ``""``: no post has it, and that is said."""
    with pytest.raises(QueryError) as caught:
        facet_node(fields.BY_NAME[name], text, text, (0, len(text)))
    assert "''" in str(caught.value)


def test_a_long_value_is_not_repeated_in_full() -> None:
    """A message stays readable whatever was pasted."""
    for name in ("theme", "language", "year", "date"):
        assert len(reason_for(name, "x" * 5000)) < 250
    assert reason_for("country", "x" * 61) == f"Unknown country '{'x' * 60}…'"


RANGES = [
    # text, first day, last day: both inside
    ("2019", "2019-01-01", "2019-12-31"),
    ("2019-09", "2019-09-01", "2019-09-30"),
    ("2020-02", "2020-02-01", "2020-02-29"),
    ("2019-2", "2019-02-01", "2019-02-28"),
    ("2019-9-5", "2019-09-05", "2019-09-05"),
    ("2013..2019", "2013-01-01", "2019-12-31"),
    ("2013-12..2014", "2013-12-01", "2014-12-31"),
    ("2014..2014-02", "2014-01-01", "2014-02-28"),
    ("2014-02-28..2014-03-01", "2014-02-28", "2014-03-01"),
    ("2014-02-28..2014-2-28", "2014-02-28", "2014-02-28"),
    ("2014-02 .. 2014-03", "2014-02-01", "2014-03-31"),
    ("2019..", "2019-01-01", None),
    ("..2019-06", None, "2019-06-30"),
]


@pytest.mark.parametrize(("text", "first", "last"), RANGES)
def test_a_date_is_an_interval(text: str, first: str | None, last: str | None) -> None:
    """A range begins with its first prefix and ends with the last day of the second."""

    def day(iso: str | None) -> dt.date | None:
        return dt.date.fromisoformat(iso) if iso else None

    assert node_of("date", text) == DateRange(day(first), day(last))


def test_several_years_are_any_of_them() -> None:
    """A list of years and ranges is an Or."""
    wanted = (node_of("year", "2013"), node_of("year", "2015..2017"))
    assert node_of("year", "2013, 2015..2017") == Or(wanted)


def dated(iso: str | None) -> Post:
    """Return a post of that date."""
    date = None if iso is None else PartialDate(iso)
    return Post("0" * 12, "Title", (), Provenance("a", "0" * 64, "plain"), date=date)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        (
            "2014",
            ["2014", "2014-01", "2014-12", "2014-01-01", "2014-12-31"],
            ["2013", "2015", "2013-12-31", "2015-01-01", None],
        ),
        ("2014-02", ["2014-02", "2014-02-01", "2014-02-28"], ["2014", "2014-01-31", "2014-03-01"]),
        ("2014-02-28", ["2014-02-28"], ["2014-02", "2014", "2014-02-27", "2014-03-01"]),
        ("2014-02..", ["2014-02", "2015", "2014-02-01"], ["2014", "2014-01-31", None]),
        ("..2014-02", ["2013", "2014-02", "2014-02-28"], ["2014", "2014-03-01", None]),
        ("2013..2014", ["2013", "2014", "2014-06"], ["2012-12-31", "2015-01-01", None]),
    ],
)
def test_a_post_is_inside_only_as_a_whole(
    text: str, inside: list[str | None], outside: list[str | None]
) -> None:
    """A post of which only the year is known is in no month of that year."""
    node = node_of("date", text)
    assert [iso for iso in (*inside, *outside) if matches(node, dated(iso))] == inside


@given(st.sampled_from(sorted(fields.BY_NAME)), st.text(max_size=40))
def test_any_value_gives_a_node_or_a_query_error(name: str, text: str) -> None:
    """No value, however strange, is anything but understood or refused."""
    if fields.BY_NAME[name].kind == "text":
        return
    with suppress(QueryError):
        assert isinstance(node_of(name, text), Facet | DateRange | Has | Not | Or)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("contry", "did you mean 'country'?"),
        ("Titel", "did you mean 'title'?"),
        ("langauge", "did you mean 'language'?"),
        ("xyzzy", ""),
        ("x" * 5000, ""),
    ],
)
def test_a_field_is_suggested(name: str, hint: str) -> None:
    """A mistyped field name brings up the one that was meant."""
    assert suggest_field(name) == hint


def test_lists_and_long_texts_in_messages() -> None:
    """Suggestions are joined as people would, long texts are cut."""
    assert quoted_list(("a",)) == "'a'"
    assert quoted_list(("a", "b", "c")) == "'a', 'b' or 'c'"
    assert shorten("a" * 60) == "a" * 60
    assert shorten("a" * 61) == "a" * 60 + "…"
