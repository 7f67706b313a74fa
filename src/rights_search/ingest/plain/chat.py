"""Chats as WhatsApp exports them: a text of messages, ``_chat.txt``.

Each message opens with a moment and a name, in the form that the telephone had: in brackets or
before a dash, day or month or year first, twelve hours or twenty-four, in the digits of its
language. What follows until the next is the message. Notes of the messenger have no name, or, on
an iPhone, an invisible mark before them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rights_search.ingest.cleaning import normalise
from rights_search.ingest.encodings.decoding import DecodedText, read_text
from rights_search.ingest.exports.values import MESSENGER_NOTE, NO_WORDS, LeftOut
from rights_search.ingest.lines import Line, Places, split_lines
from rights_search.ingest.member_names import Tally
from rights_search.ingest.paragraphs import Blocks
from rights_search.ingest.records.draft import Setting, to_draft
from rights_search.ingest.source import Record, Skipped, Source


def opens_as_chat(text: str) -> bool:
    """Say whether a text opens with a message, and a second one is at its start too."""
    lines = text.lstrip("\ufeff\r\n ").split("\n", _OPENING_LINES)[:_OPENING_LINES]
    opened = [found for line in lines if (found := _MESSAGE.match(line))]
    named = (_NAMED.match(found["rest"]) for found in opened)
    names = {found["name"].strip("[] ").upper() for found in named if found is not None}
    # A program's log has no names but these.
    is_named = bool(names - _LOG_LEVELS)
    return _MESSAGE.match(lines[0]) is not None and is_named and len(opened) > 1


def read_chat_text(source: Source) -> Iterator[Record]:
    """Yield the messages of a chat that have words; the others are counted.

    Raises:
        ReadError: if the file is no text, too large or damaged.
    """
    decoded = read_text(source)
    lines = split_lines(decoded.text)
    messages = list(_messages(lines))
    chat = _Chat(source, decoded, messages)
    left_out = Tally(source.name)
    above = lines[: messages[0].first.number - 1] if messages else ()
    if any(line.text for line in above):
        yield Skipped(source.name, f"{len(above)} lines above the first message not read")
    for message in messages:
        found = chat.draft(message)
        if isinstance(found, LeftOut):
            left_out.add(found.reason)
        else:
            yield found
    yield from left_out.told("message")


_OPENING_LINES = 20
_LOG_LEVELS = frozenset(
    "TRACE DEBUG INFO NOTICE WARN WARNING ERROR SEVERE CRITICAL FATAL EXCEPTION".split()
)
_DATE = r"(?P<one>\d{1,4})(?P<sign>[./-])(?P<two>\d{1,2})(?P=sign)(?P<three>\d{1,4})"
_TIME = r"(?P<time>\d{1,2}[:.]\d\d(?:[:.]\d\d)?)"
# "a.m.", "PM", "م": whatever halves of the day are called.
_HALF = r"(?:[\s\u202f\u00a0]?[^\W\d_]{1,3}\.?(?:[\s\u202f\u00a0]?[^\W\d_]\.)?)?"
_MARKS = r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]*"
_MESSAGE = re.compile(
    rf"{_MARKS}(?:\[{_MARKS})?{_DATE}{_MARKS}[,،]?\s(?:[^\W\d_]{{1,3}}\s)?{_TIME}{_HALF}"
    r"(?:\]|\s-)\s(?P<rest>.*)"
)
_NAMED = re.compile(r"(?P<name>[^:\n]{1,80}?)\s?:(?:\s|\Z)(?P<said>.*)")
# An iPhone marks what is not written by anyone; "<…>" is what Android writes in its place.
_PROGRAM = "\u200e"
_TAG = re.compile(rf"{_PROGRAM}?<[^<>]{{1,120}}>")
_FILE = re.compile(r"\S.{0,120}\.\w{2,5} \([^()]{1,40}\)")
_QUOTES = '"“”„'
_LAST_MONTH = 12
_YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class _Message:
    """A message: where it stands, the date with what parts its numbers, and what it says."""

    first: Line
    last: Line
    numbers: tuple[int, int, int]
    sign: str
    is_year_first: bool
    time: str
    name: str | None
    lines: tuple[str, ...]


def _messages(lines: Sequence[Line]) -> Iterator[_Message]:
    matched = ((place, _MESSAGE.match(line.raw)) for place, line in enumerate(lines))
    starts = [(place, found) for place, found in matched if found is not None]
    ends = (*(place for place, _ in starts), len(lines))[1:]
    for (place, found), end in zip(starts, ends, strict=True):
        named = _NAMED.match(found["rest"])
        if named is not None and _ends_in_quotes(named["name"]):
            named = None
        said = found["rest"] if named is None else named["said"]
        own = [line for line in lines[place + 1 : end] if line.text]
        yield _Message(
            lines[place],
            own[-1] if own else lines[place],
            (int(found["one"]), int(found["two"]), int(found["three"])),
            found["sign"],
            len(found["one"]) == _YEAR_DIGITS,
            found["time"],
            None if named is None else normalise(named["name"]),
            (said, *(line.raw for line in own)),
        )


def _ends_in_quotes(name: str) -> bool:
    """Say whether a colon stands in quotes, as in a note that names a group: "Today: Minsk"."""
    return sum(map(name.count, _QUOTES)) % 2 == 1 or name.count("«") > name.count("»")


class _Chat:
    """What all messages of a chat have in common."""

    def __init__(self, source: Source, decoded: DecodedText, messages: Sequence[_Message]) -> None:
        self._source = source
        self._decoded = decoded
        self._places = Places(source, decoded)
        told = source.settings.day_first
        self._day_first = _is_day_first(messages) if told is None else told
        self._seen: Counter[str] = Counter()

    def draft(self, message: _Message) -> Record | LeftOut:
        """Return the post that a message is, or why it is none."""
        if message.name is None:
            return MESSENGER_NOTE
        paragraphs = tuple(_words(message.lines))
        if not paragraphs:
            return NO_WORDS
        date = _date(message, day_first=self._day_first)
        key = f"{date} {message.time} {message.name}"
        self._seen[key] += 1
        span = self._places.span(message.first, message.last)
        encoding, notes = self._decoded.encoding, self._decoded.notes
        setting = Setting(self._source, "chat", span, encoding, notes)
        record = {"id": f"{key} {self._seen[key]}", "date": date, "name:author": message.name}
        return to_draft(record, setting, Blocks(paragraphs, ()))


def _words(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a message without what the messenger puts into it."""
    for place, line in enumerate(lines):
        text = _TAG.sub("", line)
        if place == 0 and (text.startswith(_PROGRAM) or _FILE.fullmatch(text.strip(_PROGRAM))):
            continue
        text = normalise(text.replace(_PROGRAM, ""))
        if text:
            yield text


