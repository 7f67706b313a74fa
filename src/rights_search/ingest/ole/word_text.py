"""The text of an old Word document (MS-DOC): its paragraphs, lists and tables.

The text stands in pieces, some in one byte a character and some in two (2.4.1, "Retrieving
Text"): first the body, then footnotes, headers, comments, endnotes and text boxes.
"""

from __future__ import annotations

import re
import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from rights_search.errors import ReadError
from rights_search.ingest.bounded import MAX_DOCUMENT_BYTES
from rights_search.ingest.office.document import CELL_MARK, Paragraph
from rights_search.ingest.ole.compound import CompoundFile
from rights_search.ingest.ole.word_format import Formats, ParagraphRun, read_formats, style_names
from rights_search.ingest.paragraphs import tidy

MAIN = "WordDocument"
"""The stream that shows a document of Word."""


def word_paragraphs(
    file: CompoundFile, name: str
) -> tuple[tuple[Paragraph, ...], tuple[Paragraph, ...]]:
    """Return the paragraphs of a document, and those of the header of its first page.

    Footnotes, endnotes and text boxes stand behind the body.

    Deleted and hidden text, field codes, comments, other headers and footers are left out.

    Raises:
        ReadError: if it is encrypted, of Word 95 or older, or damaged.
    """
    main = file.read(MAIN)
    try:
        head = _Head.of(main, name)
        table = file.read(head.table)
        formats = read_formats(main, head.part(table, _CHARACTERS), head.part(table, _PARAGRAPHS))
        pieces = tuple(_pieces(head.part(table, _PIECES)))
        styles = style_names(head.part(table, _STYLES))
    except (struct.error, IndexError) as error:
        raise ReadError(name, "is damaged: its head is cut short", fatal=True) from error
    if sum(head.lengths) > MAX_DOCUMENT_BYTES:
        limit = f"{MAX_DOCUMENT_BYTES // 2**20} MiB, the limit for one document"
        raise ReadError(name, f"its text is larger than {limit}; save it as DOCX", fatal=True)
    parts = [*pairwise(accumulate(head.lengths, initial=0))]
    gathered = _Gatherer(formats, styles)
    for number in _SHOWN:
        for run, place in _runs(main, pieces, formats, *parts[number]):
            gathered.take(run, place)
        gathered.end()
    header = _Gatherer(formats, styles)
    start, end = _header_place(head.part(table, _HEADERS), *parts[_HEADER])
    for run, place in _runs(main, pieces, formats, start, end):
        header.take(run.replace("\t", CELL_MARK), place)
    header.end()
    return tuple(gathered.paragraphs), tuple(header.paragraphs)


# Places in the table of what the other stream holds (FibRgFcLcb97).
_STYLES, _HEADERS, _CHARACTERS, _PARAGRAPHS, _PIECES = 1, 11, 12, 13, 33
# Body, footnotes, headers, macros, comments, endnotes, text boxes, those of headers.
_LENGTHS = 8
_SHOWN = (0, 1, 5, 6)
_HEADER = 2
# Of the stories of headers (2.3.3), that of the first page and that of odd ones; six are no header.
_FIRST_PAGE, _ODD_PAGES = 10, 7
_MAGIC = 0xA5EC
_WORD_97 = 0xC1
_ENCRYPTED, _OTHER_TABLE = 0x0100, 0x0200


