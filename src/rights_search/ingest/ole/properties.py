"""The properties of a compound file (MS-OLEPS): title, author and date."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator

from rights_search.ingest.document_facts import DocumentFacts
from rights_search.ingest.encodings.names import codec_name

SUMMARY = "\x05SummaryInformation"
"""The stream that they stand in."""


def facts_of(data: bytes) -> DocumentFacts:
    """Return what the properties say; nothing where they are damaged."""
    try:
        found = dict(_values(data))
    except (struct.error, ValueError):
        return DocumentFacts()
    page = found.get(_CODE_PAGE)
    codec = (isinstance(page, int) and codec_name(f"cp{page}")) or "cp1252"
    created = found.get(_CREATED)
    return DocumentFacts(
        _text(found.get(_TITLE), codec),
        _text(found.get(_AUTHOR), codec),
        created if isinstance(created, str) else None,
    )


def moment(ticks: int) -> dt.datetime | None:
    """Return the moment of a Windows time, tenths of microseconds since 1601, or None for none."""
    try:
        moment = _EPOCH + dt.timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None
    return moment if moment.year > _EPOCH.year else None


_CODE_PAGE, _TITLE, _AUTHOR, _CREATED = 1, 2, 4, 12
_SHORT, _BYTES, _WIDE, _TIME = 0x02, 0x1E, 0x1F, 0x40
_EPOCH = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)
_MAX_PROPERTIES = 100
_MAX_TEXT_BYTES = 1000


def _values(data: bytes) -> Iterator[tuple[int, int | bytes | str]]:
    (start,) = struct.unpack_from("<I", data, 44)
    (count,) = struct.unpack_from("<I", data, start + 4)
    for number in range(min(count, _MAX_PROPERTIES)):
        key, place = struct.unpack_from("<II", data, start + 8 + 8 * number)
        kind, length = struct.unpack_from("<II", data, start + place)
        value = start + place + 8
        if kind == _SHORT:
            yield key, length & 0xFFFF
        elif kind == _BYTES:
            yield key, data[value : value + min(length, _MAX_TEXT_BYTES)]
        elif kind == _WIDE:
            text = data[value : value + min(2 * length, _MAX_TEXT_BYTES)]
            yield key, text.decode("utf-16-le", "replace")
        elif kind == _TIME:
            (ticks,) = struct.unpack_from("<Q", data, value - 4)
            if (when := moment(ticks)) is not None:
                yield key, when.date().isoformat()


def _text(value: int | bytes | str | None, codec: str) -> str | None:
    text = value.decode(codec, "replace") if isinstance(value, bytes) else value
    return text.partition("\0")[0] if isinstance(text, str) else None
