"""The vocabulary of themes: its names, its two levels, and what it maps to."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.data import read_records
from rights_search.vocabulary import themes
from rights_search.vocabulary.vocabulary import DATA

DOCS = Path(__file__).parents[1] / "docs" / "themes.md"
WITHOUT_COUNTERPART = {
    ("uhri", "upr-info"): "corporal-punishment older-people arms-trade",
    ("amnesty",): (
        "disability older-people nationality policing labour-rights elections-governance"
    ),
}

LANGUAGES = ("en", "fr", "es", "ru", "ar", "pt", "de")

NAMES = [
    ("death-penalty", ("death-penalty",)),
    ("Death penalty", ("death-penalty",)),
    ("DEATH_PENALTY!", ("death-penalty",)),
    ("peine de mort", ("death-penalty",)),
    ("Смертная казнь", ("death-penalty",)),
    ("عقوبة الإعدام", ("death-penalty",)),
    ("Presse- und Medienfreiheit", ("media-freedom",)),
    ("Liberte d’expression", ("freedom-of-expression",)),
    ("Censorship and Freedom of Expression", ("freedom-of-expression",)),
    ("Torture and other CID treatment", ("torture",)),
    ("Killings and Disappearances", ("enforced-disappearance", "unlawful-killings")),
    ("Human rights & poverty", ("poverty-esc",)),
    ("human rights and poverty", ("poverty-esc",)),
    ("WOMENS RIGHTS", ("women-girls",)),
    ("lgbt+", ("lgbti",)),
    ("Journalists", ("media-freedom",)),
    ("journalistes", ("media-freedom",)),
    ("defenders", ("human-rights-defenders",)),
    ("migrant-workers", ("migrants", "labour-rights")),
    # A name of a published list counts before a group of people of the same name.
    ("Minorities", ("discrimination",)),
    ("movement", themes.areas()["movement"]),
    ("Droits économiques et sociaux", themes.areas()["economic-social"]),
    ("General", ()),
    ("weather", ()),
    ("", ()),
    (" -- ", ()),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_resolve(name: str, expected: tuple[str, ...]) -> None:
    """A theme is known by its id, by any of its names, and by its area's."""
    assert themes.resolve(name) == expected


def test_two_levels() -> None:
    """Every theme belongs to one of eight areas, and keeps its id."""
    areas = themes.areas()
    assert list(areas) == [
        "life-and-integrity",
        "liberty-and-justice",
        "freedoms",
        "equality",
        "movement",
        "conflict-security",
        "economic-social",
        "governance",
    ]
    assert [theme_id for members in areas.values() for theme_id in members] == list(themes.ids())
    assert len(set(themes.ids())) == 45
    assert all(themes.area(theme_id) in areas for theme_id in themes.ids())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_leads_back_to_its_theme(language: str) -> None:
    """Labels exist in every language and are no one else's."""
    for theme_id in themes.ids():
        label = dict(themes.theme(theme_id).labels)[language]
        assert themes.label(theme_id, language) == label
        assert themes.resolve(label) == (theme_id,), label


def test_every_published_name_leads_to_its_theme() -> None:
    """The crosswalk is what `resolve` uses."""
    for theme_id in themes.ids():
        theme = themes.theme(theme_id)
        for name in (*theme.names, *(name for _, names in theme.sources for name in names)):
            assert theme_id in themes.resolve(name) or name == "Equality", name


def test_label_of_something_else() -> None:
    """Areas have labels too; an unknown id is its own, an unknown language is English."""
    assert themes.label("freedoms", "de") == "Grundfreiheiten"
    assert themes.label("lgbti", "xx") == "LGBTI people"
    assert themes.label("no-such-theme") == "no-such-theme"


def test_unknown_theme() -> None:
    """Asking for the area of something else is a mistake of the caller's."""
    with pytest.raises(KeyError):
        themes.area("weather")


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("freedom-of-expresion", "freedom-of-expression"),
        ("tortur", "torture"),
        ("refugess", "refugees-asylum"),
        ("journalits", "media-freedom"),
    ],
)
def test_suggest(typo: str, meant: str) -> None:
    """A mistyped name leads to the theme that was meant."""
    assert themes.resolve(typo) == ()
    assert themes.suggest(typo)[0] == meant


