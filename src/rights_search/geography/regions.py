"""Regions of the world: which countries they hold, after the United Nations' M49 standard.

Codes and groupings are those of "Standard country or area codes for statistical use" (M49).
What M49 does not list, Kosovo, Taiwan and states that are no more, stands where its
neighbours or successors do; the table names these in a column of their own. Unions of states,
such as the European Union, have a table beside it: of those that belong to one today.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from rights_search.geography.territories import read_table
from rights_search.names import Names
from rights_search.values import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the world.

    Args:
        code: its M49 code, three digits.
        name: in English.
        also: its names in other languages, and other English ones.
        countries: codes of all that lie in it, those of regions inside it too.
        is_whole: True if countries lie in it directly, False if other regions do.
    """

    code: str
    name: str
    also: tuple[str, ...]
    countries: tuple[str, ...]
    is_whole: bool


def name(code: str) -> str:
    """Return the English name of a region, the code itself where it is none."""
    region = _regions().get(code)
    return code if region is None else region.name


def resolve(text: str) -> tuple[str, ...]:
    """Return the codes of the countries in the region or union that ``text`` names, or ().

    Known are M49 codes, the names in the languages of `territories` and abbreviations such as
    EU; case, accents and punctuation make no difference. A union is its members of today,
    whatever the date of a post.
    """
    return _names().resolve(text)


def groups() -> Mapping[str, tuple[str, ...]]:
    """Return region → codes of its countries, for the regions that hold no other region.

    Every country but Antarctica is in one of them.
    """
    return {code: each.countries for code, each in _regions().items() if each.is_whole}


@cache
def _regions() -> dict[str, Region]:
    rows = list(read_table("territory_regions.tsv"))
    direct = {code: (*held.split(), *added.split()) for code, _, _, _, held, added, _ in rows}
    parents = {code: parent for code, parent, *_ in rows}

    def ancestors(code: str) -> list[str]:
        return [code, *ancestors(parents[code])] if code else []

    held = {
        code: tuple(
            country for below in direct if code in ancestors(below) for country in direct[below]
        )
        for code in direct
    }
    return {
        code: Region(code, label, tuple(also.split("|")), held[code], bool(direct[code]))
        for code, _, label, also, *_ in rows
    }


@cache
def _names() -> Names:
    return Names(
        (
            (label, region.countries)
            for region in _regions().values()
            for label in (region.code, region.name, *region.also)
        ),
        (
            (label, tuple(members.split()))
            for union, also, members, _ in read_table("territory_unions.tsv")
            for label in (union, *also.split("|"))
        ),
    )
