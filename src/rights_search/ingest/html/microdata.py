"""Microdata: what a page's text marks with ``itemprop``.

Only the properties of the page's one article count: related articles, comments and
the site have items of their own (https://html.spec.whatwg.org/#microdata).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rights_search.ingest.html.dom import small_text, with_attribute
from rights_search.ingest.html.json_ld import ARTICLE_TYPES, type_name

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

PROPERTIES = frozenset(
    {
        "articleSection",
        "author",
        "contentLocation",
        "dateModified",
        "datePublished",
        "headline",
        "inLanguage",
        "keywords",
        "publisher",
    }
)
"""The properties that are read; the text itself is found by `find_container`."""

_MAX_VALUES = 50
_MAX_MARKED = 2000


def article_properties(root: Element) -> dict[str, list[str]]:
    """Return the properties of the page's article; empty if it has several.

    Properties outside of any item count where no item is an article.
    """
    marked = [node for node in with_attribute(root, "itemprop") if node.get("itemprop")]
    del marked[_MAX_MARKED:]
    if not marked:
        return {}
    known: dict[Element, Element | None] = {}
    scopes = {node: _scope(node, known) for node in marked}
    named = set(scopes.values())
    articles = {scope for scope in named if scope is not None and _is_article(scope)}
    if len(articles) > 1:
        return {}
    wanted = articles.pop() if articles else None
    found: dict[str, list[str]] = {}
    for node in marked:
        for name in node.get("itemprop", "").split():
            if name in PROPERTIES and scopes[node] is wanted:
                values = found.setdefault(name, [])
                value = _value(node)
                if value and value not in values and len(values) < _MAX_VALUES:
                    values.append(value)
    return found


def _scope(node: Element, known: dict[Element, Element | None]) -> Element | None:
    """Return the item that an element stands in; what is found is kept for others in it."""
    passed = []
    scope = None
    for above in node.iterancestors():
        if above in known:
            scope = known[above]
            break
        passed.append(above)
        if "itemscope" in above.keys():  # noqa: SIM118 - no dictionary
            scope = above
            break
    known |= dict.fromkeys(passed, scope)
    return scope


def _is_article(scope: Element) -> bool:
    kinds = scope.get("itemtype", "").split()
    return any(type_name(kind) in ARTICLE_TYPES for kind in kinds)


def _value(node: Element) -> str | None:
    given = node.get("content") or node.get("datetime")
    if given:
        return given
    if "itemscope" in node.attrib:
        properties = with_attribute(node, "itemprop")
        inner = next((inner for inner in properties if inner.get("itemprop") == "name"), None)
        if inner is not None:
            return inner.get("content") or small_text(inner)
    return small_text(node)
