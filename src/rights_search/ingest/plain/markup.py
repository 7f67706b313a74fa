"""The marks of reStructuredText and Org in a plain text: what is left is its words.

Both are meant to be read as they are, and need no reader of their own: only the lines
around titles, and what such files say of themselves under keys, are none of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, repeat

from rights_search.ingest.lines import Line


def without_markup(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return lines of which those that are only marks are blank.

    What the head of the text says under ``#+title:`` or ``:Author:`` becomes the line
    that says so in a text without marks.
    """
    kept = list(lines)
    written = [place for place, line in enumerate(lines) if line.text]
    if not written:
        return tuple(kept)
    first = written[0]
    head = written[:_HEAD_LINES]
    if _ORG_KEY.fullmatch(lines[first].text):
        _read_keys(kept, head, _ORG_KEY)
    elif _blank_rules(kept, first):
        _read_keys(kept, head, _FIELD)
        _blank_section_rules(kept, written)
    return tuple(kept)


_HEAD_LINES = 12
_RULE = re.compile(r"""([=~*^"'`+#:.-])\1{2,}""")
_ORG_KEY = re.compile(r"#\+(?P<key>\w+):\s*(?P<value>.*)")
_FIELD = re.compile(r":(?P<key>[A-Za-z]+):\s+(?P<value>\S.*)")
_STAMP = re.compile(r"[<\[](\d{4}-\d\d-\d\d)\b[^>\]]*[>\]]")


def _blank_rules(lines: list[Line], first: int) -> bool:
    """Blank the lines around the title that a text opens with, and say whether there are any."""
    if first + 2 < len(lines) and _rule_of(lines[first]):
        # A line above as well as below.
        if not lines[first + 1].text or _rule_of(lines[first]) != _rule_of(lines[first + 2]):
            return False
        _put(lines, first, "")
        _put(lines, first + 2, "")
        return True
    if first + 1 < len(lines) and _rule_of(lines[first + 1]):
        _put(lines, first + 1, "")
        return True
    return False


def _rule_of(line: Line) -> str | None:
    found = _RULE.fullmatch(line.text)
    return found[1] if found else None


def _blank_section_rules(lines: list[Line], written: Sequence[int]) -> None:
    for place in written:
        above = lines[place - 1].text if place else ""
        if above and _rule_of(lines[place]) and len(lines[place].text) >= len(above):
            _put(lines, place, "")


def _read_keys(lines: list[Line], places: Sequence[int], pattern: re.Pattern[str]) -> None:
    """Put what keys say in their places: the title, the date, then who wrote it."""
    found = [(place, match) for place in places if (match := pattern.fullmatch(lines[place].text))]
    says = {match["key"].lower(): match["value"].strip() for _, match in found}
    author = says.get("author")
    told = (
        says.get("title"),
        _STAMP.sub(r"\1", says.get("date", "")),
        f"By {author}" if author else None,
    )
    texts = [text for text in told if text]
    for (place, _), text in zip(found, chain(texts, repeat("")), strict=False):
        _put(lines, place, text)


def _put(lines: list[Line], place: int, text: str) -> None:
    lines[place] = replace(lines[place], raw=text, text=text)
