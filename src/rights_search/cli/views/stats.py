"""What an index holds, as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rights_search.cli import labels
from rights_search.cli.blocks import BLANK, Bar, Bars, Block, Line, Tallies, labelled, line
from rights_search.cli.terminal import Glyphs
from rights_search.cli.views.results import facet_tallies
from rights_search.results import Stats

MAX_ROWS = 10
MAX_BINS = 12
BAR_COLUMNS = 20
LABEL_COLUMNS = 9

_BIN_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def stats_view(stats: Stats, index: str, glyphs: Glyphs) -> Iterator[Block]:
    """Yield what an index holds.

    Args:
        stats: the numbers.
        index: where the index is.
        glyphs: signs that the output can show.
    """
    yield from _facts(stats, index)
    years = {int(year): count for year, count in stats.facets.get("year", {}).items() if year}
    if years:
        yield BLANK
        yield line("Years", "label")
        yield histogram(years, glyphs)
    others = {name: counts for name, counts in stats.facets.items() if name in _TABLES}
    tallies = facet_tallies(others, MAX_ROWS)
    for start in range(0, len(tallies), 2):
        yield BLANK
        yield Tallies(tallies[start : start + 2])


_TABLES = ("country", "theme", "group", "language", "source")


def histogram(years: Mapping[int, int], glyphs: Glyphs) -> Bars:
    """Return a bar for each stretch of years, stretches so long that few bars do."""
    first, last = min(years), max(years)
    width = next(
        (width for width in _BIN_YEARS if last // width - first // width < MAX_BINS),
        _BIN_YEARS[-1],
    )
    bins = dict.fromkeys(range(first // width, last // width + 1), 0)
    for year, count in years.items():
        bins[year // width] += count
    rows = []
    for number, count in bins.items():
        start = number * width
        label = str(start) if width == 1 else f"{start}{glyphs.dash}{start + width - 1}"
        rows.append(Bar(label, count))
    return Bars(tuple(rows), glyphs.bar, columns=BAR_COLUMNS)


def _facts(stats: Stats, index: str) -> Iterator[Line]:
    dated = sorted(year for year in stats.facets.get("year", {}) if year)
    span = f"{dated[0]} to {dated[-1]}" if dated else "none"
    facts = (
        ("Posts", f"{stats.posts:,}"),
        ("Files", f"{stats.files:,}"),
        ("Copies", _copies(stats)),
        ("Threads", _threads(stats)),
        ("Dates", f"{span}; {stats.undated:,} undated"),
        ("Corpus", stats.corpus),
        ("Index", f"{index}, {labels.size(stats.bytes_on_disk)}"),
        ("Engine", f"{stats.engine}, schema {stats.schema_version}"),
        ("Created", labels.moment(stats.created)),
        ("Updated", labels.moment(stats.updated)),
    )
    for label, value in facts:
        if value:
            yield labelled(label, value, LABEL_COLUMNS)


def _copies(stats: Stats) -> str:
    copies = stats.exact_copies + stats.near_copies
    if not copies:
        return "none"
    of = labels.counted(stats.originals_copied, "post")
    return f"{copies:,} of {of}: {stats.exact_copies:,} exact, {stats.near_copies:,} near"


def _threads(stats: Stats) -> str:
    if not stats.follow_ups:
        return "none"
    verb = "follows" if stats.follow_ups == 1 else "follow"
    return f"{labels.counted(stats.follow_ups, 'post')} that {verb} another"
