"""Sort the pieces of one plain-text post: byline, captions, calls to action, body."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rights_search.ingest.bylines import Byline, is_by_phrase, parse_byline
from rights_search.ingest.dates.finding import find_date_line
from rights_search.ingest.lines import Block, join_wrapped
from rights_search.ingest.page_words import (
    ends_sentence,
    is_call,
    is_caption_like,
    is_credit,
    is_navigation,
    is_prose,
    is_title_like,
)
from rights_search.post import PartialDate


@dataclass(frozen=True, slots=True)
class Piece:
    """One paragraph of a post's text, before it is known what it is.

    Args:
        text: on one line, white space normalised.
        glued: True where it stands right under the date line.
    """

    text: str
    glued: bool = False


@dataclass(slots=True)
class Parts:
    """What a post is made of, in the order of its source."""

    byline: Byline | None = None
    updated: PartialDate | None = None
    updated_by: Byline | None = None
    body: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)


def sort_pieces(
    pieces: Sequence[Piece], *, day_first: bool | None = None, ends_in_captions: bool = True
) -> Parts:
    """Return what ``pieces`` are, navigation left out.

    A line glued under the date line and without a sentence's end is a caption; a
    post without any other text keeps its captions as its body.

    Args:
        pieces: the text of one post, in order.
        day_first: how ``03/04/2019`` is to be read in a "last updated" line.
        ends_in_captions: take the paragraphs without a sentence's end that end a
            post for captions, as in dumps of pages; elsewhere they sign it.
    """
    parts = Parts()
    for place, piece in enumerate(pieces):
        _sort(piece, parts, is_last=place == len(pieces) - 1, day_first=day_first)
    if ends_in_captions:
        parts.captions += _cut_trailing_captions(parts.body)
    if not parts.body:
        parts.body, parts.captions = parts.captions, []
    parts.byline = parts.byline or parts.updated_by
    return parts


def _sort(piece: Piece, parts: Parts, *, is_last: bool, day_first: bool | None) -> None:
    text = piece.text
    if is_call(text, behind_text=bool(parts.body)):
        parts.calls.append(text)
        return
    if is_navigation(text) or _take_update(text, parts, day_first):
        return
    if _take_byline(piece, parts, is_last=is_last):
        return
    if is_credit(text) or (piece.glued and not ends_sentence(text) and is_caption_like(text)):
        parts.captions.append(text)
    else:
        parts.body.append(text)


def _take_update(text: str, parts: Parts, day_first: bool | None) -> bool:
    line = find_date_line(text, day_first=day_first)
    if line is None or line.date is not None or parts.updated is not None:
        return False
    parts.updated = line.updated
    parts.updated_by = parse_byline(line.byline) if line.byline else None
    # What else it says is kept as the text that it is.
    return not line.rest and (not line.byline or parts.updated_by is not None)


def _take_byline(piece: Piece, parts: Parts, *, is_last: bool) -> bool:
    if parts.byline is not None:
        return False
    may_stand_here = not parts.body or (is_last and is_by_phrase(piece.text))
    parts.byline = parse_byline(piece.text, strict=piece.glued) if may_stand_here else None
    return parts.byline is not None


def _cut_trailing_captions(body: list[str]) -> list[str]:
    """Take the captions off the end of ``body`` and return them; never all of it."""
    start = len(body)
    while start > 1 and is_caption_like(body[start - 1]):
        start -= 1
    if body and body[start - 1].endswith(":"):
        return []  # a list that the text announces
    captions = body[start:]
    del body[start:]
    return captions


def may_head(block: Block) -> bool:
    """Return whether ``block`` looks like a title."""
    paragraphs = join_wrapped(block)
    return (
        len(paragraphs) == 1
        and is_title_like(paragraphs[0])
        and parse_byline(paragraphs[0]) is None
    )


def has_prose(blocks: Iterable[Block]) -> bool:
    """Return whether there is a sentence in ``blocks``."""
    return any(is_prose(text) for block in blocks for text in join_wrapped(block))
