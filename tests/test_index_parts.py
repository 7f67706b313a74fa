"""Files, columns, tables and blocks of an index: what is wrong in one way only is refused, too."""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from pickle import dumps
from typing import Any

import pytest
from whoosh import columns as whoosh_columns
from whoosh.filedb.structfile import StructFile

from rights_search.engines import stored
from rights_search.engines.whoosh import (
    blocks,
    columns,
    contents,
    files,
    pickles,
    posts_column,
)
from rights_search.engines.whoosh.files import (
    PAGE_BYTES,
    IndexFile,
    _read_at,
)
from rights_search.engines.whoosh.inflating import inflated
from rights_search.engines.whoosh.keeping import Kept
from rights_search.engines.whoosh.layout import Column
from rights_search.engines.whoosh.storage import CompoundFiles, IndexStorage, MemoryStorage
from rights_search.errors import IndexUnavailableError
from rights_search.post import Evidence, Post, Provenance, Tag, with_tags

# --- blocks of postings -----------------------------------------------------------------


def test_values_of_one_size_and_of_none() -> None:
    """In one string, or not there; what is not so is refused."""
    head = blocks.heading(dumps((3, 9, 2.0, 0, 1, 2), 2))

    def values(kept: Any, size: int | None) -> list[bytes | None]:
        found = blocks.block(dumps(((2, 3, 4), None, kept), 2), head)
        return list(blocks.values(found, size))

    assert values(b"aabbcc", 2) == [b"aa", b"bb", b"cc"]
    assert values((b"a", b"", b"c"), None) == values((b"a", b"", b"c"), -1) == [b"a", b"", b"c"]
    assert values((b"aa", b"bb", b"cc"), 2) == [b"aa", b"bb", b"cc"]
    assert values(None, 0) == [None] * 3
    for kept, size in (
        (b"abc", None), (b"abc", -1), (b"abc", 0), (b"aabb", 2), (None, None), ("abc", 1),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="not those of its postings"):
            values(kept, size)


@pytest.mark.parametrize("weights", [(-1.0, 2.0), (0.0, 2.0), (1.0, float("inf"))])
def test_no_weight_is_none_or_without_end(weights: tuple[float, float]) -> None:
    """A word stands in a post at least once, and so many times that they can be counted."""
    head = blocks.heading(dumps((2, 5, 2.0, 0, 1, 2), 2))
    for form in (weights, struct.pack("!2f", *weights)):
        with pytest.raises(ValueError, match=r"."):
            blocks.block(dumps(((2, 3), form, None), 2), head)


def test_a_few_values_of_a_block_are_found_by_their_lengths() -> None:
    """Those before are passed over, whether a byte or four say how long they are."""
    long, short = listed(*range(300)), listed(7)
    every = [long, short, long, short]
    deltas = (0, 1, 1, 7)
    head = blocks.Heading(4, 9, 1.0, False, 4, 5, 0)
    found = blocks.block(packed(deltas, None, b"(" + b"".join(every) + b"t"), head)
    values = list(blocks.values(found, None))
    for chosen in ([0], [1], [3], [0, 2], [1, 3], [0, 1, 2, 3]):
        assert blocks.values_at(found, chosen) == [values[place] for place in chosen]


def test_nothing_is_taken_from_below_a_mark() -> None:
    """A tuple of one value, of which there is none behind the mark; what follows would add up."""
    with pytest.raises(pickles.PickleError, match="nothing to work on"):
        pickles.loads(b"\x80\x02N(\x85t\x86.")


@pytest.mark.parametrize("pages", ["AAAAAAA=", "AAAA", "AAAA!AQAAAAI=", "AAAAAA"])
def test_checksums_of_pages_are_whole(pages: str) -> None:
    """What is no base64 of numbers of four bytes is refused as any damage is."""
    with pytest.raises(ValueError, match=r"."):
        contents._unpacked(pages)  # noqa: SLF001
    assert list(contents._unpacked("AAAAAQAAAAI=")) == [1, 2]  # noqa: SLF001


HEAD = blocks.Heading(3, 9, 1.0, False, 4, 5, 0)
"""Of a block of three postings, the last of document 9."""


def packed(deltas: Sequence[int] | bytes, weights: bytes | None, kept: bytes) -> bytes:
    """Return a block of our own shape.

    Args:
        deltas: differences between documents.
        weights: of each, None for 1.
        kept: the instructions that push what is stored with them.
    """
    numbers = b"(" + b"".join(map(blocks.pushed_number, deltas)) + b"t"
    documents = blocks.pushed(deltas) if isinstance(deltas, bytes) else numbers
    return documents + (b"N" if weights is None else blocks.pushed(weights)) + kept + b"\x87."


def listed(*positions: int) -> bytes:
    """Return the instruction that pushes the positions of one posting."""
    return blocks.pushed(len(positions).to_bytes(4, "big") + dumps(list(positions), 2))


THREE_LISTS = listed(1) + listed(2, 70_000) + listed(*range(300))


