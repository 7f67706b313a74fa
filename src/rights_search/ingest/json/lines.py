"""The reader of JSON Lines: one object a line, read as a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rights_search.errors import ReadError
from rights_search.ingest.exports.known import as_record
from rights_search.ingest.exports.values import LeftOut
from rights_search.ingest.json.search import records_in
from rights_search.ingest.line_stream import StreamLine, stream_lines
from rights_search.ingest.member_names import Tally
from rights_search.ingest.records.draft import Setting, to_wanted_draft
from rights_search.ingest.source import Record, Source, Span


def read_jsonl(source: Source) -> Iterator[Record]:
    """Yield a draft for each line, or for each record of a line that holds a list of them.

    A broken line is an error of its own.

    Raises:
        ReadError: where the file as a whole cannot be read on.
    """
    decoder = json_decoder()
    left_out = Tally(source.name)
    for line in stream_lines(source, skip_blank=True):
        yield from _records(line, source, decoder, left_out)
    yield from left_out.told("record")


def json_decoder() -> json.JSONDecoder:
    """Return a decoder that takes ``NaN`` and infinities, which are no JSON, for null."""
    return json.JSONDecoder(parse_constant=lambda _: None, strict=False)


def json_reason(error: ValueError | RecursionError) -> str:
    """Return in plain words what is wrong with a piece of JSON."""
    match error:
        case json.JSONDecodeError():
            return f"broken JSON: {error.msg} at column {error.colno}"
        case RecursionError():
            return "its JSON nests too deeply"
        case _:
            return "a number in its JSON is too long"


def _records(
    line: StreamLine, source: Source, decoder: json.JSONDecoder, left_out: Tally
) -> Iterator[Record]:
    try:
        # A record separator (RFC 7464) may stand before the value.
        value = decoder.decode(line.text.lstrip("\x1e").rstrip())
    except (ValueError, RecursionError) as error:
        yield ReadError(source.name, json_reason(error), line=line.number)
        return
    if not isinstance(value, dict):
        reason = "the line is valid JSON but no object with keys such as title and text"
        yield ReadError(source.name, reason, line=line.number)
        return
    span = Span(line.number, line.number, line.start, line.end)
    setting = Setting(source, "jsonl", span, line.encoding, line.notes)
    for inner, holder in records_in(value):
        record = as_record(inner, holder) if isinstance(inner, dict) else inner
        if isinstance(record, LeftOut):
            left_out.add(record.reason, record.count)
        else:
            yield to_wanted_draft(record if isinstance(inner, dict) else {}, setting)
