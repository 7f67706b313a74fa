"""Whether a page may be a listing, told from where its headings and dates stand.

To search for a listing takes a page apart and counts all of it. Its entries have headings
or dates, are of one kind, and hold as much running text as stands around them: few
articles have anything like it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from rights_search.ingest.html.blocks import MAX_DATES, MAX_HEADINGS, MIN_BLOCKS, kinds_of
from rights_search.ingest.html.clean import may_clear
from rights_search.ingest.html.counts import is_date, leads_elsewhere
from rights_search.ingest.html.dom import HEADINGS, texts_with_year, with_attribute

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def may_list(
    text: Element, weights: Mapping[Element, int] | None, intro: int, *, is_marked: bool
) -> bool:
    """Say whether the entries of a listing may stand below an element.

    What is taken out of a page before a listing is looked for still stands in it: where
    that may matter, this says yes too often rather than no. Of what stands around entries
    it does not count.

    Args:
        text: where to look: the body of the page, or what it marks as its text.
        weights: the running text below each element; None where no text is that long.
        intro: how much of it may stand around entries that hold less.
        is_marked: whether the page marks its text, so that one linked heading, or one
            date, tells nothing.
    """
    headings = list(islice(text.iter("dt", *HEADINGS), _MAX_SEEN))
    if len(headings) == _MAX_SEEN:
        return True
    linked = [heading for heading in headings if _is_linked(heading, text)]
    dated = list(islice(_dated(text), _MAX_SEEN))
    if is_marked and max(len(linked), len(dated)) < MIN_BLOCKS:
        return False
    if weights is None or len(dated) == _MAX_SEEN:
        return True
    signs = _Signs(_below(headings, text), _below(linked, text), _below(dated, text))
    total = weights.get(text, 0) - _cleared(text, weights)
    held = chain(
        _held_by_kinds(signs, text, weights), _held_by_levels(headings, linked, signs, weights)
    )
    return any(total - weight <= max(weight, intro) for weight in held)


_MAX_SEEN = 100
_SLACK = 2
"""How many times as many headings and dates an entry may have as when the page is cleared."""


@dataclass(frozen=True, slots=True)
class _Signs:
    """What tells entries: how many of each stand below an element, itself included.

    Args:
        headings: headings.
        linked: those that hold a link to elsewhere or stand in one.
        dates: dates.
    """

    headings: Counter[Element]
    linked: Counter[Element]
    dates: Counter[Element]

    def may_enter(self, node: Element) -> bool:
        """Say whether an element may be an entry: it has a title, and not too many of it."""
        if self.dates[node] > _SLACK * MAX_DATES or self.headings[node] > _SLACK * MAX_HEADINGS:
            return False
        return self.headings[node] > 0 or next(node.iter("a"), None) is not None


def _dated(text: Element) -> Iterator[Element]:
    """Yield the elements that are dates, or hold one as a text of their own."""
    yield from text.iter("time")
    yield from (
        node for node in with_attribute(text, "itemprop") if node.tag != "time" and _is_marked(node)
    )
    for node, own, is_tail in texts_with_year(text):
        if is_date(own) and (is_tail or not _is_marked(node)):
            yield node


def _is_marked(node: Element) -> bool:
    return node.tag == "time" or node.get("itemprop") == "datePublished"


def _is_linked(heading: Element, text: Element) -> bool:
    if any(map(leads_elsewhere, heading.iter("a"))):
        return True
    return any(above.tag == "a" for above in _up_to(heading, text))


def _up_to(node: Element | None, text: Element) -> Iterator[Element]:
    """Yield an element and those around it, up to the text."""
    while node is not None:
        yield node
        node = None if node is text else node.getparent()


def _below(nodes: Iterable[Element], text: Element) -> Counter[Element]:
    """Return how many of some elements stand below each element of the text."""
    return Counter(above for node in nodes for above in _up_to(node, text))


def _cleared(text: Element, weights: Mapping[Element, int]) -> int:
    """Return how much running text below an element may be taken out of the page at most."""
    nodes = {node for node in weights if may_clear(node) and text in node.iterancestors()}
    return sum(weights[node] for node in nodes if not _is_inside(node, nodes, text))


def _held_by_kinds(signs: _Signs, text: Element, weights: Mapping[Element, int]) -> Iterator[int]:
    """Yield the running text of the elements of each kind that may be entries.

    Where they hold one another the outer ones count, which hold what the inner ones do.
    """
    kinds: dict[object, set[Element]] = defaultdict(set)
    for node in filter(signs.may_enter, {**signs.headings, **signs.dates}):
        for kind in kinds_of(node):
            kinds[kind].add(node)
    for nodes in kinds.values():
        telling = max(sum(node in below for node in nodes) for below in (signs.linked, signs.dates))
        if telling >= MIN_BLOCKS:
            yield sum(weights.get(node, 0) for node in nodes if not _is_inside(node, nodes, text))


def _is_inside(node: Element, nodes: Collection[Element], text: Element) -> bool:
    return any(above in nodes for above in islice(_up_to(node, text), 1, None))


def _held_by_levels(
    headings: Iterable[Element],
    linked: Iterable[Element],
    signs: _Signs,
    weights: Mapping[Element, int],
) -> Iterator[int]:
    """Yield the running text around headings of one level that part a text into dated posts."""
    leading = Counter(map(_level, linked))
    for level, count in Counter(map(_level, headings)).items():
        parent = level[0]
        telling = max(leading[level], signs.dates[parent])
        if count >= MIN_BLOCKS and telling * _SLACK >= count:
            yield weights.get(parent, 0)


def _level(heading: Element) -> tuple[Element, str]:
    parent = heading.getparent()
    return heading if parent is None else parent, str(heading.tag)
