"""Places by any of their names: what `place:` in a query looks for.

The names are those of `rights_search.geography.territories` and of the table of regions,
capitals and cities that the country tagger uses.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from rights_search.analysis import terms
from rights_search.geography import territories
from rights_search.values import dataclass

Terms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A country, region or city.

    Args:
        name: in English.
        forms: its names in all languages, each as its terms.
    """

    name: str
    forms: tuple[Terms, ...]


def find(words: Terms) -> tuple[Place, ...]:
    """Return the places that have a name, as `rights_search.analysis.terms` gives it.

    Inflected forms that the tables list count too. Two places may share a name:
    Georgia is a country and a state.
    """
    return _by_form().get(words, ())


def countries_of(name: str) -> tuple[str, ...]:
    """Return the codes of the countries in which regions of an English name lie.

    None for what is no region. One region may lie in several (Kurdistan), and several may
    have one name (Victoria).
    """
    return _countries().get(name, ())


def by_country() -> Mapping[str, tuple[str, ...]]:
    """Return country → the English names of the regions that lie in it, at least partly."""
    found: dict[str, list[str]] = {}
    for name, codes in _countries().items():
        for code in codes:
            found.setdefault(code, []).append(name)
    return {code: tuple(names) for code, names in found.items()}


def regions() -> tuple[str, ...]:
    """Return the English names of all regions: what posts are tagged with."""
    return tuple(_countries())


def regions_called(words: Terms) -> tuple[str, ...]:
    """Return the English names of the regions that have a name, as `find` does.

    A region's own label counts, too, where texts are searched for longer names only: "Oyo"
    alone may be anything, and stands in facets for Oyo State.
    """
    named = (place.name for place in find(words) if countries_of(place.name))
    return tuple(dict.fromkeys((*_by_label().get(words, ()), *named)))


@functools.cache
def _by_label() -> dict[Terms, tuple[str, ...]]:
    owners: dict[Terms, list[str]] = {}
    for name in regions():
        owners.setdefault(tuple(terms(name)), []).append(name)
    return {label: tuple(names) for label, names in owners.items()}


@functools.cache
def _countries() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for codes, _, place, *_ in _place_rows("region"):
        found.setdefault(place, {}).update(dict.fromkeys(codes.split()))
    return {name: tuple(codes) for name, codes in found.items()}


@functools.cache
def _by_form() -> dict[Terms, tuple[Place, ...]]:
    names: dict[tuple[str, str], dict[Terms, None]] = {}
    owners: dict[Terms, dict[tuple[str, str], None]] = {}
    for key, language, form in _rows():
        citation, *inflected = (tuple(terms(text)) for text in territories.inflect(form, language))
        names.setdefault(key, {})[citation] = None
        for spelt in (citation, *inflected):
            owners.setdefault(spelt, {})[key] = None
    places = {key: Place(key[1], tuple(forms)) for key, forms in names.items()}
    return {form: tuple(places[key] for key in keys) for form, keys in owners.items()}


def _rows() -> Iterator[tuple[tuple[str, str], str, str]]:
    """Yield ((codes, English name), language, form) for each name of each place."""
    for territory in territories.territories().values():
        for language, name in zip(territories.LANGUAGES, territory.names, strict=True):
            yield (territory.code, territory.names[0]), language, name
    for codes, _, place, language, _, forms, _ in _place_rows("region", "capital", "city"):
        for form in forms.split("|"):
            yield (codes, place), language, form


def _place_rows(*kinds: str) -> Iterator[list[str]]:
    return (row for row in territories.read_table("territory_places.tsv") if row[1] in kinds)
