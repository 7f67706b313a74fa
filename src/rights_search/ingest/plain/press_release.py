"""The lines of a press release that are no part of its text.

"FOR IMMEDIATE RELEASE", an embargo, "###", the letterhead and blocks of addresses stand
around title, date and text, which are found as in any other plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rights_search.ingest.dates.finding import parse_date
from rights_search.ingest.dates.words import fold as fold_word
from rights_search.ingest.dates.words import is_preposition
from rights_search.ingest.lines import Block, Line, split_blocks
from rights_search.ingest.plain.letterhead import (
    ADDRESS,
    Letterhead,
    find_letterhead,
    is_address_only,
    letterhead_beside,
)
from rights_search.ingest.word_lists import read_word_lists
from rights_search.post import PartialDate

LETTERHEAD_NOTE = "its letterhead is no part of the text"
NOTE = "read as a press release: its banner, end mark and contact lines are no part of the text"

_DRAFT_NOTE = "it says that it is a draft, or not to be published"
_HEAD_LINES = 8
_MAX_BANNER_CHARS = 140
_HEADING_LINES = 3
_MAX_NUMBER_WORDS = 2
_MAX_CONTACT_LINES = 12
_MAX_CONTACT_CHARS = 120
_MAX_NAMES = 2
_PARTING = ("", ":", "–", "—", "-", "|")
_SIGNS = " \t:|*–—-_=/.,"
_BESIDE = " | "
_PARTS = re.compile(r"[:|*–—_=/,()\[\]]|\s-\s")
_VERSION = re.compile(r"(?:\A|\s+)(?:v|no)?\.?\s?\d{1,2}(?:\.\d{1,2}){0,2}\Z")


@dataclass(frozen=True, slots=True)
class Release:
    """The lines of a press release, sorted.

    Args:
        lines: all of them, blank where they are no text, so that their places hold.
        contacts: whom to ask, a text a block; the addresses of its letterhead among them.
        embargo: the date from which it may be published, where a line names one.
        organisation: whose letterhead stands above its banner.
        has_letterhead: whether one stands there, with a name or only an address.
        draft: the line by which it says that it is a draft, or not to be published.
    """

    lines: tuple[Line, ...]
    contacts: tuple[str, ...] = ()
    embargo: PartialDate | None = None
    organisation: str | None = None
    has_letterhead: bool = False
    draft: str | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out of the text, and what a reader should know before quoting it."""
        return (
            NOTE,
            *((LETTERHEAD_NOTE,) if self.has_letterhead else ()),
            *((f"{_DRAFT_NOTE}: {self.draft}",) if self.draft else ()),
        )


def find_release(lines: Sequence[Line], *, day_first: bool | None = None) -> Release | None:
    """Return a text's lines as those of a press release, or None if it is none.

    It is one if a banner stands at its head, or a mark such as ``###`` behind its text.
    """
    written = [line for line in lines if line.text]
    head, tail = written[:_HEAD_LINES], written[_HEADING_LINES:]
    draft = next((line for line in head if _is_draft(line.text)), None)
    banners = {line: banner for line in head if (banner := _banner(line.text)) is not None}
    if draft is not None:
        banners[draft] = ("", False)
    beside = {line: name for line in head if (name := _name_beside_banner(line.text)) is not None}
    banners |= {line: (name, False) for line, name in beside.items()}
    if not banners and not any(line.text in _words().marks for line in tail):
        return None
    kept = {line.number: line for line in lines}
    embargo = None
    for line, (rest, is_embargo) in banners.items():
        if is_embargo:
            embargo = embargo or parse_date(rest, origin="embargo line", day_first=day_first)
        kept[line.number] = _blank(line) if is_embargo else replace(line, raw=rest, text=rest)
    _blank_out(kept, (line for line in tail if _fold(line.text) in _words().ends))
    blocks = tuple(split_blocks(kept.values()))
    # Where no blank line stands anywhere, a contact need not begin a block.
    is_one = len(tuple(split_blocks(lines))) == 1
    contacts = list(_contacts(_one_by_one(blocks) if is_one else blocks))
    letterhead = Letterhead()
    if banners:
        inside = {line.number for block in contacts for line in block}
        labels = [line for line in head if line.number not in inside and _names_contact(line)]
        contacts = [*((line,) for line in labels), *contacts]
    _blank_out(kept, (line for block in contacts for line in block))
    if banners:
        # A stamp such as "DRAFT" may stand above the letterhead.
        marks = [line for line in banners if line is not draft] or [*banners]
        letterhead = find_letterhead(tuple(kept.values()), [line.number for line in marks])
        if not letterhead.lines:
            for line, name in beside.items():
                letterhead = letterhead_beside(kept.values(), line.number, name)
        _blank_out(kept, letterhead.lines)
    return Release(
        tuple(kept.values()),
        (*letterhead.addresses, *map(_joined, contacts)),
        embargo,
        letterhead.organisation,
        bool(letterhead.lines),
        None if draft is None else draft.text,
    )


