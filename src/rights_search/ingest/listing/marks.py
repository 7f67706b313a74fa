"""Find the date lines that part the posts of a listing page's plain-text dump."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rights_search.ingest.dates.finding import DateLine, find_date_line
from rights_search.ingest.dates.words import is_preposition
from rights_search.ingest.lines import Line, fits_behind
from rights_search.ingest.page_words import ends_sentence, is_prose, is_title_like
from rights_search.post import Precision

_MIN_WRAPPED_CHARS = 60
_MAX_MONTH = 12
_MIN_LABELLED = 2
_LOOK_LINES = 5

_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}(?!\d)")
_JUST_A_YEAR = re.compile(r"\d{4}(?:\s?(?:г\.?|год|م))?")


@dataclass(frozen=True, slots=True)
class Mark:
    """A separator line and what it says."""

    line: Line
    says: DateLine


def find_marks(lines: Sequence[Line], *, day_first: bool | None = None) -> tuple[Mark, ...]:
    """Return the separator lines of a page.

    Where nobody said how ``03/04/2019`` is to be read but the page's other dates
    can be read one way only (``25/04/2019``), that way holds for all of them, with
    the flag ``order-of-page``.
    """
    order = _order_of_page(lines) if day_first is None else None
    marks: list[Mark] = []
    labelled: list[Mark] = []
    for place, line in enumerate(lines):
        says = find_date_line(line.raw, day_first=day_first)
        if says is None and _stands_alone(lines, place):
            says = find_date_line(line.raw, day_first=day_first, loose=True)
            labelled += [Mark(line, says)] if says and says.date else []
        elif says is not None and says.date is not None:
            marks.append(Mark(line, _in_order(line, says, order)))
    width = max((len(line.raw.rstrip()) for line in lines), default=0)
    sidebar = _archive_list(lines, marks)
    marks = [
        mark
        for mark in marks
        if mark.line.number not in sidebar and _is_separator(lines, mark, width)
    ]
    if len(labelled) >= _MIN_LABELLED:
        marks = sorted([*marks, *labelled], key=lambda mark: mark.line.number)
    return tuple(marks)


def _stands_alone(lines: Sequence[Line], place: int) -> bool:
    around = (*lines[max(0, place - 1) : place], *lines[place + 1 : place + 2])
    return not any(line.text for line in around)


def _order_of_page(lines: Sequence[Line]) -> bool | None:
    orders: set[bool] = set()
    for line in lines:
        for first, second in _NUMERIC.findall(line.text):
            if (int(first) > _MAX_MONTH) != (int(second) > _MAX_MONTH):
                orders.add(int(first) > _MAX_MONTH)
    return orders.pop() if len(orders) == 1 else None


def _in_order(line: Line, says: DateLine, order: bool | None) -> DateLine:
    if order is None or says.date is None or "ambiguous-day-month" not in says.date.flags:
        return says
    again = find_date_line(line.raw, day_first=order)
    if again is None or again.date is None:
        return says
    return replace(again, date=replace(again.date, flags=(*again.date.flags, "order-of-page")))


def is_within_sentence(lines: Sequence[Line], place: int, width: int) -> bool:
    """Return whether the date line at ``place`` is a wrapped part of the text around it.

    Args:
        lines: the lines of the whole text.
        place: index of the date line.
        width: the length of the longest line.
    """
    line, below = lines[place], _text_at(lines, place + 1)
    above = _text_at(lines, place - 1)
    if not above:
        return False
    if below[:1].islower():
        return True
    last_word = above.rsplit(" ", 1)[-1]
    if is_preposition(last_word) or last_word.endswith((",", "(", "-")):
        # "Letters from prison, sixty years on" is a title: it had room for more.
        stands_alone = not _text_at(lines, place - 2) and not below
        return not (stands_alone and fits_behind(line, lines[place - 1], width))
    # "(born\n12 March 2014)" closes a bracket that the date line did not open.
    was_wrapped = len(above) >= _MIN_WRAPPED_CHARS and not ends_sentence(above)
    return was_wrapped and line.text.count(")") > line.text.count("(")


def _text_at(lines: Sequence[Line], place: int) -> str:
    return lines[place].text if 0 <= place < len(lines) else ""


def _is_separator(lines: Sequence[Line], mark: Mark, width: int) -> bool:
    """Return whether the lines around a date line let it part two posts."""
    place = mark.line.number - 1
    above = _text_at(lines, place - 1)
    if _is_bare(mark, "year"):
        just_a_year = _JUST_A_YEAR.fullmatch(mark.line.text)
        return not above and bool(just_a_year) and is_prose(_next(lines, place))
    if above and _is_bare(mark, "month") and not _is_under_title(lines, place):
        return False
    if mark.says.rest:
        # Labels may be wrapped, and the next line then starts with any letter.
        return not is_preposition(above.rsplit(" ", 1)[-1])
    if above and mark.line.text.endswith("."):
        return False
    return not is_within_sentence(lines, place, width)


def _is_bare(mark: Mark, precision: Precision) -> bool:
    date = mark.says.date
    return date is not None and date.precision == precision and not date.flags


def _is_under_title(lines: Sequence[Line], place: int) -> bool:
    above = lines[place - 1].text
    return (
        not _text_at(lines, place - 2)
        and not _text_at(lines, place + 1)
        and is_title_like(above)
        and not above[-1].isdecimal()
    )


def _next(lines: Sequence[Line], place: int) -> str:
    return next((line.text for line in lines[place + 1 : place + 1 + _LOOK_LINES] if line.text), "")


def _archive_list(lines: Sequence[Line], marks: Sequence[Mark]) -> set[int]:
    """Return the line numbers of a sidebar's months and years: dates with no text between."""
    found: set[int] = set()
    bare = [mark.line.number for mark in marks if _is_bare(mark, "month") or _is_bare(mark, "year")]
    for here, after in pairwise(bare):
        if not any(line.text for line in lines[here : after - 1]):
            found |= {here, after}
    return found
