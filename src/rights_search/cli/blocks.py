"""What a view is made of: runs of safe text in lines, and tables of counts.

A view says what is shown and what it means; the writers in `output` and `styled`
decide how it looks. A text is made safe when it enters, so a view cannot forget.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from rights_search.safe_text import safe
from rights_search.values import dataclass, replace

Style = Literal["text", "title", "derived", "match", "label", "dim", "bar"]

MAX_LINE_CHARS = 2_000
"""Of a line in a list on a terminal."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style; safe to show from here on."""

    text: str
    style: Style = "text"

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", safe(self.text))


@dataclass(frozen=True, slots=True)
class Line:
    """One line, wrapped on a terminal.

    Args:
        runs: what stands in it.
        indent: spaces before it.
        hang: further spaces before the lines that it is wrapped into.
        lead: what stands in the hanging space of the first line, such as a label.
    """

    runs: tuple[Run, ...] = ()
    indent: int = 0
    hang: int = 0
    lead: Run | None = None

    @property
    def text(self) -> str:
        """Return the line without styles or indent."""
        lead = "" if self.lead is None else self.lead.text
        return lead + "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Tally:
    """A table of counts.

    Args:
        title: its heading.
        rows: label and count, in the order to show; without a count, what is said
            of the rows above it.
        more: how many rows were left out.
    """

    title: str
    rows: tuple[tuple[str, int | None], ...]
    more: int = 0

    def __post_init__(self) -> None:
        rows = tuple((safe(label), count) for label, count in self.rows)
        object.__setattr__(self, "rows", rows)


def counted(count: int | None) -> str:
    """Return a count of a row as it is shown, empty where there is none."""
    return "" if count is None else f"{count:,}"


@dataclass(frozen=True, slots=True)
class Tallies:
    """Tables of counts that belong together: side by side where there is room."""

    tallies: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A count with a bar: a row of `Bars`.

    Args:
        label: what is counted.
        count: how many.
        note: what else is to be said of it, behind the count.
    """

    label: str
    count: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Counts as bars, one below the other, on one scale.

    Args:
        rows: in the order to show.
        ink: signs for the end of a bar, as in `rights_search.cli.terminal.Glyphs`.
        indent: spaces before each row.
        columns: most columns of a bar; None for what the output has room for.
    """

    rows: tuple[Bar, ...]
    ink: str
    indent: int = 2
    columns: int | None = None


@dataclass(frozen=True, slots=True)
class Spark:
    """Counts of one thing over time: a row of `Sparks`."""

    label: str
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Sparks:
    """Counts over time in one line each, on one scale.

    Args:
        rows: all over the same periods.
        ends: what the first and the last period are called.
        ink: signs for counts, as in `rights_search.cli.terminal.Glyphs`.
    """

    rows: tuple[Spark, ...]
    ends: tuple[str, str]
    ink: str


Block: TypeAlias = Line | Tallies | Bars | Sparks

BLANK = Line()


def line(text: str, style: Style = "text", *, indent: int = 0, hang: int = 0) -> Line:
    """Return a line in one style."""
    return Line((Run(text, style),), indent, hang)


def labelled(label: str, value: str, columns: int) -> Line:
    """Return a label in a column of its own and a value behind it."""
    lead = Run(label.ljust(columns) + " ", "label")
    return Line((Run(value),), hang=columns + 1, lead=lead)


def joined(parts: Iterable[Run], separator: str) -> tuple[Run, ...]:
    """Return the runs that hold something, with a dim separator between them."""
    runs: list[Run] = []
    for part in parts:
        if part.text:
            runs += [Run(separator, "dim"), part] if runs else [part]
    return tuple(runs)


def bounded(blocks: Iterable[Block], ellipsis: str) -> Iterator[Block]:
    """Yield blocks in which no line is longer than `MAX_LINE_CHARS`.

    A title may be a megabyte long: it would fill hundreds of windows between two hits.
    """
    for block in blocks:
        if isinstance(block, Line) and len(block.text) > MAX_LINE_CHARS:
            yield replace(block, runs=(*_first(block.runs, MAX_LINE_CHARS), Run(ellipsis, "dim")))
        else:
            yield block


def _first(runs: Iterable[Run], chars: int) -> Iterator[Run]:
    for run in runs:
        if chars <= 0:
            return
        yield replace(run, text=run.text[:chars])
        chars -= len(run.text)


def highlighted(
    text: str, spans: Iterable[tuple[int, int]], style: Style = "text"
) -> Iterator[Run]:
    """Yield ``text`` cut at ``spans``, what is inside them in the style ``match``.

    Args:
        text: as it is in the post; it is cut before it is made safe, since that
            changes its length.
        spans: half-open character ranges, in order, not overlapping.
        style: of what is outside.
    """
    position = 0
    for start, end in spans:
        yield Run(text[position:start], style)
        yield Run(text[start:end], "match")
        position = end
    yield Run(text[position:], style)