def _is_day_first(messages: Sequence[_Message]) -> bool | None:
    """Say whether the day stands before the month; None where nothing shows it.

    Full stops stand between day and month, and a number over twelve is a day. Where neither
    is there, messages go forward in time.
    """
    short = [message for message in messages if not message.is_year_first]
    numbers = [message.numbers for message in short]
    if any(message.sign == "." or message.numbers[0] > _LAST_MONTH for message in short):
        return True
    if any(two > _LAST_MONTH for _, two, _ in numbers):
        return False
    backwards = [
        sum(above > below for above, below in pairwise(order))
        for order in (
            [(year, month, day) for day, month, year in numbers],
            [(year, month, day) for month, day, year in numbers],
        )
    ]
    return None if backwards[0] == backwards[1] else backwards[0] < backwards[1]


def _date(message: _Message, *, day_first: bool | None) -> str:
    """Return the date as ISO 8601, or as it stands where day and month cannot be told apart."""
    one, two, three = message.numbers
    if message.is_year_first:
        return f"{one}-{two:02}-{three:02}"
    # There was no WhatsApp before 2009.
    year = three if three > 99 else 2000 + three  # noqa: PLR2004
    if day_first is None:
        return f"{year}-{one:02}-{one:02}" if one == two else f"{one}/{two}/{year}"
    day, month = (one, two) if day_first else (two, one)
    return f"{year}-{month:02}-{day:02}"
