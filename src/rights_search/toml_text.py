"""TOML of strangers: the time and memory of the parser are bounded, and it fails in one way."""

from __future__ import annotations

import tomllib
from typing import Any

MAX_SQUARES = 4_000_000
"""For a key of n parts the parser keeps n² / 2 references: these are 16 MB."""


def read_toml(text: str) -> dict[str, Any]:
    """Return what a text in TOML says.

    Raises:
        tomllib.TOMLDecodeError: if it is none, has a number of thousands of digits or keys of
            thousands of parts.
        RecursionError: if it nests too deeply.
    """
    # Dots in values count as well: where a value ends only the parser knows.
    if sum(line.count(".") ** 2 for line in text.split("\n")) > MAX_SQUARES:
        raise tomllib.TOMLDecodeError("too many dots in its lines")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:
        raise tomllib.TOMLDecodeError(str(error)) from error
