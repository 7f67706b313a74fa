"""Regions of the world: every country has one, and names say which."""

from __future__ import annotations

from collections import Counter

import pytest

from rights_search.geography import query_names, regions, territories


def test_every_country_is_in_one_region() -> None:
    """All codes but Antarctica's are there, once, states that are no more too."""
    held = Counter(code for members in regions.groups().values() for code in members)
    assert set(held.values()) == {1}
    assert set(territories.codes()) - held.keys() == {"AQ"}
    assert held.keys() <= set(territories.codes())


@pytest.mark.parametrize(
    ("name", "some", "others"),
    [
        ("Africa", "EG KE ZA SN", "SA ES"),
        ("sub-saharan africa", "KE ZA SN", "EG"),
        ("Afrique de l'Ouest", "SN ML", "KE"),
        ("Центральная Азия", "KZ UZ", "RU"),
        ("Latin America", "CU MX BR", "US"),
        ("143", "KZ KG TJ TM UZ", "AF"),
        ("South-East Asia", "MM PH", "IN"),
    ],
)
def test_a_region_is_found_by_its_names(name: str, some: str, others: str) -> None:
    """In several languages, in any case, by its M49 code, with all that lies inside it."""
    found = regions.resolve(name)
    assert set(some.split()) <= set(found)
    assert not set(others.split()) & set(found)


@pytest.mark.parametrize(
    ("name", "size", "some", "others"),
    [
        ("EU", 27, "HR CY SE", "GB NO"),
        ("Евросоюз", 27, "HR CY SE", "GB NO"),
        ("Council of Europe", 46, "TR UA AZ GB", "RU BY XK"),
        ("OSCE area", 57, "RU BY KG MN US CA VA", "XK AF"),
        ("Union africaine", 55, "EH MA SS", "RE YT SH"),
    ],
)
def test_a_union_is_its_members_of_today(name: str, size: int, some: str, others: str) -> None:
    """By name or abbreviation: as many as it has, each a code that posts are tagged with."""
    found = regions.resolve(name)
    assert len(found) == size
    assert set(some.split()) <= set(found) <= set(territories.codes())
    assert not set(others.split()) & set(found)


def test_a_union_is_no_region_that_facets_fold_into() -> None:
    """A country is in several unions, and in one region."""
    assert "EU" not in regions.groups()
    assert regions.resolve("AU") == ()


def test_no_country_is_hidden_by_a_region() -> None:
    """A name that is a country's stays that: South Africa is no region."""
    assert regions.resolve("South Africa") == ()
    assert regions.resolve("") == ()
    assert regions.name("143") == "Central Asia"
    assert regions.name("RU") == "RU"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("俄罗斯", "RU"),
        ("俄羅斯", "RU"),
        ("香港", "HK"),
        ("Росія", "RU"),
        ("türkiye", "TR"),
        ("روسیه", "RU"),
    ],
)
def test_queries_know_names_in_more_languages(name: str, code: str) -> None:
    """Chinese in both scripts, Ukrainian, Turkish and Persian, in any case."""
    assert query_names.resolve(name) == (code,)


def test_a_name_in_a_query_means_one_country() -> None:
    """Each name of the table is one country's, and no other's in the tables that go first."""
    for code, language, names, _ in territories.read_table("territory_query_names.tsv"):
        for name in names.split("|"):
            assert query_names.resolve(name) == (code,), (language, name)
            known = territories.lookup(name) or code
            assert (known, *regions.resolve(name)) == (code,), (language, name)
