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


def article_excerpt(text: str) -> str | None:
    """Return the head of a page and the only article or main element in it.

    All that stays is on the line where it was. None where there is no such element,
    more than one, or any doubt where it starts and ends.
    """
    marks = _marks(text)
    if marks is None or marks.body_end is None:
        return None
    article = next(filter(None, (marks.only(tag) for tag in ("article", "main"))), None)
    if article is None or article[0] < marks.body_end:
        return None
    start, stop = article
    if text.find("<h1", start, stop) < 0:
        # The heading stands above, and the summary between them.
        start = text.rfind("<h1", marks.body_end, start)
        if start < 0:
            return None
    facts = [span for span in marks.json_ld if span[0] >= marks.body_end]
    spans = (
        *_without(marks.unseen, 0, marks.body_end),
        *(span for span in facts if span[1] <= start),
        *_without(marks.unseen, start, stop),
        *(span for span in facts if span[0] >= stop),
    )
    if sum(end - begin for begin, end in spans) > MAX_SHARE * len(text):
        return None
    return "".join(_pieces(text, spans))


_TAG = re.compile(
    r"<(?:(?:/?(?:article|main)|body)(?=[\s/>])|script|style|svg|template|noscript|textarea|!--)"
)
# Between these a tag is no tag.
_CLOSINGS = {
    "<!--": "-->",
    "<script": "</script>",
    "<style": "</style>",
    "<svg": "</svg>",
    "<template": "</template>",
    "<noscript": "</noscript>",
    "<textarea": "</textarea>",
}
_KEPT = frozenset({"<noscript", "<textarea"})
_JSON_LD = "application/ld+json"


@dataclass(slots=True)
class _Marks:
    """Where things stand in a page, in characters."""

    body_end: int | None = None
    tags: dict[str, list[int]] = field(default_factory=dict)
    unseen: list[_Span] = field(default_factory=list)
    json_ld: list[_Span] = field(default_factory=list)

    def only(self, tag: str) -> _Span | None:
        """Return where the only element of this name starts and ends."""
        opened, closed = self.tags.get(f"<{tag}", []), self.tags.get(f"</{tag}", [])
        if len(opened) == len(closed) == 1 and opened[0] < closed[0]:
            return opened[0], closed[0] + len(f"</{tag}>")
        return None


def _marks(text: str) -> _Marks | None:
    """Return the landmarks of a page, or None where something in it does not end."""
    marks = _Marks()
    position = 0
    for found in _TAG.finditer(text):
        start, name = found.start(), found[0]
        if start < position:
            continue
        closing = _CLOSINGS.get(name)
        if closing is not None:
            position = text.find(closing, start) + len(closing)
            if position < start:
                return None
            is_json_ld = name == "<script" and _JSON_LD in text[start : text.find(">", start)]
            if name not in _KEPT:
                (marks.json_ld if is_json_ld else marks.unseen).append((start, position))
        elif name == "<body":
            marks.body_end = marks.body_end or text.find(">", start) + 1
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


def _pieces(text: str, spans: Iterable[_Span]) -> Iterator[str]:
    last = 0
    for start, end in spans:
        yield "\n" * text.count("\n", last, start)
        yield text[start:end]
        last = end
