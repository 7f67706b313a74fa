"""Write blocks: plainly, or in style where someone is looking."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from rights_search.cli import terminal
from rights_search.cli.blocks import Bars, Block, Line, Sparks, Tallies, Tally, bounded, counted


def write(blocks: Iterable[Block], *, no_color: bool = False, whole: bool = False) -> None:
    """Write blocks to the standard output, on a terminal through a pager if they are long.

    Args:
        blocks: what to write.
        no_color: True to leave colours out on a terminal, too.
        whole: True for one post; in a list, a line ends after `MAX_LINE_CHARS` on a terminal.
    """
    if terminal.is_terminal(sys.stdout):
        if not whole:
            blocks = bounded(blocks, terminal.glyphs_for(sys.stdout).ellipsis)
        from rights_search.cli import pager, styled  # noqa: PLC0415 - for eyes only

        with pager.paged() as stream:
            styled.write(blocks, colour=terminal.wants_colour(no_color), stream=stream)
        return
    for text in plain(blocks):
        sys.stdout.write(text + "\n")


def plain(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the lines of ``blocks`` without styles; a line is never wrapped."""
    for block in blocks:
        match block:
            case Line():
                yield (" " * block.indent + block.text).rstrip()
            case Tallies():
                yield from _plain_tallies(block.tallies)
            case Bars() | Sparks():
                yield from _plain_chart(block)


def _plain_chart(block: Bars | Sparks) -> Iterator[str]:
    from rights_search.cli import charts  # noqa: PLC0415 - a query draws none

    if isinstance(block, Bars):
        return plain(charts.bar_lines(block, charts.PLAIN_COLUMNS))
    return plain(charts.spark_lines(block, charts.PLAIN_COLUMNS))


def _plain_tallies(tallies: tuple[Tally, ...]) -> Iterator[str]:
    for number, tally in enumerate(tallies):
        if number:
            yield ""
        yield tally.title
        for label, count in tally.rows:
            yield f"{counted(count):>9}  {label}".rstrip()
        if tally.more:
            yield f"{'':9}  +{tally.more} more"
