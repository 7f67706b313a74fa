"""Bytes of an index that changed: right answers or `IndexUnavailableError`, and nothing else."""

from __future__ import annotations

import os
import resource
import shutil
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from itertools import accumulate, product
from pathlib import Path
from pickle import dumps
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import columns as whoosh_columns
from whoosh.filedb.structfile import StructFile

from fuzzing import examples
from rights_search import Archive
from rights_search.engines.whoosh import (
    blocks,
    columns,
    contents,
    encoding,
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
from rights_search.engines.whoosh.layout import Column
from rights_search.engines.whoosh.schema import make_schema
from rights_search.engines.whoosh.storage import IndexStorage, MemoryStorage
from rights_search.engines.whoosh.table_writing import TableWriter
from rights_search.engines.whoosh.term_table import TermTable
from rights_search.errors import IndexUnavailableError

MEMORY_BYTES = 512 * 1024 * 1024
"""No index of a few posts needs more, whatever it says of itself."""

POSTS = [
    ("Torture in prison", "2014-02-05", "They spoke of torture in prison, and of prisons."),
    ("Prison", "2015", "A prisoner of conscience was freed in Cairo, Egypt."),
    ("Femmes", "2016-03", "Les femmes prisonnières de la prison de Tora, en Égypte."),
    ("Journalists", "2017-01-01", "Journalists in Moscow, Russia, and in Minsk were detained."),
    ("Torture in prison", "2014-02-06", "They spoke of torture in prison, and of prisons."),
    ("Letters", "", "Letters to a prison, each with its own words: " + "word " * 300),
]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of two segments, with deleted posts and copies."""
    folder = tmp_path_factory.mktemp("damaged")
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, (title, date, text) in enumerate(POSTS):
        (corpus / f"{number}.md").write_text(f"# {title}\n\n{date}\n\n{text}\n")
    with Archive.create(folder / "index") as archive:
        archive.sync(corpus)
        (corpus / "1.md").unlink()
        (corpus / "7.md").write_text("# Added\n\n2018\n\nAdded later, on prisons in Egypt.\n")
        archive.sync(corpus)
    return folder / "index"


def answers(index: Path) -> list[Any]:
    """Return what an index says to what may be asked of it."""
    with Archive.open(index) as archive:
        found: list[Any] = [archive.stats().posts, archive.stats().facets]
        for query in ("prison", '"torture in prison"', "pris*", "country:EG", "~priso", "is:copy"):
            results = archive.search(query, facets=("country", "year"), sort="newest")
            found += [results.total, results.facets]
            found += [(hit.post, hit.score, hit.snippet, hit.copies) for hit in results]
        found += archive.posts("")
    return found


def answers_or_error(index: Path) -> list[Any] | str:
    """Return the answers, or the message of the one error that there may be."""
    try:
        return answers(index)
    except IndexUnavailableError as error:
        (line,) = str(error).splitlines()
        return line


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Let the process have only so much more memory than it has."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY_BYTES, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@st.composite
def damage(draw: st.DrawFn, data: bytes) -> bytes:
    """Return bytes of which some are changed, lost or doubled."""
    place = draw(st.integers(0, len(data) - 1))
    kind = draw(st.sampled_from(["flip", "flip", "byte", "cut", "zeros", "ones", "lose", "double"]))
    length = draw(st.integers(1, 64))
    match kind:
        case "flip":
            changed = bytes([data[place] ^ (1 << draw(st.integers(0, 7)))])
            return data[:place] + changed + data[place + 1 :]
        case "byte":
            return data[:place] + bytes([draw(st.integers(0, 255))]) + data[place + 1 :]
        case "cut":
            return data[:place]
        case "zeros" | "ones":
            filled = (b"\0" if kind == "zeros" else b"\xff") * length
            return data[:place] + filled[: len(data) - place] + data[place + length :]
        case "lose":
            return data[:place] + data[place + length :]
        case _:
            return data[: place + length] + data[place:]


LOOSE = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@settings(max_examples=examples(60), suppress_health_check=LOOSE)
@given(st.data())
def test_no_answer_is_wrong(honest: Path, data: st.DataObject) -> None:
    """Whatever byte of whatever file changes: right answers, or one error."""
    names = sorted(path.name for path in honest.iterdir() if path.stat().st_size)
    name = data.draw(st.sampled_from(names))
    changed = data.draw(damage((honest / name).read_bytes()))
    with TemporaryDirectory() as folder:
        index = Path(folder, "index")
        shutil.copytree(honest, index)
        (index / name).write_bytes(changed)
        with bounded_memory():
            found = answers_or_error(index)
        assert isinstance(found, str) or found == answers(honest)


@settings(max_examples=examples(80), suppress_health_check=LOOSE)
@given(st.data())
def test_nothing_relies_on_checksums(honest: Path, data: st.DataObject) -> None:
    """An index whose checksums somebody made anew is read or refused, and nothing else."""
    table = contents.from_bytes((honest / "_MAIN_2.toc").read_bytes(), 2)
    plain = contents.to_bytes(make_schema(), table.segments, 2, {})
    plain = plain[: plain.rindex(b'\n{"page"')]
    segments = sorted(path.name for path in honest.glob("*.seg"))
    name = data.draw(st.sampled_from(["_MAIN_2.toc", *segments, *segments]))
    with TemporaryDirectory() as folder:
        index = Path(folder, "index")
        shutil.copytree(honest, index)
        (index / "_MAIN_2.toc").write_bytes(plain)
        changed = (index / name).read_bytes()
        for _ in range(data.draw(st.integers(1, 3))):
            changed = data.draw(damage(changed)) or b"\0"
        (index / name).write_bytes(changed)
        with bounded_memory():
            answers_or_error(index)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.binary()
    | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.tuples(inner, inner, inner)
    | st.dictionaries(st.text() | st.integers(-(2**63), 2**63 - 1), inner)
    | st.sets(st.text() | st.binary()),
    max_leaves=30,
)  # fmt: skip


@settings(max_examples=examples(200))
@given(VALUES, st.integers(2, 5))
def test_plain_values_come_out_as_they_went_in(value: Any, protocol: int) -> None:
    """Every plain value that Python pickles is read as it was."""
    assert pickles.loads(dumps(value, protocol)) == value


@settings(max_examples=examples(300))
@given(st.data())
def test_what_is_no_pickle_is_one_error(data: st.DataObject) -> None:
    """Damaged pickles, and bytes that are none, are a value or a `PickleError`."""
    value = data.draw(VALUES)
    changed = data.draw(st.binary(max_size=60) | damage(dumps(value, data.draw(st.integers(2, 5)))))
    with suppress(pickles.PickleError):
        pickles.loads(changed, has_objects=data.draw(st.booleans()))


BOMBS = {
    "a memo of four billion": b"\x80\x02Nr\xff\xff\xff\xff.",
    "bytes of four billion": b"\x80\x04B\xff\xff\xff\xff.",
    "bytes of more than there are": b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f.",
    "a number of four billion bytes": b"\x80\x02\x8b\xff\xff\xff\x7f.",
    "a key that takes forever to hash": b"\x80\x02}N" + b"\x86".join([b"2"] * 60) + b"Ns.",
    "nested tuples as a key": b"\x80\x02})q\0" + b"h\0h\0\x86q\0" * 60 + b"Ns.",
    "one text encoded many times": (
        b"\x80\x02c_codecs\nencode\nq\0X" + (10**6).to_bytes(4, "little") + b"a" * 10**6
        + b"X\6\0\0\0latin1\x86q\1" + b"h\0h\1R" * 10**5 + b"."
    ),
    "nested lists": b"\x80\x02" + b"]" * 10**5 + b"a" * (10**5 - 1) + b".",
    "a call of what was pushed": b"\x80\x02cos\nsystem\nX\2\0\0\0id\x85R.",
    "a call by an extension": b"\x80\x02\x82\x01.",
    "a call of a persistent id": b"\x80\x02NQ.",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_defused(name: str) -> None:
    """What would take memory, time or a call is refused, or is a plain value."""
    with bounded_memory():
        try:
            found = pickles.loads(BOMBS[name])
        except pickles.PickleError:
            return
    assert found is None or type(found) is list


def test_what_inflates_to_more_than_its_bound_is_refused() -> None:
    """A megabyte that stands for a gigabyte is not inflated."""
    with bounded_memory(), pytest.raises(ValueError, match="longer than 1,000,000 bytes"):
        inflated(zlib.compress(bytes(10**8)), 10**6)


@settings(max_examples=examples(300))
@given(st.data())
def test_a_block_is_read_as_it_was_written_or_refused(data: st.DataObject) -> None:
    """Both ways to read a block agree; a damaged block is a block or a `ValueError`."""
    deltas = data.draw(st.lists(st.integers(1, 2**20), min_size=1, max_size=140))
    count = len(deltas)
    each = st.floats(0.5, 100, width=32)
    counts = st.integers(1, 300)
    weights = data.draw(
        st.none() | st.tuples(*[each] * count) | st.lists(counts, min_size=count, max_size=count)
    )
    lists = data.draw(
        st.lists(
            st.lists(st.integers(0, 2**17), min_size=1, max_size=4), min_size=count, max_size=count
        )
    )
    values = tuple(len(one).to_bytes(4, "big") + dumps(one, 2) for one in lists)
    head = blocks.Heading(count, sum(deltas), 1.0, False, 0, 0, 0)
    parts = (
        encoding._packed_documents(list(accumulate(deltas))),  # noqa: SLF001
        encoding.packed_weights(weights),
        encoding._packed_values(list(map(blocks.pushed, values)), -1),  # noqa: SLF001
    )
    fast = b"%b%b%b\x87." % parts
    slow = dumps((tuple(deltas), weights and tuple(map(float, weights)), values), 2)
    read = [blocks.block(form, head) for form in (fast, slow)]
    assert read[0].documents == read[1].documents
    assert list(read[0].weights) == list(read[1].weights)
    for found in read:
        assert tuple(blocks.values(found, -1)) == values
    assert [blocks.positions(value)[-1] for value in values] == [sum(one) for one in lists]
    for end in (b"t\x86.", b"l\x87.", b"t\x87N"):
        with pytest.raises(ValueError, match=r"."):
            blocks.values(blocks.block(fast[:-3] + end, head), -1)
    changed = data.draw(damage(data.draw(st.sampled_from([fast, slow]))))
    with suppress(ValueError):
        for value in blocks.values(blocks.block(changed, head), -1):
            blocks.positions(value or b"")


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
    with pytest.raises(IndexUnavailableError, match="more than 64 bits"):
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
        (
            whoosh_columns.RefBytesColumn(3, b"\0\0\0"),
            Column("references", fixed_bytes=3),
            (b"abc", b"\0\0\0", b"def", b"abc"),
        ),
        (whoosh_columns.NumericColumn("q"), Column("numbers", "q"), (5, 0, -(2**62), 7, 0, 0)),
    ],
    ids=["values", "values and places", "references", "many references", "fixed", "numbers"],
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
    with pytest.raises(IndexUnavailableError, match="posts that are not there"):
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
        with pytest.raises(IndexUnavailableError, match="is no column of values"):
            columns.reader(Column("values"), in_memory(bytes(changed)), 3)


def written_by(column: Any, values: Sequence[Any]) -> bytes:
    """Return a column as stock Whoosh writes it."""
    target = BytesIO()
    writer = column.writer(StructFile(target))
    for number, value in enumerate(values):
        writer.add(number, value)
    writer.finish(len(values))
    return target.getvalue()


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
        with pytest.raises(IndexUnavailableError, match="is no table of terms"):
            TermTable(in_memory(bytes(changed)))
