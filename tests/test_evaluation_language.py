"""How texts are cut into the pieces whose language is measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation import language
from evaluation.language import pieces, read_declarations, score

DECLARATION = '<html data-code="x" lang="{code}"><body><h2>1</h2><p>{text}</p></body></html>'


def test_pieces_end_between_words() -> None:
    """Each is about as long as was asked for; what is left over is too short to count."""
    cut = pieces(["one two three four five six seven eight nine ten"], 14, most=9)
    assert cut == ["one two three", "four five six"]


def test_pieces_are_taken_evenly() -> None:
    """Of many, every n-th is taken, so that all texts have their share."""
    texts = [letter * 10 for letter in "abcdefgh"]
    assert [piece[0] for piece in pieces(texts, 10, most=4)] == ["a", "c", "e", "g"]


def test_declarations_by_their_own_code(tmp_path: Path) -> None:
    """A page's language is what it declares; a language without a short code is left out."""
    for name, code, text in (
        ("por_BR", "pt-BR", "um"),
        ("por_PT", "pt-PT", "dois"),
        ("abc", "abc", "x"),
    ):
        page = DECLARATION.format(code=code, text=text)
        (tmp_path / f"{name}.html").write_text(page, encoding="utf-8")
    assert read_declarations(tmp_path) == {"pt": ["um", "dois"]}


def test_the_peer_may_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without py3langid its figures are said to be missing, and ours are there."""
    monkeypatch.setattr(language, "_peer", lambda: None)
    rows = {(row.data, row.measure): row for row in score(tmp_path, quick=True)}
    assert rows["corpus", "accuracy at 50"].value is not None
    missing = rows["corpus, py3langid", "accuracy at 50"]
    assert (missing.value, missing.size) == (None, "not here: pip install py3langid")
