"""A page cut down to what is read of it: its head, its JSON-LD and its one article.

Three quarters of the markup of a typical page are around its article, and to make a
tree of them takes most of the time. A page that marks one article is cut before it
is parsed; whoever finds something missing in the excerpt parses the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

_Span: TypeAlias = tuple[int, int]

MAX_SHARE = 0.7
"""An excerpt that is longer than this share of its page is not worth the trouble."""


def article_excerpt(page: bytes) -> bytes | None:
    """Return the head of a page and the only article or main element in it.

    All that stays is on the line where it was. None where there is no such element,
    more than one, or any doubt where it starts and ends.

    Args:
        page: its bytes: most are cut away, and to decode those is work for nothing.
    """
    marks = _marks(page)
    if marks is None or marks.body_end is None:
        return None
    article = next(filter(None, (marks.only(tag) for tag in (b"article", b"main"))), None)
    if article is None or article[0] < marks.body_end:
        return None
    start, stop = article
    if page.find(b"<h1", start, stop) < 0:
        # The heading stands above, and the summary between them.
        start = page.rfind(b"<h1", marks.body_end, start)
        if start < 0:
            return None
    facts = [span for span in marks.json_ld if span[0] >= marks.body_end]
    spans = (
        *_without(marks.unseen, 0, marks.body_end),
        *(span for span in facts if span[1] <= start),
        *_without(marks.unseen, start, stop),
        *(span for span in facts if span[0] >= stop),
    )
    if sum(end - begin for begin, end in spans) > MAX_SHARE * len(page):
        return None
    return b"".join(_pieces(page, spans))


_TAG = re.compile(
    rb"<(?:(?:/?(?:article|main)|body)(?=[\s/>])|script|style|svg|template|noscript|textarea|!--)"
)
# Between these a tag is no tag.
_CLOSINGS = {
    b"<!--": b"-->",
    b"<script": b"</script>",
    b"<style": b"</style>",
    b"<svg": b"</svg>",
    b"<template": b"</template>",
    b"<noscript": b"</noscript>",
    b"<textarea": b"</textarea>",
}
_KEPT = frozenset({b"<noscript", b"<textarea"})
_JSON_LD = b"application/ld+json"


@dataclass(slots=True)
class _Marks:
    """Where things stand in a page, in bytes."""

    body_end: int | None = None
    tags: dict[bytes, list[int]] = field(default_factory=dict)
    unseen: list[_Span] = field(default_factory=list)
    json_ld: list[_Span] = field(default_factory=list)

    def only(self, tag: bytes) -> _Span | None:
        """Return where the only element of this name starts and ends."""
        opened, closed = self.tags.get(b"<" + tag, []), self.tags.get(b"</" + tag, [])
        if len(opened) == len(closed) == 1 and opened[0] < closed[0]:
            return opened[0], closed[0] + len(b"</") + len(tag) + len(b">")
        return None


def _marks(page: bytes) -> _Marks | None:
    """Return the landmarks of a page, or None where something in it does not end."""
    marks = _Marks()
    position = 0
    for found in _TAG.finditer(page):
        start, name = found.start(), found[0]
        if start < position:
            continue
        closing = _CLOSINGS.get(name)
        if closing is not None:
            position = page.find(closing, start) + len(closing)
            if position < start:
                return None
            is_json_ld = name == b"<script" and _JSON_LD in page[start : page.find(b">", start)]
            if name not in _KEPT:
                (marks.json_ld if is_json_ld else marks.unseen).append((start, position))
        elif name == b"<body":
            marks.body_end = marks.body_end or page.find(b">", start) + 1
        else:
            marks.tags.setdefault(name, []).append(start)
    return marks


def _without(cuts: Iterable[_Span], start: int, stop: int) -> Iterator[_Span]:
    """Yield the parts of a part that are left when some of it is cut out."""
    for begin, end in cuts:
        if start <= begin and end <= stop:
            yield start, begin
            start = end
    yield start, stop


def _pieces(page: bytes, spans: Iterable[_Span]) -> Iterator[bytes]:
    last = 0
    for start, end in spans:
        yield b"\n" * page.count(b"\n", last, start)
        yield page[start:end]
        last = end
