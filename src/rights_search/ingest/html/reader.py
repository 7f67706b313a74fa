"""The reader of HTML: listing pages and article pages."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from rights_search.ingest.encodings.decoding import DecodedText, decode, decode_part, read_undecoded
from rights_search.ingest.html.article import TITLE_ELEMENT, article_draft
from rights_search.ingest.html.chat import is_chat, read_chat
from rights_search.ingest.html.clean import clear
from rights_search.ingest.html.container import Container, find_container
from rights_search.ingest.html.counts import order_of_dates
from rights_search.ingest.html.dom import drop_scripts, parse
from rights_search.ingest.html.download import is_download, read_download
from rights_search.ingest.html.entry import Page, entry_draft
from rights_search.ingest.html.excerpt import Cut, cut
from rights_search.ingest.html.listing import (
    find_entries,
    page_country,
    page_headings,
    tells_article,
)
from rights_search.ingest.html.meta import page_facts
from rights_search.ingest.html.word_page import is_word_page, word_draft
from rights_search.ingest.name_dates import with_date_of_name
from rights_search.ingest.source import Draft, Record, Source

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def read_html(source: Source) -> Iterator[Record]:
    """Yield the posts of a page: those that it lists, its messages, or the one that it is.

    Nothing is yielded for a page that lists no post. The source may be a page out of
    a web archive or a mail: bytes in memory, with the address that it was got from
    and the encoding that its header names.

    Raises:
        ReadError: if the file is no text, too large, or nests without end.
    """
    content = read_undecoded(source)
    if is_chat(content):
        yield from read_chat(decode(content, source.told_encoding), source)
        return
    if is_download(content, source):
        yield from read_download(decode(content, source.told_encoding), source)
        return
    if is_word_page(content):
        yield from _read_word_page(content, source)
        return
    yield from _read_page(content, source)


def _read_word_page(content: bytes, source: Source) -> Iterator[Record]:
    decoded = decode(content, source.told_encoding)
    parsed = _parse(decoded, content, source)
    draft = word_draft(parsed.body.getroottree().getroot(), parsed.body, parsed.page)
    if draft is None:
        yield from _read_page(content, source)
    else:
        yield draft


def _read_page(content: bytes, source: Source) -> Iterator[Record]:
    parts = cut(content)
    draft = _read_excerpt(parts, source)
    if draft is not None:
        yield with_date_of_name(draft, source)
        return
    told = source.told_encoding
    page = parts.whole()
    decoded = decode_part(page, content, told)
    if decoded is None:
        page, decoded = content, decode(content, told)
    parsed = _parse(decoded, page, source)
    if not tells_article(parsed.body, parsed.page.facts, parsed.container):
        # The search for a listing takes the page apart.
        entries = _entries(copy.deepcopy(parsed.body), parsed.page)
        if entries is not None:
            yield from entries
            return
    draft = article_draft(parsed.container, parsed.body, parsed.page, decoded.text)
    if draft is not None:
        yield with_date_of_name(draft, source)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """A page that was made a tree of."""

    page: Page
    body: Element
    container: Container


_MIN_WEIGHT = 500


def _parse(decoded: DecodedText, data: bytes, source: Source) -> _Parsed:
    # Nothing was repaired where nothing is noted: the text is its bytes.
    is_as_stored = decoded.encoding == "utf-8" and not decoded.notes
    root = parse(decoded.text, source.name, data if is_as_stored else None)
    facts = page_facts(root, source.url, has_microdata="itemprop" in decoded.text)
    drop_scripts(root)
    body = next(root.iter("body"), root)
    page = Page(source, facts, encoding=decoded.encoding, notes=decoded.notes)
    return _Parsed(page, body, find_container(body, len(decoded.text)))


def _read_excerpt(parts: Cut, source: Source) -> Draft | None:
    """Return the post of a page that is certainly one article, title and date included.

    None where anything of that is missing: the rest of the page may have it.
    """
    excerpt = parts.excerpt()
    decoded = excerpt and decode_part(excerpt, parts.page, source.told_encoding)
    if not excerpt or not decoded:
        return None
    parsed = _parse(decoded, excerpt, source)
    facts, container = parsed.page.facts, parsed.container
    weight = container.weights.get(container.outer, 0)
    if weight < _MIN_WEIGHT or not (facts.is_article or _is_all(container, parts, weight)):
        return None
    if not tells_article(parsed.body, facts, container):
        return None
    page = replace(parsed.page, rest=partial(_parse_rest, parts, source))
    draft = article_draft(container, parsed.body, page, decoded.text)
    # Without a heading of its own it may have one elsewhere.
    return None if draft is None or ("title", TITLE_ELEMENT) in draft.origins else draft


def _parse_rest(parts: Cut, source: Source) -> Iterator[Element]:
    """Yield the tree of what stands outside of an excerpt."""
    decoded = decode_part(parts.outside(), parts.page, source.told_encoding)
    if decoded is not None:
        yield parse(f"<div>{decoded.text}</div>", source.name)


def _is_all(container: Container, parts: Cut, weight: int) -> bool:
    """Say whether hardly any text of a page is outside of its excerpt, which marks its own.

    Nothing there can then be the text, or a list of posts.
    """
    is_marked = container.is_only and container.mark is not None
    return is_marked and parts.holds_all(weight)


def _entries(body: Element, page: Page) -> Iterator[Record] | None:
    """Return the posts of a listing page, or None for a page of any other kind."""
    facts = page.facts
    headings = page_headings(body)
    clear(body)
    entries = find_entries(body, facts)
    if entries is None:
        return None
    inside = {text for entry in entries for text in page_headings(entry)}
    own = tuple(text for text in (facts.title, *headings) if text not in inside)
    page = replace(page, country=page_country(own), day_first=_day_first(body, page.source))
    return (entry_draft(entry, page) for entry in entries)


def _day_first(body: Element, source: Source) -> bool | None:
    """Return how ``03/04/2019`` is to be read: as told, or as other dates of the page show."""
    if source.settings.day_first is not None:
        return source.settings.day_first
    return order_of_dates(body)
