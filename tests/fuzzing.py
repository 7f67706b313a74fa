"""How hard the property tests try: ``make torture`` multiplies their examples."""

from __future__ import annotations

import os

FACTOR = int(os.environ.get("RIGHTS_SEARCH_FUZZ", "1"))


def examples(number: int) -> int:
    """Return how many examples to try where ``number`` are tried in a quick run."""
    return number * FACTOR
