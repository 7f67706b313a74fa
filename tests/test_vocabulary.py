"""The vocabulary as a whole: which one is in use, and the terms of its entries."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest

from rights_search.vocabulary import groups, themes, vocabulary
from rights_search.vocabulary.vocabulary import Area, Entry, Group, Terms, Theme, Vocabulary

LANGUAGES = ("en", "fr", "es", "ru", "ar", "pt", "de")

TINY = Vocabulary(
    areas=(Area("sea", (("en", "Sea"),)),),
    themes=(Theme("fishing", "sea", (("en", "Fishing"), ("fr", "Pêche"))),),
    groups=(Group("sailors", (("en", "Sailors"),)),),
    own_terms={"en": Terms((Entry("theme", "fishing", ("net",)),), ("net profit",))},
    has_ours=False,
)


def test_the_built_in_one_is_in_use() -> None:
    """Unless somebody says otherwise, the vocabulary is ours."""
    assert vocabulary.current() is vocabulary.built_in()


def test_using_another() -> None:
    """Within the block, and nowhere else, names are those of the other vocabulary."""
    with vocabulary.using(TINY):
        assert themes.ids() == ("fishing",)
        assert themes.resolve("pêche") == themes.resolve("Sea") == ("fishing",)
        assert themes.label("fishing", "fr") == "Pêche"
        assert groups.ids() == ("sailors",)
        assert themes.resolve("torture") == ()
    assert themes.resolve("torture") == ("torture",)


def test_each_thread_has_its_own() -> None:
    """What one thread uses is not what another one uses."""
    with vocabulary.using(TINY), ThreadPoolExecutor(1) as pool:
        assert pool.submit(themes.resolve, "torture").result() == ("torture",)


def test_an_error_in_the_block_ends_it() -> None:
    """The earlier vocabulary is back also after an exception."""
    with pytest.raises(ZeroDivisionError), vocabulary.using(TINY):
        _ = 1 // 0
    assert vocabulary.current() is vocabulary.built_in()


def test_terms_of_another() -> None:
    """A vocabulary that replaces ours has only its own terms and languages."""
    assert vocabulary.term_languages(TINY) == ("en",)
    assert vocabulary.terms(TINY, "en").masks == ("net profit",)
    with pytest.raises(ValueError, match="no theme terms in 'fr'; there are en"):
        vocabulary.terms(TINY, "fr")


def test_terms_that_add_to_ours() -> None:
    """A vocabulary that extends ours has both; terms of entries that it left out are gone."""
    ours = vocabulary.built_in()
    kept = tuple(theme for theme in ours.themes if theme.id != "arms-trade")
    both = Vocabulary(ours.areas, (*kept, *TINY.themes), ours.groups, TINY.own_terms)
    found = {entry.id for entry in vocabulary.terms(both, "en").entries}
    assert {"torture", "fishing"} <= found
    assert "arms-trade" not in found
    assert vocabulary.term_languages(both) == tuple(sorted(LANGUAGES))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_theme_has_terms(language: str) -> None:
    """Every theme has strong terms in every language, and only what exists has terms."""
    terms = vocabulary.terms(vocabulary.built_in(), language)
    strong = {entry.id for entry in terms.entries if entry.kind == "theme" and entry.strong}
    assert strong == set(themes.ids())
    assert {entry.id for entry in terms.entries if entry.kind == "group"} <= set(groups.ids())
    assert terms.masks


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_term_comes_twice(language: str) -> None:
    """A term stands once in an entry, as strong or as weak."""
    for entry in vocabulary.terms(vocabulary.built_in(), language).entries:
        terms = list(chain(entry.strong, entry.weak))
        assert sorted(terms) == sorted(set(terms)), entry.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_alternatives_hold_no_alternatives(language: str) -> None:
    """They would be read as something else; terms of users are refused for it."""
    terms = vocabulary.terms(vocabulary.built_in(), language)
    every = chain(terms.masks, *(chain(entry.strong, entry.weak) for entry in terms.entries))
    bare = [re.sub(r"\([^()]*\)", "", term) for term in every]
    assert not [term for term in bare if set(term) & set("()|")]