@pytest.mark.parametrize("deltas", [b"\0\1\10", (0, 1, 8)])
@pytest.mark.parametrize("weights", [b"\1\2\1", None])
@pytest.mark.parametrize(
    ("kept", "size", "values"),
    [
        (b"(" + THREE_LISTS + b"t", None, THREE_LISTS),
        (b"N", 0, b""),
        (b"C\6aabbcc", 2, b"aabbcc"),
    ],
)
def test_a_block_is_a_piece_for_merging(
    deltas: Sequence[int], weights: bytes | None, kept: bytes, size: int | None, values: bytes
) -> None:
    """Its parts are those of the block, and what is stored with the postings is as it stands."""
    data = packed(deltas, weights, kept)
    piece = blocks.piece(data, HEAD, size)
    assert piece is not None
    assert (piece.size, piece.first, list(piece.gaps), piece.last) == (3, 0, [1, 8], 9)
    assert (piece.weights, piece.values, piece.codes) == (weights, values, (4, 5))
    found = blocks.block(data, HEAD)
    assert list(found.documents) == [0, 1, 9]
    assert list(found.weights) == list(weights or (1, 1, 1))


def test_a_block_of_one_posting_is_a_piece() -> None:
    """There are no differences between its documents."""
    piece = blocks.piece(packed(b"\5", None, b"N"), blocks.Heading(1, 5, 1.0, False, 4, 5, 0), 0)
    assert piece == (1, 5, b"", 5, None, b"", (4, 5))


@pytest.mark.parametrize(
    ("kept", "size"),
    [
        (b"(" + listed(1) * 2 + b"t", None),  # of two postings
        (b"(" + listed(1) * 2 + b"C\1at", None),  # one of them no list
        (b"(" + listed(1) * 3 + b"C\1at", None),  # one more that is none
        (b"C\6aabbcc", None),
        (b"N", None),
        (b"C\6aabbcc", 0),
        (b"N0N", 0),
        (b"C\5aabbc", 2),
        (b"N", 2),
        (b"C\6aabbcc0N", 2),
    ],
)
def test_values_of_another_shape_are_no_piece(kept: bytes, size: int | None) -> None:
    """They are read as any pickle is; ours are of so many postings, with nothing behind them."""
    assert blocks.piece(packed(b"\2\3\4", None, kept), HEAD, size) is None


@pytest.mark.parametrize(
    ("deltas", "weights"),
    [
        (b"\4\5", None),  # two documents
        (b"\2\3\3\1", None),  # four
        ((-1, 6, 4), None),
        (b"\5\0\4", None),  # one document twice
        (b"\2\3\5", None),  # the last is another one
        (b"\2\3\4", b"\1\1"),
        (b"\2\3\4", b"\1\1\1\1"),
        (b"\2\3\4", b"\1\0\1"),
    ],
)
def test_a_piece_says_what_its_heading_says(
    deltas: Sequence[int] | bytes, weights: bytes | None
) -> None:
    """Whoever merges refuses what whoever searches refuses."""
    data = packed(deltas, weights, b"(" + THREE_LISTS + b"t")
    with pytest.raises(ValueError, match="does not hold what its heading says"):
        blocks.piece(data, HEAD, None)
    with pytest.raises(ValueError, match=r"."):
        blocks.block(data, HEAD)


@pytest.mark.parametrize(
    ("parts", "is_right"),
    [
        ((3, 9, 2.0, 0, 1, 2), True),
        ((300, 70_000, 260, 3, 4, 5), True),
        ((1, 0, 1.0, 1, 0, 255), True),
        ((3, 2, 1, 0, 7, 7), True),
        ((0, 9, 1.0, 0, 1, 2), False),
        ((3, 1, 1.0, 0, 1, 2), False),
        ((3, 9, 1.0, 0, 2, 1), False),
        ((3, 9, 1.0, 0, -1, 2), False),
        ((3, 9, 1.0, 0, 1, 256), False),
    ],
)
def test_a_heading_says_what_it_was_given(parts: tuple[Any, ...], is_right: bool) -> None:
    """Whether stock Whoosh wrote it or we did; one that contradicts itself is none."""
    count, last, weight, level, low, high = parts
    forms = [dumps(parts, 2)]
    if isinstance(weight, int):
        numbers = b"".join(map(blocks.pushed_number, parts[:3]))
        forms.append(b"(%bK%cK%cK%ct." % (numbers, level, low, high))
    for data in forms:
        if is_right:
            wanted = blocks.Heading(count, last, weight, level > 0, low, high, len(data))
            assert blocks.heading(data + b"(N") == wanted
        else:
            with pytest.raises(ValueError, match=r"^a block's heading contradicts itself$"):
                blocks.heading(data)


@pytest.mark.parametrize("parts", [("3", 9, 1.0, 0, 1, 2), (3, 9, 1.0, 0, 1), None])
def test_what_is_no_heading(parts: Any) -> None:
    """Five numbers and a weight are one, in their order."""
    with pytest.raises(ValueError, match=r"^a block has no heading$"):
        blocks.heading(dumps(parts, 2))


