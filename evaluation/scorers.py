"""The scorers by name.

To add one, write a module with ``score`` and name it here; pin its floors in
``floors.toml``. It gives the same rows in every run: where data is not there, rows
that say so (`evaluation.rows.not_here`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from evaluation import (
    copies,
    corpus_labels,
    countries,
    extraction,
    language,
    listing_labels,
    queries,
    ranking,
    themes,
)
from evaluation.rows import Row


class Scorer(Protocol):
    """Measures one part of the program."""

    def __call__(self, folder: Path, *, quick: bool = False) -> list[Row]:
        """Return a row for every measure.

        Args:
            folder: the real data; what the project ships itself is found by itself.
            quick: True to take every n-th record of what is large, the same ones each
                time; the row's ``size`` says how many. Floors hold for both.
        """
        ...


SCORERS: dict[str, Scorer] = {
    "corpus": corpus_labels.score,
    "listing": listing_labels.score,
    "countries": countries.score,
    "themes": themes.score,
    "queries": queries.score,
    "ranking": ranking.score,
    "copies": copies.score,
    "extraction": extraction.score,
    "language": language.score,
}
