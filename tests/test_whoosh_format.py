"""Our segments are Whoosh's own: stock Whoosh reads, searches and updates them."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path
from statistics import mean
from typing import Any
from zlib import crc32

import pytest
from whoosh import index as whoosh_index
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import QueryParser
from whoosh.util.numeric import byte_to_length

from random_posts import make_post
from rights_search import fields
from rights_search.analysis import terms
from rights_search.engines import whoosh as engine
from rights_search.engines.stored import pack as stored_form
from rights_search.engines.whoosh import contents, layout, merging, segment_writing
from rights_search.engines.whoosh.handle import Handle
from rights_search.engines.whoosh.layout import MAX_DOCUMENTS
from rights_search.engines.whoosh.schema import document, make_schema
from rights_search.engines.whoosh.segment import SegmentReader
from rights_search.engines.whoosh.segments import Segments
from rights_search.errors import IndexUnavailableError
from rights_search.post import Post


def random_posts(count: int) -> list[Post]:
    """Return posts with enough of the same words to fill several blocks."""
    rng = random.Random(7)
    return [make_post(number, rng, f"{number % 9}.txt") for number in range(count)]


def stock_index(posts: list[Post]) -> Any:
    """Return what Whoosh's own writer makes of the posts."""
    index = RamStorage().create_index(make_schema())
    writer = index.writer()
    for post in posts:
        new = document(post)
        columns = {f"_stored_{name}": value for name, value in new.columns.items()}
        dates = {name: new.columns[name] for name in new.columns if name.startswith("date_")}
        texts = {name: list(chain(*map(terms, texts))) for name, texts in new.texts.items()}
        writer.add_document(**texts, **new.terms, **columns, **dates, post=new.stored)
    writer.commit()
    return index


def our_index(posts: list[Post]) -> Handle:
    """Return the index that our writer makes of the posts."""
    handle = engine.create(None)
    writer = engine.writer(handle)
    for post in posts:
        writer.add(post)
    writer.commit()
    return handle


def stock_reader(handle: Handle) -> Any:
    """Return stock Whoosh's reader of an index of ours in memory."""
    storage = RamStorage()
    storage.files = handle.storage.files
    return storage.open_index().reader()


def our_reader(index: Any) -> SegmentReader:
    """Return our reader of the one segment of an index in memory, whoever wrote it."""
    handle = engine.create(None)
    handle.storage.files = index.storage.files
    (reader,) = handle.readers_of(handle.contents())
    return reader


def every_posting(reader: Any, field: str) -> dict[bytes, list[tuple[int, float, bytes]]]:
    """Return term → (document, weight, value) of a field."""
    found: dict[bytes, list[tuple[int, float, bytes]]] = {}
    for term in reader.lexicon(field):
        matcher = reader.postings(field, term)
        rows = found[term] = []
        while matcher.is_active():
            rows.append((matcher.id(), matcher.weight(), matcher.value()))
            matcher.next()
    return found


