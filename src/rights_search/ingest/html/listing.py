"""Listing pages in HTML: many posts a page, or one, or none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rights_search.ingest.html.blocks import (
    Group,
    find_group,
    find_single,
    wrap_flat,
)
from rights_search.ingest.html.candidates import may_list
from rights_search.ingest.html.container import Container, find_container
from rights_search.ingest.html.counts import count
from rights_search.ingest.html.dom import quick_text
from rights_search.ingest.html.json_ld import LISTING_TYPES
from rights_search.ingest.html.meta import PageFacts
from rights_search.ingest.html.names import class_words
from rights_search.ingest.records.values import country_code

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
    if group is not None and _is_listing(group, body, signals):
        return group.blocks
    if signals:
        single = find_single(counted, facts.url)
        if single is not None and _is_listing(single, body, signals):
            return single.blocks
    flat = wrap_flat(body)
    if flat is not None and _is_listing(flat, body, signals):
        return flat.blocks
    is_empty = signals > 1 and counted[body].prose_chars < _MIN_PROSE_CHARS
    return () if is_empty else None


def tells_article(body: Element, facts: PageFacts, container: Container) -> bool:
    """Say whether a page is one article for certain, so that no listing need be looked for.

    Args:
        body: the body of the page.
        facts: what the page says of itself.
        container: where the text of an article would stand.
    """
    has_signals = _signals(body, facts) > 0
    if facts.is_article and not has_signals:
        return True
    # What the page marks goes before the names of its body, which say "blog" of its posts too.
    # Blocks outside of it are no posts then; where others are marked like it, none is the only one.
    is_marked = container.mark is not None
    if has_signals and not (is_marked and facts.is_article):
        return False
    text = container.text if is_marked and container.is_only else body
    weights = container.weights if container.has_runs else None
    return not may_list(text, weights, _MIN_PROSE_CHARS, is_marked=is_marked)


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
_MAX_INTRO_CHARS = 200
_MAX_HEADING_CHARS = 200
_LISTING_WORDS = frozenset({"search", "archive", "listing", "results", "blog", "category", "tag"})
_RESULTS = re.compile(
    r"\b\d+\s+(?:results?|résultats?|resultados?|ergebnisse?)\b"
    r"|\b(?:search results|results for|résultats (?:pour|de)|resultados (?:para|de)|no results)\b"
    r"|результат\w* поиска|найдено|نتائج",
    re.IGNORECASE,
)
_IN_RESULTS = ("sult", "ergebn", "результат", "найдено", "نتائج")
"""What each of them has, "résultats" too."""
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
    names = class_words(body)
    if "single" in names:
        return 0  # so WordPress marks the page of one post, filed under whatever
    says = (facts.title, *page_headings(body))
    return (
        (not facts.types.isdisjoint(LISTING_TYPES))
        + (not names.isdisjoint(_LISTING_WORDS))
        + any(map(_tells_results, says))
    )


def _tells_results(text: str) -> bool:
    # Hardly any has one of these, and to look for them takes a tenth of the time of the pattern.
    folded = text.casefold()
    return any(part in folded for part in _IN_RESULTS) and _RESULTS.search(text) is not None


def _is_listing(group: Group, body: Element, signals: int) -> bool:
    """Weigh the blocks against the text around them: an article may have a list of others.

    What the page marks as its text is an article if the blocks stand outside of it.
    """
    container = find_container(body)
    if container.mark and not signals and _is_apart(container.text, group.blocks):
        return False
    weights = container.weights if container.has_runs else {}
    inside = sum(weights.get(block, 0) for block in group.blocks)
    outside = weights.get(body, 0) - inside
    return outside <= max(inside, _MIN_PROSE_CHARS if signals else _MAX_INTRO_CHARS)


def _is_apart(text: Element, blocks: tuple[Element, ...]) -> bool:
    """Say whether no block is in the text, and the text in none."""
    above = {text, *text.iterancestors()}
    return not any(
        block in above or any(parent is text for parent in block.iterancestors())
        for block in blocks
    )
