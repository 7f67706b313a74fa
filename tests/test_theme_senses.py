"""What words mean in a sentence: held-out cases in each language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evaluation.data import make_post
from rights_search.tagging.themes import tag_themes

CASES = Path(__file__).parent / "fixtures" / "themes" / "senses.toml"


def cases() -> Iterator[Any]:
    """Yield a parameter set for each sentence."""
    for language, sentences in tomllib.loads(CASES.read_text(encoding="utf-8")).items():
        for number, sentence in enumerate(sentences, start=1):
            yield pytest.param(language, sentence, id=f"{language} {number}")


@pytest.mark.parametrize(("language", "sentence"), list(cases()))
def test_senses(language: str, sentence: dict[str, Any]) -> None:
    """A sentence has the tags that it shows, and none of a word's other meaning."""
    post = tag_themes(make_post("", sentence["text"], language))
    for kind, tags in (("themes", post.themes), ("groups", post.groups)):
        found = {tag.value for tag in tags}
        assert set(sentence.get(kind, ())) <= found
        assert found.isdisjoint(sentence.get(f"not-{kind}", ()))


def test_each_language_has_cases() -> None:
    """All seven languages were read a second time."""
    languages = tomllib.loads(CASES.read_text(encoding="utf-8"))
    assert {language: len(found) > 5 for language, found in languages.items()} == dict.fromkeys(
        ("fr", "es", "pt", "de", "ru", "ar", "en"), True
    )
