"""Taking out of a page what is around its posts: menus, footers, forms, comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rights_search.ingest.html_counts import count
from rights_search.ingest.html_dom import NO_TEXT, class_words, is_unseen, remove

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_AROUND_TAGS = ("nav", "aside", "menu", "dialog")
_AROUND_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "menu", "menubar"}
)
_WORDS = (
    "advert advertisement ads breadcrumb breadcrumbs comment comments consent cookie cookies "
    "disqus gdpr menu modal nav navbar navigation newsletter pager pagination popup "
    "recommended related share sharing sidebar signup skip skiplink social sponsor subscribe "
    "subscription"
)
_AROUND_WORDS = frozenset(_WORDS.split())
# Classes that file a post under a term: "category-social-justice" is no share button.
_FILED = ("category-", "cat-", "tag-", "term-", "topic-", "theme-", "country-", "region-")
_KEPT = frozenset({"html", "body", "main", "article"})
_INSIDE = frozenset({"article", "main", "section", "li", "td"})
_FIELDS = ("input", "select", "textarea", "button")

# What holds this much of the page's text is a wrapper of it, whatever its name.
_MAX_SHARE = 0.4


def clear(body: Element) -> None:
    """Remove from ``body`` what stands around the content, in place."""
    # Before the fields themselves go; pages of some systems are one form as a whole.
    forms = [form for form in body.iter("form") if next(form.iter(*_FIELDS), None) is not None]
    # By their tags first, which is fast and takes most of the page away.
    remove(list(body.iter(*_AROUND_TAGS)))
    # A meta element inside of the page says the date of a post, or the like.
    remove(list(body.iter(*NO_TEXT - {"meta"})))
    remove([node for node in body.iter("*") if node is not body and _is_around(node)])
    named = [*forms, *(node for node in body.iter("*") if _is_named_around(node))]
    if named:
        counted = count(body, dates=False)
        limit = _MAX_SHARE * counted[body].chars
        remove([node for node in named if node in counted and counted[node].chars <= limit])


def _is_around(node: Element) -> bool:
    if node.tag in ("header", "footer"):
        return not _is_inside(node)
    if not node.attrib or node.tag == "meta":
        return False
    return node.get("role", "").lower() in _AROUND_ROLES or is_unseen(node)


def _is_named_around(node: Element) -> bool:
    classes = node.get("class", "")
    if node.tag in _KEPT or not (classes or "id" in node.attrib):
        return False
    if any(filed in classes for filed in _FILED):
        return False
    words = class_words(node)
    return not _AROUND_WORDS.isdisjoint(words) or ("footer" in words and not _is_inside(node))


def _is_inside(node: Element) -> bool:
    """Say whether a header or a footer is that of a post rather than the page's."""
    return any(parent.tag in _INSIDE for parent in node.iterancestors())
