"""Learn what the output can do; `rights_search.safe_text` makes foreign text safe for it."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

from rights_search.values import dataclass, field_names


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The few signs of our own that are not ASCII, or what stands for them.

    Args:
        bar: the last column of a bar, from the least to a full one.
        spark: a count in one column, from the lowest to the highest.
    """

    dot: str = " · "
    ellipsis: str = "…"
    opening: str = "“"
    closing: str = "”"
    dash: str = "–"
    times: str = "×"
    bar: str = "▏▎▍▌▋▊▉█"
    spark: str = "▁▂▃▄▅▆▇█"


ASCII_GLYPHS = Glyphs(" | ", "...", '"', '"', "-", "x", "#", ".:-=+*#@")


def glyphs_for(stream: TextIO) -> Glyphs:
    """Return the signs that ``stream`` can encode."""
    ours = Glyphs()
    try:
        signs = "".join(getattr(ours, name) for name in field_names(Glyphs))
        signs.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII_GLYPHS
    return ours


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether someone is looking at ``stream``."""
    return stream is not None and not stream.closed and stream.isatty()


def wants_colour(no_color: bool) -> bool:
    """Tell whether colours may be used; see https://no-color.org for ``NO_COLOR``."""
    return not no_color and not os.environ.get("NO_COLOR")


def prepare_streams() -> None:
    """Let a character that the locale lacks become ``?`` instead of a crash."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def abandon_stdout() -> None:
    """Send what is still buffered for a closed or full output to nowhere.

    Without this the interpreter would try again at its exit, and complain.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
