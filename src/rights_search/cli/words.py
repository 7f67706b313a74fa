"""The words of a query on a command line, and the options of all commands that search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

import click

from rights_search.cli import options
from rights_search.errors import QueryError
from rights_search.results import CopiesMode, Mode
from rights_search.safe_text import without_surrogates
from rights_search.values import TypedDict, dataclass

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_FREE_WORDS = "rights_search.free_words"
_MOST_WORDS = 6
"""So many words of the query may belong to the value of a filter, which lacks its quotes."""

_F = TypeVar("_F", bound=Callable[..., Any])
_Complete: TypeAlias = "Callable[[click.Context, click.Parameter, str], list[CompletionItem[str]]]"


class Filters(TypedDict):
    """Filters as `rights_search.search.questions.Options` has them."""

    country: tuple[str, ...]
    year: tuple[str, ...]
    theme: tuple[str, ...]
    group: tuple[str, ...]
    place: tuple[str, ...]
    not_country: tuple[str, ...]
    not_year: tuple[str, ...]
    not_theme: tuple[str, ...]
    not_group: tuple[str, ...]
    not_place: tuple[str, ...]


class Asked(Filters):
    """The options of `reading_options`, as click gives them."""

    mode: Mode | None
    aliases: str | None
    without_aliases: tuple[str, ...]


def text(query: tuple[str, ...]) -> str:
    """Return the words of a command line as one query."""
    return without_surrogates(" ".join(query))


def filters(asked: Asked) -> Filters:
    """Return the filters among the options."""
    values: Mapping[str, Any] = asked
    chosen: Any = {name: _clean(values[name]) for name in Filters.__annotations__}
    return cast("Filters", chosen)


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


def copies(*, all_copies: bool) -> CopiesMode:
    """Return how copies are shown, as `rights_search.archive.Archive.search` takes it."""
    return "all" if all_copies else "collapse"


def _clean(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(without_surrogates(value) for value in values)


class WordsCommand(click.Command):
    """A command whose words may begin with a minus sign, as in ``torture -police``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse ``args``; what is no option is a word, unless it looks like a slip."""
        end = args.index("--") if "--" in args else len(args)
        ctx.meta[_FREE_WORDS] = max(0, len(args) - end - 1)
        # With a real -h, a word to leave out such as -homs would ask for help.
        head = ["--help" if arg == "-h" else arg for arg in args[:end]]
        return super().parse_args(ctx, head + args[end:])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; of a filter whose value goes on in the words the error says so."""
        try:
            return super().invoke(ctx)
        except QueryError as error:
            if error.option is not None and (meant := _whole(error, ctx.params["query"])):
                option = f"--{error.option.replace('_', '-')}"
                said = error.reason.partition("; ")[0]
                reason = f'{said}; a name of several words needs quotes: {option} "{meant}"'
                raise QueryError(
                    error.query, error.start, error.end, reason, error.option
                ) from None
            raise


def _whole(error: QueryError, words: Sequence[str]) -> str | None:
    """Return the value of which a filter got the first word alone: ``--country South Africa``."""
    from rights_search import fields  # noqa: PLC0415 - for a mistake
    from rights_search.query.facets import facet_node  # noqa: PLC0415

    field = fields.find_facet((error.option or "").removeprefix("not_"))
    if field is None:
        return None
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _MOST_WORDS) + 1):
            value = " ".join((error.query, *words[start:end]))
            with suppress(QueryError):
                facet_node(field, value, value, (0, len(value)))
                return value
    return None


def _check_words(
    ctx: click.Context, param: click.Parameter, words: tuple[str, ...]
) -> tuple[str, ...]:
    """Refuse words in front of ``--`` that are mistyped options."""
    del param
    if ctx.resilient_parsing:
        return words
    for word in words[: len(words) - ctx.meta.get(_FREE_WORDS, 0)]:
        name = word.partition("=")[0]
        is_letter = len(word) == 2 and word[0] == "-" and word[1].isalpha()  # noqa: PLR2004
        if word.startswith("--") or is_letter:
            ctx.fail(_no_such_option(ctx, name))
        if f"-{name}" in _known_options(ctx):
            # "-year 2017" would leave out posts that hold "year".
            ctx.fail(
                f"No such option: {name}. Did you mean -{name}? To leave a word out: -- {name}"
            )
    return words


