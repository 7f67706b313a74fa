"""``rights-search batch``: many queries, one table."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Unpack

import click

from rights_search.cli import options, words
from rights_search.cli.opening import opened
from rights_search.errors import QueryError, RightsSearchError

if TYPE_CHECKING:
    from rights_search.results import Hit, Results

MAX_QUERIES = 100_000
MAX_TOP = 100
_MOST_HEADER_CHARS = 10_000
_QUERY = "query"

_EPILOG = """\
FILE has a column "query" and may have others, such as "name": they are kept; commas,
semicolons, tabs or | stand between. Behind them stand the posts that match, the hits that
these are without copies, what is wrong with the query if anything is, and the best hits
as: id title (date). Only posts that answer the whole query count. As in any CSV, quotes
within a cell are doubled, also those of a phrase.

Exit codes: 0 something found, 1 nothing found, 2 error, also in one of the queries.

\b
Examples:
  rights-search batch queries.csv > counts.csv
  rights-search batch queries.csv --top 1 --country Egypt"""


@click.command(
    context_settings={"help_option_names": ["-h", "--help"]},
    short_help="Run the queries of a table.",
    epilog=_EPILOG,
)
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False))
@options.index_option
@words.reading_options
@click.option(
    "--top",
    metavar="N",
    type=click.IntRange(min=0, max=MAX_TOP),
    default=3,
    show_default=True,
    help="Hits of each query to name.",
)
def command(*, path: str, index: str, top: int, **asked: Unpack[words.Asked]) -> int:
    """Run each query of FILE, a CSV table, and write one table of counts and top hits.

    Filters and modes hold for every query.
    """
    from rights_search.exports.cells import cell  # noqa: PLC0415 - not for --help

    archive = opened(index)
    search = partial(
        archive.search, limit=top, snippet_chars=0, **words.filters(asked), **words.names(asked)
    )
    writer = csv.writer(sys.stdout, lineterminator="\n")
    found = failed = 0
    for number, (kept, query) in enumerate(_rows(path)):
        if number == 0:
            hits = (f"hit {rank}" for rank in range(1, top + 1))
            writer.writerow([*map(cell, kept), "total", "distinct", "error", *hits])
            continue
        total, distinct, error, names = _answer(search, query)
        texts = (*names, *[""] * (top - len(names)))
        writer.writerow([*map(cell, kept), total, distinct, cell(error), *map(cell, texts)])
        found += total
        failed += bool(error)
    if failed:
        wrong = "1 query is wrong" if failed == 1 else f"{failed:,} queries are wrong"
        raise RightsSearchError(f"{path}: {wrong}; see the column 'error'")
    return 0 if found else options.NOTHING_FOUND


def _rows(path: str) -> Iterator[tuple[list[str], str]]:
    """Yield the header and the rows of a table, each with its query.

    Raises:
        RightsSearchError: if it is no such table, or has too many rows.
    """
    from rights_search.ingest.tables.dialect import delimiter_of  # noqa: PLC0415 - not for --help

    try:
        with open(path, encoding="utf-8-sig", newline="") as stream:  # noqa: PTH123 - a name as given
            first = stream.readline(_MOST_HEADER_CHARS)
            separator = delimiter_of(first, lambda name: name.lower().strip() == _QUERY)
            stream.seek(0)
            # Strict: a phrase whose quotes are not doubled would silently lose them.
            reader = csv.reader(stream, strict=True, delimiter=separator)
            header = next(reader, [])
            names = [name.strip().lower() for name in header]
            if _QUERY not in names:
                raise RightsSearchError(f"{path}: has no column '{_QUERY}' in its first line")
            column = names.index(_QUERY)
            yield header, ""
            for number, row in enumerate(filter(None, reader), 1):
                if number > MAX_QUERIES:
                    raise RightsSearchError(f"{path}: has more than {MAX_QUERIES:,} queries")
                whole = [*row, *[""] * (len(header) - len(row))][: len(header)]
                if len(row) > len(header):
                    reason = "has more cells than the first line; quote a query with commas"
                    raise RightsSearchError(f"{path}: line {reader.line_num} {reason}")
                yield whole, whole[column]
    except UnicodeDecodeError as error:
        raise RightsSearchError(f"{path}: is not UTF-8; save it as such") from error
    except csv.Error as error:
        raise RightsSearchError(f"{path}: line {reader.line_num}: {error}") from error


def _answer(search: Callable[[str], Results], query: str) -> tuple[int, int, str, list[str]]:
    """Return posts and hits that answer a query, what is wrong with it, and the best hits."""
    if not query.strip():
        return 0, 0, "the query is blank", []
    try:
        results = search(query)
    except QueryError as error:
        return 0, 0, error.reason, []
    if results.is_relaxed:
        return 0, 0, "", []
    return results.total, results.distinct, "", [_name(hit) for hit in results]


def _name(hit: Hit) -> str:
    date = "undated" if hit.post.date is None else str(hit.post.date)
    return f"{hit.post.id} {hit.post.title} ({date})"
