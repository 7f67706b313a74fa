"""The post that a word processor's document is: its paragraphs, whatever format they stood in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


def document_draft(paragraphs: Sequence[Paragraph], source: Source) -> Draft | None:
    """Return the post that paragraphs are, or None where there are none.

    One near the top that has the style of a title is the title, else a heading there.
    """
    head = paragraphs[:_MAX_TITLE_PARAGRAPH]
    title = next((found for name in _TITLES for found in head if found.style == name), None)
    texts = [found.text for found in paragraphs]
    day_first = source.settings.day_first
    if title is None or len(texts) == 1:
        return text_draft("\n\n".join(texts), day_first)
    return titled_draft(texts, title.text, day_first, f"paragraph of the style {title.style}")


_TITLES = ("title", "heading 1")
_MAX_TITLE_PARAGRAPH = 3
