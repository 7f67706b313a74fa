"""Paragraphs of an RTF document as they come to be: a text, and the tables that stand in it.

A table has no beginning and no end there: a paragraph says how deep in tables it stands, and
a word ends a cell or a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rights_search.ingest.office.document import CELL_MARK, Paragraph
from rights_search.ingest.paragraphs import tidy

MAX_LEVEL = 32
"""The most tables in one another; what stands deeper counts as standing there."""


@dataclass(slots=True)
class _Row:
    """A row that is open: its whole cells, and the paragraphs of the one that is not."""

    cells: list[str] = field(default_factory=list)
    cell: list[Paragraph] = field(default_factory=list)


@dataclass(slots=True)
class Story:
    """One run of text: the body, a note, a text box.

    Args:
        paragraphs: those that are whole.
        is_note: whether it is a footnote or an endnote.
        header: the destination that it is, where it is the header of a page.
    """

    paragraphs: list[Paragraph] = field(default_factory=list)
    is_note: bool = False
    header: bytes = b""
    _rows: list[_Row] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    _style: str = ""

    def add(self, text: str, style: str) -> None:
        """Add to the open paragraph; the style is that of its last text."""
        self._open.append(text)
        self._style = style

    def add_all(self, paragraphs: list[Paragraph], level: int) -> None:
        """Add what stood in a text box, before the paragraph that it stands in."""
        self._at(level).extend(paragraphs)

    def end_paragraph(self, level: int) -> None:
        """End the open paragraph, which stands in so many tables."""
        text = _whole(_MARK.sub("", "".join(self._open)))
        # In a header it parts what stands left and right.
        text = tidy(text.replace("\t", CELL_MARK) if self.header else text)
        self._open.clear()
        if text:
            self._at(level).append(Paragraph(text, self._style))

    def end_cell(self, level: int) -> None:
        """End a cell of a table that stands in ``level - 1`` others."""
        self.end_paragraph(level)
        self._at(level)
        row = self._rows[level - 1]
        row.cells.append(" ".join(paragraph.text for paragraph in row.cell))
        row.cell.clear()

    def end_row(self, level: int) -> None:
        """End a row of a table that stands in ``level - 1`` others."""
        self.end_paragraph(level)
        self._close(level - 1)

    def end(self) -> None:
        """End all that is open."""
        self.end_paragraph(0)
        self._close(0)

    def _at(self, level: int) -> list[Paragraph]:
        """Return where a paragraph belongs that stands in so many tables."""
        self._close(level)
        while len(self._rows) < level:
            self._rows.append(_Row())
        return self._rows[level - 1].cell if level else self.paragraphs

    def _close(self, level: int) -> None:
        """End the rows of tables that are deeper; where none stands open that is nothing."""
        while len(self._rows) > level:
            row = self._rows.pop()
            text = CELL_MARK.join(filter(None, row.cells))
            above = self._rows[-1].cell if self._rows else self.paragraphs
            above += [Paragraph(text, "table")] if text else []
            above += row.cell


def _whole(text: str) -> str:
    """Return text in which the halves of signs beyond 16 bits are joined."""
    if _HALVES.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


# A list that is not made by the program has its marks in the text.
_MARK = re.compile(r"\A\s*[\u2022\u00b7\u25aa\u25e6\u2023]\t")
_HALVES = re.compile("[\ud800-\udfff]")
