"""Where in a decoded JSON value its records stand: in a list, in wrappers, in lists of lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rights_search.ingest.exports.films import is_film
from rights_search.ingest.exports.known import as_record
from rights_search.ingest.exports.names import with_names
from rights_search.ingest.exports.values import NOBODY, LeftOut
from rights_search.ingest.json.nested import (
    LIST_NAMES,
    Nested,
    Path,
    has_own_text,
    is_own_post,
    nested_in,
)
from rights_search.ingest.records.draft import has_content

_MAX_WRAPPERS = 4
_MAX_LISTS = 3
_LOOKED_AT = 8

MAX_ANSWERS = 50
"""So many answers to one another are followed."""

TOO_DEEP = LeftOut(f"the answers to it, which stand more than {MAX_ANSWERS} deep")

# Besides, the names that lists of anything go by, which hold posts where they hold records.
_ANSWER_NAMES = frozenset(("data", "results", "result", "response", "rows", "values", "content"))
# Lists that belong to one another: what stands before and behind a post in its thread.
_TOGETHER = ("ancestors", "descendants")
# Where a post has those that answer it, in it or in its wrapper.
_ANSWERS = (("replies",), ("data", "replies"), ("thread",))
_OF_FILMS = ("comments",)
_MAY_ANSWER = frozenset(path[0] for path in (*_ANSWERS, _OF_FILMS))
"""Without one of these keys a post holds no answers: most do."""


def is_record(value: Any) -> bool:
    """Say whether an object is a post, and not a feed or a channel that has a title and posts."""
    if not isinstance(value, dict):
        return False
    record = as_record(value)
    if not isinstance(record, LeftOut) and not has_content(record):
        return False
    return not _lists_records(value) or (not isinstance(record, LeftOut) and is_own_post(record))


def paths_within(value: Any) -> tuple[Path, ...]:
    """Return the keys that lead to the records in a value; none for a post, and where none are.

    Most values hold no objects: those are looked at no closer.
    """
    if not isinstance(value, dict):
        return ()
    held = [inner for inner in value.values() if isinstance(inner, (dict, list))]
    if not any(map(_holds_objects, held)):
        return ()
    return () if is_record(value) else paths_to_records(value)


def paths_to_records(value: Any, lists: int = _MAX_LISTS) -> tuple[Path, ...]:
    """Return the keys that lead to the lists or the mapping of records in ``value``.

    Where none holds records, they lead to a list of objects each of which has such keys: the
    chats of a messenger, the pages of an answer.

    Args:
        value: any decoded value; nothing is returned for one that is no object.
        lists: how many lists may stand in one another.
    """
    if not isinstance(value, dict):
        return ()
    if _holds_records(value):
        return ((),)
    level: list[tuple[Path, Mapping[str, Any]]] = [((), value)]
    outer: list[Path] = []
    for _ in range(_MAX_WRAPPERS):
        found = [
            ((*path, name), inner)
            for path, mapping in level
            for name, inner in mapping.items()
            if isinstance(inner, (dict, list)) and inner
        ]
        holders = [(path, inner) for path, inner in found if _holds_records(inner)]
        if holders:
            best = max(holders, key=_promise)[0]
            together = tuple(path for path, _ in holders if path[-1] in _TOGETHER)
            return together if best in together else (best,)
        level = [(path, inner) for path, inner in found if isinstance(inner, dict)]
        outer += [
            path
            for path, inner in found
            if lists > 1
            and isinstance(inner, list)
            and any(paths_to_records(item, lists - 1) for item in inner[:_LOOKED_AT])
        ]
    return tuple(outer[:1])


def answers_in(value: Any) -> Nested:
    """Return where in a post those stand that answer it, and what else looks like posts there."""
    if not isinstance(value, dict):
        return Nested()
    paths = () if _MAY_ANSWER.isdisjoint(value) else _paths_to_answers(value)
    nested = nested_in(value, paths)
    return Nested((*paths, *nested.paths), nested.left_out)


def _paths_to_answers(value: Mapping[str, Any]) -> tuple[Path, ...]:
    answers = (*_ANSWERS, _OF_FILMS) if is_film(value) else _ANSWERS
    for path in answers:
        inner: Any = value
        for name in path:
            inner = inner.get(name) if isinstance(inner, dict) else None
        if isinstance(inner, list) and any(map(is_record, inner)):
            return (path,)
        if isinstance(inner, dict):
            return tuple((*path, *within) for within in paths_to_records(inner))
    return ()


def text_beside(value: Any, paths: Iterable[Path]) -> Iterator[LeftOut]:
    """Yield a `LeftOut` for each text that stands in an object which lists posts and is none.

    Args:
        value: the outermost of such objects.
        paths: the keys that lead from it to the lists.
    """
    holders: dict[int, Mapping[str, Any]] = {}
    for path in paths:
        holder = value
        for name in path:
            holders[id(holder)] = holder
            holder = holder[name]
    for inner in holders.values():
        record = as_record(inner)
        if not isinstance(record, LeftOut) and has_own_text(record):
            yield _TEXT_BESIDE


_TEXT_BESIDE = LeftOut("a text beside a list of posts, taken for what describes them")


def records_in(
    value: Any, answers: int = MAX_ANSWERS, outer: Mapping[str, Any] = NOBODY
) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Yield each record of a decoded value, with the object whose list it stands in.

    A value in which no records are found comes back as it is, and a record before those that
    answer it, as deep as ``answers`` says; `TOO_DEEP` stands for those that are deeper.
    """
    paths = paths_within(value)
    if not paths:
        yield value, NOBODY
        nested = answers_in(value)
        yield from ((left_out, NOBODY) for left_out in nested.left_out)
        paths = nested.paths
        answers -= 1
        if paths and not answers:
            yield TOO_DEEP, NOBODY
            return
    else:
        yield from ((left_out, NOBODY) for left_out in text_beside(value, paths))
    for path in paths:
        holder, inner = value, value
        for name in path:
            holder, inner = (inner if isinstance(inner, dict) else holder), inner[name]
        holder = with_names(holder, outer)
        for item in inner if isinstance(inner, list) else inner.values():
            for record, place in records_in(item, answers, holder):
                yield record, place if place is not NOBODY else holder


def _holds_records(value: Mapping[str, Any] | list[Any]) -> bool:
    inner = value if isinstance(value, list) else list(value.values())
    records = sum(map(is_record, inner))
    if not inner or 2 * records < len(inner):
        return False
    if isinstance(value, list):
        return True
    # Beside a list of posts, what has a name is their site, or who wrote them.
    return not _lists_records(value) and not any(
        isinstance(part, list)
        and (name in _ANSWER_NAMES or len(part) >= records)
        and _holds_records(part)
        for name, part in value.items()
    )


def _lists_records(value: Mapping[str, Any]) -> bool:
    """Say whether an object has a list of records under a name that such lists go by."""
    return any(
        name in LIST_NAMES and isinstance(inner, list) and _holds_records(inner)
        for name, inner in value.items()
    )


def _holds_objects(value: Any) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(item, dict) for item in value)
    )


def _promise(holder: tuple[tuple[str, ...], Any]) -> tuple[bool, bool, int]:
    path, inner = holder
    return path[-1] in LIST_NAMES, isinstance(inner, list), len(inner)
