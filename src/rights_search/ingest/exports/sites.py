"""Posts of sites and blogs: WordPress's REST API, Ghost, records of scrapers, schema.org."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from rights_search.ingest.exports.values import Fields, LeftOut, fields_of, objects, text, texts


def wordpress(value: Fields, _: Fields) -> Fields | None:
    """Return a post of the REST API, where people and labels are numbers unless embedded."""
    match value:
        case {"content": {"rendered": str()}, "guid": {"rendered": str()}}:
            pass
        case _:
            return None
    embedded = fields_of(value.get("_embedded"))
    terms = embedded.get("wp:term")
    labels = [name for group in terms for name in texts(group, "name")] if terms else []
    authors = texts(embedded.get("author"), "name")
    numbered = ("author", "categories", "tags")
    found = {key: inner for key, inner in value.items() if key not in (*numbered, "_embedded")}
    found |= {"_embedded.author:author": authors, "_embedded.wp:term:tags": labels}
    found["draft"] = value.get("status") not in (None, "publish")
    # They are named in a note, as keys that nobody knows.
    unnamed = {} if embedded else {f"{key} by number": value.get(key) for key in numbered}
    return found | unnamed


_GHOST = "names by post"
"""Where `with_names` puts what lists beside the posts say of them."""


def with_names(holder: Fields) -> Fields:
    """Return an object in which lists of posts stand with the names that its posts lack.

    In Ghost's exports authors and tags are tables of their own, and two more tables say
    which of them belong to a post.
    """
    if not isinstance(holder.get("posts_authors"), list):
        return holder
    found: dict[str, Mapping[Any, list[str]]] = {}
    for names, links, key in (
        ("users", "posts_authors", "author_id"),
        ("tags", "posts_tags", "tag_id"),
    ):
        by_id = {_number(row.get("id")): text(row, "name") for row in objects(holder.get(names))}
        rows = sorted(objects(holder.get(links)), key=_order)
        by_post: defaultdict[Any, list[str]] = defaultdict(list)
        for row in rows:
            name = by_id.get(_number(row.get(key)))
            # A name that opens with "#" is for the program alone.
            if name and not name.startswith("#"):
                by_post[_number(row.get("post_id"))].append(name)
        found[names] = by_post
    return {**holder, _GHOST: found}


def _order(row: Fields) -> int:
    order = row.get("sort_order")
    return order if isinstance(order, int) else 0


def _number(value: Any) -> str | int | None:
    return value if isinstance(value, (str, int)) else None


def ghost(value: Fields, holder: Fields) -> Fields | None:
    """Return a post of Ghost's exports, with the names that stand beside the list of posts."""
    names = holder.get(_GHOST)
    if not isinstance(names, dict):
        return None
    number = _number(value.get("id"))
    unused = {"comment_id", "mobiledoc", "lexical", "type", "status", "visibility"}
    found = {key: inner for key, inner in value.items() if key not in unused}
    return found | {
        "users:author": names["users"].get(number),
        "tags": names["tags"].get(number),
        "draft": value.get("status") not in (None, "published", "sent"),
    }


def named(value: Fields, _: Fields) -> Fields | None:
    """Return a record whose author is an object: that of a scraper."""
    user = value["user"]
    if not isinstance(user, dict):
        return None
    # Of snscrape the source is the program with which a post was written.
    unused = {"user", "source"} if "_type" in value else {"user"}
    return {
        **{key: inner for key, inner in value.items() if key not in unused},
        "user:author": user,
    }


def linked_data(value: Fields, _: Fields) -> LeftOut | None:
    """Leave out what a graph of schema.org says beside its articles."""
    kind = value["@type"]
    if not isinstance(kind, str) or kind not in _NO_ARTICLES:
        return None
    return LeftOut(f"of the type {kind}, which is no article")


_NO_ARTICLES = frozenset(
    (
        *("Organization", "NewsMediaOrganization", "NGO", "Person", "Place", "Country"),
        *("WebSite", "BreadcrumbList", "ListItem", "ImageObject", "SearchAction", "PostalAddress"),
    )
)
