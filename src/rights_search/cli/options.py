"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

DEFAULT_INDEX = "index/"
INDEX_VARIABLE = "RIGHTS_SEARCH_INDEX"

NOTHING_FOUND = 1
"""Exit code of a search without a hit, as grep has it."""

_F = TypeVar("_F", bound=Callable[..., Any])


def index_option(function: _F) -> _F:
    """Add ``--index``: the option, then the environment, then the default."""
    return click.option(
        "--index",
        "index",
        metavar="DIR",
        default=DEFAULT_INDEX,
        envvar=INDEX_VARIABLE,
        show_envvar=True,
        show_default=True,
        help="Folder of the index.",
    )(function)


def no_color_option(function: _F) -> _F:
    """Add ``--no-color``."""
    return click.option(
        "--no-color", is_flag=True, help="No colours; NO_COLOR in the environment does the same."
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
