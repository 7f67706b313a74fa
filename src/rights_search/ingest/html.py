"""The reader of HTML: listing pages and article pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from rights_search.ingest.decoding import read_text
from rights_search.ingest.html_article import article_draft
from rights_search.ingest.html_clean import clear
from rights_search.ingest.html_counts import order_of_dates
from rights_search.ingest.html_dom import parse
from rights_search.ingest.html_entry import Page, entry_draft
from rights_search.ingest.html_listing import find_entries, page_country, page_headings
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
    facts = page_facts(root, source.url)
    body = next(iter(root.iter("body")), root)
    headings = page_headings(body)
    clear(body)
    page = Page(source, facts, None, _day_first(body, source), decoded.encoding, decoded.notes)
    entries = find_entries(body, facts)
    if entries is None:
        draft = article_draft(body, page, headings)
        if draft is not None:
            yield draft
        return
    inside = {text for entry in entries for text in page_headings(entry)}
    own = tuple(text for text in (facts.title, *headings) if text not in inside)
    page = replace(page, country=page_country(own))
    for entry in entries:
        yield entry_draft(entry, page)


def _day_first(body: Element, source: Source) -> bool | None:
    """Return how ``03/04/2019`` is to be read: as told, or as other dates of the page show."""
    if source.settings.day_first is not None:
        return source.settings.day_first
    return order_of_dates(" ".join(str(text) for text in body.itertext("*")))
