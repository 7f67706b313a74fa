"""``rights-search facets``: how many hits each country, year or theme has."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Unpack

import click

from rights_search import fields
from rights_search.cli import options, terminal, words
from rights_search.cli.blocks import Line, line
from rights_search.cli.opening import opened

_EPILOG = """\
A facet is counted without its own filter: with --country Russia the other countries
still show what they would add. Filters of other facets, and --not-country and the
like, hold everywhere. A value that is chosen is listed at 0 too. Years and months
stand in their order, with bars.

Exit codes: 0 something found, 1 nothing found, 2 error.

\b
Examples:
  rights-search facets torture --by country,year
  rights-search facets --country Russia --year 2013..2019 --by theme --fold
  rights-search facets torture --by month --country "Western Africa"
  rights-search facets strike --not-country Egypt --by source --csv > sources.csv"""


class _Chosen(words.Asked):
    by: tuple[str, ...]
    limit: int | None
    fold: bool
    all_copies: bool
    as_json: bool
    as_csv: bool
    no_color: bool


def _names(ctx: click.Context, param: click.Parameter, value: str) -> tuple[str, ...]:
    """Return the facets that a list names, by their names or aliases."""
    del param
    names = [name.strip() for name in value.split(",") if name.strip()]
    found = [field.name for name in names if (field := fields.find_facet(name)) is not None]
    if len(found) < len(names) or not found:
        known = ", ".join(field.name for field in fields.FACETS)
        unknown = next((name for name in names if fields.find_facet(name) is None), "")
        ctx.fail(f"--by {value}: {_hint(unknown)}facets are {known}.")
    return tuple(dict.fromkeys(found))


def _hint(name: str) -> str:
    """Return what was perhaps meant by the name of a facet that there is not."""
    from rights_search.wording import did_you_mean, nearest  # noqa: PLC0415 - a rare mistake

    folded = {"region": "country", "continent": "country", "area": "theme"}.get(name.rstrip("s"))
    if folded is not None:
        return f"'{name}' is what --by {folded} --fold shows; "
    near = did_you_mean(nearest(name, (field.name for field in fields.FACETS)))
    return f"{near} " if near else ""


def _notes(query: tuple[str, ...], by: tuple[str, ...]) -> Iterator[Line]:
    """Yield a note for each word of a query that is a facet: ``--by country year``."""
    source = click.get_current_context().get_parameter_source("by")
    for word in query if source is click.core.ParameterSource.COMMANDLINE else ():
        field = fields.find_facet(word)
        if field is not None and field.name not in by:
            meant = ",".join((*by, field.name))
            yield line(f"'{word}' was searched for as a word; to count it: --by {meant}")


@click.command(
    cls=words.WordsCommand,
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    short_help="Count countries, years, themes and more.",
    epilog=_EPILOG,
)
@words.search_options
@click.option(
    "--by",
    metavar="FACET,...",
    default="country,year,theme",
    show_default=True,
    callback=_names,
    help="What to count.",
)
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    help="Values of each facet to show, beside the chosen ones; by default all.",
)
@click.option(
    "--fold",
    is_flag=True,
    help="Put themes under their areas, countries under regions, places under countries.",
)
@options.all_copies_option
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="A table for spreadsheets.")
@options.no_color_option
def command(query: tuple[str, ...], index: str, **chosen: Unpack[_Chosen]) -> int:
    """Count the values of each facet over all posts that QUERY finds.

    Without QUERY and filters, over every post.
    """
    if chosen["as_json"] and chosen["as_csv"]:
        click.get_current_context().fail("Choose one of --json and --csv.")
    from rights_search.cli import export, output  # noqa: PLC0415 - not for --help
    from rights_search.cli.views import facets as views  # noqa: PLC0415

    archive = opened(index)
    found = archive.facets(
        words.text(query),
        **words.filters(chosen),
        **words.names(chosen),
        by=chosen["by"],
        fold=chosen["fold"],
        limit=chosen["limit"],
        copies=words.copies(all_copies=chosen["all_copies"]),
    )
    if chosen["as_json"]:
        export.write_json(views.facets_record(found), sys.stdout)
    elif chosen["as_csv"]:
        views.write_csv(found, sys.stdout)
    else:
        blocks = [
            *_notes(query, chosen["by"]),
            *views.facets_view(found, terminal.glyphs_for(sys.stdout)),
        ]
        output.write(blocks, no_color=chosen["no_color"])
    return 0 if found.total else options.NOTHING_FOUND
