"""Posts like a given one, as people and programs read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rights_search.cli import labels
from rights_search.cli.blocks import BLANK, Block, Line, Run, line
from rights_search.cli.terminal import Glyphs
from rights_search.cli.views.results import INDENT, heading
from rights_search.post import Post
from rights_search.result_records import to_dict
from rights_search.search.similar import Similar

MAX_WORDS = 10


def similar_view(post: Post, found: Sequence[Similar], glyphs: Glyphs) -> Iterator[Block]:
    """Yield the posts that are like ``post``, each with the words that both have."""
    title = f"{glyphs.opening}{post.title}{glyphs.closing}"
    yield line(f"{'Like' if found else 'No post is like'} {title}", "label", hang=2)
    for each in found:
        yield BLANK
        yield from heading(each.rank, each.post, (), glyphs)
        words = labels.shortened(each.words, MAX_WORDS, glyphs)
        yield Line((Run("shares: ", "dim"), Run(words)), indent=INDENT, hang=2)


def similar_record(post: Post, found: Sequence[Similar]) -> dict[str, Any]:
    """Return the answer as JSON values."""
    return {"id": post.id, "similar": [to_dict(each) for each in found]}
