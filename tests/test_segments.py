"""The segments of an index together: documents are numbered through, deleted ones are none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain
from types import SimpleNamespace
from typing import Any

import pytest
from whoosh.filedb.filestore import RamStorage

from rights_search import fields
from rights_search.analysis import terms
from rights_search.engines import whoosh as engine
from rights_search.engines.stored import pack
from rights_search.engines.whoosh import layout
from rights_search.engines.whoosh.files import IndexFile
from rights_search.engines.whoosh.handle import Handle
from rights_search.engines.whoosh.segment import Segment, SegmentReader
from rights_search.engines.whoosh.segments import Segments
from rights_search.engines.whoosh.storage import MemoryStorage
from rights_search.engines.whoosh.table_writing import TableWriter
from rights_search.errors import IndexUnavailableError
from rights_search.post import PartialDate, Post, Provenance, Tag


def post(number: int, **parts: Any) -> Post:
    """Return a post, of which no text has a length that a code rounds."""
    given = {"title": f"word{number} both", "paragraphs": ("some words",)} | parts
    return Post(id=f"{number:012x}", provenance=Provenance("a.txt", "0" * 64, "test"), **given)


def tags(*keys: str) -> tuple[Tag, ...]:
    """Return tags without evidence."""
    return tuple(Tag(key, ()) for key in keys)


FIRST = (
    post(0, countries=tags("RU"), language="en", date=PartialDate("2014-03")),
    post(1, title="gone " * 9, countries=tags("XK"), language="de", url="https://example.org"),
    post(2, countries=tags("RU", "UA"), source="one", date=PartialDate("2013")),
)
SECOND = (
    *(post(number, source="one") for number in range(3, 30)),
    post(
        30, title="", countries=tags("RU"), language="fr", source="two words", captions=("a word1",)
    ),
    post(31, language="en", date=PartialDate("1999-12-31"), url="https://example.org/a"),
)
POSTS = (*FIRST, *SECOND)
GONE = (1, 29)
KEPT = [number for number in range(len(POSTS)) if number not in GONE]


def written(*parts: Sequence[Post]) -> Handle:
    """Return an index in memory with a segment for each of the parts."""
    handle = engine.create(None)
    for part in parts:
        writer = engine.writer(handle)
        for each in part:
            writer.add(each)
        writer.commit()
    return handle


@pytest.fixture(scope="module")
def handle() -> Handle:
    """Return an index of two segments."""
    return written(FIRST, SECOND)


@pytest.fixture
def segments(handle: Handle) -> Segments:
    """Return them, with a post deleted in each."""
    first, second = handle.contents().segments
    deleted = (replace(first, deleted={1}), replace(second, deleted={26}))
    return Segments([SegmentReader(handle.storage, segment) for segment in deleted])


@pytest.fixture
def whole(handle: Handle) -> Segments:
    """Return them with all of their posts."""
    return Segments(handle.readers_of(handle.contents()))


def test_documents_are_numbered_through(segments: Segments) -> None:
    """A number stays a deleted document's, but nothing is found by it."""
    assert (segments.count, segments.size) == (len(KEPT), len(POSTS))
    assert (segments.live, segments.deleted) == (frozenset(KEPT), frozenset(GONE))
    assert [segments.post(number) for number in range(len(POSTS))] == list(POSTS)
    assert [segments.post_id(number).decode() for number in KEPT] == [POSTS[n].id for n in KEPT]
    assert segments.holding("title", "both") == [n for n in KEPT if "both" in POSTS[n].title]
    assert segments.newest == PartialDate("2014-03").last.toordinal()


@pytest.mark.parametrize("count", [0, 1, 20, 21, len(POSTS)])
def test_documents_are_found_by_the_ids_of_their_posts(segments: Segments, count: int) -> None:
    """One by one or by all ids, whichever is faster; of what is not there nothing is found."""
    numbers = [*KEPT, *GONE][-count:] if count else []
    ids = [POSTS[number].id for number in numbers]
    found = {POSTS[number].id: number for number in numbers if number not in GONE}
    for asked in (ids, ids[:-1], [*ids, "", "no", "\ud800", "\udfff"], ids):
        wanted = {post_id: number for post_id, number in found.items() if post_id in asked}
        assert segments.documents(asked) == wanted


@pytest.mark.parametrize("missing", [POSTS[1].id, "", "no", "\udfff"])
def test_groups_of_posts_are_groups_of_documents(segments: Segments, missing: str) -> None:
    """A post that is not there, or no more, is an error that names it."""
    groups = [[POSTS[30].id, POSTS[0].id], [], [POSTS[2].id, POSTS[31].id, POSTS[3].id]]
    found = segments.grouped(groups)
    assert [list(group) for group in found] == [[30, 0], [], [2, 31, 3]]
    assert [list(group) for group in segments.grouped([])] == []
    with pytest.raises(KeyError, match=re.escape(ascii(missing))):
        segments.grouped([[POSTS[0].id, missing]])


