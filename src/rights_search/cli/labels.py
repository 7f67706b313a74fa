"""Codes and identifiers → the words that people read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rights_search.cli.terminal import Glyphs
from rights_search.post import PartialDate
from rights_search.search.facet_labels import date_doubts, facet_label

FACET_TITLES: Mapping[str, str] = {
    "country": "Countries",
    "year": "Years",
    "month": "Months",
    "location": "Places",
    "mentions": "Countries mentioned",
    "theme": "Themes",
    "group": "Groups of people",
    "language": "Languages",
    "source": "Sources",
}


def date(value: PartialDate | None) -> str:
    """Return a date with the precision that it has, and its doubts."""
    if value is None:
        return "undated"
    doubts = date_doubts(value)
    return f"{value} ({'; '.join(doubts)})" if doubts else str(value)


def facet_value(facet: str, value: str, *, is_chosen: bool = False) -> str:
    """Return the words for one value of a facet; the empty value is "none".

    Args:
        facet: its name.
        value: as the index has it.
        is_chosen: True to say that a filter asks for it.
    """
    label = facet_label(facet, value)
    return f"{label} (chosen)" if is_chosen else label


def rank(facet: str, value: str, count: int) -> tuple[int, bool, str]:
    """Return the place of a value among the counts of its facet, as a key to sort by.

    The most frequent first; of ties "none", then by what is read: the code CH means nothing
    to who looks for Switzerland.
    """
    return -count, bool(value), facet_label(facet, value)


def shortened(words: Iterable[str], limit: int, glyphs: Glyphs) -> str:
    """Return words in a list, those beyond ``limit`` as a number: ``a, b … +5``."""
    items = tuple(words)
    text = ", ".join(items[:limit])
    return text if len(items) <= limit else f"{text} {glyphs.ellipsis} +{len(items) - limit}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return ``1 post`` or ``1,234 posts``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def found(total: int, distinct: int, verb: str = "") -> str:
    """Return how many posts were found, and how many hits they are without copies.

    Args:
        total: posts.
        distinct: hits: copies of one text are one.
        verb: what the posts do, as in "1 post matches": without its s.
    """
    does = f" {verb}{'es' if total == 1 else ''}" if verb else ""
    posts = counted(total, "post") + does
    copies = total - distinct
    if not copies:
        return posts
    are = "1 of them a copy" if copies == 1 else f"{copies:,} of them copies"
    return f"{posts}, {are}: {counted(distinct, 'hit')}"


def seconds(value: float) -> str:
    """Return a duration in the unit that suits it."""
    if round(value, 1) >= 60:  # noqa: PLR2004 - a minute
        minutes, rest = divmod(round(value), 60)
        return f"{minutes} min {rest} s"
    if value >= 1:
        return f"{value:.1f} s"
    return f"{value * 1000:.0f} ms" if value >= 0.001 else "<1 ms"  # noqa: PLR2004


def moment(iso: str) -> str:
    """Return an ISO 8601 time as people write it."""
    return iso.replace("T", " ").replace("+00:00", " UTC").replace("Z", " UTC")


def size(number: int) -> str:
    """Return a size in bytes in decimal units."""
    value = float(number)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:  # noqa: PLR2004 - the step between the units
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"
