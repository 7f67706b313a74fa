"""Reading the element that holds an article: its text, and what is marked beside it.

One pass. Menus, share buttons, comments, boxes and lists of other articles are passed
over, by their tags, roles and names; the heading, dates, authors and tags are kept
apart.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rights_search.ingest.dates.shapes import YEAR_DIGITS
from rights_search.ingest.html.container import Container
from rights_search.ingest.html.counts import date_line
from rights_search.ingest.html.dom import (
    CAPTIONS,
    HEADINGS,
    MAX_CLASS_CHARS,
    NO_TEXT,
    SMALL_CHARS,
    Piece,
    is_hidden,
    is_unseen,
    is_unseen_class,
    pieces,
    quick_text,
    small_text,
)
from rights_search.ingest.html.names import (
    AROUND_ROLES,
    AROUND_TAGS,
    NameKind,
    class_words,
    kind_of_names,
    name_kind,
)
from rights_search.ingest.html.weight import weighs
from rights_search.ingest.page_words import is_navigation

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True, slots=True)
class MarkedDate:
    """A date that stands in the page.

    Args:
        value: what a machine is told, or else the text.
        origin: what tells that it is a date.
        is_update: whether it is that of a change.
        place: where it says that the text was written.
    """

    value: str
    origin: str
    is_update: bool = False
    place: str | None = None


@dataclass(slots=True)
class Reading:
    """What stands in the element of an article.

    Args:
        title: its title, where the head of the page tells it; such headings are no text.
        pieces: its text in the page's order, captions aside.
        headings: the texts of its ``h1`` elements.
        captions: what describes its pictures.
        dates: what is marked as a date or is one, above the text.
        authors: lines that name who wrote it.
        tags: labels that it links to as its tags.
    """

    title: str | None = None
    pieces: list[Piece] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    dates: list[MarkedDate] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


def read_container(container: Container, title: str | None) -> Reading:
    """Return what stands in a container, its text still unsorted.

    Args:
        container: where the text stands.
        title: the title of the article, if the head of the page tells it.
    """
    reading = Reading(title)
    policy = _Policy(container, reading)
    found = pieces(container.outer, is_passed_over=policy.passes_over, core=container.core)
    reading.pieces = [piece for piece in found if piece.tag not in CAPTIONS]
    reading.captions += [piece.text for piece in found if piece.tag in CAPTIONS]
    return reading


_KEPT_TAGS = frozenset({"body", "main", "article", "html"})
_BOX_TAGS = AROUND_TAGS | {"footer", "form"}
_SPECIAL_TAGS = NO_TEXT | _BOX_TAGS | {"time", "sup"}
_LINE_TAGS = HEADINGS | {"p", "div", "span", "em", "i", "b", "strong", "font", "small", "li", "td"}
_TELLING = frozenset("aria-hidden class hidden id itemprop rel role style".split())
_SELDOM = _TELLING - {"class", "id"}
_MARKED = frozenset("articleSection author dateModified datePublished keywords publisher".split())
_PEOPLE_WORDS = frozenset("author authors byline bylines".split())
_UPDATE_WORDS = frozenset({"updated", "modified"})
_LONG_CHARS = 120
_MIN_WEIGHT = 250
_MAX_WEIGHT = 10 * SMALL_CHARS  # what weighs more is no line, white space in it or not
_MAX_SHARE = 0.4
_MAX_HELD = 50
_MAX_LINES = 300
_DATE_SHARE = 0.4
_MAX_AUTHOR_CHARS = 80
_LINE = "a line above the text"
_NO_NAME = re.compile(r"[\d@/?!]|:\S")


class _Policy:
    """Tells what to pass over, and keeps what that says.

    Each look inside of an element is bounded by a count, or is the last one at what
    is inside: no nesting of names makes the whole take more than linear time.
    """

    def __init__(self, container: Container, reading: Reading) -> None:
        self._weights = container.weights
        self._most = _MAX_SHARE * container.weights.get(container.outer, 0)
        self._reading = reading
        self._held = 0
        self._lines = 0
        self._seen = 0
        self._is_above = True

    def passes_over(self, element: Element, so_far: Sequence[Piece]) -> bool:
        """Say whether an element is no part of the text, and keep what it says besides."""
        tag = element.tag
        if self._is_above or tag in _SPECIAL_TAGS:
            told = self._told_by_tag(element, tag, so_far)
            if told is not None:
                return told
        names = element.keys()
        if not names or _TELLING.isdisjoint(names):
            return False
        if _SELDOM.isdisjoint(names):
            return self._is_named(element, tag)
        return is_hidden(element, names) or (
            tag not in _KEPT_TAGS and self._is_told(element, names)
        )

    def _is_named(self, element: Element, tag: str) -> bool:
        """Say whether an element is no text by its class and id, for which alone most are asked."""
        kind = None
        if classes := element.get("class"):
            if is_unseen_class(classes[:MAX_CLASS_CHARS]):
                return True
            kind = kind_of_names(classes)
        if tag in _KEPT_TAGS:
            return False
        if kind is None and (identifier := element.get("id")):
            kind = kind_of_names(identifier)
        return kind is not None and kind != "text" and self._is_of_kind(element, kind)

    def _told_by_tag(self, element: Element, tag: str, so_far: Sequence[Piece]) -> bool | None:
        """Say whether an element is no text by its tag, or None where that does not tell."""
        if tag in NO_TEXT:
            # What scripts put in stands in a noscript for those who run none.
            return tag != "noscript" or self._is_light(element)
        if tag in _BOX_TAGS:
            return not self._holds_much(element)
        if self._is_above and (tag in _LINE_TAGS or tag == "time"):
            self._look_for_text(so_far)
            if self._is_above and tag != "time" and self._takes_line(element):
                return True
        is_taken = (tag == "time" and self._takes_time(element)) or (
            tag == "sup" and is_unseen(element)
        )
        return True if is_taken else None

    def _is_told(self, element: Element, names: Collection[str | bytes]) -> bool:
        """Say whether an element is no text by its attributes, of which these are the names."""
        if ("itemprop" in names or "rel" in names) and self._is_marked(element):
            return True
        if "role" in names and element.get("role") in AROUND_ROLES:
            return not self._holds_much(element)
        kind = name_kind(element)
        return kind is not None and kind != "text" and self._is_of_kind(element, kind)

    def _look_for_text(self, so_far: Sequence[Piece]) -> None:
        new = so_far[self._seen :]
        self._seen = len(so_far)
        self._is_above = all(len(piece.text) < _LONG_CHARS for piece in new)

    def _takes_line(self, element: Element) -> bool:
        """Take a line above the text that is its heading, or only a date."""
        self._lines += 1
        may_be_line = self._lines <= _MAX_LINES and self._weights.get(element, 0) <= _MAX_WEIGHT
        text = small_text(element) if may_be_line else None
        if element.tag == "h1":
            text = quick_text(element) if text is None else text
            self._reading.headings.append(text)
            return True
        if not text:
            return False
        return text == self._reading.title or self._takes_date(element, text)

    def _takes_date(self, element: Element, text: str) -> bool:
        """Take what a line says if it is only a date: by a time element, or by its words."""
        if YEAR_DIGITS.search(text) is None:
            return False
        marked = [inner for inner in element.iter("time") if _fills(inner, text)]
        if marked:
            taken = [self._takes_time(inner) for inner in marked]
            return any(taken)
        line = date_line(text)
        if line is None:
            return False
        is_update = self._tells_update(element)
        for date, updates in ((line.date, is_update), (line.updated, True)):
            if date is not None:
                self._reading.dates.append(MarkedDate(date.iso, _LINE, updates))
        if line.byline:
            self._reading.authors.append(line.byline)
        return True

    def _takes_time(self, element: Element, *, is_apart: bool = False) -> bool:
        """Take a marked time that is no part of a sentence."""
        if not (is_apart or self._is_above or _is_alone(element)):
            return False
        text = small_text(element)
        value = element.get("datetime") or text
        if text is None or not value:
            return False
        self._reading.dates.append(MarkedDate(value, "time", self._tells_update(element)))
        return True

    def _tells_update(self, element: Element) -> bool:
        parent = element.getparent()
        around = [element] if parent is None else [element, parent]
        return any(not _UPDATE_WORDS.isdisjoint(class_words(node)) for node in around)

    def _is_marked(self, element: Element) -> bool:
        marked = element.get("itemprop")
        if marked is not None and not _MARKED.isdisjoint(marked.split()):
            return self._is_light(element)
        relation = element.get("rel")
        if relation is None:
            return False
        for name, kept in (("author", self._reading.authors), ("tag", self._reading.tags)):
            text = small_text(element) if name in relation.split() else None
            if text:
                kept.append(text)
                return True
        return False

    def _is_of_kind(self, element: Element, kind: NameKind) -> bool:
        match kind:
            case "around":
                return not self._holds_much(element)
            case "beside" if self._is_light(element):
                self._keep_beside(element)
                return True
            case "caption":
                text = small_text(element)
                if text:
                    self._reading.captions.append(text)
                return bool(text) or self._is_light(element)
            case _:
                return False

    def _keep_beside(self, element: Element) -> None:
        """Keep who, when and under what a box beside the text names."""
        text = small_text(element)
        if text is None:
            return
        times = [self._takes_time(inner, is_apart=True) for inner in element.iter("time")]
        if not any(times) and self._takes_date(element, text):
            return
        named = [inner for inner in element.iter("*") if self._keeps_name(inner)]
        if not named and not _PEOPLE_WORDS.isdisjoint(class_words(element)) and _may_name(text):
            self._reading.authors.append(text)

    def _keeps_name(self, element: Element) -> bool:
        """Keep what an element inside of a box says: a tag, an author."""
        if self._is_marked(element):
            return "author" in element.get("rel", "").split()
        if len(element) or "author" not in class_words(element):
            return False
        text = small_text(element)
        if text and _may_name(text):
            self._reading.authors.append(text)
        return bool(text)

    def _is_light(self, element: Element) -> bool:
        """Say whether an element holds no more text than a box does."""
        if self._held >= _MAX_HELD:
            return False
        is_heavy = weighs(element, _MIN_WEIGHT)
        self._held += is_heavy
        return not is_heavy

    def _holds_much(self, element: Element) -> bool:
        """Say whether an element holds so much of the text that it is the text."""
        return self._weights.get(element, 0) > self._most


def _is_alone(element: Element) -> bool:
    parent = element.getparent()
    return parent is None or small_text(parent) == small_text(element)


def _fills(element: Element, line: str) -> bool:
    """Say whether an element is a good part of its line, and not a word of a sentence."""
    text = small_text(element)
    return text is not None and len(text) >= _DATE_SHARE * len(line)


def _may_name(text: str) -> bool:
    """Say whether a line may name people: no address, no number, no menu."""
    return len(text) <= _MAX_AUTHOR_CHARS and not _NO_NAME.search(text) and not is_navigation(text)
