"""``rights-search export``: every hit of a query, as a file for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Literal, Unpack

import click

from rights_search.cli import options, words
from rights_search.cli.opening import opened
from rights_search.exports import FORMATS, writer

if TYPE_CHECKING:
    from rights_search.post import Post

_EPILOG = """\b
Formats:
  jsonl     all that is known of a post, an object a line
  csv       a table for spreadsheets
  bibtex    citations for LaTeX; the key is the post's id
  ris       citations for reference managers
  csl-json  citations for citation processors
  markdown  a list to read
  html      a page with the texts, to read and to print

A csv FILE begins with the mark by which Excel knows that its letters are UTF-8; the
standard output has none, for other programs take it for a part of the first name.

Each has the citation, the source file, its SHA-256 and the place in it. A date has
the parts that the source gave; names of authors stay as they are, in one piece.

Exit codes: 0 something found, 1 nothing found, 2 error.

\b
Examples:
  rights-search export torture in Egypt --format bibtex --output egypt.bib
  rights-search export --country Russia --format csv > russia.csv
  rights-search export --format jsonl --output everything.jsonl"""


_EXCEL_MARK = "\ufeff"


class _Chosen(words.Asked):
    format_name: str
    output: str | None
    force: bool
    sort: Literal["relevance", "newest", "oldest", "recent-relevant"]
    all_copies: bool


@click.command(
    cls=words.WordsCommand,
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    short_help="Write every hit with its citation.",
    epilog=_EPILOG,
)
@words.search_options
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(FORMATS)),
    required=True,
    help="What to write.",
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Where to write it; by default the standard output.",
)
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@options.sort_option
@options.all_copies_option
def command(query: tuple[str, ...], index: str, **chosen: Unpack[_Chosen]) -> int:
    """Write every hit of QUERY, not a page of them, with its citation and its place.

    Without QUERY and filters, every post. Nothing is written where nothing is found.
    """
    from rights_search.cli.writing import output_to  # noqa: PLC0415 - not for --help

    archive = opened(index)
    posts = archive.posts(
        words.text(query),
        **words.filters(chosen),
        **words.names(chosen),
        sort=chosen["sort"],
        copies=words.copies(all_copies=chosen["all_copies"]),
    )
    found = _if_any(posts)
    if found is None:
        return options.NOTHING_FOUND
    with output_to(chosen["output"], force=chosen["force"]) as stream:
        if chosen["output"] is not None and chosen["format_name"] == "csv":
            stream.write(_EXCEL_MARK)
        writer(chosen["format_name"])(found, stream)
    return 0


def _if_any(posts: Iterator[Post]) -> Iterable[Post] | None:
    """Return the posts, or None if there are none: an empty file would look like an answer."""
    first = next(posts, None)
    return None if first is None else chain((first,), posts)
