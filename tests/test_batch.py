"""Many queries, one table: counts, top hits, and what is wrong with which query."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from rights_search import Archive
from rights_search.__main__ import main
from rights_search.cli.commands import batch


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of three posts."""
    folder = tmp_path_factory.mktemp("batch")
    corpus = folder / "corpus"
    corpus.mkdir()
    for year, word in ((2012, "miners"), (2013, "miners"), (2014, "=poets")):
        text = f"---\ntitle: '{word} of {year}'\ndate: {year}\n---\n\nThe {word} met in {year}.\n"
        (corpus / f"{year}.md").write_text(text)
    with Archive.create(folder / "index") as archive:
        archive.sync(corpus)
    return folder / "index"


def table(tmp_path: Path, text: str | bytes) -> Path:
    """Write a table of queries."""
    path = tmp_path / "queries.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def test_one_table_of_counts_and_hits(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each query has a row with its own cells, its counts and its best hits, as a search has."""
    path = table(tmp_path, '\ufeffname,Query\na,miners\nb,"miners, year:2013"\nc,absent poets\n')
    assert main(["batch", str(path), "--index", str(index), "--top", "2"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["name"], row["total"], row["distinct"]) for row in rows] == [
        ("a", "2", "2"), ("b", "1", "1"), ("c", "0", "0"),
    ]  # fmt: skip
    with Archive.open(index) as archive:
        expected = [f"{hit.post.id} {hit.post.title} ({hit.post.date})"
                    for hit in archive.search("miners")]  # fmt: skip
    assert [rows[0]["hit 1"], rows[0]["hit 2"]] == expected
    assert (rows[2]["hit 1"], rows[2]["error"]) == ("", "")


@pytest.mark.parametrize("sign", [";", "\t"])
def test_other_signs_between_cells(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], sign: str
) -> None:
    """Spreadsheets of many countries write semicolons, and a comma is a part of a query."""
    path = table(tmp_path, f'Name{sign}"Query"\na{sign}miners\nb{sign}year:2012,2013\n')
    assert main(["batch", str(path), "--index", str(index), "--top", "0"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Name,Query,total,distinct,error", "a,miners,2,2,", 'b,"year:2012,2013",2,2,',
    ]  # fmt: skip


def test_a_wrong_query_has_its_reason_and_the_others_their_row(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One mistake does not end the table; the exit code and a line tell of it."""
    path = table(tmp_path, "query\ncountry:Atlantis\nminers\n \n=miners\n")
    assert main(["batch", str(path), "--index", str(index)]) == 2
    out, err = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(out)))
    assert "Atlantis" in rows[0]["error"]
    assert (rows[1]["total"], rows[1]["error"]) == ("2", "")
    assert rows[2]["error"] == "the query is blank"
    assert rows[3]["query"] == "'=miners"
    assert err == f"rights-search: {path}: 2 queries are wrong; see the column 'error'\n"


def test_nothing_found_gives_1(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As with grep; the table is written all the same."""
    assert main(["batch", str(table(tmp_path, "query\nabsent\n")), "--index", str(index)]) == 1
    assert capsys.readouterr().out.startswith("query,total,distinct,error,hit 1,hit 2,hit 3\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no column 'query'"),
        ("name\nx\n", "no column 'query'"),
        ("query\na,b\n", "line 2 has more cells"),
        ('query\n"a phrase" word\n', "line 2: ',' expected after"),
        (b"query\n\xff\n", "is not UTF-8"),
        ('query\n"' + "x" * 200_000 + '"\n', "line 2: field larger"),
    ],
)
def test_a_table_that_is_none_is_a_message(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | bytes, message: str
) -> None:
    """The file is named, and what is wrong with it."""
    path = table(tmp_path, text)
    assert main(["batch", str(path), "--index", str(index)]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"rights-search: {path}: ")
    assert message in err
    assert err.count("\n") == 1


def test_there_is_a_bound(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table with more queries than the bound ends with an error."""
    monkeypatch.setattr(batch, "MAX_QUERIES", 2)
    path = table(tmp_path, "query\n" + "miners\n" * 3)
    assert main(["batch", str(path), "--index", str(index)]) == 2
    assert "more than 2 queries" in capsys.readouterr().err
