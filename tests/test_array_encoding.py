"""Terms are encoded by whole columns where NumPy is installed: into the same bytes as without."""

from __future__ import annotations

import random

import pytest

from rights_search.engines.whoosh import array_encoding
from rights_search.engines.whoosh.inverter import Inverted, encoded_field

FORMATS = {"positions": -1, "counts": 4, "nothing": 0}


def random_field(rng: random.Random, documents: int) -> Inverted:
    """Return common and rare terms; some documents are long, some numbers are left out."""
    inverted = Inverted()
    number = 0
    for _ in range(documents):
        number += rng.choice((1, 1, 1, 300, 70_000) if documents < 100 else (1,))
        length = rng.choice((0, 1, 5, 40))
        terms = [f"t{int(rng.paretovariate(0.5)) % 5000}ü" for _ in range(length)]
        inverted.add(terms, number)
    return inverted


def assert_same_bytes(inverted: Inverted, size: int) -> None:
    """Check that both ways give the same terms, blocks and rows."""
    rng = random.Random(1)
    lengths = rng.randbytes(inverted.documents[-1] + 1)
    for codes in (None, lengths):
        expected = list(encoded_field(inverted, codes, size))
        assert list(array_encoding.encoded_field(inverted, codes, size)) == expected


@pytest.mark.parametrize("size", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("documents", [1, 30, 3000])
def test_same_bytes(documents: int, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Terms in one document and in many blocks, near and far from each other."""
    # Else all of them are one run.
    monkeypatch.setattr(array_encoding, "_RUN_TOKENS", 5000)
    rng = random.Random(documents)
    inverted = random_field(rng, documents)
    inverted.add(["last"], 10**6)
    assert_same_bytes(inverted, size)


@pytest.mark.parametrize("size", FORMATS.values(), ids=FORMATS)
def test_same_bytes_of_long_documents(size: int) -> None:
    """Positions of more than one byte and two, and more occurrences than a byte counts."""
    inverted = Inverted()
    common = ["a"] * 300 + ["b"]
    inverted.add(common + ["x"] * 70_000 + common + ["c", "d"] * 9, 3)
    inverted.add(["a", *["y"] * 400, "a", "b", "b"], 4)
    assert_same_bytes(inverted, size)


def test_texts_give_their_terms_in_order() -> None:
    """Of several texts of a document the terms stand one behind the other."""
    inverted = Inverted()
    assert inverted.add_texts(("L'état: 人权", "", "re\u0301sume\u0301 U.S. état"), 7) == 6
    terms = {number: term for term, number in inverted.numbers.items()}
    assert [terms[token] for token in inverted.tokens] == "etat 人 权 resume u.s etat".split()
    assert (inverted.documents.tolist(), inverted.counts.tolist()) == ([7], [6])
