"""Cut a listing page whose dates stand behind the posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from statistics import median_low

from rights_search.ingest.lines import Block, Line, join, split_blocks
from rights_search.ingest.listing.marks import Mark
from rights_search.ingest.listing.page import Entry, Page
from rights_search.ingest.page_words import ends_with_full_stop, is_list_item, is_navigation
from rights_search.ingest.post_parts import may_head

_MAX_LABEL_WORDS = 16
_MAX_TITLE_WORDS = 60
_TITLE_SHARE = 0.6

_Card = tuple[str, tuple[Block, ...]]
"""The labels and the text of one entry."""


def trail_page(lines: Sequence[Line], marks: Sequence[Mark]) -> Page:
    """Return the page that ``lines`` are, each entry from the last date to its own."""
    indent = _usual_indent(lines, marks)
    regions = _regions(lines, marks)
    usual = median_low([len(blocks) for _, blocks in regions[1:]] or [2])
    head: tuple[Block, ...] = ()
    entries: list[Entry] = []
    for mark, region in zip(marks, regions, strict=True):
        cards = _cards(*region, indent)
        if not entries:
            head, cards = _without_head(cards, usual)
        found = [Entry(None, blocks=blocks, labels=labels) for labels, blocks in cards]
        entries += [*found[:-1], replace(found[-1], mark=mark)]
    return Page("trail", head, _with_titles(entries))


def _usual_indent(lines: Sequence[Line], marks: Sequence[Mark]) -> int:
    """Return how far the text between the dates, or before a single one, is set in."""
    first, last = marks[0].line, marks[-1].line
    within = lines[first.number : last.number] if first is not last else lines[: last.number]
    counts = Counter(line.indent for line in within if line.text and not is_list_item(line.text))
    return max(last.indent, counts.most_common(1)[0][0])


def _regions(lines: Sequence[Line], marks: Sequence[Mark]) -> list[_Card]:
    """Return the text above each date up to the date before, and the labels beside that one."""
    regions: list[_Card] = []
    start, labels = 0, ""
    for mark in marks:
        # What stands beside a date is the head of the next post, and may be wrapped.
        while labels and lines[start].text and start < mark.line.number - 1:
            labels = join(labels, lines[start].text)
            start += 1
        regions.append((labels, tuple(split_blocks(lines[start : mark.line.number - 1]))))
        start, labels = mark.line.number, mark.says.rest
    return regions


def _cards(labels: str, blocks: tuple[Block, ...], indent: int) -> list[_Card]:
    """Return the entries in the text between two dates: those without a date come first.

    An undated entry shows by the next one's labels, which the dump glues under its
    text, set in.
    """
    cards: list[_Card] = []
    text: list[Block] = []
    for block in blocks:
        tail = _label_tail(block, indent) if block is not blocks[-1] else ()
        if len(tail) < len(block):
            text.append(block[: len(block) - len(tail)])
        if tail:
            cards.append((labels, tuple(text)))
            labels, text = reduce(join, (line.text for line in tail)), []
    return [*cards, (labels, tuple(text))]


def _label_tail(block: Block, indent: int) -> Block:
    """Return the lines at the end of ``block`` that are the labels of the next entry."""
    start = next((place for place, line in enumerate(block) if line.indent > indent), len(block))
    tail = block[start:]
    if not tail or is_list_item(tail[0].text) or ends_with_full_stop(tail[-1].text):
        return ()
    return tail if sum(len(line.text.split()) for line in tail) <= _MAX_LABEL_WORDS else ()


def _without_head(cards: list[_Card], usual: int) -> tuple[tuple[Block, ...], list[_Card]]:
    """Part what stands before a page's first entry from the entries before its first date."""
    if len(cards) > 1:
        return cards[0][1], cards[1:]
    labels, blocks = cards[0]
    own = _own_blocks(blocks, usual)
    return blocks[: len(blocks) - own], [(labels, blocks[len(blocks) - own :])]


def _own_blocks(blocks: tuple[Block, ...], usual: int) -> int:
    """Return how many blocks before the first date can be the first post's own."""
    count = 0
    for block in reversed(blocks[-usual:]):
        if count and (is_navigation(block[-1].text) or is_list_item(block[-1].text)):
            break
        count += 1
    return count


def _with_titles(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Take the first block of each entry as its title, if most of them look like one."""
    able = [entry for entry in entries if len(entry.blocks) > 1]
    if sum(may_head(entry.blocks[0]) for entry in able) < _TITLE_SHARE * len(able):
        return tuple(entries)
    return tuple(
        replace(entry, title=entry.blocks[0], blocks=entry.blocks[1:])
        if len(entry.blocks) > 1 and _is_short(entry.blocks[0])
        else entry
        for entry in entries
    )


def _is_short(block: Block) -> bool:
    return sum(len(line.text.split()) for line in block) <= _MAX_TITLE_WORDS