def test_terms_are_those_of_all_segments(segments: Segments) -> None:
    """Each once and in order, be it that of deleted posts alone; no text has half a character."""
    first = Segments(segments._readers[:1])  # noqa: SLF001 - as an index of one segment
    assert first.terms("title", "word") == ["word0", "word2"]
    assert segments.terms("title", "") == sorted({*chain(*(terms(p.title) for p in POSTS))})
    assert segments.terms("captions", "w") == ["word1"]
    for name in (*layout.TEXTS, "no") * 2:
        has = name != "no" and any("".join(fields.BY_NAME[name].values(each)) for each in POSTS)
        assert segments.holds(name) is has
    for absent in ("x", "\ud800", "word\udfff"):
        assert segments.terms("title", absent) == []
        assert segments.frequency("title", absent) == 0
        assert segments.holding("title", absent) == []
        assert segments.positions("title", absent, {0}) == {}
    assert segments.frequency("title", "both") == len(POSTS) - 2
    assert segments.positions("title", "both", {0, 1, 3, 30, 31}) == {0: [1], 3: [1], 31: [1]}


def test_the_length_of_a_text_is_that_of_posts_that_have_it(segments: Segments) -> None:
    """Of posts that are not deleted; where none has it, it is 0."""
    for name in ("title", "captions", "calls", "organisation"):
        each = [sum(len(terms(t)) for t in fields.BY_NAME[name].values(p)) for p in POSTS]
        known = [each[number] for number in KEPT if each[number]]
        assert segments.average_length(name) == (sum(known) / len(known) if known else 0)
        assert [layout.LENGTHS[code] for code in segments.length_codes(name)] == each


@pytest.mark.parametrize("field", [each for each in fields.FIELDS if each.kind == "facet"])
@pytest.mark.parametrize("is_coded", [False, True])
@pytest.mark.parametrize("numbers", [[0], [30, 31], KEPT], ids=len)
def test_values_are_counted(
    segments: Segments, field: fields.Field, numbers: list[int], *, is_coded: bool
) -> None:
    """For few documents and for many, before all are read and behind it."""
    if is_coded:
        segments.coded(field.name)
    expected = {number: field.values(POSTS[number]) or ("",) for number in numbers}
    assert segments.count_values(field.name, numbers) == Counter(chain(*expected.values()))
    code, values = segments.facet_codes(field.name)
    assert {number: values(code(number)) for number in numbers} == expected
    column = segments.column(field.name)
    assert [column[number].decode() for number in numbers] == [
        "\t".join(field.values(POSTS[number])) for number in numbers
    ]
    # Of values that are read once, a document's is taken.
    assert {number: values(code(number)) for number in numbers} == expected


def test_few_documents_are_looked_at_alone(segments: Segments) -> None:
    """Of more than one in twenty, all values are read."""
    segments.count_values("source", [0])
    assert segments.facet_codes("source")[0](3) == b"one"
    segments.count_values("source", [0, 3])
    assert segments.facet_codes("source")[0](3) == segments.facet_codes("source")[0](2) != b"one"


@pytest.mark.parametrize("name", ["language", "source", "country", "id", "theme", "location"])
def test_what_documents_have(segments: Segments, whole: Segments, name: str) -> None:
    """Those that are not deleted, with all values that each of them has."""
    field = fields.BY_NAME[name]
    assert whole.held(name) == {field.values(each) for each in POSTS}
    assert segments.held(name) == {field.values(POSTS[number]) for number in KEPT}
    if name == "language":
        assert segments.languages == [each.language for each in POSTS]


@pytest.mark.parametrize(
    "field", [each for each in fields.FIELDS if each.kind != "derived"], ids=lambda each: each.name
)
def test_what_is_known_of_documents(segments: Segments, field: fields.Field) -> None:
    """A text that has words, a value, a date."""
    known = [bool(each) for each in segments.presence(field.name)]
    has = [each.date is not None for each in POSTS]
    if field.kind != "date":
        has = [bool("".join(field.values(each))) for each in POSTS]
    assert known == has


# --- what is damaged ------------------------------------------------------------------------


def one_segment(**columns: Sequence[bytes]) -> Segments:
    """Return a segment with these columns, and with terms that are no text."""
    reader = SimpleNamespace(
        segment=Segment("1", 2),
        column=columns.__getitem__,
        terms=SimpleNamespace(starting=lambda *_: [b"\xff"]),
    )
    return Segments([reader], "/an/index")  # type: ignore[list-item]


