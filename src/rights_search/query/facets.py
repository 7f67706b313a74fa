"""Values of facets and dates as people write them → nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rights_search import fields, languages
from rights_search.analysis import terms
from rights_search.errors import QueryError
from rights_search.patterns import late
from rights_search.post import PartialDate
from rights_search.query.nodes import DateRange, Facet, Has, Node, Not, Or, Span
from rights_search.wording import did_you_mean, nearest, shorten

if TYPE_CHECKING:
    import datetime as dt

STATES: Mapping[str, str] = {
    "original": "it is no copy of an earlier post",
    "copy": "it has the text, or nearly the text, of an earlier post",
    "follow-up": "it goes on from an earlier post",
}
"""What a post can be to others → what that means."""

_COMMAS = str.maketrans("，、", ",,")
"""Commas of Chinese and Japanese → ours."""
_LONG_CODE = late(r"[a-zA-Z]{3}\Z")


def facet_node(
    field: fields.Field, text: str, query: str, span: Span, today: dt.date | None = None
) -> Node:
    """Return the node for ``field:text``.

    Args:
        field: a field that is not of kind ``text``.
        text: the value as written; several separated by commas mean any of them, but
            for a source, whose name may hold a comma.
        query: the whole query, for messages.
        span: where the value stands in it.
        today: the day that ``last-year`` is reckoned from; the local one by default.

    Raises:
        QueryError: if the value is none that the field can have.
    """
    try:
        whole = _RESOLVERS[field.name](text.strip()) if field.name in _RESOLVERS else ()
        if whole:
            # "Korea, Republic of" is one country: the list comes second.
            return Facet(field.name, whole, span)
        return any_of([_node(field, part, span, today) for part in _parts(text)], span)
    except ValueError as error:
        raise QueryError(query, *span, str(error)) from None


def suggest_field(name: str, known: Sequence[str] = ()) -> str:
    """Return a hint for a field name that does not exist, or an empty string.

    Args:
        name: the name as written.
        known: what it can have meant; all fields by default.
    """
    from rights_search.query.dates import SIDES_OF_TIME  # noqa: PLC0415 - few queries have a date

    if name.lower() in {*SIDES_OF_TIME, "to"}:
        return "for a range there is date:2014-02.. or date:..2014-02"
    return did_you_mean(nearest(name, known or _names(fields.FIELDS)))


def _parts(text: str) -> list[str]:
    listed = text.translate(_COMMAS).split(",")
    return [part.strip() for part in listed if part.strip()] or [text.strip()]


def _node(field: fields.Field, text: str, span: Span, today: dt.date | None) -> Node:
    if _means_none(field, text):
        return Not(Has(field.name, span), span)
    if field.kind == "date" or field.name == "year":
        import datetime as dt  # noqa: PLC0415 - few queries have a date

        from rights_search.query.dates import read_days  # noqa: PLC0415

        return DateRange(*read_days(field.name, text, today or dt.date.today()), span)  # noqa: DTZ011 - the reader's day
    if field.name == "has":
        return Has(_field_name(text), span)
    return Facet(field.name, _values(field, text))  # `any_of` gives it its place


def _means_none(field: fields.Field, text: str) -> bool:
    if field.name in {"date", "year", "month"}:
        return text.lower() in {"none", "undated"}
    # A source may have any name, also this one, and has been taken whole.
    return text.lower() == "none" and field.name not in {"id", "has", "is"}


def any_of(nodes: Sequence[Node], span: Span) -> Node:
    """Return a node that any of ``nodes`` answers; the facets among them are of one field."""
    facets = [node for node in nodes if isinstance(node, Facet)]
    parts: list[Node] = [node for node in nodes if not isinstance(node, Facet)]
    if facets:
        values = dict.fromkeys(value for facet in facets for value in facet.values)
        parts.insert(0, Facet(facets[0].field, tuple(values), span))
    return parts[0] if len(parts) == 1 else Or(tuple(parts), span)


def _values(field: fields.Field, text: str) -> tuple[str, ...]:
    values = _RESOLVERS[field.name](text)
    if not values:
        suggest = _SUGGESTIONS.get(field.name)
        hint = did_you_mean(suggest(text)) if suggest and len(text) <= _LONGEST_NAME else ""
        hint = hint or _HINTS.get(field.name, "")
        noun = _NOUNS.get(field.name, field.name)
        raise ValueError(f"Unknown {noun} '{shorten(text)}'{'; ' * bool(hint)}{hint}")
    return values


def _field_name(text: str) -> str:
    field = fields.find(text)
    if field is not None and field.kind != "derived":
        return field.name
    if text.lower() in STATES:
        hint = did_you_mean((f"is:{text.lower()}",))
    elif field is None:
        had = [field for field in fields.FIELDS if field.kind != "derived"]
        hint = suggest_field(text, _names(had))
    else:
        hint = ""
    hint = hint or "a field's name goes there, such as has:date"
    raise ValueError(f"Unknown field '{shorten(text)}'; {hint}")


def _names(of: Iterable[fields.Field]) -> list[str]:
    return [name for field in of for name in (field.name, *field.aliases)]


def _country(text: str) -> tuple[str, ...]:
    from rights_search.geography import territories  # noqa: PLC0415 - its data is read at first use

    code = territories.lookup(text)
    if code:
        return (code,)
    from rights_search.geography import query_names, regions  # noqa: PLC0415 - their data is read at first use

    return regions.resolve(text) or query_names.resolve(text)


def _theme(text: str) -> tuple[str, ...]:
    from rights_search.vocabulary import themes  # noqa: PLC0415 - its data is read at first use

    return themes.resolve(text)


def _group(text: str) -> tuple[str, ...]:
    from rights_search.vocabulary import groups  # noqa: PLC0415 - its data is read at first use

    return groups.resolve(text)


def _location(text: str) -> tuple[str, ...]:
    from rights_search.geography import places  # noqa: PLC0415 - its data is read at first use

    return places.regions_called(tuple(terms(text)))


def _month(text: str) -> tuple[str, ...]:
    try:
        return (PartialDate(text).iso,) if len(text) <= _MONTH_CHARS else ()
    except ValueError:
        return ()


def _language(text: str) -> tuple[str, ...]:
    if "," in text:
        return ()
    code = languages.language_code(text)
    # Sources may use a code of three letters for a language that has none of two.
    return (code or text.lower(),) if code or _LONG_CODE.match(text) else ()


def _state(text: str) -> tuple[str, ...]:
    word = text.lower()
    return (word,) if word in STATES else ()


def _identifier(text: str) -> tuple[str, ...]:
    return (text.lower(),) if text and "," not in text else ()


def _source(text: str) -> tuple[str, ...]:
    return (fields.BY_NAME["source"].key(text),) if text else ()


def _near_countries(text: str) -> tuple[str, ...]:
    from rights_search.geography import places, territories  # noqa: PLC0415

    found = places.find(tuple(terms(text)))
    if not found:
        return territories.suggest(text)
    codes = dict.fromkeys(code for place in found for code in places.countries_of(place.name))
    # "Tibet" is no mistake: it only stands behind the wrong field.
    return (f"place:{_quoted(text)}", *(territories.name(code) for code in codes))[:_LONGEST_HINT]


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


def _near_themes(text: str) -> tuple[str, ...]:
    from rights_search.vocabulary import themes  # noqa: PLC0415

    return themes.suggest(text)


def _near_groups(text: str) -> tuple[str, ...]:
    from rights_search.vocabulary import groups  # noqa: PLC0415

    return groups.suggest(text)


def _near_locations(text: str) -> tuple[str, ...]:
    from rights_search.geography import places  # noqa: PLC0415

    # A city is spelt rightly, and is no region.
    return () if places.find(tuple(terms(text))) else nearest(text, places.regions())


_RESOLVERS: Mapping[str, Callable[[str], tuple[str, ...]]] = {
    "country": _country,
    "mentions": _country,
    "theme": _theme,
    "group": _group,
    "month": _month,
    "location": _location,
    "language": _language,
    "source": _source,
    "id": _identifier,
    "is": _state,
}
"""Field → value as written → keys of the field's values, none for an unknown one."""

_SUGGESTIONS: Mapping[str, Callable[[str], tuple[str, ...]]] = {
    "country": _near_countries,
    "mentions": _near_countries,
    "theme": _near_themes,
    "group": _near_groups,
    "location": _near_locations,
    "language": lambda text: nearest(text, languages.names()),
    "is": lambda text: nearest(text, STATES),
}
_HINTS: Mapping[str, str] = {
    "month": "a month looks like month:2014-02; for a range there is date:2014-02..2014-05",
    "location": "it is a region such as Chechnya; place:NAME looks for any name in the text",
    "theme": "rights-search facets --by theme lists those there are",
    "group": "rights-search facets --by group lists those there are",
    "language": "give its ISO 639-1 code or English name, such as language:fr",
    "is": f"it is one of {', '.join(STATES)}",
}
_NOUNS: Mapping[str, str] = {"is": "state", "mentions": "country", "location": "place"}
_LONGEST_NAME = 60
_LONGEST_HINT = 3
_MONTH_CHARS = len("2014-02")
