"""Pages of what Facebook and Instagram let one download, in HTML: a post a box."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rights_search.errors import ReadError
from rights_search.ingest import Skipped, read
from rights_search.post import Post

FIRST = "The court ordered the release of nine journalists."
SECOND = "Nobody said why they had been arrested."
DONE = "Example Watch updated her status."


def new(head: str, words: str, moment: str) -> str:
    """Return a box as the pages have it since 2022."""
    return (
        f'<section class="_a6-g"><h2 class="_2ph_ _a6-h _a6-i">{head}</h2>'
        f'<div class="_2ph_ _a6-p"><div class="_2pin"><div>{words}</div></div></div>'
        '<footer class="_3-94 _a6-o"><a href="https://www.facebook.com/dyi/">'
        f'<div class="_a72d">{moment}</div></a></footer></section>'
    )


def old(head: str, words: str, moment: str) -> str:
    """Return a box as they had it before."""
    return (
        '<div class="pam _3-95 _2pi0 _2lej uiBoxWhite noborder">'
        f'<div class="_3-96 _2pio _2lek _2lel">{head}</div>'
        f'<div class="_3-96 _2let"><div>{words}</div></div>'
        f'<div class="_3-94 _2lem"><a href="https://www.facebook.com/dyi/">{moment}</a></div></div>'
    )


def page(folder: Path, name: str, *boxes: str) -> list[Post | Skipped | ReadError]:
    """Return what a page of a download with these boxes gives."""
    head = "<head><title>Your posts</title></head>"
    body = f'<body class="_5vb_ _a6-g"><main role="main">{"".join(boxes)}</main></body>'
    (folder / name).write_text(f"<html>{head}{body}</html>", encoding="utf-8")
    return list(read(folder))


@pytest.mark.parametrize("box", [new, old])
def test_each_box_is_a_post(tmp_path: Path, box: Callable[[str, str, str], str]) -> None:
    """Its moment is its date, what was done its caption; the link is that of all of them."""
    boxes = (box(DONE, FIRST, "May 03, 2014 10:00:55 am"), box(DONE, SECOND, "4 mai 2014, 10:00"))
    nothing = box("Example Watch added a picture.", "<img src='a.jpg'>", "May 05, 2014 10:00:55 am")
    first, second, left = page(tmp_path, "your_posts_1.html", *boxes, nothing)
    assert isinstance(first, Post)
    assert isinstance(second, Post)
    assert isinstance(left, Skipped)
    assert (first.paragraphs, second.paragraphs) == ((FIRST,), (SECOND,))
    assert (str(first.date), str(second.date)) == ("2014-05-03", "2014-05-04")
    assert (first.captions, first.url, first.title_derived) == ((DONE,), None, True)
    assert left.reason == "1 record left out: without words, such as a picture alone"


def test_the_words_of_a_picture_stand_above_it(tmp_path: Path) -> None:
    """Below are the place and the camera, in a table; a post may say when it was changed."""
    facts = "<table><tr><td>Latitude<div>41.9</div></td></tr></table>"
    (post,) = page(tmp_path, "posts_1.html", new(FIRST, facts, "May 03, 2014 10:00 am"))
    assert isinstance(post, Post)
    assert (post.paragraphs, post.captions) == ((FIRST,), ())


def test_a_message_is_by_whoever_is_named_above_it(tmp_path: Path) -> None:
    """And an update of a post is no part of its text."""
    (post,) = page(tmp_path, "message_1.html", new("Ada Example", FIRST, "May 03, 2014 10:00 am"))
    assert isinstance(post, Post)
    assert (post.authors, post.captions) == (("Ada Example",), ())
    (tmp_path / "message_1.html").unlink()
    words = f"{FIRST}</div><div>Updated May 04, 2014 11:00 am"
    (post,) = page(tmp_path, "your_posts_2.html", new(DONE, words, "May 03, 2014 10:00 am"))
    assert isinstance(post, Post)
    assert (post.paragraphs, str(post.updated)) == ((FIRST,), "2014-05-04")


def test_other_pages_are_read_as_pages(tmp_path: Path) -> None:
    """Friends and log-ins have boxes too, and a page of another site may have the name."""
    box = new("Ada Example", "", "May 03, 2014 10:00 am")
    found = page(tmp_path, "your_friends.html", box)
    assert not [item for item in found if isinstance(item, Post) and item.captions]
    (tmp_path / "your_friends.html").unlink()
    (post,) = page(tmp_path, "posts.html", f"<article><h1>T</h1><p>{FIRST}</p></article>")
    assert isinstance(post, Post)
    assert post.title == "T"
