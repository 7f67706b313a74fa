"""A post as plain JSON values and back: the stored form, whose every value is looked at."""

from __future__ import annotations

from collections.abc import Callable, Container
from operator import attrgetter
from typing import Any, TypeVar

from rights_search.patterns import late
from rights_search.post import Evidence, PartialDate, Post, Provenance, Tag
from rights_search.values import dataclass, field_names

_POST_FIELDS = field_names(Post)
_VALUES = attrgetter(*_POST_FIELDS)


def to_dict(post: Post, *, without: Container[str] = ()) -> dict[str, Any]:
    """Return the post as plain JSON values, empty fields left out, and those of these names."""
    return {
        name: _PLAIN.get(name, _as_it_is)(value)
        for name, value in zip(_POST_FIELDS, _VALUES(post), strict=True)
        if name in _REQUIRED
        or not (value is None or value is False or value == () or name in without)
    }


def from_dict(record: dict[str, Any]) -> Post:
    """Return the post that `to_dict` made ``record`` of.

    Raises:
        KeyError, TypeError, ValueError: if the record has another shape.
    """
    values: dict[str, Any] = {}
    for name, value in record.items():
        match name:
            case "provenance":
                pages = tuple(dict(value).get("pages", ()))
                values[name] = checked(Provenance(**{**value, "pages": pages}))
            case "date" | "updated":
                values[name] = checked(
                    PartialDate(value["iso"], value["origin"], tuple(value["flags"]))
                )
            case "countries" | "mentions" | "places" | "themes" | "groups":
                values[name] = tuple(map(_tag, value))
            case _:
                values[name] = tuple(value) if isinstance(value, list) else value
    post = checked(Post(**values))
    # It is shown, written into commands and files, and looked up without being looked at.
    if not _ID.match(post.id):
        raise ValueError("an id is 12 hex digits")
    return post


_ID = late(r"[0-9a-f]{12}\Z")


def _tag(record: dict[str, Any]) -> Tag:
    evidence = tuple(checked(Evidence(**reason)) for reason in record["evidence"])
    return checked(Tag(record["value"], evidence))


_Value = TypeVar("_Value")


def checked(value: _Value) -> _Value:
    """Return a value whose fields are of the kinds that its class says.

    Raises:
        TypeError: if one is not: nobody further on looks again.
    """
    kinds: _Kinds = _KINDS[type(value)]
    held: tuple[Any, ...] = kinds.values(value)
    found = tuple(map(type, held))
    if found not in kinds.known:
        for name, kind, allowed in zip(kinds.names, found, kinds.allowed, strict=True):
            if kind not in allowed:
                raise TypeError(f"{name} is of another kind")
        kinds.known.add(found)
    for place, inner in kinds.tuples:
        if held[place] and {*map(type, held[place])} != inner:
            raise TypeError(f"{kinds.names[place]} holds what is of another kind")
    return value


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The types of the fields of a class, as its annotations say.

    Args:
        names: of the fields.
        values: the fields of a value, as a tuple.
        allowed: the types that each may have.
        tuples: for each that is a tuple its place and the type of its items, as a set.
        known: types of all fields at once that were found to be right.
    """

    names: tuple[str, ...]
    values: Callable[[Any], tuple[Any, ...]]
    allowed: tuple[frozenset[type], ...]
    tuples: tuple[tuple[int, set[type]], ...]
    known: set[tuple[type, ...]]


_TYPES: dict[str, type] = {
    each.__name__: each for each in (str, int, bool, tuple, PartialDate, Provenance, Tag, Evidence)
} | {"None": type(None)}


def _kinds_of(kind: type) -> _Kinds:
    annotations = kind.__annotations__
    names = tuple(annotations)
    said = [text.removesuffix(", ...]") for text in annotations.values()]
    inner = [text.partition("[")[2] for text in said]
    return _Kinds(
        names,
        attrgetter(*names),
        tuple(
            frozenset(_TYPES[name.partition("[")[0]] for name in text.split(" | ")) for text in said
        ),
        tuple((place, {_TYPES[name]}) for place, name in enumerate(inner) if name),
        set(),
    )


_KINDS: dict[type, _Kinds] = {
    kind: _kinds_of(kind) for kind in (Post, Provenance, PartialDate, Tag, Evidence)
}

_REQUIRED = frozenset({"id", "title", "paragraphs", "provenance"})


# Most posts stand in plain files: what only members and pages have would be dead weight.
_OF_MEMBERS = frozenset({"member", "member_offset", "uri", "captured", "pages"})

# `dataclasses.asdict` takes ten times as long, and each post is stored and digested.
_DATE, _PROVENANCE = (
    (names, attrgetter(*names)) for names in map(field_names, (PartialDate, Provenance))
)


def _as_it_is(value: Any) -> Any:
    return list(value) if type(value) is tuple else value


def _plain_date(date: PartialDate) -> dict[str, Any]:
    names, values = _DATE
    return {name: _as_it_is(value) for name, value in zip(names, values(date), strict=True)}


def _plain_tags(tags: tuple[Tag, ...]) -> list[dict[str, Any]]:
    names = Evidence._fields
    return [
        {"value": tag.value, "evidence": [dict(zip(names, reason)) for reason in tag.evidence]}  # noqa: B905 - as many of both
        for tag in tags
    ]


def _plain_provenance(provenance: Provenance) -> dict[str, Any]:
    names, values = _PROVENANCE
    return {
        name: _as_it_is(value)
        for name, value in zip(names, values(provenance), strict=True)
        if name not in _OF_MEMBERS or value not in (None, ())
    }


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "provenance": _plain_provenance,
    **dict.fromkeys(("date", "updated"), _plain_date),
    **dict.fromkeys(("countries", "mentions", "places", "themes", "groups"), _plain_tags),
}
"""How the values of a field are made plain, where they are neither plain nor a list of such."""
