"""``rights-search query``: search an index."""

from __future__ import annotations

import sys
from typing import Literal, Unpack

import click

from rights_search.cli import options, terminal, words
from rights_search.cli.opening import list_posts, opened
from rights_search.errors import RightsSearchError
from rights_search.results import Hit, Results

FACETS = ("country", "year", "theme")


_EPILOG = """\b
Query language:
  torture egypt         all the words, and their inflected forms
  "right to life"       these words in this order; shells eat quotes, so
                        type '"right to life"'
  torture OR abuse      either; brackets group
  torture -police       not the second word
  tortur*  freedm~      beginnings of words, misspellings: quote the star
  torture near:5 prison at most five other words between the two
  title:strike          in one field; also country: year: date: theme: source:
  date:last-year        also date:2014-02, date:2013..2019, date:last-30-days
  (all of it: docs/query-language.md; how a query is read: rights-search explain)

\b
Output in a pipe: a line of numbers first, then after a blank line for each hit
  1. title
      date · countries · themes · authors · id   (what is unknown is left out)
      file:line
      the best passage
  and the counts last. For programs there are --json, --jsonl and --csv.

Exit codes: 0 something found, 1 nothing found, 2 error.

\b
Examples:
  rights-search query torture in Egypt
  rights-search query --country Russia --year 2013..2019 LGBTI
  rights-search query '"death penalty" -moratorium' --why
  rights-search query --theme torture --country "South Africa" --sort newest
  rights-search query -- -moratorium execution
  rights-search query refugees --open 1
  rights-search query refugees --csv > refugees.csv"""


class _Chosen(words.Asked):
    """The options of a query, as click gives them."""

    sort: Literal["relevance", "newest", "oldest", "recent-relevant"]
    limit: int
    offset: int
    all_copies: bool
    facets: bool
    opens: int | None
    why: bool
    as_json: bool
    as_jsonl: bool
    as_csv: bool
    no_color: bool


@click.command(
    cls=words.WordsCommand,
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    short_help="Search the index.",
    epilog=_EPILOG,
)
@words.search_options
@options.sort_option
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="Hits to show; 0 for the counts alone.",
)
@click.option(
    "--offset", metavar="N", type=click.IntRange(min=0), default=0, help="Hits to pass over first."
)
@options.all_copies_option
@click.option(
    "--facets/--no-facets",
    default=True,
    show_default=True,
    help="Count countries, years and themes of all matches.",
)
@options.why_option
@click.option(
    "--open",
    "opens",
    metavar="N",
    type=click.IntRange(min=1),
    help="Open the source of hit N, its file or address, and show nothing. "
    "A web page opens in the browser, which runs its scripts.",
)
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@click.option("--jsonl", "as_jsonl", is_flag=True, help="A JSON object a line for each hit.")
@click.option("--csv", "as_csv", is_flag=True, help="A table for spreadsheets.")
@options.no_color_option
def command(query: tuple[str, ...], index: str, **chosen: Unpack[_Chosen]) -> int:
    """Search the index for QUERY; its words need no quotes around them.

    Options may stand anywhere. Repeat --country, --year or --theme for "any of
    these"; different ones must all hold. Without QUERY they list what they let through.
    """
    _check_request(query, chosen)
    number = chosen["opens"]
    wants_counts = chosen["facets"] and not (chosen["as_jsonl"] or chosen["as_csv"])
    archive = opened(index)
    results = archive.search(
        words.text(query),
        **words.filters(chosen),
        **words.names(chosen),
        sort=chosen["sort"],
        limit=chosen["limit"] if number is None else 1,
        offset=chosen["offset"] if number is None else number - 1,
        copies=words.copies(all_copies=chosen["all_copies"]),
        facets=FACETS if wants_counts else (),
    )
    if number is not None and results.total:
        _open(_first(results), archive.manifest.corpus)
        return 0
    list_posts((hit.rank, hit.post.id) for hit in results)
    _write(results, chosen)
    return 0 if results.total else options.NOTHING_FOUND


def _check_request(query: tuple[str, ...], chosen: _Chosen) -> None:
    ctx = click.get_current_context()
    formats = (chosen["as_json"], chosen["as_jsonl"], chosen["as_csv"])
    if sum(formats) > 1:
        ctx.fail("Choose one of --json, --jsonl and --csv.")
    if sum(formats) and chosen["opens"]:
        ctx.fail("With --open nothing is shown: leave --json, --jsonl or --csv out.")
    if not (query or any(words.filters(chosen).values()) or chosen["sort"] != "relevance"):
        ctx.fail(f"What is to be found? For example: {ctx.command_path} torture in Egypt")


def _first(results: Results) -> Hit:
    """Return the hit that was asked for by its number."""
    if not results.hits:
        number = results.offset + 1
        raise RightsSearchError(f"There is no hit {number}: the query has {results.distinct:,}")
    return results.hits[0]


def _open(hit: Hit, corpus: str) -> None:
    from rights_search.cli.sources import open_post  # noqa: PLC0415 - a rare wish

    open_post(hit.post, corpus)


def _write(results: Results, chosen: _Chosen) -> None:
    if chosen["as_json"] or chosen["as_jsonl"] or chosen["as_csv"]:
        from rights_search.cli import export  # noqa: PLC0415 - not for people
        from rights_search.result_records import to_dict  # noqa: PLC0415

        if chosen["as_json"]:
            export.write_json(to_dict(results), sys.stdout)
        elif chosen["as_jsonl"]:
            export.write_jsonl(results, sys.stdout)
        else:
            export.write_csv(results, sys.stdout)
    else:
        from rights_search.cli import output  # noqa: PLC0415 - not for programs
        from rights_search.cli.views.results import hit_view, results_view  # noqa: PLC0415

        glyphs = terminal.glyphs_for(sys.stdout)
        meta = click.get_current_context().meta
        if meta.get(options.ALONE):
            blocks = hit_view(_first(results), glyphs, why=chosen["why"])
        else:
            in_session = options.SESSION in meta
            blocks = results_view(results, glyphs, why=chosen["why"], in_session=in_session)
        output.write(blocks, no_color=chosen["no_color"])
