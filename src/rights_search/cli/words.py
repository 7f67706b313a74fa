"""The words of a query on a command line, and the options of all commands that search."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import click

from rights_search.cli import options, terminal
from rights_search.results import Mode

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_FREE_WORDS = "rights_search.free_words"

_F = TypeVar("_F", bound=Callable[..., Any])


class Asked(TypedDict):
    """The options of `search_options`, as click gives them; the words come apart."""

    country: tuple[str, ...]
    year: tuple[str, ...]
    theme: tuple[str, ...]
    not_country: tuple[str, ...]
    not_year: tuple[str, ...]
    not_theme: tuple[str, ...]
    mode: Mode | None
    aliases: str | None
    without_aliases: tuple[str, ...]


class Filters(TypedDict):
    """Filters as `rights_search.archive.Archive.search` takes them."""

    country: tuple[str, ...]
    year: tuple[str, ...]
    theme: tuple[str, ...]
    not_country: tuple[str, ...]
    not_year: tuple[str, ...]
    not_theme: tuple[str, ...]


def text(query: tuple[str, ...]) -> str:
    """Return the words of a command line as one query."""
    return terminal.without_surrogates(" ".join(query))


def filters(asked: Asked) -> Filters:
    """Return the filters among the options."""
    return {
        "country": _clean(asked["country"]),
        "year": _clean(asked["year"]),
        "theme": _clean(asked["theme"]),
        "not_country": _clean(asked["not_country"]),
        "not_year": _clean(asked["not_year"]),
        "not_theme": _clean(asked["not_theme"]),
    }


class Names(TypedDict):
    """Mode and aliases as `rights_search.archive.Archive.search` takes them."""

    mode: Mode
    aliases: str | None
    without_aliases: tuple[str, ...]


def names(asked: Asked) -> Names:
    """Return how freely words are read, and with which other names."""
    return {
        "mode": asked["mode"] or "default",
        "aliases": asked["aliases"],
        "without_aliases": _clean(asked["without_aliases"]),
    }


def _clean(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(terminal.without_surrogates(value) for value in values)


class WordsCommand(click.Command):
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
    from rights_search import territories  # noqa: PLC0415 - for shells only

    return _completions(incomplete.upper(), territories.codes(), territories.name)


def _complete_theme(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    del ctx, param
    from rights_search import themes  # noqa: PLC0415 - for shells only

    return _completions(incomplete.lower(), themes.ids(), themes.label)


def _completions(
    start: str, values: Iterable[str], label: Callable[[str], str]
) -> list[CompletionItem[str]]:
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - for shells only

    return [CompletionItem(value, help=label(value)) for value in values if value.startswith(start)]


def _no_such_option(ctx: click.Context, name: str) -> str:
    known = [option for param in ctx.command.params for option in param.opts if option[:1] == "-"]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else " Words to search for go behind '--'."
    return f"No such option: {name}.{hint}"


def search_options(function: _F) -> _F:
    """Add the words of a query, ``--index``, the filters and the modes.

    Use it with `WordsCommand`; the function gets ``query``, ``index`` and `Asked`.
    """
    for decorate in reversed(_OPTIONS):
        function = decorate(function)
    return function


_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.argument("query", metavar="QUERY...", nargs=-1, callback=_check_words),
    options.index_option,
    click.option(
        "--country",
        metavar="X",
        multiple=True,
        shell_complete=_complete_country,
        help="About this country: name or code.",
    ),
    click.option("--year", metavar="Y", multiple=True, help="Published in: 2014 or 2013..2019."),
    click.option(
        "--theme",
        metavar="T",
        multiple=True,
        shell_complete=_complete_theme,
        help="About this theme: name or id.",
    ),
    click.option(
        "--not-country",
        metavar="X",
        multiple=True,
        shell_complete=_complete_country,
        help="Not about this country.",
    ),
    click.option("--not-year", metavar="Y", multiple=True, help="Not published in."),
    click.option(
        "--not-theme",
        metavar="T",
        multiple=True,
        shell_complete=_complete_theme,
        help="Not about this theme.",
    ),
    click.option(
        "--exact",
        "mode",
        flag_value="exact",
        help="Words as written: no inflections, no other names.",
    ),
    click.option(
        "--broad",
        "mode",
        flag_value="broad",
        help="Any of the words will do, also spelt nearly so; the best answers first.",
    ),
    click.option(
        "--aliases",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False),
        envvar="RIGHTS_SEARCH_ALIASES",
        help="Your own groups of other names, beside ours.",
    ),
    click.option(
        "--no-alias",
        "without_aliases",
        metavar="GROUP",
        multiple=True,
        help="Leave this group of other names out; 'all' for every one.",
    ),
)
