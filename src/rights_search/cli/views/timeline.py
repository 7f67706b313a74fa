"""Counts over time, as people and programs read them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any, TextIO

from rights_search.cli import labels
from rights_search.cli.blocks import BLANK, Bar, Bars, Block, Spark, Sparks, line
from rights_search.cli.terminal import Glyphs
from rights_search.cli.views.periods import rows
from rights_search.exports.cells import cell
from rights_search.result_records import to_dict
from rights_search.search.timeline import Period, Series, Timeline

CSV_COLUMNS = ("period", "kind", "hits", "circa")
REST = "none of these"


def timeline_view(timeline: Timeline, glyphs: Glyphs) -> Iterator[Block]:
    """Yield a bar a period, then what has no period, then the values that it is split by."""
    yield line(heading(timeline), "label")
    if not timeline.total:
        return
    if timeline.periods:
        yield BLANK
        yield Bars(tuple(map(_bar, rows(timeline.periods))), glyphs.bar)
    rest = remainder(timeline)
    if rest:
        yield BLANK
        yield from (line(text, indent=2, hang=2) for text in rest)
    if timeline.series and timeline.periods:
        yield BLANK
        yield line(f"By {timeline.split}", "label")
        sparks = tuple(
            Spark(series_label(timeline, each), each.counts, each.total)
            for each in series_to_read(timeline)
        )
        ends = timeline.periods[0].iso, timeline.periods[-1].iso
        yield Sparks(sparks, ends, glyphs.spark)


def heading(timeline: Timeline) -> str:
    """Return how many hits there are, and in which years or months."""
    hits = labels.counted(timeline.distinct, "hit")
    if timeline.distinct < timeline.total:
        hits = labels.found(timeline.total, timeline.distinct)
    if not timeline.periods:
        return hits
    return f"{hits} by {timeline.by}, {timeline.periods[0].iso} to {timeline.periods[-1].iso}"


def remainder(timeline: Timeline) -> list[str]:
    """Return a sentence for each kind of hits that stand in no period, or in one by guess."""
    texts = [
        f"{period.iso}, month unknown: {period.count:,}{circa(period)}"
        for period in timeline.month_unknown
    ]
    if timeline.undated:
        texts.append(f"undated: {timeline.undated:,}")
    return texts


def circa(period: Period) -> str:
    """Return how many hits of a period are dated "about", nothing for none."""
    if not period.circa:
        return ""
    number = "" if period.circa == period.count else f"{period.circa:,} of them "
    return f" ({number}c. {period.iso})"


def series_to_read(timeline: Timeline) -> list[Series]:
    """Return the series in the order in which facets are read: ties by label, the rest last."""

    def place(series: Series) -> tuple[bool, tuple[int, bool, str]]:
        is_rest = series.value is None
        return is_rest, labels.rank(timeline.split or "", series.value or "", series.total)

    return sorted(timeline.series, key=place)


def series_label(timeline: Timeline, series: Series) -> str:
    """Return the name of a series."""
    if series.value is None:
        return REST
    return labels.facet_value(timeline.split or "", series.value)


def _bar(period: Period) -> Bar:
    return Bar(period.iso, period.count, circa(period))


def timeline_record(timeline: Timeline) -> dict[str, Any]:
    """Return the counts as JSON values."""
    record = to_dict(timeline)
    record["series"] = [
        {**to_dict(each), "label": series_label(timeline, each)} for each in timeline.series
    ]
    return record


def write_csv(timeline: Timeline, stream: TextIO) -> None:
    """Write a row a period, those without a month and the undated last.

    Behind the columns that every timeline has stands one for each series.
    """
    writer = csv.writer(stream, lineterminator="\n")
    names = [series_label(timeline, each) for each in timeline.series]
    writer.writerow([*CSV_COLUMNS, *map(cell, names)])
    for number, period in enumerate(timeline.periods):
        counts = [each.counts[number] for each in timeline.series]
        writer.writerow([period.iso, timeline.by, period.count, period.circa, *counts])
    empty = [""] * len(names)
    for period in timeline.month_unknown:
        writer.writerow([period.iso, "month unknown", period.count, period.circa, *empty])
    writer.writerow(["", "undated", timeline.undated, "", *empty])