def is_banner(text: str) -> bool:
    """Return whether a line opens with a banner, such as "PRESS RELEASE No. 12"."""
    return _banner(text) is not None


def sort_tail(texts: Sequence[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the places of the paragraphs that are text, and whom to ask.

    For the pages of a press release behind its first.
    """
    lines = [Line(place, text, text) for place, text in enumerate(texts)]
    kept = {line.number: line for line in lines if _fold(line.text) not in _words().ends}
    contacts = tuple(_contacts([(line,) for line in kept.values()]))
    for line in (line for block in contacts for line in block):
        del kept[line.number]
    return tuple(kept), tuple(map(_joined, contacts))


def _blank_out(kept: dict[int, Line], lines: Iterable[Line]) -> None:
    for line in lines:
        kept[line.number] = _blank(line)


def _one_by_one(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple((line,) for block in blocks for line in block)


def _joined(block: Block) -> str:
    return " ".join(line.text for line in block)


def _fold(text: str) -> str:
    """Return a text as it is compared: word processors write another apostrophe than we do."""
    return fold_word(text).replace("’", "'")


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
    bare = _fold(text).strip(_SIGNS)
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


def _name_beside_banner(text: str) -> str | None:
    """Return what stands before a banner on its line: "Example Office | PRESS RELEASE"."""
    name, sign, last = text.rpartition(_BESIDE)
    return name.strip() if sign and _banner(last) == ("", False) and _banner(name) is None else None


def _is_draft(text: str) -> bool:
    """Return whether a line says only that it is a draft: "DRAFT v2 – NOT FOR RELEASE"."""
    if len(text) > _MAX_BANNER_CHARS:
        return False
    words = _words()
    parts = {_VERSION.sub("", part.strip(_SIGNS)) for part in _PARTS.split(_fold(text))} - {""}
    others = parts - words.drafts
    return others < parts and all(
        part in words.beside_drafts or words.banner.fullmatch(part) for part in others
    )


def _contacts(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks that name whom to ask.

    In word processors a line is a paragraph: what a label such as "Media contact:" stands over
    goes as far as the last address, with a name or two before each.
    """
    place = 0
    while place < len(blocks):
        is_contact = _is_contact(blocks[place])
        end = place + 1
        if is_contact or _is_contact_label(blocks[place]):
            end = _end_of_addresses(blocks, end)
        if is_contact or end > place + 1:
            yield from blocks[place:end]
        place = end


def _end_of_addresses(blocks: Sequence[Block], start: int) -> int:
    """Return the place behind the last of the addresses that stand under a label."""
    end, names = start, 0
    for place, block in enumerate(blocks[start : start + _MAX_CONTACT_LINES], start=start):
        if any(len(line.text) > _MAX_CONTACT_CHARS for line in block):
            break
        if all(map(_has_address, block)):
            end, names = place + 1, 0
            continue
        names += len(block)
        if names > _MAX_NAMES:
            break
    return end


def _is_contact(block: Block) -> bool:
    """Return whether a block names whom to ask: by its first words, and with an address."""
    if len(block) > _MAX_CONTACT_LINES:
        return False
    has_address = any(ADDRESS.search(line.text) for line in block)
    opens = _words().contact.match(_fold(block[0].text).lstrip(_SIGNS)) is not None
    return has_address and (opens or all(ADDRESS.search(line.text) for line in block))


def _is_contact_label(block: Block) -> bool:
    """Return whether a block is one line that announces addresses: "Please contact:"."""
    text = _fold(block[0].text).lstrip(_SIGNS)
    found = _words().contact.match(text)
    is_label = found is not None and (text.endswith(":") or found.end() == len(text))
    return len(block) == 1 and len(text) <= _MAX_CONTACT_CHARS and is_label


def _has_address(line: Line) -> bool:
    return ADDRESS.search(line.text) is not None or is_address_only(line.text)


def _names_contact(line: Line) -> bool:
    """Return whether a line is "Contact: Ada Example", which needs no address under a banner."""
    name, colon, _ = _fold(line.text).lstrip(_SIGNS).partition(":")
    return bool(colon) and _words().contact.fullmatch(name.strip(_SIGNS)) is not None


@dataclass(frozen=True, slots=True)
class _Words:
    banner: re.Pattern[str]
    embargo: re.Pattern[str]
    contact: re.Pattern[str]
    drafts: frozenset[str]
    beside_drafts: frozenset[str]
    marks: frozenset[str]
    ends: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    lists = read_word_lists("release_words.json")
    return _Words(
        banner=_opening(lists.every("banners")),
        embargo=_opening(lists.every("embargoes")),
        contact=_opening(lists.every("contacts")),
        drafts=frozenset(map(_fold, lists.every("drafts"))),
        beside_drafts=frozenset(map(_fold, lists.every("draft_words"))),
        marks=frozenset(lists.data["marks"]),
        ends=frozenset(map(_fold, [*lists.data["marks"], *lists.every("ends")])),
    )


def _opening(names: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(set(map(_fold, names)), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, ordered))})(?!\w)")