@pytest.mark.parametrize(
    ("deltas", "weights", "expected"),
    [
        ((2, 3, 4), None, (1, 1, 1)),
        (b"\2\3\4", 2.5, (2.5, 2.5, 2.5)),
        ((2, 3, 4), (1.5, 2.0, 0.5), (1.5, 2.0, 0.5)),
        (b"\2\3\4", b"\1\2\3", (1, 2, 3)),
        ((9,), None, (1,)),
    ],
)
def test_a_block_of_stock_whoosh_is_read(deltas: Any, weights: Any, expected: Any) -> None:
    """In each of the forms that its weights have; values are not of our shape."""
    head = blocks.Heading(len(deltas), 9, 3.0, False, 4, 5, 0)
    found = blocks.block(dumps((deltas, weights, None), 2), head)
    assert list(found.documents) == ([2, 5, 9] if len(deltas) > 1 else [9])
    assert (tuple(found.weights), found.place) == (expected, -1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (dumps(((), None, None), 2), "a block is none"),
        (dumps(((2, 3.0, 4), None, None), 2), "a block is none"),
        (dumps(([2, 3, 4], None, None), 2), "a block is none"),
        (dumps((b"\2\3\4", None), 2), "a block is none"),
        (dumps((b"", None, None), 2), "documents are not in order"),
        (dumps(((2, 0, 7), None, None), 2), "documents are not in order"),
        (dumps((b"\2\3\4", (1, 2, 3), None), 2), "a block has no weights"),
        (dumps((b"\2\3\4", "abc", None), 2), "a block has no weights"),
        (dumps((b"\2\3\5", None, None), 2), "a block does not hold what its heading says"),
        (dumps((b"\2\7", None, None), 2), "a block does not hold what its heading says"),
        (dumps(((-1, 6, 4), None, None), 2), "a block does not hold what its heading says"),
        (dumps((b"\2\3\4", b"\1\1", None), 2), "a block does not hold what its heading says"),
        (dumps((b"\2\3\4", b"\1\0\1", None), 2), "a block has weights that are none"),
        (b"C\3abc", "a block is cut short"),
    ],
)
def test_why_a_block_is_refused(data: bytes, reason: str) -> None:
    """Each reason is told, in whatever form the block is."""
    with pytest.raises(ValueError, match=f"^{reason}$"):
        blocks.block(data, HEAD)


def test_a_long_block_of_our_shape_is_read_fast() -> None:
    """Strings of more than 255 bytes have their length in four."""
    count = 300
    head = blocks.Heading(count, count, 2.0, False, 4, 5, 0)
    kept = b"(" + listed(1) * count + b"t"
    data = packed(b"\1" * count, b"\2" * count, kept)
    found = blocks.block(data, head)
    assert (list(found.documents), set(found.weights)) == (list(range(1, count + 1)), {2})
    assert data[found.place :] == kept + b"\x87."
    piece = blocks.piece(data, head, None)
    assert piece is not None
    assert piece.values == listed(1) * count


def test_values_between_which_something_else_stands_are_read_one_by_one() -> None:
    """What the pattern passes over is a value, too: that the lengths do not add up shows it."""
    kept = b"(" + listed(1) + b"C\1a" + listed(2) + b"t"
    found = blocks.block(packed(b"\2\3\4", None, kept), HEAD)
    assert list(blocks.values(found, None)) == [listed(1)[2:], b"a", listed(2)[2:]]
    for size in (255, 256):
        one = blocks.pushed(b"\0" * size)
        found = blocks.block(packed(b"\2\3\4", None, b"(" + 3 * one + b"t"), HEAD)
        assert list(blocks.values(found, None)) == [b"\0" * size] * 3


def test_a_value_does_not_end_its_block() -> None:
    """Behind the last of them a block goes on, or it was cut short."""
    found = blocks.Block((0,), (1,), b"(C\3abc", 0)
    assert blocks.values_at(found, [0]) is None
    assert blocks.values_at(replace(found, data=found.data + b"t"), [0]) == [b"abc"]


@pytest.mark.parametrize(
    "deltas",
    [[0], [7], [256], [70_000], [1, 2, 3], [1, 256, 3], [256, 256], [1, 0, 70_000, 255, 65_535]],
)
def test_positions_are_read_in_every_form(deltas: list[int]) -> None:
    """As our writer and Python's pickle in any protocol write them."""
    wanted = list(accumulate(deltas))
    for protocol in (2, 4):
        assert blocks.positions(b"\0\0\0\1" + dumps(deltas, protocol)) == wanted
    for form in ([], [-1, 2], [1, -1], ["1"], (1, 2)):
        with pytest.raises(
            ValueError, match=r"posting has no positions|positions are not in order"
        ):
            blocks.positions(b"\0\0\0\1" + dumps(form, 2))


@pytest.mark.parametrize("number", [0, 255, 256, 65_535, 65_536, 2**31 - 1, -1, -(2**31)])
def test_a_number_is_pushed_as_pickle_does_it(number: int) -> None:
    """In one byte, two or four."""
    pushed = blocks.pushed_number(number)
    assert dumps(number, 2) == b"\x80\2" + pushed + b"."
    assert blocks.number_in(pushed) == number


