"""What a search is asked beside its query: filters of every facet and of dates, and mistakes."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

import rights_search as rs
from rights_search import fields
from rights_search.search.questions import FILTERS

RECORDS = (
    {"title": "Une grève", "lang": "fr", "site": "Le Courrier, suite", "date": "2014-02-05",
     "country": "Mali", "text": "Les mineurs du Mali sont en grève."},
    {"title": "A strike", "lang": "en", "site": "The Courier", "date": "2014-03",
     "country": "Kenya", "text": "Miners of Kenya went on strike, as did some in Uganda."},
    {"title": "Another strike", "lang": "en", "text": "Somebody went on strike."},
)  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[rs.Archive]:
    """Return an index of three posts."""
    corpus = tmp_path_factory.mktemp("corpus")
    lines = "\n".join(map(json.dumps, RECORDS))
    (corpus / "posts.jsonl").write_text(lines, encoding="utf-8")
    with rs.Archive.create(None) as made:
        made.sync(corpus, processes=1)
        yield made


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"language": "fr"}, {"Une grève"}),
        ({"language": ["French", "de"]}, {"Une grève"}),
        ({"not_language": "fr"}, {"A strike", "Another strike"}),
        ({"source": "Le Courrier, suite"}, {"Une grève"}),
        ({"source": 'the "Courier"'}, {"A strike"}),
        ({"not_source": ("Le Courrier, suite", "The Courier")}, {"Another strike"}),
        ({"mentions": "Uganda"}, {"A strike"}),
        ({"not_mentions": "UG", "not_country": "none"}, {"Une grève"}),
        ({"date": "2014-02-01..2014-02"}, {"Une grève"}),
        ({"date": dt.date(2014, 2, 5)}, {"Une grève"}),
        ({"date": [dt.datetime(2014, 2, 5, 10, tzinfo=dt.UTC), "2014-03"]},
         {"Une grève", "A strike"}),
        ({"date": ">2014-02-28"}, {"A strike"}),
        ({"date": "last-30-days", "today": dt.date(2014, 3, 1)}, {"Une grève"}),
        ({"not_date": 2014}, {"Another strike"}),
        ({"date": "undated"}, {"Another strike"}),
    ],
)  # fmt: skip
def test_a_filter_is_a_value_and_no_query(
    archive: rs.Archive, options: dict[str, Any], found: set[str]
) -> None:
    """Language, source, mentions and dates are chosen by options, however they are spelt."""
    assert {post.title for post in archive.posts(**options)} == found


def test_every_facet_but_months_has_a_filter() -> None:
    """A chooser of values needs nothing written into the query; months are dates."""
    assert {field.name for field in fields.FACETS} - {*FILTERS.values()} == {"month"}
    wanted = {f"{prefix}{option}" for option in FILTERS for prefix in ("", "not_")}
    assert wanted <= rs.Options.__annotations__.keys()


def test_counts_of_a_filtered_facet_show_what_else_there_is(archive: rs.Archive) -> None:
    """The languages are counted without the filter of languages, and the chosen one is named."""
    results = archive.search(language="fr", facets=("language", "source"))
    assert results.facets["language"] == {"en": 2, "fr": 1}
    assert results.selected["language"] == ("fr",)
    assert results.facets["source"] == {"Le Courrier, suite": 1}


@pytest.mark.parametrize(
    ("options", "option", "text"),
    [
        ({"country": "Kenia land"}, "country", "Kenia land"),
        ({"not_place": ["Tibet", "Nowhere"]}, "not_place", "Nowhere"),
        ({"date": "2014-13"}, "date", "2014-13"),
        ({"year": ""}, "year", ""),
        ({"without_aliases": "nope"}, "without_aliases", "nope"),
        ({"query": "country:nope"}, None, "country:nope"),
        ({"query": "a" + " b" * 1000}, None, "a" + " b" * 1000),
    ],
)
def test_an_error_names_the_option_that_is_wrong(
    archive: rs.Archive, options: dict[str, Any], option: str | None, text: str
) -> None:
    """A form shows it at that field: places count in the value, else in the query."""
    with pytest.raises(rs.QueryError) as caught:
        archive.search(**options)
    copy = pickle.loads(pickle.dumps(caught.value))
    for error in (caught.value, copy):
        assert (error.option, error.query) == (option, text)
        assert error.query[error.start : error.end] or not text


def test_a_blank_source_has_its_own_way_out(archive: rs.Archive) -> None:
    """A source may be called "none", so that is no value for those that have none."""
    with pytest.raises(rs.QueryError, match="-has:source in the query"):
        archive.search(source=" ")
    assert [post.title for post in archive.posts("-has:source")] == []


@pytest.mark.parametrize(
    ("option", "instead"),
    [
        ("exact", "write mode='exact'"),
        ("since", "write date='2014-02..'"),
        ("page", "write limit and offset"),
        ("lang", "did you mean 'language'?"),
        ("author", "write author:… in the query"),
    ],
)
def test_an_option_of_another_library_is_told_from_ours(
    archive: rs.Archive, option: str, instead: str
) -> None:
    """The error says what to write for it."""
    with pytest.raises(TypeError, match="there is no option") as caught:
        archive.search("strike", **{option: "2014"})  # type: ignore[arg-type]
    assert str(caught.value).endswith(instead)


def test_an_archive_is_opened_by_its_methods() -> None:
    """What many try first says what to write."""
    with pytest.raises(TypeError, match=r"Archive\.open\(path\)"):
        rs.Archive("index")  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["get", "related", "similar"])
def test_an_id_is_text(archive: rs.Archive, method: str) -> None:
    """A parameter that is missing in a request is None."""
    with pytest.raises(TypeError, match="the id of a post is text, not None"):
        getattr(archive, method)(None)


def test_a_snippet_is_its_text() -> None:
    """Printed or put into another text it shows no marks of ours."""
    assert f"{rs.Snippet('some text', ((0, 4),))}" == "some text"
