"""Cut a listing page whose dates stand before the posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rights_search.ingest.lines import Block, Line, join_wrapped, split_blocks
from rights_search.ingest.listing.marks import Mark
from rights_search.ingest.listing.page import Entry, Page
from rights_search.ingest.page_words import is_list_item, is_navigation
from rights_search.ingest.post_parts import has_prose, may_head

_FEW_DATES = 3
_MIN_TITLE_WORDS = 3
_MENU_LINES = 3
_MAX_MENU_WORDS = 6
_TITLE_SHARE = 0.6
_GLUED_TITLE_SHARE = 0.8


def lead_page(lines: Sequence[Line], marks: Sequence[Mark]) -> Page:
    """Return the page that ``lines`` are, each entry from its date line to the next."""
    stops = [mark.line.number - 1 for mark in marks[1:]] + [len(lines)]
    head = lines[: marks[0].line.number - 1]
    entries: list[Entry] = []
    for mark, stop in zip(marks, stops, strict=True):
        within = lines[mark.line.number : stop]
        blocks = tuple(split_blocks(within))
        is_glued = bool(blocks) and blocks[0][0].number == mark.line.number + 1
        glued = blocks[0] if is_glued else ()
        entries.append(Entry(mark, glued, blocks[1:] if is_glued else blocks, mark.says.rest))
    entries[-1] = replace(entries[-1], blocks=_without_footer(entries[-1].blocks))
    return _with_titles(Page("lead", tuple(split_blocks(head)), tuple(entries)))


def _without_footer(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return ``blocks`` up to the menus and the small print at the foot of a page."""
    for place, block in enumerate(blocks[1:], start=1):
        announced = blocks[place - 1][-1].text.endswith(":")
        if is_navigation(block[0].text) or (_is_menu(block) and not announced):
            return blocks[:place]
    return blocks


def _is_menu(block: Block) -> bool:
    return len(block) >= _MENU_LINES and all(
        is_list_item(line.text) and len(line.text.split()) <= _MAX_MENU_WORDS for line in block
    )


def _with_titles(page: Page) -> Page:
    """Move the titles of a page whose dates lead to where they belong, if it has titles.

    One title proves nothing: it is the habit of the page that tells a title above
    the date from the end of the last post, and one under it from a caption.
    """
    if _titles_stand_above(page):
        return _titles_from_above(page)
    return replace(page, entries=_titles_from_below(page.entries))


def _titles_stand_above(page: Page) -> bool:
    titles = [_title_at_end(entry.blocks) for entry in page.entries[:-1]]
    if len(titles) >= _FEW_DATES:
        return sum(map(bool, titles)) >= _TITLE_SHARE * len(titles)
    if not titles or not all(titles):
        return False
    marks = [entry.mark for entry in page.entries[1:]]
    glued = (
        mark is not None and title[-1].number + 1 == mark.line.number
        for title, mark in zip(titles, marks, strict=True)
    )
    # With few posts more must speak for it: a page's own heading is a word or two.
    first = " ".join(line.text for line in _title_at_end(page.head))
    return all(glued) or len(first.split()) >= _MIN_TITLE_WORDS


def _title_at_end(blocks: tuple[Block, ...]) -> Block:
    """Return the lines at the end of ``blocks`` that look like the next post's title."""
    if not blocks:
        return ()
    last = blocks[-1]
    title = last if len(join_wrapped(last)) == 1 else last[-1:]
    return title if may_head(title) else ()


def _titles_from_above(page: Page) -> Page:
    title = _title_at_end(page.head)
    head = _without(page.head, title)
    entries: list[Entry] = []
    for entry in page.entries[:-1]:
        following = _title_at_end(entry.blocks)
        blocks = _without(entry.blocks, following)
        entries.append(replace(entry, title=title, blocks=blocks))
        title = following
    entries.append(replace(page.entries[-1], title=title))
    return Page(page.layout, head, tuple(entries))


def _without(blocks: tuple[Block, ...], cut: Block) -> tuple[Block, ...]:
    numbers = {line.number for line in cut}
    kept = (tuple(line for line in block if line.number not in numbers) for block in blocks)
    return tuple(block for block in kept if block)


def _titles_from_below(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    glued = [bool(entry.glued) and _heads(entry.glued, entry.blocks) for entry in entries]
    if len(entries) >= _FEW_DATES and sum(glued) >= _GLUED_TITLE_SHARE * len(entries):
        return tuple(
            replace(entry, title=entry.glued, glued=()) if has_title else entry
            for entry, has_title in zip(entries, glued, strict=True)
        )
    first = [bool(entry.blocks) and _heads(entry.blocks[0], entry.blocks[1:]) for entry in entries]
    if len(entries) > 1 and sum(first) >= _TITLE_SHARE * len(entries):
        return tuple(
            replace(entry, title=entry.blocks[0], blocks=entry.blocks[1:]) if has_title else entry
            for entry, has_title in zip(entries, first, strict=True)
        )
    return entries


def _heads(block: Block, rest: tuple[Block, ...]) -> bool:
    return may_head(block) and has_prose(rest)
