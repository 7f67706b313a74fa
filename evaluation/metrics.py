"""The measures that the scorers share: sets of tags, rankings, and agreement."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

Pair: TypeAlias = tuple[AbstractSet[str], AbstractSet[str]]
"""The tags that are wanted, and those that were given."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many tags were right, how many wrong and how many missed.

    Where there is nothing to find and nothing was found, nothing went wrong: the
    ratios of an empty tally are 1.
    """

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Return the share of the tags given that are right."""
        return ratio(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Return the share of the tags wanted that were given."""
        return ratio(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall: 2r / (2r + w + m)."""
        return ratio(2 * self.right, 2 * self.right + self.wrong + self.missed)


def ratio(part: float, whole: float) -> float:
    """Return ``part / whole``, and 1 where both are 0."""
    return part / whole if whole else 1.0


def micro(pairs: Iterable[Pair]) -> Tally:
    """Return the tally of all pairs together: each tag counts the same."""
    right = wrong = missed = 0
    for wanted, given in pairs:
        right += len(wanted & given)
        wrong += len(given - wanted)
        missed += len(wanted - given)
    return Tally(right, wrong, missed)


def by_tag(pairs: Iterable[Pair]) -> dict[str, Tally]:
    """Return a tally for each tag that is wanted or given anywhere, by name."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for wanted, given in pairs:
        right.update(wanted & given)
        wrong.update(given - wanted)
        missed.update(wanted - given)
    tags = sorted({*right, *wrong, *missed})
    return {tag: Tally(right[tag], wrong[tag], missed[tag]) for tag in tags}


def macro_f1(pairs: Iterable[Pair]) -> float:
    """Return the mean F1 of the tags that are wanted somewhere: rare ones count as much.

    A tag that is only given, never wanted, has no F1 of its own (it would always be
    0); it costs precision in `micro`.
    """
    tallies = [tally for tally in by_tag(pairs).values() if tally.right or tally.missed]
    return mean(tally.f1 for tally in tallies)


def mean(values: Iterable[float]) -> float:
    """Return the arithmetic mean.

    Raises:
        ValueError: if there are no values: an average of nothing would pass a floor.
    """
    numbers = list(values)
    if not numbers:
        raise ValueError("there is nothing to average")
    return math.fsum(numbers) / len(numbers)


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Return how far two labellings of the same things agree beyond chance.

    Source: Jacob Cohen, "A Coefficient of Agreement for Nominal Scales", 1960:
    κ = (o - c) / (1 - c), where o is the share of equal labels and c the share that
    would be equal by chance, Σ over labels of p₁(label) · p₂(label).

    Raises:
        ValueError: if the two differ in length or are empty.
    """
    same = mean(one == two for one, two in zip(first, second, strict=True))
    ones, twos = Counter(first), Counter(second)
    chance = sum(ones[label] * twos[label] for label in ones) / len(first) ** 2
    return ratio(same - chance, 1 - chance)


def average_precision(ranking: Sequence[str], relevant: Collection[str]) -> float:
    """Return the mean, over all relevant items, of the precision at the rank of each.

    An item that is not in the ranking counts 0. The mean of this over queries is
    MAP. Source: Buckley and Voorhees, "Evaluating Evaluation Measure Stability",
    SIGIR 2000; ``map`` of the TREC evaluation program.

    Args:
        ranking: items, the best first, none twice.
        relevant: the items that should have been found; not empty.
    """
    found = 0
    total = 0.0
    for rank, item in enumerate(ranking, 1):
        if item in relevant:
            found += 1
            total += found / rank
    return total / len(relevant)


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Return the normalised discounted cumulative gain of the first ``depth`` items.

    DCG = Σ grade / log₂(rank + 1); nDCG divides by the DCG of the best possible
    order. Source: Järvelin and Kekäläinen, "Cumulated Gain-Based Evaluation of IR
    Techniques", 2002, with the discount from rank 2 on as in ``ndcg_cut`` of the TREC
    evaluation program: the gain is the grade itself.

    Args:
        ranking: items, the best first, none twice.
        grades: item → grade; what is not in it has 0. At least one is above 0.
        depth: how many ranks count.
    """
    ideal = _dcg(sorted(grades.values(), reverse=True)[:depth])
    return _dcg([grades.get(item, 0) for item in ranking[:depth]]) / ideal


def _dcg(grades: Iterable[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def recall_at(ranking: Sequence[str], relevant: Collection[str], depth: int = 100) -> float:
    """Return the share of the relevant items that are among the first ``depth``."""
    return len(set(ranking[:depth]) & set(relevant)) / len(relevant)
