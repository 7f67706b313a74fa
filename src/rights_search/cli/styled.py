"""Write blocks to a terminal with rich: wrapped to its width, in colours.

Only text objects are built, never markup strings, so that brackets in a post stay
brackets.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rights_search.cli.blocks import Bars, Block, Line, Sparks, Style, Tallies, Tally, counted
from rights_search.cli.charts import bar_lines, spark_lines

MAX_COLUMNS = 100
"""Longer lines are hard to read; a wide window stays empty at the right."""

MIN_TALLY_COLUMNS = 24
_GAP_COLUMNS = 3

_STYLES: dict[Style, str] = {
    "text": "",
    "title": "bold",
    "derived": "dim",
    "match": "bold red",
    "label": "bold",
    "dim": "dim",
    "bar": "cyan",
}
# Without colour a match inside a bold title must still be seen.
_COLOURLESS_STYLES: dict[Style, str] = {**_STYLES, "match": "bold underline", "bar": ""}


def write(
    blocks: Iterable[Block],
    *,
    colour: bool,
    stream: TextIO | None = None,
    columns: int | None = None,
) -> None:
    """Write blocks to a terminal.

    Args:
        blocks: what to write.
        colour: False for bold and dim only.
        stream: a terminal, the standard output by default.
        columns: its width, asked of the terminal by default.
    """
    console = Console(
        file=stream or sys.stdout,
        force_terminal=True,
        no_color=not colour,
        width=columns,
        highlight=False,
        markup=False,
        emoji=False,
    )
    styles = _STYLES if colour else _COLOURLESS_STYLES
    for block in blocks:
        match block:
            case Tallies():
                _write_tallies(block.tallies, console)
            case _:
                for line in _lines(block, _columns(console)):
                    # At once: a paragraph may have ten thousand lines on the screen.
                    text = Text("\n").join(_wrapped(line, console, styles))
                    console.print(text, soft_wrap=True)


def _lines(block: Line | Bars | Sparks, columns: int) -> Iterator[Line]:
    match block:
        case Line():
            yield block
        case Bars():
            yield from bar_lines(block, columns)
        case Sparks():
            yield from spark_lines(block, columns)


def _columns(console: Console) -> int:
    return min(console.width, MAX_COLUMNS)


def _wrapped(line: Line, console: Console, styles: dict[Style, str]) -> Iterator[Text]:
    text = Text.assemble(*((run.text, styles[run.style]) for run in line.runs))
    # A window too narrow for the indent still gets some text in each line.
    room = max(8, _columns(console) - line.indent - line.hang)
    for number, part in enumerate(text.wrap(console, room) or [Text()]):
        part.rstrip()
        front = Text(" " * line.indent)
        if line.lead is not None and number == 0:
            front.append(line.lead.text, styles[line.lead.style])
        elif number:
            front.append(" " * line.hang)
        yield front + part if part.plain else part


def _write_tallies(tallies: tuple[Tally, ...], console: Console) -> None:
    columns = _columns(console)
    gaps = _GAP_COLUMNS * (len(tallies) - 1)
    if (columns - gaps) // max(1, len(tallies)) >= MIN_TALLY_COLUMNS:
        grid = Table.grid(padding=(0, _GAP_COLUMNS), pad_edge=False)
        for _ in tallies:
            grid.add_column(vertical="top")
        widths = _label_widths(tallies, columns - gaps)
        grid.add_row(*map(_tally_table, tallies, widths))
        console.print(grid)
        return
    for number, tally in enumerate(tallies):
        if number:
            console.print()
        console.print(_tally_table(tally, *_label_widths((tally,), columns)))


def _label_widths(tallies: tuple[Tally, ...], columns: int) -> list[int]:
    """Return the widths of the labels: a long one may use what the others leave."""
    room = columns - sum(_count_columns(tally) + 2 for tally in tallies)
    widths = [
        min(columns, max(cell_len(text) for text in (tally.title, *dict(tally.rows))))
        for tally in tallies
    ]
    while sum(widths) > room and max(widths) > 1:
        widths[widths.index(max(widths))] -= 1
    return widths


def _count_columns(tally: Tally) -> int:
    return max((len(counted(count)) for _, count in tally.rows), default=1)


def _tally_table(tally: Tally, label_columns: int) -> Table:
    table = Table.grid(padding=(0, 2), pad_edge=False)
    table.add_column(no_wrap=True, overflow="ellipsis", width=label_columns)
    table.add_column(justify="right", style="dim", min_width=_count_columns(tally))
    table.add_row(Text(tally.title, "bold"), "")
    for label, count in tally.rows:
        table.add_row(Text(label, "" if count is not None else "dim"), Text(counted(count)))
    if tally.more:
        table.add_row(Text(f"+{tally.more} more", "dim"), "")
    return table
