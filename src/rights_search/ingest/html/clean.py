"""Taking out of a page what is around its posts: menus, footers, forms, comments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from rights_search.ingest.html.dom import HIDING, NO_TEXT, all_text, is_hidden, is_unseen, remove
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

# A meta element inside of the page says the date of a post, or the like.
_REMOVED = AROUND_TAGS | NO_TEXT - {"meta"}

_EDGES = frozenset({"header", "footer"})
_UNSEEN = NO_TEXT | {"sup"}

# No element but a mark of a note is known by anything else.
_TELLING = HIDING | {"class", "role"}

# What holds this much of the page's text is a wrapper of it, whatever its name.
_MAX_SHARE = 0.4


def clear(body: Element) -> None:
    """Remove from ``body`` what stands around the content, in place."""
    # Before the fields themselves go; pages of some systems are one form as a whole.
    forms = [form for form in body.iter("form") if next(form.iter(*_FIELDS), None) is not None]
    # By their tags first, which is fast and takes most of the page away.
    remove(list(body.iter(*_REMOVED)))
    around: list[Element] = []
    named = forms
    for node in body.iter("*"):
        names = node.keys()
        if not names and node.tag not in _EDGES:
            continue  # nothing tells
        if node is not body and _is_around(node, names):
            around.append(node)
        elif _is_named_around(node, names):
            named.append(node)
    remove(around)
    remove(_without_wrappers(named, body))


def _without_wrappers(named: Sequence[Element], body: Element) -> list[Element]:
    """Return those of some elements that hold no more than their share of the text."""
    # What is short as it stands, white space in it, need not be counted: most are.
    least = _MAX_SHARE * len("".join(all_text(body).split())) if named else 0
    long = {node for node in named if len(all_text(node)) > least}
    if not long:
        return list(named)
    chars = weigh_words(body)
    limit = _MAX_SHARE * chars.get(body, 0)
    return [node for node in named if node not in long or chars.get(node, 0) <= limit]


def may_clear(node: Element) -> bool:
    """Say whether `clear` may remove an element, how much of its page it holds aside."""
    if node.tag in AROUND_TAGS or node.tag == "form":
        return True
    names = node.keys()
    return _is_around(node, names) or _is_named_around(node, names)


def _is_around(node: Element, names: Collection[str | bytes]) -> bool:
    """Say whether an element's tag or attributes, which have these names, say so."""
    tag = node.tag
    if tag in _EDGES:
        return not _is_inside(node)
    if not names or tag == "meta" or (tag != "sup" and _TELLING.isdisjoint(names)):
        return False
    if "role" in names and node.get("role", "").lower() in AROUND_ROLES:
        return True
    return is_unseen(node) if tag in _UNSEEN else is_hidden(node, names)


def _is_named_around(node: Element, names: Collection[str | bytes]) -> bool:
    if node.tag in _KEPT or not ("class" in names or "id" in names):
        return False
    words = class_words(node)
    if _WORDS.isdisjoint(words) and ("footer" not in words or _is_inside(node)):
        return False
    classes = node.get("class", "")
    return not any(filed in classes for filed in FILED)


def _is_inside(node: Element) -> bool:
    """Say whether a header or a footer is that of a post rather than the page's."""
    return any(parent.tag in _INSIDE for parent in node.iterancestors())
