"""``rights-search watch``: saved searches that say what is new."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

import click

from rights_search.cli import options, terminal, words
from rights_search.cli.opening import list_posts, opened
from rights_search.errors import RightsSearchError
from rights_search.safe_text import safe, without_surrogates

if TYPE_CHECKING:
    from rights_search.watches.watching import Report, Watches

_F = TypeVar("_F", bound=Callable[..., Any])

_HELP = {"help_option_names": ["-h", "--help"]}

_EPILOG = """\
Saved searches are kept in the folder of the index, in watches.json, which only its owner
can read; nothing runs by itself. A rebuild of the index leaves them as they are.

Exit codes: 0 something found, 1 nothing found, 2 error.

\b
Examples:
  rights-search watch add egypt torture --country Egypt
  rights-search watch run
  rights-search watch list"""

_ADD_EPILOG = """\
The options of a query are saved with it, but for --aliases: that file is named again
when it is run, or always in RIGHTS_SEARCH_ALIASES. "date:last-year" and the like are
reckoned from the day of each run.

Exit codes: 0 saved, 2 error.

\b
Examples:
  rights-search watch add strikes strike
  rights-search watch add grozny torture --place Chechnya --from-now
  rights-search watch add mail '"death penalty" -moratorium' --broad"""

_RUN_EPILOG = """\
What is new: posts that match and were not shown before. A post whose file was moved,
a copy of one that was shown, and one that was gone for a while are not new; a post that
was changed so that it matches is. A near-copy is named once, by its id: what differs in it
may be the news, and --all-copies at "watch add" makes it new. What --limit leaves out stays
new. If the output breaks off, nothing counts as shown.

Exit codes: 0 something new, 1 nothing new, 2 error, also in one of the searches.

\b
Examples:
  rights-search watch run
  rights-search watch run strikes --peek --why
  rights-search watch run --csv > new.csv"""

_LIST_EPILOG = """\
Exit codes: 0 there are some, 1 there are none, 2 error.

\b
Examples:
  rights-search watch list
  rights-search watch list --json"""

_REMOVE_EPILOG = """\
Exit codes: 0 removed, 2 error.

