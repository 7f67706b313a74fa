"""Counts over time: how many hits each year or month has, and what no month can be said of.

Nothing is spread out: a post that says "2019" counts for 2019 and for none of its months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from rights_search import fields
from rights_search.engines.protocol import Found, Page, Snapshot, order_counts
from rights_search.query.nodes import DateRange, Facet, Node, Not, Or, conjunction
from rights_search.search.linked import LinkedSnapshot
from rights_search.search.questions import Request, read

Unit: TypeAlias = Literal["year", "month"]

MONTHLY_YEARS = 3
"""A result within so many years is shown by month where nothing else is said."""

_LENGTHS: Mapping[Unit, int] = {"year": len("2014"), "month": len("2014-02")}

SPLIT_BY = tuple(field.name for field in fields.FACETS if field.name not in {"year", "month"})
"""The facets by which a timeline can be split."""


@dataclass(frozen=True, slots=True)
class Period:
    """A year or a month and the hits that it has.

    Args:
        iso: ``2014`` or ``2014-02``.
        count: hits dated within it: of a month, those of which the month is known.
        circa: how many of these the source dates "about".
    """

    iso: str
    count: int
    circa: int = 0


@dataclass(frozen=True, slots=True)
class Series:
    """The hits that have one value of the facet that a timeline is split by.

    Args:
        value: the value; None for hits that have none of those shown.
        total: hits, the undated ones too.
        counts: hits of each period, aligned with `Timeline.periods`.
    """

    value: str | None
    total: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """How many hits of a search each year or month has.

    A hit counts once; a text with copies of several dates once for each of their periods,
    as in facets. A hit with several values of the facet is in several series.

    Args:
        query: the query as it was given.
        total: how many posts match.
        distinct: how many hits these are, copies being one.
        by: ``year`` or ``month``.
        periods: every period from the first to the last, those without hits too; where a
            filter chooses years, from and to these.
        month_unknown: by month, the years with hits of which no month is known.
        undated: hits without a date.
        split: the facet that it is split by, None for none.
        series: its most frequent values, the most frequent first, then the rest.
    """

    query: str
    total: int
    distinct: int
    by: Unit
    periods: tuple[Period, ...]
    month_unknown: tuple[Period, ...] = ()
    undated: int = 0
    split: str | None = None
    series: tuple[Series, ...] = ()

    def __repr__(self) -> str:
        """Return a line: of months there may be some hundreds."""
        ends = f", {self.periods[0].iso} to {self.periods[-1].iso}" if self.periods else ""
        return f"<Timeline {self.query!r}: {self.total} posts match, by {self.by}{ends}>"


def check(by: str | None, split: str | None, top: int) -> None:
    """Refuse what no timeline can be counted by.

    Raises:
        ValueError: saying what would do.
    """
    if by is not None and by not in _LENGTHS:
        raise ValueError(f"by must be one of {', '.join(_LENGTHS)}, not {by!r}")
    if split is not None and split not in SPLIT_BY:
        raise ValueError(f"split must be one of {', '.join(SPLIT_BY)}, not {split!r}")
    if top < 1:
        raise ValueError("top must be at least 1")


def count(
    request: Request,
    linked: LinkedSnapshot,
    *,
    by: Unit | None = None,
    split: str | None = None,
    top: int = 5,
) -> Timeline:
    """Count the hits of a request over time.

    Args:
        request: what was asked; every filter holds.
        linked: the posts.
        by: the length of a period; None for months where there are few, else years.
        split: a facet of `SPLIT_BY`.
        top: so many of its values get a series of their own.

    Raises:
        QueryError: if the query or a filter cannot be understood.
    """
    question = read(request, linked)
    asking = _Asking(
        linked.snapshot, Page("relevance", 0, groups=linked.groups_for(request.copies))
    )
    found = asking.found(question.node, "year", "month")
    years, months = dict(found.facets["year"]), found.facets["month"]
    undated = years.pop("", 0)
    ends = sorted({*map(int, years), *_ends(question.choices("year"))})
    unit = by or _unit(months, ends)
    counts = years if unit == "year" else asking.months(question.node, months)
    whole = {iso: number for iso, number in counts.items() if len(iso) == _LENGTHS[unit]}
    isos = tuple(_every(unit, whole, ends, is_chosen=bool(question.choices("year"))))
    return Timeline(
        query=request.query,
        total=found.total,
        distinct=found.distinct,
        by=unit,
        periods=tuple(_period(iso, whole.get(iso, 0), months) for iso in isos),
        month_unknown=tuple(
            _period(iso, number, {f"c. {iso}": months.get(f"c. {iso}", 0)})
            for iso, number in sorted(counts.items())
            if iso not in whole
        ),
        undated=undated,
        split=split,
        series=() if split is None else tuple(asking.series(question.node, split, top, isos)),
    )


@dataclass(frozen=True, slots=True)
class _Asking:
    """How hits are counted: over which posts, and which of them count as one."""

    snapshot: Snapshot
    page: Page

    def found(self, node: Node, *facets: str) -> Found:
        """Return the numbers of what matches ``node``, with those of some facets."""
        return replace(self.page, facets=facets).ask(self.snapshot, node)

    def months(self, node: Node, spelt: Mapping[str, int]) -> dict[str, int]:
        """Return month, or year where no month is known → hits, circa or not.

        Args:
            node: what was asked for.
            spelt: the same with circa told apart.
        """
        key = fields.BY_NAME["month"].key
        spellings = Counter(key(value) for value in spelt if value)
        # A text whose copies are dated both ways counts once.
        return {
            iso: self.found(conjunction(node, Facet("month", (iso,)))).distinct
            if several > 1
            else spelt.get(iso, 0) or spelt[f"c. {iso}"]
            for iso, several in spellings.items()
        }

    def series(self, node: Node, facet: str, top: int, isos: Sequence[str]) -> Iterator[Series]:
        """Yield the series of the most frequent values of a facet, then that of the rest."""
        counts = order_counts(self.found(node, facet).facets[facet])
        key = fields.BY_NAME[facet].key
        values: dict[str, str] = {}
        for value in filter(None, counts):
            values.setdefault(key(value), value)
        chosen = tuple(values)[:top]
        for each in chosen:
            yield self._one(values[each], conjunction(node, Facet(facet, (each,))), isos)
        rest = self._one(None, conjunction(node, Not(Facet(facet, chosen))), isos)
        if rest.total:
            yield rest

    def _one(self, value: str | None, node: Node, isos: Sequence[str]) -> Series:
        is_monthly = any(len(iso) == _LENGTHS["month"] for iso in isos)
        found = self.found(node, "month" if is_monthly else "year")
        counts = self.months(node, found.facets["month"]) if is_monthly else found.facets["year"]
        return Series(value, found.distinct, tuple(counts.get(iso, 0) for iso in isos))


def _unit(months: Iterable[str], ends: Sequence[int]) -> Unit:
    """Return months where few years are to be shown and some months are known."""
    is_known = any("-" in value for value in months)
    return "month" if is_known and ends[-1] - ends[0] < MONTHLY_YEARS else "year"


def _every(
    unit: Unit, counted: Collection[str], ends: Sequence[int], *, is_chosen: bool
) -> Iterator[str]:
    """Yield the periods from the first to the last.

    Args:
        unit: year or month.
        counted: those with hits.
        ends: the years with hits and the ends of those that are chosen, sorted.
        is_chosen: True to give whole years of months at the ends.
    """
    years = range(ends[0], ends[-1] + 1) if ends else range(0)
    if unit == "year":
        yield from (f"{year:04}" for year in years)
    elif counted:
        isos = (iso for year in years for iso in _months_of(year))
        first, last = min(counted), max(counted)
        yield from (iso for iso in isos if is_chosen or first <= iso <= last)


def _months_of(year: int) -> list[str]:
    return [f"{year:04}-{month:02}" for month in range(1, 13)]


def _ends(choices: Iterable[Node]) -> Iterator[int]:
    """Yield the first and last years of the ranges that filters choose."""
    for node in choices:
        match node:
            case DateRange(first, last):
                yield from (day.year for day in (first, last) if day is not None)
            case Or(children):
                yield from _ends(children)


def _period(iso: str, number: int, months: Mapping[str, int]) -> Period:
    """Return a period; ``months`` are its hits by month with circa told apart."""
    circa = sum(hits for value, hits in months.items() if value.startswith(f"c. {iso}"))
    return Period(iso, number, min(number, circa))
