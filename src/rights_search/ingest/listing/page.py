"""What the plain-text dump of a listing page is cut into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rights_search.ingest.lines import Block
from rights_search.ingest.listing.marks import Mark

Layout = Literal["lead", "trail"]


@dataclass(frozen=True, slots=True)
class Entry:
    """The lines of one post of a page.

    Args:
        mark: its date line, or None for an entry without a date.
        glued: the lines right under the date line of a page whose dates lead.
        blocks: the other text, in order.
        labels: what the page prints beside the date or above the title.
        title: the title, where the page's layout shows which line it is.
    """

    mark: Mark | None
    glued: Block = ()
    blocks: tuple[Block, ...] = ()
    labels: str = ""
    title: Block = ()

    @property
    def lines(self) -> Block:
        """Return every line of the entry, in the order of the page."""
        mark = (self.mark.line,) if self.mark else ()
        found = (
            *self.title,
            *mark,
            *self.glued,
            *(line for block in self.blocks for line in block),
        )
        return tuple(sorted(found, key=lambda line: line.number))


@dataclass(frozen=True, slots=True)
class Page:
    """A listing page taken apart.

    Args:
        layout: where the dates stand: ``lead`` or ``trail`` the posts.
        head: the blocks before the first entry: navigation and the heading.
        entries: the posts, in order.
    """

    layout: Layout
    head: tuple[Block, ...]
    entries: tuple[Entry, ...]