@pytest.mark.parametrize(
    "ask",
    [
        lambda segments: segments.terms("url", ""),
        lambda segments: segments.column("url"),
        lambda segments: segments.coded("url"),
        lambda segments: segments.held("url"),
        lambda segments: segments.documents([*map(str, range(21))]),
        lambda segments: segments.facet_codes("url")[1](b"\xff"),
    ],
)
def test_text_that_is_none_is_told(ask: Callable[[Segments], object]) -> None:
    """Of terms and of columns."""
    segments = one_segment(url=[b"\xff", b"a"], id=[b"1", b"\xff"])
    with pytest.raises(IndexUnavailableError, match=r"^/an/index: .* --index /an/index$") as caught:
        ask(segments)
    assert "(it holds text that is none: 'utf-8' codec can't decode" in str(caught.value)


def test_no_character_goes_on_in_the_next_value() -> None:
    """Values are looked at together, and each is text by itself."""
    assert one_segment(url=["é".encode(), b"b"]).column("url") == ["é".encode(), b"b"]
    with pytest.raises(IndexUnavailableError, match="text that is none"):
        one_segment(url=["é".encode()[:1], "é".encode()[1:]]).column("url")


@pytest.mark.parametrize(
    ("stored", "reason"),
    [(b"", "document 1 holds no post)"), (pack(POSTS[0])[:-1], "document 1: Expecting")],
)
def test_a_post_that_is_none_is_told(stored: bytes, reason: str) -> None:
    """By the number of its document."""
    segments = one_segment(post=[pack(POSTS[0]), stored])
    assert segments.post(0) == POSTS[0]
    with pytest.raises(IndexUnavailableError, match=r"--index /an/index$") as caught:
        segments.post(1)
    assert f"({reason}" in str(caught.value)


class Noting(MemoryStorage):
    """Files in memory, of which is known which were opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[IndexFile] = []

    def open_file(self, name: str) -> IndexFile:
        """Open a file."""
        self.opened.append(super().open_file(name))
        return self.opened[-1]


def by_hand(count: int, stored: bytes, storage: Noting | None = None) -> SegmentReader:
    """Return a segment without terms and columns, in files of its own."""
    storage = storage or Noting()
    pieces: list[bytes] = []
    TableWriter(pieces.append).finish()
    storage.put("MAIN_1.trm", b"".join(pieces))
    storage.put("MAIN_1.pst", b"")
    storage.put("MAIN_1._stored.col", stored)
    return SegmentReader(storage, Segment("1", count, is_compound=False))


def test_a_column_that_is_not_there_has_no_values() -> None:
    """Whoosh writes none where all documents have nothing."""
    reader = by_hand(2, b"\0\0")
    assert list(reader.column("source")) == list(reader.column("id")) == [b"", b""]
    assert list(reader.column("date_first")) == [*reader.column("date_last")] == [0, 0]
    assert (reader.column("source")[1], reader.column("date_first")[0]) == (b"", 0)
    assert reader.length_codes("title") == b"\0\0"
    assert Segments([reader]).days[1].tolist() == [0, 0]
    assert Segments([reader]).newest == 0
    assert Segments([]).newest == Segments([]).count == Segments([]).average_length("title") == 0


def test_a_segment_has_no_more_documents_than_bytes() -> None:
    """What is stored of each takes one at least."""
    with pytest.raises(
        IndexUnavailableError, match=r"\(MAIN_1\._stored\.col: cannot hold 3,000 posts\)"
    ):
        by_hand(3000, bytes(2999))
    assert by_hand(3000, bytes(3000)).segment.live == 3000
    assert Segment("1", 3, {0, 2}).live == 1


def test_files_are_closed() -> None:
    """All that a segment opened, also where it cannot be read."""
    storage = Noting()
    storage.put("MAIN_1.url.col", b"")
    reader = by_hand(1, b"\0", storage)
    reader.column("id")
    assert not any(file.is_closed for file in storage.opened)
    Segments([reader]).close()
    assert len(storage.opened) == 3
    assert all(file.is_closed for file in storage.opened)
    with pytest.raises(IndexUnavailableError, match="cannot hold 2 posts"):
        by_hand(2, b"\0", storage)
    assert len(storage.opened) == 6
    assert all(file.is_closed for file in storage.opened)


@pytest.mark.parametrize("compound", [True, False])
def test_segments_of_stock_whoosh_are_read(handle: Handle, compound: bool) -> None:
    """It may leave the files of a segment loose; the next commit of ours merges them."""
    storage = RamStorage()
    storage.files = dict(handle.storage.files)
    writer = storage.open_index().writer(compound=compound)
    writer.add_document(title="Stock both", id="ffffffffffff", language="fr")
    writer.commit(merge=False)
    ours = engine.create(None)
    ours.storage.files = storage.files
    with closing(engine.snapshot(ours)) as snapshot:
        found = snapshot.documents(["ffffffffffff", POSTS[0].id])
    assert len(found) == 2
    writer_of_ours = engine.writer(ours)
    writer_of_ours.commit(optimize=True)
    (merged,) = ours.contents().segments
    assert merged.is_compound
    assert merged.count == len(POSTS) + 1
