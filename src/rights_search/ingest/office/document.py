"""The post that a word processor's document is: its paragraphs, whatever format they stood in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rights_search.ingest.dates.finding import find_date_line
from rights_search.ingest.plain.press_release import is_banner
from rights_search.ingest.plain.reader import text_draft, titled_draft
from rights_search.ingest.source import Draft, Source

CELL_MARK = " | "
"""Parts the cells of a table's row."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or a row of a table as one line.

    Args:
        text: its visible text, white space normalised; never empty.
        style: the name of its style, lower case, as ``title`` or ``heading 1``.
    """

    text: str
    style: str = ""


def document_draft(
    paragraphs: Sequence[Paragraph], source: Source, header: Sequence[str] = ()
) -> Draft | None:
    """Return the post that paragraphs are, or None where there are none.

    One near the top that has the style of a title is the title, else a heading there.

    Args:
        paragraphs: all of the text.
        source: the document.
        header: the lines of the header of its first page. What it says of the publisher is
            taken where it can be read as a letterhead that stands above the text.
    """
    draft = _draft(paragraphs, source)
    lines = _letterhead_lines(header)
    if draft is None or not lines or draft.organisation or len(lines) > _MAX_HEADER_LINES:
        return draft
    above = [Paragraph(line) for line in lines if all(line != one.text for one in paragraphs)]
    headed = _draft((*above, *paragraphs), source, len(above)) if above else None
    if headed is None or headed.organisation not in lines or headed.title != draft.title:
        return draft
    return draft if any(line.text in headed.paragraphs for line in above) else headed


def _draft(paragraphs: Sequence[Paragraph], source: Source, above: int = 0) -> Draft | None:
    head = paragraphs[: _MAX_TITLE_PARAGRAPH + above]
    title = next((found for name in _TITLES for found in head if found.style == name), None)
    texts = [found.text for found in paragraphs]
    day_first = source.settings.day_first
    if title is None or len(texts) == 1:
        return text_draft("\n\n".join(texts), day_first)
    return titled_draft(texts, title.text, day_first, f"paragraph of the style {title.style}")


_TITLES = ("title", "heading 1")
_MAX_TITLE_PARAGRAPH = 3
_MAX_HEADER_LINES = 6


def _letterhead_lines(header: Sequence[str]) -> list[str]:
    """Return what a header says in lines, as a letterhead has them: its banner last.

    The number of a page is left out.
    """
    parts = [part.strip() for line in header for part in line.split(CELL_MARK.strip())]
    said = [part for part in dict.fromkeys(parts) if part and not _is_page_number(part)]
    return sorted(said, key=lambda part: is_banner(part) or find_date_line(part) is not None)


def _is_page_number(text: str) -> bool:
    return _PAGE_NUMBER.fullmatch(text) is not None and find_date_line(text) is None


# "3", "- 3 -", "3/7", "Page 3", "Page 3 of 7".
_PAGE_NUMBER = re.compile(r"\W*(?:[^\W\d]+\W*)?\d{1,4}(?:\W+(?:[^\W\d]+\W+)?\d{1,4})?\W*")