@pytest.mark.parametrize("least", [0, sys.maxsize])
def test_every_term_posting_length_and_column_equals_the_stock_writers(
    least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same posts give the same index, whoever wrote it, with NumPy or without."""
    monkeypatch.setattr(segment_writing, "MIN_TOKENS_IN_ARRAYS", least)
    posts = random_posts(400)
    with stock_index(posts).reader() as stock, stock_reader(our_index(posts)) as ours:
        assert ours.doc_count_all() == stock.doc_count_all() == len(posts)
        for field in make_schema().names():
            known = stock.schema[field]
            if known.indexed:
                assert every_posting(ours, field) == every_posting(stock, field), field
                for term in stock.lexicon(field):
                    left, right = ours.term_info(field, term), stock.term_info(field, term)
                    for part in ("weight", "doc_frequency", "min_length", "max_length",
                                 "max_weight", "min_id", "max_id"):  # fmt: skip
                        assert getattr(left, part)() == getattr(right, part)(), (field, term, part)
            if known.column_type:
                columns = [
                    list(reader.column_reader(field, translate=False)) for reader in (ours, stock)
                ]
                assert columns[0] == columns[1], field
            for number in range(len(posts)):
                lengths = [reader.doc_field_length(number, field) for reader in (ours, stock)]
                assert lengths[0] == lengths[1], (field, number)
            assert ours.field_length(field) == stock.field_length(field)


def test_we_read_of_both_what_stock_whoosh_reads() -> None:
    """Our readers find the same terms, postings, positions, lengths and columns as Whoosh's."""
    posts = random_posts(400)
    index = stock_index(posts)
    with index.reader() as stock:
        for ours in map(our_reader, (index, our_index(posts))):
            assert ours.terms.fields == set(stock.indexed_field_names())
            for field in ours.terms.fields:
                wanted = every_posting(stock, field)
                assert [term for term, _ in ours.terms.rows(field)] == sorted(wanted)
                for term, rows in wanted.items():
                    postings = ours.terms.postings(field, term)
                    assert postings is not None
                    found = [
                        row
                        for block, values in postings.valued()
                        for row in zip(block.documents, block.weights, values, strict=True)
                    ]
                    # Whoosh's reader says nothing of an empty value.
                    assert [(n, weight, value or None) for n, weight, value in found] == [
                        (n, weight, value or None) for n, weight, value in rows
                    ]
                    assert ours.terms.count(field, term) == stock.doc_frequency(field, term)
            for field in layout.COLUMNS:
                column = stock.column_reader(field, translate=False)
                assert list(ours.column(field)) == list(column), field
            for field in layout.TEXTS:
                lengths = [layout.LENGTHS[code] for code in ours.length_codes(field)]
                assert lengths == [
                    stock.doc_field_length(number, field) or 0 for number in range(len(posts))
                ]


def test_the_layout_is_that_of_the_schema() -> None:
    """What reading knows of Whoosh's files without Whoosh, Whoosh says as well."""
    assert [byte_to_length(code) for code in range(256)] == list(layout.LENGTHS)
    for name, field in make_schema().items():
        if field.indexed:
            assert layout.value_bytes(name) == field.format.fixed_value_size(), name
        assert bool(field.scorable) == (name in layout.TEXTS), name
        assert bool(field.column_type) == (name in layout.COLUMNS), name


def test_our_schema_is_known_by_its_checksum() -> None:
    """A search compares it without making one; where it has changed, this says to what."""
    assert hex(contents.SCHEMA_CRC) == hex(crc32(contents.pickled_schema()))


def test_stock_whoosh_searches_it_without_this_package(tmp_path: Path) -> None:
    """A process that cannot import rights_search opens the index and finds posts."""
    handle = engine.create(tmp_path)
    writer = engine.writer(handle)
    posts = random_posts(50)
    for post in posts:
        writer.add(post)
    writer.commit()
    program = (
        "import sys; sys.modules['rights_search'] = None\n"
        "from whoosh import index\n"
        "from whoosh.qparser import QueryParser\n"
        f"ix = index.open_dir({str(tmp_path)!r})\n"
        "with ix.searcher() as s:\n"
        "    print(len(s.search(QueryParser('body', ix.schema).parse('torture'), limit=None)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    expected = sum("torture" in " ".join(post.paragraphs).split() for post in posts)
    assert int(done.stdout) == expected > 0


def test_stock_whoosh_updates_it(tmp_path: Path) -> None:
    """Whoosh's own writer adds to our index, deletes from it and merges our segments."""
    handle = engine.create(tmp_path)
    for start in (0, 30):
        writer = engine.writer(handle)
        for post in random_posts(60)[start : start + 30]:
            writer.add(post)
        writer.commit()
    index = whoosh_index.open_dir(str(tmp_path))
    stock = index.writer()
    stock.delete_by_term("path", "3.txt")
    stock.add_document(title="Stock Whoosh was here", id="ffffffffffff")
    stock.commit(optimize=True)
    with index.searcher() as searcher:
        query = QueryParser("title", index.schema).parse("stock")
        assert len(searcher.search(query)) == 1
        kept = sum(post.provenance.path != "3.txt" for post in random_posts(60))
        assert searcher.doc_count() == kept + 1


def summary(reader: Any) -> dict[str, Any]:
    """Return what an index holds, whatever the numbers of its documents."""
    ids = list(reader.column_reader("id", translate=False))
    deleted = {n for n in range(reader.doc_count_all()) if reader.is_deleted(n)}
    held: dict[str, Any] = {}
    for field in make_schema().names():
        if make_schema()[field].indexed:
            terms = {
                term: sorted((ids[n], weight, value) for n, weight, value in rows)
                for term, rows in every_posting(reader, field).items()
            }
            held[field] = {term: rows for term, rows in terms.items() if rows}
        if make_schema()[field].column_type:
            values = list(reader.column_reader(field, translate=False))
            held[f"column {field}"] = sorted(
                pair for n, pair in enumerate(zip(ids, values, strict=True)) if n not in deleted
            )
        held[f"length {field}"] = sorted(
            (ids[n], reader.doc_field_length(n, field) or 0)
            for n in range(len(ids))
            if n not in deleted
        )
    return held


@pytest.mark.parametrize("optimize", [False, True])
def test_merging_keeps_every_posting(optimize: bool) -> None:
    """Many small commits, merged or not, with deletions, hold what one commit holds."""
    posts = random_posts(90)
    handle = engine.create(None)
    for start in range(0, 90, 6):
        writer = engine.writer(handle)
        if start == 60:
            writer.delete_source("3.txt")
            writer.delete_source("nothing.txt")
        for post in posts[start : start + 6]:
            writer.add(post)
        writer.commit(optimize=optimize and start == 84)
    left = [post for n, post in enumerate(posts) if n >= 60 or post.provenance.path != "3.txt"]
    with stock_reader(handle) as many, stock_reader(our_index(left)) as one:
        assert summary(many) == summary(one)
        segments = [leaf for leaf, _ in many.leaf_readers()]
    assert len(segments) == 1 if optimize else 1 < len(segments) < merging.TIER
    assert {part for part, _ in engine.verify(handle)} >= {"postings", "checksums"}


def facet_values(segments: Segments, field: str, documents: Iterable[int]) -> list[tuple[str, ...]]:
    """Return the values of each document."""
    code, values = segments.facet_codes(field)
    return [values(code(number)) for number in documents]


def test_segments_together_say_what_their_posts_do() -> None:
    """Documents are numbered through; each way to ask for a value gives the same."""
    posts = [
        replace(post, paragraphs=(*post.paragraphs, "everywhere")) for post in random_posts(90)
    ]
    handle = engine.create(None)
    for part in (posts[:50], posts[50:]):
        writer = engine.writer(handle)
        writer.delete_source("3.txt")
        for post in part:
            writer.add(post)
        writer.commit()
    segments, again = (Segments(list(handle.readers_of(handle.contents()))) for _ in range(2))
    gone = [number for number, post in enumerate(posts[:50]) if post.provenance.path == "3.txt"]
    assert sorted(segments.deleted) == gone
    live = {post.id: number for number, post in enumerate(posts) if number not in gone}
    assert [segments.post(number) for number in live.values()] == [posts[n] for n in live.values()]
    assert segments.column("id") == [post.id.encode() for post in posts]
    ids = [*live, posts[gone[0]].id]
    assert segments.documents(ids) == live
    assert again.documents(ids[:3]) == dict(list(live.items())[:3])
    assert again.documents(ids[-1:]) == {}
    lengths = [len(terms(posts[number].title)) for number in live.values()]
    assert segments.average_length("title") == pytest.approx(mean(filter(None, lengths)), abs=0.2)
    for field in fields.FACETS:
        of_each = facet_values(again, field.name, live.values())
        counts = Counter(chain(*of_each))
        assert again.count_values(field.name, list(live.values())) == counts
        assert facet_values(again, field.name, live.values()) == of_each
        for number, values in list(zip(live.values(), of_each, strict=True))[:3]:
            assert segments.count_values(field.name, [number]) == Counter(values)
            assert values == (field.values(posts[number]) or ("",))
        known = [bool(segments.presence(field.name)[number]) for number in live.values()]
        assert known == [values != ("",) for values in of_each]
    assert [segments.presence("date")[n] for n in live.values()] == [
        posts[n].date is not None for n in live.values()
    ]
    words = segments.terms("title", "")
    titles = chain(*map(fields.BY_NAME["title"].values, posts))
    assert words == sorted(set(chain(*map(terms, titles))))
    assert segments.terms("title", "p") == [word for word in words if word.startswith("p")]
    for word in words:
        held = list(segments.decoded("title", word))
        assert segments.frequency("title", word) == sum(len(numbers) for _, numbers, _ in held)
        at = segments.positions("title", word, set(range(len(posts))))
        assert at == {
            number: [place for place, term in enumerate(terms(posts[number].title)) if term == word]
            for number in at
        }
        for number in list(at)[-2:]:
            assert segments.positions("title", word, {number}) == {number: at[number]}
    # Of a word in many posts, places in a few are looked for without the others.
    at = segments.positions("body", "everywhere", set(range(len(posts))))
    assert len(at) == len(posts)
    for number, places in at.items():
        assert segments.positions("body", "everywhere", {number}) == {number: places}
    assert segments.frequency("title", "\ud800") == segments.frequency("title", "absent") == 0


def test_the_number_of_segments_stays_small() -> None:
    """Of four small segments of a tier, or ten large ones, one is made, if it may be so large."""
    sizes: list[tuple[int, int]] = []
    written = 0
    for _ in range(3000):
        sizes.append((40, 40))
        groups = merging.plan(sizes)
        made = [sum(sizes[number][0] for number in group) for group in groups]
        written += sum(made)
        gone = {number for group in groups for number in group}
        sizes = [size for number, size in enumerate(sizes) if number not in gone]
        sizes += [(size, size) for size in made]
        assert len(sizes) < 20
        assert all(live <= MAX_DOCUMENTS for live, _ in sizes)
    assert sum(live for live, _ in sizes) == 120_000
    assert written < 12 * 120_000


def test_what_workers_made_of_a_large_corpus_is_not_merged_behind_them() -> None:
    """Nine large segments stand; of a tenth and small ones, as many become one as may."""
    parts = [(11_000, 11_000)] * 9
    assert merging.plan(parts) == []
    assert merging.plan([*parts, (300, 300)]) == []
    assert merging.plan([*parts, (11_000, 11_000)]) == [[0, 1, 2, 3, 4]]
    assert merging.plan(parts, whole=True) == [[0, 1, 2, 3, 4]]


def test_a_segment_of_which_much_is_deleted_is_written_anew() -> None:
    """What is deleted takes no more than a quarter of a segment."""
    assert merging.plan([(74, 100), (76, 100), (9000, 9000)]) == [[0]]


def test_stock_whoosh_carries_stored_posts(tmp_path: Path) -> None:
    """It reads them from our column, and we read them from a segment that it merged."""
    handle = engine.create(tmp_path)
    posts = [
        replace(post, paragraphs=(*post.paragraphs, "x " * 20_000)) for post in random_posts(9)
    ]
    for part in (posts[:5], posts[5:]):
        writer = engine.writer(handle)
        for post in part:
            writer.add(post)
        writer.commit()
    index = whoosh_index.open_dir(str(tmp_path))
    with index.reader() as reader:
        for leaf, base in reader.leaf_readers():
            column = leaf.column_reader("post", translate=False)
            stored = [stored_form(post) for post in posts[base : base + leaf.doc_count_all()]]
            assert list(column) == stored == [column[n] for n in range(len(stored))]
    stock = index.writer()
    stock.add_document(title="No post of ours", id="ffffffffffff")
    stock.commit(optimize=True)
    with closing(engine.snapshot(engine.open(tmp_path))) as snapshot:
        # Whoosh puts what it merges behind what is new.
        assert [snapshot.post(n) for n in range(1, 10)] == posts
        with pytest.raises(IndexUnavailableError, match="holds no post"):
            snapshot.post(0)
