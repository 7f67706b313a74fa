"""Records with known keys: names of fields, authors, labels, bodies."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.ingest.paragraphs import (
    Blocks,
    is_telling_caption,
    looks_like_html,
    plain_line,
    split_plain,
    tidy,
)
from rights_search.ingest.people import People, people
from rights_search.ingest.records.draft import Setting, has_content, to_draft, without_wrapper
from rights_search.ingest.records.keys import field_of
from rights_search.ingest.records.values import host_of, split_countries
from rights_search.ingest.settings import Settings
from rights_search.ingest.source import Draft, Source
from rights_search.languages import language_code

SOURCE = Source(Path("x.json"), "x.json", "0" * 64)


def draft(record: dict[str, Any], body: Blocks | None = None) -> Draft:
    """Return the draft of ``record``, with a source that says nothing."""
    return to_draft(record, Setting(SOURCE, "json"), body)


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("headline", "title"),
        ("Título", "title"),
        ("articleBody", "text"),
        ("content_html", "text"),
        ("datePublished", "date"),
        ("article:published_time", "date"),
        ("pubDate", "date"),
        ("Дата", "date"),
        ("lastmod", "updated"),
        ("dateModified", "updated"),
        ("field_date", "date"),
        ("field_press_contact", None),
        ("dc:creator", "authors"),
        ("by-line", "authors"),
        ("page_country", "page_country"),
        ("Country Name", "countries"),
        ("pays", "countries"),
        ("keywords", "tags"),
        ("Themes", "tags"),
        ("inLanguage", "language"),
        ("permalink", "url"),
        ("guid", "key"),
        ("og:site_name", "source_name"),
        ("photo caption", "captions"),
        ("Überschrift (Titel)", "title"),
        ("Publication date (dd/mm/yyyy)", "date"),
        ("Country/Region", "countries"),
        ("Titel / Title", "title"),
        ("author/name", "authors"),
        ("next_post/title", None),
        ("rating", None),
        ("", None),
    ],
)
def test_names_are_known_in_every_spelling(key: str, field: str | None) -> None:
    """Case, signs and name spaces do not count; what is not in the table is unknown."""
    found = field_of(key)
    assert (found[0] if found else None) == field


def test_the_first_name_of_a_field_wins() -> None:
    """A title beats a headline, whatever stands first in the record."""
    found = draft({"name": "c", "headline": "b", "title": "a", "text": "t"})
    assert found.title == "a"
    assert draft({"headline": "b", "title": "  ", "text": "t"}).title == "b"
    assert draft({"title (fr)": "c", "heading": "b", "text": "t"}).title == "b"


def test_a_field_of_the_site_goes_before_when_a_record_was_made() -> None:
    """Drupal's ``created`` is that of the node; the site's own ``field_date`` dates the text."""
    found = draft({"created": 1262332800, "field_date": "2009-12-30T00:00:00", "body": "A text."})
    assert found.date is not None
    assert found.date.iso == "2009-12-30"


def test_unknown_keys_are_listed_once() -> None:
    """What was not used is said, empty values aside."""
    (note,) = draft({"text": "t", "rating": 5, "stars": None, "mood": "grim"}).notes
    assert note == "keys not used: rating, mood"


def test_a_record_of_other_things_keeps_its_note_short() -> None:
    """A hundred unknown keys are counted, not listed."""
    (note,) = draft({f"k{number}": 1 for number in range(100)}).notes
    assert note.endswith("k11 and 88 more")


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2019-09", "2019-09"),
        (2019, "2019"),
        (dt.date(2019, 9, 19), "2019-09-19"),
        (dt.datetime(2019, 9, 19, 23, 30, tzinfo=dt.UTC), "2019-09-19"),
        ("2019-09-19T23:30:00-05:00", "2019-09-19"),
        ({"$date": "2019-09-19T00:00:00Z"}, "2019-09-19"),
        (["2019-09-19", "2020-01-01"], "2019-09-19"),
        (1568887200, "2019-09-19"),
        (True, None),
        ({}, None),
        ([], None),
    ],
)
def test_dates_of_every_type(value: Any, date: str | None) -> None:
    """Text, numbers, decoded dates and wrapped ones; nothing else is a date."""
    found = draft({"text": "t", "date": value}).date
    assert (found.iso if found else None) == date


def test_a_date_that_is_none_is_noted_and_the_next_is_taken() -> None:
    """A wrong date is named; another key may still tell the date."""
    found = draft({"text": "t", "date": "2019-02-30", "created": "2019-03-01"})
    assert found.date is not None
    assert (found.date.iso, found.date.origin) == ("2019-03-01", "json: created")
    assert found.notes == ("date '2019-02-30' is not understood as a date",)


def test_the_order_of_day_and_month_is_the_source_s() -> None:
    """What the user said of the folder decides 03/04/2019."""
    source = Source(Path("x"), "x", "0", settings=Settings(day_first=True))
    found = to_draft({"text": "t", "date": "03/04/2019"}, Setting(source, "json"))
    assert found.date is not None
    assert found.date.iso == "2019-04-03"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ana Ruiz", People(("Ana Ruiz",))),
        ("By Ana Ruiz and Bo Chan", People(("Ana Ruiz", "Bo Chan"))),
        ("Ana Ruiz (Net Watch), Bo Chan", People(("Ana Ruiz", "Bo Chan"), None, "Net Watch")),
        ("Ruiz, Ana", People(("Ruiz, Ana",))),
        ("Ruiz, A.; Chan, B.", People(("Ruiz, A.", "Chan, B."))),
        ("José Ortega y Gasset", People(("José Ortega y Gasset",))),
        ("Committee for Rule of Law and Peace", People(("Committee for Rule of Law and Peace",))),
        ("Human Rights Watch", People(("Human Rights Watch",))),
        ("drw", People(("drw",))),
        ("ana@example.org (Ana Ruiz)", People(("Ana Ruiz",))),
        ("ana@example.org", People()),
        ("https://social.example/ana", People()),
        (
            "Ana Ruiz, Researcher at Net Watch",
            People(("Ana Ruiz",), "Researcher at Net Watch", "Net Watch"),
        ),
        (
            {"name": "Ana Ruiz", "jobTitle": "Researcher", "affiliation": {"name": "Net Watch"}},
            People(("Ana Ruiz",), "Researcher", "Net Watch"),
        ),
        ({"first_name": "Ana", "last_name": "Ruiz"}, People(("Ana Ruiz",))),
        ({"url": "https://example.org"}, People()),
    ],
)
def test_authors_are_taken_apart(value: Any, expected: People) -> None:
    """Lists in one string, organisations in brackets, mail addresses and objects."""
    assert people([value]) == expected


def test_author_lists_of_mixed_kind() -> None:
    """Objects and strings, nested lists, and one name twice."""
    found = draft({"text": "t", "authors": [[{"name": "Ana Ruiz"}], "Bo Chan", "Ana Ruiz"]})
    assert found.authors == ("Ana Ruiz", "Bo Chan")


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Peru", ["Peru"]),
        ("Peru; Chile", ["Peru", "Chile"]),
        ("Australia, Nauru", ["Australia", "Nauru"]),
        ("Congo, Democratic Republic of the", ["Congo, Democratic Republic of the"]),
        ("Bosnia and Herzegovina", ["Bosnia and Herzegovina"]),
        ("Africa, Asia", ["Africa, Asia"]),
    ],
)
def test_country_labels_are_parted_with_care(label: str, expected: list[str]) -> None:
    """A comma parts countries only where each part is one."""
    assert split_countries(label) == expected


def test_labels_come_in_strings_and_lists() -> None:
    """A joined string is parted, the items of a list are not; order stays, doubles go."""
    found = draft({"text": "t", "tags": "a, b; c", "topics": ["d, e", {"name": "b"}, "a, b"]})
    assert found.source_tags == ("a, b", "c", "d, e", "b")
    assert draft({"text": "t", "keywords": "a, b"}).source_tags == ("a", "b")


def test_page_country_becomes_a_code() -> None:
    """The page's country is needed as a code; a name that is none is noted."""
    assert draft({"text": "t", "page_country": "Russian Federation"}).page_country == "RU"
    odd = draft({"text": "t", "page_country": "Ruritania"})
    assert odd.page_country is None
    assert odd.notes == ("page_country 'Ruritania' is not understood as a country",)
    assert draft({"text": "t", "listed_under": ["Peru"]}).page_country == "PE"
    assert draft({"text": "t", "listed_under": ["Peru", "Chile"]}).page_country is None


