"""Our segments are Whoosh's own: stock Whoosh reads, searches and updates them."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from whoosh import index as whoosh_index
from whoosh import writing
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import QueryParser

from random_posts import make_post
from rights_search.engines import whoosh as engine
from rights_search.engines.whoosh.schema import document, make_schema
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
        writer.add_document(**new.terms, **columns, **dates, **new.stored)
    writer.commit()
    return index


def our_index(posts: list[Post]) -> Any:
    """Return the index that our writer makes of the posts."""
    handle = engine.create(None)
    writer = engine.writer(handle)
    for post in posts:
        writer.add(post)
    writer.commit()
    return handle


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


def test_every_term_posting_length_and_column_equals_the_stock_writers() -> None:
    """The same posts give the same index, whoever wrote it."""
    posts = random_posts(400)
    with stock_index(posts).reader() as stock, our_index(posts).reader() as ours:
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
        assert [ours.stored_fields(n) for n in range(400)] == [
            stock.stored_fields(n) for n in range(400)
        ]


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


@pytest.mark.parametrize("merge", [writing.NO_MERGE, writing.OPTIMIZE])
def test_merging_keeps_every_posting(merge: Any) -> None:
    """Many small commits, merged or not, hold what one large commit holds."""
    posts = random_posts(90)
    handle = engine.create(None)
    for start in range(0, 90, 15):
        writer = engine.writer(handle)
        for post in posts[start : start + 15]:
            writer.add(post)
        writer._writer.mergetype = merge  # noqa: SLF001
        writer.commit()

    def summary(reader: Any) -> dict[str, Any]:
        return {
            field: {term: len(rows) for term, rows in every_posting(reader, field).items()}
            for field in ("title", "body", "country", "path", "id")
        }

    with handle.reader() as many, our_index(posts).reader() as one:
        assert summary(many) == summary(one)
