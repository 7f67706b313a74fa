"""The groups of people of the vocabulary: ids, labels and names."""

from __future__ import annotations

import pytest

from rights_search.vocabulary import groups, themes

LANGUAGES = ("en", "fr", "es", "ru", "ar", "pt", "de")

NAMES = [
    ("journalists", ("journalists",)),
    ("Journalistes", ("journalists",)),
    ("Правозащитники", ("defenders",)),
    ("LGBTI Rights", ("lgbti",)),
    ("Peuples autochtones", ("indigenous-peoples",)),
    ("Refugees and migrants", ("refugees", "migrants")),
    ("Migrant workers", ("migrants", "workers")),
    ("Death penalty", ()),
    ("", ()),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_resolve(name: str, expected: tuple[str, ...]) -> None:
    """A group is known by its id and by any of its names."""
    assert groups.resolve(name) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_leads_back_to_its_group(language: str) -> None:
    """Labels exist in every language and are no one else's."""
    for group_id in groups.ids():
        label = dict(groups.group(group_id).labels)[language]
        assert groups.label(group_id, language) == label
        assert groups.resolve(label) == (group_id,)


def test_every_name_leads_to_its_group() -> None:
    """Other names and those of published lists are known."""
    for group_id in groups.ids():
        group = groups.group(group_id)
        for name in (*group.names, *(name for _, names in group.sources for name in names)):
            assert group_id in groups.resolve(name), name


def test_a_group_may_name_themes() -> None:
    """The themes that a group's name is also understood as exist."""
    for group_id in groups.ids():
        assert set(groups.group(group_id).themes) <= set(themes.ids())
    assert themes.resolve("trade unionists") == ("labour-rights",)


def test_label_of_something_else() -> None:
    """An unknown id is its own name."""
    assert groups.label("no-such-group") == "no-such-group"
    with pytest.raises(KeyError):
        groups.group("no-such-group")


@pytest.mark.parametrize(
    ("typo", "meant"),
    [("journalits", "journalists"), ("refugess", "refugees"), ("womens", "women")],
)
def test_suggest(typo: str, meant: str) -> None:
    """A mistyped name leads to the group that was meant."""
    assert groups.resolve(typo) == ()
    assert groups.suggest(typo)[0] == meant