def _completed_from(module: str, values: str, label: str | None = None) -> _Complete:
    """Return a completion that offers what functions of a module of the package give.

    Args:
        module: imported when a shell asks.
        values: name of the function that gives the values.
        label: name of the function value → what it means, None where it says it itself.
    """

    def complete(
        ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        del ctx, param
        from importlib import import_module  # noqa: PLC0415 - for shells only

        from click.shell_completion import CompletionItem  # noqa: PLC0415

        source = import_module(f"rights_search.{module}")
        start = incomplete.lower()
        return [
            CompletionItem(value, help=getattr(source, label)(value) if label else None)
            for value in getattr(source, values)()
            if value.lower().startswith(start)
        ]

    return complete


def _known_options(ctx: click.Context) -> list[str]:
    return [option for param in ctx.command.params for option in param.opts if option[:1] == "-"]


def _no_such_option(ctx: click.Context, name: str) -> str:
    from rights_search import fields  # noqa: PLC0415 - a message
    from rights_search.wording import nearest  # noqa: PLC0415

    known = _known_options(ctx)
    meant = options.long_form(name, ctx)
    field = fields.find(name.lstrip("-"))
    if field is not None and not meant:
        return f"No such option: {name}. In the words of the query, write {field.name}:VALUE"
    near = [meant] if meant else nearest(name, known)
    hint = f" Did you mean {near[0]}?" if near else " Words to search for go behind '--'."
    return f"No such option: {name}.{hint}"


@dataclass(frozen=True, slots=True)
class _FilterOption:
    """An option that chooses values of a facet, and its opposite.

    Args:
        name: as `rights_search.search.questions.FILTERS` has it.
        metavar: what stands for a value in the help.
        help: what it asks for; behind "Not" what its opposite does.
        complete: what a shell offers for it.
    """

    name: str
    metavar: str
    help: str
    complete: _Complete | None = None

    def option(self, *, excludes: bool) -> Callable[[Any], Any]:
        """Return the option or its opposite."""
        text = f"Not {self.help[0].lower()}{self.help[1:]}" if excludes else self.help
        return click.option(
            f"--not-{self.name}" if excludes else f"--{self.name}",
            metavar=self.metavar,
            multiple=True,
            shell_complete=self.complete,
            help=text,
        )


_FILTERS = (
    _FilterOption(
        "country",
        "X",
        "About this country or region: name or code; 'none' for no country.",
        _completed_from("geography.territories", "codes", "name"),
    ),
    _FilterOption("year", "Y", "Published in: 2014, 2013..2019 or undated."),
    _FilterOption(
        "theme",
        "T",
        "About this theme or area: name or id.",
        _completed_from("vocabulary.themes", "ids", "label"),
    ),
    _FilterOption(
        "group",
        "G",
        "About this group of people: name or id.",
        _completed_from("vocabulary.groups", "ids", "label"),
    ),
    _FilterOption(
        "place",
        "P",
        "Naming this region of a country, in any language.",
        _completed_from("geography.places", "regions"),
    ),
)

_FILTER_OPTIONS = tuple(
    each.option(excludes=excludes) for excludes in (False, True) for each in _FILTERS
)

_READING_OPTIONS: tuple[Callable[[Any], Any], ...] = (
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
    options.aliases_option,
    click.option(
        "--no-alias",
        "without_aliases",
        metavar="GROUP",
        multiple=True,
        help="Leave this group of other names out; 'all' for every one.",
    ),
)

_WORDS = click.argument("query", metavar="QUERY...", nargs=-1, callback=_check_words)


def reading_options(function: _F) -> _F:
    """Add the filters and the modes: the function gets `Asked`."""
    for decorate in reversed((*_FILTER_OPTIONS, *_READING_OPTIONS)):
        function = decorate(function)
    return function


def search_options(function: _F) -> _F:
    """Add the words of a query, ``--index``, the filters and the modes.

    Use it with `WordsCommand`; the function gets ``query``, ``index`` and `Asked`.
    """
    return _WORDS(options.index_option(reading_options(function)))
