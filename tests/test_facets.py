"""Counts of facets: without their own filter, as plain Python counts them; and the command."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzzing import examples
from random_posts import COUNTRIES, PEOPLE, PLACES, THEMES, WORDS, make_post
from rights_search import Archive, QueryError, engines, fields
from rights_search.__main__ import main
from rights_search.cli import output
from rights_search.cli.terminal import Glyphs
from rights_search.cli.views.facets import facets_view
from rights_search.engines.protocol import Snapshot, count_values
from rights_search.links.relations import Links
from rights_search.post import Post
from rights_search.query.analysed_post import AnalysedPost
from rights_search.query.matching import matches
from rights_search.query.nodes import Word
from rights_search.search import searching
from rights_search.search.faceting import Facets, FacetTable, FacetValue, _folded, count
from rights_search.search.linked import LinkedSnapshot
from rights_search.search.questions import Request
from rights_search.vocabulary import themes
from test_cli import STYLE, run_in_terminal

FACETS = ("country", "year", "theme", "group", "location", "month", "source")
YEARS = ("2013", "2014", "1999")


@dataclass(frozen=True)
class World:
    """An index and the posts in it."""

    snapshot: Snapshot
    posts: dict[str, AnalysedPost] = field(repr=False)


@pytest.fixture(scope="module", params=engines.names())
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Return an index of random posts."""
    rng = random.Random(20140205)
    engine = engines.load(request.param)
    handle = engine.create(None)
    writer = engine.writer(handle)
    posts = [make_post(number, rng, "a") for number in range(150)]
    for post in posts:
        writer.add(post)
    writer.commit()
    snapshot = engine.snapshot(handle)
    yield World(snapshot, {post.id: AnalysedPost(post) for post in posts})
    snapshot.close()


def has_any(post: Post, name: str, values: tuple[str, ...]) -> bool:
    """Tell whether a post has any of the values, ``none`` and ``undated`` for no value."""
    own = fields.BY_NAME[name].values(post)
    return any(value in own or (value in {"none", "undated"} and not own) for value in values)


