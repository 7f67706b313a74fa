"""Values of decoded records, whatever their nesting, as lines, labels and names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from rights_search.ingest.paragraphs import plain_line

Values: TypeAlias = Sequence[tuple[str, Any]]
"""A field's values with the key that each came from, the best name first."""

VALUE_KEYS = ("rendered", "name", "value", "@value", "#text", "_text", "text", "label", "title")
"""The keys under which objects keep what they stand for."""

ADDRESS_KEYS = ("url", "@id", "href", "rendered", "value", "#text")
"""The keys under which objects keep an address."""


def is_empty(value: Any) -> bool:
    """Say whether a value is none: null, white space, an empty list or object."""
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or (isinstance(value, (list, dict, tuple)) and not value)


def flat(values: Values) -> list[Any]:
    """Return the single values of fields that may be lists of lists, with a bound."""
    if len(values) == 1 and isinstance(values[0][1], str):
        return [values[0][1]]
    found: list[Any] = []
    waiting = [value for _, value in values][::-1]
    while waiting and len(found) < _MAX_FLAT:
        value = waiting.pop()
        if isinstance(value, (list, tuple)):
            waiting.extend(reversed(value))
        elif not is_empty(value) and not isinstance(value, bool):
            found.append(value)
    return found


def unwrapped(value: Any, names: Iterable[str] = VALUE_KEYS) -> Any:
    """Return what an object such as ``{"rendered": "…"}`` stands for, or None."""
    for _ in range(_MAX_WRAPPERS):
        if not isinstance(value, Mapping):
            return value
        value = next((value[name] for name in names if not is_empty(value.get(name))), None)
    return None


def scalars(values: Values, names: Iterable[str] = VALUE_KEYS) -> Iterator[str]:
    """Yield the strings and numbers of a field as lines, objects as what they stand for."""
    for value in flat(values):
        # Most are strings, and stand for nothing but themselves.
        plain = value if type(value) is str else unwrapped(value, names)
        if isinstance(plain, (str, int, float)) and not isinstance(plain, bool):
            text = plain_line(str(plain))
            if text:
                yield text


def line_of(values: Values, names: Iterable[str] = VALUE_KEYS) -> str | None:
    """Return the first value of a field as a line, or None."""
    if not values:
        return None
    if len(values) == 1 and type(values[0][1]) is str:
        return plain_line(values[0][1]) or None
    return next(scalars(values, names), None)


def labels(values: Values, signs: str) -> tuple[str, ...]:
    """Return labels in order; a string holds several, joined with the first sign it has."""
    if not values:
        return ()
    found: list[str] = []
    for value in values:
        # Only a string that is the whole value: in a list each label is its own.
        joined = isinstance(value[1], str)
        for label in scalars([value]):
            sign = next((sign for sign in signs if sign in label), None) if joined else None
            found += label.split(sign) if sign is not None else [label]
    return tuple(dict.fromkeys(filter(None, (label.strip() for label in found))))


def countries(values: Values) -> tuple[str, ...]:
    """Return the country labels of a field, as written, each its own."""
    if not values:
        return ()
    found = [part for label in scalars(values) for part in split_countries(label)]
    return tuple(dict.fromkeys(found))


def split_countries(label: str) -> list[str]:
    """Return the countries in one label; a comma parts only what are all countries.

    "Australia, Nauru" are two, "Congo, Democratic Republic of the" is one.
    """
    if not _COUNTRY_SIGNS.search(label):
        return [label]
    if ";" in label or "|" in label:
        return [part.strip() for part in re.split("[;|]", label) if part.strip()]
    parts = [part.strip() for part in re.split("[,/]", label) if part.strip()]
    if len(parts) > 1 and all(country_code(part) for part in parts):
        return parts
    return [label]


def country_code(name: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of a country's name or of its code, or None."""
    from rights_search.geography.territories import lookup  # noqa: PLC0415

    return lookup(name)


def host_of(url: str) -> str | None:
    """Return the host of an address without ``www.``, or None where it has none."""
    found = _HOST.match(url.strip())
    return found[1].lower().removeprefix("www.") if found is not None else None


_MAX_FLAT = 10_000
_MAX_WRAPPERS = 4
_HOST = re.compile(r"(?:[A-Za-z][\w+.-]*:)?//(?:[^/?#@\s]*@)?([^/?#:@\[\]\s]+)")
_COUNTRY_SIGNS = re.compile("[;|,/]")
