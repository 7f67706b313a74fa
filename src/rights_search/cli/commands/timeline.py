"""``rights-search timeline``: counts over time, in the terminal or as a picture."""

from __future__ import annotations

import sys
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, Unpack

import click

from rights_search.cli import options, terminal, words
from rights_search.cli.opening import opened

if TYPE_CHECKING:
    from rights_search.search.timeline import Timeline

PICTURES = (".svg", ".png")

_EPILOG = """\
A bar is the number of hits of a year or month; years and months without hits are
shown. A post dated "2019" is in no month: it is counted apart, as the undated are.
Of a date such as "c. 2014" that is said. With --split a line for each of the most
frequent values follows; a post with two themes is in both lines.

FILE.svg needs nothing else, FILE.png the extra 'plot': pip install '.[plot]'

Exit codes: 0 something found, 1 nothing found, 2 error.

\b
Examples:
  rights-search timeline torture in Egypt
  rights-search timeline --country Russia --year 2013..2019 --by month
  rights-search timeline strike --split country --output strikes.svg
  rights-search timeline refugees --csv > refugees.csv"""


class _Chosen(words.Asked):
    by: Literal["year", "month"] | None
    split: str | None
    top: int
    all_copies: bool
    output: str | None
    force: bool
    as_json: bool
    as_csv: bool
    no_color: bool


def _facet(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Return the facet that a name or alias means."""
    del param
    if value is None:
        return None
    from rights_search import fields  # noqa: PLC0415 - not for --help
    from rights_search.search.timeline import SPLIT_BY  # noqa: PLC0415

    field = fields.find_facet(value)
    if field is None or field.name not in SPLIT_BY:
        ctx.fail(f"--split {value}: it can be split by {', '.join(SPLIT_BY)}.")
    return field.name


def _picture(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Refuse a file that is no picture: its name says what to write."""
    del param
    if value is not None and PurePath(value).suffix.lower() not in PICTURES:
        ctx.fail(f"--output {value}: the name must end in {' or '.join(PICTURES)}.")
    return value


@click.command(
    cls=words.WordsCommand,
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    short_help="Count hits by year or month, as a plot.",
    epilog=_EPILOG,
)
@words.search_options
@click.option(
    "--by",
    type=click.Choice(["year", "month"]),
    help="Length of a period; by default months where all hits are within three years.",
)
@click.option(
    "--split",
    metavar="FACET",
    callback=_facet,
    help="Count the most frequent values of this facet apart, such as theme or country.",
)
@click.option(
    "--top",
    metavar="N",
    type=click.IntRange(min=1, max=20),
    default=5,
    show_default=True,
    help="Values that --split shows.",
)
@options.all_copies_option
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    callback=_picture,
    help="Draw it into this file, as SVG or PNG by its name.",
)
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="A table for spreadsheets.")
@options.no_color_option
def command(query: tuple[str, ...], index: str, **chosen: Unpack[_Chosen]) -> int:
    """Count the hits of QUERY by year or month and plot them.

    Without QUERY and filters, every post. Each filter holds, that of years too.
    """
    if chosen["as_json"] + chosen["as_csv"] + (chosen["output"] is not None) > 1:
        click.get_current_context().fail("Choose one of --json, --csv and --output.")
    archive = opened(index)
    timeline = archive.timeline(
        words.text(query),
        **words.filters(chosen),
        **words.names(chosen),
        by=chosen["by"],
        split=chosen["split"],
        top=chosen["top"],
        copies=words.copies(all_copies=chosen["all_copies"]),
    )
    if chosen["output"] is None:
        _write(timeline, chosen)
    elif timeline.total:
        _draw(timeline, chosen["output"], force=chosen["force"])
    return 0 if timeline.total else options.NOTHING_FOUND


def _write(timeline: Timeline, chosen: _Chosen) -> None:
    from rights_search.cli import export, output  # noqa: PLC0415 - not for --help
    from rights_search.cli.views import timeline as views  # noqa: PLC0415

    if chosen["as_json"]:
        export.write_json(views.timeline_record(timeline), sys.stdout)
    elif chosen["as_csv"]:
        views.write_csv(timeline, sys.stdout)
    else:
        blocks = views.timeline_view(timeline, terminal.glyphs_for(sys.stdout))
        output.write(blocks, no_color=chosen["no_color"])


def _draw(timeline: Timeline, path: str, *, force: bool) -> None:
    from rights_search.cli import pictures  # noqa: PLC0415 - for files only
    from rights_search.cli.writing import output_to  # noqa: PLC0415

    drawing = pictures.svg(timeline)
    is_svg = PurePath(path).suffix.lower() == ".svg"
    data = drawing.encode("utf-8") if is_svg else pictures.png(drawing)
    with output_to(path, force=force) as stream:
        stream.buffer.write(data)
