"""Where the landmarks of a page stand in its bytes: scripts, menus, articles, its body.

All that is known of a page before it is decoded and parsed, and only where it is certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

Span: TypeAlias = tuple[int, int]


@dataclass(slots=True)
class Landmarks:
    """Where things stand in a page, in bytes."""

    body_end: int | None = None
    tags: dict[bytes, list[int]] = field(default_factory=dict)
    unseen: list[Span] = field(default_factory=list)
    scripts: list[Span] = field(default_factory=list)
    json_ld: list[Span] = field(default_factory=list)

    def only(self, tag: bytes) -> Span | None:
        """Return where the only element of this name starts and ends."""
        opened, closed = self.tags.get(b"<" + tag, []), self.tags.get(b"</" + tag, [])
        if len(opened) == len(closed) == 1 and opened[0] < closed[0]:
            return opened[0], closed[0] + len(b"</") + len(tag) + len(b">")
        return None

    def add(self, page: bytes, name: bytes, span: Span) -> None:
        """Take note of an element in which no tag is one."""
        start = span[0]
        if name == b"<script" and page.find(_JSON, start, page.find(b">", start)) >= 0:
            self.json_ld.append(span)
        elif name not in _KEPT:
            self.unseen.append(span)
            if name not in _NESTING:
                self.scripts.append(span)

    def add_tag(self, page: bytes, name: bytes, start: int) -> None:
        """Take note of a tag."""
        if name == b"<body":
            self.body_end = self.body_end or page.find(b">", start) + 1
        else:
            self.tags.setdefault(name, []).append(start)


def find_landmarks(page: bytes) -> Landmarks | None:
    """Return the landmarks of a page, or None where something in it may not end as it seems."""
    marks = Landmarks()
    position = 0
    for name, start in _found(page):
        closing = _CLOSINGS.get(name)
        if closing is None:
            if name in _DOUBTS:
                return None
            if start >= position and _NAME_END.match(page, start + len(name)):
                marks.add_tag(page, name, start)
        elif start >= position:
            end = page.find(closing, start)
            # An end tag may hold white space, and even a comment.
            position = page.find(b">", end) + 1 if end >= 0 else 0
            if not position or (name == b"<!--" and page.find(b"--!>", start, position) >= 0):
                return None
            marks.add(page, name, (start, position))
    return marks


def without(cuts: Iterable[Span], start: int, stop: int) -> Iterator[Span]:
    """Yield the parts of a part that are left when some of it is cut out."""
    for begin, end in cuts:
        if start <= begin and end <= stop:
            yield start, begin
            start = end
    yield start, stop


# Between these a tag is no tag.
_CLOSINGS = {
    b"<!--": b"-->",
    b"<script": b"</script",
    b"<style": b"</style",
    b"<svg": b"</svg",
    b"<template": b"</template",
    b"<noscript": b"</noscript",
    b"<textarea": b"</textarea",
}
_LANDMARKS = (b"<article", b"</article", b"<main", b"</main", b"<nav", b"</nav", b"<body")
# A script may end in capitals, where its end is not looked for.
_DOUBTS = (b"</SCRIPT", b"</STYLE")
_PATTERNS = (*_CLOSINGS, *_LANDMARKS, *_DOUBTS)
_LONGEST = max(map(len, _PATTERNS))
_WINDOW = 2**20
"""How much of a page is searched at once: the places of what is found are all held."""
_NAME_END = re.compile(rb"[\s/>]")
_KEPT = frozenset({b"<noscript", b"<textarea"})
# These may hold others of their kind, whose end would be taken for theirs.
_NESTING = frozenset({b"<svg", b"<template"})
_JSON = b"json"  # the rest of the type is spelt in many ways: "application&#x2F;ld&#x2B;json"


def _found(page: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield each of `_PATTERNS` in a page and where it stands.

    All at once in a third of the time that one regular expression took: they begin alike.
    """
    find = _finder().find_matches_as_indexes
    for begin in range(0, len(page), _WINDOW):
        for place, start, _ in find(page[begin : begin + _WINDOW + _LONGEST - 1]):
            if start < _WINDOW:
                yield _PATTERNS[place], begin + start


@cache
def _finder() -> BytesAhoCorasick:
    from ahocorasick_rs import BytesAhoCorasick  # noqa: PLC0415 - only for pages

    return BytesAhoCorasick(_PATTERNS)
