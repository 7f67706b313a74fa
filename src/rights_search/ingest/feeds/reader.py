"""The reader of feeds: RSS 0.9 to 2.0, RSS 1.0 (RDF) and Atom.

Each item is found in the text first and parsed by itself. So it knows its lines and
bytes, a broken one costs no other, and a feed that breaks off keeps what came before.
JSON Feed is read by the reader of JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from rights_search.errors import ReadError
from rights_search.ingest.encodings.decoding import DecodedText, read_text
from rights_search.ingest.exports.values import LeftOut
from rights_search.ingest.feeds.item import Feed, feed_facts, item_record, parse_item
from rights_search.ingest.member_names import Tally
from rights_search.ingest.records.draft import Setting, to_draft
from rights_search.ingest.source import Record, Source, Span
from rights_search.ingest.text_places import TextPlaces


def read_feed(source: Source) -> Iterator[Record]:
    """Yield a draft for each item of a feed, in its order.

    Raises:
        ReadError: if the file is no text, too large or damaged.
    """
    decoded = read_text(source)
    text = decoded.text
    root = _ROOT.search(text)
    items = find_items(text)
    first = next(items, None)
    if root is None or first is None:
        return
    tag = root[0].rstrip("/>").rstrip()
    feed = feed_facts(parse_item(f"{tag}>", text[root.end() : first.start]), source.url)
    places = TextPlaces(decoded)
    left_out = Tally(source.name)
    for item in chain((first,), items):
        span = places.span(item.start, item.end)
        found = _record(f"{tag}>{text[item.start : item.end]}", feed, span, source, decoded)
        if isinstance(found, LeftOut):
            left_out.add(found.reason)
        else:
            yield found
        if not item.is_whole:
            reason = "the feed breaks off in the item that starts here; fetch it again"
            yield ReadError(source.name, reason, line=span.line_start)
    yield from left_out.told("item")


@dataclass(frozen=True, slots=True)
class Item:
    """Where an item stands in the text of its feed.

    Args:
        start: offset of its start tag.
        end: offset behind its end tag.
        is_whole: False where the text ends before it does.
    """

    start: int
    end: int
    is_whole: bool = True


def find_items(text: str) -> Iterator[Item]:
    """Yield the items of a feed, leaving out what CDATA sections and comments hold.

    An item without an end tag ends where the next begins.
    """
    position, start = 0, -1
    while (found := _TOKEN.search(text, position)) is not None:
        opening = found[0]
        if opening in _ENDS:
            end = text.find(_ENDS[opening], found.end())
            position = len(text) if end < 0 else end + 3
            continue
        end = text.find(">", found.end())
        position = len(text) if end < 0 else end + 1
        if opening.startswith("</"):
            if start >= 0:
                yield Item(start, position)
            start = -1
            continue
        if start >= 0:
            yield Item(start, found.start())
        start = found.start()
        if text.startswith("/", end - 1):
            yield Item(start, position)
            start = -1
    if start >= 0:
        yield Item(start, len(text), is_whole=False)


_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|RDF)\b[^>]*>", re.IGNORECASE)
_TOKEN = re.compile(r"<!\[CDATA\[|<!--|</?(?:[\w.-]+:)?(?:item|entry)(?=[\s>/])")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}


def _record(
    markup: str, feed: Feed, span: Span, source: Source, decoded: DecodedText
) -> Record | LeftOut:
    element = parse_item("", markup)
    record = None if element is None else item_record(element, feed)
    if record is None:
        return ReadError(source.name, "the item is no XML that can be read", line=span.line_start)
    if isinstance(record, LeftOut):
        return record
    setting = Setting(source, "feed", span, decoded.encoding, decoded.notes)
    draft = to_draft(record, setting)
    if draft.date is None and draft.updated is not None:
        # Atom asks for the time of the last change, and not for that of publication.
        return replace(draft, date=draft.updated, updated=None)
    return draft
