"""Label lines under the heading of Markdown without front matter: ``**Country:** France``.

They are those of plain texts (`rights_search.ingest.plain.labelled`), bare, in bold or in a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rights_search.ingest.lines import Line, split_lines
from rights_search.ingest.plain.labelled import Labels, find_labels

_HEAD_LINES = 16
_HEADING = re.compile(r"#{1,6}\s+(?P<text>.+?)(?:\s+#+)?")
_UNDERLINE = re.compile(r"=+|-+")
_BULLET = re.compile(r"[-*+]\s+(?=[*_]*[^\W\d_][^:：]{0,30}[:：])")
_LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]*\)")
_MARKUP = re.compile(r"[\[\]<>`{}|]")


def split_labels(body: str, day_first: bool | None) -> tuple[str, Labels]:
    """Return a text without its label lines, and what these say.

    Args:
        body: Markdown without front matter.
        day_first: how ``03/04/2019`` is to be read.
    """
    if not any(sign in body for sign in ":："):
        return body, Labels()
    lines = split_lines(body)
    labels = find_labels(tuple(_bare(lines)), day_first)
    # A value that is more than words and a link is read as the text that it is.
    if not labels.lines or any(_MARKUP.search(label.value) for label in labels.lines):
        return body, Labels()
    told = {label.line.number for label in labels.lines}
    return "\n".join("" if line.number in told else line.raw for line in lines), labels


def _bare(lines: tuple[Line, ...]) -> Iterator[Line]:
    """Yield lines, of which those of the head are without the marks of headings and lists."""
    written = 0
    for line in lines:
        written += bool(line.text)
        if written > _HEAD_LINES:
            yield line
        elif _UNDERLINE.fullmatch(line.text):
            yield replace(line, raw="", text="")
        else:
            heading = _HEADING.fullmatch(line.text)
            text = heading["text"] if heading is not None else _BULLET.sub("", line.text, count=1)
            text = _LINK.sub(r"\1", text)
            yield replace(line, raw=text, text=text)