def test_objects_stand_for_what_they_hold() -> None:
    """WordPress renders, schema.org names, others link."""
    found = draft(
        {
            "title": {"rendered": "Teachers &#8220;reinstated&#8221; at <em>last</em>"},
            "content": {"rendered": "<p>One.</p><p>Two.</p>"},
            "url": {"@id": "https://a.example/1"},
            "contentLocation": {"@type": "Place", "name": "Soweto"},
            "source": {"name": "The Daily"},
            "image": {"url": "x.jpg", "caption": "A class in Soweto"},
        }
    )
    assert found.title == "Teachers “reinstated” at last"
    assert found.paragraphs == ("One.", "Two.")
    assert (found.url, found.place, found.source_name) == (
        "https://a.example/1",
        "Soweto",
        "The Daily",
    )
    assert found.captions == ("A class in Soweto",)


def test_a_text_elsewhere_beats_the_record_s() -> None:
    """The body of a Markdown file is its text; an excerpt only fills a gap."""
    record = {"title": "T", "excerpt": "short"}
    assert draft(record, Blocks(("long",))).paragraphs == ("long",)
    assert draft(record, Blocks()).paragraphs == ("short",)
    assert draft(record).paragraphs == ("short",)


def test_markdown_and_html_bodies_are_read_as_such() -> None:
    """The name of the key or the look of the text says how it is written."""
    assert draft({"body_md": "# T\n\nA **b**"}).paragraphs == ("T", "A b")
    assert draft({"text": "<p>A <b>b</b></p><p>c"}).paragraphs == ("A b", "c")
    assert draft({"text": "a < b and c > d"}).paragraphs == ("a < b and c > d",)
    assert draft({"html": "no tags"}).paragraphs == ("no tags",)


