"""Counts of facet values as a chooser of values needs them.

The values that are chosen in a facet do not hide its others: a count says what one more
value would bring. So each facet is counted without its own filter, and with all the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from rights_search import fields, themes
from rights_search.engines.protocol import Page, Snapshot, order_counts
from rights_search.linked import LinkedSnapshot
from rights_search.query.nodes import DateRange, Facet, Has, Node, Not, Or, conjunction
from rights_search.questions import Question, Request, read

MAX_YEARS = 200
"""Years of one chosen range that are listed though no post is of them."""

MAX_EMPTY = 20
"""Values of one filter that are listed though no post has them: a region has 60 countries."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet and how many hits it has.

    Args:
        value: the identifier; empty for posts that have no value.
        count: hits of a search for this value, the facet's own filter left out.
        is_selected: True for a value that a filter asks for; it is listed at 0 too.
        children: the values that fold into this one.
    """

    value: str
    count: int
    is_selected: bool = False
    children: tuple[FacetValue, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetTable:
    """The values of one facet, the most frequent first, ties by value.

    Args:
        facet: its name.
        values: all of them, or the first and those that are selected.
        more: how many were left out.
    """

    facet: str
    values: tuple[FacetValue, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Facets:
    """The facets of a search.

    Args:
        query: the query as it was given.
        total: how many posts match, all filters counted.
        distinct: how many hits these are, copies being one.
        tables: one for each facet asked for, in this order.
    """

    query: str
    total: int
    distinct: int
    tables: tuple[FacetTable, ...]


def count(
    request: Request, linked: LinkedSnapshot, *, fold: bool = False, limit: int | None = None
) -> Facets:
    """Count the facets that a request names over its whole result.

    Args:
        request: what was asked; filters that exclude values hold for every facet.
        linked: the posts.
        fold: True to put themes under their areas.
        limit: at most so many values of each facet, beside those selected; None for all.

    Raises:
        QueryError: if the query or a filter cannot be understood.
    """
    question = read(request, linked)
    page = Page("relevance", limit=0, groups=linked.groups_for(request.copies))
    found = page.ask(linked.snapshot, question.node)
    table = partial(_table, question=question, snapshot=linked.snapshot, page=page, fold=fold)
    tables = tuple(_cut(table(name), limit) for name in dict.fromkeys(request.facets))
    return Facets(request.query, found.total, found.distinct, tables)


def _cut(table: FacetTable, limit: int | None) -> FacetTable:
    if limit is None:
        return table
    behind = [value for value in table.values[limit:] if _has_selected(value)]
    kept = (*table.values[:limit], *behind)
    return FacetTable(table.facet, kept, len(table.values) - len(kept))


def _has_selected(value: FacetValue) -> bool:
    return value.is_selected or any(child.is_selected for child in value.children)


def _table(
    name: str, question: Question, snapshot: Snapshot, page: Page, *, fold: bool
) -> FacetTable:
    others = question.without(name)
    asked = Page(page.sort, page.limit, facets=(name,), groups=page.groups)
    counts = asked.ask(snapshot, others).facets[name]
    values = listed(name, counts, question.choices(name))
    if fold and name == "theme":
        return FacetTable(name, _folded(values, others, snapshot, page))
    return FacetTable(name, values)


def listed(name: str, counts: Mapping[str, int], choices: Iterable[Node]) -> tuple[FacetValue, ...]:
    """Return the values of a facet in the order to list them, those chosen at 0 too.

    Args:
        name: the facet.
        counts: value → number of hits.
        choices: the filters that choose values of it.
    """
    key = fields.BY_NAME[name].key
    keys = {key(value) for value in counts}
    chosen = {value for node in choices for value in _chosen(node, keys)}
    every = dict.fromkeys(chosen - keys, 0) | dict(counts)
    return tuple(
        FacetValue(value, number, key(value) in chosen)
        for value, number in order_counts(every).items()
    )


def _chosen(node: Node, counted: Iterable[str]) -> set[str]:
    """Return the values that a filter asks for; where they are many, those counted."""
    match node:
        case Facet(_, values):
            return set(values) if len(values) <= MAX_EMPTY else set(values).intersection(counted)
        case Not(Has()):
            return {""}
        case Or(children):
            return {value for child in children for value in _chosen(child, counted)}
        case DateRange(first, last):
            start = first.year if first else 0
            end = last.year if last else 9999
            years = range(start, end + 1)
            if len(years) <= MAX_YEARS:
                return {str(year) for year in years}
            return {value for value in counted if value and int(value) in years}
        case _:
            raise AssertionError(f"no filter makes {node!r}")


def _folded(
    values: Sequence[FacetValue], others: Node, snapshot: Snapshot, page: Page
) -> tuple[FacetValue, ...]:
    """Return the areas with their themes; a post of two themes counts once for their area."""
    listed = {value.value: value for value in values}
    rows = [listed.pop("")] if "" in listed else []
    for area, members in themes.areas().items():
        children = tuple(value for value in values if value.value in members)
        if children:
            both = conjunction(others, Facet("theme", members))
            number = page.ask(snapshot, both).distinct
            all_chosen = all(listed[member].is_selected for member in members if member in listed)
            is_selected = all_chosen and len(children) == len(members)
            rows.append(FacetValue(area, number, is_selected, children))
    known = {child.value for row in rows for child in row.children}
    # A theme of an older vocabulary has no area, and is a post's theme all the same.
    rows += [value for value in listed.values() if value.value not in known]
    return tuple(sorted(rows, key=lambda row: (-row.count, row.value)))
