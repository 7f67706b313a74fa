"""The table of contents of an index: what is put in comes out, and what is wrong is told."""

from __future__ import annotations

import json
from array import array
from dataclasses import replace
from pickle import dumps
from typing import Any
from zlib import crc32

import pytest
from whoosh.util.varints import varint

from rights_search.engines.whoosh import contents
from rights_search.engines.whoosh.files import PAGE_BYTES, Sums
from rights_search.engines.whoosh.schema import make_schema
from rights_search.engines.whoosh.segment import Segment

FIRST = Segment("a" * 16, 9, {0, 8}, {"title": 3, "body": 0})
SECOND = Segment("0123456789abcdef", 0, set(), {}, is_compound=False)
SUMS = {
    "MAIN_a.seg": Sums(PAGE_BYTES + 1, array("L", [7, 2**32 - 1])),
    "MAIN_b.trm": Sums(PAGE_BYTES, array("L", [1])),
    "MAIN_c.dci": Sums(0, array("L")),
}


def test_what_is_put_in_comes_out() -> None:
    """Segments in their order, with and without deleted posts, and the checksums of files."""
    for sums in (SUMS, {}):
        data = contents.to_bytes(make_schema(), [FIRST, SECOND], 7, sums)
        found = contents.from_bytes(data, 7)
        assert found == contents.Contents(7, (FIRST, SECOND), has_our_schema=True, sums=sums)


def table(
    records: Any, generation: int = 3, *, schema: bytes | None = None, behind: bytes = b""
) -> bytes:
    """Return a table, with what it lists in place of segments and what stands behind it."""
    schema = contents.pickled_schema() if schema is None else schema
    numbers = generation.to_bytes(4, "big") + bytes(4)
    head = contents._HEAD + varint(len(schema))  # noqa: SLF001 - to write what we never write
    data: bytes = head + schema + numbers + dumps(records, 4) + behind
    return data


def record(**changes: Any) -> Any:
    """Return a segment as Whoosh has it, in which something is another; `None` leaves it out."""
    stock = FIRST.stock()
    for name, value in changes.items():
        stock.__dict__[name] = value
    return stock


def lacking(name: str) -> Any:
    """Return a segment as Whoosh has it, without something."""
    stock = FIRST.stock()
    del stock.__dict__[name]
    return stock


def named(end: bytes) -> bytes:
    """Return the checksum line of a table, with the checksum of all that stands before it."""
    return end + contents._CHECKSUM_LINE % crc32(table([]) + end)  # noqa: SLF001


def test_a_table_of_stock_whoosh_has_no_checksums() -> None:
    """Nothing stands behind its segments; numbers of deleted posts reach up to the last post."""
    found = contents.from_bytes(table([record(_deleted=None), record(segid="b" * 16)]), 3)
    assert found.segments == (replace(FIRST, deleted=set()), replace(FIRST, segid="b" * 16))
    assert found.sums == {}
    assert contents.from_bytes(table([]), 3).segments == ()


def test_another_schema_is_told() -> None:
    """The same in other words is ours, anything else is not."""
    schema = make_schema()
    schema.clean()
    assert contents.from_bytes(table([], schema=dumps(schema, 3)), 3).has_our_schema
    assert not contents.from_bytes(table([], schema=dumps({}, 2)), 3).has_our_schema


