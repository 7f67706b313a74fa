"""The lines of a plain-text file that is one post: which are its title and its date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from rights_search.ingest.bylines import parse_byline
from rights_search.ingest.dates.finding import DateLine, find_date_line, find_tied_date
from rights_search.ingest.dates.towns import find_town_line, is_one_of_many
from rights_search.ingest.lines import Block, Line, fits_behind, join_wrapped, split_blocks
from rights_search.ingest.listing.marks import is_within_sentence
from rights_search.ingest.page_words import ends_with_full_stop, is_list_item, is_navigation
from rights_search.ingest.plain.labelled import Labels, find_labels, without_labels
from rights_search.ingest.plain.press_release import Release, find_release
from rights_search.ingest.post_parts import Piece, has_prose, may_head

_HEAD_LINES = 8
_MAX_HEAD_WORDS = 60
_MAX_TITLE_WORDS = 30
_MAX_FULL_STOP_TITLE_WORDS = 12


@dataclass(frozen=True, slots=True)
class PlainPost:
    """A file's lines, sorted by what they are.

    Args:
        title: its lines, perhaps none.
        says: what the date line says.
        place: where the date line says that it was written.
        pieces: the other text, in order.
        release: what was recognised of a press release.
        labels: what the lines above the text say of it.
    """

    title: Block
    says: DateLine | None
    place: str | None
    pieces: tuple[Piece, ...]
    release: Release | None = None
    labels: Labels = field(default_factory=Labels)


def sort_lines(
    lines: Sequence[Line], day_first: bool | None, *, labelled: bool = True
) -> PlainPost:
    """Return what the lines of one post are; at least one of them is not blank.

    Args:
        lines: all of them, in order.
        day_first: how ``03/04/2019`` is to be read.
        labelled: read labels above the text, such as ``Pays : France``.
    """
    release = find_release(lines, day_first=day_first)
    if release is None or not any(line.text for line in release.lines):
        return _sort_labelled(lines, day_first, labelled=labelled)
    post = _sort_labelled(release.lines, day_first, labelled=labelled)
    return replace(_without_subtitle(post, lines), release=release)


def _sort_labelled(lines: Sequence[Line], day_first: bool | None, *, labelled: bool) -> PlainPost:
    """Return a post without its labels, which keep their places as blank lines."""
    labels = find_labels(lines[_after_menus(lines) :], day_first) if labelled else Labels()
    bare = without_labels(lines, labels)
    if not labels.lines or not any(line.text for line in bare):
        return _sort_post(lines, day_first)
    start = _after_menus(lines)
    if labels.title:
        says, town, pieces = _sort_untitled(bare[start:], day_first, is_dated=bool(labels.date))
        return PlainPost(labels.title, says, town, pieces, labels=labels)
    if labels.date is None:
        return replace(_sort_post(bare, day_first), labels=labels)
    first = labels.lines[0].line.number - lines[0].number
    above, below = tuple(split_blocks(bare[start:first])), tuple(split_blocks(bare[first:]))
    title, others = _title_above(above)
    if not title and below:
        title, below = _first_title(below)
    return PlainPost(title, None, None, (*_pieces(others), *_pieces(below)), labels=labels)


def _sort_untitled(
    lines: Sequence[Line], day_first: bool | None, *, is_dated: bool
) -> tuple[DateLine | None, str | None, tuple[Piece, ...]]:
    """Return the date line, its town and the text of lines of which none is the title."""
    found = None if is_dated else _head_date(lines, day_first)
    if found is None:
        return None, None, _pieces(tuple(split_blocks(lines)))
    place, says, town = found
    above, below = split_blocks(lines[:place]), split_blocks(lines[place + 1 :])
    return says, town, _pieces((*above, *below))


def _without_subtitle(post: PlainPost, lines: Sequence[Line]) -> PlainPost:
    """Return a press release whose second headline, right under the first, is text."""
    width = max(len(line.raw.rstrip()) for line in lines)
    for place, (above, line) in enumerate(pairwise(post.title), start=1):
        if fits_behind(line, above, width) and not line.text[0].islower():
            pieces = (*_pieces((post.title[place:],)), *post.pieces)
            return replace(post, title=post.title[:place], pieces=pieces)
    return post


def _sort_post(lines: Sequence[Line], day_first: bool | None) -> PlainPost:
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
    return PlainPost(
        title, says, town, (*_pieces(others), *_pieces(glued, glued=True), *_pieces(rest))
    )


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
                others = [other.raw for other in lines if other.text and other is not line]
                if not is_one_of_many(line.raw, others, day_first=day_first):
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
    says = find_date_line(line.raw, day_first=day_first) or find_tied_date(
        line.raw, day_first=day_first
    )
    if says is not None:
        return says, None
    found = find_town_line(line.text, day_first=day_first)
    return (None, None) if found is None else (found.says, found.town)


def _title_above(blocks: tuple[Block, ...]) -> tuple[Block, tuple[Block, ...]]:
    """Return the title among the lines above the date, and the other lines."""
    for place, block in enumerate(blocks):
        paragraphs = join_wrapped(block)
        if parse_byline(paragraphs[0]) or is_navigation(paragraphs[0]):
            continue
        title = _above_byline(block) if len(paragraphs) == 1 else block[:1]
        others = (*blocks[:place], block[len(title) :], *blocks[place + 1 :])
        return title, tuple(other for other in others if other)
    return (), blocks


def _title_below(
    glued: tuple[Block, ...], rest: tuple[Block, ...]
) -> tuple[Block, tuple[Block, ...], tuple[Block, ...]]:
    """Return the title under the date of a file that starts with it, and what follows."""
    if glued and rest and may_head(glued[0]) and has_prose(rest):
        return glued[0], (), rest
    if glued and len(glued[0]) > 1 and not rest and _is_line_of_its_own(glued[0]):
        # No blank line stands anywhere: date, title and text.
        text = (glued[0][1:],)
        if has_prose(text):
            return glued[0][:1], (), text
    if not glued and rest and may_head(rest[0]) and has_prose(rest[1:]):
        return rest[0], (), rest[1:]
    return (), glued, rest


def _without_head_date(lines: Sequence[Line], day_first: bool | None) -> PlainPost:
    blocks = tuple(split_blocks(lines))
    says = None
    if len(blocks) > 1 and len(blocks[-1]) == 1:
        # Statements and letters carry their date at the end.
        says, town = _date_of(blocks[-1][0], day_first)
        if says is not None and says.date is not None:
            title, rest = _first_title(blocks[:-1])
            return PlainPost(title, says, town, _pieces(rest))
    title, rest = _first_title(blocks)
    return PlainPost(title, None, None, _pieces(rest))


def _first_title(blocks: tuple[Block, ...]) -> tuple[Block, tuple[Block, ...]]:
    """Return the title that a file without a date line starts with, and the rest."""
    first, rest = blocks[0], blocks[1:]
    if len(first) > 1 and _is_line_of_its_own(first):
        title, rest = first[:1], (first[1:], *rest)
    else:
        title = _above_byline(first)
        rest = (first[len(title) :], *rest) if len(title) < len(first) else rest
    text = " ".join(line.text for line in title)
    words = len(text.split())
    is_title = may_head(title) or (words <= _MAX_FULL_STOP_TITLE_WORDS and not _is_odd(text))
    if rest and is_title and words <= _MAX_TITLE_WORDS:
        return title, rest
    return (), blocks


def _above_byline(block: Block) -> Block:
    """Return the lines of ``block`` above one that names the author, or all of them."""
    for place, line in enumerate(block[1:], start=1):
        if not line.text[0].islower() and parse_byline(line.text) is not None:
            return block[:place]
    return block


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
