"""The table of contents of an index: which segments it has, and what is known of their files.

Whoosh's own file, with a line behind its end that Whoosh does not read: sizes and checksums of
the files it names, and a checksum of itself. An index that stock Whoosh wrote has no such line,
and is read without.

Whoosh pickles its schema and its segments. The schema is only compared with ours, which is
then used, and that by its checksum: making one takes Whoosh, which reading does without. Of a
segment its few values are taken, and a `Segment` is made of them.
"""

from __future__ import annotations

import json
import struct
from array import array
from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from zlib import crc32

from rights_search.engines.whoosh import pickles
from rights_search.engines.whoosh.files import PAGE_BYTES, Sums
from rights_search.engines.whoosh.layout import INDEX
from rights_search.engines.whoosh.pickles import Name, Record
from rights_search.engines.whoosh.segment import Segment
from rights_search.json_text import read_json
from rights_search.values import dataclass

_VERSION = -111
_HEAD = b"\4\x08\4" + struct.pack("!ii", -12345, _VERSION) + b"\2\7\4"
_NUMBERS = struct.Struct("!ii")
_SEGMENT_ID_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_SEGMENT_ID_LENGTH = 16
_SEGMENT = Name("whoosh.codec.whoosh3", "W3Segment")
_CODEC = Name("whoosh.codec.whoosh3", "W3Codec")
_MAX_VARINT_BYTES = 4
SCHEMA_CRC = 0xF1B29F5A
"""CRC-32 of our schema, as Python pickles it; a test says what it has become. Whoever makes
another schema of the same checksum has it ignored, as every other."""

_CHECKSUM_LINE = b"\n%08x\n"


