"""The reader of JSON documents: one record, an array, or records inside of a wrapper.

The records are decoded one by one where they stand, so each knows its lines and
bytes, and a document that breaks off keeps those before the break.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from typing import Any

from rights_search.errors import ReadError
from rights_search.ingest.decoding import DecodedText, read_text
from rights_search.ingest.jsonl import json_decoder, json_reason
from rights_search.ingest.records import Setting, has_content, to_wanted_draft, without_wrapper
from rights_search.ingest.source import Record, Source
from rights_search.ingest.text_places import TextPlaces


def read_json(source: Source) -> Iterator[Record]:
    """Yield the records of a JSON document, in its order.

    An object that has a title or a text is a record; any other is searched for
    the list, or the mapping, that holds the records. Several documents may
    stand in one file.

    Raises:
        ReadError: where the JSON is broken, after what stands before.
    """
    decoded = read_text(source)
    reading = _Reading(source, decoded)
    position = reading.after_space(0)
    while position < len(decoded.text):
        end = yield from reading.document(position)
        position = reading.after_space(end)


_SPACE = re.compile(r"\s*")
_MAX_WRAPPERS = 4

# Where several lists hold records: the names that lists of posts go by.
_LIST_NAMES = frozenset(
    ("posts", "items", "item", "articles", "entries", "entry", "records", "docs", "hits")
)


class _Reading:
    """One pass over a document: the text, and where its records stand."""

    def __init__(self, source: Source, decoded: DecodedText) -> None:
        self._source = source
        self._decoded = decoded
        self._text = decoded.text
        self._decoder = json_decoder()
        self._places = TextPlaces(decoded)

    def after_space(self, position: int) -> int:
        found = _SPACE.match(self._text, position)
        return found.end() if found is not None else position

    def document(self, position: int) -> Generator[Record, None, int]:
        """Yield the records of one top-level value; return where it ends."""
        if self._text[position] == "[":
            return (yield from self._elements(position))
        value, end = self._value(position)
        if _is_record(value):
            yield self._record(value, position, end)
            return end
        path = _path_to_records(value) if isinstance(value, dict) else None
        if path is None:
            reason = "is JSON but holds no object with keys such as title and text"
            raise self._error(reason, position)
        for name in path:
            position = self._member(position, name)
        yield from (
            self._elements(position) if self._text[position] == "[" else self._members(position)
        )
        return end

    def _elements(self, position: int) -> Generator[Record, None, int]:
        """Yield the records of the list at ``position``; return where it ends."""
        position = self.after_space(position + 1)
        while not self._text.startswith("]", position):
            value, end = self._value(position)
            yield self._record(value, position, end)
            position = self._next(end, "]")
        return position + 1

    def _members(self, position: int) -> Iterator[Record]:
        """Yield the records of the mapping at ``position``; its keys are theirs."""
        for key, start in self._starts(position):
            value, end = self._value(start)
            yield self._record(
                {"id": key, **value} if isinstance(value, dict) else value, start, end
            )

    def _member(self, position: int, name: str) -> int:
        found = (start for key, start in self._starts(position) if key == name)
        return next(found)

    def _starts(self, position: int) -> Iterator[tuple[str, int]]:
        """Yield each key of the mapping at ``position``, and where its value stands."""
        position = self.after_space(position + 1)
        while not self._text.startswith("}", position):
            key, end = self._value(position)
            # It was decoded whole before: behind the key is a colon.
            start = self.after_space(self.after_space(end) + 1)
            yield key, start
            position = self._next(self._value(start)[1], "}")

    def _next(self, position: int, closing: str) -> int:
        """Return the place of the next value, or of the closing bracket."""
        position = self.after_space(position)
        if self._text.startswith(",", position):
            return self.after_space(position + 1)
        if self._text.startswith(closing, position):
            return position
        raise self._error(f"broken JSON: a comma or {closing} is missing", position)

    def _value(self, position: int) -> tuple[Any, int]:
        try:
            return self._decoder.raw_decode(self._text, position)
        except (ValueError, RecursionError) as error:
            raise self._error(json_reason(error), getattr(error, "pos", position)) from error

    def _record(self, value: Any, start: int, end: int) -> Record:
        span = self._places.span(start, end)
        if not isinstance(value, dict):
            reason = "a value in the list is no object with keys such as title and text"
            return ReadError(self._source.name, reason, line=span.line_start)
        encoding, notes = self._decoded.encoding, self._decoded.notes
        return to_wanted_draft(
            without_wrapper(value), Setting(self._source, "json", span, encoding, notes)
        )

    def _error(self, reason: str, position: int) -> ReadError:
        line = self._text.count("\n", 0, position) + 1
        return ReadError(self._source.name, reason, line=line, fatal=True)


def _path_to_records(value: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the keys that lead to the list or mapping of records in ``value``."""
    if _holds_records(value):
        return ()
    level: list[tuple[tuple[str, ...], Mapping[str, Any]]] = [((), value)]
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
    return None


def _is_record(value: Any) -> bool:
    """Say whether an object is a post, and not a feed that has a title and its posts."""
    if not isinstance(value, dict) or not has_content(without_wrapper(value)):
        return False
    return not any(
        name in _LIST_NAMES and isinstance(inner, list) and _holds_records(inner)
        for name, inner in value.items()
    )


def _holds_records(value: Mapping[str, Any] | list[Any]) -> bool:
    inner = value if isinstance(value, list) else list(value.values())
    return bool(inner) and 2 * sum(map(_is_record, inner)) >= len(inner)


def _promise(holder: tuple[tuple[str, ...], Any]) -> tuple[bool, bool, int]:
    path, inner = holder
    return path[-1] in _LIST_NAMES, isinstance(inner, list), len(inner)
