"""Words of the same root."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.words.derivation import is_derived, root, start, stemmer_language, trunk


def test_an_inflection_is_not_derived() -> None:
    """Inflections are looked for anyway and must not be counted twice."""
    assert root("tortured", "en") == root("torture", "en")
    assert not is_derived("tortured", "torture", "en")


@pytest.mark.parametrize(
    ("first", "second", "language"),
    [
        ("computer", "computation", "en"),
        ("terrorism", "terrorize", "en"),
        ("emprisonner", "emprisonnement", "fr"),
        ("activista", "activismo", "es"),
        ("jornalista", "jornalismo", "pt"),
        ("активность", "активный", "ru"),
    ],
)
def test_words_of_one_root(first: str, second: str, language: str) -> None:
    """The stemmers join what the light rules keep apart."""
    assert is_derived(first, second, language)
    assert is_derived(second, first, language)


@pytest.mark.parametrize("term", ["us", "u.s.", "2019", "人权", "حقوق"])
def test_some_terms_have_no_root(term: str) -> None:
    """Too short, no letters, or a script without a stemmer: None, and nothing is derived."""
    assert root(term, "en") is None
    assert not is_derived(term, term, "en")


@pytest.mark.parametrize(
    ("language", "script", "reader"),
    [
        ("fr", "latin", "fr"),
        ("ru", "cyrillic", "ru"),
        ("ru", "latin", "en"),
        (None, "latin", "en"),
        (None, "cyrillic", "ru"),
        ("it", "latin", None),
        ("uk", "cyrillic", None),
        ("ar", "arabic", None),
    ],
)
def test_a_script_has_its_own_stemmer(language: str | None, script: str, reader: str) -> None:
    """A name in another script follows that script's language; others have none."""
    assert stemmer_language(language, script) == reader  # type: ignore[arg-type]


@given(st.text("abcdefghilmnorstuy", min_size=3, max_size=12), st.sampled_from(["en", "fr", "de"]))
def test_a_derived_word_starts_with_the_trunk(term: str, language: str) -> None:
    """The vocabulary is searched by the trunk: whatever is derived must start with it."""
    shared = root(term, language)
    for other in (term + "ing", term + "s", term[:-1], term + "ation"):
        if shared is not None and is_derived(other, term, language):
            assert other.startswith(trunk(shared))


@pytest.mark.parametrize(
    ("term", "language", "begins"),
    [
        ("prison", "en", "prison"),
        ("prison", None, "prison"),
        ("happiness", "en", "happ"),
        ("ability", "en", "abi"),
        ("skies", "en", "sky"),
        ("prison", "fr", "pris"),
    ],
)
def test_start_holds_the_letters_that_no_rule_writes(
    term: str, language: str | None, begins: str
) -> None:
    shared = root(term, language)
    assert shared is not None
    assert start(shared, language) == begins
    assert term.startswith(begins) or len(shared) == 3
