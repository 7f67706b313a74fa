"""Taggers: post → post with facet values, each with its reasons.

To add a tagger, write a function ``post → post`` and name it in `TAGGERS`.
"""

from __future__ import annotations

from collections.abc import Callable

from rights_search.post import Post
from rights_search.tagging.countries import tag_countries
from rights_search.tagging.language import tag_language
from rights_search.tagging.themes import LabelMap, tag_themes

VERSION = 7
"""Raised whenever a change of the taggers gives other tags for the same post: every index
then tags its posts again. Data files count by themselves."""

TAGGERS: dict[str, Callable[[Post], Post]] = {
    "language": tag_language,
    "countries": tag_countries,
    "themes": tag_themes,
}
"""In the order in which they run: the language helps those behind it."""


def tag(post: Post, label_map: LabelMap | None = None) -> Post:
    """Return ``post`` with everything that the taggers find.

    Args:
        post: as its reader made it.
        label_map: what the settings say of the source's own labels.
    """
    for name, tagger in TAGGERS.items():
        post = tag_themes(post, label_map) if name == "themes" and label_map else tagger(post)
    return post