def test_suggest_nothing() -> None:
    """Nothing looks like nothing, and the limit holds."""
    assert themes.suggest("") == ()
    assert themes.suggest("qqqqqqqqqq") == ()
    assert len(themes.suggest("right to", limit=2)) == 2


@given(st.sampled_from(themes.ids()), st.sampled_from(LANGUAGES), st.data())
def test_spelling_makes_no_difference(theme_id: str, language: str, data: st.DataObject) -> None:
    """Case, composed or decomposed accents and punctuation around make no difference."""
    label = themes.label(theme_id, language)
    form: Literal["NFC", "NFD"] = data.draw(st.sampled_from(["NFC", "NFD"]))
    change = data.draw(st.sampled_from([str.upper, str.lower, str.title]))
    around = data.draw(st.text("-_.,;:!?() \n\t", max_size=4))
    written = unicodedata.normalize(form, change(label))
    assert themes.resolve(f"{around}{written}{around}") == (theme_id,)


@given(st.text(max_size=60))
def test_resolve_and_suggest_never_raise(text: str) -> None:
    """Any text is a name that is known or not."""
    assert set(themes.resolve(text)) <= set(themes.ids())
    assert len(themes.suggest(text)) <= 3


def test_names_do_not_load_terms() -> None:
    """A search that names a theme reads the names, and no more."""
    code = (
        "import sys\n"
        "from rights_search.vocabulary import groups, themes\n"
        "assert themes.resolve('torture') and groups.resolve('women')\n"
        "assert not [name for name in sys.modules if name.startswith('rights_search.tagging')]\n"
        "assert 'ahocorasick_rs' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_un_index_is_mapped(shared: Path) -> None:
    """Every theme name of the UN's index leads somewhere or is listed as unmapped."""
    vocabulary = DATA / "themes.json"
    unmapped = json.loads(vocabulary.read_text(encoding="utf-8"))["unmapped"]["uhri"]
    lines = (shared / "reference" / "uhri-themes.tsv").read_text(encoding="utf-8").splitlines()
    names = [line.split("\t")[0].strip() for line in lines if not line.startswith("#")][1:]
    assert len(names) == 100
    for name in names:
        assert bool(themes.resolve(name)) != (name in unmapped), name


def published(shared: Path) -> dict[str, set[str]]:
    """Return the names of each published list, as its data have them."""
    index = (shared / "reference" / "uhri-themes.tsv").read_text(encoding="utf-8").splitlines()
    lists = {"uhri": {line.split("\t")[0].strip() for line in index if line[:1] != "#"} - {"theme"}}
    for key, name in (("upr-info", "upr-recommendations"), ("amnesty", "amnesty-listing")):
        records = read_records(shared / "data" / f"{name}.dev.jsonl.gz")
        lists[key] = {label for record in records for label in record["themes"]}
    return lists


def test_the_crosswalk_is_whole(shared: Path) -> None:
    """Each name of the three lists has themes of ours or is named as unmapped, never both."""
    vocabulary = DATA / "themes.json"
    record = json.loads(vocabulary.read_text(encoding="utf-8"))
    for key, names in published(shared).items():
        unmapped = set(record["unmapped"][key])
        mapped = {name for entry in record["themes"] for name in entry["sources"][key]}
        assert names - mapped - unmapped == set(), key
        assert mapped & unmapped == set(), key


def test_themes_without_a_counterpart_are_named() -> None:
    """Each theme has names in the UN's lists and in Amnesty's, but for those that docs name."""
    lists = {theme_id: dict(themes.theme(theme_id).sources) for theme_id in themes.ids()}
    for keys, without in WITHOUT_COUNTERPART.items():
        found = {id_ for id_, names in lists.items() if not any(names.get(key) for key in keys)}
        assert found == set(without.split())
        for theme_id in found:
            assert f"`{theme_id}`" in DOCS.read_text(encoding="utf-8")


def test_ids_of_the_draft_are_kept(shared: Path) -> None:
    """Ids are stable: those of the first draft, their areas and their crosswalk."""
    draft = json.loads((shared / "reference" / "theme_vocabulary.json").read_text(encoding="utf-8"))
    for entry in draft["themes"]:
        assert themes.area(entry["id"]) == entry["group"]
        for topic in entry["maps"]["amnesty_topics"]:
            assert entry["id"] in themes.resolve(topic), topic
