"""The lines of a press release that are no part of its text.

"FOR IMMEDIATE RELEASE", an embargo, "###" and blocks of addresses stand around
title, date and text, which are found as in any other plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rights_search.ingest.dates.finding import parse_date
from rights_search.ingest.dates.words import fold, is_preposition
from rights_search.ingest.lines import Block, Line, split_blocks
from rights_search.ingest.word_lists import read_word_lists
from rights_search.post import PartialDate

NOTE = "read as a press release: its banner, end mark and contact lines are no part of the text"

_HEAD_LINES = 8
_MAX_BANNER_CHARS = 140
_HEADING_LINES = 3
_MAX_NUMBER_WORDS = 2
_MAX_CONTACT_LINES = 12
_PARTING = ("", ":", "–", "—", "-", "|")
_SIGNS = " \t:|*–—-_=/.,"
_ADDRESS = re.compile(
    r"[\w.+-]+@[\w-]+\.\w|(?:\+|\(0|\b00|\b0)[\d ()./-]{6,}\d|\b(?:tel|phone|tél|fax|тел)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Release:
    """The lines of a press release, sorted.

    Args:
        lines: all of them, blank where they are no text, so that their places hold.
        contacts: whom to ask, a text a block.
        embargo: the date from which it may be published, where a line names one.
    """

    lines: tuple[Line, ...]
    contacts: tuple[str, ...] = ()
    embargo: PartialDate | None = None


def find_release(lines: Sequence[Line], *, day_first: bool | None = None) -> Release | None:
    """Return a text's lines as those of a press release, or None if it is none.

    It is one if a banner stands at its head, or a mark such as ``###`` behind its text.
    """
    head = [line for line in lines if line.text][:_HEAD_LINES]
    banners = {line: banner for line in head if (banner := _banner(line.text)) is not None}
    tail = [line for line in lines if line.text][_HEADING_LINES:]
    if not banners and not any(line.text in _words().marks for line in tail):
        return None
    kept = {line.number: line for line in lines}
    embargo = None
    for line, (rest, is_embargo) in banners.items():
        if is_embargo:
            embargo = embargo or parse_date(rest, origin="embargo line", day_first=day_first)
        kept[line.number] = _blank(line) if is_embargo else replace(line, raw=rest, text=rest)
    ends = [line for line in tail if fold(line.text) in _words().ends]
    kept |= {line.number: _blank(line) for line in ends}
    contacts = [block for block in split_blocks(kept.values()) if _is_contact(block)]
    if banners:
        inside = {line.number for block in contacts for line in block}
        labels = [line for line in head if line.number not in inside and _names_contact(line)]
        contacts = [*((line,) for line in labels), *contacts]
    kept |= {line.number: _blank(line) for block in contacts for line in block}
    texts = tuple(" ".join(line.text for line in block) for block in contacts)
    return Release(tuple(kept.values()), texts, embargo)


def _blank(line: Line) -> Line:
    return replace(line, raw="", text="")


def _banner(text: str) -> tuple[str, bool] | None:
    """Return what stands behind the banner of a line, and whether it is an embargo.

    A sign parts a title from a banner ("Press release: …"); a date and a number need
    none. What else goes on is a sentence about press releases.
    """
    if len(text) > _MAX_BANNER_CHARS:
        return None
    words = _words()
    bare = fold(text).strip(_SIGNS)
    found = words.embargo.match(bare) or words.banner.match(bare)
    if found is None:
        return None
    is_embargo = found.re is words.embargo
    # Folding changes the length of a text, and never its number of words.
    rest = " ".join(text.strip(_SIGNS).split()[len(found[0].split()) :]).strip(_SIGNS)
    if is_embargo or bare[found.end() :].lstrip()[:1] in _PARTING:
        return rest, is_embargo
    if parse_date(rest):
        first, _, others = rest.partition(" ")
        return (others if is_preposition(first) else rest), False
    is_number = any(char.isdigit() for char in rest) and len(rest.split()) <= _MAX_NUMBER_WORDS
    return ("", False) if is_number else None


def _is_contact(block: Block) -> bool:
    """Return whether a block names whom to ask: by its first words, and with an address."""
    if len(block) > _MAX_CONTACT_LINES:
        return False
    has_address = any(_ADDRESS.search(line.text) for line in block)
    opens = _words().contact.match(fold(block[0].text).lstrip(_SIGNS)) is not None
    return has_address and (opens or all(_ADDRESS.search(line.text) for line in block))


def _names_contact(line: Line) -> bool:
    """Return whether a line is "Contact: Ada Example", which needs no address under a banner."""
    name, colon, _ = fold(line.text).lstrip(_SIGNS).partition(":")
    return bool(colon) and _words().contact.fullmatch(name.strip(_SIGNS)) is not None


@dataclass(frozen=True, slots=True)
class _Words:
    banner: re.Pattern[str]
    embargo: re.Pattern[str]
    contact: re.Pattern[str]
    marks: frozenset[str]
    ends: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    lists = read_word_lists("release_words.json")
    return _Words(
        banner=_opening(lists.every("banners")),
        embargo=_opening(lists.every("embargoes")),
        contact=_opening(lists.every("contacts")),
        marks=frozenset(lists.data["marks"]),
        ends=frozenset(map(fold, [*lists.data["marks"], *lists.every("ends")])),
    )


def _opening(names: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(set(map(fold, names)), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, ordered))})(?!\w)")
