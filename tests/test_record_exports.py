"""Exports of social networks and blogs: what no fixture beside an expectation can show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.errors import ReadError
from rights_search.ingest import Skipped, read
from rights_search.ingest.exports.known import as_record
from rights_search.ingest.exports.names import GHOST, VK, with_names
from rights_search.ingest.exports.rows import as_row
from rights_search.ingest.exports.tweets import tweet
from rights_search.ingest.exports.values import LeftOut
from rights_search.ingest.files import why_no_post
from rights_search.ingest.json.search import (
    MAX_ANSWERS,
    TOO_DEEP,
    answers_in,
    is_record,
    records_in,
)
from rights_search.ingest.records.draft import Setting, to_draft
from rights_search.ingest.source import Source
from rights_search.post import Post

SOURCE = Source(Path("x.json"), "x.json", "0" * 64)

# Names of keys that the rules look at, so that their values are met in every wrong kind.
KEYS = st.sampled_from(
    "type date text object content id action poll name account reblog tweet id_str full_text user "
    "entities urls hashtags author_id includes users author note_tweet attachments data timestamp "
    "post media title creation_timestamp record createdAt uri owner_id copy_history permalink url "
    "body selftext guid rendered _embedded wp:term retweeted_status attachment tag messages "
    "text_entities date_unixtime oneOf contentMap event place value embed external images facets "
    "features tags sender_name timestamp_ms share timestampEdited embeds guild channel comment_id "
    "posts posts_authors posts_tags author_id post_id tag_id sort_order users replies _ _type "
    "rawContent links outlinks tcooutlinks retweetedTweet subreddit link_id to_id copy_history "
    "profiles groups from_id first_name kind snippet topLevelComment resourceId videoId cid "
    "comment time_parsed parent extractor webpage_url schema properties bodyText from platformId "
    "fields url_alias peer_id channel_id".split()
)
LEAVES = st.sampled_from(
    [
        "message",
        "service",
        "Create",
        "Announce",
        "/r/x",
        "é",
        "",
        1,
        None,
        2.5,
        "Message",
        "youtube#video",
        "snscrape.modules.twitter.Tweet",
        "Article",
        "photo",
    ]
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=8),
    max_leaves=30,
)


@given(value=st.dictionaries(KEYS, VALUES, max_size=8), holder=st.dictionaries(KEYS, VALUES))
def test_keys_of_an_export_may_hold_anything(value: dict[str, Any], holder: dict[str, Any]) -> None:
    """A value of another kind than an export has is no error of the program."""
    record = as_record(value, with_names(holder))
    if not isinstance(record, LeftOut):
        to_draft(record, Setting(SOURCE, "json"))


@given(value=VALUES)
def test_a_record_is_not_searched_for_others(value: Any) -> None:
    """A record comes back, and behind it only what answers it; anything else at least itself."""
    found = [record for record, _ in records_in(value)]
    if is_record(value):
        assert found[0] == value
        assert len(found) == 1 or any(answers_in(value))
    assert found


def test_a_list_of_channels_gives_the_messages_of_each(tmp_path: Path) -> None:
    """Each has the lines where it stands, the name of its channel, and an id of its own."""
    message = {"id": 7, "type": "message", "date": "2021-03-04T12:00:00", "text": "The same words."}
    chats = [{"name": name, "id": 1, "messages": [message]} for name in ("North", "South")]
    path = tmp_path / "result.json"
    path.write_text(json.dumps({"chats": {"list": chats}}, indent=0), encoding="utf-8")
    posts = [item for item in read(path) if isinstance(item, Post)]
    assert [post.source for post in posts] == ["North", "South"]
    assert len({post.id for post in posts}) == 2
    lines = path.read_text(encoding="utf-8").split("\n")
    starts = [post.provenance.line_start or 0 for post in posts]
    assert [lines[start : start + 1] for start in starts] == [['"id": 7,'], ['"id": 7,']]
    assert starts[0] < starts[1]


@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
@pytest.mark.parametrize("is_keyed", [False, True])
def test_answers_are_followed_as_deep_as_is_said(
    tmp_path: Path, suffix: str, *, is_keyed: bool
) -> None:
    """Fifty posts of sixty that answer one another are read, and the rest is told of."""
    post: dict[str, Any] = {"text": "The last answer."}
    for number in range(59):
        post = {"text": f"Answer {number}.", "replies": {"a": post} if is_keyed else [post]}
    path = tmp_path / f"thread{suffix}"
    path.write_text(json.dumps(post) + "\n", encoding="utf-8")
    *posts, last = read(path)
    assert len(posts) == MAX_ANSWERS
    assert all(isinstance(item, Post) for item in posts)
    assert isinstance(last, Skipped)
    assert last.reason == f"1 record left out: {TOO_DEEP.reason}"


def test_a_channel_that_breaks_off_says_so(tmp_path: Path) -> None:
    """What is no JSON to its end is an error with a line, and no post is made of its head."""
    path = tmp_path / "result.json"
    path.write_text('{"name": "North", "messages": [{"type": "message",', encoding="utf-8")
    (error,) = read(path)
    assert isinstance(error, ReadError)
    assert "broken JSON" in error.reason


@pytest.mark.parametrize(
    "name", ["tweets.js", "tweet.js", "tweets-part1.js", "note-tweet.js", "deleted-tweets.js"]
)
def test_the_posts_of_an_archive_are_read_in_spite_of_their_suffix(name: str) -> None:
    """All other scripts in such an archive hold no posts."""
    assert why_no_post(name) is None
    assert why_no_post(f"my-{name}") is not None
    assert why_no_post("manifest.js") is not None


@pytest.mark.parametrize(
    ("name", "head", "date"),
    [
        ("2018-12-10-a.md", "---\ntitle: A\n---\n", "2018-12-10"),
        ("2018-12-10-a.md", "---\ntitle: A\ndate: 2017-01-02\n---\n", "2017-01-02"),
        ("2018-13-10-a.md", "---\ntitle: A\n---\n", None),
        ("2018-12-10-a.md", "", None),
        ("2018-12-10-a.md", '{"title": "A", "date": "2017-01-02"}\n', "2017-01-02"),
        ("a.md", '{"title": "A"} is what the file says\n', None),
    ],
)
def test_front_matter_dates_a_post_or_its_name_does(
    tmp_path: Path, name: str, head: str, date: str | None
) -> None:
    """A name is believed only beside front matter that tells no date, as Jekyll does."""
    path = tmp_path / name
    path.write_text(f"{head}\nThe text of the post.\n", encoding="utf-8")
    (post,) = read(path)
    assert isinstance(post, Post)
    assert (post.date and post.date.iso) == date


@pytest.mark.parametrize(
    "value",
    [
        {VK: "x", "items": [{"owner_id": 1, "id": 2, "date": 3, "text": "A text."}]},
        {GHOST: {"a": 1}, "posts": [{"id": 1, "comment_id": "1", "title": "A title"}]},
        {"content": {"rendered": "x"}, "guid": {"rendered": "y"}, "_embedded": {"wp:term": 5}},
    ],
)
def test_what_a_file_calls_as_we_do_is_not_ours(tmp_path: Path, value: dict[str, Any]) -> None:
    """Names come from lists that were understood; a key of the same name ended the run."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    (post,) = read(path)
    assert isinstance(post, Post)


