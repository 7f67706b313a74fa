"""The reader of JSON documents: one record, an array, or records inside of a wrapper.

The records are decoded one by one where they stand, so each knows its lines and
bytes, and a document that breaks off keeps those before the break.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Any

from rights_search.errors import ReadError
from rights_search.ingest.encodings.decoding import DecodedText, read_text
from rights_search.ingest.exports.known import as_record
from rights_search.ingest.exports.names import with_names
from rights_search.ingest.exports.values import NOBODY, Fields, LeftOut, assigned
from rights_search.ingest.json.lines import json_decoder, json_reason
from rights_search.ingest.json.nested import Path
from rights_search.ingest.json.search import (
    MAX_ANSWERS,
    TOO_DEEP,
    answers_in,
    is_record,
    paths_within,
    text_beside,
)
from rights_search.ingest.member_names import Tally
from rights_search.ingest.records.draft import Setting, to_wanted_draft
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
    position = reading.after_space(_start(decoded.text))
    while position < len(decoded.text):
        end = yield from reading.document(position)
        position = reading.after_space(end)
    yield from reading.told()


ASSIGNED = re.compile(rf"\s*{assigned()}\s*(?=\[)")
"""What stands before the JSON in the files of an archive from Twitter."""


def _start(text: str) -> int:
    found = ASSIGNED.match(text)
    return found.end() if found is not None else 0


_SPACE = re.compile(r"\s*")


class _Reading:
    """One pass over a document: the text, and where its records stand."""

    def __init__(self, source: Source, decoded: DecodedText) -> None:
        self._source = source
        self._decoded = decoded
        self._text = decoded.text
        self._decoder = json_decoder()
        self._places = TextPlaces(decoded)
        self._left_out = Tally(source.name)

    def after_space(self, position: int) -> int:
        found = _SPACE.match(self._text, position)
        return found.end() if found is not None else position

    def document(self, position: int) -> Generator[Record, None, int]:
        """Yield the records of one top-level value; return where it ends."""
        if self._text[position] == "[":
            return (yield from self._elements(position, NOBODY))
        value, end = self._value(position)
        paths = paths_within(value)
        if not paths and not is_record(value):
            reason = "is JSON but holds no object with keys such as title and text"
            raise self._error(reason, position)
        yield from self._within(paths, value, (position, end), NOBODY)
        return end

    def told(self) -> Iterator[Record]:
        """Yield what was left out, and why."""
        return self._left_out.told("record")

    def _within(
        self,
        paths: tuple[Path, ...],
        value: Any,
        place: tuple[int, int],
        holder: Fields,
        answers: int = MAX_ANSWERS,
    ) -> Iterator[Record]:
        """Yield the records to which keys lead; without keys the value and what answers it."""
        if not paths:
            yield from self._record(value, *place, holder)
            nested = answers_in(value)
            for left_out in nested.left_out:
                self._left_out.add(left_out.reason, left_out.count)
            paths = nested.paths
            answers -= 1
            if paths and not answers:
                self._left_out.add(TOO_DEEP.reason)
                return
        else:
            for left_out in text_beside(value, paths):
                self._left_out.add(left_out.reason, left_out.count)
        for path in paths:
            yield from self._along(path, value, place[0], holder, answers)

    def _along(
        self, path: Path, value: Any, start: int, outer: Fields, answers: int
    ) -> Iterator[Record]:
        holder = value
        for name in path:
            start = self._member(start, name)
            holder, value = value, value[name]
        if isinstance(value, list):
            yield from self._elements(start, with_names(holder, outer), answers)
        else:
            yield from self._members(start, holder, answers)

    def _elements(
        self, position: int, holder: Fields, answers: int = MAX_ANSWERS
    ) -> Generator[Record, None, int]:
        """Yield the records of the list at ``position``; return where it ends."""
        position = first = self.after_space(position + 1)
        while not self._text.startswith("]", position):
            value, end = self._value(position)
            if position == first and isinstance(value, int):
                self._left_out.add("a number before the others: how many they are")
                position = self._next(end, "]")
                continue
            yield from self._within(paths_within(value), value, (position, end), holder, answers)
            position = self._next(end, "]")
        return position + 1

    def _members(self, position: int, holder: Fields, answers: int) -> Iterator[Record]:
        """Yield the records of the mapping at ``position``; its keys are theirs."""
        for key, start in self._starts(position):
            value, end = self._value(start)
            value = {"id": key, **value} if isinstance(value, dict) else value
            yield from self._within((), value, (start, end), holder, answers)

    def _member(self, position: int, name: str) -> int:
        """Return where the value of a key stands: of a key that stands there twice the last."""
        found = position
        for key, start in self._starts(position):
            if key == name:
                found = start
                if self._text.find(f'"{name}"', start) < 0:
                    break
        return found

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

    def _record(self, value: Any, start: int, end: int, holder: Fields) -> Iterator[Record]:
        span = self._places.span(start, end)
        if not isinstance(value, dict):
            reason = "a value in the list is no object with keys such as title and text"
            yield ReadError(self._source.name, reason, line=span.line_start)
            return
        record = as_record(value, holder)
        if isinstance(record, LeftOut):
            self._left_out.add(record.reason, record.count)
            return
        encoding, notes = self._decoded.encoding, self._decoded.notes
        yield to_wanted_draft(record, Setting(self._source, "json", span, encoding, notes))

    def _error(self, reason: str, position: int) -> ReadError:
        line = self._text.count("\n", 0, position) + 1
        return ReadError(self._source.name, reason, line=line, fatal=True)
