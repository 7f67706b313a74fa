"""What the library gives back as plain JSON values, as ``--json`` writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rights_search import post_records
from rights_search.post import Post
from rights_search.results import Explanation, Hit, Results
from rights_search.values import field_names


def to_dict(value: object) -> dict[str, Any]:
    """Return a value of this package as a dictionary that `json.dumps` takes.

    Use it for a post, a hit, a page of results and whatever else an archive answers with;
    ``--json`` writes the same. Fields keep their names, except that results have no
    ``elapsed_s``: the same question gives the same dictionary. Of a post the empty fields are
    left out. Dates of posts have their ``precision`` and the ``text`` that people read beside
    ``iso``, results are counted as ``distinct`` too, an explanation has its ``total``, and a
    hit its ``page`` if there is one.

    Raises:
        TypeError: if ``value`` is no such value.
    """
    if not _is_ours(value):
        raise TypeError(f"a post, a hit or another result is wanted, not {value!r}")
    return _record(value)


def _record(value: object) -> dict[str, Any]:
    match value:
        case Post():
            return _post(value)
        case Hit(page=int(page)):
            return _fields(value) | {"page": page}
        case Results(query=query, total=total, distinct=distinct):
            record = {"query": query, "total": total, "distinct": distinct} | _fields(value)
            del record["elapsed_s"]
            # What is longest comes last.
            record["hits"] = record.pop("hits")
            return record
        case Explanation(query=query, total=total):
            return {"query": query, "total": total} | _fields(value)
        case _:
            return _fields(value)


def _plain(value: Any) -> Any:
    match value:
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case tuple() if not _is_ours(value):
            return [_plain(item) for item in value]
        case _:
            return _record(value) if _is_ours(value) else value


def _is_ours(value: object) -> bool:
    """Tell whether a value has the fields of one of our classes, tuples with names included."""
    kind = type(value)
    return kind.__module__.startswith("rights_search.") and hasattr(kind, "__match_args__")


def _fields(value: object) -> dict[str, Any]:
    return {name: _plain(getattr(value, name)) for name in field_names(type(value))}


def _post(post: Post) -> dict[str, Any]:
    record = post_records.to_dict(post)
    for name, date in (("date", post.date), ("updated", post.updated)):
        if date is not None:
            record[name] |= {"precision": date.precision, "text": str(date)}
    return record
