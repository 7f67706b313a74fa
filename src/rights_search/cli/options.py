"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

DEFAULT_INDEX = "index/"
INDEX_VARIABLE = "RIGHTS_SEARCH_INDEX"

NOTHING_FOUND = 1
"""Exit code of a search without a hit, as grep has it."""

PAGER = "rights_search.pager"
"""Where a context keeps whether a pager is wanted: True, False, or None for as needed."""

SESSION = "rights_search.session"
"""Where a context keeps the `rights_search.cli.opening.Warm` of an interactive session."""

ALONE = "rights_search.alone"
"""Where a context keeps that a hit is wanted without what stands around a list of hits."""

_F = TypeVar("_F", bound=Callable[..., Any])


def _of_session(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """Return the index of the session that a command is typed in, unless another is named."""
    is_typed = ctx.get_parameter_source(str(param.name)) is click.core.ParameterSource.COMMANDLINE
    session = ctx.meta.get(SESSION)
    return value if session is None or is_typed else str(session.index)


def index_option(function: _F) -> _F:
    """Add ``--index``: the option, then the session, the environment and the default."""
    return click.option(
        "--index",
        "index",
        metavar="DIR",
        callback=_of_session,
        default=DEFAULT_INDEX,
        envvar=INDEX_VARIABLE,
        show_envvar=True,
        show_default=True,
        help="Folder of the index.",
    )(function)


def no_color_option(function: _F) -> _F:
    """Add ``--no-color`` and, for what is shown in colours is paged, ``--pager/--no-pager``."""
    for decorate in (_pager_option, _colour_option):
        function = decorate(function)
    return function


_colour_option = click.option(
    "--no-color", is_flag=True, help="No colours; NO_COLOR in the environment does the same."
)


def _remember_pager(ctx: click.Context, param: click.Parameter, value: bool | None) -> None:
    del param
    ctx.meta[PAGER] = value


# Its value goes round the commands, which have nothing to say about it.
_pager_option = click.option(
    "--pager/--no-pager",
    default=None,
    expose_value=False,
    callback=_remember_pager,
    help="Show it in a pager, $PAGER or less; by default what is longer than the screen.",
)


def follow_links_option(function: _F) -> _F:
    """Add ``--follow-links``."""
    return click.option(
        "--follow-links", is_flag=True, help="Read what links lead to outside of the folder, too."
    )(function)


def why_option(function: _F) -> _F:
    """Add ``--why``."""
    return click.option("--why", is_flag=True, help="Show the words behind each match or tag.")(
        function
    )


def sort_option(function: _F) -> _F:
    """Add ``--sort``."""
    return click.option(
        "--sort",
        type=click.Choice(["relevance", "newest", "oldest", "recent-relevant"]),
        default="relevance",
        show_default=True,
        help="Order of the hits.",
    )(function)


def all_copies_option(function: _F) -> _F:
    """Add ``--all-copies``."""
    return click.option(
        "--all-copies", is_flag=True, help="A hit for each copy of a text, not one for all."
    )(function)


def aliases_option(function: _F) -> _F:
    """Add ``--aliases``."""
    return click.option(
        "--aliases",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False),
        envvar="RIGHTS_SEARCH_ALIASES",
        help="Your own groups of other names, beside ours.",
    )(function)


# What other programs call these options for short.
_LETTERS = {
    "-f": ("--format",), "-i": ("--index",), "-j": ("--jobs",), "-n": ("--limit", "--top"),
    "-o": ("--output", "--index"), "-s": ("--sort",), "-t": ("--theme",),
}  # fmt: skip


def long_form(name: str, ctx: click.Context) -> str | None:
    """Return the option of a command that people mean by a letter that it does not have."""
    known = {option for param in ctx.command.params for option in param.opts}
    return next((option for option in _LETTERS.get(name, ()) if option in known), None)


def given(*names: str) -> str:
    """Return those of the options that were typed, as they have to be typed again."""
    import shlex  # noqa: PLC0415 - for a mistake

    ctx = click.get_current_context()
    typed = (
        f" --{name} {shlex.quote(ctx.params[name])}"
        for name in names
        if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    )
    return "".join(typed)
