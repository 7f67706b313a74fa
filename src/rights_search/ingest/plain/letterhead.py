"""The letterhead of a press release: the lines above its banner that say who publishes it.

Its first line would else be taken for the title, and its address for text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rights_search.ingest.dates.finding import find_date_line
from rights_search.ingest.dates.towns import find_town_line
from rights_search.ingest.lines import Block, Line, split_blocks
from rights_search.ingest.page_words import ends_sentence
from rights_search.ingest.post_parts import has_prose, may_head

ADDRESS = re.compile(
    r"[\w.+-]+@[\w-]+\.\w|(?:\+|\(0|\b00|\b0)[\d ()./-]{6,}\d|\b(?:tel|phone|tél|fax|тел)\b",
    re.IGNORECASE,
)
"""An e-mail address or a telephone number."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a letterhead says.

    Args:
        lines: those that it stands in.
        organisation: its first line, where that is a name.
        addresses: its other lines.
    """

    lines: tuple[Line, ...] = ()
    organisation: str | None = None
    addresses: tuple[str, ...] = ()


def find_letterhead(lines: Sequence[Line], banners: Sequence[int]) -> Letterhead:
    """Return the letterhead above the banners of a press release, or an empty one.

    A title may stand above a banner too. So what is above is a letterhead only if there is
    another line behind the last banner that can be the title, with a text under it.

    Args:
        lines: all lines of the text; banners, contacts and end marks are blank already, but for
            what else stood on them.
        banners: the numbers of the lines that the banners stood on.
    """
    heads = [line for line in lines if line.number < min(banners) and line.text]
    above = [line for line in heads if not _is_date_line(line)]
    if not 0 < len(above) <= _MAX_LINES or any(ends_sentence(line.text) for line in above):
        return Letterhead()
    name, *others = (line.text for line in above)
    if not _has_title_below(lines, max(banners)):
        return Letterhead()
    if _is_place(name):
        # On a page of a PDF name and address are one paragraph.
        return Letterhead(tuple(above), None, (name, *others))
    if not _is_name(name) or (len(others) > 1 and not any(map(_is_place, others))):
        return Letterhead()
    return Letterhead(tuple(above), name, tuple(others))


def letterhead_beside(lines: Iterable[Line], banner: int, name: str) -> Letterhead:
    """Return the letterhead that a name on the line of a banner is, or an empty one.

    On a page of the web it is the title that stands there, and there is none below.

    Args:
        lines: all lines of the text, the name alone on that of the banner.
        banner: the number of that line.
        name: what stands beside the banner.
    """
    lines = tuple(lines)
    below = [line for line in lines if line.number > banner]
    if not _is_name(name) or not _has_title_below(below, banner):
        return Letterhead()
    return Letterhead(tuple(line for line in lines if line.number == banner), name)


def is_address_only(text: str) -> bool:
    """Return whether a line is the address of a page and nothing else."""
    return _PAGE.fullmatch(text) is not None


_MAX_LINES = 6
_MAX_NAME_WORDS = 10
_MAX_CASELESS_WORDS = 6
_MAX_LINK_CHARS = 3
_PAGE = re.compile(r"\W*(?:https?://|www\.)\S+\W*", re.IGNORECASE)


def _has_title_below(lines: Sequence[Line], banner: int) -> bool:
    below = tuple(split_blocks(line for line in lines if line.number >= banner))
    undated = [block for block in below if not _is_date(block)]
    if not undated:
        return False
    first, rest = undated[0], undated[1:]
    # Where no blank line stands below it, the title is the first line of its block.
    if len(first) > 1 and not may_head(first):
        first, rest = first[:1], [first[1:], *rest]
    return may_head(first) and has_prose(rest)


def _is_date(block: Block) -> bool:
    return len(block) == 1 and _is_date_line(block[0])


def _is_date_line(line: Line) -> bool:
    return find_date_line(line.raw) is not None or find_town_line(line.raw) is not None


def _is_place(text: str) -> bool:
    """Return whether a line may be an address: a house has a number."""
    is_house = "," in text and ":" not in text and any(map(str.isdigit, text))
    return is_house or ADDRESS.search(text) is not None or is_address_only(text)


def _is_name(text: str) -> bool:
    """Return whether a line may be the name of an organisation, and is no headline."""
    words = text.split()
    if len(words) > _MAX_NAME_WORDS or ":" in text or text[-1] in "!?":
        return False
    if not any(char.isupper() or char.islower() for char in text):
        return len(words) <= _MAX_CASELESS_WORDS
    # Some languages write only the first word of a name with a capital.
    is_titled = all(not word[0].islower() for word in words if len(word) > _MAX_LINK_CHARS)
    return is_titled or len(words) <= _MAX_NAME_WORDS // 2
