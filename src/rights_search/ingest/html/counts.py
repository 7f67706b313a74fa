"""Counting what stands below each element of a page: one pass, no recursion.

Every later step asks these numbers instead of walking the tree again: a page may
nest its elements a thousand deep.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rights_search.ingest.dates.finding import DateLine, find_date_line
from rights_search.ingest.dates.shapes import YEAR_DIGITS
from rights_search.ingest.html.dom import BLOCKS, HEADINGS, SMALL_CHARS, SMALL_ELEMENTS, all_text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


MAX_RUNNING_CHARS = 30
"""What stands beside more characters in its parent is a part of running text."""


@dataclass(slots=True)
class Counts:
    """What stands below an element, itself included.

    Args:
        chars: characters of text, white space at the ends of its pieces aside.
        link_chars: those of links that are not around a whole block.
        heading_chars: those of headings.
        prose_chars: those of paragraphs and quotations, without links.
        headings: headings with a text.
        linked_headings: headings that hold a link or stand in one.
        links: links.
        dates: ``time`` elements and texts that are only a date.
        elements: elements.
        blocks: block elements and ``time`` elements, itself aside.
        running: characters of text that stand in itself, not in an element inside.
    """

    chars: int = 0
    link_chars: int = 0
    heading_chars: int = 0
    prose_chars: int = 0
    headings: int = 0
    linked_headings: int = 0
    links: int = 0
    dates: int = 0
    elements: int = 1
    blocks: int = 0
    running: int = 0

    def add(self, other: Counts) -> None:
        """Add what stands below a child."""
        self.links += other.links
        self.dates += other.dates
        self.elements += other.elements
        if other.chars:  # else there is none of what follows, as of half of all elements
            self.chars += other.chars
            self.link_chars += other.link_chars
            self.heading_chars += other.heading_chars
            self.prose_chars += other.prose_chars
            self.headings += other.headings
            self.linked_headings += other.linked_headings

    @property
    def is_small(self) -> bool:
        """Say whether an element is a line at most: no block inside, few words."""
        return self.chars <= SMALL_CHARS and self.elements <= SMALL_ELEMENTS and not self.blocks

    @property
    def own_chars(self) -> int:
        """Return the characters that are neither heading nor link."""
        return self.chars - max(self.link_chars, self.heading_chars)


def count(body: Element) -> dict[Element, Counts]:
    """Return what stands below each element of ``body``, itself included."""
    from lxml import etree  # noqa: PLC0415

    counted: dict[Element, Counts] = {}
    # To ask each element for its parent, and the table for it, takes a sixth longer.
    around: list[Counts] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            own = counted[element] = Counts()
            around.append(own)
            # Most texts are white space, and most others no dates.
            if (text := element.text) and not text.isspace():
                _count_text(text, own, element)
            continue
        own = around.pop()
        tag = element.tag
        _count_own(element, tag, own)
        if around:
            above = around[-1]
            above.add(own)
            above.blocks += own.blocks + (tag in _PARTING)
            # Text behind an element stands in its parent.
            if (text := element.tail) and not text.isspace():
                _count_text(text, above, element.getparent())
    return counted


def count_running(body: Element) -> dict[Element, int]:
    """Return `Counts.running` of each element below ``body``, which takes a third of the time."""
    running: dict[Element, int] = {}
    for node in body.iter():
        running[node] = len(text.strip()) if (text := node.text) else 0
        if (tail := node.tail) and node is not body:
            parent = node.getparent()
            if parent is not None:
                running[parent] += len(tail.strip())
    return running


def is_small(element: Element) -> bool:
    """Return `Counts.is_small` of one element, without counting all that stands below it."""
    chars = 0
    for number, node in enumerate(element.iter()):
        if number >= SMALL_ELEMENTS or (number and node.tag in _PARTING):
            return False
        chars += len((node.text or "").strip())
        chars += len((node.tail or "").strip()) if number else 0
    return chars <= SMALL_CHARS


def is_date(text: str) -> bool:
    """Say whether a short text is a date line that names a month at least."""
    return date_line(text) is not None


def date_line(text: str) -> DateLine | None:
    """Return what a short text says if it is a date line that names a month at least."""
    text = text.strip(_AROUND_DATES)
    if len(text) > _MAX_DATE_CHARS or YEAR_DIGITS.search(text) is None:
        return None
    return _known_date_line(text)


@lru_cache(maxsize=256)
def _known_date_line(text: str) -> DateLine | None:
    """Return what a text says; a page has it in several elements, one around the other."""
    found = find_date_line(text)
    date = None if found is None else found.date or found.updated
    if date is None:
        return None
    # Of 10.12.1998 only the year is certain, but it is a date of a day.
    return found if date.precision != "year" or _NUMERIC.search(text) is not None else None


def order_of_dates(body: Element) -> bool | None:
    """Return whether the dates in numbers below ``body`` put the day first, if all agree."""
    # Few pages have any, and to join their texts with a space between takes much longer.
    if _ANY_NUMERIC.search(all_text(body)) is None:
        return None
    text = " ".join(str(text) for text in body.itertext("*"))
    orders = {
        int(first) > _MONTHS
        for first, second in _NUMERIC.findall(text)
        if (int(first) > _MONTHS) != (int(second) > _MONTHS)
    }
    return orders.pop() if len(orders) == 1 else None


def leads_elsewhere(link: Element) -> bool:
    """Say whether a link has an address that is no place in the same page."""
    return not link.get("href", "#").startswith("#")


def stands_alone(node: Element, running: Mapping[Element, int]) -> bool:
    """Say whether a node is no part of running text: its neighbours are nodes too."""
    parent = node.getparent()
    if node.tag in BLOCKS or parent is None:
        return True
    return running.get(parent, 0) <= MAX_RUNNING_CHARS


_PARTING = BLOCKS | {"time"}
_AROUND_DATES = " \t\r\n|•·–—-/,()"
_MIN_DATE_CHARS = 4
_MAX_DATE_CHARS = 60
_MONTHS = 12
_ANY_NUMERIC = re.compile(r"\d[./-]\d{1,2}[./-]\d{4}")
_NUMERIC = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-]\d{4}\b")


def _count_text(text: str, own: Counts, holder: Element | None) -> None:
    chars = len(text.strip())
    own.running += chars
    own.chars += chars
    if chars >= _MIN_DATE_CHARS and is_date(text):
        own.dates += holder is None or holder.tag not in HEADINGS


def _count_own(element: Element, tag: str, own: Counts) -> None:
    if tag == "a" and leads_elsewhere(element):
        own.links += 1
        # A link around a whole card is its frame, not its text.
        own.link_chars = own.heading_chars if own.headings else own.chars
        own.linked_headings = own.headings
    elif tag in HEADINGS and own.chars:
        own.headings += 1
        own.linked_headings += own.links > 0
        own.heading_chars = own.chars
    elif tag in ("p", "blockquote"):
        own.prose_chars = own.chars - own.link_chars
    if tag == "time" or element.get("itemprop") == "datePublished":
        own.dates = 1
