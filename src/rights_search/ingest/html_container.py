"""Finding the element that holds the text of an article page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rights_search.ingest.html_blocks import Group
from rights_search.ingest.html_counts import Counts
from rights_search.ingest.html_dom import remove
from rights_search.ingest.record_values import host_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def find_container(body: Element, counted: Mapping[Element, Counts]) -> Element:
    """Return the element that holds the text: named as such, or else the densest.

    What is named must hold a good part of the page's text: some sites call each
    teaser at the foot of a page an article.
    """

    def chars(node: Element) -> int:
        return counted[node].chars

    bodies = [node for node in body.iter("*") if node.get("itemprop", "") == "articleBody"]
    mains = [node for node in body.iter("*") if node.tag == "main" or node.get("role") == "main"]
    whole = max(map(chars, mains), default=counted[body].chars)
    for candidates in (list(body.iter("article")), bodies, mains):
        best = max(candidates, key=chars, default=None)
        if best is not None and chars(best) >= _MIN_SHARE * whole:
            return best
    return _densest(counted)


def clear_links(container: Element, counted: Mapping[Element, Counts]) -> None:
    """Remove from a text the blocks that only lead elsewhere: lists of other articles.

    A list of links with words about each of them stays.
    """
    whole = counted[container].chars
    led = [
        node
        for node in container.iter(*_LINK_BLOCKS)
        if node is not container and _only_leads(counted[node], whole)
    ]
    remove(led)


def others_in(
    group: Group, counted: Mapping[Element, Counts], whole: int, own_url: str | None
) -> list[Element]:
    """Return those blocks of an article page that are teasers of the site's other articles.

    Args:
        group: the blocks that repeat in the page.
        counted: what stands below each element.
        whole: the characters of the page.
        own_url: the page's own address; what leads to other hosts is its subject.
    """
    return [
        block
        for block in group.blocks
        if counted[block].linked_headings
        and counted[block].chars < _MAX_TEASER_SHARE * whole
        and _stays_here(block, own_url)
    ]


def _stays_here(block: Element, own_url: str | None) -> bool:
    own = host_of(own_url) if own_url else None
    hosts = {host_of(link.get("href", "")) for link in block.iter("a")}
    return not hosts - {None, own} if own else None in hosts


def _only_leads(counts: Counts, whole: int) -> bool:
    return (
        counts.links >= _MIN_LINKS
        and counts.link_chars > _MAX_LINK_SHARE * counts.chars
        and counts.chars < _MAX_LINKS_SHARE * whole
    )


_LINK_BLOCKS = ("ul", "ol", "dl", "div", "section", "table")
_MIN_LINKS = 2
_MAX_LINK_SHARE = 0.5
_MAX_LINKS_SHARE = 0.5
_MAX_TEASER_SHARE = 0.3
_MIN_SHARE = 0.4
_PROSE_TAGS = frozenset({"p", "blockquote", "pre", "ul", "ol", "h2", "h3", "h4", "dl"})


def _densest(counted: Mapping[Element, Counts]) -> Element:
    best = max(counted, key=lambda node: _direct_chars(node, counted))
    # Text that is parted into several sections: their common parent holds it.
    for parent in best.iterancestors():
        if parent not in counted:
            break
        if counted[parent].prose_chars > (1 + _MIN_SHARE) * counted[best].prose_chars:
            best = parent
    return best


def _direct_chars(node: Element, counted: Mapping[Element, Counts]) -> int:
    """Return the characters that stand in an element or in paragraphs right below it."""
    if node.tag in _PROSE_TAGS:
        return 0
    children = (counted[child] for child in node if child.tag in _PROSE_TAGS and child in counted)
    return counted[node].running + sum(child.chars - child.link_chars for child in children)
