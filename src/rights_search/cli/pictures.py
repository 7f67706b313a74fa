"""A timeline as SVG, and an SVG as PNG.

One colour of the palette of Okabe and Ito for all bars, and values apart in charts of their
own: nothing has to be told by its colour. Grey text on no background reads on light and
dark pages alike. What others wrote is escaped, and is text only.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from rights_search.cli.views.timeline import circa, heading, remainder, series_label, series_to_read
from rights_search.errors import MissingExtraError, RightsSearchError
from rights_search.safe_text import safe
from rights_search.search.timeline import Timeline

WIDTH = 800
MARGIN = 60
PLOT_HEIGHT = 220
SERIES_HEIGHT = 60
LINE_HEIGHT = 18
LABEL_WIDTH = 46
"""Room for a year on the scale, in pixels; a month takes two."""
MAX_LINES = 12
TEXT_CHARS = 100
PNG_ZOOM = 2.0

FONTS = "Arial, Helvetica, 'DejaVu Sans', 'Liberation Sans', 'Noto Sans', sans-serif"
"""What draws a PNG may know no other fonts than those that are named and there."""

BAR_COLOUR = "#0072b2"
TEXT_COLOUR = "#767676"
"""Contrast 4.5 on white as on black, which is what WCAG asks of small text."""


@dataclass(frozen=True, slots=True)
class _Chart:
    """One chart of the picture.

    Args:
        label: what stands above it, empty for nothing.
        counts: heights of the bars.
        hints: what is said of each.
        most: the count that fills the height.
        height: of the bars, in pixels.
    """

    label: str
    counts: tuple[int, ...]
    hints: tuple[str, ...]
    most: int
    height: int


def svg(timeline: Timeline) -> str:
    """Return a timeline as an SVG document with a title and a description for readers aloud."""
    title, notes = _title(timeline), _notes(timeline)
    isos = [period.iso for period in timeline.periods]
    lines = textwrap.wrap(title, TEXT_CHARS)
    parts = list(_text_lines(lines, LINE_HEIGHT, weight="bold"))
    top = LINE_HEIGHT * (len(lines) + 1)
    charts = list(_charts(timeline)) if isos else []
    for number, chart in enumerate(charts):
        if chart.label:
            parts.append(_text(MARGIN, top + LINE_HEIGHT, chart.label))
            top += LINE_HEIGHT + 6
        parts += _bars(chart, top)
        top += chart.height
        if number in {0, len(charts) - 1}:
            parts += _scale(isos, top)
            top += 2 * LINE_HEIGHT
    parts += _text_lines(notes, top + LINE_HEIGHT)
    height = top + LINE_HEIGHT * (len(notes) + 1)
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title description" '
        f'font-family="{FONTS}" font-size="13">'
    )
    counted = [f"{each.iso}: {each.count:,}." for each in timeline.periods if each.count]
    about = (
        f'<title id="title">{_escaped(title)}</title>',
        f'<desc id="description">{_escaped(" ".join([*counted, *notes]))}</desc>',
    )
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', start, *about, *parts, "</svg>\n"))


def _charts(timeline: Timeline) -> Iterator[_Chart]:
    """Yield the chart of all hits, then one for each series, these on one scale."""
    counts = tuple(period.count for period in timeline.periods)
    hints = tuple(f"{each.iso}: {each.count:,}{circa(each)}" for each in timeline.periods)
    yield _Chart("", counts, hints, max(counts), PLOT_HEIGHT)
    most = max((count for each in timeline.series for count in each.counts), default=0)
    for each in series_to_read(timeline):
        yield _Chart(
            f"{series_label(timeline, each)}: {each.total:,}",
            each.counts,
            tuple(
                f"{period.iso}: {count:,}"
                for period, count in zip(timeline.periods, each.counts, strict=True)
            ),
            most,
            SERIES_HEIGHT,
        )


def png(drawing: str) -> bytes:
    """Return an SVG of ours as PNG on white.

    Raises:
        MissingExtraError: if the library that draws it is not installed.
        RightsSearchError: if there is no font to write with.
    """
    try:
        import resvg_py  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise MissingExtraError("resvg-py", "plot") from error

    def drawn(document: str) -> bytes:
        return bytes(resvg_py.svg_to_bytes(svg_string=document, background="white", zoom=PNG_ZOOM))

    # Without a font it leaves all words out, and says nothing.
    small = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{}</svg>'
    word = f'<text y="15" font-family="{FONTS}">0</text>'
    if drawn(small.format(word)) == drawn(small.format("")):
        raise RightsSearchError("a PNG needs a font, and this system has none; write an SVG")
    return drawn(drawing)


def _title(timeline: Timeline) -> str:
    asked = safe(timeline.query).strip()
    return f"{asked}: {heading(timeline)}" if asked else heading(timeline)


def _notes(timeline: Timeline) -> list[str]:
    """Return what has no period, and circa, as lines; beyond a bound as a number."""
    about = [
        f"{period.iso}: {period.count:,}{circa(period)}"
        for period in timeline.periods
        if period.circa
    ]
    texts = [*remainder(timeline), *about]
    lines = textwrap.wrap("; ".join(texts), TEXT_CHARS)
    if len(lines) > MAX_LINES:
        lines = [*lines[:MAX_LINES], "(shortened: --csv has all)"]
    return lines


def _bars(chart: _Chart, top: int) -> Iterator[str]:
    """Yield the lines of a chart and a bar for each count, with its hint."""
    step = (WIDTH - 2 * MARGIN) / len(chart.counts)
    width = step * 0.8 if step > 2 else step  # noqa: PLR2004 - narrower gaps are not seen
    scale = chart.height / (chart.most or 1)
    bottom = top + chart.height
    for value in _ticks(chart.most):
        y = bottom - scale * value
        yield (
            f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="{TEXT_COLOUR}" stroke-width="{0.5 if value else 1}"/>'
        )
        yield _text(MARGIN - 6, y + 4, f"{value:,}", anchor="end")
    for number, (count, hint) in enumerate(zip(chart.counts, chart.hints, strict=True)):
        if count:
            x = MARGIN + step * number + (step - width) / 2
            yield (
                f'<rect x="{x:.1f}" y="{bottom - scale * count:.1f}" width="{width:.1f}" '
                f'height="{scale * count:.1f}" fill="{BAR_COLOUR}">'
                f"<title>{_escaped(hint)}</title></rect>"
            )


def _ticks(most: int) -> tuple[int, ...]:
    """Return 0, the largest count and, where it is whole, the half of it."""
    if not most:
        return (0,)
    return (0, most) if most % 2 or most < 4 else (0, most // 2, most)  # noqa: PLR2004


def _scale(isos: Sequence[str], top: int) -> Iterator[str]:
    """Yield the names of periods, as many as there is room for."""
    step = (WIDTH - 2 * MARGIN) / len(isos)
    every = math.ceil(LABEL_WIDTH * (2 if "-" in isos[0] else 1) / step)
    for number in range(0, len(isos), every):
        x = MARGIN + step * (number + 0.5)
        yield _text(x, top + LINE_HEIGHT, isos[number], anchor="middle")


def _text_lines(lines: Sequence[str], top: int, weight: str = "normal") -> Iterator[str]:
    for number, text in enumerate(lines):
        yield _text(MARGIN, top + LINE_HEIGHT * number, text, weight=weight)


def _text(x: float, y: float, text: str, *, anchor: str = "start", weight: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor={quoteattr(anchor)} '
        f'font-weight={quoteattr(weight)} fill="{TEXT_COLOUR}">{_escaped(text)}</text>'
    )


def _escaped(text: str) -> str:
    return escape(safe(text))
