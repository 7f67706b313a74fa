"""A page cut down to what is read of it, before it is decoded and parsed.

Half of the bytes of a typical page are scripts, styles and comments, and three quarters
of its markup are around its article: to make a tree of them takes most of the time. A
page that marks one article is cut down to its head, its JSON-LD and that article;
whoever finds something missing in the excerpt takes the whole, without its scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rights_search.ingest.html_landmarks import Landmarks, Span, find_landmarks, without
from rights_search.ingest.html_meta import TITLE_NAMES
from rights_search.ingest.html_names import kind_of_names

MAX_SHARE = 0.7
"""An excerpt that is longer than this share of its page is not worth the trouble."""

MAX_OUTSIDE = 0.4
"""What may stand outside of an excerpt that says nothing of its kind, as a share of its text."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A page and what may be cut out of it; all that stays is on the line where it was.

    Args:
        page: its bytes.
        scripts: where its scripts, styles and comments stand.
        menus: where its menus start and where they end.
        parts: its head, its JSON-LD and the only article or main element in it; empty
            where there is no such element, more than one, or any doubt where it starts
            and ends.
        has_heading: whether that article has its heading in it, not above.
    """

    page: bytes
    scripts: tuple[Span, ...] = ()
    menus: tuple[Sequence[int], Sequence[int]] = ((), ())
    parts: tuple[Span, ...] = ()
    has_heading: bool = False

    def excerpt(self) -> bytes | None:
        """Return the head of the page and its article, or None where that cannot be enough.

        Its head must tell an article, or it must hold nearly all there is, for which all
        of its text is taken for running text: to parse one in vain takes time.
        """
        if not self.parts:
            return None
        excerpt = _joined(self.page, self.parts)
        if b"article:published_time" in excerpt or _ARTICLE_TYPE.search(excerpt):
            return excerpt
        start = excerpt.find(b"<body")
        if not (_names_title(excerpt, start) and _marks_text(excerpt, start)):
            return None
        text = _LINK.sub(b"", excerpt[start:])
        most = MAX_OUTSIDE * sum(map(len, _TEXT.findall(text)))
        return excerpt if self.holds_all(most) else None

    def whole(self) -> bytes:
        """Return the page without its scripts, styles, comments and menus."""
        cuts = sorted((*self.scripts, *_menus(self.page, *self.menus)))
        return _joined(self.page, without(cuts, 0, len(self.page))) if cuts else self.page

    def holds_all(self, most: float) -> bool:
        """Say whether hardly anything that says something is outside of the excerpt.

        Neither the heading above its article nor microdata, and of running text outside
        of links not more than so many bytes.
        """
        if not self.has_heading:
            return False
        inside = sorted((*self.parts, *self.scripts))
        outside = _joined(self.page, without(inside, 0, len(self.page)))
        if b"itemprop" in outside:
            return False
        runs = _RUN.findall(_LINK.sub(b"", outside))
        return sum(len(run.rstrip()) for run in runs) <= most


def _names_title(excerpt: bytes, head_end: int) -> bool:
    """Say whether there is a name under which a page tells its title."""
    head = excerpt[:head_end].lower()
    return any(map(head.__contains__, _TITLES)) or b"headline" in excerpt


def _marks_text(excerpt: bytes, start: int) -> bool:
    """Say whether there is more than a main element to mark a text, behind some place."""
    if b"<article" in excerpt or b"articleBody" in excerpt:
        return True
    names = _NAMES.findall(excerpt, start)
    return any(kind_of_names(name.decode("latin-1")) == "text" for name in names)


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
    article = next(filter(None, (marks.only(tag) for tag in (b"article", b"main"))), None)
    if marks.body_end is None or article is None or article[0] < marks.body_end:
        return cutting
    start, stop = article
    has_heading = page.find(b"<h1", start, stop) >= 0
    if not has_heading:
        # The heading stands above, and the summary between them.
        start = page.rfind(b"<h1", marks.body_end, start)
    parts = _parts(marks, marks.body_end, (start, stop))
    if start < 0 or sum(end - begin for begin, end in parts) > MAX_SHARE * len(page):
        return cutting
    return replace(cutting, parts=parts, has_heading=has_heading)


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


_LINK = re.compile(rb"<a[\s>](?:[^<]++|<(?!/?a[\s>]))*+")
_TEXT = re.compile(rb">\s*+([^<>]{8,}+)")
_NO_MENU = (b"<p>", b"<p ", b"<h1", b"itemprop", b"<article", b"<main", b"json")
_NAMES = re.compile(rb"\s(?:class|id)=[\"']?([^\"'<>]*+)")
_TITLES = (b"headline", *(name.encode() for name in TITLE_NAMES))
# A type of JSON-LD: "NewsArticle", "http://schema.org/BlogPosting".
_ARTICLE_TYPE = re.compile(
    rb"\"@type\"\s*+:\s*+(?:\[\s*+)?(?:\"[^\"]*+\"\s*+,\s*+)*"
    rb"\"[\w:/.]*(?:[Aa]rticle|[Pp]osting|[Rr]eport)\""
)
_RUN = re.compile(rb">\s*+([^<>]{40,}+)")


def _joined(page: bytes, spans: Iterable[Span]) -> bytes:
    """Return some parts of a page, and the line ends of what stood between them."""
    pieces: list[bytes] = []
    last = 0
    for start, end in spans:
        pieces += (b"\n" * page.count(b"\n", last, start), page[start:end])
        last = end
    return b"".join(pieces)
