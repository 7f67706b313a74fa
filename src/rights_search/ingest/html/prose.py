"""Which pieces of an article's element are its text.

Lists of links, headings over nothing, and the short lines at its head and its foot
are what a page adds: its date, its section, its tags, what to read next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rights_search.ingest.html.dom import CAPTIONS, HEADINGS, Piece
from rights_search.ingest.page_words import ends_sentence

LONG_CHARS = 80
"""A piece with so many characters outside of links is text for certain."""


def text_pieces(found: Sequence[Piece]) -> list[Piece]:
    """Return the pieces that are text, in order; captions are none.

    Args:
        found: what stands in the article's element; if some of it is its core, the
            rest is text only where it leads up to it.
    """
    found = [piece for piece in found if piece.tag not in CAPTIONS]
    text = _with_leads(found) if any(piece.is_core for piece in found) else found
    text = list(_without_links(text))
    text = _without_repeats(text)
    text = _without_head(text)
    return _without_foot(text)


def is_long(piece: Piece) -> bool:
    """Say whether a piece is text for certain."""
    return len(piece.text) - piece.link_chars >= LONG_CHARS


def is_link(piece: Piece) -> bool:
    """Say whether a piece is a link and hardly anything else."""
    return piece.link_chars >= _LINK_SHARE * len(piece.text)


_LINK_SHARE = 0.8
_MIN_LEAD_CHARS = 60
_MAX_LEADS = 2
_MIN_HEAD_CHARS = 40
_MAX_FOOT_CHARS = 60


def _with_leads(found: Sequence[Piece]) -> list[Piece]:
    """Return the core with the summary above it."""
    first = next(place for place, piece in enumerate(found) if piece.is_core)
    title = max((place for place in range(first) if found[place].tag == "h1"), default=-1)
    leads = [piece for piece in found[title + 1 : first] if _is_lead(piece)]
    return [*leads[-_MAX_LEADS:], *(piece for piece in found if piece.is_core)]


def _is_lead(piece: Piece) -> bool:
    own = len(piece.text) - piece.link_chars
    if piece.tag in ("h1", "li") or own < _MIN_LEAD_CHARS or is_link(piece):
        return False
    return own > 2 * LONG_CHARS or ends_sentence(piece.text)


def _without_links(text: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces that are no links, and the headings that stand over some text."""
    waiting: Piece | None = None
    has_links = False
    for piece in text:
        if piece.tag in HEADINGS:
            if waiting is not None and not has_links:
                yield waiting
            waiting, has_links = (None if is_link(piece) else piece), False
        elif is_link(piece):
            has_links = True
        else:
            if waiting is not None:
                yield waiting
                waiting = None
            yield piece
    if waiting is not None and not has_links:
        yield waiting


def _without_repeats(text: Sequence[Piece]) -> list[Piece]:
    """Leave out long pieces that stand there already: pages repeat text for small screens."""
    seen: set[str] = set()
    kept = []
    for piece in text:
        if len(piece.text) >= LONG_CHARS and piece.text in seen:
            continue
        seen.add(piece.text)
        kept.append(piece)
    return kept


def _without_head(text: list[Piece]) -> list[Piece]:
    first = next((place for place, piece in enumerate(text) if is_long(piece)), None)
    if first is None:
        return text
    return [piece for piece in text[:first] if _may_head(piece)] + text[first:]


def _may_head(piece: Piece) -> bool:
    if piece.tag in HEADINGS:
        return piece.tag != "h1"
    return len(piece.text) >= _MIN_HEAD_CHARS or ends_sentence(piece.text)


def _without_foot(text: list[Piece]) -> list[Piece]:
    end = len(text)
    while end > 1 and _is_foot(text[end - 1]):
        end -= 1
    return text[:end]


def _is_foot(piece: Piece) -> bool:
    if piece.tag in HEADINGS:
        return True
    return piece.tag != "li" and len(piece.text) < _MAX_FOOT_CHARS and not ends_sentence(piece.text)