NO_SEGMENT = "it lists what is no segment"
NO_NAME = "it has a segment of no sensible name or size"
NOT_THERE = "it has deleted posts that were never there"
NO_LENGTHS = "it has no lengths of fields"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is no table of contents of Whoosh 2.7.4"),
        (b"\0" * 99, "it is no table of contents of Whoosh 2.7.4"),
        (table([])[:17], "it is cut short"),
        (table([])[: table([]).index(dumps([], 4)) - 1], "it is cut short"),
        (table([], 4), "it is that of another commit, 4"),
        (table({}), "it has no list of segments"),
        (table([record(), record()]), "it names a segment twice"),
        (table([record(), 5]), NO_SEGMENT),
        (table([lacking("segid")]), "it names whoosh.codec.whoosh3.W3Segment, which is no segment"),
        (
            table([FIRST.stock().__dict__["_codec"]]),
            "it names whoosh.codec.whoosh3.W3Codec, which is no seg",
        ),
        (table([record(_codec=FIRST.stock())]), "it names whoosh.codec.whoosh3.W3Segment, which"),
        (table([record(indexname="OTHER")]), NO_NAME),
        (table([record(segid="a" * 15)]), NO_NAME),
        (table([record(segid="a" * 17)]), NO_NAME),
        (table([record(segid="a" * 15 + "/")]), NO_NAME),
        (table([record(segid="A" * 16)]), NO_NAME),
        (table([record(_doccount=-1, _deleted=None)]), NO_NAME),
        (table([record(more=1)]), NO_NAME),
        (table([record(_deleted={9})]), NOT_THERE),
        (table([record(_deleted={-1})]), NOT_THERE),
        (table([record(_deleted={"1"})]), NOT_THERE),
        (table([record(_deleted=[1])]), NOT_THERE),
        (table([record(_fieldlengths=[])]), NO_LENGTHS),
        (table([record(_fieldlengths={"body": -1})]), NO_LENGTHS),
        (table([record(_fieldlengths={"body": 0.5})]), NO_LENGTHS),
        (table([record(_fieldlengths={b"body": 1})]), NO_LENGTHS),
        (table([], behind=b"-"), "its checksum is wrong"),
        (table([], behind=named(b"\n{}")[:-1]), "its checksum is wrong"),
        (table([], behind=b"\n" + named(b"\n{}")), "its checksum is wrong"),
        (table([], behind=named(b"\n{}")), "it has no checksums that can be read: 'page'"),
        (table([], behind=named(b"\n[]")), "it has no checksums that can be read: list indices"),
    ],
)
def test_what_is_wrong_with_a_table_is_told(data: bytes, reason: str) -> None:
    """Of which commit, which segment, which posts, which checksum."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - compared below
        contents.from_bytes(data, 3)
    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize(
    ("page", "files", "reason"),
    [
        (PAGE_BYTES + 1, {}, "it has checksums of other pages"),
        (PAGE_BYTES, [], "it has no checksums that can be read: 'list' object"),
        (PAGE_BYTES, {"a": [1]}, "not enough values"),
        (PAGE_BYTES, {"a": [1, 2]}, "it has no checksums that can be read: "),
        (PAGE_BYTES, {"a": [1, "AAAA"]}, "it has a checksum that is cut short"),
        (PAGE_BYTES, {"a": [0, "AAAAAQ=="]}, "it has other checksums than pages"),
        (PAGE_BYTES, {"a": [PAGE_BYTES + 1, "AAAAAQ=="]}, "it has other checksums than pages"),
        (PAGE_BYTES, {"a": [1.0, "AAAAAQ=="]}, "it has other checksums than pages"),
    ],
)
def test_what_is_wrong_with_checksums_is_told(page: int, files: Any, reason: str) -> None:
    """Also where the line of checksums has a right one of its own."""
    line = json.dumps({"page": page, "files": files}).encode()
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - compared below
        contents.from_bytes(table([], behind=named(b"\n" + line)), 3)
    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize("number", [0, 1, 127, 128, 300, 2**14, 2**21, 2**28 - 1])
def test_a_length_is_read(number: int) -> None:
    """Of up to four bytes."""
    data = b"-" + varint(number) + b"\xff"
    assert contents._varint(data, 1) == (number, len(data) - 1)  # noqa: SLF001


@pytest.mark.parametrize("data", [b"", b"\x80", b"\x80\x80\x80\x80\1"])
def test_a_length_has_an_end(data: bytes) -> None:
    """Within four bytes, and within the file."""
    with pytest.raises(ValueError, match=r"^it has a length that is none$"):
        contents._varint(data, 0)  # noqa: SLF001
