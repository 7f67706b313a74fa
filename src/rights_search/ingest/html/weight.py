"""How much running text stands below the elements of a page.

Running text is what is too long for a label, outside of links: menus weigh nothing,
however many they are.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from rights_search.ingest.html.dom import NO_TEXT, all_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import XPath, _ElementUnicodeResult
    from lxml.etree import _Element as Element

MIN_RUN_CHARS = 40
"""A shorter piece of text weighs nothing: it may be a label."""


def weigh(body: Element, most: int | None = None) -> dict[Element, int]:
    """Return the weight of ``body`` and of each element in it that has any.

    Most pages put their text into paragraphs, and to ask only these is several times
    as fast; where much stands outside of them, every element is asked.

    Args:
        body: of the page.
        most: how many characters its text has at most, if that is known: markup and all. Of a
            page that is hardly more than its paragraphs it tells that nothing else is to be asked.
    """
    in_paragraphs = _weigh_paragraphs(body)
    if in_paragraphs is not None:
        weight = in_paragraphs.get(body, 0)
        if most is not None and weight >= _PARAGRAPH_SHARE * most:
            return in_paragraphs
        if weight >= _PARAGRAPH_SHARE * sum(map(len, _long_texts(body))):
            return in_paragraphs
    weights = _weigh_runs(body)
    return _weigh_all(body, MIN_RUN_CHARS) if weights is None else weights


def weigh_words(body: Element) -> dict[Element, int]:
    """Return the characters of all text below ``body`` and each element, links included."""
    return _weigh_all(body, 1, with_links=True)


def weighs(element: Element, limit: float) -> bool:
    """Say whether an element weighs as much as ``limit``."""
    if len(all_text(element)) < limit:
        return False
    weight = 0
    for text in cast("Iterator[str]", element.itertext()):
        if len(text) >= MIN_RUN_CHARS and not text.isspace():
            weight += len(text)
            if weight >= limit:
                return True
    return False


_PARAGRAPH_SHARE = 0.5
_MAX_STEPS = 20_000


def _weigh_paragraphs(body: Element) -> dict[Element, int] | None:
    """Return what stands in paragraphs, or None if they are nested too deep for it."""
    holders: dict[Element, int] = {}
    for paragraph in body.iter("p"):
        holder = paragraph.getparent()
        if holder is not None and holder.tag != "a":
            weight = _unlinked(paragraph)
            if weight >= MIN_RUN_CHARS:
                holders[holder] = holders.get(holder, 0) + weight
    weights: dict[Element, int] = {}
    steps = 0
    for holder, weight in holders.items():
        node: Element | None = holder
        while node is not None:
            weights[node] = weights.get(node, 0) + weight
            steps += 1
            node = None if node is body else node.getparent()
        if steps > _MAX_STEPS:
            return None
    return weights


def _long_texts(body: Element, *, placed: bool = False) -> list[_ElementUnicodeResult]:
    """Return the texts below ``body`` that are as long as running text, links included.

    Args:
        body: where to look.
        placed: whether they shall know where they stand, which takes a fifth longer.
    """
    found = cast("list[_ElementUnicodeResult]", _texts_of(MIN_RUN_CHARS, placed=placed)(body))
    return [text for text in found if not text.isspace()]


@cache
def _texts_of(min_chars: int, *, placed: bool) -> XPath:
    from lxml import etree  # noqa: PLC0415

    # A page has thousands of texts, most of them white space: only long ones come out.
    where = f"descendant::text()[string-length() >= {min_chars}]"
    return etree.XPath(where, smart_strings=placed)


def _weigh_runs(body: Element) -> dict[Element, int] | None:
    """Return what `_weigh_all` does of long texts, or None if they are nested too deep for it."""
    weights: dict[Element, int] = {}
    steps = 0
    for text in _long_texts(body, placed=True):
        weight = _run(text, MIN_RUN_CHARS)
        node = text.getparent()
        if node is not None and text.is_tail:
            node = node.getparent()
        while weight and node is not None and not _holds_none(node, with_links=False):
            weights[node] = weights.get(node, 0) + weight
            steps += 1
            node = None if node is body else node.getparent()
        if steps > _MAX_STEPS:
            return None
    return weights


def _unlinked(paragraph: Element) -> int:
    chars = len(all_text(paragraph))
    if not len(paragraph):
        return chars
    return chars - sum(len(all_text(link)) for link in paragraph.iter("a"))


def _weigh_all(body: Element, min_chars: int, *, with_links: bool = False) -> dict[Element, int]:
    weights: dict[Element, int] = {}
    # Children come behind their parents, so from the end each is whole when it is added.
    for element in reversed(list(body.iter())):
        weight = weights.get(element, 0) + _run(element.text, min_chars)
        if weight and not _holds_none(element, with_links=with_links):
            weights[element] = weight
        else:
            weights.pop(element, None)
            weight = 0
        weight += _run(element.tail, min_chars)
        parent = element.getparent()
        if weight and parent is not None and element is not body:
            weights[parent] = weights.get(parent, 0) + weight
    return weights


def _run(text: str | None, min_chars: int) -> int:
    if not text or len(text) < min_chars:
        return 0
    chars = len(text.strip())
    return chars if chars >= min_chars else 0


def _holds_none(element: Element, *, with_links: bool) -> bool:
    if element.tag == "a":
        return not with_links and "href" in element.attrib
    return element.tag in NO_TEXT and element.tag != "noscript"
