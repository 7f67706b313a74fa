"""What stands beside the text of an article → the fields of its post.

Asked only where the head of the page does not tell; what was taken from a line that
nothing marks is noted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from rights_search.ingest.bylines import is_by_phrase, parse_byline
from rights_search.ingest.dates.datelines import split_dateline
from rights_search.ingest.dates.finding import parse_date
from rights_search.ingest.dates.towns import find_town_line
from rights_search.ingest.html.counts import date_line, order_of_dates
from rights_search.ingest.html.dom import small_text, texts_with_year
from rights_search.ingest.html.entry import Page
from rights_search.ingest.html.prose import is_link, is_long
from rights_search.ingest.html.reading import MarkedDate, Reading
from rights_search.ingest.page_words import MAX_MARK_CHARS, is_call, is_credit, is_navigation
from rights_search.ingest.people import People, from_line, joined
from rights_search.ingest.source import Draft
from rights_search.post import PartialDate

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def with_margin(draft: Draft, reading: Reading, body: Element, page: Page) -> Draft:
    """Return the draft of an article with what stands in its page, but not in its head.

    Args:
        draft: what the head of the page tells, and the text.
        reading: what stands in the element that holds the text.
        body: the body of the page.
        page: the file, and what the page says of itself.
    """
    lines = _head_lines(reading)
    draft = _with_dates(draft, reading, lines, body, page)
    draft = _with_people(draft, reading, lines)
    if not draft.source_tags and reading.tags:
        draft = replace(draft, source_tags=tuple(dict.fromkeys(reading.tags)))
    # What is a link and nothing else is no text, but some of it asks the reader to act.
    asked = (piece.text for piece in reading.pieces if piece.tag != "li" and is_link(piece))
    return _sorted(draft, tuple(text for text in asked if is_call(text, behind_text=True)))


_LINE = "a line above the text"
_ONLY = "the only date in the page"
_MAX_HEAD_LINES = 12
_MAX_LINES = 3000
_LINE_TAGS = frozenset({"p", "div", "span", "td", "i", "em"})


def _head_lines(reading: Reading) -> list[str]:
    """Return the lines between the heading and the text."""
    lines: list[str] = []
    for piece in reading.pieces:
        if is_long(piece) or len(lines) >= _MAX_HEAD_LINES:
            break
        if not is_link(piece):
            lines.append(piece.text)
    return lines


def _with_dates(
    draft: Draft, reading: Reading, lines: Sequence[str], body: Element, page: Page
) -> Draft:
    if draft.updated is None:
        changes = (_parsed(marked, body, page) for marked in reading.dates if marked.is_update)
        updated = next(filter(None, changes), None)
        draft = draft if updated is None else replace(draft, updated=updated)
    if draft.date is not None:
        return draft
    published = [marked for marked in reading.dates if not marked.is_update]
    for marked in chain(published, _dates_in(lines), _dates_elsewhere(body, page)):
        date = _parsed(marked, body, page)
        if date is not None:
            break
    else:
        dateline = split_dateline(draft.paragraphs[0]) if draft.paragraphs else None
        if dateline is None or dateline.date is None:
            return draft
        return replace(draft, date=dateline.date, place=draft.place or dateline.place)
    if marked.origin == "time":
        return replace(draft, date=date)
    note = f"its head tells no date: {date.iso} was taken from {marked.origin}"
    return replace(draft, date=date, place=draft.place or marked.place, notes=(*draft.notes, note))


def _parsed(marked: MarkedDate, body: Element, page: Page) -> PartialDate | None:
    origin = f"html: {marked.origin}"
    day_first = page.source.settings.day_first
    date = parse_date(marked.value, origin=origin, day_first=day_first)
    if date is None or "ambiguous-day-month" not in date.flags:
        return date
    # Other dates of the page may tell; to ask them takes time.
    order = order_of_dates(body)
    return parse_date(marked.value, origin=origin, day_first=order)


def _dates_in(lines: Sequence[str]) -> Iterator[MarkedDate]:
    """Yield the dates of lines that say a place and a day: "Geneva, 14 March 1993"."""
    for line in lines:
        found = find_town_line(line)
        if found is not None and found.says.date is not None:
            yield MarkedDate(found.says.date.iso, _LINE, place=found.town)


def _dates_elsewhere(body: Element, page: Page) -> Iterator[MarkedDate]:
    """Yield the date that stands elsewhere in the page, if there is only one."""
    found: set[str] = set()
    for tree in chain((body,), page.rest()):
        times = islice(tree.iter("time"), _MAX_LINES)
        found |= {value for node in times if (value := _told(node))}
        for text in _small_texts(tree):
            if len(found) > 1:
                return
            line = date_line(text)
            if line is not None and line.date is not None:
                found.add(line.date.iso)
        if len(found) > 1:
            return
    if found:
        yield MarkedDate(found.pop(), _ONLY)


def _told(node: Element) -> str | None:
    return node.get("datetime")


def _small_texts(body: Element) -> Iterator[str]:
    """Yield the texts of elements that are a line at most and hold a year.

    Looked for from the years, of which a page has few, and outwards for as long as
    the line is no longer than a line.
    """
    seen: set[Element] = set()
    for holder, _, _ in texts_with_year(body):
        for node in (holder, *holder.iterancestors()):
            text = None if node in seen or len(seen) >= _MAX_LINES else small_text(node)
            if text is None:
                break
            seen.add(node)
            if node.tag in _LINE_TAGS or (node.tag == "time" and not _told(node)):
                yield text


def _with_people(draft: Draft, reading: Reading, lines: Sequence[str]) -> Draft:
    people = People()
    for line in dict.fromkeys(reading.authors):
        people = joined(people, from_line(line))
    byline = next(filter(None, map(_byline, lines)), None)
    if not people.names and byline is not None:
        people = joined(people, from_line(byline))
    if draft.authors or not people.names:
        return draft
    origin = "marked in the text" if reading.authors else _LINE
    return replace(
        draft,
        authors=people.names,
        role=draft.role or people.role,
        organisation=draft.organisation or people.organisation,
        place=draft.place or people.place,
        origins=(*draft.origins, ("authors", f"html: {origin}")),
    )


def _byline(line: str) -> str | None:
    is_byline = is_by_phrase(line) and parse_byline(line, strict=True) is not None
    return line if is_byline else None


def _sorted(draft: Draft, asked: tuple[str, ...]) -> Draft:
    """Put lines that are no text where they belong: credits, calls, a byline at the top."""
    text: list[str] = []
    captions, calls = [*draft.captions], [*draft.calls_to_action]
    for paragraph in draft.paragraphs:
        if text and len(paragraph) > MAX_MARK_CHARS and paragraph != draft.title:
            text.append(paragraph)
            continue
        if is_navigation(paragraph) or (paragraph == draft.title and len(draft.paragraphs) > 1):
            continue
        if is_credit(paragraph):
            captions.append(paragraph)
        elif is_call(paragraph, behind_text=bool(text)):
            calls.append(paragraph)
        elif text or _byline(paragraph) is None:
            text.append(paragraph)
    found = tuple(text), tuple(dict.fromkeys(captions)), tuple(dict.fromkeys((*calls, *asked)))
    if found == (draft.paragraphs, draft.captions, draft.calls_to_action):
        return draft  # as mostly, and to replace fields takes as long as to look for them
    return replace(draft, paragraphs=found[0], captions=found[1], calls_to_action=found[2])
