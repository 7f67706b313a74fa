"""Listing pages in HTML: many posts a page, or one, or none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rights_search.ingest.html_blocks import (
    Group,
    find_group,
    find_single,
    wrap_flat,
)
from rights_search.ingest.html_counts import Counts, count
from rights_search.ingest.html_dom import class_words, quick_text
from rights_search.ingest.html_meta import LISTING_TYPES, PageFacts
from rights_search.ingest.record_values import country_code

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def find_entries(body: Element, facts: PageFacts) -> tuple[Element, ...] | None:
    """Return the blocks of a listing page, or None for a page of any other kind.

    An empty tuple is a listing without results.

    Args:
        body: the cleared body of the page; flat pages get wrappers put in.
        facts: what the page says of itself.
    """
    counted = count(body)
    signals = _signals(body, facts)
    group = find_group(counted)
    if group is not None and _is_listing(group, counted[body], facts, signals):
        return group.blocks
    if signals:
        single = find_single(counted, facts.url)
        if single is not None and _is_listing(single, counted[body], facts, signals):
            return single.blocks
    flat = wrap_flat(body)
    if flat is not None and _is_listing(flat, counted[body], facts, signals):
        return flat.blocks
    is_empty = signals > 1 and counted[body].prose_chars < _MIN_PROSE_CHARS
    return () if is_empty else None


def page_country(headings: tuple[str, ...]) -> str | None:
    """Return the country that the page's own headings agree on, or None.

    Args:
        headings: the title, the main headings, best first; none of a post.
    """
    found: set[str] = set()
    for heading in headings:
        names = [heading, *_quoted(heading), *_PARTS.split(heading)]
        found |= {code for name in names if (code := country_code(name.strip()))}
    return found.pop() if len(found) == 1 else None


def page_headings(body: Element) -> tuple[str, ...]:
    """Return the headings of a page's first two levels, in order."""
    texts = (quick_text(node) for node in body.iter("h1", "h2"))
    return tuple(text for text in texts if text and len(text) < _MAX_HEADING_CHARS)


_MIN_PROSE_CHARS = 400
_MAX_HEADING_CHARS = 200
_LISTING_WORDS = frozenset({"search", "archive", "listing", "results", "blog", "category", "tag"})
_RESULTS = re.compile(
    r"\b\d+\s+(?:results?|résultats?|resultados?|ergebnisse?)\b"
    r"|\b(?:search results|results for|résultats (?:pour|de)|resultados (?:para|de)|no results)\b"
    r"|результат\w* поиска|найдено|نتائج",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s+[|–—·»«:-]\s+|\s*[|:»«]\s+")
_QUOTES = (
    re.compile(r"“(.+?)”"),
    re.compile(r"\"(.+?)\""),
    re.compile(r"«\s*(.+?)\s*»"),
    # An apostrophe inside of a name is no end: 'Côte d'Ivoire'.
    re.compile(r"[‘'](.+?)[’'](?!\w)"),
)


def _quoted(text: str) -> Iterator[str]:
    return (name for pattern in _QUOTES for name in pattern.findall(text))


def _signals(body: Element, facts: PageFacts) -> int:
    """Count what tells a listing besides its blocks."""
    says = (facts.title, *page_headings(body))
    if "single" in class_words(body):
        return 0  # so WordPress marks the page of one post, filed under whatever
    return (
        (not facts.types.isdisjoint(LISTING_TYPES))
        + (not class_words(body).isdisjoint(_LISTING_WORDS))
        + any(_RESULTS.search(text) is not None for text in says)
    )


def _is_listing(group: Group, whole: Counts, facts: PageFacts, signals: int) -> bool:
    """Weigh the blocks against the prose around them: an article may have a list of others."""
    if facts.is_article and not signals:
        return False
    outside = whole.prose_chars - group.counts.prose_chars
    return outside <= max(group.counts.chars, _MIN_PROSE_CHARS if signals else 0)
