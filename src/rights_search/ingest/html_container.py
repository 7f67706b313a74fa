"""Finding the element that holds the text of an article page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rights_search.ingest.html_names import name_kind
from rights_search.ingest.html_weight import weigh, weigh_words

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True, slots=True)
class Container:
    """Where the text of an article stands.

    Args:
        outer: the element to read: the text, and what stands with it.
        core: the element in it that is the text for certain; None: no such.
        mark: what marks it as the text, or None where it was guessed.
        weight: the running text of ``outer``, in characters.
    """

    outer: Element
    core: Element | None = None
    mark: str | None = None
    weight: int = 0


def find_container(body: Element) -> Container:
    """Return the element that the page marks as its text, or else the heaviest.

    What is marked must hold a good part of the page's running text: some sites
    call each teaser at the foot of a page an article.
    """
    # A page of a few words has no text that is longer than a label.
    weights = weigh(body) or weigh_words(body)
    whole = weights.get(body, 0)
    heavy = [node for node, weight in weights.items() if weight >= _MIN_SHARE * whole]
    for mark in (*_EXACT, "article", "main"):
        best = _innermost((node for node in heavy if _is_mark(node, mark)), weights)
        if best is not None and mark == "main":
            return _around(_descend(best, weights), body, weights, mark)
        if best is not None:
            return _around(best, body, weights, mark)
    return _around(_descend(body, weights), body, weights, None)


_MIN_SHARE = 0.4
_NEARLY = 0.85
_MOST = 0.6
_EXACT = ("articleBody", "a name for the text")
_LEAVES = frozenset({"p", "blockquote", "ul", "ol", "table", "pre"})


def _is_mark(node: Element, mark: str) -> bool:
    match mark:
        case "articleBody":
            return mark in node.get("itemprop", "").split()
        case "a name for the text":
            return name_kind(node) == "text"
        case _:
            return node.tag == mark or node.get("role") == mark


def _innermost(nodes: Iterable[Element], weights: Mapping[Element, int]) -> Element | None:
    """Return the heaviest of some elements, or one inside of it that weighs nearly as much."""
    ranked = sorted(nodes, key=lambda node: -weights[node])
    best = ranked[0] if ranked else None
    for node in ranked[1:]:
        if best is not None and weights[node] >= _NEARLY * weights[ranked[0]]:
            best = node if any(above is best for above in node.iterancestors()) else best
    return best


def _descend(node: Element, weights: Mapping[Element, int]) -> Element:
    """Return the innermost element that holds nearly all of the text below ``node``."""
    while True:
        inner = max(node, key=lambda child: weights.get(child, 0), default=None)
        if inner is None or inner.tag in _LEAVES:
            return node
        if inner not in weights or weights[inner] < _NEARLY * weights[node]:
            return node
        node = inner


def _around(
    core: Element, body: Element, weights: Mapping[Element, int], mark: str | None
) -> Container:
    """Return a core with what stands around it: its heading, its summary.

    The heading of the page may stand anywhere above; what holds it and hardly more
    text than the core does is read too.
    """
    if next(core.iter("h1"), None) is not None:
        return Container(core, None, mark, weights.get(core, 0))
    for above in core.iterancestors():
        if weights.get(core, 0) < _MOST * weights.get(above, 0):
            is_whole = above.tag in ("article", "main") and mark in (
                "a name for the text",
                "articleBody",
            )
            outer = above if is_whole else core
            return Container(outer, None, mark, weights.get(outer, 0))
        if next(above.iter("h1"), None) is not None:
            return Container(above, core, mark, weights[above])
        if above is body:
            break
    return Container(core, None, mark, weights.get(core, 0))
