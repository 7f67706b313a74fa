"""The library as a programmer meets it: at a prompt, in a web service, under a type checker."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

import rights_search as rs
from rights_search import post_records


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[rs.Archive]:
    """Give an index of two posts, one of them long."""
    corpus = tmp_path_factory.mktemp("corpus")
    (corpus / "peru.md").write_text(
        "# Elections in Peru\n\n3 May 2001\n\n" + "Voters in Lima stood in line. " * 300
    )
    (corpus / "note.md").write_text("# A note\n\nNothing is known of when this was written.\n")
    with rs.Archive.create(None) as made:
        made.sync(corpus, processes=1)
        yield made


def test_values_that_hold_whole_posts_are_shown_in_a_line(archive: rs.Archive) -> None:
    """A page of hits at a prompt or in a log does not print the texts of its posts."""
    results = archive.search("voters", facets=("country",))
    post_id = results[0].post.id
    post = f"<Post {post_id} 2001-05-03 'Elections in Peru' 'peru.md:1'>"
    assert repr(results[0].post) == post
    assert repr(results[0]) == f"<Hit 1 score={results[0].score:.3f} {post}>"
    assert repr(results) == "<Results 'voters': hits 1 to 1 of 1, 1 posts match>"
    assert repr(archive.search("voters", offset=5)).endswith("no hits, 1 posts match>")
    assert "undated" in repr(archive.search("note")[0].post)
    assert repr(archive.stats()).endswith("2 posts of 2 files, whoosh>")
    assert repr(archive.explain("voters")) == "<Explanation 'voters': 1 posts match>"


def test_what_has_many_parts_is_shown_in_a_line(archive: rs.Archive) -> None:
    """An archive of ten years has hundreds of months, values and files."""
    problems = tuple(rs.Problem("a.md", "is empty") for _ in range(1000))
    assert repr(rs.SyncSummary(added=2, files=3, files_read=1, failed=1, problems=problems)) == (
        "<SyncSummary: 2 posts added, 0 changed, 0 removed, 0 unchanged; "
        "1 of 3 files read, 1 failed; 1000 problems>"
    )
    facets = archive.facets("", by=("country", "year"))
    assert repr(facets["country"]) == "<FacetTable country: none 1, PE 1>"
    assert repr(facets["country"]) in repr(facets)
    short = archive.facets("", by=("country",), limit=1)["country"]
    assert repr(short) == "<FacetTable country: none 1 +1 more>"
    assert repr(archive) == "<Archive in memory: whoosh>"
    assert repr(archive.manifest).endswith("2 posts of 2 files, whoosh, commit 1>")
    assert re.fullmatch(r"<Vocabulary built in: \d+ themes, \d+ groups>", repr(archive.vocabulary))
    year = archive.timeline("voters")
    assert repr(year) == "<Timeline 'voters': 1 posts match, by month, 2001-05 to 2001-05>"
    assert repr(archive.timeline("zebra")) == "<Timeline 'zebra': 0 posts match, by year>"


def test_an_archive_tells_where_it_is(tmp_path: Path) -> None:
    """Of two archives in one program the prompt tells which is which."""
    with rs.Archive.create(tmp_path / "index") as made:
        assert repr(made) == f"<Archive {str(tmp_path / 'index')!r}: whoosh>"


def test_facets_are_looked_up_by_name_and_gone_through(archive: rs.Archive) -> None:
    """Tables come in the order that was asked for, values with the most frequent first."""
    facets = archive.facets("", by=("year", "country"))
    assert [table.facet for table in facets] == ["year", "country"]
    assert [(each.value, each.count) for each in facets["year"]] == [("", 1), ("2001", 1)]
    assert (len(facets), len(facets["year"])) == (2, 2)
    with pytest.raises(KeyError, match="theme"):
        facets["theme"]


def test_every_public_name_is_listed_before_it_is_asked_for() -> None:
    """Tab at a prompt and `help` find what a new process has not imported yet."""
    program = "import rights_search as rs; print(sorted(set(rs.__all__) - set(dir(rs))), dir(rs))"
    listed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert listed.startswith("[] ")
    assert "import_module" not in listed


def test_every_answer_becomes_json_and_says_the_same(archive: rs.Archive) -> None:
    """`to_dict` keeps names and values, and the same question gives the same dictionary."""
    results = archive.search("voters", facets=("country",))
    record = json.loads(json.dumps(rs.to_dict(results)))
    assert record == rs.to_dict(archive.search("voters", facets=("country",)))
    assert (record["total"], record["distinct"], record["facets"]) == (1, 1, {"country": {"PE": 1}})
    post = record["hits"][0]["post"]
    assert post["countries"][0]["value"] == "PE"
    assert post["date"]["iso"] == "2001-05-03"
    assert post["date"]["precision"] == "day"
    assert post_records.from_dict(post) == results[0].post
    answers = (
        results[0].post.countries[0],
        archive.explain("voters"),
        archive.facets(""),
        archive.timeline(""),
        archive.stats(),
        archive.related(results[0].post.id),
        archive.news("voters", reported={}),
    )
    for answer in answers:
        assert json.loads(json.dumps(rs.to_dict(answer))) == rs.to_dict(answer)


@pytest.mark.parametrize("value", [None, "voters", {"rank": 1}, ("PE",), rs.Hit, 3])
def test_what_is_no_answer_is_refused_by_to_dict(value: object) -> None:
    """A caller learns at once that it handed over something else."""
    with pytest.raises(TypeError, match="a post, a hit or another result is wanted"):
        rs.to_dict(value)


def test_half_a_character_of_a_query_is_shown_as_one_that_is_lost(archive: rs.Archive) -> None:
    """A service that reads JSON gets such, and its answers are encoded in the end."""
    results = archive.search("voters \ud800")
    assert results.query == "voters \ufffd"
    assert [hit.post.title for hit in results] == ["Elections in Peru"]
    assert json.dumps(rs.to_dict(results), ensure_ascii=False).encode()
    with pytest.raises(rs.QueryError) as caught:
        archive.search(country="\ud800")
    assert caught.value.query == "\ufffd"


def test_matches_are_marked_in_html_that_holds_no_markup_of_the_post() -> None:
    """What a source wrote cannot act in a page, inside of a match neither."""
    snippet = rs.Snippet('<b>a & "b"</b> c\'d', ((3, 4), (8, 9), (15, 18)))
    assert snippet.to_html() == (
        "&lt;b&gt;<mark>a</mark> &amp; &quot;<mark>b</mark>&quot;&lt;/b&gt; <mark>c&#x27;d</mark>"
    )
    assert rs.Snippet("a<").to_html() == "a&lt;"
    assert snippet.to_html("em").count("<em>") == 3


def test_a_title_is_marked_as_a_snippet_is(archive: rs.Archive) -> None:
    """The spans of the title are those that `Hit.title_spans` has."""
    assert archive.search("elections")[0].title_to_html() == "<mark>Elections</mark> in Peru"


def test_one_group_of_other_names_is_given_as_it_is(archive: rs.Archive) -> None:
    """A text stands for itself and not for its letters."""
    assert not archive.search("torture", without_aliases="torture").expansions
    assert archive.search("torture").expansions


def test_a_blank_filter_is_told_how_to_choose_what_has_no_value(archive: rs.Archive) -> None:
    """The empty value of `Results.facets` has a name in a filter; the query is not at fault."""
    with pytest.raises(rs.QueryError, match="The country is blank; 'none' stands") as caught:
        archive.search("voters", country="")
    assert caught.value.query == ""
    with pytest.raises(rs.QueryError, match="The not_year is blank; 'undated' stands"):
        archive.search("voters", not_year=[" "])
    with pytest.raises(rs.QueryError, match="The without_aliases is blank; it is the id of"):
        archive.search("voters", without_aliases="")


def test_results_without_facets_have_none_of_them(archive: rs.Archive) -> None:
    """Whether facets were asked for or not, they are a mapping."""
    assert archive.search("voters").facets == {}


def test_labels_are_what_people_read(archive: rs.Archive) -> None:
    """Values of facets have words; what is not known is its own."""
    asked = [("country", "PE"), ("country", "005"), ("country", ""), ("theme", "fair-trial")]
    labels = [archive.label(facet, value) for facet, value in asked]
    assert labels == ["Peru", "South America", "no country", "Justice system and fair trial"]
    assert archive.label("source", "example.org") == "example.org"
    assert archive.label("language", "zz") == "zz"


@pytest.mark.parametrize("method", ["get", "related", "similar"])
def test_an_id_of_no_post_has_an_error_of_its_own(archive: rs.Archive, method: str) -> None:
    """A service answers it with "not found", and other errors otherwise."""
    with pytest.raises(rs.NoSuchPostError, match="There is no post 'abcdef'") as caught:
        getattr(archive, method)("abcdef")
    assert (caught.value.post_id, caught.value.candidates) == ("abcdef", ())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"query": None}, "a query is text, not None"),
        ({"limit": "10"}, "limit is a whole number, not '10'"),
        ({"offset": None}, "offset is a whole number, not None"),
        ({"author": "x"}, "there is no option author; write author:… in the query"),
        ({"lang": "x"}, "there is no option lang; did you mean 'language'?"),
        ({"location": "x"}, "there is no option location; did you mean 'place'?"),
        ({"date": 2014.0}, "date is text, or some texts, not 2014.0"),
        ({"country": b"PE"}, "country is text, or some texts, not b'PE'"),
        ({"not_year": [2001.0]}, "not_year is text, or some texts, not 2001.0"),
        ({"year": 2001.0}, "year is text, or some texts, not 2001.0"),
        ({"today": "2001-05-03"}, "today is a datetime.date, not '2001-05-03'"),
        ({"cuntry": "PE"}, "there is no option cuntry; did you mean 'country'?"),
        ({"zzzz": 1}, "there is no option zzzz; options are country, year,"),
    ],
)
def test_what_is_of_the_wrong_type_is_named(
    archive: rs.Archive, options: dict[str, Any], message: str
) -> None:
    """Parameters come from web forms as text or None: the error says which one is wrong."""
    with pytest.raises(TypeError) as caught:
        archive.search(**options)
    assert str(caught.value).startswith(message)


def test_an_engine_that_there_is_not_is_named(tmp_path: Path) -> None:
    """The error names the engines, and no folder is made."""
    with pytest.raises(ValueError, match="no engine 'lucene'; there are whoosh, tantivy"):
        rs.Archive.create(tmp_path / "index", engine="lucene")
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("form", get_args(rs.ExportFormat))
def test_posts_are_exported_and_counted(archive: rs.Archive, form: rs.ExportFormat) -> None:
    """Every format of the type is written; the number is that of the posts."""
    stream = io.StringIO()
    posts = list(archive.posts())
    assert rs.export(iter(posts), stream, form) == len(posts) > 0
    assert posts[0].title in stream.getvalue().replace("\\", "")
    assert rs.export((), stream, form) == 0


def test_a_format_that_there_is_not_is_named(archive: rs.Archive) -> None:
    """Nothing is read or written then."""
    stream = io.StringIO()
    with pytest.raises(ValueError, match="no format 'xlsx'; there are jsonl, csv, bibtex,"):
        rs.export(archive.posts(), stream, "xlsx")  # type: ignore[arg-type]
    assert not stream.getvalue()


def test_a_post_is_cited_in_a_line(archive: rs.Archive) -> None:
    """The citation is that of the exports."""
    (post,) = archive.posts("title:elections")
    record = io.StringIO()
    rs.export([post], record, "jsonl")
    assert json.loads(record.getvalue())["citation"] == rs.cite(post)
    assert "“Elections in Peru”" in rs.cite(post)