def test_html_that_nests_without_end_keeps_its_words() -> None:
    """A field is no reason to lose the record."""
    assert draft({"html": "<div>" * 5000 + "words"}).paragraphs == ("words",)


def test_half_a_surrogate_pair_is_replaced() -> None:
    """JSON can spell what no file can hold."""
    found = draft({"title": "a\ud800b", "text": "c\udfff"})
    assert (found.title, found.paragraphs) == ("a\ufffdb", ("c\ufffd",))


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"_id": 1, "_source": {"title": "a"}}, {"_id": 1, "title": "a"}),
        (
            {"title": "a", "attributes": {"title": "b"}},
            {"title": "a", "attributes": {"title": "b"}},
        ),
        ({"node": {"colour": "red"}}, {"node": {"colour": "red"}}),
    ],
)
def test_one_wrapper_is_taken_off(record: dict[str, Any], expected: dict[str, Any]) -> None:
    """Only where the record itself has no content and the inner one has."""
    assert without_wrapper(record) == expected


def test_content_is_a_title_or_a_text() -> None:
    """A date and a tag make no post."""
    assert has_content({"headline": "x"})
    assert not has_content({"date": "2019", "tags": ["a"], "title": " "})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
NAMES = (
    "title text date updated authors tags countries url image id html body_md caption language "
    "page_country source role place x"
)
KEYS = st.sampled_from(NAMES.split())


@given(st.dictionaries(KEYS, JSON))
def test_no_record_makes_it_fail(record: dict[str, Any]) -> None:
    """Whatever JSON stands under the known keys, a draft of clean strings comes out."""
    found = draft(record)
    texts = [*found.paragraphs, *found.authors, *found.source_tags, *found.captions]
    texts += filter(None, (found.title, found.key, found.url, found.place))
    assert all(text and text == tidy(text) for text in texts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo", ("one two",)),
        ("one\r\n\r\ntwo\n \n\nthree", ("one", "two", "three")),
        (
            "A sentence.\nAnother one.\nA third one!",
            ("A sentence.", "Another one.", "A third one!"),
        ),
        ("A wrapped\nsentence that goes\non.", ("A wrapped sentence that goes on.",)),
        ("R&amp;D &copy 5", ("R&D &copy 5",)),
        ("\u00a0\n\n\t", ()),
    ],
)
def test_plain_text_is_parted(text: str, expected: tuple[str, ...]) -> None:
    """Blank lines part; single line ends do where lines end as sentences do."""
    assert split_plain(text) == expected


def test_small_text_repairs() -> None:
    """Character references, tags, captions that say nothing."""
    assert plain_line("AT&amp;T &#8211; <i>a</i> < b") == "AT&T – a < b"
    assert looks_like_html("<p>x")
    assert not looks_like_html("x <y> z")
    assert is_telling_caption("A crowd in Rabat")
    assert not any(map(is_telling_caption, ["", "photo", "IMG_01 copy.jpg", "site logo"]))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Example.org/x", "example.org"),
        ("//cdn.example.org", "cdn.example.org"),
        ("https://u:p@example.org:8080/", "example.org"),
        ("/2016/09/x", None),
        ("not a url", None),
        ("", None),
    ],
)
def test_the_host_of_an_address(url: str, host: str | None) -> None:
    """A relative address has none."""
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en-GB", "en"),
        ("en_US.UTF-8", "en"),
        ("zh-Hans", "zh"),
        ("eng", "en"),
        ("Français", "fr"),
        ("русский", "ru"),
        ("und", None),
        ("xx", None),
        ("", None),
        (None, None),
    ],
)
def test_language_tags(tag: str | None, code: str | None) -> None:
    """Regions go, three letters and names are known; what is none is None."""
    assert language_code(tag) == code


@pytest.mark.parametrize(
    "value",
    [
        "0000-00-00 00:00:00",
        "-0001-11-30T00:00:00+00:00",
        "Mon, 30 Nov -0001 00:00:00 +0000",
        "0001-01-01T00:00:00Z",
    ],
)
def test_what_databases_write_for_no_date_is_no_wrong_date(value: str) -> None:
    """Each draft in an export of WordPress has it, and a note each would hide the others."""
    found = draft({"text": "t", "date": value, "modified": value})
    assert (found.date, found.updated, found.notes) == (None, None, ())


def test_how_many_there_are_is_no_name() -> None:
    """In Spanish "Nombre" is a name, in French a number: the value tells."""
    assert draft({"Nombre": "Ada Example", "texto": "t"}).title == "Ada Example"
    counted = draft({"Nombre": "12", "texte": "t"})
    assert (counted.title, counted.notes) == (None, ("keys not used: Nombre",))
