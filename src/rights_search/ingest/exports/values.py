"""What the rules for exports share: their types, and values of which nothing is certain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Fields: TypeAlias = Mapping[str, Any]

NOBODY: Fields = {}
"""The holder of records that stand in no object."""


def assigned(name: str = r"\w+") -> str:
    """Return the pattern of what a file of a Twitter archive assigns its JSON to.

    Args:
        name: the pattern of the file's name, without its part and its ending; any by default.
    """
    return rf"window\.YTD\.{name}\.part\d+\s*="


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Say why a record is no post, as the end of a sentence: the same words for all alike.

    Args:
        reason: why.
        count: of how many records it is told.
    """

    reason: str
    count: int = 1


NO_WORDS = LeftOut("without words, such as a picture alone")
MESSENGER_NOTE = LeftOut("a note of the messenger, such as that someone joined")

Rule: TypeAlias = Callable[[Fields, Fields], "Fields | LeftOut | None"]
"""A record of an export, and the object whose list it stands in → what `records` understands.

None for a record that is not of that export.
"""


def fields_of(value: Any) -> Fields:
    """Return an object, and for anything else one without keys."""
    return value if isinstance(value, dict) else NOBODY


def objects(value: Any) -> Iterator[Fields]:
    """Yield the objects of a list; none where it is no list."""
    items = value if isinstance(value, list) else ()
    return (item for item in items if isinstance(item, dict))


def text(value: Any, key: str) -> str:
    """Return the text that an object has under a key, or an empty one."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def texts(values: Iterable[Any] | None, key: str) -> list[str]:
    """Return what the objects of a list say under a key, where they say anything."""
    found = [text(value, key) for value in values] if isinstance(values, list) else []
    return [line for line in found if line.strip()]


def label_of(key: str) -> str:
    """Return what Instagram's downloads label a value with, as tables of labels compare it."""
    return sound(key).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip().casefold()


def sound(written: str) -> str:
    """Return a text of Facebook's downloads, which spell each byte of UTF-8 as a character."""
    try:
        return written.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return written
