"""Where in a decoded JSON value its records stand: in a list, in wrappers, in lists of lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rights_search.ingest.export_sites import with_names
from rights_search.ingest.export_values import NOBODY, LeftOut
from rights_search.ingest.record_exports import as_record
from rights_search.ingest.records import has_content

_MAX_WRAPPERS = 4
_MAX_LISTS = 3
_LOOKED_AT = 8

# Where several lists hold records: the names that lists of posts go by.
_LIST_NAMES = frozenset(
    (
        *("posts", "items", "item", "articles", "entries", "entry", "records", "docs", "hits"),
        *("messages", "statuses", "tweets", "orderedItems"),
    )
)


def is_record(value: Any) -> bool:
    """Say whether an object is a post, and not a feed or a channel that has a title and posts."""
    if not isinstance(value, dict):
        return False
    record = as_record(value)
    if not isinstance(record, LeftOut) and not has_content(record):
        return False
    return not any(
        name in _LIST_NAMES and isinstance(inner, list) and _holds_records(inner)
        for name, inner in value.items()
    )


def path_within(value: Any) -> tuple[str, ...] | None:
    """Return the keys that lead to the records in a value; None for a post, and where none are.

    Most values hold no objects: those are looked at no closer.
    """
    if not isinstance(value, dict) or not any(map(_holds_objects, value.values())):
        return None
    return None if is_record(value) else path_to_records(value)


def path_to_records(value: Any, lists: int = _MAX_LISTS) -> tuple[str, ...] | None:
    """Return the keys that lead to the list or mapping of records in ``value``.

    Where none holds records, they lead to a list of objects each of which has such keys: the
    chats of a messenger, the pages of an answer.

    Args:
        value: any decoded value; None is returned for one that is no object.
        lists: how many lists may stand in one another.
    """
    if not isinstance(value, dict):
        return None
    if _holds_records(value):
        return ()
    level: list[tuple[tuple[str, ...], Mapping[str, Any]]] = [((), value)]
    outer: list[tuple[str, ...]] = []
    for _ in range(_MAX_WRAPPERS):
        found = [
            ((*path, name), inner)
            for path, mapping in level
            for name, inner in mapping.items()
            if isinstance(inner, (dict, list)) and inner
        ]
        holders = [(path, inner) for path, inner in found if _holds_records(inner)]
        if holders:
            return max(holders, key=_promise)[0]
        level = [(path, inner) for path, inner in found if isinstance(inner, dict)]
        outer += [
            path
            for path, inner in found
            if lists > 1
            and isinstance(inner, list)
            and any(path_to_records(item, lists - 1) is not None for item in inner[:_LOOKED_AT])
        ]
    return outer[0] if outer else None


def records_in(value: Any) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Yield each record of a decoded value, with the object whose list it stands in.

    A value in which no records are found comes back as it is.
    """
    path = path_within(value)
    if path is None:
        yield value, NOBODY
        return
    holder = value
    for name in path:
        holder, value = (value if isinstance(value, dict) else holder), value[name]
    holder = with_names(holder)
    for item in value if isinstance(value, list) else value.values():
        for record, inner in records_in(item):
            yield record, inner if inner is not NOBODY else holder


def _holds_records(value: Mapping[str, Any] | list[Any]) -> bool:
    inner = value if isinstance(value, list) else list(value.values())
    return bool(inner) and 2 * sum(map(is_record, inner)) >= len(inner)


def _holds_objects(value: Any) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(item, dict) for item in value)
    )


def _promise(holder: tuple[tuple[str, ...], Any]) -> tuple[bool, bool, int]:
    path, inner = holder
    return path[-1] in _LIST_NAMES, isinstance(inner, list), len(inner)
