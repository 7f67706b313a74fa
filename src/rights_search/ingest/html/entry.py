"""One block of a listing page → a draft: title, link, date, labels, text.

Each part that is recognised is taken out of the tree; what is left is the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rights_search.ingest.bylines import is_by_phrase, parse_byline
from rights_search.ingest.dates.finding import find_date_line, parse_date
from rights_search.ingest.html.counts import MAX_RUNNING_CHARS, count_running, is_date
from rights_search.ingest.html.dom import (
    BLOCKS,
    HEADINGS,
    blocks,
    first_line,
    last_line,
    own_text,
    quick_text,
    remove,
    text_of,
)
from rights_search.ingest.html.labels import Parts, cut_out, is_leading, put_label, take_labels
from rights_search.ingest.html.meta import PageFacts
from rights_search.ingest.html.names import class_words
from rights_search.ingest.page_words import is_call, is_credit, is_navigation
from rights_search.ingest.people import from_line, joined
from rights_search.ingest.source import Draft, Source, Span
from rights_search.post import PartialDate

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True, slots=True)
class Page:
    """What all entries of a page share.

    Args:
        source: the file.
        facts: what the page says of itself.
        country: ISO code of the country that the page is about.
        day_first: how its dates in numbers are to be read, if known.
        encoding: what it was decoded with.
        notes: what was doubtful about it.
        rest: yields the tree of what was cut off before the page was parsed, if anything was.
    """

    source: Source
    facts: PageFacts
    country: str | None = None
    day_first: bool | None = None
    encoding: str = "utf-8"
    notes: tuple[str, ...] = ()
    rest: Callable[[], Iterable[Element]] = tuple


def entry_draft(entry: Element, page: Page) -> Draft:
    """Return the post that one block holds; takes the block apart."""
    span = Span(first_line(entry), last_line(entry))
    parts = Parts()
    title, link, place = _take_title(entry)
    language = _language(entry) or page.facts.language
    _take_dates(entry, parts, day_first=page.day_first)
    take_labels(entry, parts)
    rest = blocks(entry)
    paragraphs = _sort_paragraphs(rest.paragraphs, title, parts)
    url = page.facts.absolute(link)
    return Draft(
        paragraphs=paragraphs,
        span=span,
        key=None if url else entry.get("id"),
        title=title,
        date=parts.date,
        updated=parts.updated,
        authors=parts.people.names,
        role=parts.people.role,
        organisation=parts.people.organisation,
        place=parts.people.place,
        captions=(*rest.captions, *parts.captions),
        calls_to_action=tuple(parts.calls),
        url=url,
        page_country=page.country,
        language=language,
        source_name=parts.source or page.facts.site,
        source_countries=tuple(dict.fromkeys(parts.countries)),
        source_tags=tuple(dict.fromkeys(parts.tags)),
        notes=page.notes,
        encoding=page.encoding,
        origins=(
            ("title", f"html: {place} of the entry"),
            ("authors", "html: byline of the entry"),
            ("language", "html: lang"),
            ("page_country", "html: heading of the page"),
            ("source_name", "html: label of the entry" if parts.source else "html: site name"),
        ),
    )


_MIN_LINK_CHARS = 4

# More than a few are a list of dates, which is text.
_MAX_DATES = 20
_UPDATED = frozenset({"updated", "modified"})
_EDGES = "|•·–—-/,;:() \t\r\n"
_SEPARATORS = re.compile(r"\s*[|•·]\s*|\s+[/–—-]\s+")


def _take_title(entry: Element) -> tuple[str | None, str | None, str]:
    """Cut out the heading, or the link that serves as one; return text, address, and which."""
    headings = [node for node in entry.iter(*HEADINGS) if quick_text(node)]
    linked = [node for node in headings if _link_of(node, entry)]
    # The highest level is the title: a line above it or below is often a heading too.
    best = min(linked or headings, key=lambda node: str(node.tag), default=None)
    if best is None:
        return (*_take_title_link(entry), "link")
    link = _link_of(best, entry) or next(_hrefs(entry), None)
    title = text_of(best)
    remove([best])
    return title or None, link, "heading"


def _take_title_link(entry: Element) -> tuple[str | None, str | None]:
    links = [node for node in entry.iter("a") if len(quick_text(node)) >= _MIN_LINK_CHARS]
    links = [node for node in links if not is_navigation(quick_text(node))]
    best = max(links, key=lambda node: len(quick_text(node)), default=None)
    if best is None or best is entry:
        return None, next(_hrefs(entry), None)
    title, href = text_of(best), best.get("href")
    remove([best])
    return title or None, href


def _link_of(heading: Element, entry: Element) -> str | None:
    inner = next((node.get("href") for node in heading.iter("a") if node.get("href")), None)
    if inner:
        return inner
    for parent in heading.iterancestors():
        if parent.tag == "a" and parent.get("href"):
            return parent.get("href")
        if parent is entry:
            break
    return None


def _hrefs(entry: Element) -> Iterator[str]:
    return (href for node in entry.iter("a") if (href := node.get("href")))


def _language(entry: Element) -> str | None:
    nodes = (entry, *entry.iterancestors())
    return next((language for node in nodes if (language := node.get("lang"))), None)


def _take_dates(entry: Element, parts: Parts, *, day_first: bool | None) -> None:
    running = count_running(entry)
    times = list(itertools.islice(entry.iter("time"), _MAX_DATES))
    times = [node for node in times if _is_own_date(node, running)]
    for node in times:
        text = quick_text(node)
        date = parse_date(node.get("datetime") or text, origin="time", day_first=day_first)
        date = date or parse_date(text, origin="time", day_first=day_first)
        _put_date(parts, date, is_update=_is_update(node))
        _take_running(node, entry, parts)
    cut_out(times, entry)
    tried = 0
    for node in list(entry.iter("*")):
        if node.get("itemprop") == "datePublished" and node.get("content"):
            _put_date(parts, parse_date(node.get("content", ""), origin="itemprop"))
        if node.text and is_date(node.text) and tried < _MAX_DATES:
            tried += 1
            if _is_own_date(node, running) and _take_date_text(node.text, parts, day_first):
                node.text = None
        if node is not entry and node.tail and _take_date_text(node.tail, parts, day_first):
            node.tail = None


def _is_own_date(node: Element, running: Mapping[Element, int]) -> bool:
    """Say whether a date in ``node`` is that of the post, and no part of a sentence."""
    parent = node.getparent()
    if node.tag in BLOCKS or parent is None or not running.get(parent):
        return True
    if running[parent] > MAX_RUNNING_CHARS:
        return False
    line = quick_text(parent)
    return (
        is_leading(own_text(parent))
        or _SEPARATORS.search(line) is not None
        or find_date_line(line) is not None
    )


def _take_date_text(text: str, parts: Parts, day_first: bool | None) -> bool:
    """Take a text that is only a date, perhaps with labels set off by signs around it."""
    bare = text.strip(_EDGES)
    if not is_date(bare):
        return False
    labels: list[str] = []
    for piece in _SEPARATORS.split(bare):
        found = find_date_line(piece, day_first=day_first)
        if found is None:
            labels.append(piece)
            continue
        _put_date(parts, found.date)
        _put_date(parts, found.updated, is_update=True)
        labels += [found.byline, found.rest]
    if parts.date is None and parts.updated is None:
        found = find_date_line(bare, day_first=day_first)
        if found is not None:
            _put_date(parts, found.date)
            labels = [found.byline, found.rest]
    for label in filter(None, labels):
        put_label(parts, label, None)
    return True


def _take_running(node: Element, entry: Element, parts: Parts) -> None:
    """Take the few words around a date's element: "Published on", or a label."""
    parent = node.getparent()
    if parent is None or parent is entry:
        return
    before = node.getprevious()
    running = parent.text if before is None else before.tail
    bare = (running or "").strip(_EDGES)
    if bare:
        # What may stand before any date is decoration.
        found = find_date_line(f"{bare} 5 May 2019")
        if found is None or found.rest or found.byline:
            put_label(parts, bare, None)
        if before is None:
            parent.text = None
        else:
            before.tail = None


def _put_date(parts: Parts, date: PartialDate | None, *, is_update: bool = False) -> None:
    if is_update:
        parts.updated = parts.updated or date
    else:
        parts.date = parts.date or date


def _is_update(node: Element) -> bool:
    around = [node, *list(node.iterancestors())[:1]]
    return any(not _UPDATED.isdisjoint(class_words(element)) for element in around)


def _sort_paragraphs(
    paragraphs: tuple[str, ...], title: str | None, parts: Parts
) -> tuple[str, ...]:
    """Return the text of a block; what is no text goes where it belongs."""
    text: list[str] = []
    for paragraph in paragraphs:
        bare = paragraph.lstrip(_EDGES)
        if not bare or bare == title or is_navigation(bare):
            continue
        if is_call(bare, behind_text=bool(text)):
            parts.calls.append(bare)
        elif is_credit(bare):
            parts.captions.append(bare)
        elif not text and is_by_phrase(bare) and parse_byline(bare, strict=True) is not None:
            parts.people = joined(parts.people, from_line(bare))
        else:
            text.append(bare if len(bare) < len(paragraph) and not text else paragraph)
    return tuple(text)
