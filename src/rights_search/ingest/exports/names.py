"""Names that stand beside a list of posts, for posts that name people by numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from rights_search.ingest.exports.values import NOBODY, Fields, objects, text

GHOST = "names by post"
"""Where `with_names` puts what lists beside the posts of Ghost say of them."""

VK = "names by number"
"""Where it puts who has an account of VK: groups have numbers below zero."""


class _Names(dict[Any, Any]):
    """What `with_names` found: no file can hold one, whatever its keys are called."""


def with_names(holder: Fields, outer: Fields = NOBODY) -> Fields:
    """Return an object in which lists of posts stand with the names that its posts lack.

    Args:
        holder: the object.
        outer: the one of the posts that those of ``holder`` answer.
    """
    if isinstance(holder.get("posts_authors"), list):
        return {**holder, GHOST: _Names(_of_ghost(holder))}
    if isinstance(holder.get("profiles"), list) or isinstance(holder.get("groups"), list):
        return {**holder, VK: _Names(_of_vk(holder))}
    names = names_in(outer, VK)
    return {**holder, VK: names} if names else holder


def names_in(holder: Fields, key: str) -> Mapping[Any, Any]:
    """Return what `with_names` put under `GHOST` or `VK`; nothing where it did not."""
    names = holder.get(key)
    return names if isinstance(names, _Names) else NOBODY


def key_of(value: Any) -> str | int | None:
    """Return a value as one that a name can be looked up by."""
    return value if isinstance(value, (str, int)) else None


def _of_ghost(holder: Fields) -> Mapping[str, Mapping[Any, list[str]]]:
    """Return the names of authors and tags by the number of a post.

    In Ghost's exports they are tables of their own, and two more tables say which of them
    belong to a post.
    """
    found: dict[str, Mapping[Any, list[str]]] = {}
    for names, links, key in (
        ("users", "posts_authors", "author_id"),
        ("tags", "posts_tags", "tag_id"),
    ):
        by_id = {key_of(row.get("id")): text(row, "name") for row in objects(holder.get(names))}
        rows = sorted(objects(holder.get(links)), key=_order)
        by_post: defaultdict[Any, list[str]] = defaultdict(list)
        for row in rows:
            name = by_id.get(key_of(row.get(key)))
            # A name that opens with "#" is for the program alone.
            if name and not name.startswith("#"):
                by_post[key_of(row.get("post_id"))].append(name)
        found[names] = by_post
    return found


def _order(row: Fields) -> int:
    order = row.get("sort_order")
    return order if isinstance(order, int) else 0


def _of_vk(holder: Fields) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for person in objects(holder.get("profiles")):
        if isinstance(number := person.get("id", person.get("uid")), int):
            names = (text(person, "first_name"), text(person, "last_name"))
            found[number] = " ".join(filter(None, names))
    for group in objects(holder.get("groups")):
        if isinstance(number := group.get("id", group.get("gid")), int):
            found[-number] = text(group, "name")
    return found
