"""Words without a subject are not asked for, unless quoted or alone."""

from __future__ import annotations

import pytest

from rights_search.analysis import terms
from rights_search.query.function_words import FUNCTION_WORDS, without_function_words
from rights_search.query.parser import parse


@pytest.mark.parametrize(
    ("query", "same_as", "left_out"),
    [
        ("torture in Egypt", "torture Egypt", ("in",)),
        ("la torture en Algérie", "torture Algérie", ("la", "en")),
        ("Folter und Haft in der Türkei", "Folter Haft Türkei", ("und", "in", "der")),
        ("a tortura nas prisões do Brasil", "tortura prisões Brasil", ("a", "nas", "do")),
        ("die war Fur São sem", "die war Fur São sem", ()),
        ("пытки в Чечне", "пытки Чечне", ("в",)),
        ("the prison of the king OR a cell", "prison king OR cell", ("the", "of", "a")),
        ("prison (of the king OR a cell)", "prison (king OR cell)", ("of", "the", "a")),
        ("prison of (the king OR a cell)", "prison (king OR cell)", ("of", "the", "a")),
        ("country:TR of prison", "country:TR prison", ("of",)),
        ("to be or not to be", "to be or not to be", ()),
        ("the", "the", ()),
        ("the country:TR", "the country:TR", ()),
        ("the -prison", "the -prison", ()),
        ('"right to life" of', '"right to life"', ("of",)),
        ('prison "in"', 'prison "in"', ()),
        ("prison title:in", "prison title:in", ()),
        ("May will US son", "May will US son", ()),
    ],
)  # fmt: skip
def test_only_bare_function_words_beside_others_go(
    query: str, same_as: str, left_out: tuple[str, ...]
) -> None:
    """What stays is what the query without the words would be."""
    node, words = without_function_words(parse(query).node)
    assert node == parse(same_as).node
    assert words == left_out


def test_the_lists_are_as_the_analyser_folds_them() -> None:
    """A word that the analyser would write differently could never be met."""
    assert all(terms(word) == [word] for word in FUNCTION_WORDS)
