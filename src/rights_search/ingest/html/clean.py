"""Taking out of a page what is around its posts: menus, footers, forms, comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rights_search.ingest.html.dom import HIDING, NO_TEXT, is_unseen, remove
from rights_search.ingest.html.names import (
    AROUND_ROLES,
    AROUND_TAGS,
    AROUND_WORDS,
    FILED,
    class_words,
)
from rights_search.ingest.html.weight import weigh_words

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_WORDS = AROUND_WORDS - {"footer"} | {"ads", "advert", "advertisement"}
_KEPT = frozenset({"html", "body", "main", "article"})
_INSIDE = frozenset({"article", "main", "section", "li", "td"})
_FIELDS = ("input", "select", "textarea", "button")

# No element but a mark of a note is known by anything else.
_TELLING = HIDING | {"class", "role"}

# What holds this much of the page's text is a wrapper of it, whatever its name.
_MAX_SHARE = 0.4


def clear(body: Element) -> None:
    """Remove from ``body`` what stands around the content, in place."""
    # Before the fields themselves go; pages of some systems are one form as a whole.
    forms = [form for form in body.iter("form") if next(form.iter(*_FIELDS), None) is not None]
    # By their tags first, which is fast and takes most of the page away.
    remove(list(body.iter(*AROUND_TAGS)))
    # A meta element inside of the page says the date of a post, or the like.
    remove(list(body.iter(*NO_TEXT - {"meta"})))
    remove([node for node in body.iter("*") if node is not body and _is_around(node)])
    named = [*forms, *(node for node in body.iter("*") if _is_named_around(node))]
    if named:
        chars = weigh_words(body)
        limit = _MAX_SHARE * chars.get(body, 0)
        remove([node for node in named if chars.get(node, 0) <= limit])


def may_clear(node: Element) -> bool:
    """Say whether `clear` may remove an element, how much of its page it holds aside."""
    if node.tag in AROUND_TAGS or node.tag == "form":
        return True
    return _is_around(node) or _is_named_around(node)


def _is_around(node: Element) -> bool:
    tag = node.tag
    if tag in ("header", "footer"):
        return not _is_inside(node)
    names = node.keys()
    if not names or tag == "meta" or (tag != "sup" and _TELLING.isdisjoint(names)):
        return False
    return ("role" in names and node.get("role", "").lower() in AROUND_ROLES) or is_unseen(node)


def _is_named_around(node: Element) -> bool:
    classes, identifier = node.get("class"), node.get("id")
    if node.tag in _KEPT or not (classes or identifier):
        return False
    words = class_words(node)
    if _WORDS.isdisjoint(words) and ("footer" not in words or _is_inside(node)):
        return False
    return not any(filed in (classes or "") for filed in FILED)


def _is_inside(node: Element) -> bool:
    """Say whether a header or a footer is that of a post rather than the page's."""
    return any(parent.tag in _INSIDE for parent in node.iterancestors())
