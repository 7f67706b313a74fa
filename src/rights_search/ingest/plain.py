"""Read a plain-text file that is one post.

It may open with a title, a date line and a byline, in any order; blank lines part
its paragraphs, and lines that were wrapped at a width are joined again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rights_search.errors import ReadError
from rights_search.ingest.bylines import Byline, parse_byline
from rights_search.ingest.datelines import Dateline, split_dateline
from rights_search.ingest.dates import DateLine, find_date_line
from rights_search.ingest.decoding import read_text
from rights_search.ingest.labels import sort_labels
from rights_search.ingest.lines import (
    Block,
    Line,
    Places,
    fits_behind,
    join_wrapped,
    split_blocks,
    split_lines,
)
from rights_search.ingest.listing_marks import is_within_sentence
from rights_search.ingest.page_words import ends_with_full_stop, is_list_item, is_navigation
from rights_search.ingest.post_parts import Parts, Piece, has_prose, may_head, sort_pieces
from rights_search.ingest.press_release import NOTE as RELEASE_NOTE
from rights_search.ingest.press_release import Release, find_release
from rights_search.ingest.source import Draft, Record, Source

_HEAD_LINES = 8
_MAX_HEAD_WORDS = 60
_MAX_TITLE_WORDS = 30
_MAX_FULL_STOP_TITLE_WORDS = 12
_MAX_ABOVE_DATELINE = 3
_PLACE_THEN_DATE = re.compile(r"(?P<place>[^\W\d_a-z][^\d,،]{1,40})[,،]\s+(?P<date>.+)")


@dataclass(frozen=True, slots=True)
class _Post:
    """A file's lines, sorted by what they are."""

    title: Block
    says: DateLine | None
    place: str | None
    pieces: tuple[Piece, ...]
    release: Release | None = None


def read_plain(source: Source) -> Iterator[Record]:
    """Yield the one post of a plain-text file.

    Raises:
        ReadError: if the file is empty or no text.
    """
    decoded = read_text(source)
    lines = split_lines(decoded.text)
    written = [line for line in lines if line.text]
    if not written:
        raise ReadError(source.name, "the file is empty", fatal=True)
    draft = _draft(_sort_lines(lines, source.settings.day_first), source.settings.day_first)
    span = Places(source, decoded).span(written[0], written[-1])
    notes = (*decoded.notes, *draft.notes)
    yield replace(draft, span=span, url=source.url, notes=notes, encoding=decoded.encoding)


def text_draft(text: str, day_first: bool | None) -> Draft | None:
    """Return the post that a text is, or None where there is nothing but white space.

    For text that stands in another format: a mail, a word processor's document.

    Args:
        text: its paragraphs, parted by blank lines.
        day_first: how ``03/04/2019`` is to be read; None leaves it ambiguous.
    """
    lines = split_lines(text)
    if not any(line.text for line in lines):
        return None
    return _draft(_sort_lines(lines, day_first), day_first)


def _sort_lines(lines: Sequence[Line], day_first: bool | None) -> _Post:
    release = find_release(lines, day_first=day_first)
    if release is None or not any(line.text for line in release.lines):
        return _sort_post(lines, day_first)
    return replace(_without_subtitle(_sort_post(release.lines, day_first), lines), release=release)


def _without_subtitle(post: _Post, lines: Sequence[Line]) -> _Post:
    """Return a press release whose second headline, right under the first, is text."""
    width = max(len(line.raw.rstrip()) for line in lines)
    for place, (above, line) in enumerate(pairwise(post.title), start=1):
        if fits_behind(line, above, width) and not line.text[0].islower():
            pieces = (*_pieces((post.title[place:],)), *post.pieces)
            return replace(post, title=post.title[:place], pieces=pieces)
    return post


