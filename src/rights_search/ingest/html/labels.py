"""The labels of a block in a listing page: countries, topics, authors, credits.

What a label is, its site says in the names of classes, links and micro-data. Where
these say nothing, a country's name is a country and all else is a tag.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rights_search.ingest.bylines import is_by_phrase
from rights_search.ingest.html.counts import count_running, is_small, stands_alone
from rights_search.ingest.html.dom import own_text, quick_text, remove
from rights_search.ingest.html.names import class_words
from rights_search.ingest.page_words import is_call, is_credit, is_navigation
from rights_search.ingest.people import People, from_line, joined
from rights_search.ingest.records.keys import field_of
from rights_search.ingest.records.values import country_code, split_countries
from rights_search.post import PartialDate

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(slots=True)
class Parts:
    """What was taken out of a block so far."""

    date: PartialDate | None = None
    updated: PartialDate | None = None
    people: People = field(default_factory=People)
    countries: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    source: str | None = None


def take_labels(entry: Element, parts: Parts) -> None:
    """Cut the labels out of a block; dates must be out of it already."""
    running = count_running(entry)
    taken: dict[Element, None] = {}
    led: dict[Element, bool] = {}
    for node in entry.iter(*_HINTED_TAGS):
        if len(taken) >= _MAX_LABELS:
            break
        if node is entry or not is_small(node) or _is_within(node, taken, entry):
            continue
        hint = _hint(node, entry)
        if hint == "text" or not _is_label(node, hint, running):
            continue
        if hint is None and not _is_led_up_to(node, led):
            continue
        text = quick_text(node)
        if text:
            put_label(parts, text, hint)
            taken[node] = None
    cut_out(list(taken), entry)


def _is_led_up_to(node: Element, known: dict[Element, bool]) -> bool:
    """Say whether no words stand around a node: "See <a>the report</a>." is a sentence."""
    parent = node.getparent()
    if parent is None:
        return True
    if parent not in known:
        known[parent] = is_leading(own_text(parent))
    return known[parent]


def _is_within(node: Element, taken: Container[Element], entry: Element) -> bool:
    above = itertools.takewhile(lambda parent: parent is not entry, node.iterancestors())
    return any(parent in taken for parent in above)


def cut_out(nodes: Sequence[Element], entry: Element) -> None:
    """Cut parts out of a block, with the words that only led up to them: "Filed under"."""
    holders = dict.fromkeys(
        parent
        for node in nodes
        for parent in itertools.takewhile(lambda above: above is not entry, node.iterancestors())
    )
    remove(nodes)
    for holder in holders:
        # To see that a word of it is another takes less than to look at what it holds.
        if is_leading(quick_text(holder)) and is_small(holder):
            remove([holder])


def is_leading(text: str) -> bool:
    """Say whether a text only leads up to a date or a label, or is none at all."""
    words = (found[0] for found in _ANY_WORD.finditer(text.lower()))
    return all(word in _LEADING or field_of(word) is not None for word in words)


def _is_label(node: Element, hint: str | None, running: Mapping[Element, int]) -> bool:
    text = quick_text(node)
    if len(text) > _MAX_LABEL_CHARS or len(text.split()) > _MAX_LABEL_WORDS:
        return False
    if hint is None and (node.tag not in _LABEL_TAGS or _SENTENCE.search(text) is not None):
        return False
    return stands_alone(node, running)


def _hint(node: Element, entry: Element) -> str | None:
    """Return what names around a node say it is, the nearest first."""
    for element in (node, *node.iterancestors()):
        if element is entry:
            break
        words = class_words(element) | {element.get("rel", "").split(" ")[0]}
        kinds = {_HINT_OF[word] for word in words if word in _HINT_OF}
        for kind in _HINTS:
            if kind in kinds:
                return kind
    path = _PATH_WORD.search(node.get("href", ""))
    return _HINT_OF.get(path[1] or path[2] or "") if path is not None else None


def put_label(parts: Parts, text: str, hint: str | None) -> None:
    """File a label's text under what it is.

    Args:
        parts: where to.
        text: the label, perhaps with its own name: "Country: Kenya".
        hint: what the page says it is, or None where it says nothing.
    """
    named = _NAMED.fullmatch(text)
    known = field_of(named[1]) if named is not None else None
    if named is not None and known is not None:
        hint = known[0] if known[0] in _HINTS else hint
        text = named[2]
    text = text.strip(" |•·,;/")
    if _NO_LABEL.fullmatch(text) or (hint is None and is_navigation(text)):
        return
    if hint is None and is_call(text, behind_text=True):
        parts.calls.append(text)
        return
    match hint or _guess(text):
        case "countries":
            parts.countries += split_countries(text)
        case "authors":
            parts.people = joined(parts.people, from_line(text))
        case "source":
            parts.source = text
        case "captions":
            parts.captions.append(text)
        case _:
            parts.tags.append(text)


def _guess(text: str) -> str:
    if is_by_phrase(text):
        return "authors"
    if is_credit(text):
        return "captions"
    is_country = all(country_code(part) is not None for part in split_countries(text))
    return "countries" if is_country else "tags"


# What the words of classes, links and micro-data say of a label.
_HINTS = {
    "text": "abstract dek description excerpt intro lead snippet standfirst summary",
    "countries": "country countries location locations nation nations pays pais place region geo",
    "authors": "author authors byline writer contributor",
    "source": "publisher publication outlet",
    "captions": "caption credit",
    "tags": (
        "badge categories category eyebrow issue keyword keywords kicker label labels rubric "
        "section subject tag tags theme themes topic topics type"
    ),
}
_HINT_OF = {word: kind for kind, words in _HINTS.items() for word in words.split()}
_LEADING_WORDS = (
    "a at by en filed from in last le on posted published tagged the under updated written "
    "classé dans le mis par publié sous sur el fecha por publicado actualizado "
    "автор в опубликовано рубрика am geschrieben veröffentlicht von بقلم في نشر"
)
_LEADING = frozenset(_LEADING_WORDS.split())
_ANY_WORD = re.compile(r"\w+")
_LABEL_TAGS = frozenset({"a", "span", "small", "li", "td", "dd", "em", "i", "b", "strong", "label"})
_HINTED_TAGS = _LABEL_TAGS | {"div", "p", "cite", "address", "ul", "ol"}
_MAX_LABELS = 100
_MAX_LABEL_CHARS = 80
_MAX_LABEL_WORDS = 9
_SENTENCE = re.compile(r"[.!?…؟۔。]\W*\Z")
_NAMED = re.compile(r"([^\W\d_][\w ]{1,20})\s*[:：]\s*(\S.*)", re.DOTALL)
_NO_LABEL = re.compile(r"\W*|\d+ ?(?:min\w*|comments?|shares?|views?)\b.*", re.IGNORECASE)
_PATH_WORD = re.compile(r"/([a-z]+)/[^/]+/?\Z|/([a-z]+)/(?:[^/]+/){1,3}\Z")
