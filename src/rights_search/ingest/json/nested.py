"""What stands in a post besides its own fields: posts that answer it, and lists of others.

Lists under names that answers and posts go by are followed. What looks like posts under any
other name may be sections, revisions or what else a site has to show: nobody knows, so it is
counted and told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from rights_search.ingest.exports.known import as_record
from rights_search.ingest.exports.values import LeftOut
from rights_search.ingest.page_words import is_prose
from rights_search.ingest.paragraphs import plain_line, split_plain
from rights_search.ingest.records.draft import WRAPPERS
from rights_search.ingest.records.keys import PERSONS, canonical, field_of
from rights_search.ingest.records.values import flat, is_empty, unwrapped

Path: TypeAlias = tuple[str, ...]
"""Keys that lead into a value, one after the other."""

LIST_NAMES = frozenset(
    (
        *("posts", "items", "item", "articles", "entries", "entry", "records", "docs", "hits"),
        *("messages", "statuses", "tweets", "orderedItems", "ancestors", "descendants"),
    )
)
"""The names that lists of posts go by."""


class Nested(NamedTuple):
    """What stands in a post.

    Args:
        paths: the keys that lead to lists, or mappings, of posts that are read.
        left_out: what looks like posts and is not read.
    """

    paths: tuple[Path, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def nested_in(value: Mapping[str, Any], known: tuple[Path, ...] = ()) -> Nested:
    """Return where in a record others stand, in its order; the time is linear in its size.

    Args:
        value: a decoded record.
        known: the keys that lead to those that are followed anyway.
    """
    if not any(key in WRAPPERS or _may_hold(key, inner) for key, inner in value.items()):
        return _NOTHING
    record = as_record(value)
    if isinstance(record, LeftOut):
        return _NOTHING
    places = _places(value)
    search = _Search()
    for key, inner in record.items():
        if not _may_hold(key, inner):
            continue
        path = places.get(id(inner))
        if path is None or not any(_is_along(path, other) for other in known):
            search.look(str(key), path, inner)
    return search.found()


def has_own_text(value: Mapping[str, Any]) -> bool:
    """Say whether what lists posts has a text as well, and no mere word for the state it is in."""
    return any(" " in text.strip() for text in _texts(value))


def is_own_post(value: Mapping[str, Any]) -> bool:
    """Say whether what lists posts is one too: by paragraphs, or a sentence and a date or author.

    A feed has a description, the answer of an interface a message.
    """
    texts = list(_texts(value))
    if len(texts) > 1 or any(_has_paragraphs(text) for text in texts):
        return True
    return any(map(is_prose, texts)) and not _fields(value).isdisjoint(("date", "authors"))


# Besides, in lower case and without signs, what ends in one of `_ANSWERS`.
_FOLLOWED = frozenset(
    (
        *map(canonical, LIST_NAMES),
        *("children", "thread", "threads", "data", "results", "result", "nodes", "edges"),
    )
)
_ANSWERS = ("comments", "replies", "answers", "responses")
_NOTHING = Nested()
_MAX_WRAPPERS = 3
_MAX_NAMES = 20
_MAX_NAME_CHARS = 40
_MIN_TEXT_CHARS = 40
_TEXT_KEYS = ("rendered", "text", "value", "#text", "html", "content")


class _Search:
    """Looks through what stands in one record."""

    def __init__(self) -> None:
        self._paths: list[Path] = []
        self._counts: Counter[str] = Counter()

    def look(self, name: str, path: Path | None, value: Any) -> None:
        """Look through the value of a key; ``path`` leads to it, None where keys alone do not."""
        if isinstance(value, dict) and _is_post(value, is_answer=False):
            self._count(name, 1)
        # An adversary nests without end, so that this goes by no recursion.
        waiting: list[tuple[str, Path | None, Any, bool]] = [(name, path, value, False)]
        while waiting:
            name, path, value, is_within = waiting.pop()
            is_followed = is_within or _is_followed(name)
            members = list(value.items()) if isinstance(value, dict) else [("", x) for x in value]
            posts = [_is_post(inner, is_answer=is_followed) for _, inner in members]
            number = sum(posts)
            if number and is_followed and path is not None and 2 * number >= len(posts):
                self._paths.append(path)
                continue
            if number:
                self._count(name, number)
            # As they stand there, the last first: the last is looked at first.
            for (key, inner), is_post in zip(reversed(members), reversed(posts), strict=True):
                if is_post or not isinstance(inner, (dict, list)):
                    continue
                inside = (*path, key) if path is not None and isinstance(value, dict) else None
                waiting.append((key or name, inside, inner, is_followed))

    def found(self) -> Nested:
        """Return what was found."""
        return Nested(
            tuple(self._paths),
            tuple(LeftOut(_reason(name), count) for name, count in self._counts.items()),
        )

    def _count(self, name: str, number: int) -> None:
        name = plain_line(name)[:_MAX_NAME_CHARS]
        if name not in self._counts and len(self._counts) >= _MAX_NAMES:
            name = ""
        self._counts[name] += number


def _reason(name: str) -> str:
    where = f"under {name!r}" if name else "under other names"
    return f"what looks like a post, but stands in another {where}, which is no list of answers"


def _may_hold(key: Any, value: Any) -> bool:
    """Say whether posts may stand under a key: fields of the record itself are no posts."""
    if isinstance(value, list):
        if not any(isinstance(item, (dict, list)) for item in value):
            return False
    elif not isinstance(value, dict) or not value:
        return False
    name = str(key)
    # In Portuguese "data" is a date.
    return name == "data" or field_of(name) is None


def _is_along(path: Path, other: Path) -> bool:
    return path == other[: len(path)] or other == path[: len(other)]


def _places(value: Mapping[str, Any]) -> dict[int, Path]:
    """Return the keys that lead to what stands in a record, through its wrappers, by `id`."""
    found: dict[int, Path] = {}
    holders: list[tuple[Path, Mapping[str, Any]]] = [((), value)]
    for path, holder in holders:
        for name, inner in holder.items():
            found.setdefault(id(inner), (*path, name))
            if isinstance(inner, dict) and name in WRAPPERS and len(path) < _MAX_WRAPPERS:
                holders.append(((*path, name), inner))
    return found


def _is_followed(name: str) -> bool:
    plain = canonical(name)
    return plain in _FOLLOWED or plain.endswith(_ANSWERS)


def _is_post(value: Any, *, is_answer: bool) -> bool:
    """Say whether an object in a record looks like a post of its own.

    Args:
        value: any value.
        is_answer: whether it stands where answers stand, which may be short and have no more
            than an id: elsewhere it would be an annotation, a button, a property of a page.
    """
    if not isinstance(value, dict):
        return False
    record = as_record(value)
    if isinstance(record, LeftOut):
        return False
    texts = _texts(record)
    if is_answer:
        return not _fields(record).isdisjoint(_OF_ANSWERS) and any(texts)
    return not _fields(record).isdisjoint(_OF_POSTS) and any(
        is_prose(text) or len(text) >= _MIN_TEXT_CHARS for text in texts
    )


_OF_POSTS = frozenset(("title", "date", "authors", "account"))
_OF_ANSWERS = _OF_POSTS | {"key", "person"}


def _fields(record: Mapping[str, Any]) -> set[str]:
    """Return the fields that a record fills; "person" is a title that may be a name."""
    found: set[str] = set()
    for key, value in record.items():
        field = field_of(str(key))
        if field is not None and not is_empty(value):
            is_person = field[0] == "title" and canonical(str(key)) in PERSONS
            found.add("person" if is_person else field[0])
    return found


def _texts(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield what stands as words under names of texts."""
    for key, value in record.items():
        field = field_of(str(key))
        if field is None or field[0] != "text":
            continue
        for item in flat([(str(key), value)]):
            text = unwrapped(item, _TEXT_KEYS)
            if isinstance(text, str) and not is_empty(text):
                yield text


def _has_paragraphs(text: str) -> bool:
    return len(split_plain(text)) > 1 or text.lower().count("<p") > 1
