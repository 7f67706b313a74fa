"""The measures, against values worked out by hand."""

from __future__ import annotations

import math

import pytest

from evaluation.metrics import (
    Tally,
    average_precision,
    by_tag,
    cohen_kappa,
    macro_f1,
    mean,
    micro,
    ndcg,
    recall_at,
)

PAIRS: list[tuple[set[str], set[str]]] = [
    ({"a", "b"}, {"a"}),
    ({"a"}, {"a", "c"}),
    (set(), {"b"}),
    ({"d"}, {"d"}),
]
"""(wanted, given): right a twice and d; wrong c and b; missed b."""


def test_micro_counts_every_tag_alike() -> None:
    """Three right, two wrong, one missed: precision 3/5, recall 3/4, F1 6/9."""
    tally = micro(PAIRS)
    assert tally == Tally(right=3, wrong=2, missed=1)
    assert tally.precision == pytest.approx(3 / 5)
    assert tally.recall == pytest.approx(3 / 4)
    assert tally.f1 == pytest.approx(2 / 3)


def test_macro_counts_every_wanted_tag_alike() -> None:
    """F1 of a is 1, of b 0, of d 1; c, which nobody wants, has none."""
    assert by_tag(PAIRS)["b"] == Tally(right=0, wrong=1, missed=1)
    assert by_tag(PAIRS)["c"] == Tally(right=0, wrong=1, missed=0)
    assert macro_f1(PAIRS) == pytest.approx(2 / 3)


def test_nothing_wanted_and_nothing_given_is_no_fault() -> None:
    """An empty tally is right; one that only missed has precision 1, recall 0 and F1 0."""
    assert micro([(set(), set())]).f1 == 1
    only_missed = Tally(missed=2)
    assert (only_missed.precision, only_missed.recall, only_missed.f1) == (1, 0, 0)


def test_a_mean_of_nothing_is_an_error() -> None:
    """Data that turns out to be empty cannot pass a floor."""
    with pytest.raises(ValueError, match="nothing to average"):
        mean([])


def test_kappa() -> None:
    """The 2 by 2 table with 20, 5, 10 and 15: 0.7 agree, 0.5 would by chance, κ = 0.4."""
    first = [True] * 25 + [False] * 25
    second = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15
    assert cohen_kappa(first, second) == pytest.approx(0.4)


def test_kappa_of_full_agreement_and_of_chance() -> None:
    """Equal labels give 1, also where there is only one; labels as by chance give 0."""
    assert cohen_kappa("aab", "aab") == 1
    assert cohen_kappa("aaa", "aaa") == 1
    assert cohen_kappa("aabb", "abab") == pytest.approx(0)


def test_kappa_wants_the_same_things() -> None:
    """Labellings of different lengths cannot be compared."""
    with pytest.raises(ValueError, match="shorter"):
        cohen_kappa("aab", "aa")


def test_average_precision() -> None:
    """Relevant at ranks 1 and 3, one never found: (1/1 + 2/3 + 0) / 3."""
    assert average_precision(["x", "o", "y", "p"], {"x", "y", "z"}) == pytest.approx(5 / 9)


def test_average_precision_of_a_perfect_and_an_empty_ranking() -> None:
    """All relevant first is 1; nothing found is 0."""
    assert average_precision(["x", "y", "o"], {"x", "y"}) == 1
    assert average_precision([], {"x"}) == 0


def test_ndcg() -> None:
    """Grades 3, 0, 1 where 3, 2, 1 was best: (3 + 1/2) / (3 + 2/log₂3 + 1/2)."""
    grades = {"x": 3, "y": 2, "z": 1}
    expected = 3.5 / (3 + 2 / math.log2(3) + 0.5)
    assert ndcg(["x", "o", "z"], grades) == pytest.approx(expected)
    assert ndcg(["x", "y", "z"], grades) == pytest.approx(1)


def test_ndcg_stops_at_its_depth() -> None:
    """At depth 1 only the first counts, in the ranking and in the best order."""
    grades = {"x": 1, "y": 2}
    assert ndcg(["x", "y"], grades, depth=1) == pytest.approx(1 / 2)
    assert ndcg(["y"], grades, depth=1) == 1


def test_recall_at() -> None:
    """Of three relevant items, one is among the first two."""
    assert recall_at(["x", "o", "y"], {"x", "y", "z"}, depth=2) == pytest.approx(1 / 3)
    assert recall_at(["x", "o", "y"], {"x", "y", "z"}) == pytest.approx(2 / 3)
