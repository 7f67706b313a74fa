"""The lines of a plain text: where each stands, and how they make paragraphs."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from rights_search.ingest.bounded import read_bytes
from rights_search.ingest.cleaning import normalise
from rights_search.ingest.encodings.decoding import DecodedText
from rights_search.ingest.page_words import ends_sentence, is_list_item, opens_with_credit
from rights_search.ingest.source import Source, Span

# "Present: Ada Example": a name in three words at most, and what it names.
_LABEL = re.compile(r"[^\W\d_][^\s:：]*(?: [^\s:：]+){0,2}\s?[:：]\s+\S")
_SHORT_CHARS = 50
"""Narrower than this no text is wrapped."""
_UNWRAPPED_CHARS = 120
"""Lines longer than this were not broken by hand or by a terminal."""

_TAB_COLUMNS = 8
# Notes are often written in Markdown without being called so. "# 5" is a number.
_HEADING = re.compile(r"\A#{1,6} +(?=[^\W\d_])(.*?)(?: +#+)?\Z")
_INDENT = re.compile(r"\s*")
_BROKEN_WORD = re.compile(r"\w[-/]$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text.

    Args:
        number: 1-based.
        raw: the line as it is, without its line end.
        text: the line with white space normalised and without the marks of a heading
            (``### Title``); empty where it is blank.
    """

    number: int
    raw: str
    text: str

    @property
    def indent(self) -> int:
        """Return the columns of white space the line starts with."""
        found = _INDENT.match(self.raw)
        return len(found[0].expandtabs(_TAB_COLUMNS)) if found else 0


Block: TypeAlias = tuple[Line, ...]
"""Lines without a blank one between them; never empty."""


def split_lines(text: str) -> tuple[Line, ...]:
    """Return the lines of ``text``, which ends them with LF, CRLF or (old Macs) CR."""
    rows = text.split(_line_end(text))
    return tuple(
        Line(number, row.removesuffix("\r"), _HEADING.sub(r"\1", normalise(row)))
        for number, row in enumerate(rows, start=1)
    )


def split_blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """Yield the runs of lines that blank lines part."""
    block: list[Line] = []
    for line in lines:
        if line.text:
            block.append(line)
        elif block:
            yield tuple(block)
            block = []
    if block:
        yield tuple(block)


def join_wrapped(block: Sequence[Line]) -> tuple[str, ...]:
    """Return the paragraphs in lines that no blank line parts.

    A line was wrapped if the first word of the next would not have fit into the
    block's width; where it would have, or where lines are far too long to have
    been wrapped at all, the end of a sentence is the end of a paragraph.
    """
    width = max((len(line.raw.rstrip()) for line in block), default=0)
    # In pieces: a block may be a whole book, which is not copied for each of its lines.
    paragraphs: list[list[str]] = [[line.text] for line in block[:1]]
    for above, line in pairwise(block):
        if _starts_paragraph(above, line, width, is_first=len(paragraphs[-1]) == 1):
            paragraphs.append([line.text])
        else:
            paragraphs[-1].append(join(above.text, line.text)[len(above.text) :])
    return tuple("".join(pieces) for pieces in paragraphs)


def join(text: str, more: str) -> str:
    """Return two wrapped lines as one; a word broken at a hyphen or a slash grows together."""
    is_broken = _BROKEN_WORD.search(text, max(0, len(text) - 2))
    return text + more if is_broken else f"{text} {more}".strip()


def fits_behind(line: Line, above: Line, width: int) -> bool:
    """Return whether the first word of ``line`` would have had room at the end of ``above``."""
    return len(above.raw.rstrip()) + 1 + len(line.text.split(" ", 1)[0]) <= width


def _starts_paragraph(above: Line, line: Line, width: int, *, is_first: bool) -> bool:
    if _is_item(line, above) or opens_with_credit(line.text):
        return True
    fits = fits_behind(line, above, width)
    if fits and _LABEL.match(line.text) and not line.text[0].islower():
        return True
    if len(above.raw) <= _SHORT_CHARS and _LABEL.match(above.text) and line.text[0].isupper():
        return True
    if ends_sentence(above.text):
        return fits or width > _UNWRAPPED_CHARS or line.indent > above.indent
    # A first line that ends at half of the width without a sentence's end is a heading.
    is_short = width > _UNWRAPPED_CHARS or (is_first and 2 * len(above.raw.rstrip()) < width)
    return fits and is_short and not line.text[0].islower()


def _is_item(line: Line, above: Line) -> bool:
    # A dash before a small letter is more often one between two halves of a sentence.
    is_dash = line.text.startswith("- ") and line.text[2:3].islower()
    goes_on = is_dash and above.text[-1].isalnum() and not is_list_item(above.text)
    return is_list_item(line.text) and not goes_on


class Places:
    """Where the lines of one source stand in its decompressed bytes.

    Byte offsets come from the bytes themselves, not from the decoded text, so they
    hold in every encoding and where single bytes could not be decoded.
    """

    def __init__(self, source: Source, decoded: DecodedText) -> None:
        data = read_bytes(source)
        start = _mark_length(data, decoded.encoding)
        sign = _line_end(decoded.text)
        unit, code = _code_unit(data, decoded.encoding, sign)
        ends = [found for found in _find(data, code) if found % unit == 0]
        # Where both do not agree the lines are not those of the bytes: better no offset.
        self._known = len(ends) == decoded.text.count(sign)
        self._starts = [start, *(end + unit for end in ends)]
        self._ends = [*ends, len(data)]
        self._data = data
        self._carriage_return = _code_unit(data, decoded.encoding, "\r")[1]

    def span(self, first: Line, last: Line) -> Span:
        """Return the place from the start of ``first`` to the end of ``last``."""
        if not self._known:
            return Span(first.number, last.number)
        end = self._ends[last.number - 1]
        if self._data.endswith(self._carriage_return, 0, end):
            end -= len(self._carriage_return)
        return Span(first.number, last.number, self._starts[first.number - 1], end)


def _line_end(text: str) -> str:
    return "\n" if "\n" in text or "\r" not in text else "\r"


def _mark_length(data: bytes, encoding: str) -> int:
    marks: dict[str, tuple[bytes, ...]] = {
        "utf-8-sig": (codecs.BOM_UTF8,),
        "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
        "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    }
    return max((len(mark) for mark in marks.get(encoding, ()) if data.startswith(mark)), default=0)


def _code_unit(data: bytes, encoding: str, char: str) -> tuple[int, bytes]:
    """Return the width of a code unit in bytes, and ``char`` in that encoding."""
    if encoding in ("utf-16", "utf-32"):
        is_big = data.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE))
        encoding += "-be" if is_big else "-le"
    code = char.encode(encoding.removesuffix("-sig"))
    return len(code), code


def _find(data: bytes, code: bytes) -> Iterator[int]:
    place = data.find(code)
    while place >= 0:
        yield place
        place = data.find(code, place + 1)