def file_name(generation: int) -> str:
    """Return the name of the table of a commit."""
    return f"_{INDEX}_{generation}.toc"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a table of contents says.

    Args:
        generation: number of the commit.
        segments: in order.
        has_our_schema: False if it was made with other fields than `make_schema` has now.
        sums: file → what is known of it; of some or all of them nothing may be known.
    """

    generation: int
    segments: tuple[Segment, ...]
    has_our_schema: bool
    sums: Mapping[str, Sums]


def to_bytes(
    schema: Any, segments: Sequence[Segment], generation: int, sums: Mapping[str, Sums]
) -> bytes:
    """Return the table as a file."""
    from pickle import dumps  # noqa: PLC0415 - not for reading

    from whoosh.util.varints import varint  # noqa: PLC0415

    schema.clean()
    pickled = dumps(schema, 2)
    table = b"".join(
        (
            _HEAD,
            varint(len(pickled)),
            pickled,
            _NUMBERS.pack(generation, 0),
            dumps([segment.stock() for segment in segments], 4),
        )
    )
    files = {name: [known.size, _packed(known.pages)] for name, known in sorted(sums.items())}
    line = json.dumps({"page": PAGE_BYTES, "files": files}, separators=(",", ":"))
    table += b"\n" + line.encode("ascii")
    return table + _CHECKSUM_LINE % crc32(table)


def from_bytes(data: bytes, generation: int) -> Contents:
    """Return what a table says.

    Raises:
        ValueError: if it is damaged, or holds what no table of ours does.
    """
    if not data.startswith(_HEAD):
        raise ValueError("it is no table of contents of Whoosh 2.7.4")
    length, start = _varint(data, len(_HEAD))
    end = start + length
    schema = data[start:end]
    has_our_schema = crc32(schema) == SCHEMA_CRC or (
        # The same may be written in other words, by another version of Python.
        pickles.loads(schema, has_objects=True) == pickles.loads(pickled_schema(), has_objects=True)
    )
    if len(data) < end + _NUMBERS.size:
        raise ValueError("it is cut short")
    held, _ = _NUMBERS.unpack_from(data, end)
    if held != generation:
        raise ValueError(f"it is that of another commit, {held}")
    records, end = pickles.load_from(data, end + _NUMBERS.size, has_objects=True)
    if not isinstance(records, list):
        raise ValueError("it has no list of segments")  # noqa: TRY004 - the file is wrong, not a call
    segments = tuple(map(_segment, records))
    if len({segment.segid for segment in segments}) < len(segments):
        raise ValueError("it names a segment twice")
    return Contents(generation, segments, has_our_schema, _sums(data, end))


@cache
def pickled_schema() -> bytes:
    """Return our schema as a table of contents has it."""
    from pickle import dumps  # noqa: PLC0415 - not for reading

    from rights_search.engines.whoosh.schema import make_schema  # noqa: PLC0415 - needs Whoosh

    schema = make_schema()
    schema.clean()
    return dumps(schema, 2)


def _varint(data: bytes, start: int) -> tuple[int, int]:
    number = 0
    for count, byte in enumerate(data[start : start + _MAX_VARINT_BYTES]):
        number |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:  # noqa: PLR2004 - the sign that more follows
            return number, start + count + 1
    raise ValueError("it has a length that is none")


def _segment(record: Any) -> Segment:
    match record:
        case Record(
            of,
            (),
            {
                "indexname": str(name),
                "segid": str(segment_id),
                "_codec": Record(codec, ()),
                "_doccount": int(count),
                "_deleted": deleted,
                "compound": bool(compound),
                "_fieldlengths": lengths,
            } as state,
        ) if of == _SEGMENT and codec == _CODEC:
            pass
        case Record(of):
            raise ValueError(f"it names {of}, which is no segment of an index")
        case _:
            raise ValueError("it lists what is no segment")
    is_id = len(segment_id) == _SEGMENT_ID_LENGTH and _SEGMENT_ID_CHARS.issuperset(segment_id)
    if name != INDEX or not is_id or len(state) != len(_STATE) or count < 0:
        raise ValueError("it has a segment of no sensible name or size")
    return Segment(segment_id, count, _deleted(deleted, count), _lengths(lengths), compound)


_STATE = "indexname segid _codec _doccount _deleted compound _fieldlengths".split()


def _deleted(numbers: Any, count: int) -> set[int]:
    if numbers is None:
        return set()
    if not isinstance(numbers, set) or not all(
        type(number) is int and 0 <= number < count for number in numbers
    ):
        raise ValueError("it has deleted posts that were never there")
    return numbers


def _lengths(record: Any) -> dict[str, int]:
    items = record.items if isinstance(record, Record) else record
    if not isinstance(items, dict) or not all(
        isinstance(name, str) and type(length) is int and length >= 0
        for name, length in items.items()
    ):
        raise ValueError("it has no lengths of fields")
    return items


def _sums(data: bytes, start: int) -> dict[str, Sums]:
    """Return the checksums that stand behind the table, none if nothing stands there."""
    if start == len(data):
        return {}
    end = max(start, len(data) - len(_CHECKSUM_LINE % 0))
    if data[end:] != _CHECKSUM_LINE % crc32(data[:end]):
        raise ValueError("its checksum is wrong")
    try:
        record = read_json(data[start:end])
        if record["page"] != PAGE_BYTES:
            raise ValueError("it has checksums of other pages")
        return {
            name: _checked(Sums(size, _unpacked(pages)))
            for name, (size, pages) in record["files"].items()
        }
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"it has no checksums that can be read: {error}") from None


def _checked(sums: Sums) -> Sums:
    if type(sums.size) is not int or len(sums.pages) != -(-sums.size // PAGE_BYTES):
        raise ValueError("it has other checksums than pages")
    return sums


def _packed(pages: Sequence[int]) -> str:
    return b2a_base64(struct.pack(f">{len(pages)}I", *pages), newline=False).decode("ascii")


def _unpacked(text: str) -> Sequence[int]:
    packed = a2b_base64(text, strict_mode=True)
    if len(packed) % 4:
        raise ValueError("it has a checksum that is cut short")
    return array("L", struct.unpack(f">{len(packed) // 4}I", packed))
