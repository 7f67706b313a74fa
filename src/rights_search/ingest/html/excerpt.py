"""A page cut down to what is read of it, before it is decoded and parsed.

Half of the bytes of a typical page are scripts, styles and comments, and three quarters
of its markup are around its article: to make a tree of them takes most of the time. A
page that marks one article is cut down to its head, its JSON-LD and that article;
whoever finds something missing in the excerpt takes the whole, without its scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from rights_search.ingest.html.landmarks import Landmarks, Span, find_landmarks, without
from rights_search.ingest.html.wrappers import (
    named_text,
    running_bytes,
    with_heading,
    without_links,
)

MAX_SHARE = 0.7
"""An excerpt that is longer than this share of its page is not worth the trouble."""

_MAX_OUTSIDE = 0.4
"""How much running text may stand outside of links and of an excerpt, as a share of its own."""


@dataclass(slots=True)
class Cut:
    """A page and what may be cut out of it; all that stays is on the line where it was.

    Args:
        page: its bytes.
        scripts: where its scripts, styles and comments stand.
        menus: where its menus start and where they end.
        parts: its head, its JSON-LD and the only element in it that holds a text; empty
            where there is no such element, more than one, or any doubt where it starts
            and ends.
        body: where its body begins.
        is_certain: whether its head says that it is an article, and its parts are that
            article element: what stands outside of them need not be looked at.
    """

    page: bytes
    scripts: tuple[Span, ...] = ()
    menus: tuple[Sequence[int], Sequence[int]] = ((), ())
    parts: tuple[Span, ...] = ()
    body: int = 0
    is_certain: bool = False
    _outside: int | None = field(default=None, init=False, repr=False, compare=False)

    def excerpt(self) -> bytes | None:
        """Return the head of the page and its text, or None where that cannot be enough.

        It must be certain, or it must hold nearly all there is: to parse one in vain takes time.
        """
        if not self.parts:
            return None
        excerpt = _joined(self.page, self.parts)
        if self.is_certain:
            return excerpt
        text = without_links(excerpt[excerpt.find(b"<body") :])
        return excerpt if self.holds_all(sum(map(len, _TEXT.findall(text)))) else None

    def holds_all(self, weight: int) -> bool:
        """Say whether outside of an excerpt whose text weighs so much there is hardly any."""
        if self._outside is None:  # it is asked before the excerpt is parsed, and behind it
            self._outside = running_bytes(self.outside())
        return self._outside <= _MAX_OUTSIDE * weight

    def outside(self) -> bytes:
        """Return what of the page is neither in the excerpt nor a script or a menu."""
        inside = sorted((*self.parts, *self._cuts()))
        return _joined(self.page, without(inside, self.body, len(self.page)))

    def whole(self) -> bytes:
        """Return the page without its scripts, styles, comments and menus."""
        cuts = self._cuts()
        return _joined(self.page, without(cuts, 0, len(self.page))) if cuts else self.page

    def _cuts(self) -> list[Span]:
        return sorted((*self.scripts, *_menus(self.page, *self.menus)))


def cut(page: bytes) -> Cut:
    """Return what may be cut out of a page, as far as it can be told where its parts end.

    Args:
        page: its bytes: most are cut away, and to decode those is work for nothing.
    """
    marks = find_landmarks(page)
    if marks is None:
        return Cut(page)
    menus = (marks.tags.get(b"<nav", ()), marks.tags.get(b"</nav", ()))
    cutting = Cut(page, tuple(marks.scripts), menus)
    body = marks.body_end
    if body is None:
        return cutting
    text = marks.only(b"article") or marks.only(b"main")
    is_certain = text is not None and _tells_article(page, marks, body)
    if is_certain and text is not None:
        text = _from_heading(page, body, text)
    else:
        text = _all_marked(page, marks, body)
    if text is None or text[0] < body:
        return cutting
    parts = _parts(marks, body, text)
    if sum(end - begin for begin, end in parts) > MAX_SHARE * len(page):
        return cutting
    return replace(cutting, parts=parts, body=body, is_certain=is_certain)


def _all_marked(page: bytes, marks: Landmarks, body: int) -> Span | None:
    """Return where the marked text of a page stands with its heading and all of its microdata."""
    if page.find(b"<h1", body) < 0:
        return None
    # What stands in scripts has tags too, but no element.
    seen = tuple(without(sorted((*marks.unseen, *marks.json_ld)), body, len(page)))
    marked = marks.only(b"article") or named_text(page, seen) or marks.only(b"main")
    text = with_heading(page, marked, seen) if marked is not None else None
    if text is None or page.find(b"itemprop", body, text[0]) >= 0:
        return None
    return text if page.find(b"itemprop", text[1]) < 0 else None


def _tells_article(page: bytes, marks: Landmarks, body: int) -> bool:
    """Say whether the head of a page or its JSON-LD says that it is an article."""
    if page.find(b"article:published_time", 0, body) >= 0:
        return True
    return any(_ARTICLE_TYPE.search(page, *span) is not None for span in marks.json_ld)


def _from_heading(page: bytes, body: int, text: Span) -> Span | None:
    """Return where a text stands and the heading above it, and the summary between them."""
    if page.find(b"<h1", *text) >= 0:
        return text
    start = page.rfind(b"<h1", body, text[0])
    return (start, text[1]) if start >= 0 else None


def _menus(page: bytes, opened: Sequence[int], closed: Sequence[int]) -> Iterator[Span]:
    """Yield where the menus of a page stand, if it ends each that it starts.

    A fifth of the elements of a page stand in them, and nothing is read of them. One with
    paragraphs may be anything.
    """
    if len(opened) != len(closed):
        return
    for start, end, following in zip(opened, closed, (*opened[1:], len(page)), strict=False):
        if not start < end < following:
            return  # one stands in another
        stop = page.find(b">", end) + 1
        if stop and not any(page.find(sign, start, stop) >= 0 for sign in _NO_MENU):
            yield start, stop


def _parts(marks: Landmarks, body_end: int, article: Span) -> tuple[Span, ...]:
    """Return what an excerpt has of a page."""
    start, stop = article
    facts = [span for span in marks.json_ld if span[0] >= body_end]
    return (
        *without(marks.unseen, 0, body_end),
        *(span for span in facts if span[1] <= start),
        *without(marks.unseen, start, stop),
        *(span for span in facts if span[0] >= stop),
    )


_TEXT = re.compile(rb">\s*+([^<>]{8,}+)")
_NO_MENU = (b"<p>", b"<p ", b"<h1", b"itemprop", b"<article", b"<main", b"json")
# A type of JSON-LD: "NewsArticle", "http://schema.org/BlogPosting".
_ARTICLE_TYPE = re.compile(
    rb"\"@type\"\s*+:\s*+(?:\[\s*+)?(?:\"[^\"]*+\"\s*+,\s*+)*"
    rb"\"[\w:/.]*(?:[Aa]rticle|[Pp]osting|[Rr]eport)\""
)


def _joined(page: bytes, spans: Iterable[Span]) -> bytes:
    """Return some parts of a page, and the line ends of what stood between them."""
    pieces: list[bytes] = []
    last = 0
    for start, end in spans:
        pieces += (b"\n" * page.count(b"\n", last, start), page[start:end])
        last = end
    return b"".join(pieces)
