"""Partial dates, and posts that survive being stored."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.post import (
    Evidence,
    PartialDate,
    Post,
    Provenance,
    Tag,
    joined,
    part_at,
    with_tags,
)
from rights_search.post_records import from_dict, to_dict


@pytest.mark.parametrize(
    ("iso", "precision", "first", "last"),
    [
        ("2019", "year", "2019-01-01", "2019-12-31"),
        ("2019-09", "month", "2019-09-01", "2019-09-30"),
        ("2019-12", "month", "2019-12-01", "2019-12-31"),
        ("2019-02", "month", "2019-02-01", "2019-02-28"),
        ("2020-02", "month", "2020-02-01", "2020-02-29"),
        ("1900-02", "month", "1900-02-01", "1900-02-28"),
        ("2000-02", "month", "2000-02-01", "2000-02-29"),
        ("2020-02-29", "day", "2020-02-29", "2020-02-29"),
        ("0001", "year", "0001-01-01", "0001-12-31"),
        ("9999", "year", "9999-01-01", "9999-12-31"),
        ("9999-12-31", "day", "9999-12-31", "9999-12-31"),
    ],
)
def test_a_prefix_is_an_interval(iso: str, precision: str, first: str, last: str) -> None:
    """What the source did not say stays open between the first and the last day."""
    date = PartialDate(iso)
    assert (date.precision, str(date.start), str(date.last)) == (precision, first, last)
    assert date.year == int(iso[:4])


@pytest.mark.parametrize(
    "iso",
    [
        "", "19", "219", "20190", "2019-", "2019-9", "2019-00", "2019-13", "2019-02-30",
        "2019-09-00", "2019-09-9", "2019-09-190", "1900-02-29", "0000", "-2019", " 2019", "2019\n",
        "2019-09-19T10", "20190919", "٢٠١٩", "２０１９",
    ],
)  # fmt: skip
def test_anything_else_is_no_date(iso: str) -> None:
    """A date that is not a prefix of a real day cannot be made."""
    with pytest.raises(ValueError, match=r"."):
        PartialDate(iso)


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_the_interval_holds_the_day(day: dt.date, length: int) -> None:
    """Whatever is left off a day, the day stays inside."""
    date = PartialDate(day.isoformat()[:length])
    assert date.start <= day <= date.last
    assert date.start.isoformat()[:length] == date.last.isoformat()[:length] == date.iso


def test_a_date_shows_that_it_is_about() -> None:
    """A date that its source calls uncertain says so, in the way that historians do."""
    assert str(PartialDate("1948", flags=("circa",))) == "c. 1948"
    assert str(PartialDate("1948-12")) == "1948-12"


WORDS = st.text(max_size=8)
TUPLES = st.lists(WORDS, max_size=3).map(tuple)
DATES = st.none() | st.builds(
    PartialDate, st.dates().map(lambda day: day.isoformat()), WORDS, TUPLES
)
NUMBERS = st.none() | st.integers(0, 10**9)
EVIDENCE = st.builds(Evidence, WORDS, WORDS, WORDS, st.integers(1, 99), NUMBERS, NUMBERS)
TAGS = st.lists(st.builds(Tag, WORDS, st.lists(EVIDENCE, max_size=2).map(tuple)), max_size=2).map(
    tuple
)
POSTS = st.builds(
    Post,
    id=st.integers(0, 16**12 - 1).map("{:012x}".format),
    title=WORDS,
    paragraphs=TUPLES,
    provenance=st.builds(
        Provenance, WORDS, WORDS, WORDS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, WORDS
    ),
    title_derived=st.booleans(),
    date=DATES,
    updated=DATES,
    authors=TUPLES,
    role=st.none() | WORDS,
    organisation=st.none() | WORDS,
    place=st.none() | WORDS,
    captions=TUPLES,
    calls_to_action=TUPLES,
    url=st.none() | WORDS,
    page_country=st.none() | WORDS,
    language=st.none() | WORDS,
    source=st.none() | WORDS,
    source_countries=TUPLES,
    source_tags=TUPLES,
    notes=TUPLES,
    countries=TAGS,
    mentions=TAGS,
    places=TAGS,
    themes=TAGS,
)


@given(POSTS)
def test_a_stored_post_comes_back_the_same(post: Post) -> None:
    """A post is equal to itself after a trip through JSON."""
    assert from_dict(json.loads(json.dumps(to_dict(post)))) == post


def bare_post() -> Post:
    """Return a post with nothing but what every post has."""
    return Post("0123456789ab", "Title", ("One.", "Two."), Provenance("a.txt", "0" * 64, "plain"))


def test_empty_fields_are_not_stored() -> None:
    """The stored form of a bare post names its four fields only."""
    assert set(to_dict(bare_post())) == {"id", "title", "paragraphs", "provenance"}


def test_what_a_post_derives() -> None:
    """Body, year and the name of the place come from the fields."""
    post = bare_post()
    assert post.body == "One.\n\nTwo."
    assert post.year is None
    assert replace(post, date=PartialDate("2014-02")).year == 2014
    assert str(post.provenance) == "a.txt"
    assert str(replace(post.provenance, line_start=7)) == "a.txt:7"


@pytest.mark.parametrize(
    "record",
    [
        {"id": "1"},
        {**to_dict(bare_post()), "id": "0123456789a"},
        {**to_dict(bare_post()), "id": "0123456789ab\n"},
        {**to_dict(bare_post()), "id": "../../../etc"},
        {**to_dict(bare_post()), "id": "0123456789AB"},
        {**to_dict(bare_post()), "colour": "red"},
        {**to_dict(bare_post()), "date": {"iso": "2019"}},
        {**to_dict(bare_post()), "date": {"iso": "2019-99", "origin": "", "flags": []}},
        {**to_dict(bare_post()), "themes": [{"value": "torture"}]},
        {**to_dict(bare_post()), "provenance": {"file": "a.txt"}},
    ],
)
def test_a_record_of_another_shape_is_refused(record: dict[str, object]) -> None:
    """A record that `to_dict` did not make is an error, not half a post."""
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_dict(record)


def test_a_post_cannot_be_changed() -> None:
    """Values are frozen: whoever wants another post makes one."""
    with pytest.raises(FrozenInstanceError):
        bare_post().title = "Other"  # type: ignore[misc]


@given(st.lists(st.text("ab\n", max_size=3), min_size=1, max_size=5).map(tuple), st.data())
def test_an_offset_of_the_body_leads_to_its_paragraph(
    paragraphs: tuple[str, ...], data: st.DataObject
) -> None:
    """The paragraph of an offset is the one that the character comes from."""
    number = data.draw(st.integers(0, len(paragraphs) - 1))
    before = joined((*paragraphs[:number], ""))
    offset = data.draw(st.integers(len(before), len(before) + len(paragraphs[number])))
    assert part_at(paragraphs, offset) == number


@given(POSTS, TAGS)
def test_a_post_with_tags_is_a_new_post(post: Post, tags: tuple[Tag, ...]) -> None:
    """Tagging changes the named fields of a copy and nothing of the post itself."""
    before = to_dict(post)
    tagged = with_tags(post, themes=tags, language="en")
    assert tagged == replace(post, themes=tags, language="en")
    assert to_dict(post) == before


def test_an_offset_behind_the_text_is_in_no_paragraph() -> None:
    """An offset that belongs to another post does not lead to the last paragraph."""
    assert part_at(("abc",), 9) is None
    assert part_at((), 0) is None
