"""The guide to the query language is whole, up to date and true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from manual.examples import TODAY, Example, examples
from manual.pages import DOCS, PAGES
from rights_search import fields
from rights_search.archive import Archive
from rights_search.query import lexer, nodes
from rights_search.query.dates import NAMED
from rights_search.query.facets import STATES
from rights_search.query.lexer import OPERATORS, lex
from rights_search.query.parser import parse
from rights_search.query.syntax import CONSTRUCTS


@pytest.fixture(scope="module")
def archive(repository: Path) -> Iterator[Archive]:
    """Return an index of the corpus."""
    with Archive.create(None) as made:
        made.sync(repository / "corpus")
        yield made


def files_of(archive: Archive, query: str) -> set[str]:
    """Return the files of the corpus in which a query finds a post."""
    results = archive.search(query, today=TODAY, limit=1000)
    assert not results.is_relaxed, query
    return {hit.post.provenance.path for hit in results}


@pytest.mark.parametrize("example", examples().values(), ids=lambda example: example.query)
def test_an_example_finds_what_it_should(archive: Archive, example: Example) -> None:
    """What the guide shows is found in the corpus, and what it says is left out is not."""
    found = files_of(archive, example.query)
    assert set(example.finds) <= found
    assert not found & set(example.not_in)
    if not example.finds:
        assert not found


def shown() -> list[str]:
    """Return every query that the tables of the guide show."""
    queries = [construct.example for construct in CONSTRUCTS]
    return queries + [query for field in fields.FIELDS for query in field.example.split(" or ")]


def test_every_example_of_the_guide_is_run() -> None:
    """No query is shown without posts that it must find, and none is run for nothing."""
    assert set(shown()) - set(examples()) == set()
    assert set(examples()) - set(shown()) == {"theme:freedoms"}


def all_nodes(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield a node and those below it."""
    yield node
    match node:
        case nodes.And(parts) | nodes.Or(parts) | nodes.Near(parts):
            for part in parts:
                yield from all_nodes(part)
        case nodes.Not(part):
            yield from all_nodes(part)
        case nodes.Synonyms(parts):
            yield from parts
        case _:
            pass


def test_everything_that_the_parser_makes_is_in_the_guide() -> None:
    """Each kind of lexeme and of node comes of some example: a new one needs a row."""
    lexemes = {lexeme.kind for query in shown() for lexeme in lex(query)}
    assert lexemes == set(get_args(lexer.Kind))
    parsed = [parse(query, today=TODAY).node for query in shown()]
    made = {type(node) for root in parsed for node in all_nodes(root)}
    # The empty query is everything; the others are put in when it is searched.
    added = {
        nodes.Everything, nodes.Among, nodes.Derived, nodes.Transcription, nodes.Prefer,
    }  # fmt: skip
    assert made | added == set(_types(nodes.Node))


def _types(union: object) -> Iterator[type]:
    for member in get_args(union):
        yield from [member] if isinstance(member, type) else _types(member)


def test_every_spelling_is_in_the_guide() -> None:
    """Operators, signs behind words, quotes, named days and states all stand there."""
    written = " ".join(text for construct in CONSTRUCTS for text in construct.written)
    signs = "* ~ ^ \\ ( ) - ! : , .. < > <= >= near: NEAR/ NEAR none".split()
    for sign in [*OPERATORS, *lexer.OPENING, *signs]:
        assert sign in written, sign
    page = PAGES["query-language.md"]()
    for text in [*NAMED, *(f"is:{state}" for state in STATES)]:
        assert f"`{text}`" in page, text


def test_every_field_is_in_the_guide() -> None:
    """Each row of the table of fields is there, under each of its names."""
    page = PAGES["query-language.md"]()
    for field in fields.FIELDS:
        for name in (field.name, *field.aliases):
            assert f"`{name}:`" in page, name
        assert field.help
        assert field.example.startswith(f"{field.name}:"), field.name


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    """The file in docs/ is what ``make docs`` writes now."""
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run: make docs"


def test_tables_are_whole() -> None:
    """Each row of a table has as many cells as its head."""
    for table in re.findall(r"(?:^\|.*\n)+", PAGES["query-language.md"](), re.MULTILINE):
        cells = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(cells) == 1, table