@pytest.mark.parametrize("size", [0, 255, 256, 70_000])
def test_a_string_is_pushed_as_pickle_does_it(size: int) -> None:
    """Its length in one byte or four."""
    assert dumps(b"x" * size, 3) == b"\x80\3" + blocks.pushed(b"x" * size) + b"q\0."


# --- reading page by page ---------------------------------------------------------------


@pytest.fixture
def large(tmp_path: Path) -> IndexFile:
    """Return an open file of five pages, the last of which is not whole."""
    (tmp_path / "MAIN_0123456789abcdef.seg").write_bytes(
        bytes(number % 251 for number in range(4 * PAGE_BYTES + 100))
    )
    return IndexStorage(str(tmp_path)).open_file("MAIN_0123456789abcdef.seg")


def expected_bytes(start: int, length: int) -> bytes:
    """Return what `large` has there."""
    return bytes(number % 251 for number in range(start, start + length))


def test_what_stands_in_several_pages_is_read_whole(large: IndexFile) -> None:
    """Also where one byte of the next is wanted, or the last of a page."""
    for start, length in (
        (PAGE_BYTES - 4, 4), (PAGE_BYTES - 3, 4), (PAGE_BYTES - 1, PAGE_BYTES + 2),
        (PAGE_BYTES, PAGE_BYTES), (0, 2 * PAGE_BYTES + 1), (4 * PAGE_BYTES - 1, 101),
    ):  # fmt: skip
        assert large.get(start, length) == expected_bytes(start, length)


