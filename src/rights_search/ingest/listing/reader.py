"""Read the plain-text dump of a listing page: many posts, a date line each.

What parts the posts is the line with the date of each. Some pages print it before
the post and some behind it: that is decided once a page, from what stands around
the first and the last date line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from rights_search.errors import ReadError
from rights_search.ingest.bylines import Byline, parse_byline
from rights_search.ingest.encodings.decoding import read_text
from rights_search.ingest.labels import listed_labels, sort_labels
from rights_search.ingest.lines import Block, Line, Places, join_wrapped, split_blocks, split_lines
from rights_search.ingest.listing.lead import lead_page
from rights_search.ingest.listing.marks import Mark, find_marks
from rights_search.ingest.listing.page import Entry, Layout, Page
from rights_search.ingest.listing.trail import trail_page
from rights_search.ingest.page_words import (
    ends_sentence,
    is_list_item,
    is_navigation,
    is_prose,
)
from rights_search.ingest.post_parts import Piece, has_prose, sort_pieces
from rights_search.ingest.source import Draft, Record, Source

_LOOK_AHEAD_BLOCKS = 3
_LOOK_LINES = 20
_HEADING_BLOCKS = 3
_MAX_HEADING_WORDS = 8
_MIN_POSTS = 2
_MENU_LINES = 5
_MAX_HEAD_SHARE = 0.2
_MAX_HEAD_WORDS = 60


def read_listing(source: Source) -> Iterator[Record]:
    """Yield the posts of a plain-text dump of a listing page, in its order.

    Raises:
        ReadError: if the file is empty, no text, or has no date line.
    """
    decoded = read_text(source)
    lines = split_lines(decoded.text)
    if not any(line.text for line in lines):
        raise ReadError(source.name, "the file is empty", fatal=True)
    page = _read_page(lines, source.settings.day_first)
    if page is None:
        reason = "no line is only a date: read it as one plain post"
        raise ReadError(source.name, reason, fatal=True)
    places = Places(source, decoded)
    country, heading = _heading(page.head)
    notes = (*decoded.notes, *heading, *_left_out(page))
    known = listed_labels(lines)
    for entry in page.entries:
        draft = _draft(entry, source.settings.day_first)
        if draft is None:
            if entry.mark is not None:
                reason = "a date line without any text of a post"
                yield ReadError(source.name, reason, line=entry.mark.line.number)
            continue
        countries, tags = sort_labels(entry.labels, known)
        yield replace(
            draft,
            span=places.span(entry.lines[0], entry.lines[-1]),
            page_country=country,
            source_countries=countries,
            source_tags=tags,
            notes=(*draft.notes, *notes),
            encoding=decoded.encoding,
        )


def is_listing(text: str) -> bool:
    """Return whether ``text`` is the dump of a listing page and not one post.

    It is when at least two date lines each have the text of a post of their own: a
    date under a title and a "last updated" at the end make no listing. One will do
    where it stands behind its post and menus stand before it: a page of results.
    """
    page = _read_page(split_lines(text), None)
    if page is None or _is_chronology(page) or _opens_with_text(page):
        return False
    if page.layout == "trail" and _has_menus(page.head):
        return True
    dated = (entry for entry in page.entries if entry.mark is not None)
    return sum(has_prose((entry.glued, *entry.blocks)) for entry in dated) >= _MIN_POSTS


def _is_chronology(page: Page) -> bool:
    """Return whether a page is one text with dates for headings, from the oldest on.

    Listings start with the newest post, and with menus rather than with a text.
    """
    first_lines = [block[0].text for block in page.head]
    if page.layout == "trail" or any(is_navigation(text) for text in first_lines):
        return False
    dates = [entry.mark.says.date for entry in page.entries if entry.mark]
    starts = [date.start for date in dates if date]
    return has_prose(page.head) and all(one < other for one, other in pairwise(starts))


def _opens_with_text(page: Page) -> bool:
    """Return whether a good part of a page's text stands before its first date.

    Long reports have lines that are dates too, and what is before them is the report.
    """
    head = sum(map(_prose_words, page.head))
    if head <= _MAX_HEAD_WORDS:
        return False  # what a menu explains, and a page of results may have one only
    text = sum(_prose_words(block) for entry in page.entries for block in entry.blocks)
    return head > _MAX_HEAD_SHARE * (head + text)


def _prose_words(block: Block) -> int:
    return sum(len(text.split()) for text in join_wrapped(block) if is_prose(text))


def _has_menus(head: Sequence[Block]) -> bool:
    return sum(is_list_item(line.text) for block in head for line in block) >= _MENU_LINES


def _read_page(lines: Sequence[Line], day_first: bool | None) -> Page | None:
    marks = find_marks(lines, day_first=day_first)
    if not marks:
        return None
    return lead_page(lines, marks) if _layout(lines, marks) == "lead" else trail_page(lines, marks)


def _layout(lines: Sequence[Line], marks: Sequence[Mark]) -> Layout:
    """Return where a page's dates stand.

    A page that ends in a date has them behind its posts, one that starts with one
    before. Where text stands on both sides of both, the dates in between vote.
    """
    before = _has_text_above(lines, marks[0].line)
    after = _has_text_below(lines, marks[-1].line)
    if before != after:
        return "trail" if before else "lead"
    votes = sum(_vote(lines, mark) for mark in marks)
    if votes == 0:
        votes = sum(_is_glued_above(lines, mark.line) for mark in marks)
        votes -= sum(_is_glued_below(lines, mark.line) and not mark.says.rest for mark in marks)
    return "trail" if votes > 0 else "lead"


def _vote(lines: Sequence[Line], mark: Mark) -> int:
    """Return 1 where a date ends a text, -1 where it starts one, 0 where both may be."""
    above = next((line.text for line in reversed(_around(lines, mark, -1)) if line.text), "")
    below = next(split_blocks(_around(lines, mark, 1)), ())
    text = join_wrapped(below)[0] if below else ""
    ends = ends_sentence(above)
    starts = (
        (is_prose(text) and ends_sentence(text))
        or parse_byline(text) is not None
        or (_is_glued_below(lines, mark.line) and not mark.says.rest)
    )
    return ends - starts


def _around(lines: Sequence[Line], mark: Mark, side: int) -> Sequence[Line]:
    place = mark.line.number
    if side < 0:
        return lines[max(0, place - 1 - _LOOK_LINES) : place - 1]
    return lines[place : place + _LOOK_LINES]


def _has_text_above(lines: Sequence[Line], line: Line) -> bool:
    blocks = list(split_blocks(lines[: line.number - 1]))
    text = join_wrapped(blocks[-1])[-1] if blocks else ""
    return is_prose(text) and not is_navigation(text) and not is_list_item(text)


def _has_text_below(lines: Sequence[Line], line: Line) -> bool:
    blocks = islice(split_blocks(lines[line.number :]), _LOOK_AHEAD_BLOCKS)
    for text in (text for block in blocks for text in join_wrapped(block)):
        if is_navigation(text) or is_list_item(text):
            return False
        if is_prose(text):
            return True
    return False


def _is_glued_above(lines: Sequence[Line], line: Line) -> bool:
    return line.number > 1 and bool(lines[line.number - 2].text)


def _is_glued_below(lines: Sequence[Line], line: Line) -> bool:
    return line.number < len(lines) and bool(lines[line.number].text)


def _draft(entry: Entry, day_first: bool | None) -> Draft | None:
    pieces = [Piece(text, glued=True) for text in join_wrapped(entry.glued)]
    pieces += [Piece(text) for block in entry.blocks for text in join_wrapped(block)]
    parts = sort_pieces(pieces, day_first=day_first)
    title = " ".join(join_wrapped(entry.title)) or None
    if (not parts.body and title is None) or (entry.mark is None and not has_prose(entry.blocks)):
        return None
    says = entry.mark.says if entry.mark else None
    byline = _byline(says.byline if says else "") or parts.byline or Byline(())
    return Draft(
        paragraphs=tuple(parts.body),
        title=title,
        date=says.date if says else None,
        updated=parts.updated or (says.updated if says else None),
        authors=byline.authors,
        role=byline.role,
        organisation=byline.organisation,
        place=byline.place,
        captions=tuple(parts.captions),
        calls_to_action=tuple(parts.calls),
        notes=() if says else ("The page gives no date for this post.",),
        origins=_origins(entry, byline, parts.byline),
    )


def _origins(entry: Entry, byline: Byline, below: Byline | None) -> tuple[tuple[str, str], ...]:
    """Return where title and authors stand."""
    title = (("title", f"line {entry.title[0].number}"),) if entry.title else ()
    if not byline.authors:
        return title
    return (*title, ("authors", "byline" if byline is below else "date line"))


def _byline(text: str) -> Byline | None:
    return parse_byline(text) if text else None


def _heading(head: Sequence[Block]) -> tuple[str | None, tuple[str, ...]]:
    """Return the country that the page is about, and a note with a heading that is none.

    The heading is among the last short lines before the first post.
    """
    from rights_search.geography.territories import lookup  # noqa: PLC0415 - a large table

    candidates: list[str] = []
    for block in reversed(head[-_HEADING_BLOCKS:]):
        text = " ".join(line.text for line in block)
        # A bracket is what a dump shows of a form's field.
        is_menu = is_list_item(text) or is_navigation(text) or "[" in text
        if is_menu or len(text.split()) > _MAX_HEADING_WORDS:
            continue
        country = lookup(text)
        if country is not None:
            return country, ()
        candidates.append(text)
    return None, (f'The page\'s heading is "{candidates[0]}".',) if candidates else ()


def _left_out(page: Page) -> tuple[str, ...]:
    """Return a note on prose before the first post, which no date belongs to."""
    if page.layout == "trail":
        return ()
    lines = [block[0].number for block in page.head if is_prose(" ".join(x.text for x in block))]
    return (f"Text before the first date line was left out (line {lines[0]}).",) if lines else ()
