"""Counts of facets, as people and programs read them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from rights_search import fields
from rights_search.cli import labels
from rights_search.cli.blocks import BLANK, Bar, Bars, Block, Tallies, Tally, line
from rights_search.cli.terminal import Glyphs
from rights_search.cli.views.periods import between
from rights_search.exports.cells import cell
from rights_search.search.faceting import Facets, FacetTable, FacetValue

CSV_COLUMNS = ("facet", "parent", "value", "label", "count", "selected")


def facets_view(facets: Facets, glyphs: Glyphs) -> Iterator[Block]:
    """Yield a table for each facet, values indented under what they fold into.

    Years and months stand in their order, with bars.
    """
    yield line(labels.found(facets.total, facets.distinct), "label")
    for table in facets.tables:
        title = labels.FACET_TITLES.get(table.facet, table.facet)
        yield BLANK
        if table.facet in {"year", "month"}:
            yield line(title, "label")
            yield Bars(tuple(_bars(table)), glyphs.bar)
            if table.more:
                yield line(f"+{table.more} more", "dim", indent=2)
            continue
        rows = tuple(_rows(table.facet, table.values))
        yield Tallies((Tally(title, rows, table.more),))


def _bars(table: FacetTable) -> Iterator[Bar]:
    """Yield years or months in their order, those without hits too, the undated last."""
    key = fields.BY_NAME[table.facet].key
    before = ""
    for value in sorted(table.values, key=lambda each: (not each.value, key(each.value))):
        iso = key(value.value)
        if before and iso and not table.more:
            yield from (Bar(empty, 0) for empty in between(before, iso))
        before = iso
        label = labels.facet_value(table.facet, value.value)
        yield Bar(label, value.count, " (chosen)" if value.is_selected else "")


def _rows(
    facet: str, values: Iterable[FacetValue], indent: str = ""
) -> Iterator[tuple[str, int | None]]:
    """Yield a row a value, the most frequent first, ties by what is read."""
    for value in sorted(values, key=lambda each: labels.rank(facet, each.value, each.count)):
        label = labels.facet_value(facet, value.value, is_chosen=value.is_selected)
        yield indent + label, value.count
        yield from _rows(facet, value.children, indent + "  ")
        if value.more:
            yield f"{indent}  +{value.more} more", None


def facets_record(facets: Facets) -> dict[str, Any]:
    """Return the counts as JSON values."""
    return {
        "query": facets.query,
        "total": facets.total,
        "distinct": facets.distinct,
        "facets": {
            table.facet: [_record(table.facet, value) for value in table.values]
            for table in facets.tables
        },
        "more": {table.facet: table.more for table in facets.tables},
    }


def _record(facet: str, value: FacetValue) -> dict[str, Any]:
    record: dict[str, Any] = {
        "value": value.value,
        "label": labels.facet_value(facet, value.value),
        "count": value.count,
        "selected": value.is_selected,
    }
    if value.children:
        record["children"] = [_record(facet, child) for child in value.children]
        record["more"] = value.more
    return record


def write_csv(facets: Facets, stream: TextIO) -> None:
    """Write a header and a row for each value; the empty value is "none"."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for table in facets.tables:
        for value in table.values:
            _write_rows(writer, table, value)


def _write_rows(writer: Any, table: FacetTable, value: FacetValue, parent: str = "") -> None:
    label = labels.facet_value(table.facet, value.value)
    texts = (table.facet, parent, value.value, label)
    writer.writerow([*map(cell, texts), value.count, "yes" if value.is_selected else ""])
    for child in value.children:
        _write_rows(writer, table, child, value.value)
