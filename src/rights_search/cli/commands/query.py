"""``rights-search query``: search an index."""

from __future__ import annotations

import difflib
import sys
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

import click

from rights_search.cli import options, terminal
from rights_search.results import Mode, Results

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

FACETS = ("country", "year", "theme")
NOTHING_FOUND = 1

_FREE_WORDS = "rights_search.free_words"

_EPILOG = """\b
Query language:
  torture egypt         all the words, and their inflected forms
  "right to life"       these words in this order; shells eat quotes, so
                        type '"right to life"'
  torture OR abuse      either; brackets group
  torture -police       not the second word
  tortur*  freedm~      beginnings of words, misspellings: quote the star
  title:strike          in one field; also country: year: date: theme: source:

\b
Output in a pipe: a line of numbers first, then after a blank line for each hit
  1. title
      date · countries · themes · authors · id   (what is unknown is left out)
      file:line
      the best passage
  and the counts last. For programs there are --json, --jsonl and --csv.

\b
Exit codes: 0 something found, 1 nothing found, 2 error.

\b
Examples:
  rights-search query torture in Egypt
  rights-search query --country Russia --year 2013..2019 LGBTI
  rights-search query '"death penalty" -moratorium' --why
  rights-search query --theme torture --country "South Africa" --sort newest
  rights-search query -- -moratorium execution
  rights-search query refugees --csv > refugees.csv"""


class _Chosen(TypedDict):
    """The options of a query, as click gives them."""

    country: tuple[str, ...]
    year: tuple[str, ...]
    theme: tuple[str, ...]
    mode: Mode | None
    sort: Literal["relevance", "newest", "oldest"]
    limit: int
    offset: int
    facets: bool
    why: bool
    as_json: bool
    as_jsonl: bool
    as_csv: bool
    no_color: bool


class QueryCommand(click.Command):
    """A command whose words may begin with a minus sign, as in ``torture -police``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse ``args``; what is no option is a word, unless it looks like a slip."""
        end = args.index("--") if "--" in args else len(args)
        ctx.meta[_FREE_WORDS] = max(0, len(args) - end - 1)
        # With a real -h, a word to leave out such as -homs would ask for help.
        head = ["--help" if arg == "-h" else arg for arg in args[:end]]
        return super().parse_args(ctx, head + args[end:])


def _check_words(
    ctx: click.Context, param: click.Parameter, words: tuple[str, ...]
) -> tuple[str, ...]:
    """Refuse words in front of ``--`` that are mistyped options."""
    del param
    if ctx.resilient_parsing:
        return words
    for word in words[: len(words) - ctx.meta.get(_FREE_WORDS, 0)]:
        is_letter = len(word) == 2 and word[0] == "-" and word[1].isalpha()  # noqa: PLR2004
        if word.startswith("--") or is_letter:
            ctx.fail(_no_such_option(ctx, word.partition("=")[0]))
    return words


def _complete_country(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    del ctx, param
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - for shells only

    from rights_search import territories  # noqa: PLC0415

    start = incomplete.upper()
    return [
        CompletionItem(code, help=territories.name(code))
        for code in territories.codes()
        if code.startswith(start)
    ]


def _complete_theme(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    del ctx, param
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - for shells only

    from rights_search import themes  # noqa: PLC0415

    start = incomplete.lower()
    return [
        CompletionItem(theme_id, help=themes.label(theme_id))
        for theme_id in themes.ids()
        if theme_id.startswith(start)
    ]


def _no_such_option(ctx: click.Context, name: str) -> str:
    known = [option for param in ctx.command.params for option in param.opts if option[:1] == "-"]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else " Words to search for go behind '--'."
    return f"No such option: {name}.{hint}"


@click.command(
    cls=QueryCommand,
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    short_help="Search the index.",
    epilog=_EPILOG,
)
@click.argument("words", metavar="QUERY...", nargs=-1, callback=_check_words)
@options.index_option
@click.option(
    "--country",
    metavar="X",
    multiple=True,
    shell_complete=_complete_country,
    help="About this country: name or code.",
)
@click.option("--year", metavar="Y", multiple=True, help="Published in: 2014 or 2013..2019.")
@click.option(
    "--theme",
    metavar="T",
    multiple=True,
    shell_complete=_complete_theme,
    help="About this theme: name or id.",
)
@click.option(
    "--exact",
    "mode",
    flag_value="exact",
    help="Words as written: no inflections, no other names.",
)
@click.option(
    "--broad",
    "mode",
    flag_value="broad",
    help="Any of the words will do, the best answers first.",
)
@click.option(
    "--sort",
    type=click.Choice(["relevance", "newest", "oldest"]),
    default="relevance",
    show_default=True,
    help="Order of the hits.",
)
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
@click.option(
    "--facets/--no-facets",
    default=True,
    show_default=True,
    help="Count countries, years and themes of all matches.",
)
@options.why_option
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@click.option("--jsonl", "as_jsonl", is_flag=True, help="A JSON object a line for each hit.")
@click.option("--csv", "as_csv", is_flag=True, help="A table for spreadsheets.")
@options.no_color_option
def command(words: tuple[str, ...], index: str, **chosen: Unpack[_Chosen]) -> int:
    """Search the index for QUERY; its words need no quotes around them.

    Options may stand anywhere. Repeat --country, --year or --theme for "any of
    these"; different ones must all hold. Without QUERY they list what they let through.
    """
    _check_request(words, chosen)
    from rights_search.archive import Archive  # noqa: PLC0415 - not for --help

    wants_counts = chosen["facets"] and not (chosen["as_jsonl"] or chosen["as_csv"])
    with Archive.open(index) as archive:
        results = archive.search(
            terminal.without_surrogates(" ".join(words)),
            country=_clean(chosen["country"]),
            year=_clean(chosen["year"]),
            theme=_clean(chosen["theme"]),
            mode=chosen["mode"] or "default",
            sort=chosen["sort"],
            limit=chosen["limit"],
            offset=chosen["offset"],
            facets=FACETS if wants_counts else (),
        )
    _write(results, chosen)
    return 0 if results.total else NOTHING_FOUND


def _check_request(words: tuple[str, ...], chosen: _Chosen) -> None:
    ctx = click.get_current_context()
    formats = (chosen["as_json"], chosen["as_jsonl"], chosen["as_csv"])
    if sum(formats) > 1:
        ctx.fail("Choose one of --json, --jsonl and --csv.")
    filters = (*chosen["country"], *chosen["year"], *chosen["theme"])
    if not (words or filters or chosen["sort"] != "relevance"):
        ctx.fail(f"What is to be found? For example: {ctx.command_path} torture in Egypt")


def _clean(values: tuple[str, ...]) -> tuple[str, ...] | None:
    return tuple(terminal.without_surrogates(value) for value in values) or None


def _write(results: Results, chosen: _Chosen) -> None:
    from rights_search.cli import export, output  # noqa: PLC0415 - not for --help
    from rights_search.cli.views.results import results_view  # noqa: PLC0415

    if chosen["as_json"]:
        export.write_json(export.results_record(results), sys.stdout)
    elif chosen["as_jsonl"]:
        export.write_jsonl(results, sys.stdout)
    elif chosen["as_csv"]:
        export.write_csv(results, sys.stdout)
    else:
        glyphs = terminal.glyphs_for(sys.stdout)
        blocks = results_view(results, glyphs, why=chosen["why"])
        output.write(blocks, no_color=chosen["no_color"])
