"""Feeds: the same facts that another program finds in them, and places that hold."""

from __future__ import annotations

from pathlib import Path

import feedparser
import pytest

from effort import is_linear
from rights_search.ingest import Source, read, read_file
from rights_search.ingest.feeds.reader import find_items
from rights_search.ingest.paragraphs import plain_line
from rights_search.ingest.settings import Settings
from rights_search.post import Post

FIXTURES = Path(__file__).resolve().parent / "fixtures" / "ingest" / "feed"
CORPUS = Path(__file__).resolve().parent.parent / "corpus" / "formats"
WHOLE = [FIXTURES / "rss2.xml", FIXTURES / "rss1.rdf", FIXTURES / "atom.xml",
         CORPUS / "treaties.rss.xml"]  # fmt: skip


def posts(path: Path) -> list[Post]:
    """Return the posts of a feed."""
    return [item for item in read(path) if isinstance(item, Post)]


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.name)
def test_feedparser_finds_the_same(path: Path) -> None:
    """Titles, addresses, days, authors and labels are those that feedparser reads."""
    parsed = feedparser.parse(path.read_bytes(), sanitize_html=False)
    entries = [entry for entry in parsed.entries if entry.get("title") or entry.get("summary")]
    found = posts(path)
    assert len(found) == len(entries)
    for post, entry in zip(found, entries, strict=True):
        assert post.title_derived or post.title == plain_line(entry.title)
        assert (post.url or "").removeprefix("https://example.org") in entry.get("link", "")
        stamp = entry.get("published_parsed") or entry.get("updated_parsed")
        # feedparser fills in what a date leaves out, and turns it into UTC.
        if post.date is None:
            assert stamp is None
        elif post.date.precision == "day":
            assert abs(post.date.start.toordinal() - _ordinal(stamp)) <= 1
        assert set(post.source_tags) >= {
            tag.label or tag.term for tag in entry.get("tags", ()) if tag.label or tag.term
        }


def _ordinal(stamp: tuple[int, ...]) -> int:
    from datetime import date  # noqa: PLC0415

    return date(*stamp[:3]).toordinal()


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.name)
def test_bytes_and_lines_lead_to_the_item(path: Path) -> None:
    """What stands at the offsets of a post is its item, whole."""
    data = path.read_bytes()
    for post in posts(path):
        place = post.provenance
        item = data[place.byte_start : place.byte_end]
        assert item.startswith((b"<item", b"<entry"))
        assert item.endswith((b"</item>", b"</entry>"))
        assert place.line_start == data.count(b"\n", 0, place.byte_start) + 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("<rss><item>a</item><item/><item >b</item ></rss>", 3),
        ("<rss><items><item>a</item></items></rss>", 1),
        ("<rss><item>a<item>b</item></rss>", 2),
        ("<rss><!-- <item> --><![CDATA[<item>]]></rss>", 0),
        ("<rss><item><![CDATA[never closed <item>", 1),
        ("<feed><a:entry>x</a:entry></feed>", 1),
        ("<rss><item", 0),
        ("<rss></item></rss>", 0),
    ],
)
def test_items_are_found_in_the_text(text: str, count: int) -> None:
    """Also where they are empty, not closed, or only look like one."""
    assert len(list(find_items(text))) == count


def test_an_author_takes_linear_time() -> None:
    """Half an address, again and again, was gone through from each of its places."""

    def work(count: int) -> None:
        item = f"<item><title>A title</title><author>{'a@b.c(' * count}</author></item>"
        data = f"<rss><channel>{item}</channel></rss>".encode()
        source = Source(Path("a.xml"), "a.xml", "0" * 64, Settings(reader="feed"), content=data)
        (post,) = read_file(source)
        assert isinstance(post, Post)

    assert is_linear(work, 500)
