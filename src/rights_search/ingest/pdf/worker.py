"""The process that opens PDF files: whatever one of them does, it does it here.

It reads requests from its standard input, one JSON value a line, and answers with a
JSON object a line: one for each page, then one that ends the document. Its memory and
its processor time for one document are limited by the system, where there are such
limits.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import IO, Any, TextIO

from rights_search.ingest.pdf.bidi import Glyph, in_reading_order, is_leftward, is_mixed

MEMORY_BYTES = 2**30
"""What the process may take, the interpreter and the library included."""

MAX_PAGES = 10_000
"""How many pages of a document are read."""

MAX_PAGE_CHARS = 500_000
"""How much of the text of one page is kept."""


def main(requests: TextIO, answers: TextIO) -> None:
    """Answer one document after the other, until there are no more."""
    _limit_memory()
    for request in requests:
        path, seconds = json.loads(request)
        _limit_time(seconds)
        for answer in _answers(path):
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


def _answers(path: str) -> Iterator[dict[str, Any]]:
    """Yield the pages of a document and how it ended; nothing that it does gets out."""
    try:
        # Open, and not by its path: the library would follow the path of a file without a name.
        with Path(path).open("rb") as file:
            yield from _pages(file)
    except OSError as error:
        yield {"error": f"cannot be read: {error.strerror}"}


def _pages(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    from pypdfium2 import PdfDocument, PdfiumError  # noqa: PLC0415

    try:
        document = PdfDocument(file)
    except PdfiumError as error:
        is_locked = "password" in str(error).lower()
        locked = "is encrypted; save it without its password"
        yield {"error": locked if is_locked else f"is broken or no PDF at all ({error})"}
        return
    try:
        count = len(document)
        for number in range(min(count, MAX_PAGES)):
            try:
                lines = page_lines(document[number])
            except PdfiumError as error:
                yield {"page": number + 1, "lines": [], "broken": str(error)}
            else:
                yield {"page": number + 1, "lines": lines}
        yield {"end": count, "facts": _facts(document)}
    except MemoryError:
        yield {"error": f"needs more than {MEMORY_BYTES // 2**20} MiB of memory, the limit"}
    finally:
        document.close()


def page_lines(page: Any) -> list[tuple[str, float, float, float, float, float]]:
    """Return the lines of a page.

    Each is its text, left and right edge, the heights of its beginning and its end above
    the lower edge of the page, and the size of its letters: all in points. A word that is
    broken at the end of a line is one, and its line goes on.
    """
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    text_page = page.get_textpage()
    raw = text_page.raw
    count = min(pdfium.FPDFText_CountChars(raw), MAX_PAGE_CHARS)
    boxes = _Boxes(raw)
    lines: list[tuple[str, float, float, float, float, float]] = []
    above: _Line = ([], [])
    for line in _lines(raw, count):
        # A mark of another font, or a raised number, ends a line from right to left too early.
        if _goes_on(above, line, boxes):
            above = (above[0] + line[0], above[1] + line[1])
            continue
        _put(lines, *above, boxes)
        above = line
    _put(lines, *above, boxes)
    text_page.close()
    page.close()
    return lines


_Line = tuple[list[str], list[int]]


def _lines(raw: Any, count: int) -> Iterator[_Line]:
    """Yield the characters of each line of a page, and their numbers."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    chars: list[str] = []
    places: list[int] = []
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code == _LINE_END:
            yield chars, places
            chars, places = [], []
        elif code not in _NO_TEXT:
            chars.append(chr(code))
            places.append(index)
    yield chars, places


def _goes_on(above: _Line, line: _Line, boxes: _Boxes) -> bool:
    """Say whether two lines that go from right to left are one: at one height, side by side."""
    # To put it together, and to look at all of it each time, takes time that grows with its square.
    if len(above[0]) > _MAX_JOINED_CHARS:
        return False
    text = "".join(line[0]).strip()
    if not (is_leftward("".join(above[0])) and (is_leftward(text) or text.isdecimal())):
        return False
    left, bottom, right, top = _around(above[1], boxes)
    other_left, other_bottom, other_right, other_top = _around(line[1], boxes)
    overlap = min(top, other_top) - max(bottom, other_bottom)
    is_beside = overlap > _SAME_HEIGHT * min(top - bottom, other_top - other_bottom)
    gap = max(left - other_right, other_left - right)
    return is_beside and gap < _GAP * max(map(boxes.size, above[1]))