\b
Examples:
  rights-search watch remove egypt"""


class _InOrder(click.Group):
    """A group that lists its commands in the order in which people need them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names as they were added."""
        return list(self.commands)


@click.group(
    cls=_InOrder,
    context_settings=_HELP,
    short_help="Save searches; show what is new.",
    epilog=_EPILOG,
    invoke_without_command=True,
)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Save searches by name, and show what is new since they were last run."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def _kept_in(function: _F) -> _F:
    return click.option(
        "--watches",
        metavar="FILE",
        type=click.Path(dir_okay=False),
        envvar="RIGHTS_SEARCH_WATCHES",
        help="Keep them in this file, for an index that you cannot write to.",
    )(function)


class _Added(words.Asked):
    watches: str | None
    from_now: bool
    all_copies: bool
    no_color: bool


@command.command(
    "add",
    cls=words.WordsCommand,
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
    short_help="Save a search.",
    epilog=_ADD_EPILOG,
)
@click.argument("name", metavar="NAME")
@words.search_options
@_kept_in
@click.option("--from-now", is_flag=True, help="Count what is found now as shown.")
@options.all_copies_option
@options.no_color_option
def add(name: str, query: tuple[str, ...], index: str, **chosen: Unpack[_Added]) -> int:
    """Save the search QUERY, with its options, as NAME.

    Its first run shows all that it finds, unless --from-now is given.
    """
    if not (query or any(words.filters(chosen).values())):
        ctx = click.get_current_context()
        ctx.fail(f"What is to be found? For example: {ctx.command_path} egypt torture in Egypt")
    from rights_search.cli import output  # noqa: PLC0415 - not for --help
    from rights_search.cli.views.watches import saved_view  # noqa: PLC0415

    report = _watches(index, chosen["watches"]).add(
        without_surrogates(name),
        words.text(query),
        from_now=chosen["from_now"],
        copies=words.copies(all_copies=chosen["all_copies"]),
        **words.filters(chosen),
        **words.names(chosen),
    )
    where = options.given("index", "watches")
    blocks = saved_view(report, f"rights-search watch run {shlex.quote(name)}{where}")
    output.write(blocks, no_color=chosen["no_color"])
    return 0


@command.command(context_settings=_HELP, short_help="Show what is new.", epilog=_RUN_EPILOG)
@click.argument("names", metavar="[NAME...]", nargs=-1)
@options.index_option
@_kept_in
@options.aliases_option
@click.option("--peek", is_flag=True, help="Look only: what is new stays new.")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    default=100,
    show_default=True,
    help="New hits of each search to show; the next run goes on.",
)
@options.why_option
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@click.option("--jsonl", "as_jsonl", is_flag=True, help="A JSON object a line for each new hit.")
@click.option("--csv", "as_csv", is_flag=True, help="A table for spreadsheets.")
@options.no_color_option
def run(names: tuple[str, ...], index: str, **chosen: Any) -> int:
    """Run the saved searches of these names, or all, and show what is new in each."""
    if sum((chosen["as_json"], chosen["as_jsonl"], chosen["as_csv"])) > 1:
        click.get_current_context().fail("Choose one of --json, --jsonl and --csv.")
    watches = _watches(index, chosen["watches"])
    names = tuple(map(without_surrogates, names))
    asked = {"limit": chosen["limit"], "aliases": chosen["aliases"]}
    look = (
        nullcontext(watches.peek(*names, **asked))
        if chosen["peek"]
        else watches.run(*names, **asked)
    )
    with look as reports:
        shown = (hit.post.id for each in reports if each.news for hit in each.news.hits)
        list_posts(enumerate(shown, 1))
        _show(reports, chosen)
        # What is still on its way may yet be lost, and then it was not shown.
        sys.stdout.flush()
    failed = sum(report.news is None for report in reports)
    if failed:
        searches = "1 saved search" if failed == 1 else f"{failed:,} saved searches"
        raise RightsSearchError(f"{searches} failed: see above; the others were run")
    has_news = any(report.news and report.news.count for report in reports)
    return 0 if has_news else options.NOTHING_FOUND


def _show(reports: Sequence[Report], chosen: dict[str, Any]) -> None:
    from rights_search.cli import export, output  # noqa: PLC0415 - not for --help
    from rights_search.cli.views import watches as views  # noqa: PLC0415

    if chosen["as_json"]:
        record = {"watches": [views.report_record(report) for report in reports]}
        export.write_json(record, sys.stdout)
    elif chosen["as_jsonl"]:
        views.write_jsonl(reports, sys.stdout)
        views.write_near_copies(reports, sys.stderr)
    elif chosen["as_csv"]:
        views.write_csv(reports, sys.stdout)
        views.write_near_copies(reports, sys.stderr)
    else:
        glyphs = terminal.glyphs_for(sys.stdout)
        blocks = views.reports_view(reports, glyphs, why=chosen["why"])
        output.write(blocks if reports else (views.NONE,), no_color=chosen["no_color"])


@command.command("list", context_settings=_HELP, short_help="List them.", epilog=_LIST_EPILOG)
@options.index_option
@_kept_in
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
@options.no_color_option
def list_(*, index: str, watches: str | None, as_json: bool, no_color: bool) -> int:
    """List the saved searches with what they ask for and when they were last run."""
    from rights_search.cli import export, output  # noqa: PLC0415 - not for --help
    from rights_search.cli.views import watches as views  # noqa: PLC0415

    known = tuple(_watches(index, watches))
    if as_json:
        export.write_json({"watches": [views.watch_record(watch) for watch in known]}, sys.stdout)
        return 0 if known else options.NOTHING_FOUND
    blocks = views.watches_view(known, terminal.glyphs_for(sys.stdout))
    output.write(blocks if known else (views.NONE,), no_color=no_color)
    return 0 if known else options.NOTHING_FOUND


@command.command(context_settings=_HELP, short_help="Forget one.", epilog=_REMOVE_EPILOG)
@click.argument("name", metavar="NAME")
@options.index_option
@_kept_in
def remove(*, name: str, index: str, watches: str | None) -> int:
    """Forget the saved search NAME and what it has shown."""
    from rights_search.cli.views.watches import asked  # noqa: PLC0415 - not for --help

    watch = _watches(index, watches).remove(without_surrogates(name))
    click.echo(safe(f"Removed {watch.name}: {asked(watch) or 'every post'}"))
    return 0


def _watches(index: str, path: str | None) -> Watches:
    from rights_search.watches.watching import Watches as Kept  # noqa: PLC0415 - not for --help

    return Kept.of(opened(index), path)
