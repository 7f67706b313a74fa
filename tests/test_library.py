"""The library as a programmer meets it: at a prompt, in a web service, under a type checker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rights_search as rs


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
        ({"language": "en"}, "there is no option language; write language:… in the query"),
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
