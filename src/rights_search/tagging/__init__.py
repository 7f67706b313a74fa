"""Taggers: post → post with facet values, each with its reasons.

To add a tagger, write a function ``post → post`` and name it in `TAGGERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rights_search.post import Post, draft, frozen
from rights_search.tagging.countries import tag_countries
from rights_search.tagging.language import tag_language
from rights_search.tagging.themes import LabelMap, tag_themes

VERSION = 13
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
    return tag_all([(post, label_map)])[0]


def tag_all(posts: Sequence[tuple[Post, LabelMap | None]]) -> list[Post]:
    """Return posts with everything that the taggers find, each as `tag` would return it.

    One tagger goes through all posts before the next begins: the tables of all of them do not
    stay in a processor's caches together, and tagging takes a fifth less.

    Args:
        posts: each with what the settings say of its source's own labels.
    """
    tagged = [draft(post) for post, _ in posts]
    for name, tagger in TAGGERS.items():
        if name == "themes":
            label_maps = (label_map for _, label_map in posts)
            tagged = list(map(tag_themes, tagged, label_maps))
        else:
            tagged = list(map(tagger, tagged))
    return list(map(frozen, tagged))