def _sort_post(lines: Sequence[Line], day_first: bool | None) -> _Post:
    start = _after_menus(lines)
    found = _head_date(lines[start:], day_first)
    if found is None:
        return _without_head_date(lines[start:], day_first)
    place, says, town = found
    above = tuple(split_blocks(lines[start : start + place]))
    below = lines[start + place + 1 :]
    title, others = _title_above(above)
    blocks = tuple(split_blocks(below))
    glued = blocks[:1] if blocks and blocks[0][0] is below[0] else ()
    rest = blocks[len(glued) :]
    if not title:
        title, glued, rest = _title_below(glued, rest)
    return _Post(title, says, town, (*_pieces(others), *_pieces(glued, glued=True), *_pieces(rest)))


def _after_menus(lines: Sequence[Line]) -> int:
    """Return how many lines of menus a saved page starts with."""
    start = 0
    for place, line in enumerate(lines):
        if line.text and not (is_navigation(line.text) or is_list_item(line.text)):
            break
        start = place + 1
    # A file of nothing else is a list, and that is its text.
    return start if start < len(lines) else 0


def _head_date(
    lines: Sequence[Line], day_first: bool | None
) -> tuple[int, DateLine, str | None] | None:
    """Return the place of the date line in the head of a post, what it says, and its town."""
    first = lines[0].number
    width = max(len(line.raw.rstrip()) for line in lines)
    seen = 0
    for block in split_blocks(lines):
        for line in block:
            place = line.number - first
            says, town = _date_of(line, day_first)
            if says and says.date and not is_within_sentence(lines, place, width):
                return place, says, town
            seen += 1
            if seen >= _HEAD_LINES:
                return None
        if _is_text(block):
            return None
    return None


def _is_text(block: Block) -> bool:
    """Return whether ``block`` is text: a date below it dates no post."""
    text = " ".join(line.text for line in block)
    words = len(text.split())
    return words > _MAX_HEAD_WORDS or (
        words > _MAX_FULL_STOP_TITLE_WORDS and ends_with_full_stop(text)
    )


def _date_of(line: Line, day_first: bool | None) -> tuple[DateLine | None, str | None]:
    says = find_date_line(line.raw, day_first=day_first)
    if says is not None:
        return says, None
    found = _PLACE_THEN_DATE.fullmatch(line.text)
    if found is None:
        return None, None
    dated = found["date"].removeprefix("le ").removeprefix("den ")
    says = find_date_line(dated, day_first=day_first)
    if says is None or says.date is None or says.date.precision != "day" or says.rest:
        return None, None
    return says, found["place"].strip()


def _title_above(blocks: tuple[Block, ...]) -> tuple[Block, tuple[Block, ...]]:
    """Return the title among the lines above the date, and the other lines."""
    for place, block in enumerate(blocks):
        paragraphs = join_wrapped(block)
        if parse_byline(paragraphs[0]) or is_navigation(paragraphs[0]):
            continue
        title = block if len(paragraphs) == 1 else block[:1]
        others = (*blocks[:place], block[len(title) :], *blocks[place + 1 :])
        return title, tuple(other for other in others if other)
    return (), blocks


def _title_below(
    glued: tuple[Block, ...], rest: tuple[Block, ...]
) -> tuple[Block, tuple[Block, ...], tuple[Block, ...]]:
    """Return the title under the date of a file that starts with it, and what follows."""
    if glued and rest and may_head(glued[0]) and has_prose(rest):
        return glued[0], (), rest
    if not glued and rest and may_head(rest[0]) and has_prose(rest[1:]):
        return rest[0], (), rest[1:]
    return (), glued, rest


def _without_head_date(lines: Sequence[Line], day_first: bool | None) -> _Post:
    blocks = tuple(split_blocks(lines))
    says = None
    if len(blocks) > 1 and len(blocks[-1]) == 1:
        # Statements and letters carry their date at the end.
        says, town = _date_of(blocks[-1][0], day_first)
        if says is not None and says.date is not None:
            title, rest = _first_title(blocks[:-1])
            return _Post(title, says, town, _pieces(rest))
    title, rest = _first_title(blocks)
    return _Post(title, None, None, _pieces(rest))


