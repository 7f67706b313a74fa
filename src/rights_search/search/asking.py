"""What a caller asks, checked and in one piece: the options of a search as a `Request`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, get_args

from rights_search import fields
from rights_search.engines.protocol import Sort
from rights_search.errors import QueryError
from rights_search.query.aliases import AliasTable
from rights_search.safe_text import without_surrogates
from rights_search.search.questions import FILTERS, Filters, Options, PathLike, Request


def request(query: str, options: Options, **more: Any) -> Request:
    """Return what is asked.

    Args:
        query: in the query language.
        options: filters, mode and aliases.
        more: other fields of a `Request`.

    Raises:
        ReadError: if the file of aliases cannot be read or a group in it is wrong.
        TypeError: if there is no such option, or something is of the wrong type.
        ValueError: if the value of one is wrong.
    """
    # A parameter of a web form that is missing is None, and a number in one is text.
    if not isinstance(query, str):
        raise TypeError(f"a query is text, not {query!r}")
    # A filter with a slip in its name must not go without being heard.
    for name in sorted(options.keys() - Options.__annotations__.keys()):
        raise TypeError(f"there is no option {name}; {_instead(name)}")
    asked = Request(
        # JSON can hold half a character, and no encoder takes it: an answer that has it is lost.
        without_surrogates(query),
        _filters(options),
        _filters(options, "not_"),
        mode=options.get("mode", "default"),
        today=options.get("today"),
        aliases=_alias_table(options.get("aliases")),
        without_aliases=chosen("without_aliases", options.get("without_aliases")),
        **more,
    )
    _check(asked)
    return asked


def _instead(name: str) -> str:
    """Return what to do in place of giving an option that there is not."""
    from rights_search.wording import did_you_mean, nearest  # noqa: PLC0415 - a message

    field = fields.find(name)
    if field is not None:
        option = next((one for one, of in FILTERS.items() if of == field.name), None)
        return did_you_mean((option,)) if option else f"write {field.name}:… in the query"
    if name in _ELSEWHERE:
        return f"write {_ELSEWHERE[name]}"
    known = tuple(Options.__annotations__)
    return did_you_mean(nearest(name, known)) or f"options are {', '.join(known)}"


_ELSEWHERE: Mapping[str, str] = {
    "exact": "mode='exact'",
    "broad": "mode='broad'",
    "fields": "title:(…) or another field in the query",
    "since": "date='2014-02..'",
    "after": "date='>2014-02'",
    "until": "date='..2014-02'",
    "before": "date='<2014-02'",
    "size": "limit",
    "page": "limit and offset",
    "sort_by": "sort",
    "order_by": "sort",
    "filters": "country=…, year=… and so on",
}
"""What other libraries call an option → what to write."""


@contextmanager
def placed(query: str) -> Iterator[None]:
    """Show a mistake in the query that it stands in: the engine knows its place alone."""
    try:
        yield
    except QueryError as error:
        if error.option:
            raise
        raise QueryError(error.query or query, error.start, error.end, error.reason) from None


def _filters(options: Options, prefix: str = "") -> Filters:
    values: Mapping[str, Any] = options
    return tuple(
        (facet, chosen(prefix + option, values.get(prefix + option)))
        for option, facet in FILTERS.items()
    )


_NONE = "'none' stands for posts without one"
_UNDATED = "'undated' stands for posts without one"
_NO_SOURCE = "-has:source in the query stands for posts without one"
_INSTEAD = {
    "year": _UNDATED,
    "not_year": _UNDATED,
    "date": _UNDATED,
    "not_date": _UNDATED,
    "source": _NO_SOURCE,
    "not_source": _NO_SOURCE,
    "without_aliases": "it is the id of a group, or 'all'",
}


def chosen(option: str, given: object) -> tuple[str, ...]:
    """Return the values of a filter, or the ids of groups of aliases, as texts.

    Raises:
        QueryError: if one is blank, as a field of a form that was left empty is.
        TypeError: if one is neither text nor a number; of dates a day will do, too.
    """
    values = tuple(_text(option, value) for value in _listed(given))
    if not all(map(str.strip, values)):
        reason = f"The {option} is blank; {_INSTEAD.get(option, _NONE)}"
        raise QueryError("", 0, 0, reason, option)
    return values


def _text(option: str, value: object) -> str:
    if isinstance(value, str | int):
        return without_surrogates(str(value))
    import datetime as dt  # noqa: PLC0415 - few choose by day

    if option in {"date", "not_date"} and isinstance(value, dt.date):
        return value.isoformat()[: len("2014-02-01")]
    raise TypeError(f"{option} is text, or some texts, not {value!r}")


def _listed(given: object) -> tuple[object, ...]:
    """Return one value or several as a tuple; None stands for none."""
    if given is None:
        return ()
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        return (given,)
    return tuple(given)


def _alias_table(path: PathLike | None) -> AliasTable | None:
    if path is None:
        return None
    from rights_search.query import aliases  # noqa: PLC0415 - only a file of one's own needs it

    return aliases.load(os.fspath(path))


def names_of(facets: Iterable[str]) -> tuple[str, ...]:
    """Return names of facets as a tuple; one string is none, though its letters are strings."""
    if isinstance(facets, str):
        raise TypeError(f"facets are named in a tuple or list, such as ({facets!r},)")
    return tuple(facets)


def _check(asked: Request) -> None:
    for name in ("limit", "offset", "snippet_chars"):
        number = getattr(asked, name)
        if not isinstance(number, int):
            raise TypeError(f"{name} is a whole number, not {number!r}")
        if number < 0:
            raise ValueError(f"{name} must not be negative")
    if asked.today is not None:
        _check_day(asked.today)
    if asked.sort not in get_args(Sort):
        orders = ", ".join(get_args(Sort))
        raise ValueError(f"sort must be one of {orders}, not {asked.sort!r}")
    if asked.mode not in {"exact", "default", "broad"}:
        raise ValueError(f"mode must be exact, default or broad, not {asked.mode!r}")
    if asked.copies not in {"collapse", "all"}:
        raise ValueError(f"copies must be collapse or all, not {asked.copies!r}")
    known = [field.name for field in fields.FACETS]
    for name in asked.facets:
        if name not in known:
            raise ValueError(f"no facet {name!r}; there are {', '.join(known)}")


def _check_day(day: object) -> None:
    import datetime as dt  # noqa: PLC0415 - few say which day it is

    if not isinstance(day, dt.date):
        raise TypeError(f"today is a datetime.date, not {day!r}")
