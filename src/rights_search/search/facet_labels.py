"""Values of facets and flags of dates → the words that people read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rights_search import languages
from rights_search.post import PartialDate

_NONE = {
    "year": "undated",
    "month": "undated",
    "location": "no place",
    "country": "no country",
    "theme": "no theme",
    "group": "no group",
}


def facet_label(facet: str, value: str) -> str:
    """Return the words for one value of a facet; the empty value is "none".

    Args:
        facet: its name.
        value: as the index has it.
    """
    if not value:
        return _NONE.get(facet, f"no {facet}")
    words = _WORDS.get(facet)
    return value if words is None else words(value)


def country(code: str) -> str:
    """Return the English name of a country, or of a region of the world."""
    from rights_search.geography import territories  # noqa: PLC0415 - its data is read at first use

    if territories.is_code(code):
        return territories.name(code)
    from rights_search.geography import regions  # noqa: PLC0415 - few codes are of regions

    return regions.name(code)


def theme(identifier: str) -> str:
    """Return the label of a theme."""
    from rights_search.vocabulary import themes  # noqa: PLC0415 - its data is read at first use

    return themes.label(identifier)


def group(identifier: str) -> str:
    """Return the label of a group of people."""
    from rights_search.vocabulary import groups  # noqa: PLC0415 - its data is read at first use

    return groups.label(identifier)


def language(code: str) -> str:
    """Return the name of a language, or its code where we have no name."""
    return languages.language_name(code)


def month(value: str) -> str:
    """Return a month, and where only the year is known that the month is not."""
    is_whole = len(value.removeprefix("c. ")) > len("2014")
    return value if is_whole else f"{value}, month unknown"


_WORDS: Mapping[str, Callable[[str], str]] = {
    "country": country,
    "mentions": country,
    "location": country,  # a region's value is its name; it folds into a country
    "theme": theme,
    "group": group,
    "language": language,
    "month": month,
}


_DATE_FLAGS = {
    "ambiguous-day-month": "day and month unclear",
    "order-of-page": "day and month as elsewhere on the page",
    "order-of-column": "day and month as elsewhere in the column",
    "coarsened": "the source is more exact",
    "range": "a range of days within it",
    "weekday-differs": "another weekday in the source",
    "file-name": "from the name of the file",
    "file-property": "from the properties of the file",
    "epoch": "from a time stamp, the day in UTC",
}


def date_doubts(value: PartialDate) -> list[str]:
    """Return what a reader of the date should know; that it is circa stands in its text."""
    doubts = (flag for flag in value.flags if flag != "circa")
    return [_DATE_FLAGS.get(flag, flag.replace("-", " ")) for flag in doubts]
