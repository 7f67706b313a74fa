"""JSON-LD in a page: its objects, one by one, and which of them is the article."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

ARTICLE_TYPES = frozenset(
    {
        "article",
        "newsarticle",
        "blogposting",
        "report",
        "analysisnewsarticle",
        "backgroundnewsarticle",
        "reportagenewsarticle",
        "opinionnewsarticle",
        "reviewnewsarticle",
        "scholarlyarticle",
        "techarticle",
        "liveblogposting",
        "socialmediaposting",
    }
)
"""The types of https://schema.org/Article and those below it."""

LISTING_TYPES = frozenset({"collectionpage", "searchresultspage", "itemlist", "blog"})
"""The types of pages that hold several posts."""

# `json.loads` makes one for each script.
_DECODER = json.JSONDecoder(strict=False)
_MAX_OBJECTS = 1000
_INSIDE = ("@graph", "mainEntity")


def json_ld_objects(scripts: Iterable[str]) -> list[Mapping[str, Any]]:
    """Return the objects of JSON-LD scripts: those of lists and graphs are taken out.

    What is broken is passed over, as browsers and crawlers do. A reference to
    another object is replaced by that object: authors often stand in the graph.
    """
    waiting: deque[Any] = deque()
    for script in scripts:
        try:
            waiting.append(_DECODER.decode(_without_wrapper(script)))
        except (ValueError, RecursionError):
            continue
    found: list[dict[str, Any]] = []
    while waiting and len(found) < _MAX_OBJECTS:
        item = waiting.popleft()
        if isinstance(item, list):
            waiting.extendleft(reversed(item[:_MAX_OBJECTS]))
        elif isinstance(item, dict):
            found.append(item)
            waiting.extendleft(
                item[key] for key in _INSIDE if isinstance(item.get(key), list | dict)
            )
    by_id = {str(item["@id"]): item for item in reversed(found) if "@id" in item}
    return [{key: _resolved(value, by_id) for key, value in item.items()} for item in found]


def types_of(item: Mapping[str, Any]) -> frozenset[str]:
    """Return the schema.org types of an object, lower case, without their address."""
    kinds = item.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return frozenset(type_name(kind) for kind in listed if isinstance(kind, str))


def type_name(kind: str) -> str:
    """Return ``newsarticle`` for ``https://schema.org/NewsArticle``."""
    return kind.strip().rpartition("/")[2].rpartition(":")[2].lower()


def _without_wrapper(script: str) -> str:
    """Return a script without the comment or CDATA marks that some systems put around it."""
    text = script.strip().rstrip(";")
    for before, after in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("//<![CDATA[", "//]]>")):
        text = text.removeprefix(before).removesuffix(after).strip()
    return text


def _resolved(value: Any, by_id: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_resolved(item, by_id) for item in value if not isinstance(item, list)]
    if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
        return by_id.get(str(value.get("@id")), value)
    return value