@pytest.mark.parametrize(
    "value",
    [
        {"cid": "bafy", "text": "A text.", "createdAt": "2023-05-06"},
        {"schema": "post/1", "properties": {"title": "A title", "text": "A text."}},
        {"schema": "Article", "properties": {"words": 3}, "title": "A title", "text": "A text."},
    ],
)
def test_a_key_of_an_export_alone_is_no_export(value: dict[str, Any]) -> None:
    """Its own fields are read by their names, none of them left out."""
    found = as_record(value)
    assert not isinstance(found, LeftOut)
    draft = to_draft(found, Setting(SOURCE, "json"))
    assert draft.paragraphs == ("A text.",)
    assert draft.title == "A title" or draft.date


def test_a_property_of_an_entity_may_have_several_texts() -> None:
    """The pages of a document are all its text."""
    found = as_record({"schema": "Pages", "properties": {"indexText": ["One.", "Two."]}})
    assert not isinstance(found, LeftOut)
    assert to_draft(found, Setting(SOURCE, "json")).paragraphs == ("One.", "Two.")


def test_a_forum_with_threads_keeps_its_source() -> None:
    """Only in tables of Twitter that 4CAT collected is it a program."""
    row = {"thread_id": "1", "body": "The library opens.", "source": "The Bulletin"}
    assert as_row(dict(row))["source"] == "The Bulletin"
    assert "source" not in as_row({**row, "is_retweet": "no"})


def test_addresses_in_a_tweet_stand_for_their_short_ones_once() -> None:
    """One after the other, each that holds the short one doubled the text: 2 to the power of 40."""
    links = [{"url": "t.co/a", "expanded_url": "t.co/a t.co/a"}] * 40
    links += [{"url": "t.co/ab", "expanded_url": "example.org/ab"}]
    links += [{"url": "t.co/c", "expanded_url": "x" * 5_000}]
    long = "t.co/" + "d" * 100
    links += [{"url": long, "expanded_url": "example.org/d"}]
    made = tweet(
        {
            "id_str": "1",
            "full_text": f"Read t.co/a, t.co/ab, t.co/c and {long}.",
            "entities": {"urls": links},
        },
        {},
    )
    assert made is not None
    assert made["full_text:text"] == f"Read t.co/a t.co/a, example.org/ab, t.co/c and {long}."
