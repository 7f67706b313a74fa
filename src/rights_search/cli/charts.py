"""Bars and sparks as lines of a given width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rights_search.cli.blocks import Bars, Line, Run, Sparks

PLAIN_COLUMNS = 72
"""Width where no terminal says one."""

MIN_BAR_COLUMNS = 4
MAX_LABEL_COLUMNS = 30


def bar_lines(bars: Bars, columns: int) -> Iterator[Line]:
    """Yield a line for each row: label, bar, count and note.

    Where there is no room for bars, the counts stand alone.
    """
    labels = [Run(row.label, "dim").text for row in bars.rows]
    widest = max(map(len, labels), default=0)
    numbers = [f"{row.count:,}" for row in bars.rows]
    notes = max(
        (len(number) + len(row.note) for number, row in zip(numbers, bars.rows, strict=True)),
        default=0,
    )
    room = min(columns - bars.indent - widest - notes - 2, bars.columns or columns)
    most = max((row.count for row in bars.rows), default=0)
    for label, number, row in zip(labels, numbers, bars.rows, strict=True):
        ink = bar(row.count, most, room, bars.ink) if room >= MIN_BAR_COLUMNS else ""
        runs = (
            Run(f"{label:>{widest}} ", "dim"),
            Run(ink, "bar"),
            Run(f" {number}" if ink else number),
            Run(row.note, "dim"),
        )
        yield Line(runs, bars.indent)


def bar(count: int, most: int, columns: int, ink: str) -> str:
    """Return a bar of ``count`` where ``most`` fills the columns; only none looks like none."""
    if not count:
        return ""
    steps = -(-count * columns * len(ink) // most)
    full, part = divmod(steps, len(ink))
    return ink[-1] * full + (ink[part - 1] if part else "")


def spark_lines(sparks: Sparks, columns: int) -> Iterator[Line]:
    """Yield a line for each row: label, a sign for each period, total; then the scale.

    Where there are more periods than columns, several share a sign.
    """
    totals = [f"{row.total:,}" for row in sparks.rows]
    longest = max((len(Run(row.label).text) for row in sparks.rows), default=0)
    widest = min(longest, MAX_LABEL_COLUMNS, max(4, columns // 3))
    room = max(1, columns - widest - 2 - 2 - max(map(len, totals), default=1))
    binned = [_binned(row.counts, room) for row in sparks.rows]
    most = max((count for counts in binned for count in counts), default=0)
    for row, counts, total in zip(sparks.rows, binned, totals, strict=True):
        label = Run(row.label).text
        cut = label if len(label) <= widest else f"{label[: widest - 1]}."
        signs = "".join(_sign(count, most, sparks.ink) for count in counts)
        yield Line((Run(f"{cut:<{widest}} ", "label"), Run(signs, "bar"), Run(f" {total}")), 2)
    length = len(binned[0]) if binned else 0
    first, last = sparks.ends
    if length >= len(first) + len(last) + 1:
        scale = first + last.rjust(length - len(first))
        yield Line((Run(" " * (widest + 1)), Run(scale, "dim")), 2)


def _binned(counts: Sequence[int], columns: int) -> list[int]:
    size = -(-len(counts) // columns)
    return [sum(counts[start : start + size]) for start in range(0, len(counts), size or 1)]


def _sign(count: int, most: int, ink: str) -> str:
    return ink[-(-count * len(ink) // most) - 1] if count else " "
