"""Territories: codes, names in several languages, near names, and the tables themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import is_linear, steps
from rights_search.geography import territories
from rights_search.geography.territories import _index, fold, lookup, resolve, suggest
from rights_search.tagging.contexts import FACTORS
from rights_search.tagging.gazetteer import TOWNS

TABLES = {
    "territory_names.tsv": 0,
    "territory_places.tsv": 0,
    "territory_demonyms.tsv": 0,
}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("RU", "RU"),
        ("rus", "RU"),
        ("russia", "RU"),
        ("Russian Federation", "RU"),
        ("Россия", "RU"),
        ("روسيا", "RU"),
        ("Rusia", "RU"),
        ("Cote d'Ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("COTE DIVOIRE", "CI"),
        ("UK", "GB"),
        ("U.S.", "US"),
        ("EE. UU.", "US"),
        ("The Gambia", "GM"),
        ("Gambia, The", "GM"),
        ("Korea, Republic of", "KR"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Bolivia (Plurinational State of)", "BO"),
        ("Palestine (State of)", "PS"),
        ("Kosovo*", "XK"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Georgia", "GE"),
        ("St Lucia", "LC"),
        ("Bosnia & Herzegovina", "BA"),
        ("Viet Nam", "VN"),
        ("Burma", "MM"),
        ("Zaire", "CD"),
        ("ZR", "CD"),
        ("USSR", "SUHH"),
        ("SU", "SUHH"),
        ("Югославия", "YUCS"),
        ("東京", None),
        ("Congo", None),
        ("Korea", None),
        ("CS", None),
        ("Russian", None),
        ("Crimea", None),
        ("Atlantis", None),
        ("", None),
        (" . ", None),
        ("()", None),
        (",", None),
    ],
)
def test_lookup(name: str, code: str | None) -> None:
    """A name, a code or a variant gives its code; a shared name, a demonym or a place none."""
    assert lookup(name) == code


def test_the_derived_table_is_that_of_the_names() -> None:
    """What `lookup` reads was made of the tables as they are now."""
    held = territories._derived_table().decode().splitlines()  # noqa: SLF001
    assert held == territories.derived_lines(), "run territories.rebuild(), see docs/territories.md"


def test_every_display_name_is_found_again() -> None:
    """In each language, no territory's own name leads to another territory."""
    wrong = [
        (code, language)
        for code in territories.codes()
        for language in territories.LANGUAGES
        if lookup(territories.name(code, language)) not in {code, None}
    ]
    assert wrong == []


def test_every_code_is_found_again() -> None:
    """Each code, in either case, and its alpha-3 give the code back."""
    for code, territory in territories.territories().items():
        assert lookup(code) == lookup(code.lower()) == lookup(territory.alpha3) == code


@pytest.mark.parametrize(
    ("label", "codes"),
    [
        ("Israel and Occupied Palestinian Territories", ("IL", "PS")),
        ("Morocco and Western Sahara", ("MA", "EH")),
        ("Bosnia and Herzegovina", ("BA",)),
        ("Greece, India", ("GR", "IN")),
        ("Scotland", ("GB",)),
        ("Congo", ("CG",)),
        ("Europe", ()),
        ("", ()),
    ],
)
def test_labels_of_sources(label: str, codes: tuple[str, ...]) -> None:
    """A label may stand for several territories, for a part of one, or for none."""
    assert resolve(label) == codes


def test_names_in_languages() -> None:
    """A name comes in the language asked for, in English otherwise; an unknown code stays."""
    assert territories.name("DE") == "Germany"
    assert territories.name("DE", "es") == "Alemania"
    assert territories.name("DE", "xx") == "Germany"
    assert territories.name("QQ") == "QQ"


def test_suggestions() -> None:
    """Near names come first; a shared name gives its owners, a region its country."""
    assert suggest("Afganistn")[0] == "Afghanistan"
    assert suggest("Congo") == ("Republic of the Congo", "Democratic Republic of the Congo")
    assert suggest("Chechnya") == ("Russia",)
    assert suggest("Gaza") == ("Palestine",)
    assert suggest("Kashmir") == ("India", "Pakistan")
    assert suggest("xyzzyplugh") == ()
    assert suggest("Ukrane", limit=1) == ("Ukraine",)
    assert suggest("Congo", limit=1) == ("Republic of the Congo",)


def test_codes_are_those_of_iso_and_former_states() -> None:
    """There are 249 territories of ISO 3166-1, Kosovo and seven former states."""
    codes = territories.codes()
    assert len([code for code in codes if len(code) == 2]) == 250
    assert [code for code in codes if len(code) == 4] == sorted(
        ("ANHH", "CSHH", "CSXX", "DDDE", "SUHH", "YDYE", "YUCS"), key=codes.index
    )
    assert territories.is_code("XK")
    assert not territories.is_code("RUS")


