"""What is fuzzed: name → function of bytes that raises only where the program is wrong.

A target swallows the one error that its part promises, and checks what it promises
besides. `tests/test_fuzz_cases.py` calls the same functions with the cases that were found.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias, cast

from rights_search.engines.whoosh import blocks, columns, contents, pickles
from rights_search.engines.whoosh.files import IndexFile
from rights_search.engines.whoosh.layout import Column
from rights_search.engines.whoosh.storage import CompoundFiles, MemoryStorage
from rights_search.engines.whoosh.term_table import TermTable
from rights_search.errors import (
    IndexUnavailableError,
    QueryError,
    ReadError,
    RightsSearchError,
)
from rights_search.indexing import manifest
from rights_search.ingest import READERS, Skipped, Source, read_file
from rights_search.ingest.dates.finding import find_date_line, parse_date
from rights_search.ingest.settings import EVERYWHERE, FILE_NAME, Settings
from rights_search.ingest.settings_file import read_scope
from rights_search.links import relations, state
from rights_search.post import Post
from rights_search.post_records import from_dict, to_dict
from rights_search.query import alias_file
from rights_search.query.dates import read_days
from rights_search.query.parser import parse
from rights_search.query.writing import to_query
from rights_search.vocabulary import file as vocabulary_file
from rights_search.watches import file as watch_file

Target: TypeAlias = Callable[[bytes], None]

_TODAY = dt.date(2024, 2, 29)
_COLUMNS = (
    Column("numbers", "q"),
    Column("values"),
    Column("references"),
    Column("posts"),
)


def read_with(reader: str, data: bytes) -> None:
    """Read a file with one reader, and every member of it with that which it needs."""
    source = Source(Path("case"), "case", "0" * 64, Settings(reader=reader), content=data)
    for item in read_file(source):
        match item:
            case Post():
                assert from_dict(json.loads(json.dumps(to_dict(item)))) == item
                assert all(len(note.splitlines()) == 1 for note in item.notes)
            case ReadError() | Skipped():
                assert len(str(item).splitlines()) == 1


def dates(data: bytes) -> None:
    """Read a date, a date line and the days of a query."""
    text = _text(data)
    for day_first in (None, True):
        found = parse_date(text, day_first=day_first)
        assert found is None or found.start <= found.last
        for loose in (False, True):
            find_date_line(text, day_first=day_first, loose=loose)
    for field in ("date", "year"):
        with suppress(ValueError):
            read_days(field, text, _TODAY)


def queries(data: bytes) -> None:
    """Parse a query; what it is written as again is read to the same tree."""
    text, refused = _text(data), None
    try:
        node = parse(text, today=_TODAY).node
    except QueryError as error:
        refused = error
    if refused is not None:
        assert 0 <= refused.start <= refused.end
        assert refused.pointer()
        return
    written = to_query(node)
    again = parse(written, today=_TODAY).node
    assert to_query(again) == written


def settings(data: bytes) -> None:
    """Read the settings of a folder."""
    with _file(FILE_NAME, data) as path, suppress(ReadError):
        read_scope(path.parent, FILE_NAME, EVERYWHERE)


def vocabularies(data: bytes) -> None:
    """Read a vocabulary, as TOML and as JSON."""
    for is_json in (False, True):
        with suppress(ReadError):
            vocabulary_file.parse(_text(data), "case", is_json=is_json)


def aliases(data: bytes) -> None:
    """Read a file of aliases, add it to our own, and make it fast to search."""
    with suppress(ReadError):
        own = alias_file.parse(_text(data), "case")
        alias_file.triggers(alias_file.merge({}, own, "case").values())


def watches(data: bytes) -> None:
    """Read saved searches."""
    with _file("watches.json", data) as path, suppress(RightsSearchError):
        watch_file.read(path)


def manifests(data: bytes) -> None:
    """Read the manifest of a commit; what is read of its head alone is the same."""
    with _file(manifest.path_of(Path(), 1).name, data) as path, suppress(IndexUnavailableError):
        found = manifest.read(path.parent, 1)
        assert manifest.vocabulary_of(path.parent, 1) == found.vocabulary


def links(data: bytes) -> None:
    """Read the links of an index, and the fingerprints that they rest on."""
    for decode in (relations.from_bytes, state.from_bytes):
        with suppress(ValueError):
            cast("Callable[[bytes], Any]", decode)(data)


def plain_pickles(data: bytes) -> None:
    """Read a pickle, without objects and with their names."""
    for has_objects in (False, True):
        with suppress(pickles.PickleError):
            pickles.loads(data, has_objects=has_objects)


def posting_blocks(data: bytes) -> None:
    """Read a posting block behind its heading, and the positions in it."""
    with suppress(ValueError):
        head = blocks.heading(data)
        for value in blocks.values(blocks.block(data[head.size :], head), None):
            blocks.positions(value or b"")


def stored_columns(data: bytes) -> None:
    """Read every kind of column; the first byte says of how many documents."""
    for column in _COLUMNS:
        with suppress(IndexUnavailableError):
            list(columns.reader(column, _index_file(data[1:]), data[0] if data else 0))


def tables_of_contents(data: bytes) -> None:
    """Read a table of contents."""
    with suppress(ValueError):
        contents.from_bytes(data, 1)


def term_tables(data: bytes) -> None:
    """Read a table of terms, by hash and in order; both find the same."""
    with suppress(IndexUnavailableError):
        table = TermTable(_index_file(data))
        for key, value in table.items():
            found = table.find(key)
            assert found is None or sum(found) <= len(data)
            assert len(value) <= len(data)
        list(table.items_from(b"\0\0torture"))


def segments(data: bytes) -> None:
    """Read the directory of a segment that stands in one file, and the files in it."""
    with suppress(IndexUnavailableError):
        compound = CompoundFiles(_index_file(data), "MAIN_")
        for name in compound.list():
            compound.open_file(name).read()


def _index_file(data: bytes) -> IndexFile:
    storage = MemoryStorage()
    storage.put("case", data)
    return storage.open_file("case")


def _text(data: bytes) -> str:
    # Lone surrogates too: that is how bytes that are no UTF-8 come from a command line.
    return data.decode("utf-8", "surrogateescape")


@contextmanager
def _file(name: str, data: bytes) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        yield path


TARGETS: Mapping[str, Target] = {
    **{f"read-{name}": partial(read_with, name) for name in READERS},
    "dates": dates,
    "queries": queries,
    "settings": settings,
    "vocabularies": vocabularies,
    "aliases": aliases,
    "watches": watches,
    "manifests": manifests,
    "links": links,
    "pickles": plain_pickles,
    "blocks": posting_blocks,
    "columns": stored_columns,
    "contents": tables_of_contents,
    "terms": term_tables,
    "segments": segments,
}
