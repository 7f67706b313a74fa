"""Values of facets and dates as people write them → nodes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping

from rights_search import fields
from rights_search.errors import QueryError
from rights_search.post import PartialDate
from rights_search.query.nodes import DateRange, Facet, Node, Or, Span

_YEAR = re.compile(r"\d{4}\Z")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z")
_SHOWN_CHARS = 60
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9_-]+)?\Z", re.ASCII | re.IGNORECASE)


def facet_node(field: fields.Field, text: str, query: str, span: Span) -> Node:
    """Return the node for ``field:text``.

    Args:
        field: a field of kind ``facet`` or ``date``.
        text: the value as written; several separated by commas mean any of them, but
            for a source, whose name may hold a comma.
        query: the whole query, for messages.
        span: where the value stands in it.

    Raises:
        QueryError: if the value is none that the field can have.
    """
    if field.name in {"year", "date"}:
        ranges = tuple(_date_range(field.name, part, query, span) for part in _parts(text))
        return ranges[0] if len(ranges) == 1 else Or(ranges, span)
    resolve = _RESOLVERS.get(field.name, _as_written)
    whole = resolve(text.strip())
    # "Korea, Republic of" is one country: the list comes second.
    values = whole or tuple(
        value for part in _parts(text) for value in _one(field, part, query, span)
    )
    return Facet(field.name, tuple(dict.fromkeys(values)), span)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()] or [text]


def _one(field: fields.Field, text: str, query: str, span: Span) -> tuple[str, ...]:
    values = _RESOLVERS.get(field.name, _as_written)(text)
    if not values:
        suggest = _SUGGESTIONS.get(field.name)
        # What is longer than a name is near to none.
        near = suggest(text) if suggest and len(text) <= _SHOWN_CHARS else ()
        hint = f"; did you mean {quoted_list(near)}?" if near else _HINTS.get(field.name, "")
        raise QueryError(query, *span, f"Unknown {field.name} '{shorten(text)}'{hint}")
    return values


def suggest_field(name: str) -> str:
    """Return a hint for a field name that does not exist, or an empty string."""
    names = [known for field in fields.FIELDS for known in (field.name, *field.aliases)]
    near = difflib.get_close_matches(name.lower()[:_SHOWN_CHARS], names, n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""


def shorten(text: str) -> str:
    """Return ``text`` so that a message can hold it."""
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "…"


def quoted_list(words: tuple[str, ...]) -> str:
    """Return ``'a', 'b' or 'c'``."""
    quoted = [f"'{word}'" for word in words]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]


def _as_written(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _country(text: str) -> tuple[str, ...]:
    from rights_search import territories  # noqa: PLC0415 - its data is read at first use

    code = territories.lookup(text) if text else None
    return (code,) if code else ()


def _theme(text: str) -> tuple[str, ...]:
    from rights_search import themes  # noqa: PLC0415 - its data is read at first use

    return themes.resolve(text)


def _group(text: str) -> tuple[str, ...]:
    from rights_search import groups  # noqa: PLC0415 - its data is read at first use

    return groups.resolve(text)


def _language(text: str) -> tuple[str, ...]:
    match = _LANGUAGE.match(text)
    return (match[1].lower(),) if match else ()


def _identifier(text: str) -> tuple[str, ...]:
    return _as_written(text.lower())


def _near_countries(text: str) -> tuple[str, ...]:
    from rights_search import territories  # noqa: PLC0415

    return territories.suggest(text)


def _near_themes(text: str) -> tuple[str, ...]:
    from rights_search import themes  # noqa: PLC0415

    return themes.suggest(text)


def _near_groups(text: str) -> tuple[str, ...]:
    from rights_search import groups  # noqa: PLC0415

    return groups.suggest(text)


_RESOLVERS: Mapping[str, Callable[[str], tuple[str, ...]]] = {
    "country": _country,
    "mentions": _country,
    "theme": _theme,
    "group": _group,
    "language": _language,
    "id": _identifier,
}
_SUGGESTIONS: Mapping[str, Callable[[str], tuple[str, ...]]] = {
    "country": _near_countries,
    "mentions": _near_countries,
    "theme": _near_themes,
    "group": _near_groups,
}
_HINTS: Mapping[str, str] = {"language": "; give its ISO 639-1 code, such as language:fr"}


def _date_range(field: str, text: str, query: str, span: Span) -> DateRange:
    low, dots, high = (part.strip() for part in text.partition(".."))
    if not dots:
        high = low
    first = _interval(field, low, query, span).start if low else None
    last = _interval(field, high, query, span).last if high else None
    if first is None and last is None:
        raise QueryError(query, *span, f"'{text}' is an empty range; {_EXAMPLES[field]}")
    if first is not None and last is not None and first > last:
        reason = f"The range '{text}' runs backwards; did you mean '{high}..{low}'?"
        raise QueryError(query, *span, reason)
    return DateRange(first, last, span)


_EXAMPLES = {
    "year": "a year looks like year:2014 or year:2013..2019",
    "date": "a date looks like date:2014, date:2014-02 or date:2014-02-01..2014-03",
}


def _interval(field: str, text: str, query: str, span: Span) -> PartialDate:
    shape = _YEAR if field == "year" else _DATE
    if not shape.match(text) or not text.isascii():
        raise QueryError(query, *span, f"'{shorten(text)}' is no {field}; {_EXAMPLES[field]}")
    parts = [int(part) for part in text.split("-")]
    try:
        return PartialDate("-".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])]))
    except ValueError:
        raise QueryError(query, *span, f"'{text}' is not in the calendar") from None
