"""The floors of what is measured, and the machinery that holds them."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation import __main__ as command
from evaluation.cross_ranking import Figures, best, report
from evaluation.data import SHARED_DATA, read_records
from evaluation.floors import FLOORS, Floor, broken, read_floors
from evaluation.report import table
from evaluation.rows import Row, not_here
from evaluation.scorers import SCORERS
from rights_search.query.tuning import Tuning


@pytest.mark.parametrize("name", SCORERS)
def test_every_figure_reaches_its_floor(name: str) -> None:
    """No measure is below its floor, and every floor has its measure.

    Large data is sampled here; `make evaluate` takes all of it.
    """
    rows = SCORERS[name](SHARED_DATA, quick=True)
    assert rows
    assert broken(name, rows, read_floors()) == []
    missing = {row.data for row in rows if row.value is None}
    if missing:
        pytest.skip(f"not here: {', '.join(sorted(missing))}")


@pytest.mark.parametrize("name", SCORERS)
def test_without_data_every_floor_is_still_answered(name: str, tmp_path: Path) -> None:
    """A scorer says "not here" for each measure; it neither fails nor leaves one out."""
    rows = SCORERS[name](tmp_path, quick=True)
    assert broken(name, rows, read_floors()) == []
    assert all("not here" in row.size for row in rows if row.value is None)


def test_the_figures_hold_no_path_of_the_machine() -> None:
    """What is looked for beside the repository is named as from there."""
    (row,) = not_here("x", SHARED_DATA / "udhr", "recall")
    assert row.size == "not here: ../shared/data/udhr"


def test_every_floor_belongs_to_a_scorer() -> None:
    """A mistyped scorer in the file of floors would hold nothing."""
    assert {scorer for scorer, _, _ in read_floors()} <= set(SCORERS)


def test_floors_are_read(tmp_path: Path) -> None:
    """A number is a floor, ``at_most`` a ceiling."""
    path = tmp_path / "floors.toml"
    path.write_text('[tags.news]\n"F1" = 0.5\n"tags" = { at_most = 2 }\n', encoding="utf-8")
    assert read_floors(path) == {
        ("tags", "news", "F1"): Floor(0.5),
        ("tags", "news", "tags"): Floor(2, is_ceiling=True),
    }


FLOOR = {("tags", "news", "F1"): Floor(0.5), ("other", "news", "F1"): Floor(0.9)}


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ([Row("news", "F1", 0.5, "9 posts")], []),
        ([Row("news", "F1", 0.4999, "9 posts")], ["tags: news: F1: 0.4999 is not ≥ 0.5 (9 posts)"]),
        ([Row("news", "F2", 0.9)], ["tags: news: F1: no such figure is measured"]),
        (not_here("news", "/nowhere", "F1"), []),
    ],
)
def test_what_breaks_a_floor(rows: list[Row], problems: list[str]) -> None:
    """A lower figure and a missing one do, an equal one and missing data do not."""
    assert broken("tags", rows, FLOOR) == problems


def test_a_ceiling_is_broken_from_above() -> None:
    """Where less is better, more is the fault."""
    ceiling = {("tags", "news", "tags"): Floor(2, is_ceiling=True)}
    assert broken("tags", [Row("news", "tags", 2.0)], ceiling) == []
    assert len(broken("tags", [Row("news", "tags", 2.1)], ceiling)) == 1


def test_table() -> None:
    """Columns are aligned; a figure below its floor is marked, missing data is named."""
    rows = [Row("news", "F1", 0.25, "9 posts"), *not_here("x", "/nowhere", "recall at 100")]
    assert table("tags", rows, FLOOR).splitlines() == [
        "| measure       | value   | floor | data                  |",
        "| ------------- | ------- | ----- | --------------------- |",
        "| F1            | 0.250 ✗ | ≥ 0.5 | news, 9 posts         |",
        "| recall at 100 | —       |       | x, not here: /nowhere |",
    ]


@pytest.fixture
def one_scorer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the scorers by one that is above its floor in a sample, below it in full."""

    def score(_: Path, *, quick: bool = False) -> list[Row]:
        return [Row("news", "F1", 0.6 if quick else 0.4, "9 posts")]

    monkeypatch.setattr(command, "SCORERS", {"tags": score})
    monkeypatch.setattr(command, "read_floors", lambda: {("tags", "news", "F1"): Floor(0.5)})


@pytest.mark.usefixtures("one_scorer")
def test_the_command_fails_below_a_floor(capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is 1 and the floor is named; at the floor it is 0."""
    assert command.main(["tags", "--quick"]) == 0
    assert command.main([]) == 1
    printed = capsys.readouterr()
    assert "## tags" in printed.out
    assert printed.err == "below its floor: tags: news: F1: 0.4000 is not ≥ 0.5 (9 posts)\n"


@pytest.mark.usefixtures("one_scorer")
def test_the_command_writes_what_it_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file has a heading that says how it was made, and the same tables."""
    path = tmp_path / "figures.md"
    command.main(["--quick", "--output", str(path)])
    written = path.read_text(encoding="utf-8")
    assert written.startswith("# Figures\n")
    assert written.endswith(capsys.readouterr().out.rstrip("\n") + "\n")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["nonsense"], f"there is no scorer 'nonsense'; there are {', '.join(SCORERS)}"),
        (["--data", "/no/where"], "there is no folder '/no/where'"),
        (["--output", "/no/where/figures.md"], "there is no folder '/no/where' to write to"),
    ],
)
def test_mistakes_of_usage(
    arguments: list[str], error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not there is said before anything is measured."""
    with pytest.raises(SystemExit):
        command.main(arguments)
    assert error in capsys.readouterr().err


def test_every_nth_record(tmp_path: Path) -> None:
    """A sample is the same records each time: the first of every n."""
    path = tmp_path / "records.jsonl"
    path.write_text("".join(f'{{"n": {number}}}\n' for number in range(5)), encoding="utf-8")
    assert [record["n"] for record in read_records(path, every=2)] == [0, 2, 4]


def test_the_file_of_floors_is_where_it_is_said_to_be() -> None:
    """The documentation names ``evaluation/floors.toml``."""
    assert FLOORS.parts[-2:] == ("evaluation", "floors.toml")


def test_a_setting_is_chosen_without_the_collection_it_is_measured_on() -> None:
    """The choice for one collection rests on the two others, that for the program on all."""
    grid = (Tuning(neighbours=5), Tuning(neighbours=9))
    table = {
        "a": (Figures(0.1, 0.1), Figures(0.9, 0.9)),
        "b": (Figures(0.4, 0.4), Figures(0.3, 0.3)),
        "c": (Figures(0.4, 0.4), Figures(0.3, 0.3)),
    }
    assert best(table, ("b", "c")) == 0
    assert best(table, table) == 1
    lines = list(report(table, grid))
    assert lines[2] == "| a | neighbours 5 | 0.100 / 0.100 | neighbours 9 | 0.900 / 0.900 |"
    assert lines[-1] == "| neighbours 9 | 0.900 / 0.900 | 0.300 / 0.300 | 0.300 / 0.300 |"
