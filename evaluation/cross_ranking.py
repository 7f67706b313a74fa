"""Choose the broad ranking's setting on two judged collections, test it on the third.

Every setting of a small grid ranks every collection; for each collection in turn, that
which does best on the two others is looked up on it. What is chosen so has never seen the
queries that it is measured on, which cannot be said of the setting chosen on all three.

The grid holds the constants that count most. The others, those of the query's own words
among them, are the same throughout.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from pathlib import Path

from evaluation.data import SHARED_DATA
from evaluation.metrics import average_precision, mean, ndcg
from evaluation.ranking import COLLECTIONS, Collection, our_settings, read_collection
from rights_search.query.tuning import TUNED, Tuning

GRID = tuple(
    replace(TUNED, reranked=reranked, neighbours=neighbours, feedback_share=share)
    for reranked, neighbours, share in product((50, 100), (10, 20), (0.2, 0.3))
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one setting reaches on one collection: means over its queries."""

    precision: float
    gain: float

    @property
    def merit(self) -> float:
        """Return what settings are compared by: the sum of these over collections.

        Logarithms, so that a percent counts alike wherever it is gained.
        """
        return math.log(self.precision) + math.log(self.gain)

    def __str__(self) -> str:
        return f"{self.precision:.3f} / {self.gain:.3f}"


Table = Mapping[str, Sequence[Figures]]
"""Collection → the figures of each setting of a grid."""


def measure(collection: Collection, grid: Sequence[Tuning]) -> list[Figures]:
    """Return what each setting of a grid reaches on a collection."""
    ask = our_settings(collection)
    values: list[list[tuple[float, float]]] = [[] for _ in grid]
    for query, text in collection.queries.items():
        grades = collection.judgements[query]
        for tuning, found in zip(grid, values, strict=True):
            ranking = ask(text, tuning)
            found.append((average_precision(ranking, grades), ndcg(ranking, grades)))
    return [Figures(*map(mean, zip(*found, strict=True))) for found in values]


def best(table: Table, names: Iterable[str]) -> int:
    """Return the number of the setting that does best on some collections together."""
    columns = [table[name] for name in names]
    merits = [sum(each.merit for each in row) for row in zip(*columns, strict=True)]
    return max(range(len(merits)), key=merits.__getitem__)


def report(table: Table, grid: Sequence[Tuning]) -> Iterator[str]:
    """Yield the lines of two Markdown tables: the choices, then the whole grid."""
    yield "| MAP / nDCG@10 | chosen on the two others | on it | chosen on all | on it |"
    yield "|---|---|---|---|---|"
    whole = best(table, table)
    for name in table:
        chosen = best(table, (other for other in table if other != name))
        settings = (_written(grid[chosen], grid), _written(grid[whole], grid))
        cells = (name, settings[0], table[name][chosen], settings[1], table[name][whole])
        yield f"| {' | '.join(map(str, cells))} |"
    yield ""
    yield f"| {' | '.join(('setting', *table))} |"
    yield f"|{'---|' * (1 + len(table))}"
    for number, tuning in enumerate(grid):
        row = (_written(tuning, grid), *(table[name][number] for name in table))
        yield f"| {' | '.join(map(str, row))} |"


def _written(tuning: Tuning, grid: Sequence[Tuning]) -> str:
    """Return the values in which a setting differs from others of its grid."""
    varied = [
        each.name for each in fields(Tuning) if len({getattr(t, each.name) for t in grid}) > 1
    ]
    return ", ".join(f"{name} {getattr(tuning, name)}" for name in varied)


def main() -> int:
    """Print the tables; return 2 where a collection is missing, else 0."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.cross_ranking", description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED_DATA, help="folder of the real data")
    parser.add_argument("--every", type=int, default=1, help="take every n-th query (1)")
    options = parser.parse_args()
    table: dict[str, list[Figures]] = {}
    for name in COLLECTIONS:
        path = options.data / "ir" / name
        if not path.is_dir():
            print(f"not here: {path}", file=sys.stderr)
            return 2
        table[name] = measure(read_collection(path, options.every), GRID)
        print(f"{name} measured", file=sys.stderr, flush=True)
    print("\n".join(report(table, GRID)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
