"""Lines of formats that are read as a stream: JSONL and tables.

Each line is decoded on its own, so one bad byte costs one note and a file of any
size costs the memory of a line.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import AnyStr, BinaryIO, cast

from rights_search.errors import ReadError
from rights_search.ingest.bounded import MAX_RECORD_BYTES, open_bounded, record_too_large
from rights_search.ingest.encodings.decoding import (
    SAMPLE_BYTES,
    DecodedText,
    decode,
    guess_note,
    reject_binary,
)
from rights_search.ingest.encodings.mojibake import Repair, may_be_spoilt, repaired
from rights_search.ingest.encodings.names import codec_name
from rights_search.ingest.source import Source

_UTF8_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class StreamLine:
    """One line of a stream, with its line end.

    Args:
        number: 1-based.
        text: the decoded line.
        start: offset of its first byte in the decompressed file, None where a
            byte is not a fixed part of a character.
        end: offset behind its last byte.
        encoding: what it was decoded with.
        notes: what was doubtful in decoding it.
    """

    number: int
    text: str
    start: int | None
    end: int | None
    encoding: str = "utf-8"
    notes: tuple[str, ...] = ()


def stream_lines(source: Source, *, skip_blank: bool = False) -> Iterator[StreamLine]:
    """Yield the lines of ``source`` one by one, blank ones only if they may matter.

    Raises:
        ReadError: where the file turns out to be binary or damaged, or a line
            longer than a record may be; with the line.
    """
    with closing(open_bounded(source)) as stream:
        sample = stream.peek(SAMPLE_BYTES)[:SAMPLE_BYTES]
        reject_binary(sample, source.name)
        told = codec_name(source.told_encoding)
        head = _decoded_sample(sample, told)
        is_wide = head.encoding.startswith(("utf-16", "utf-32"))
        if is_wide or (b"\r" in sample and b"\n" not in sample):
            lines = _characters(cast("BinaryIO", stream), source.name, head.encoding)
            yield from (line for line in lines if not (skip_blank and line.text.isspace()))
        else:
            fallback = DecodedText("", told) if told else _guessed(head)
            yield from _bytes(cast("BinaryIO", stream), source.name, fallback, skip_blank)


def _decoded_sample(sample: bytes, told: str | None) -> DecodedText:
    """Decode up to the last line end, for the sample may cut a character in two."""
    return decode(sample[: sample.rfind(b"\n") + 1] or sample, told)


def _guessed(head: DecodedText) -> DecodedText:
    return DecodedText("", head.encoding, (guess_note(head.encoding),))


def _bytes(
    stream: BinaryIO, name: str, fallback: DecodedText, skip_blank: bool
) -> Iterator[StreamLine]:
    number = start = 0
    while line := _bounded(stream.readline, name, number + 1):
        number += 1
        end = start + len(line)
        if skip_blank and line.isspace():
            start = end
            continue
        if number == 1 and line.startswith(_UTF8_MARK):
            start = len(_UTF8_MARK)
            line = line[start:]
        try:
            text = line.decode("utf-8")
            repair = repaired(text) if may_be_spoilt(line) else Repair(text)
            notes = tuple(_of_one_line(note) for note in repair.notes)
            yield StreamLine(number, repair.text, start, end, notes=notes)
        except UnicodeDecodeError:
            found = _by_fallback(line, fallback)
            yield StreamLine(number, found.text, start, end, found.encoding, found.notes)
        start = end


def _by_fallback(line: bytes, fallback: DecodedText) -> DecodedText:
    """Decode a line that is no UTF-8 as told, or as the start of the file was.

    Args:
        line: its bytes.
        fallback: the codec and the notes of that; the start of a file may be UTF-8 too.
    """
    if not fallback.encoding.startswith("utf-8"):
        try:
            return replace(fallback, text=line.decode(fallback.encoding))
        except UnicodeDecodeError:
            pass
    found = decode(line)
    return DecodedText(found.text, found.encoding, tuple(map(_of_one_line, found.notes)))


def _of_one_line(note: str) -> str:
    """Return a note without a line's number: the only one that it could name is its own."""
    return note.replace(", the first on line 1,", "").replace("line 1 had", "it had")


def _characters(stream: BinaryIO, name: str, encoding: str) -> Iterator[StreamLine]:
    """Read by characters: for wide encodings, and for old Macs' line ends."""
    with io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="") as text:
        number = 0
        while line := _bounded(text.readline, name, number + 1):
            number += 1
            yield StreamLine(number, line, None, None, encoding)


def _bounded(readline: Callable[[int], AnyStr], name: str, number: int) -> AnyStr:
    try:
        line = readline(MAX_RECORD_BYTES + 1)
    except ReadError as error:
        # The stream does not know the line it broke off in.
        raise ReadError(name, error.reason, line=number, fatal=True) from error
    if len(line) > MAX_RECORD_BYTES:
        raise record_too_large(name, number)
    return line