def _around(places: list[int], boxes: _Boxes) -> tuple[float, float, float, float]:
    lefts, bottoms, rights, tops = zip(*map(boxes.__getitem__, places), strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


_MAX_FACT_CHARS = 2_000
_SAME_HEIGHT = 0.5
_MAX_JOINED_CHARS = 2_000
_GAP = 1.5
_LINE_END = 0x0A
# Carriage return, and the marks of a word broken by a hyphen.
_NO_TEXT = frozenset({0x00, 0x02, 0x0D, 0xAD, 0xFFFE, 0xFFFF})
_ALEFS = frozenset("اأإآٱ")
_LAM = "ل"


class _Boxes:
    """Where the letters of a page stand."""

    def __init__(self, raw: Any) -> None:
        import pypdfium2.raw as pdfium  # noqa: PLC0415

        self._pdfium = pdfium
        self._raw = raw

    def __getitem__(self, index: int) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top of a letter, its line's height included."""
        box = self._pdfium.FS_RECTF()
        self._pdfium.FPDFText_GetLooseCharBox(self._raw, index, box)
        return (
            min(box.left, box.right),
            min(box.bottom, box.top),
            max(box.left, box.right),
            max(box.bottom, box.top),
        )

    def size(self, index: int) -> float:
        """Return the size of a letter's font as it is set on the page.

        In fonts that do not say how high their lines are, the box of a letter is as high as the
        letter: "a" would be of other size than "A", and a paragraph end between them.
        """
        matrix = self._pdfium.FS_MATRIX()
        size = float(self._pdfium.FPDFText_GetFontSize(self._raw, index))
        if size > 0 and self._pdfium.FPDFText_GetMatrix(self._raw, index, matrix):
            return size * hypot(matrix.c, matrix.d)
        _, bottom, _, top = self[index]
        return top - bottom


def _put(lines: list[Any], chars: list[str], places: list[int], boxes: _Boxes) -> None:
    text = "".join(chars)
    if is_mixed(text):
        found = ((char, boxes[place]) for char, place in zip(chars, places, strict=True))
        glyphs = [Glyph(char, box[0], box[2]) for char, box in found]
        text = in_reading_order(glyphs, max(map(boxes.size, places)))
    else:
        text = "".join(_with_ligatures(chars, places, boxes))
    seen = [place for char, place in zip(chars, places, strict=True) if not char.isspace()]
    if not seen:
        return
    first, last = boxes[seen[0]], boxes[seen[-1]]
    left, right = min(first[0], last[0]), max(first[2], last[2])
    size = max(boxes.size(seen[0]), boxes.size(seen[-1]))
    if is_leftward(text):
        # Neither the first nor the last of its characters need stand at an end of it.
        left, _, right, _ = _around(seen, boxes)
        size = max(map(boxes.size, seen))
    numbers = (left, right, first[1], last[1], size)
    lines.append((text, *(round(number, 1) for number in numbers)))


def _with_ligatures(chars: list[str], places: list[int], boxes: _Boxes) -> list[str]:
    """Put the two letters of the Arabic ligature lam-alef in order.

    It is one sign on the page, which stands for two letters in reading order; the
    library turns the line around letter by letter, and these two with it. Letters that
    fill the same box are one sign.
    """
    for index, (char, after) in enumerate(pairwise(chars)):
        is_pair = char in _ALEFS and after == _LAM
        if is_pair and boxes[places[index]] == boxes[places[index + 1]]:
            chars[index : index + 2] = [after, char]
    return chars


def _facts(document: Any) -> dict[str, str | None]:
    # "D:20140324093000+01'00'", and many near misses: the day is what counts.
    day = _fact(document, "CreationDate").removeprefix("D:")[:8]
    is_day = len(day) == len("20140324") and day.isdecimal()
    return {
        "title": _fact(document, "Title"),
        "author": _fact(document, "Author"),
        "created": f"{day[:4]}-{day[4:6]}-{day[6:]}" if is_day else None,
    }


def _fact(document: Any, key: str) -> str:
    """Return a property, or its beginning; an empty text where it is none or no text at all."""
    try:
        return str(document.get_metadata_value(key))[:_MAX_FACT_CHARS]
    except UnicodeDecodeError:  # half of a pair of UTF-16
        return ""


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return  # Windows has no such limits
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _limit_time(seconds: int) -> None:
    """Let the system end this process when it has used so much processor time from now on."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
