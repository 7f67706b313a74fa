"""The postings of a term, block by block: what was written is read, and what is wrong is told."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from itertools import chain, pairwise
from pickle import dumps

import pytest

from rights_search.engines.whoosh import blocks, encoding, layout
from rights_search.engines.whoosh.storage import MemoryStorage
from rights_search.engines.whoosh.terms import PostingList
from rights_search.errors import IndexUnavailableError

COUNT = 9000
DOCUMENTS = range(0, COUNT, 3)
POSITIONS = {
    document: [document % 500 + 40 * number for number in range(1 + document % 4)]
    for document in DOCUMENTS
}
LENGTHS = bytes(document % 200 for document in range(COUNT))


def listed(data: bytes, value_bytes: int | None, count: int = COUNT) -> PostingList:
    """Return postings that stand in a file of their own."""
    storage = MemoryStorage()
    storage.put("MAIN_1.pst", data)
    return PostingList(storage.open_file("MAIN_1.pst"), count, value_bytes)


def with_positions(documents: Sequence[int]) -> bytes:
    """Return the blocks of documents with the positions that they have here."""
    counts = [len(POSITIONS[document]) for document in documents]
    positions = list(chain.from_iterable(POSITIONS[document] for document in documents))
    postings = encoding.with_positions(documents, counts, positions)
    return encoding.encoded(postings, LENGTHS, None)[0]


@pytest.fixture(scope="module")
def postings() -> PostingList:
    """Return the postings of a term in a thousand documents."""
    return listed(with_positions(DOCUMENTS), None)


def test_blocks_follow_each_other(postings: PostingList) -> None:
    """Each has the documents behind those of the one before, and how often the term is there."""
    found = list(postings.blocks())
    assert len(found) > 3
    assert [document for block in found for document in block.documents] == list(DOCUMENTS)
    weights = [weight for block in found for weight in block.weights]
    assert weights == [len(POSITIONS[document]) for document in DOCUMENTS]


def test_what_is_stored_is_read_with_each(postings: PostingList) -> None:
    """As it is, and as the instructions that store it again."""
    valued = list(postings.valued())
    pushed = list(postings.instructions())
    for (block, values), (same, instructions) in zip(valued, pushed, strict=True):
        assert block == same
        for document, value, instruction in zip(block.documents, values, instructions, strict=True):
            assert postings.places(value) == POSITIONS[document]
            assert blocks.pushed(value or b"") == instruction
    pieces = postings.pieces()
    assert pieces is not None
    assert [piece.values for piece in pieces] == [b"".join(values) for _, values in pushed]
    assert [piece.first for piece in pieces] == [block.documents[0] for block, _ in valued]


@pytest.mark.parametrize(
    "wanted",
    [
        {0}, {8997}, {4500}, {3, 8997}, {0, 1, 2, 3}, {1, 2}, set(), set(DOCUMENTS),
        set(range(COUNT)), set(range(3600, 5400)), {8998, 8999}, {4500, COUNT, 10 * COUNT},
    ],
    ids=len,
)  # fmt: skip
def test_positions_of_some_documents(postings: PostingList, wanted: set[int]) -> None:
    """Of those that hold the term, in whichever block they stand."""
    found = list(postings.positions(wanted))
    held = sorted(wanted & set(DOCUMENTS))
    assert found == [(document, POSITIONS[document]) for document in held]


@pytest.mark.parametrize("value_bytes", [0, 4])
def test_values_of_one_length_are_read(value_bytes: int) -> None:
    """Counts of four bytes, and nothing at all."""
    counts = [1 + document % 200 for document in DOCUMENTS]
    held = encoding.with_counts(DOCUMENTS, counts)
    if not value_bytes:
        held = held._replace(values=None)
    found = listed(encoding.encoded(held, None, value_bytes)[0], value_bytes)
    wanted = [struct.pack("!I", count) if value_bytes else None for count in counts]
    assert [value for _, values in found.valued() for value in values] == wanted
    kept = [value for _, values in found.instructions() for value in values]
    assert kept == [value or b"" for value in wanted]
    weights = [weight for block in found.blocks() for weight in block.weights]
    assert weights == counts
    pieces = found.pieces()
    assert pieces is not None
    assert b"".join(piece.values for piece in pieces) == b"".join(kept)


@pytest.mark.parametrize(
    "weights", [[1, 1, 1], [1, 2, 255], [1, 2, 256], [0.5, 2.0, 1.0], [1.0, 1.0, 1.0]]
)
def test_weights_are_read_as_they_were(weights: list[float]) -> None:
    """None for what stands once each, bytes for few times, and else numbers of eight bytes."""
    held = encoding.with_counts([1, 5, 9], [1, 2, 3])._replace(weights=weights)
    (block,) = listed(encoding.encoded(held, None, 4)[0], 4).blocks()
    assert [*block.weights] == weights


def test_postings_of_another_shape_are_no_pieces() -> None:
    """They are merged one by one."""
    one = encoding.with_counts(range(9), range(1, 10))
    data = encoding.encoded(one, None, 4)[0]
    assert listed(data, 4).pieces() is not None
    assert listed(data, None).pieces() is None
    many = encoding.with_counts(range(9), [1, 300] * 4 + [1])
    assert listed(encoding.encoded(many, None, 4)[0], 4).pieces() is None


HEAD_BYTES = len(layout.MAGIC) + 4


def block_of(*documents: int) -> bytes:
    """Return one block, without what stands before it in a file."""
    return with_positions(documents)[HEAD_BYTES:]


def sized(*blocks_: tuple[int, bytes]) -> bytes:
    """Return blocks as they stand in a file, each with a size of our own."""
    return layout.MAGIC + b"".join(struct.pack("!i", size) + data for size, data in blocks_)


FIRST, BEHIND, ACROSS = block_of(0, 30), block_of(33, 60), block_of(30, 60)
HEAD, BODY = FIRST[: FIRST.index(b"t.") + 2], FIRST[FIRST.index(b"t.") + 2 :]
CUT = HEAD.replace(b"K\3K\0", b"K\3K\1") + zlib.compress(BODY)[:-1]
"""A block that says that it is deflated."""
NOT_IN_IT = "which it does not have"
NO_SIZE = "has a block of no sensible size"
NOT_THERE = "has postings of documents that are not there"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", f"points to 4 bytes at 0, {NOT_IN_IT}"),
        (layout.MAGIC, f"points to 4 bytes at 4, {NOT_IN_IT}"),
        (b"\0" + with_positions([0])[1:], "has no postings where they should be"),
        (sized((0, b"")), NO_SIZE),
        (sized((-blocks.MAX_BLOCK_BYTES - 1, FIRST)), NO_SIZE),
        (sized((-blocks.MAX_BLOCK_BYTES, b"")), f"points to 4194304 bytes at 8, {NOT_IN_IT}"),
        (sized((-len(CUT), CUT)), "it is cut short, or longer than 4,194,304 bytes"),
        (sized((-len(FIRST) - 1, FIRST)), f"points to {len(FIRST) + 1} bytes at 8, {NOT_IN_IT}"),
        (sized((len(FIRST), FIRST)), f"points to 4 bytes at {8 + len(FIRST)}, {NOT_IN_IT}"),
        (sized((-1, b"N")), "it is cut short"),
        (encoding.joined([BEHIND, FIRST]), NOT_THERE),
        (encoding.joined([FIRST, FIRST]), NOT_THERE),
        (with_positions([0, 8997]), NOT_THERE),
        (encoding.joined([FIRST, ACROSS]), "has postings that are not in order"),
    ],
)
def test_what_is_wrong_with_postings_is_told(data: bytes, reason: str) -> None:
    """By whoever reads them, for a search or to merge them."""
    found = listed(data, None, 8997)
    for read in (found.blocks, found.pieces, lambda: found.positions({0, 30, 60, 8997})):
        with pytest.raises(IndexUnavailableError) as caught:
            list(read() or ())
        assert f"(MAIN_1.pst: {reason})" in str(caught.value)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([b"1"], "a block's values are not those of its postings"),
        ([b"", b""], "it is cut short"),
        ([b"\0\0\0\1" + dumps([])] * 2, "a posting has no positions"),
    ],
)
def test_what_is_wrong_with_positions_is_told(values: object, reason: str) -> None:
    """By whoever asks for those of all documents or of some."""
    found = listed(of_another_shape([0, 30], values), None)
    assert len(list(found.blocks())) == 1
    for read in (
        lambda: list(found.positions({0, 30})),
        lambda: [found.places(value) for _, held in found.valued() for value in held],
    ):
        with pytest.raises(IndexUnavailableError) as caught:
            read()
        assert f"(MAIN_1.pst: {reason})" in str(caught.value)


def of_another_shape(documents: Sequence[int], values: object = None) -> bytes:
    """Return one block in lists, as stock Whoosh may write it, with its values or with others."""
    ours = listed(with_positions(documents), None)
    ((block, held),) = ours.valued()
    deltas = (documents[0], *(after - before for before, after in pairwise(documents)))
    weights = tuple(map(float, block.weights))
    numbers = (len(documents), documents[-1], max(weights), 0, 0, 0)
    kept = list(held) if values is None else values
    data = dumps(numbers, 2) + dumps((deltas, weights, kept), 2)
    return sized((-len(data), data))


def test_postings_of_another_shape_are_read() -> None:
    """All of them, as they are stored again, and of few documents."""
    documents = DOCUMENTS[:40]
    found = listed(of_another_shape(documents), None)
    ours = listed(with_positions(documents), None)
    assert [values for _, values in found.valued()] == [values for _, values in ours.valued()]
    assert [pushed for _, pushed in found.instructions()] == [
        pushed for _, pushed in ours.instructions()
    ]
    assert found.pieces() is None
    for wanted in ({documents[30]}, set(documents)):
        assert list(found.positions(wanted)) == list(ours.positions(wanted))


def test_postings_in_order_are_read() -> None:
    """The last document is the last one of the segment."""
    found = listed(encoding.joined([FIRST, BEHIND]), None, 61)
    assert [document for document, _ in found.positions({0, 30, 33, 60})] == [0, 30, 33, 60]
    with pytest.raises(IndexUnavailableError, match=NOT_THERE):
        list(listed(encoding.joined([FIRST, BEHIND]), None, 60).blocks())