@dataclass(frozen=True, slots=True)
class _Head:
    """What the head of the main stream says.

    Args:
        table: the stream of tables.
        lengths: how many characters the parts of the text have.
        places: where things stand in the stream of tables, and how long they are.
    """

    table: str
    lengths: tuple[int, ...]
    places: tuple[int, ...]

    @classmethod
    def of(cls, main: bytes, name: str) -> _Head:
        magic, version = struct.unpack_from("<HH", main)
        (flags,) = struct.unpack_from("<H", main, 10)
        if magic != _MAGIC or version < _WORD_97:
            reason = "is a document of Word 95 or older, which has no reader; save it as DOCX"
            raise ReadError(name, reason, fatal=True)
        if flags & _ENCRYPTED:
            raise ReadError(name, "is encrypted; save it without its password", fatal=True)
        place = 32
        (count,) = struct.unpack_from("<H", main, place)
        place += 2 + 2 * count
        (count,) = struct.unpack_from("<H", main, place)
        longs = struct.unpack_from(f"<{count}i", main, place + 2)
        place += 2 + 4 * count
        (count,) = struct.unpack_from("<H", main, place)
        places = struct.unpack_from(f"<{2 * count}I", main, place + 2)
        lengths = tuple(max(0, length) for length in longs[3 : 3 + _LENGTHS])
        if len(lengths) < _LENGTHS or len(places) <= 2 * _PIECES + 1:
            raise struct.error
        return cls("1Table" if flags & _OTHER_TABLE else "0Table", lengths, places)

    def part(self, table: bytes, number: int) -> bytes:
        start, length = self.places[2 * number : 2 * number + 2]
        return table[start : start + length]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of characters: where it begins and ends in the text, and where it stands."""

    first: int
    last: int
    place: int
    width: int


def _pieces(data: bytes) -> Iterator[_Piece]:
    place = 0
    while data[place] == _CHANGES:
        place += 3 + int.from_bytes(data[place + 1 : place + 3], "little")
    (length,) = struct.unpack_from("<I", data, place + 1)
    count = (min(length, len(data) - place - 5) - 4) // 12
    start = place + 5
    firsts = struct.unpack_from(f"<{count + 1}I", data, start)
    read = 0
    for number, (first, last) in enumerate(pairwise(firsts)):
        (where,) = struct.unpack_from("<I", data, start + 4 * (count + 1) + 8 * number + 2)
        is_narrow = bool(where & _NARROW)
        bare = where & (_NARROW - 1)
        # Each goes on where the one before ended: else a text could be had a million times.
        if read <= first < last:
            read = last
            yield _Piece(first, last, bare // 2 if is_narrow else bare, 1 if is_narrow else 2)


_CHANGES = 1
_NARROW = 0x40000000


def _runs(
    main: bytes, pieces: Sequence[_Piece], formats: Formats, first: int, last: int
) -> Iterator[tuple[str, int]]:
    """Yield a part of the text in runs that are seen, and each control character by itself.

    With each is the place where it stands in the main stream. What ends a paragraph, a cell or a
    field is there even where it is hidden.
    """
    for piece in pieces:
        start, end = max(first, piece.first), min(last, piece.last)
        place = piece.place + (start - piece.first) * piece.width
        text = _decoded(main[place : place + max(0, end - start) * piece.width], piece.width)
        for found in _RUN.finditer(text):
            where = place + found.start() * piece.width
            if found["control"]:
                yield found[0], where
                continue
            for shown, hidden in formats.seen(where, place + found.end() * piece.width):
                chars = slice((shown - place) // piece.width, (hidden - place) // piece.width)
                yield text[chars], shown


def _header_place(data: bytes, first: int, last: int) -> tuple[int, int]:
    """Return from where to where the header of the first page goes, in the text of all parts."""
    count = len(data) // 4
    places = struct.unpack_from(f"<{count}I", data)
    for story in (_FIRST_PAGE, _ODD_PAGES):
        if story + 1 < count and places[story] < places[story + 1] <= last - first:
            return first + places[story], first + places[story + 1]
    return first, first


def _decoded(data: bytes, width: int) -> str:
    """Return characters one for one: halves of a pair stay two, so that places hold."""
    if width == 1:
        return data.decode("cp1252", "replace")
    units = array("H")
    units.frombytes(data[: len(data) // 2 * 2])
    if sys.byteorder == "big":
        units.byteswap()
    return "".join(map(chr, units))


_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f]")
_RUN = re.compile(r"(?P<control>[\x00-\x08\x0a-\x1f])|[^\x00-\x08\x0a-\x1f]+")
_SIGNS = {"\n": " ", "\x0b": " ", "\x0e": " ", "\x1e": "-"}


class _Gatherer:
    """Makes paragraphs of the runs of a text."""

    def __init__(self, formats: Formats, styles: Sequence[str]) -> None:
        self.paragraphs: list[Paragraph] = []
        self._formats = formats
        self._styles = styles
        self._open: list[str] = []
        self._cell: list[str] = []
        self._row: list[str] = []
        # Of each field that is open, whether its result has begun: its code is not seen.
        self._fields: list[bool] = []
        self._codes = 0

    def take(self, run: str, place: int) -> None:
        match run:
            case "\r" | "\x0c":
                self._end_paragraph(self._formats.paragraph_at(place))
            case "\x07":
                self._end_cell(self._formats.paragraph_at(place))
            case "\x13":
                self._fields.append(False)
                self._codes += 1
            case "\x14" if self._fields:
                self._codes -= not self._fields[-1]
                self._fields[-1] = True
            case "\x15" if self._fields:
                self._codes -= not self._fields.pop()
            case _ if not self._codes:
                self._open.append(_SIGNS.get(run, "" if _CONTROL.fullmatch(run) else run))

    def end(self) -> None:
        """End all that is open."""
        self._end_paragraph(None)
        self._end_row()
        self._fields.clear()
        self._codes = 0

    def _text(self) -> str:
        text = "".join(self._open)
        self._open.clear()
        return tidy(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))

    def _end_paragraph(self, run: ParagraphRun | None) -> None:
        text = self._text()
        if run is not None and run.is_in_table:
            self._cell.append(text)
            return
        self._end_row()
        if text:
            style = self._styles[run.style] if run and run.style < len(self._styles) else ""
            self.paragraphs.append(Paragraph(text, style))

    def _end_cell(self, run: ParagraphRun | None) -> None:
        self._cell.append(self._text())
        if run is not None and run.is_row_end:
            self._end_row()
            return
        self._row.append(" ".join(filter(None, self._cell)))
        self._cell.clear()

    def _end_row(self) -> None:
        row = CELL_MARK.join(filter(None, [*self._row, *self._cell]))
        self._row.clear()
        self._cell.clear()
        if row:
            self.paragraphs.append(Paragraph(row, "table"))