def test_few_pages_are_kept(large: IndexFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two are kept, the first is read again behind the third; the bytes are right."""
    starts = []

    def counted(descriptor: int | None, length: int, start: int) -> bytes:
        starts.append(start // PAGE_BYTES)
        return _read_at(descriptor, length, start)

    monkeypatch.setattr(files, "_read_at", counted)
    monkeypatch.setattr(files, "MAX_PAGES_KEPT", 2)
    for page in (0, 0, 1, 2, 0, 4):
        start = page * PAGE_BYTES
        assert large.get(start, 100) == expected_bytes(start, 100)
    assert starts == [0, 1, 2, 0, 4]
    assert large.get(0, large.length) == expected_bytes(0, large.length)


def test_a_system_that_reads_no_places(large: IndexFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file can be read on from its place only, the same is read."""
    monkeypatch.delattr(os, "pread")
    assert large.get(PAGE_BYTES - 3, 10) == expected_bytes(PAGE_BYTES - 3, 10)


def test_an_error_of_the_disk_is_named(large: IndexFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file, and what the system said of it."""

    def broken(*_: Any) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "_read_at", broken)
    with pytest.raises(IndexUnavailableError, match=r"cdef\.seg: cannot be read: Input/output"):
        large.get(0, 1)


def test_a_file_that_became_shorter_is_named(large: IndexFile, tmp_path: Path) -> None:
    """Where it was not read yet: what is kept of it does not help."""
    assert large.get(0, 1) == b"\0"
    os.truncate(tmp_path / "MAIN_0123456789abcdef.seg", PAGE_BYTES)
    with pytest.raises(IndexUnavailableError, match=r"cdef\.seg: became shorter while"):
        large.get(PAGE_BYTES, 1)


def test_a_name_that_leads_out_of_the_folder_is_none(tmp_path: Path) -> None:
    """It is said which, and why."""
    with pytest.raises(IndexUnavailableError, match=r"\.\./a\.seg: is no name of a file"):
        IndexStorage(str(tmp_path)).open_file("../a.seg")


def in_memory(data: bytes) -> IndexFile:
    """Return an open file of an index in memory."""
    storage = MemoryStorage()
    storage.put("a", data)
    return storage.open_file("a")


@pytest.mark.parametrize("name", ["MAIN_2.trm", "MAIN_1.trm/x", "MAIN_1/../../x", "../MAIN_1.trm"])
def test_a_compound_file_holds_files_of_its_segment_only(name: str) -> None:
    """A file of another segment is refused, and so is a name with a folder in it."""

    def held(name: str) -> list[str]:
        storage = MemoryStorage()
        with storage.create_file("MAIN_1.seg") as out:
            out.write(
                struct.pack("!q", 12) + b"text" + dumps({name: {"offset": 8, "length": 4}}, 2)
            )
        return CompoundFiles(storage.open_file("MAIN_1.seg"), "MAIN_1").list()

    assert held("MAIN_1.trm") == ["MAIN_1.trm"]
    with pytest.raises(IndexUnavailableError, match=r"names a file of something else\)"):
        held(name)


def test_what_is_kept_stays_within_its_bound() -> None:
    """All go when their lengths, and one for each, are more; one that is replaced counts once."""
    kept: Kept[str, str] = Kept(10)

    def held() -> str:
        return "".join(name for name in "abcd" if kept.get(name) is not None)

    for name, value, left in (
        ("a", "1234", "a"), ("b", "1234", "ab"), ("a", "4321", "ab"), ("a", "1", "ab"),
        ("c", "12", "abc"), ("d", "", "d"), ("a", "12345678", "ad"), ("b", "", "b"),
        ("c", "12345678901234", "c"), ("a", "", "a"), ("b", "12345678", "ab"),
    ):  # fmt: skip
        kept.put(name, value)
        assert held() == left, name
        assert kept.get(name) == value
    assert kept.made("b", str) == "12345678"
    assert kept.made("c", lambda: "new") == kept.get("c") == "new"


# --- stored posts -----------------------------------------------------------------------

TEXT = "\ud800 Detained in Minsk. " + "Released. " * 40
WHYS = (
    Evidence("body", "Detained", "strong term", 1, 2, 10),
    Evidence("body", "detained", "strong term", 2, 2, 10),
    Evidence("title", "Minsk", "country name"),
    Evidence("page_country", "BY", "source label"),
    Evidence("body", TEXT[:200], "rule", 1, 0, 200),
    Evidence("body", TEXT[:201], "rule", 1, 0, 201),
    Evidence("body", "Detained", "rule", 1, 2, None),
    Evidence("captions", "Minsk", "rule", 1, 0, 5),
    Evidence("links", "", "rule", 1, 0, 0),
)
POST = Post(
    "0123456789ab", "Minsk", (TEXT,), Provenance("a.txt", "0" * 64, "plain"), captions=("Minsk",)
)


@pytest.mark.parametrize("why", WHYS)
def test_a_post_is_stored_with_why_it_has_its_tags(why: Evidence) -> None:
    """Whatever the words, and wherever they stand; words that stand there are not written."""
    post = with_tags(POST, themes=(Tag("detention", (why,)),))
    held = stored.pack(post)
    assert stored.unpack(held) == post
    is_written = len(json.loads(held.decode("utf-8", "surrogatepass"))["evidence"][0]) > 5
    assert is_written == (why not in (WHYS[0], WHYS[4], WHYS[7]))


def test_few_bytes_do_not_stand_for_many_words() -> None:
    """A record may name a short part of its text only; what it writes out may be long."""
    held = stored.pack(with_tags(POST, themes=(Tag("detention", WHYS[4:5]),)))
    assert held.count(b",0,200]") == 1
    with pytest.raises(ValueError, match=r"^evidence stands for more words than it may$"):
        stored.unpack(held.replace(b",0,200]", b",0,201]"))


# --- files, read on -----------------------------------------------------------------------


def test_a_file_is_read_on_from_its_place(large: IndexFile) -> None:
    """As much as is asked for, all that is left, and nothing behind the end."""
    assert large.read(100) == expected_bytes(0, 100)
    assert large.read(100) == large.get(100, 100)
    assert large.tell() == 200
    large.seek(large.length - 50)
    assert large.read(20) == expected_bytes(large.length - 50, 20)
    assert large.read() == expected_bytes(large.length - 30, 30)
    assert large.read() == large.read(1) == b""
    large.seek(15)
    assert large.take(2) == expected_bytes(15, 2)
    assert large.tell() == 17


def test_numbers_of_variable_length() -> None:
    """Seven bits a byte, the lowest first, in no more than ten bytes."""
    for number, data in (
        (0, b"\0"), (127, b"\x7f"), (128, b"\x80\1"), (300, b"\xac\2"),
        (2**63, b"\x80" * 9 + b"\1"),
    ):  # fmt: skip
        file = in_memory(data + b"\7")
        assert file.read_varint() == number
        assert file.read() == b"\7"
    with pytest.raises(IndexUnavailableError, match=r": a number has more than 64 bits\)"):
        in_memory(b"\x80" * 11 + b"\1").read_varint()
    with pytest.raises(IndexUnavailableError, match="which it does not have"):
        in_memory(b"\x80").read_varint()


def test_a_part_of_a_file_ends_where_it_ends() -> None:
    """Also a part of a part; none begins before the file, or goes on behind it."""
    part = in_memory(b"0123456789").subset(2, 6)
    assert (part.length, part.read()) == (6, b"234567")
    assert part.subset(1, 3).read() == b"345"
    assert part.subset(6, 0).read() == b""
    for offset, length in ((-1, 1), (1, -1), (0, 7), (6, 1), (7, 0), (-3, 3)):
        with pytest.raises(IndexUnavailableError, match="has no"):
            part.subset(offset, length)
        with pytest.raises(IndexUnavailableError, match="which it does not have"):
            part.get(offset, length)


# --- columns ----------------------------------------------------------------------------

VALUES_WRITTEN = (b"", b"a", b"b" * 127, b"", b"b" * 128, b"bb" * 200, b"c" * 70_000, b"a")


@pytest.mark.parametrize(
    ("stock", "ours", "values"),
    [
        (whoosh_columns.VarBytesColumn(), Column("values"), VALUES_WRITTEN),
        # Beyond so many documents Whoosh writes where each value begins.
        (
            whoosh_columns.VarBytesColumn(write_offsets_cutoff=2),
            Column("values"),
            VALUES_WRITTEN,
        ),
        (whoosh_columns.RefBytesColumn(), Column("references"), VALUES_WRITTEN),
        (
            whoosh_columns.RefBytesColumn(),
            Column("references"),
            tuple(b"%d" % number for number in range(300)),
        ),
        (whoosh_columns.NumericColumn("q"), Column("numbers", "q"), (5, 0, -(2**62), 7, 0, 0)),
    ],
    ids=["values", "values and places", "references", "many references", "numbers"],
)
def test_a_column_of_stock_whoosh_is_read(stock: Any, ours: Column, values: Sequence[Any]) -> None:
    """One by one and all at once; with a byte less, or for more documents, it is none."""
    data = written_by(stock, values)
    column = columns.reader(ours, in_memory(data), len(values))
    assert list(column) == list(values)
    assert [column[number] for number in range(len(values))] == list(values)
    for wrong, count in ((data[:-1], len(values)), (data, len(values) + 9999)):
        if ours.kind != "numbers" or wrong is not data:
            with pytest.raises(IndexUnavailableError):
                list(columns.reader(ours, in_memory(wrong), count))


def test_posts_that_are_not_there_are_empty() -> None:
    """Before, between and behind those that stock Whoosh has written, in several blocks."""
    held = {3: b"a" * 600, 4: b"b" * 600, 9: b"c", 2000: b"d" * 2000}
    target = BytesIO()
    writer = whoosh_columns.CompressedBlockColumn(blocksize=1).writer(StructFile(target))
    for number, value in held.items():
        writer.add(number, value)
    writer.finish(2002)
    column = columns.reader(Column("posts"), in_memory(target.getvalue()), 2002)
    assert list(column) == [held.get(number, b"") for number in range(2002)]
    with pytest.raises(IndexUnavailableError, match=r": has a block of posts that are not there\)"):
        columns.reader(Column("posts"), in_memory(target.getvalue()), 2000)


def test_few_blocks_of_posts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as fit into the bound, the ones that were asked for last."""
    size = 3000
    monkeypatch.setattr(posts_column, "BLOCK_BYTES", size)
    monkeypatch.setattr(posts_column, "_MAX_KEPT_BYTES", 2 * size)
    pieces: list[bytes] = []
    writer = posts_column.PostsWriter(pieces.append)
    for number in range(4):
        writer.add(bytes([number]) * size)
    writer.finish()
    column = posts_column.Posts(in_memory(b"".join(pieces)), 4)
    read = []

    def counted(data: bytes, most: int) -> bytes:
        read.append(data)
        return inflated(data, most)

    monkeypatch.setattr(posts_column, "inflated", counted)
    for number, times in ((0, 1), (1, 2), (0, 2), (2, 3), (0, 3), (1, 4), (3, 5), (1, 5), (0, 6)):
        assert column[number] == bytes([number]) * size
        assert len(read) == times, number


def test_places_of_values_have_a_code_of_numbers() -> None:
    """Of the two codes behind them, either may be wrong."""
    data = written_by(whoosh_columns.VarBytesColumn(write_offsets_cutoff=2), (b"a", b"b", b"c"))
    for place in (-3, -2):
        changed = bytearray(data)
        changed[place] = ord("f")
        with pytest.raises(IndexUnavailableError, match=r": is no column of values\)"):
            columns.reader(Column("values"), in_memory(bytes(changed)), 3)


def written_by(column: Any, values: Sequence[Any]) -> bytes:
    """Return a column as stock Whoosh writes it."""
    target = BytesIO()
    writer = column.writer(StructFile(target))
    for number, value in enumerate(values):
        writer.add(number, value)
    writer.finish(len(values))
    return target.getvalue()


@pytest.mark.parametrize("count", [2, 3])
def test_numbers_at_the_end_may_be_left_out(count: int) -> None:
    """They are 0; there are no more of them than documents, and none is cut off."""
    data = struct.pack("!2h", -5, 300)
    assert list(columns.Numbers("h", in_memory(data), count)) == [-5, 300, 0][:count]
    for wrong in (data + b"\0", data + bytes(2 * count)):
        with pytest.raises(IndexUnavailableError, match=r": is no column of numbers, .* long\)"):
            columns.Numbers("h", in_memory(wrong), count)


@pytest.mark.parametrize(
    ("references", "held", "code", "reason"),
    [
        ([0, 2, 1], 2, b"B", "refers to a value that it does not have"),
        ([0, 0, 255], 2, b"B", "refers to a value that it does not have"),
        ([0, 0, 0], 0, b"B", "refers to a value that it does not have"),
        ([0, 0, 0], 3, b"B", "has values that are longer than it is"),
        ([0, 0, 0], 127, b"B", "says that it has more values than bytes"),
        ([0, 1, 0], 2, b"i", "is no column of references"),
    ],
)
def test_a_reference_is_to_a_value_that_is_there(
    references: Sequence[int], held: int, code: bytes, reason: str
) -> None:
    """Each behind its length; those of the list are all there."""
    good = in_memory(bytes([0, 1, 0, 2]) + b"\2aa\2bb" + b"B")
    assert list(columns.References(good, 3)) == [b"aa", b"bb", b"aa"]
    data = bytes([*references, held]) + b"\2aa\2bb" + code
    with pytest.raises(IndexUnavailableError, match=rf": {reason}\)"):
        columns.References(in_memory(data), 3)


def values_column(
    data: bytes, lengths: Sequence[int], starts: Sequence[int] | None = None
) -> bytes:
    """Return a column of values, with the places of the values or without, by its definition."""
    held = data + struct.pack(f"!{len(lengths)}i", *lengths)
    if starts is None:
        return held + b"i"
    return held + struct.pack(f"!{len(starts)}i", *starts) + b"iiX"


@pytest.mark.parametrize(
    ("data", "lengths", "starts", "values"),
    [
        (b"", [], None, []),
        (b"", [], [], []),
        (b"", [0, 0, 0], None, [b"", b"", b""]),
        (b"abc", [1, 1, 1], None, [b"a", b"b", b"c"]),
        (b"aabbcc", [2, 2, 2], None, [b"aa", b"bb", b"cc"]),
        (b"aabbcc", [2, 2, 2], [4, 0, 2], [b"cc", b"aa", b"bb"]),
        (b"abbccc", [3, 1, 0], [3, 0, 6], [b"ccc", b"a", b""]),
    ],
)
def test_values_are_where_a_column_says(
    data: bytes, lengths: Sequence[int], starts: Sequence[int] | None, values: Sequence[bytes]
) -> None:
    """One by one and all at once, up to the last byte: also none, empty ones and even ones."""
    column = columns.Values(in_memory(values_column(data, lengths, starts)), len(lengths))
    assert list(column) == values
    assert [column[number] for number in range(len(values))] == values


@pytest.mark.parametrize(
    ("data", "lengths", "starts"),
    [
        (b"aabbcc", [2, 2, 3], None),
        (b"aabbcc", [1, 1, 5], None),
        (b"aabbcc", [3, 3, 3], None),
        (b"aabbcc", [-1, 3, 2], None),
        (b"aabbcc", [-1, -1, -1], None),
        (b"aabbcc", [3, 3, 3], [0, 1, 2]),  # each is there, but not with bytes of its own
    ],
)
def test_no_value_is_longer_than_its_column(
    data: bytes, lengths: Sequence[int], starts: Sequence[int] | None
) -> None:
    """A small file must not fill any memory."""
    with pytest.raises(IndexUnavailableError, match=r": has longer values than bytes\)"):
        columns.Values(in_memory(values_column(data, lengths, starts)), len(lengths))


@pytest.mark.parametrize("start", [-1, -(2**31), 5, 2**31 - 1])
def test_no_value_is_beside_its_column(start: int) -> None:
    """The others can be read; all of them at once cannot."""
    column = columns.Values(in_memory(values_column(b"aabbcc", [2, 2, 2], [4, start, 2])), 3)
    assert (column[0], column[2]) == (b"cc", b"bb")
    for read in (lambda: column[1], lambda: list(column)):
        with pytest.raises(IndexUnavailableError, match=r": has a value that is not in it\)"):
            read()


# --- the column of posts ------------------------------------------------------------------


def posts_block(lengths: Sequence[tuple[int, int]], data: bytes, *, first: int = -1) -> bytes:
    """Return a block of posts, or of what else is said to be some.

    Args:
        lengths: of each document.
        data: what is deflated.
        first: document in its heading, if it is not that of the first length.
    """
    packed = zlib.compress(data)
    first = lengths[0][0] if first < 0 else first
    return posts_column._header(first, lengths[-1][0], len(packed), lengths) + packed  # noqa: SLF001


def posts_index(numbers: Sequence[int], place: int, *, behind: bytes = b"") -> bytes:
    """Return the list of blocks: their first documents, then their places.

    Args:
        numbers: all of them.
        place: where it begins, by what it says itself.
        behind: what is deflated with them.
    """
    packed = zlib.compress(struct.pack(f"!{len(numbers)}Q", *numbers) + behind)
    packed += b"RSPB" + struct.pack("!q", place)
    return posts_column._header(6, 5, len(packed), ()) + packed  # noqa: SLF001


ONE = posts_block([(1, 2), (2, 1), (3, 0)], b"aab")
TWO = posts_block([(4, 3)], b"ccc")
SIX_POSTS = [b"", b"aa", b"b", b"", b"ccc", b""]


def posts(data: bytes, count: int = 6) -> list[bytes]:
    """Return what a column of posts holds."""
    return list(posts_column.Posts(in_memory(data), count))


def test_blocks_of_posts_are_found_by_their_list() -> None:
    """What stands between them is passed over, which nobody could walk through."""
    data = ONE + b"what is no block" + TWO
    places = (0, len(data) - len(TWO))
    assert posts(data + posts_index((1, 4, *places), len(data))) == SIX_POSTS
    with pytest.raises(IndexUnavailableError):
        posts(data)
    pieces: list[bytes] = []
    writer = posts_column.PostsWriter(pieces.append)
    writer.add(b"a")
    writer.finish()
    assert posts(b"".join(pieces), 1) == [b"a"]


def test_blocks_of_posts_are_walked_through() -> None:
    """Where no list is said to be, or in the wrong place, or not up to the end."""
    empty = posts_column._header(6, 5, 0, ())  # noqa: SLF001
    data = ONE + empty + TWO
    wrong = posts_index((1, 4, 7, 7), len(data))
    assert posts(b"", 2) == [b"", b""]
    assert posts(data) == SIX_POSTS
    assert posts(posts_block([(0, 1)], b"a"), 1) == [b"a"]
    for place in (-1, -len(wrong), len(data + wrong), 2**62, 0):
        assert posts(data + posts_index((1, 4, 7, 7), place)) == SIX_POSTS
    assert posts(data + wrong[:-12] + b"RSPA" + wrong[-8:]) == SIX_POSTS


@pytest.mark.parametrize("form", [b"(%b", b"\x80\x02(%b"])
def test_small_blocks_are_walked_through_in_few_bytes(
    form: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a column from a stranger not all that is left is read for each of its blocks."""
    count = 500
    rest = [posts_block([(number, 1)], b"a")[1:] for number in range(count)]
    read = 0
    get = IndexFile.get

    def counted(file: IndexFile, position: int, length: int) -> bytes:
        nonlocal read
        read += length
        return get(file, position, length)

    monkeypatch.setattr(IndexFile, "get", counted)
    posts_column.Posts(in_memory(b"".join(form % one for one in rest)), count)
    assert read <= count * 4096


def test_a_heading_may_be_long() -> None:
    """Of a block of many short posts, by us and as stock Whoosh writes it."""
    lengths = [(number, 1) for number in range(2000)]
    block = posts_block(lengths, b"a" * 2000)
    assert block.index(zlib.compress(b"a" * 2000)) > 4096
    for form in (block, b"\x80\x02" + block):
        assert posts(form, 2000) == [b"a"] * 2000


UNREADABLE = "the list of its blocks cannot be read: .*"
NOT_THERE = "has a block of posts that are not there"
NOT_IN_ORDER = "has blocks of posts that are not in order"
MISPLACED = "has a block of posts that is not where it should be"
ANOTHER_LENGTH = "has a block of posts of another length"


@pytest.mark.parametrize(
    ("index", "reason"),
    [
        (posts_index((1, 4, 0), len(ONE + TWO)), "the list of its blocks is none"),
        (posts_index((4, 1, 0, 0), len(ONE + TWO)), "the list of its blocks is none"),
        (posts_index((1, 1, 0, 0), len(ONE + TWO)), "the list of its blocks is none"),
        (posts_index((1, 0), len(ONE + TWO), behind=b"1234"), UNREADABLE),
        # More blocks than documents.
        (posts_index((*range(8), *range(8)), len(ONE + TWO)), UNREADABLE),
    ],
)
def test_a_list_of_blocks_is_in_order(index: bytes, reason: str) -> None:
    """Each block once, and no more than there are documents."""
    with pytest.raises(IndexUnavailableError, match=rf": {reason}\)"):
        posts(ONE + TWO + index)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (ONE + posts_block([(6, 3)], b"ccc"), NOT_THERE),
        (ONE + posts_column._header(4, 4, -1, [(4, 3)]), NOT_THERE),  # noqa: SLF001
        (posts_column._header(-1, 2, 3, [(0, 3)]) + b"ccc", NOT_THERE),  # noqa: SLF001
        (TWO + ONE, NOT_IN_ORDER),
        (ONE + ONE, NOT_IN_ORDER),
    ],
)
def test_blocks_of_posts_are_in_order(data: bytes, reason: str) -> None:
    """Each of documents that there are, behind those of the block before."""
    with pytest.raises(IndexUnavailableError, match=rf": {reason}\)"):
        posts_column.Posts(in_memory(data), 6)


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        (posts_block([(1, 1), (2, 2)], b"aab", first=0), MISPLACED),
        (posts_block([(2, 1), (1, 2)], b"aab"), MISPLACED),
        (posts_block([(1, 1), (1, 2)], b"aab"), MISPLACED),
        (posts_block([(1, 1), (2, 2)], b"aabb"), ANOTHER_LENGTH),
        (posts_block([(1, 1), (2, 3)], b"aab"), ANOTHER_LENGTH),
        (posts_block([(1, 4), (2, -1)], b"aab"), ANOTHER_LENGTH),
        (ONE[:-1] + bytes([ONE[-1] ^ 1]), "a block of posts cannot be read: .*"),
    ],
)
def test_a_block_holds_the_posts_that_it_says(block: bytes, reason: str) -> None:
    """The document that its place in the list says, in order, and all that was deflated."""
    with pytest.raises(IndexUnavailableError, match=rf": {reason}\)"):
        posts(block + posts_index((block[2], 0), len(block)))