def _first_title(blocks: tuple[Block, ...]) -> tuple[Block, tuple[Block, ...]]:
    """Return the title that a file without a date line starts with, and the rest."""
    first, rest = blocks[0], blocks[1:]
    if len(first) > 1 and _is_line_of_its_own(first):
        title, rest = first[:1], (first[1:], *rest)
    else:
        title = first
    text = " ".join(line.text for line in title)
    words = len(text.split())
    is_title = may_head(title) or (words <= _MAX_FULL_STOP_TITLE_WORDS and not _is_odd(text))
    if rest and is_title and words <= _MAX_TITLE_WORDS:
        return title, rest
    return (), blocks


def _is_odd(text: str) -> bool:
    return (
        is_list_item(text)
        or is_navigation(text)
        or text.endswith((":", ",", ";", "،"))
        or parse_byline(text) is not None
    )


def _is_line_of_its_own(block: Block) -> bool:
    """Return whether the first line of ``block`` ended before it had to."""
    first, second = block[:2]
    width = max(len(line.raw.rstrip()) for line in block)
    fits = len(first.raw.rstrip()) + 1 + len(second.text.split(" ", 1)[0]) <= width
    return fits and may_head(block[:1]) and not second.text[0].islower()


def _pieces(blocks: Sequence[Block], *, glued: bool = False) -> tuple[Piece, ...]:
    return tuple(Piece(text, glued) for block in blocks for text in join_wrapped(block))


def _draft(post: _Post, day_first: bool | None) -> Draft:
    parts = sort_pieces(post.pieces, day_first=day_first, ends_in_captions=False)
    says = post.says or DateLine(None)
    dateline = _take_dateline(parts.body, post, day_first)
    byline = (parse_byline(says.byline) if says.byline else None) or parts.byline or Byline(())
    countries, tags = sort_labels(says.rest, frozenset())
    title = " ".join(line.text for line in post.title) or None
    paragraphs = tuple(parts.body)
    if not paragraphs and title is not None:
        paragraphs, title = (title,), None
    return Draft(
        paragraphs=paragraphs,
        title=title,
        date=says.date or dateline.date or (post.release.embargo if post.release else None),
        updated=parts.updated or says.updated,
        authors=byline.authors,
        role=byline.role,
        organisation=byline.organisation,
        place=byline.place or post.place or dateline.place or None,
        captions=tuple(parts.captions),
        calls_to_action=(*parts.calls, *(post.release.contacts if post.release else ())),
        source_countries=countries,
        source_tags=tags,
        notes=(RELEASE_NOTE,) if post.release else (),
        origins=_origins(post, parts, says, dateline),
    )


def _origins(
    post: _Post, parts: Parts, says: DateLine, dateline: Dateline
) -> tuple[tuple[str, str], ...]:
    """Return where title, authors and place stand."""
    title = f"line {post.title[0].number}" if post.title else ""
    byline = "date line" if says.byline else "byline" if parts.byline else ""
    written_at = (parts.byline and parts.byline.place and "byline") or (post.place and "date line")
    place = written_at or (dateline.place and "dateline")
    found = (("title", title), ("authors", byline), ("place", place))
    return tuple((name, origin) for name, origin in found if origin)


def _take_dateline(body: list[str], post: _Post, day_first: bool | None) -> Dateline:
    """Cut the dateline off the paragraph that it opens and return it; blank if there is none."""
    is_release = post.release is not None
    # A second headline may stand above it.
    for place, text in enumerate(body[:_MAX_ABOVE_DATELINE]):
        found = split_dateline(text, day_first=day_first, may_lack_date=is_release)
        if found is not None:
            body[place] = found.text
            return found
    return Dateline("", None, "")