CHOICES = st.fixed_dictionaries({
    "country": st.lists(st.sampled_from([*COUNTRIES, "none"]), max_size=2).map(tuple),
    "year": st.lists(st.sampled_from([*YEARS, "undated"]), max_size=2).map(tuple),
    "theme": st.lists(st.sampled_from([*THEMES, "none"]), max_size=2).map(tuple),
    "group": st.lists(st.sampled_from([*PEOPLE, "none"]), max_size=1).map(tuple),
    "location": st.lists(st.sampled_from([*PLACES[:2], "none"]), max_size=1).map(tuple),
})  # fmt: skip


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.too_slow])
@given(chosen=CHOICES, excluded=CHOICES, word=st.none() | st.sampled_from(WORDS[:6]))
def test_a_facet_is_counted_without_its_own_filter(
    world: World,
    chosen: dict[str, tuple[str, ...]],
    excluded: dict[str, tuple[str, ...]],
    word: str | None,
) -> None:
    """The counts are those of plain Python over posts that answer all the other filters.

    A page of hits has the same counts, and names the same values as chosen.
    """
    request = Request(
        f'"{word}"' if word else "", tuple(chosen.items()), tuple(excluded.items()),
        mode="exact", facets=FACETS,
    )  # fmt: skip
    linked = LinkedSnapshot(world.snapshot, Links())
    found = count(request, linked)
    results = searching.run(request, linked)

    def answers(analysed: AnalysedPost, without: str = "") -> bool:
        post = analysed.post
        return (
            (word is None or matches(Word(word, exact=True), analysed))
            and all(
                has_any(post, name, values)
                for name, values in chosen.items()
                if values and name != without
            )
            and not any(has_any(post, name, values) for name, values in excluded.items())
        )

    assert found.total == sum(map(answers, world.posts.values()))
    for table in found.tables:
        key, values_of = fields.BY_NAME[table.facet].key, fields.BY_NAME[table.facet].values
        expected = count_values(
            values_of(post.post) for post in world.posts.values() if answers(post, table.facet)
        )
        counts = {value.value: value.count for value in table.values}
        assert {value: number for value, number in counts.items() if number} == expected
        asked = {
            "" if value in {"none", "undated"} else key(value)
            for value in chosen.get(table.facet, ())
        }
        assert {value.value for value in table.values if value.is_selected} == asked
        if not results.is_relaxed:
            assert list(results.facets[table.facet].items()) == list(counts.items())
            assert set(results.selected.get(table.facet, ())) == asked
        assert all(value in asked for value, number in counts.items() if not number)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of a few posts."""
    folder = tmp_path_factory.mktemp("facets")
    corpus = folder / "corpus"
    corpus.mkdir()
    posts = [
        ("Russia", "2012-01-02", "A strike of teachers and torture in prison"),
        ("Russia", "2013-01-02", "A strike of miners in Chechnya"),
        ("Ukraine", "2013-05-06", "A strike of drivers"),
        ("Egypt", "2014-05-06", "A strike of journalists and torture in prison"),
        ("", "", "A strike of cooks"),
    ]
    lines = [
        json.dumps({"title": text, "country": country, "date": date, "text": f"{text} began."})
        for country, date, text in posts
    ]
    (corpus / "posts.jsonl").write_text("\n".join(lines))
    with Archive.create(folder / "index") as archive:
        archive.sync(corpus)
    return folder / "index"


def counts(facets: Facets, name: str) -> dict[str, int]:
    """Return value → count of one facet."""
    (table,) = (table for table in facets.tables if table.facet == name)
    return {value.value: value.count for value in table.values}


def test_a_chosen_country_does_not_hide_the_others(index: Path) -> None:
    """Its own counts stay, those of other facets follow it, and it is listed at 0."""
    with Archive.open(index) as archive:
        found = archive.facets("strike", country=["Russia", "Fiji"], by=["country", "year"])
        assert found.total == 2
        assert counts(found, "country") == {"RU": 2, "": 1, "EG": 1, "UA": 1, "FJ": 0}
        assert counts(found, "year") == {"2012": 1, "2013": 1}


def test_a_search_counts_as_facets_do(index: Path) -> None:
    """Several values at once: each facet of the page is counted without its own filter."""
    with Archive.open(index) as archive:
        found = archive.search("strike", country=["Russia", "Fiji"], facets=["country", "year"])
        assert found.total == 2
        assert found.facets == {
            "country": {"RU": 2, "": 1, "EG": 1, "UA": 1, "FJ": 0},
            "year": {"2012": 1, "2013": 1},
        }
        assert found.selected == {"country": ("RU", "FJ")}


def test_a_relaxed_search_counts_what_it_shows(index: Path) -> None:
    """Where some words will do, the counts are those of the weaker question, filters kept."""
    with Archive.open(index) as archive:
        found = archive.search("strike zebra", country="Egypt", facets=["country", "year"])
        assert found.is_relaxed
        assert found.facets == {
            "country": {"RU": 2, "": 1, "EG": 1, "UA": 1},
            "year": {"2014": 1},
        }


def test_nothing_found_still_counts_the_other_values(index: Path) -> None:
    """What a filter has emptied is counted without it."""
    with Archive.open(index) as archive:
        found = archive.search("strike", country="Fiji", facets=["country", "year"])
        assert found.total == 0
        assert found.facets == {"country": {"RU": 2, "": 1, "EG": 1, "UA": 1, "FJ": 0}, "year": {}}


def test_groups_and_places_are_filters_too(index: Path) -> None:
    """Each filter is an option of everything that asks, and has its opposite."""
    with Archive.open(index) as archive:
        reporters = archive.search(group="journalists").total
        assert 0 < reporters < archive.search().total
        assert archive.search(not_group="journalists").total == 5 - reporters
        assert archive.facets(group="none", by=["group"]).total == 2
        for place in ("Chechnya", "Чечня"):
            assert archive.search(place=place).total == 1
            assert archive.search(not_place=place).total == 4
        assert counts(archive.facets(by=["location"]), "location") == {"": 4, "Chechnya": 1}
        with pytest.raises(QueryError, match="did you mean 'Chechnya'"):
            archive.search(place="Chechnyaa")
        with pytest.raises(QueryError, match="place:NAME looks for any name"):
            archive.search(place="Grozny")
        with pytest.raises(TypeError, match="no option contry"):
            archive.search(contry="Russia")  # type: ignore[call-arg]


def test_exclusion_holds_everywhere(index: Path) -> None:
    """What is excluded is in no count and in no result."""
    with Archive.open(index) as archive:
        found = archive.facets("strike", not_country="Russia", not_year="2014")
        assert counts(found, "country") == {"": 1, "UA": 1}
        assert archive.search("strike", not_country="Russia", not_year="2014").total == 2
        assert archive.search("strike", not_year="undated").total == 4
        assert archive.search(not_theme="torture").total == 3
        assert len(list(archive.posts("strike", not_country=["RU", "EG"]))) == 2
        assert archive.explain("strike", not_country="Russia").total == 3
        with pytest.raises(QueryError, match="Atlantis"):
            archive.search("strike", not_country="Atlantis")


@pytest.mark.parametrize(
    ("years", "chosen"),
    [
        ("2012..2014", {"2012", "2013", "2014"}),
        ("2013..", {"2013", "2014"}),
        ("undated", {""}),
        ("2010..2011", {"2010", "2011"}),
        ("2005..2014", {*map(str, range(2005, 2015))}),
        ("1990..2014", {"2012", "2013", "2014"}),
    ],
)
def test_the_years_of_a_range_are_chosen(index: Path, years: str, chosen: set[str]) -> None:
    """Each year is marked; of a short range with two ends those without posts are listed."""
    with Archive.open(index) as archive:
        (table,) = archive.facets("strike", year=years, by=["year"]).tables
        assert {value.value for value in table.values if value.is_selected} == chosen


def test_themes_fold_into_areas(index: Path) -> None:
    """An area counts its posts once and holds its themes; the theme's own filter is left out."""
    with Archive.open(index) as archive:
        (flat,) = archive.facets("strike", theme="torture", by=["theme"]).tables
        (folded,) = archive.facets("strike", theme="torture", by=["theme"], fold=True).tables
        leaves = [leaf for row in folded.values for leaf in (row.children or (row,))]
        assert sorted(leaves, key=repr) == sorted(flat.values, key=repr)
        for row in folded.values:
            if row.children:
                members = themes.areas()[row.value]
                assert {child.value for child in row.children} <= set(members)
                assert row.count == archive.search("strike", theme=row.value).distinct
                assert row.count <= sum(child.count for child in row.children)


