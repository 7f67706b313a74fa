"""Finding the element that holds the text of an article page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from rights_search.ingest.html.names import name_kind
from rights_search.ingest.html.weight import weigh, weigh_words

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True, slots=True)
class Container:
    """Where the text of an article stands.

    Args:
        outer: the element to read: the text, and what stands with it.
        core: the element in it that is the text for certain; None: no such.
        mark: what marks it as the text, or None where it was guessed.
        weights: the running text below the elements of the page that have any.
        is_only: whether nothing else in the page that has text is marked so.
        has_runs: whether any text of the page is longer than a label; without, weights are
            those of all its words.
    """

    outer: Element
    core: Element | None = None
    mark: str | None = None
    weights: Mapping[Element, int] = field(default_factory=dict)
    is_only: bool = True
    has_runs: bool = True

    @property
    def text(self) -> Element:
        """Return the innermost element that is known to hold the text."""
        return self.outer if self.core is None else self.core

    @property
    def is_article(self) -> bool:
        """Say whether the page marks one text, and no other like it."""
        return self.is_only and self.mark in (*_EXACT, "article")


def find_container(body: Element, most: int | None = None) -> Container:
    """Return the element that the page marks as its text, or else the heaviest.

    What is marked must hold a good part of the page's running text: some sites
    call each teaser at the foot of a page an article.

    Args:
        body: of the page.
        most: how many characters its text has at most, if that is known.
    """
    # A page of a few words has no text that is longer than a label.
    runs = weigh(body, most)
    weights = runs or weigh_words(body)
    mark, marked, core = _marked(body, weights)
    if mark in (None, "main"):
        core = _descend(core, weights)
    outer = _with_heading(core, body, weights, is_exact=mark in _EXACT)
    return Container(
        outer=outer,
        core=core if any(above is outer for above in core.iterancestors()) else None,
        mark=mark,
        weights=weights,
        is_only=all(_is_in(node, core) or _is_in(core, node) for node in marked),
        has_runs=bool(runs),
    )


_EXACT = ("articleBody", "a name for the text")
_MARKS = (*_EXACT, "article", "main")
_MIN_SHARE = 0.4
_NEARLY = 0.85
_MOST = 0.6
_MAX_HEADINGS = 20
_LEAVES = frozenset({"p", "blockquote", "ul", "ol", "table", "pre"})


def _marked(
    body: Element, weights: Mapping[Element, int]
) -> tuple[str | None, list[Element], Element]:
    """Return the best mark in the page, the elements that bear it, and the one to take."""
    least = _MIN_SHARE * weights.get(body, 0)
    for mark in _MARKS:
        marked = [node for node in weights if _is_mark(node, mark)]
        best = _heaviest(marked, weights)
        if best is not None and weights[best] >= least:
            return mark, marked, best
    return None, [], body


def _is_mark(node: Element, mark: str) -> bool:
    match mark:
        case "articleBody":
            return mark in node.get("itemprop", "").split()
        case "a name for the text":
            return name_kind(node) == "text"
        case _:
            return node.tag == mark or node.get("role") == mark


def _heaviest(nodes: Iterable[Element], weights: Mapping[Element, int]) -> Element | None:
    """Return the heaviest of some elements, or one inside of it that weighs nearly as much."""
    ranked = sorted(nodes, key=lambda node: -weights[node])
    best = ranked[0] if ranked else None
    for node in ranked[1:]:
        if best is not None and weights[node] >= _NEARLY * weights[ranked[0]]:
            best = node if _is_in(node, best) else best
    return best


def _is_in(node: Element, other: Element) -> bool:
    return node is other or any(above is other for above in node.iterancestors())


def _descend(node: Element, weights: Mapping[Element, int]) -> Element:
    """Return the innermost element that holds nearly all of the text below ``node``."""
    while True:
        inner = max(node, key=lambda child: weights.get(child, 0), default=None)
        if inner is None or inner.tag in _LEAVES:
            return node
        if inner not in weights or weights[inner] < _NEARLY * weights[node]:
            return node
        node = inner


def _with_heading(
    core: Element, body: Element, weights: Mapping[Element, int], *, is_exact: bool
) -> Element:
    """Return the element that holds a core and its heading, or else the core.

    The heading may stand anywhere above, and the summary between them; what holds
    much more text than the core does holds other things too.
    """
    headings = islice(body.iter("h1"), _MAX_HEADINGS)
    holders = {above for heading in headings for above in heading.iterancestors()}
    for node in (core, *core.iterancestors()):
        if weights.get(core, 0) < _MOST * weights.get(node, 0):
            # What is marked is only a part: the text goes on beside it.
            return node if is_exact and node.tag in ("article", "main") else core
        if node in holders:
            return node
        if node is body:
            break
    return core
