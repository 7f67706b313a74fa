"""Counts of facet values as a chooser of values needs them.

The values that are chosen in a facet do not hide its others: a count says what one more
value would bring. So each facet is counted without its own filter, and with all the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from rights_search import fields
from rights_search.engines.protocol import Page, Snapshot, order_counts
from rights_search.query.nodes import DateRange, Facet, Has, Node, Not, Or, conjunction
from rights_search.search.linked import LinkedSnapshot
from rights_search.search.questions import Question, Request, read
from rights_search.values import dataclass, replace

MAX_EMPTY = 10
"""Values of one filter that are listed though no post has them.

A region has 60 countries, and a range of years as many years.
"""


_SHOWN = 8
"""Values that a table shows of itself in a line."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet and how many hits it has.

    Args:
        value: the identifier; empty for posts that have no value.
        count: hits of a search for this value, the facet's own filter left out.
        is_selected: True for a value that a filter asks for; it is listed at 0 too.
        children: the values that fold into this one, or the first and those that are
            selected.
        more: how many of them were left out.
    """

    value: str
    count: int
    is_selected: bool = False
    children: tuple[FacetValue, ...] = ()
    more: int = 0


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

    def __repr__(self) -> str:
        """Return a line with the first values: some facets have hundreds."""
        shown = [f"{each.value or 'none'} {each.count}" for each in self.values[:_SHOWN]]
        more = len(self.values) - len(shown) + self.more
        return f"<FacetTable {self.facet}: {', '.join(shown)}{f' +{more} more' if more else ''}>"

    def __iter__(self) -> Iterator[FacetValue]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)


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

    def __getitem__(self, facet: str) -> FacetTable:
        """Return the table of a facet that was asked for.

        Raises:
            KeyError: if it was not.
        """
        for table in self.tables:
            if table.facet == facet:
                return table
        raise KeyError(facet)

    def __iter__(self) -> Iterator[FacetTable]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)


def count(
    request: Request, linked: LinkedSnapshot, *, fold: bool = False, limit: int | None = None
) -> Facets:
    """Count the facets that a request names over its whole result.

    Args:
        request: what was asked; filters that exclude values hold for every facet.
        linked: the posts.
        fold: True to put themes under their areas, countries under their regions of the
            world and places under the countries that they lie in.
        limit: at most so many values of each facet, and of what folds into each, beside
            those selected; None for all.

    Raises:
        QueryError: if the query or a filter cannot be understood.
    """
    question = read(request, linked)
    page = Page("relevance", limit=0, groups=linked.groups_for(request.copies))
    found = page.ask(linked.snapshot, question.node)
    table = partial(_table, question=question, snapshot=linked.snapshot, page=page, fold=fold)
    tables = [table(name) for name in dict.fromkeys(request.facets)]
    if limit is not None:
        tables = [FacetTable(each.facet, *_cut(each.values, limit)) for each in tables]
    return Facets(request.query, found.total, found.distinct, tuple(tables))


def _cut(values: tuple[FacetValue, ...], limit: int) -> tuple[tuple[FacetValue, ...], int]:
    """Return the first values and those selected, and how many others there are."""
    behind = [value for value in values[limit:] if _has_selected(value)]
    kept = [*values[:limit], *behind]
    for number, value in enumerate(kept):
        children, more = _cut(value.children, limit)
        kept[number] = replace(value, children=children, more=more)
    return tuple(kept), len(values) - len(kept)


def _has_selected(value: FacetValue) -> bool:
    return value.is_selected or any(child.is_selected for child in value.children)


def _table(
    name: str, question: Question, snapshot: Snapshot, page: Page, *, fold: bool
) -> FacetTable:
    others = question.without(name)
    asked = Page(page.sort, page.limit, facets=(name,), groups=page.groups)
    counts = asked.ask(snapshot, others).facets[name]
    values = listed(name, counts, question.choices(name))
    families = _families(name) if fold else {}
    if not families:
        return FacetTable(name, values)
    rows = _folded(values, families, lambda members: _count(name, members, others, snapshot, page))
    return FacetTable(name, _marked(rows, families, question.choices(name)))


def _families(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return what the values of a facet fold into → the values that do."""
    # The data of each is read when it is asked for.
    from rights_search.geography import places, regions  # noqa: PLC0415
    from rights_search.vocabulary import themes  # noqa: PLC0415

    match name:
        case "theme":
            return themes.areas()
        case "country" | "mentions":
            return regions.groups()
        case "location":
            return places.by_country()
        case _:
            return {}


def _count(
    name: str, members: tuple[str, ...], others: Node, snapshot: Snapshot, page: Page
) -> int:
    """Return how many hits have any of some values."""
    return page.ask(snapshot, conjunction(others, Facet(name, members))).distinct


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


def _chosen(node: Node, counted: Iterable[str], most: int = MAX_EMPTY) -> set[str]:
    """Return the values that a filter asks for; where they are more than most, those counted."""
    match node:
        case Facet(_, values):
            return set(values) if len(values) <= most else set(values).intersection(counted)
        case Not(Has()):
            return {""}
        case Or(children):
            return {value for child in children for value in _chosen(child, counted, most)}
        case DateRange(first, last):
            start = first.year if first else 0
            end = last.year if last else 9999
            years = range(start, end + 1)
            if len(years) <= most:
                return {str(year) for year in years}
            return {value for value in counted if value and int(value) in years}
        case _:
            raise AssertionError(f"no filter makes {node!r}")


def _folded(
    values: Sequence[FacetValue],
    families: Mapping[str, tuple[str, ...]],
    count_any: Callable[[tuple[str, ...]], int],
) -> tuple[FacetValue, ...]:
    """Return the families with their values; a post of two values counts once for theirs.

    A value of two families, such as a region in two countries, stands in both. What is in
    none, such as a theme of an older vocabulary, stays by itself.
    """
    rows: list[FacetValue] = []
    for family, members in families.items():
        children = tuple(value for value in values if value.value in members)
        if children:
            rows.append(FacetValue(family, count_any(members), children=children))
    placed = {child.value for row in rows for child in row.children}
    rows += [value for value in values if value.value not in placed]
    return tuple(sorted(rows, key=lambda row: (-row.count, row.value)))


def _marked(
    rows: Iterable[FacetValue], families: Mapping[str, tuple[str, ...]], choices: Iterable[Node]
) -> tuple[FacetValue, ...]:
    """Return the rows, those families marked of which every value is chosen."""
    every = {value for members in families.values() for value in members}
    chosen = {value for node in choices for value in _chosen(node, every, len(every))}
    return tuple(
        replace(row, is_selected=chosen.issuperset(families[row.value])) if row.children else row
        for row in rows
    )