def test_countries_fold_into_regions(index: Path) -> None:
    """A region counts its posts once; the query knows it by the same name."""
    with Archive.open(index) as archive:
        (table,) = archive.facets("strike", by=["country"], fold=True).tables
        rows = {row.value: row for row in table.values}
        assert {code: row.count for code, row in rows.items()} == {"151": 3, "015": 1, "": 1}
        assert [child.value for child in rows["151"].children] == ["RU", "UA"]
        for name in ("Eastern Europe", "Osteuropa", "151", "Europe"):
            assert archive.search("strike", country=name).total == 3
            assert archive.search(f'strike country:"{name}"').total == 3
        (table,) = archive.facets("strike", by=["country"], country="Africa", fold=True).tables
        (africa,) = (row for row in table.values if row.value == "015")
        assert africa.is_selected
        assert [child.value for child in africa.children] == ["EG"], "a region lists no zeros"
        assert not any(row.is_selected for row in table.values if row.value != "015")


def test_places_fold_into_countries(index: Path) -> None:
    """A region of a country stands under it, what has none by itself."""
    with Archive.open(index) as archive:
        (table,) = archive.facets(by=["location"], fold=True).tables
        assert [(row.value, row.count) for row in table.values] == [("", 4), ("RU", 1)]
        assert [child.value for child in table.values[1].children] == ["Chechnya"]


def test_a_value_of_two_families_stands_in_both() -> None:
    """As a region that lies in two countries; what is in none stays by itself."""
    values = (FacetValue("Kurdistan", 2), FacetValue("Basra", 1), FacetValue("nowhere", 1))
    families = {"IQ": ("Kurdistan", "Basra"), "TR": ("Kurdistan",), "FJ": ("Rotuma",)}
    rows = _folded(values, families, len)
    assert [(row.value, row.count) for row in rows] == [("IQ", 2), ("TR", 1), ("nowhere", 1)]
    assert rows[0].children == values[:2]
    assert rows[1].children == values[:1]


def test_a_limit_keeps_what_is_chosen(index: Path) -> None:
    """The first values stay, and chosen ones behind them; the rest is a number."""
    with Archive.open(index) as archive:
        (table,) = archive.facets("strike", country="Fiji", by=["country"], limit=1).tables
        assert [value.value for value in table.values] == ["RU", "FJ"]
        assert table.more == 3
        with pytest.raises(ValueError, match="negative"):
            archive.facets(limit=-1)
        with pytest.raises(TypeError, match="such as \\('year',\\)"):
            archive.search("", facets="year")
        with pytest.raises(ValueError, match="no facet 'title'"):
            archive.facets(by=["title"])


def test_a_limit_counts_within_each_family(index: Path) -> None:
    """Of what folds into a value the first stay, and those chosen; the rest is a number."""
    with Archive.open(index) as archive:
        asked = partial(archive.facets, by=["theme"], fold=True)
        ((whole,), (cut,)) = (asked(limit=limit).tables for limit in (None, 1))
        long = max(whole.values, key=lambda row: len(row.children))
        last = long.children[-1].value
        (chosen,) = asked(theme=last, limit=1).tables
    assert len(long.children) > 2
    for row, full in zip(cut.values, whole.values, strict=False):
        assert row.children == full.children[:1]
        assert row.more == len(full.children[1:])
    (family,) = (row for row in chosen.values if any(c.value == last for c in row.children))
    assert [child.value for child in family.children] == [long.children[0].value, last]
    assert family.more == len(long.children) - 2