def test_successors_of_former_states() -> None:
    """Former states have successors with codes of today, and no other territory has any."""
    for code, territory in territories.territories().items():
        assert bool(territory.successors) == (len(code) == 4)
        assert all(len(successor) == 2 for successor in territory.successors)
        assert set(territory.successors) <= set(territories.codes())
    assert "UA" in territories.successors("SUHH")
    assert territories.successors("nothing") == ()


@pytest.mark.parametrize("table", TABLES)
def test_tables_are_sound(table: str) -> None:
    """Each row has seven cells, known codes, a known strength, forms and a source."""
    for row in territories.read_table(table):
        codes, kind, place, language, strength, forms, source = row
        assert set(codes.split()) <= set(territories.codes()), row
        assert codes, row
        assert kind
        assert (kind in {"region", "capital", "city"}) == bool(place), row
        assert language in territories.LANGUAGES, row
        assert strength in {"strong", "weak", "person", "shared", "own"}, row
        assert source, row
        for form in forms.split("|"):
            assert form == form.strip() != "", row
            assert all(territories.inflect(form, language)), row


def test_territories_that_another_state_governs() -> None:
    """A dependent territory names its state, which is no dependency itself."""
    for code, territory in territories.territories().items():
        state = territories.administered_by(code)
        assert state == (territory.administered_by or None)
        if state is not None:
            assert territories.administered_by(state) is None, code
            assert not territories.is_former(state), code
    assert territories.administered_by("HK") == "CN"
    assert {territories.administered_by(code) for code in ("EH", "TW", "PS", "XK")} == {None}
    assert territories.administered_by("nothing") is None


def test_cues_are_sound() -> None:
    """Each row of the cues has a known language, side, kind and meaning."""
    for language, side, of, meaning, words, source in territories.read_table(
        "territory_contexts.tsv"
    ):
        assert language in {*territories.LANGUAGES, "any"}
        assert side in {"before", "after"}
        assert of in {"any", "name", "demonym"}
        assert meaning in FACTORS
        assert all(word == word.strip() != "" for word in words.split("|"))
        assert source


def test_bodies_sit_in_towns_that_we_know() -> None:
    """Each seat of a body is the English name of a town of the table of places."""
    towns = {
        place
        for _, kind, place, *_ in territories.read_table("territory_places.tsv")
        if kind in TOWNS
    }
    for words, language, seats, makes, source in territories.read_table("territory_bodies.tsv"):
        assert words
        assert language in territories.LANGUAGES
        # Luxembourg is the name of a country as well, and that is what is found.
        assert set(seats.split("|")) <= towns | {"Luxembourg"}, words
        assert makes in {"", "norms"}
        assert source


def test_no_name_is_given_to_two_territories() -> None:
    """A strong name of one territory is no other's."""
    owners: dict[str, set[str]] = {}
    for codes, _kind, _place, language, strength, forms, _ in territories.read_table(
        "territory_names.tsv"
    ):
        if strength == "strong":
            for form in forms.split("|"):
                owners.setdefault(fold(form) + language, set()).add(codes)
    assert {form: codes for form, codes in owners.items() if len(codes) > 1} == {}


@given(st.text())
def test_fold_keeps_the_length(text: str) -> None:
    """Folding keeps every character's place and is stable."""
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(st.text())
def test_lookup_takes_any_text(text: str) -> None:
    """No text makes a look-up fail, and what it gives is a code."""
    found = lookup(text)
    assert found is None or territories.is_code(found)
    assert all(territories.is_code(code) for code in resolve(text))


def test_fold_of_scripts() -> None:
    """Latin accents go; Cyrillic й, Arabic letters and the text's length stay."""
    assert fold("Côte d’Ivoire\nTÜRKİYE") == "cote d'ivoire turkiye"
    assert fold("Йемен") == "йемен"
    assert fold("أفغانستان") == "افغانستان"


def test_loading_is_fast() -> None:
    """The first look-up compares no names: what they are compared by stands in a table."""
    for known in (lookup, _index, territories._derived_table):  # noqa: SLF001
        known.cache_clear()
    assert steps(lambda: lookup("Russian Federation")) < 500
    assert _index.cache_info().currsize == 0


def test_a_label_of_spaces_takes_linear_time() -> None:
    """What comes by the library's own door was not tidied by a reader."""
    assert is_linear(lambda count: resolve(f"a{' ' * count}b"), 2_000)
