"""The terms of a segment: the table of them, the list of its rows, and what a row says."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from hashlib import md5
from itertools import product
from pickle import dumps
from typing import Any

import pytest

from rights_search.engines.whoosh import encoding
from rights_search.engines.whoosh.files import IndexFile
from rights_search.engines.whoosh.storage import MemoryStorage
from rights_search.engines.whoosh.table_writing import TableWriter
from rights_search.engines.whoosh.term_table import TermTable
from rights_search.engines.whoosh.terms import Row, Terms
from rights_search.errors import IndexUnavailableError


def in_memory(data: bytes) -> IndexFile:
    """Return a file of these bytes."""
    storage = MemoryStorage()
    storage.put("a", data)
    return storage.open_file("a")


def test_a_section_of_the_terms_gives_what_begins_so() -> None:
    """Of one field: each term, and those with any beginning, in order."""
    words = sorted(
        "".join(letters).encode()
        for size in range(1, 4)
        for letters in product("abé一", repeat=size)
    )
    pieces: list[bytes] = []
    writer = TableWriter(pieces.append)
    for field in ("text", "title", "where"):
        writer.begin(field)
        for number, word in enumerate(words if field == "title" else [b"a", b"z"]):
            writer.add(word, number.to_bytes(5, "big"))
    writer.finish()
    section = TermTable(in_memory(b"".join(pieces))).section(struct.pack("!H", 1), 5)
    assert len(section) == len(words)
    assert [section[number] for number in range(len(words))] == words
    for start in {word[:size] for word in words for size in range(len(word) + 1)} | {b"c", b"aac"}:
        wanted = [word for word in words if word.startswith(start)]
        assert section.starting(start) == wanted


def test_a_table_of_terms_gives_what_was_put_in() -> None:
    """By key and in order, from any key on, whether it is there or not."""
    pieces: list[bytes] = []
    writer = TableWriter(pieces.append)
    written: dict[bytes, bytes] = {}
    for number, field in enumerate(("text", "title")):
        writer.begin(field)
        for term in (b"aa", b"ab", b"b", b"\xd0\xb0"):
            writer.add(term, term * 3)
            written[struct.pack("!H", number) + term] = term * 3
    writer.finish()
    table = TermTable(in_memory(b"".join(pieces)))
    assert list(table.items()) == sorted(written.items())
    for key, value in written.items():
        found = table.find(key)
        assert found is not None
        place, length = found
        assert b"".join(pieces)[place : place + length] == value
    for start in (b"", *written, b"\0\0ac", b"\0\1\0", b"\0\2"):
        rest = {key: value for key, value in written.items() if key >= start}
        assert list(table.items_from(start)) == sorted(rest.items())
    assert table.find(b"\0\0ac") is None
    for place in (0, 4):
        changed = bytearray(b"".join(pieces))
        changed[place] += 1
        with pytest.raises(IndexUnavailableError, match=r"\(a: is no table of terms\)"):
            TermTable(in_memory(bytes(changed)))


def with_list(code: str, rows: Sequence[int], *, count: int | None = None, **other: Any) -> bytes:
    """Return a table of two terms with another list of its rows.

    Args:
        code: of its numbers.
        rows: where each row begins.
        count: how many there are by what it says of itself.
        other: instead of the rest of what it says.
    """
    pieces: list[bytes] = []
    writer = TableWriter(pieces.append)
    writer.begin("text")
    writer.add(b"a", b"1")
    writer.add(b"b", b"2")
    writer.finish()
    data = b"".join(pieces)
    (tail,) = struct.unpack("!i", data[-4:])
    count = len(rows) if count is None else count
    extras = {"fieldmap": {"text": 0}, "indextype": code, "indexlen": count} | other
    behind = dumps(extras, 2) + struct.pack(f"!{len(rows)}{code}", *rows)
    return data[: -4 - tail] + behind + struct.pack("!i", len(behind))


FIRST, SECOND = 13, 13 + 8 + 3 + 1
"""Where the rows of `with_list` begin."""


@pytest.mark.parametrize("code", list("BHiIq"))
def test_rows_are_listed_in_numbers_of_any_size(code: str) -> None:
    """As stock Whoosh does, by how far away the last one is."""
    table = TermTable(in_memory(with_list(code, [FIRST, SECOND])))
    assert len(table) == 2
    assert list(table.items_from(b"\0\0b")) == [(b"\0\0b", b"2")]
    assert table.section(b"\0\0", 1).starting(b"") == [b"a", b"b"]
    assert list(TermTable(in_memory(with_list(code, []))).items_from(b"\0\0c")) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (with_list("f", [FIRST, SECOND]), "has no list of its rows"),
        (with_list("H", [FIRST, SECOND], count=-1), "has no list of its rows"),
        (with_list("H", [FIRST, SECOND], count=3), "has no list of its rows"),
        # More rows than have room before the first hash table.
        (with_list("H", [FIRST] * 5), "has no list of its rows"),
        (with_list("H", [], fieldmap=[]), "does not say what it holds"),
        (with_list("H", [], indextype=None), "does not say what it holds"),
        (with_list("H", [], indexlen="0"), "does not say what it holds"),
    ],
)
def test_a_table_has_a_list_of_its_rows(data: bytes, reason: str) -> None:
    """Of all of them, and of no more than there can be."""
    with pytest.raises(IndexUnavailableError, match=rf"\(a: {reason}\)"):
        TermTable(in_memory(data))


@pytest.mark.parametrize("row", [FIRST - 1, 2 * SECOND - FIRST, 65_535])
def test_a_row_is_among_the_rows(row: int) -> None:
    """Neither in what stands before them nor in what stands behind."""
    table = TermTable(in_memory(with_list("H", [FIRST, row])))
    with pytest.raises(IndexUnavailableError, match=r"\(a: points to a row that is none\)"):
        table.items_from(b"\0\0b")


def test_a_table_of_many_terms_gives_what_was_put_in() -> None:
    """Where terms share slots of the hash tables, and rows reach over what is read at once."""
    pieces: list[bytes] = []
    writer = TableWriter(pieces.append)
    writer.begin("text")
    terms = [b"%04d" % number for number in range(3000)]
    terms[1500:1500] = [b"1499" + b"x" * 70_000]
    written = {b"\0\0" + term: term[:4] * (1 + number % 9) for number, term in enumerate(terms)}
    for term in terms:
        writer.add(term, written[b"\0\0" + term])
    writer.finish()
    data = b"".join(pieces)
    table = TermTable(in_memory(data))
    assert list(table.items()) == list(written.items())
    for key, value in written.items():
        found = table.find(key)
        assert found is not None
        assert data[found[0] : sum(found)] == value
        assert table.find(key + b"-") is None
    assert list(table.items_from(b"\0\x002998")) == list(written.items())[-2:]


@pytest.mark.parametrize(
    ("key_bytes", "value_bytes"),
    [(-1, 1), (3, -1), (-3, 4), (4, -1), (2**30, 1), (3, 2**30), (3, 14), (14, 3), (16, 1)],
)
def test_a_row_ends_before_the_hash_tables(key_bytes: int, value_bytes: int) -> None:
    """Neither key nor value goes back, or on into what stands behind the rows."""
    data = with_list("H", [FIRST, SECOND])
    lengths = struct.pack("!ii", key_bytes, value_bytes)
    table = TermTable(in_memory(data[:FIRST] + lengths + data[FIRST + 8 :]))
    for asked in (
        lambda: table.find(b"\0\0a"),
        lambda: list(table.items()),
        lambda: list(table.items_from(b"\0\0a")),
    ):
        with pytest.raises(
            IndexUnavailableError, match=r"\(a: has a row that is longer than the table\)"
        ):
            asked()


def test_a_hash_is_not_taken_for_its_key() -> None:
    """The row that it leads to may be that of another key, as long or not."""
    pieces: list[bytes] = []
    writer = TableWriter(pieces.append)
    writer.begin("text")
    rows = {}
    for term in (b"a", b"b", b"cc"):
        rows[term] = sum(map(len, pieces))
        writer.add(term, b"1")
    writer.finish()
    data = b"".join(pieces)
    assert TermTable(in_memory(data)).find(b"\0\0a") is not None
    code = int.from_bytes(md5(b"\0\0a").digest()[-4:], "big")
    right = struct.pack("!Iq", code, rows[b"a"])
    assert data.count(right) == 1
    for other in (b"b", b"cc"):
        changed = data.replace(right, struct.pack("!Iq", code, rows[other]))
        assert TermTable(in_memory(changed)).find(b"\0\0a") is None


# --- what the table says of the terms of a segment -----------------------------------------

ROW = struct.Struct("!BfIBBfIIqi")
COUNT = 9
"""Of the documents in the segment of `terms_of`."""


def row(
    documents: int = 1, last: int = 0, place: int = 0, length: int = 0, *, flag: int = 0
) -> bytes:
    """Return a row that says so of a term."""
    return ROW.pack(flag, 1.5, documents, 0, 0, 1.0, 0, last, place, length)


def table_of(rows: Mapping[str, Mapping[bytes, bytes]]) -> bytes:
    """Return a table of field → term → row."""
    pieces: list[bytes] = []
    writer = TableWriter(pieces.append)
    for field, of_field in rows.items():
        writer.begin(field)
        for term, value in of_field.items():
            writer.add(term, value)
    writer.finish()
    return b"".join(pieces)


def terms_of(table: bytes, postings: bytes = b"") -> Terms:
    """Return the terms that a table is of."""
    return Terms(in_memory(table), in_memory(postings), COUNT)


def test_terms_are_asked_by_their_fields() -> None:
    """One, those that begin so, and all; a field that is not there has none."""
    rows = {
        "title": {b"a": row(1), b"ab": row(9), b"b": row(3)},
        "text": {b"a": row(2)},
        "body": {},
    }
    terms = terms_of(table_of(rows))
    for _ in range(2):
        assert terms.fields == {"title", "text", "body"}
        assert [terms.count("title", term) for term in (b"a", b"ab", b"abc")] == [1, 9, 0]
        assert [terms.count(field, b"a") for field in ("text", "body", "url")] == [2, 0, 0]
        assert terms.starting("title", b"a") == [b"a", b"ab"]
        assert terms.starting("body", b"") == terms.starting("url", b"") == []
        held = [field for field in ("title", "text", "body", "url") if terms.holds(field)]
        assert held == ["title", "text"]
    assert {field: dict(terms.rows(field)) for field in rows} == rows
    assert list(terms.rows("url")) == []
    assert list(terms.items()) == [
        (field, term, value) for field, held in rows.items() for term, value in held.items()
    ]


COUNTED = encoding.with_counts([3, 7], [1, 2])


@pytest.mark.parametrize(
    ("field", "held", "value_bytes", "values"),
    [
        ("title", encoding.with_positions([3, 7], [1, 2], [5, 2, 8]), None, [[5], [2, 8]]),
        ("country", COUNTED, 4, [b"\0\0\0\1", b"\0\0\0\2"]),
        ("path", COUNTED._replace(values=None), 0, [None, None]),
    ],
)
def test_a_row_says_where_its_postings_stand(
    field: str, held: encoding.Postings, value_bytes: int | None, values: list[Any]
) -> None:
    """They are read with as many bytes for each as its field has."""
    data = encoding.encoded(held, None, value_bytes)[0]
    said = row(2, 7, 4, len(data))
    terms = terms_of(table_of({field: {b"a": said}}), b"....%b...." % data)
    assert terms.row(said) == Row(1.5, 2, 7, 4, len(data))
    assert terms.postings(field, b"b") is terms.postings("url", b"a") is None
    postings = terms.postings(field, b"a")
    assert postings is not None
    ((block, found),) = postings.valued()
    assert block.documents == (3, 7)
    assert [postings.places(each) if value_bytes is None else each for each in found] == values


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (row(0), "has a term in more documents than there are"),
        (row(COUNT + 1), "has a term in more documents than there are"),
        (row(flag=1), "has a row that is none of a term"),
        (row()[:-1], "has a row that is none of a term"),
        (row() + b"\0", "has a row that is none of a term"),
    ],
)
def test_a_row_that_says_nothing_true_is_refused(wrong: bytes, reason: str) -> None:
    """By whoever asks for its term."""
    terms = terms_of(table_of({"title": {b"a": wrong}}))
    for asked in (terms.count, terms.postings):
        with pytest.raises(IndexUnavailableError, match=rf"\(a: {reason}\)"):
            asked("title", b"a")


NO_NUMBER = "has a field without a name or number"
NO_FIELD = "has a field with a number that none has"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({b"text": 0}, NO_NUMBER),
        ({"text": "0"}, NO_NUMBER),
        ({"text": 0.0}, NO_NUMBER),
        ({"text": -1}, NO_FIELD),
        # What stands for a field that is not there.
        ({"text": 0xFFFF}, NO_FIELD),
    ],
)
def test_a_field_has_a_name_and_a_number(fields: dict[Any, Any], reason: str) -> None:
    """Of two bytes: it stands before each term."""
    with pytest.raises(IndexUnavailableError, match=rf"\(a: {reason}\)"):
        terms_of(with_list("H", [FIRST, SECOND], fieldmap=fields))


def test_each_term_is_of_a_field() -> None:
    """Whoever goes through all terms is told of one that is not."""
    unknown = terms_of(with_list("H", [FIRST, SECOND], fieldmap={"text": 1}))
    with pytest.raises(IndexUnavailableError, match=r"\(a: has a term of an unknown field\)"):
        next(unknown.items())
    assert list(unknown.rows("text")) == []
    data = with_list("H", [FIRST, SECOND])
    # The key ends after a byte, and the rest of it is the value.
    short = data[:FIRST] + struct.pack("!ii", 1, 3) + data[FIRST + 8 :]
    with pytest.raises(IndexUnavailableError, match=r"\(a: has a term without a field\)"):
        next(terms_of(short).items())
    empty = data[:FIRST] + struct.pack("!ii", 2, 2) + data[FIRST + 8 :]
    assert next(terms_of(empty).items()) == ("text", b"", b"a1")