# --- the command -------------------------------------------------------------------------


def test_the_command_shows_counts(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table a facet, "no country" among the values, chosen ones marked."""
    asked = ["facets", "strike", "--by", "countries,year", "--index", str(index)]
    assert main([*asked, "--country", "Russia"]) == 0
    assert capsys.readouterr().out == (
        "2 posts\n\nCountries\n        2  Russia (chosen)\n        1  no country\n"
        "        1  Egypt\n        1  Ukraine\n\nYears\n"
        f"  2012 {'█' * 63} 1\n  2013 {'█' * 63} 1\n"
    )
    assert main([*asked, "--country", "Fiji"]) == 1
    assert "        0  Fiji (chosen)\n" in capsys.readouterr().out


def test_a_page_shows_what_is_chosen(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Chosen values stand there at 0 too; of a region's countries only those with hits."""
    asked = ["query", "strike", "--index", str(index), "--limit", "0"]
    assert main([*asked, "--country", "Fiji", "--country", "Egypt"]) == 0
    rows = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert {"1  Egypt (chosen)", "0  Fiji (chosen)", "2  Russia"} <= set(rows)
    assert main([*asked, "--country", "Africa"]) == 0
    assert capsys.readouterr().out.count("(chosen)") == 1
    assert main([*asked, "--country", "Fiji"]) == 1
    assert "        2  Russia\n" in capsys.readouterr().out


def test_years_and_months_are_bars_in_their_order(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Gaps are shown, chosen ones marked at 0 too, the undated come last."""
    asked = ["facets", "strike", "--index", str(index), "--by"]
    assert main([*asked, "year,month", "--not-country", "Ukraine"]) == 0
    years, months = capsys.readouterr().out.split("\n\n")[1:]
    rows = [line.split() for line in years.splitlines()]
    assert [row[0] for row in rows] == ["Years", "2012", "2013", "2014", "undated"]
    rows = [line.split() for line in months.splitlines()]
    assert [row[0] for row in rows[:4]] == ["Months", "2012-01", "2012-02", "2012-03"]
    assert [row[-1] for row in rows[1:4]] == ["1", "0", "0"]
    assert "2013-02..2014-04" in [row[0] for row in rows]
    assert rows[-1][0] == "undated"
    assert main([*asked, "year", "--year", "2010..2012", "--country", "Russia"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[3:]]
    assert [row[0] for row in rows] == ["2010", "2011", "2012", "2013"]
    assert [row[-2:] for row in rows[:2]] == [["0", "(chosen)"]] * 2


def test_programs_get_the_same(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON and CSV have value, label, count and whether it is chosen."""
    asked = ["facets", "strike", "--by", "country", "--country", "Russia", "--index", str(index)]
    assert main([*asked, "--json", "--limit", "1"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["facets"]["country"] == [
        {"value": "RU", "label": "Russia", "count": 2, "selected": True}
    ]
    assert (record["total"], record["more"]) == (2, {"country": 3})
    assert main([*asked, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["value"], row["count"], row["selected"]) for row in rows] == [
        ("RU", "2", "yes"), ("", "1", ""), ("EG", "1", ""), ("UA", "1", ""),
    ]  # fmt: skip
    assert main(["facets", "--by", "theme", "--fold", "--csv", "--index", str(index)]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert any(row["parent"] in themes.areas() for row in rows)


@pytest.mark.parametrize("columns", [20, 80])
def test_a_terminal_of_any_width_shows_the_numbers(index: Path, columns: int) -> None:
    """No line is wider than the terminal, and every country is there."""
    done = run_in_terminal(
        "facets", "strike", "--no-color", "--index", index, "--by", "country", columns=columns
    )
    assert done.code == 0
    assert all(len(line) <= columns for line in STYLE.sub("", done.out).splitlines())
    for name in ("Russia", "Ukraine", "Egypt", "no country"):
        assert name in done.out


def test_a_foreign_value_is_only_shown() -> None:
    """A source's name cannot command a terminal."""
    value = FacetValue("a\x1b[31m\nb", 1)
    lines = list(
        output.plain(facets_view(Facets("", 1, 1, (FacetTable("source", (value,)),)), Glyphs()))
    )
    assert not any("\x1b" in line or "\n" in line for line in lines)
