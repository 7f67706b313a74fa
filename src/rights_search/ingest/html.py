"""The reader of HTML: listing pages and article pages."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from rights_search.ingest.decoding import read_text
from rights_search.ingest.html_article import article_draft
from rights_search.ingest.html_clean import clear
from rights_search.ingest.html_counts import order_of_dates
from rights_search.ingest.html_dom import drop_scripts, parse
from rights_search.ingest.html_entry import Page, entry_draft
from rights_search.ingest.html_listing import (
    find_entries,
    page_country,
    page_headings,
    tells_article,
)
from rights_search.ingest.html_meta import page_facts
from rights_search.ingest.source import Record, Source

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def read_html(source: Source) -> Iterator[Record]:
    """Yield the posts of a page: those that it lists, or the one that it is.

    Nothing is yielded for a page that lists no post. The source may be a page out of
    a web archive or a mail: bytes in memory, with the address that it was got from
    and the encoding that its header names.

    Raises:
        ReadError: if the file is no text, too large, or nests without end.
    """
    decoded = read_text(source)
    root = parse(decoded.text, source.name)
    facts = page_facts(root, source.url, has_microdata="itemprop" in decoded.text)
    drop_scripts(root)
    body = next(root.iter("body"), root)
    page = Page(source, facts, encoding=decoded.encoding, notes=decoded.notes)
    if not tells_article(body, facts):
        # The search for a listing takes the page apart.
        entries = _entries(copy.deepcopy(body), page)
        if entries is not None:
            yield from entries
            return
    draft = article_draft(body, page, decoded.text)
    if draft is not None:
        yield draft


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
    return order_of_dates(" ".join(str(text) for text in body.itertext("*")))
