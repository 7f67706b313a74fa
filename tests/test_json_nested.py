"""Posts that stand in posts: those that are read, and those that are told of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from effort import steps
from rights_search.ingest import Skipped, Source, read_file
from rights_search.ingest.json.nested import nested_in
from rights_search.post import Post

INNER = [
    {"title": "Inner one", "text": "Words of one.", "date": "2019-05-03"},
    {"title": "Inner two", "text": "Words of two.", "date": "2019-05-04"},
]
OUTER = {"title": "Outer", "text": "Words stand here."}


def read_value(value: Any, suffix: str = "json") -> tuple[list[str], list[str]]:
    """Return the titles of the posts of a document, and the reasons for what is left out."""
    content = json.dumps(value).encode()
    items = list(read_file(Source(Path("a"), f"a.{suffix}", "0", content=content)))
    posts = [item.title or "" for item in items if isinstance(item, Post)]
    skipped = [item.reason for item in items if isinstance(item, Skipped)]
    assert len(posts) + len(skipped) == len(items)
    return posts, skipped


@pytest.mark.parametrize("suffix", ["json", "jsonl"])
@pytest.mark.parametrize(
    "held",
    [
        {"comments": INNER},
        {"children": INNER},
        {"data": INNER},
        {"latestComments": INNER},
        {"comments": {"data": INNER, "paging": {"next": "x"}}},
        {"comments": {"a": INNER[0], "b": INNER[1]}},
        {"answers": INNER[:1], "replies": INNER[1:]},
    ],
)
def test_lists_of_posts_in_a_post_are_read(held: dict[str, Any], suffix: str) -> None:
    """Under the names that answers go by, in wrappers too, each is a post of its own."""
    posts, skipped = read_value({**OUTER, **held}, suffix)
    assert sorted(posts) == ["Inner one", "Inner two", "Outer"]
    assert skipped == []


def test_a_wrapped_post_has_its_comments_where_they_stand() -> None:
    """The keys lead through what exports of search engines put around a record."""
    posts, skipped = read_value([{"_id": 1, "_source": {**OUTER, "comments": INNER}}])
    assert (posts, skipped) == (["Outer", "Inner one", "Inner two"], [])


@pytest.mark.parametrize("suffix", ["json", "jsonl"])
@pytest.mark.parametrize("held", [{"revisions": INNER}, {"revisions": [[INNER[0]], [INNER[1]]]}])
def test_what_looks_like_posts_elsewhere_is_counted(held: dict[str, Any], suffix: str) -> None:
    """Under a name that may mean anything they are no posts, and the name is told."""
    posts, (reason,) = read_value({**OUTER, **held}, suffix)
    assert posts == ["Outer"]
    assert reason.startswith("2 records left out: ")
    assert "under 'revisions'" in reason


def test_parts_of_a_post_are_no_posts() -> None:
    """Tags, people, pictures, properties and pieces of a text make neither posts nor words."""
    parts = {
        "tags": [{"id": 1, "name": "torture", "description": "All that is about torture."}],
        "authors": [{"name": "Author", "text": "Author writes about courts and prisons."}],
        "media": [{"title": "A picture", "text": "What can be seen in the picture, at length."}],
        "meta": [{"name": "description", "content": "What the page says of itself, at length."}],
        "buttons": [{"title": "Share", "text": "Share this"}],
        "children": [{"text": "A piece of a rich text."}, {"text": "And one more."}],
        "reactions": {"like": 3, "by": [{"name": "Somebody"}]},
    }
    assert read_value({**OUTER, **parts}) == (["Outer"], [])


def test_a_post_that_lists_posts_is_one() -> None:
    """It has a date and a sentence, or paragraphs; a text without either is told."""
    dated = {**OUTER, "date": "2019-05-02", "items": INNER}
    assert read_value(dated) == (["Outer", "Inner one", "Inner two"], [])
    long = {"title": "Outer", "text": "One paragraph.\n\nAnd another.", "items": INNER}
    assert read_value(long) == (["Outer", "Inner one", "Inner two"], [])
    posts, (reason,) = read_value({**OUTER, "items": INNER})
    assert posts == ["Inner one", "Inner two"]
    assert reason.startswith("1 record left out: a text beside a list of posts")


def test_a_feed_has_a_description_and_is_no_post() -> None:
    """Nor is what an interface answers."""
    feed = {"title": "Feed", "description": "What it is about.", "items": INNER}
    assert read_value(feed) == (["Inner one", "Inner two"], [])
    answer = {"message": "OK", "timestamp": "2020-01-01", "items": INNER}
    assert read_value(answer) == (["Inner one", "Inner two"], [])


def test_the_elements_of_xml_are_followed_too() -> None:
    """They are read as the records of JSON."""
    comment = "<comment><author>{0}</author><text>Words of {0}.</text></comment>"
    comments = comment.format("one") + comment.format("two")
    page = (
        "<posts><post><title>Outer</title><date>2019-05-02</date><text>Words stand here.</text>"
        f"<comments>{comments}</comments></post></posts>"
    )
    items = list(read_file(Source(Path("a"), "a.xml", "0", content=page.encode())))
    texts = [item.paragraphs[0] for item in items if isinstance(item, Post)]
    assert texts == ["Words stand here.", "Words of one.", "Words of two."]


def test_to_look_through_a_record_takes_time_by_its_size() -> None:
    """However deep it nests, and however many names it has."""

    def nested(size: int) -> dict[str, Any]:
        value: dict[str, Any] = dict(INNER[0])
        for _ in range(size):
            value = {"x": [value], "y": {"z": 1}}
        return {**OUTER, "foo": value, **{f"n{number}": INNER for number in range(size)}}

    small, large = nested(30), nested(240)
    nested_in(large)  # what is remembered of names
    assert steps(lambda: nested_in(large)) < 12 * steps(lambda: nested_in(small))
    assert len(nested_in(large).left_out) == 21
