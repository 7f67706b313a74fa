"""JSON of strangers: what its values take in memory is bounded before they are made.

Three bytes of text, ``[],``, are seventy of memory: 60 MB of them took 1.6 GB.
"""

from __future__ import annotations

import json
from typing import Any

from rights_search.patterns import late

MAX_MEMORY = 1 << 30
"""Bytes that the values of a text may take, by the estimate below.

That is never less than they take, but where letters beyond ASCII are escaped: one makes all of a
string wide, which takes up to five times its length then.
"""

_WORST = 110
"""What a byte of text can stand for, at the most: a shorter text need not be looked at."""

_TEXTS = late(rb'(?s)"[^"\\]*(?:\\.[^"\\]*)*\\?(?:"|\Z)')
"""A string, to the end where it has none: each byte is looked at once."""


def read_json(data: bytes, most: int = MAX_MEMORY) -> Any:
    """Return what a text in JSON says.

    Args:
        data: UTF-8.
        most: bytes of memory that its values may take.

    Raises:
        ValueError: if it is none, nests too deeply, or its values would take more.
    """
    check_memory(data, most)
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("it nests too deeply") from None


def check_memory(data: bytes, most: int = MAX_MEMORY) -> None:
    """Check that the values of a text in JSON would take at most so many bytes of memory.

    Raises:
        ValueError: if they would take more.
    """
    if len(data) * _WORST <= most or _memory(data) <= most:
        return
    # What stands in strings is no sign of JSON.
    fewer = _TEXTS.sub(b'""', data)
    if _memory(fewer) + len(data) * _width(data) > most:
        raise ValueError(f"its values would take more than {most:,} bytes of memory")


def _memory(data: bytes) -> int:
    """Return what the values take at the most, as CPython 3.11 to 3.14 makes them."""
    containers = data.count(b"[") + data.count(b"{")
    texts = 28 * data.count(b'"')  # two a text
    members = 72 * data.count(b":")
    return 100 * containers + texts + members + 34 * data.count(b",") + len(data) * _width(data)


def _width(data: bytes) -> int:
    """Return what a byte of text takes: a wide letter makes all of a string wide, twice."""
    return 1 if data.isascii() else 9
