"""Inflating what an index holds, up to a bound: a kilobyte can stand for a gigabyte of zeros."""

from __future__ import annotations

import zlib


def inflated(data: bytes, most: int) -> bytes:
    """Return what was deflated.

    Args:
        data: all of its bytes, and no more.
        most: bytes that it may have.

    Raises:
        ValueError: if it is damaged, or longer.
    """
    inflater = zlib.decompressobj()
    try:
        found = inflater.decompress(data, most)
    except zlib.error as error:
        raise ValueError(f"it cannot be inflated: {error}") from None
    if not inflater.eof or inflater.unused_data:
        raise ValueError(f"it is cut short, or longer than {most:,} bytes")
    return found
