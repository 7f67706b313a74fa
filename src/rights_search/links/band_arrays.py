"""Shingles of many posts → the same bands as `fingerprints.bands` finds, by NumPy.

What is worked out post by post there, for which its hashes are sorted, is worked out here for all
at once. Where NumPy is not installed, nothing imports this.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from zlib import crc32

import numpy as np

from rights_search.links.fingerprints import BANDS, ROWS

_MINIMA = BANDS * ROWS
_RANGE_BITS = 32 - (_MINIMA - 1).bit_length()
_NONE = 2**32
_BAND_BYTES = ROWS * 4


def bands_of(posts: Sequence[array[int]]) -> list[tuple[int, ...]]:
    """Return the bands of posts.

    Args:
        posts: the shingles of each, which has at least one.
    """
    hashes = np.frombuffer(b"".join(posts), np.uintc).astype(np.int64)
    rows = np.repeat(np.arange(len(posts)), list(map(len, posts)))
    minima = np.full((len(posts), _MINIMA), _NONE, np.int64)
    np.minimum.at(minima.reshape(-1), rows * _MINIMA + (hashes >> _RANGE_BITS), hashes)
    # All of a later range are greater: the least behind a place is that of the next range that
    # is not empty. Behind the last one the circle goes on with the least of all.
    filled = np.minimum.accumulate(minima[:, ::-1], axis=1)[:, ::-1]
    packed = np.where(filled == _NONE, filled[:, :1], filled).astype("<u4").tobytes()
    found = [
        crc32(packed[start : start + _BAND_BYTES]) for start in range(0, len(packed), _BAND_BYTES)
    ]
    return [tuple(found[first : first + BANDS]) for first in range(0, len(found), BANDS)]
