"""HTML made to break its reader: every page ends in posts or in one line that says why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from effort import is_linear, steps
from rights_search.errors import ReadError
from rights_search.ingest import Skipped, Source, read_file
from rights_search.ingest.html import bounds as html_bounds
from rights_search.ingest.html.bounds import check_bounds
from rights_search.ingest.html.dom import MAX_DEPTH
from rights_search.post import Post

pytestmark = pytest.mark.usefixtures("base_install")

PROSE = (
    "<p>A sentence of the article that is long enough to be text and no label at all. "
    "And one more, so that the whole weighs something.</p>"
)


def read_page(page: str | bytes) -> list[Post | ReadError | Skipped]:
    """Return what a page gives."""
    data = page.encode() if isinstance(page, str) else page
    return list(read_file(Source(Path("x"), "x.html", "0", content=data)))


def only_post(page: str | bytes) -> Post:
    """Return the one post of a page."""
    (item,) = read_page(page)
    assert isinstance(item, Post)
    return item


def test_a_hundred_thousand_levels_are_refused() -> None:
    """The parser would drop what is deeper than it goes; the reason names the limit."""
    (error,) = read_page("<html><body>" + "<div>" * 100_000 + "text")
    assert isinstance(error, ReadError)
    assert str(error).startswith(f"x.html: its tags nest deeper than {MAX_DEPTH}")


def test_two_thousand_levels_are_read() -> None:
    """Up to the limit nothing is lost."""
    assert only_post("<html><body>" + "<div>" * 1990 + PROSE).paragraphs[0].startswith("A sentence")


def test_a_page_beyond_the_limit_of_size_is_refused() -> None:
    """The limit for one document holds for pages too, and a page just below it is read."""
    (error,) = read_page(b"<html><body><p>" + b"word " * (13 * 2**20))
    assert isinstance(error, ReadError)
    assert "larger than 64 MiB" in error.reason


def test_more_tags_than_a_tree_should_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of nothing but tags costs its count, and no tree."""
    monkeypatch.setattr(html_bounds, "MAX_TAGS", 50_000)
    check_bounds("<b>" * 50_000, "x.html")
    with pytest.raises(ReadError, match=r"^x\.html: holds more than 50,000 tags, the limit"):
        check_bounds("<b>" * 50_001, "x.html")


@pytest.mark.parametrize(
    "attributes",
    [
        " ".join(f"a{number}=1" for number in range(40_000)),
        " ".join(f"a{number}" for number in range(40_000)),
        " ".join(f'a{number}="<b>"' for number in range(40_000)),
    ],
)
def test_a_tag_with_endless_attributes_is_refused(attributes: str) -> None:
    """The parser compares each with all before: quotes and brackets hide none of them."""
    (error,) = read_page(f"<html>\n<body>\n<p {attributes}>text")
    assert isinstance(error, ReadError)
    assert str(error).startswith("x.html:3: a tag has more than 10,000 attributes, the limit")


def test_many_classes_are_one_attribute() -> None:
    """What stands in quotes is not counted."""
    classes = " ".join(f"c{number}" for number in range(100_000))
    assert only_post(f"<html><body><div class='{classes}'>{PROSE}").paragraphs


@pytest.mark.parametrize(
    ("middle", "text"),
    [
        ("&amp;&lt;&#65;&nbsp;" * 50_000, "&<A &<A"),
        ("&zzz;&#xffffff;&" * 50_000, "&zzz;"),
        ("&#0;" * 50_000, None),
        ("<!-- " + PROSE * 100, None),
        ("<!-- x " * 20_000, None),
        ("<script>" + "x = 1;" * 20_000, None),
        ("<script>" * 20_000, None),
        ("<![CDATA[ x ]]>" * 1000, None),
        ("\0\0\0", None),
        ("<" * 20_000, "<<<"),
        ('<a href="' + "x" * 20_000, None),
        ("</div>" * 20_000, None),
        ("<b>" * 500 + "x" + "</i>" * 500, "x"),
    ],
)
def test_what_stands_before_damage_is_read(middle: str, text: str | None) -> None:
    """Floods of references, what never closes and what was never opened cost no text above."""
    # Behind the sample by which a binary file is known: a NUL may be anywhere.
    filler = PROSE * 600
    post = only_post(f"<html><body><article><h1>T</h1>{filler}<p>{middle}")
    assert post.paragraphs[0].startswith("A sentence of the article")
    assert text is None or any(text in paragraph for paragraph in post.paragraphs)
    assert all(paragraph.isprintable() for paragraph in post.paragraphs)


