"""How often a process of the program's own looks for garbage."""

from __future__ import annotations

import gc

OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""Instead of Python's 700. Posts, and the 25,000 objects that a query makes, are values without
cycles: to look for garbage among them took a tenth of tagging, and 20 ms of a query."""


def look_seldom() -> None:
    """Let this process look for garbage seldom; a library must not decide that for others."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
