"""The pieces of text of a PDF page → its lines → its paragraphs.

A PDF has no paragraphs, only pieces of text and where they stand. Lines that stand
closer together than most, in letters of one size, are one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from rights_search.ingest.page_words import ends_sentence, is_list_item
from rights_search.ingest.paragraphs import tidy
from rights_search.ingest.pdf.bidi import is_leftward as leftward


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of a page; a word that is broken at its end goes on in it.

    Args:
        text: white space normalised; never empty.
        left: where it begins, in points from the left.
        right: where it ends.
        top: how high it begins on the page, in points from below.
        bottom: how high it ends: less than ``top`` where a broken word goes on.
        size: the height of its letters, in points.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


@dataclass(frozen=True, slots=True)
class PdfParagraph:
    """A paragraph: its text, its page (1-based) and the size of its letters in points."""

    text: str
    page: int
    size: float


def pdf_lines(
    lines: Iterable[tuple[str, float, float, float, float, float]],
) -> tuple[PdfLine, ...]:
    """Return the lines of a page as `rights_search.ingest.pdf.worker.page_lines` gives them."""
    return tuple(PdfLine(text, *rest) for raw, *rest in lines if (text := tidy(raw)))


def without_running_heads(pages: Sequence[tuple[PdfLine, ...]]) -> list[tuple[PdfLine, ...]]:
    """Return the pages without what stands at one place at the edge of half of them.

    Page numbers are left out too.
    """
    edges: Counter[tuple[str, int]] = Counter()
    for lines in pages:
        edges.update({_shape(line) for line in (*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:])})
    many = max(_MIN_REPEATS, _REPEAT_SHARE * len(pages))
    running = {shape for shape, count in edges.items() if count >= many}
    return [_without_edges(lines, running) for lines in pages]


def without_print_marks(
    pages: Sequence[tuple[PdfLine, ...]],
) -> tuple[list[tuple[PdfLine, ...]], str | None]:
    """Return the pages without what browsers print at their edges, and the address in it.

    Only where the first page says when it was printed, from where, and how many pages there
    are. The address is None where there is none, or it is cut short.
    """
    edges = _edges(pages[0])
    address = next((found for line in edges if (found := _ADDRESS.search(line.text))), None)
    is_told = all(any(mark.search(line.text) for line in edges) for mark in (_STAMP, _COUNT))
    if address is None or not is_told:
        return [*pages], None
    url = address["url"]
    return [_without_marks(lines) for lines in pages], None if url.endswith(_CUT) else url


def paragraphs_of(lines: Sequence[PdfLine], page: int) -> tuple[PdfParagraph, ...]:
    """Return the paragraphs of a page, in the order of its lines."""
    # A line that goes from right to left is short, or set in, at the other side.
    is_leftward = 2 * sum(leftward(line.text) for line in lines) > len(lines)
    places = _mirrored(lines) if is_leftward else lines
    block = _Block.of(places)
    groups: list[list[PdfLine]] = []
    for line in places:
        if groups and not block.parts(groups[-1][-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return tuple(PdfParagraph(_joined(group), page, group[0].size) for group in groups)


_EDGE_LINES = 2
_EDGE_POINTS = 4
_MIN_REPEATS = 2
_REPEAT_SHARE = 0.5
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|página|стр\.?|p\.)?\s*[-–]?\s*\d{1,4}\s*[-–]?(?:\s*(?:of|/|de|von|из)\s*\d{1,4})?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_TIME = (
    r"\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}\.?,?\s"
    r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\b)?"
)
# "3/24/14, 10:05 AM", "24.03.2014 10:05", at the beginning or the end of a line.
_STAMP = re.compile(rf"\A{_TIME}|{_TIME}\Z")
# "1/3", "1 of 3", "Page 1 sur 3".
_COUNT_TEXT = r"(?:[^\W\d]+\s)?\d{1,4}\s?(?:/|of|de|von|sur|из|di|من)\s?\d{1,4}"
_COUNT = re.compile(rf"(?:\A|\s){_COUNT_TEXT}(?:\Z|\s)")
_ADDRESS = re.compile(rf"(?:\A|\s)(?P<url>https?://\S+)(?:\s{_COUNT_TEXT})?\Z")
_CUT = ("…", "...")

_WIDE_GAP = 1.2
_LINE_HEIGHT = 1.15
_MIN_GAPS = 3
_SIZE_STEP = 1.15
_INDENT_POINTS = 8.0
_FULL_SHARE = 0.85
_SHORT_SHARE = 0.75
_SIGN = re.compile(r"\A[•·▪◦●○■]\s+(?=\S)")
_BULLET = re.compile(r"[•·▪◦●○■–—*]\s")


@dataclass(frozen=True, slots=True)
class _Block:
    """How the text of a page is set: its edges, and from line to line of a paragraph.

    Args:
        left: its left edge.
        width: from there to the right edge.
        pitch: from line to line, in points; None where too few lines tell.
    """

    left: float
    width: float
    pitch: float | None

    @classmethod
    def of(cls, lines: Sequence[PdfLine]) -> _Block:
        left = min((line.left for line in lines), default=0.0)
        width = max((line.right for line in lines), default=0.0) - left
        # Behind a line that fills the page a paragraph mostly goes on.
        gaps = [
            above.bottom - line.top
            for above, line in pairwise(lines)
            if above.right - left >= _FULL_SHARE * width and above.bottom > line.top
        ]
        return cls(left, width, median(gaps) if len(gaps) >= _MIN_GAPS else None)

    def parts(self, above: PdfLine, line: PdfLine) -> bool:
        """Say whether ``line`` begins a paragraph of its own under ``above``."""
        small, large = sorted((line.size, above.size))
        gap = above.bottom - line.top
        usual = max(self.pitch or 0.0, _LINE_HEIGHT * line.size)
        if large > _SIZE_STEP * small or gap > _WIDE_GAP * usual:
            return True
        if is_list_item(line.text) or _BULLET.match(line.text):
            return True
        is_short = above.right - self.left < _SHORT_SHARE * self.width
        is_indented = line.left > max(self.left, above.left) + _INDENT_POINTS
        # A line that stands higher than the one before begins a column.
        return ends_sentence(above.text) and (is_short or is_indented or gap < 0)


def _edges(lines: Sequence[PdfLine]) -> tuple[PdfLine, ...]:
    """Return what stands as high as the highest line, and as low as the lowest."""
    tops = [line.top for line in lines]
    ends = (max(tops), min(tops)) if tops else ()
    return tuple(line for line in lines if any(abs(line.top - end) <= _EDGE_POINTS for end in ends))


def _without_marks(lines: tuple[PdfLine, ...]) -> tuple[PdfLine, ...]:
    """Return a page without the lines that browsers print, and what stands on their height."""
    heights = [
        line.top
        for line in _edges(lines)
        if any(mark.search(line.text) for mark in (_STAMP, _ADDRESS))
    ]
    return tuple(
        line for line in lines if all(abs(line.top - top) > _EDGE_POINTS for top in heights)
    )


def _mirrored(lines: Sequence[PdfLine]) -> list[PdfLine]:
    edge = max(line.right for line in lines)
    return [replace(line, left=edge - line.right, right=edge - line.left) for line in lines]


def _joined(lines: Sequence[PdfLine]) -> str:
    return _SIGN.sub("", " ".join(line.text for line in lines))


def _shape(line: PdfLine) -> tuple[str, int]:
    return _DIGITS.sub("#", line.text.casefold()), round(line.top / _EDGE_POINTS)


def _without_edges(
    lines: tuple[PdfLine, ...], running: set[tuple[str, int]]
) -> tuple[PdfLine, ...]:
    def is_edge(line: PdfLine) -> bool:
        return _shape(line) in running or _PAGE_NUMBER.fullmatch(line.text) is not None

    start, end = 0, len(lines)
    while start < min(_EDGE_LINES, end) and is_edge(lines[start]):
        start += 1
    while end > max(start, len(lines) - _EDGE_LINES) and is_edge(lines[end - 1]):
        end -= 1
    return lines[start:end]