def test_a_page_with_nul_bytes_at_its_start_is_binary() -> None:
    """Text has none; the reason says so."""
    (error,) = read_page(b"<html><body><p>a\0b</p>" + PROSE.encode())
    assert isinstance(error, ReadError)
    assert "it holds NUL bytes" in error.reason


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "vbscript:x",
        "mailto:a@example.org",
        "//",
        "http://",
        "http://[::1",
    ],
)
def test_only_addresses_of_the_web_become_a_posts_own(address: str) -> None:
    """Neither by a canonical link nor by the base of a listing's links."""
    head = f'<link rel="canonical" href="{address}"><base href="{address}">'
    page = f"<html><head>{head}</head><body><article><h1>T</h1>{PROSE}</article></body>"
    assert only_post(page).url is None
    entry = (
        '<div class="c"><h2><a href="{0}">The title of one</a></h2><p>3 May 2001</p>'
        "<p>Some words on it, as a sentence that goes on for a while.</p></div>"
    )
    listing = f"<body>{entry.format(address)}{entry.format(address + '#2')}</body>"
    posts = read_page(listing)
    assert len(posts) == 2
    for post in posts:
        assert isinstance(post, Post)
        assert post.url is None or post.url.startswith(("//", "http:"))


def test_a_base_of_another_scheme_leaves_links_as_they_are() -> None:
    """A page cannot turn the links of its posts into code."""
    entry = "<li><h3><a href=/p/{0}>The title of {0}</a></h3>3 May 2001<p>A text of this post.</p>"
    page = f"<head><base href='javascript:x'></head><ul>{entry.format(1)}{entry.format(2)}</ul>"
    assert [post.url for post in read_page(page) if isinstance(post, Post)] == ["/p/1", "/p/2"]


def test_a_title_is_one_line_without_controls() -> None:
    """Escape sequences, line ends and controls are no part of it; letters of any script are."""
    title = "A\x1b[31m title\x07\r\n\x9b2J \u202eof\u202c حقوق\u200f &#27;[0m &#x85; end"
    post = only_post(f"<html><body><article><h1>{title}</h1>{PROSE}</article>")
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in post.title)
    assert post.title.startswith("A[31m title")
    assert "حقوق" in post.title


def test_json_ld_without_end_is_passed_over() -> None:
    """Deep, broken or a thousandfold, it says nothing and costs little."""
    scripts = "".join(
        f'<script type="application/ld+json">{script}</script>'
        for script in (
            "[" * 100_000,
            '{"a":' * 50_000,
            '{"@type": "Article"',
            "nul",
            *["{}"] * 2000,
        )
    )
    post = only_post(f"<html><head>{scripts}</head><body><article><h1>T</h1>{PROSE}</article>")
    assert post.title == "T"


def depth(count: int) -> str:
    """Nest elements with names that are looked into."""
    return "<div class='comments author'>" * min(count, 1900) + PROSE * count


GROWING: dict[str, Callable[[int], str]] = {
    "named and nested": depth,
    "times": lambda count: PROSE + "<time datetime='2001-01-01'>1 May 2001</time>" * count,
    "headings": lambda count: "<h1>title</h1>" * count + PROSE,
    "date lines": lambda count: "<div><span>3 May 2001</span></div>" * count + PROSE,
    "years": lambda count: "<div>" * 1900 + "in 2001, <b>or</b> in 2002" * count + PROSE,
    "properties": lambda count: "<span itemprop=author>x</span>" * count + PROSE,
    "items": lambda count: (
        "<div itemscope>" + "<div>" * 1900 + "<i itemprop=author>x</i>" * count + PROSE
    ),
    "types": lambda count: (
        '<script type="application/ld+json">"@type":[' + '"x" , ' * count + "</script>"
        f"<article><h1>T</h1>{PROSE}</article>" + "<i>x</i>" * count
    ),
    "links": lambda count: "<a href=x>link text</a> " * count + PROSE,
    "line breaks": lambda count: "<p>" + "<br>" * count,
    "pictures": lambda count: "<article>" + "<img alt='a man stands here'>" * count + PROSE,
    "siblings in depth": lambda count: "<div>" * 1900 + "<b></b>" * count + PROSE,
    "posts": lambda count: "<h2><a href=/x>Title</a></h2><p>words 3 May 2001</p>" * (count // 4),
    "forms": lambda count: "<form><input>" * count + PROSE,
}


@pytest.mark.parametrize("name", GROWING)
def test_time_grows_with_the_page_and_no_faster(name: str) -> None:
    """Eight times the page takes about eight times as many more steps, not 64 times."""
    if name == "named and nested":  # its depth is bounded, at more than can be counted here
        assert is_linear(lambda count: read_page(f"<html><body>{depth(count)}"), 500)
        return
    least, short, long = (
        steps(lambda: read_page(f"<html><body>{GROWING[name](count)}</body></html>"))  # noqa: B023
        for count in (1, 100, 800)
    )
    assert long - least < 20 * max(short - least, 5000)
