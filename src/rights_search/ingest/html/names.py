"""What the names that a page gives its elements say of them: classes, ids, roles.

Names are taken apart into words, so that ``relatedPosts``, ``related-posts`` and
``block__related`` are one. They are hints: whoever asks looks at what the element
holds as well, for names are also borrowed and left over.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NameKind = Literal["around", "beside", "caption", "text"]
"""``around`` is no part of a post's text: menus, comments, lists of others. ``beside``
is seldom: boxes, lines on the author, dates, tags. ``caption`` describes a picture.
``text`` holds the text of a post."""

AROUND_TAGS = frozenset({"nav", "aside", "menu", "dialog"})
AROUND_ROLES = frozenset(
    "navigation banner contentinfo search complementary dialog alertdialog menu menubar toolbar "
    "tablist".split()
)
FILED = ("category-", "cat-", "tag-", "term-", "topic-", "theme-", "country-", "region-")
"""How classes begin that file a post under a term: ``category-social-justice``."""


def name_kind(element: Element) -> NameKind | None:
    """Return what an element is by its classes and its id, or None where they do not say."""
    classes = element.get("class")
    kind = None if classes is None else kind_of_names(classes)
    if kind is not None:
        return kind
    identifier = element.get("id")
    return None if identifier is None else kind_of_names(identifier)


def class_words(element: Element) -> frozenset[str]:
    """Return the words of an element's classes, id and property, in lower case."""
    found = _NO_WORDS
    for name in ("class", "id", "itemprop"):
        if names := element.get(name):
            found = found | words_of(names) if found else words_of(names)
    return found


@lru_cache(maxsize=4096)
def words_of(names: str) -> frozenset[str]:
    """Return the words of names, in lower case: ``card__topTitle`` has three."""
    return frozenset(word.lower() for word in _WORDS.findall(names[:_MAX_CHARS]))


_NO_WORDS: frozenset[str] = frozenset()
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MODIFIER = re.compile(r"--[\w-]*")
_MAX_CHARS = 1000

AROUND_WORDS = frozenset(
    "addthis addtoany breadcrumb breadcrumbs comment comments commentlist consent cookie cookies "
    "crosslink disqus footer footnav gdpr menu modal nav navbar navi navigation newsletter "
    "nocontent outbrain pager pagination paging paywall popup recirculation recommend "
    "recommendation recommendations recommended related relatedposts relateds respond share "
    "sharebar sharedaddy shares shariff sharing sidebar sidebars signup skip skiplink social "
    "sponsor sponsored subscribe subscription taboola toolbar toolbox".split()
)
_BESIDE_WORDS = frozenset(
    "ad ads adsense adv advert advertisement advertising author authorbox authors banner bookmark "
    "byline bylines copyright credit credits date dateline datum disclaimer donate hidden login "
    "meta metadata noprint postmeta promo promotion publishdate published rating ratings reply "
    "search tag tagcloud tags teaser teasers timestamp tooltip viewcount widget widgets".split()
)
# A name of the text has a word of each: "article-body", "postContent", "entry__text".
_OF_POST = frozenset(
    "article artikel beitrag blog detail entry main news node post single story".split()
)
_OF_TEXT = frozenset("body content copy inhalt text".split())
_NOT_TEXT = frozenset(
    "author box comment comments container excerpt footer header image img item list meta nav "
    "preview related sidebar teaser title wrapper".split()
)
_TEXT_NAMES = frozenset({"articlebody", "articletext", "e-content", "entrytext", "posttext"})


_KNOWN = AROUND_WORDS | _BESIDE_WORDS | _OF_TEXT | _TEXT_NAMES | {"caption"}


@lru_cache(maxsize=8192)
def kind_of_names(names: str) -> NameKind | None:
    """Return what an element is by its classes, or by its id, or None where they do not say."""
    names = names[:_MAX_CHARS]
    if _KNOWN.isdisjoint(words_of(names)) and "e-content" not in names:
        return None
    if any(_names_text(name) for name in names.split()):
        return "text"
    if any(filed in names for filed in FILED):
        return None
    if not AROUND_WORDS.isdisjoint(words_of(names)):
        return "around"
    # What follows two hyphens says how an element differs from others of its kind.
    words = words_of(_MODIFIER.sub("", names))
    if "caption" in words:
        return "caption"
    return None if _BESIDE_WORDS.isdisjoint(words) else "beside"


def _names_text(name: str) -> bool:
    if name.lower() in _TEXT_NAMES:
        return True
    words = words_of(name)
    if _OF_POST.isdisjoint(words) or _OF_TEXT.isdisjoint(words):
        return False
    return _NOT_TEXT.isdisjoint(words)
