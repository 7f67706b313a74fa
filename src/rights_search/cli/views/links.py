"""What a post has to do with others, as people read it."""

from __future__ import annotations

from collections.abc import Iterator

from rights_search.cli import labels
from rights_search.cli.blocks import BLANK, Block, Line, Run, joined, line
from rights_search.cli.terminal import Glyphs
from rights_search.results import Copies, Copy, Follow, Hit, Related

INDENT = 2
MAX_IN_LINE = 3
"""Copies that are named under a hit; of the others it gives the number."""


def hit_links(hit: Hit, glyphs: Glyphs, *, indent: int) -> Iterator[Line]:
    """Yield a line on the copies of a hit and one on what it follows, where there are any."""
    if hit.copies is not None:
        yield _hit_copies(hit, hit.copies, glyphs, indent)
    if hit.follows is not None:
        parts = joined(_follow(hit.follows), glyphs.dot)
        yield Line((Run("follows: ", "dim"), *parts), indent=indent, hang=2)


def related_view(related: Related, glyphs: Glyphs) -> Iterator[Block]:
    """Yield the copies of a post and its place in a thread."""
    if related.copies is not None:
        yield from _copies(related.copies, glyphs)
    follows = (related.follows,) if related.follows else ()
    for title, links in (("Follows", follows), ("Followed by", related.followed_by)):
        if links:
            yield BLANK
            yield line(title, "label")
        for link in links:
            words = f"{glyphs.opening}{link.words}{glyphs.closing}, " if link.words else ""
            why = Run(f"{words}{link.rule}", "dim")
            yield Line(joined((*_follow(link), why), glyphs.dot), indent=INDENT, hang=2)


def _hit_copies(hit: Hit, copies: Copies, glyphs: Glyphs, indent: int) -> Line:
    """Return ``and 2 near-copies: …`` under an original, ``near-copy of …`` under a copy."""
    is_original = copies.original == hit.post.id
    if is_original:
        start = f"and {labels.counted(copies.count, *_kind(copies))}: "
        shown = copies.others[:MAX_IN_LINE]
    else:
        start = f"{_kind(copies)[0]} of "
        shown = copies.others[:1]
    runs = [Run(start, "dim")]
    for copy in shown:
        runs += [] if copy is shown[0] else [Run("; ", "dim")]
        is_elsewhere = copy.source not in {None, hit.post.source}
        place = copy.source if is_elsewhere and copy.source else copy.place
        runs += joined((Run(place), *_date_and_id(copy)), glyphs.dot)
    if copies.count > len(shown):
        runs.append(Run(f" {glyphs.ellipsis} +{copies.count - len(shown):,}", "dim"))
    return Line(tuple(runs), indent=indent, hang=2)


def _copies(copies: Copies, glyphs: Glyphs) -> Iterator[Line]:
    yield BLANK
    yield line(_kind(copies)[1].capitalize(), "label")
    if copies.similarity < 1:
        share = _percent(copies.similarity)
        yield line(f"this post has {share} of its text in common with the original", indent=INDENT)
    for copy in copies.others:
        is_original = copy.id == copies.original
        note = "original" if is_original else _percent(copy.similarity)
        parts = (Run(copy.source or ""), Run(copy.place), *_date_and_id(copy), Run(note, "dim"))
        yield Line(joined(parts, glyphs.dot), indent=INDENT, hang=2)
    if copies.count > len(copies.others):
        yield line(f"+{copies.count - len(copies.others):,} more", "dim", indent=INDENT)


def _kind(copies: Copies) -> tuple[str, str]:
    """Return what to call one and several of the copies."""
    likeness = min(copies.similarity, *(copy.similarity for copy in copies.others))
    return ("near-copy", "near-copies") if likeness < 1 else ("copy", "copies")


def _percent(similarity: float) -> str:
    # Rounded down: what is not the same text is never 100 %.
    return f"{int(similarity * 1000) // 10} %" if similarity < 1 else "the same text"


def _date_and_id(copy: Copy) -> tuple[Run, Run]:
    return Run(labels.date(copy.date)), Run(copy.id, "dim")


def _follow(link: Follow) -> tuple[Run, ...]:
    return Run(labels.date(link.date)), Run(link.title), Run(link.id, "dim")
