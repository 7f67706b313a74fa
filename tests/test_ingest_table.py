"""Tables: dialects, cells of several lines, rows that do not fit."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_search.errors import ReadError
from rights_search.ingest import bounded
from rights_search.ingest.paragraphs import split_plain, tidy
from rights_search.ingest.source import Draft, Record, Source
from rights_search.ingest.tables import reader as table
from rights_search.ingest.tables.dialect import Dialect, known_columns, sniff_dialect
from rights_search.ingest.tables.reader import read_table


def run(path: Path, text: str | bytes) -> list[Record]:
    """Return all that the reader gives; an error that it raises comes last."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found: list[Record] = []
    try:
        found.extend(read_table(Source(path, path.name, "0" * 64)))
    except ReadError as error:
        found.append(error)
    return found


def titles(records: list[Record]) -> list[str | None]:
    """Return the titles of drafts and the messages of errors."""
    return [record.title if isinstance(record, Draft) else str(record) for record in records]


# No CR: Python's own writer leaves it bare.
CELL = st.text(alphabet='ab é,;"\t\n', max_size=12)


@given(
    rows=st.lists(st.tuples(st.text("abc", min_size=1, max_size=5), CELL), max_size=6),
    delimiter=st.sampled_from(",;|"),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_the_csv_module_writes_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str]],
    delimiter: str,
    end: str,
) -> None:
    """Any cells, quoted by RFC 4180, come back; spans are the bytes of their rows."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(["title", "text"])
    starts = []
    for row in rows:
        starts.append(len(out.getvalue().encode()))
        writer.writerow(row)
    data = out.getvalue().encode()
    found = run(tmp_path_factory.mktemp("t") / "x.csv", data)
    assert [record for record in found if isinstance(record, ReadError)] == []
    for draft, row, start in zip(found, rows, starts, strict=True):
        assert isinstance(draft, Draft)
        assert draft.title == tidy(row[0])
        assert draft.paragraphs == split_plain(row[1])
        assert draft.span.byte_start == start
        assert draft.span.line_start == data.count(b"\n", 0, start) + 1


@pytest.mark.parametrize(
    ("sample", "dialect"),
    [
        ("id,title,text\n", Dialect(",")),
        ("id;title;text\n1;a, b;c", Dialect(";")),
        ("title|date|body\n", Dialect("|")),
        ('title\ttext\n"a"\t"b\nc"\n', Dialect("\t")),
        ('title\ttext\n"Agents" law\tb\n', Dialect("\t", has_quotes=False)),
        ("sep=;\ntitle;text\n", Dialect(";", lines_above=1)),
        ("Statements of 2014\n\nid;title;text\n", Dialect(";", lines_above=2, unread=1)),
        ('"Statements, 2014",,\n,,\nid,title,text\n', Dialect(",", lines_above=2, unread=1)),
        ("sep=|\nLetters\ntitle|text\n", Dialect("|", lines_above=2, unread=1)),
        ('id,"Date\nsaid",Title,"Text, say"\n', Dialect(",")),
        ("1,2\na,text\n", Dialect(",")),
        ("\ufefftitle,text\n", Dialect(",")),
        ("text\n", Dialect(",")),
    ],
)
def test_the_dialect_is_the_header_s(sample: str, dialect: Dialect) -> None:
    """The sign that parts known names; quotes in TSV are judged by how they close."""
    assert sniff_dialect(sample.splitlines(keepends=True)) == dialect


def test_rows_that_do_not_fit_are_named(tmp_path: Path) -> None:
    """Too many cells, a stray quote: each is one error, and the next row is read."""
    rows = 'title,date,text\na,2001,x\nb,2002,y,z,w\nc,"2003" x,t\nd,2004,u\n'
    first, long, broken, last = titles(run(tmp_path / "x.csv", rows))
    assert (first, last) == ("a", "d")
    assert str(long).startswith("x.csv:3: the row has 5 cells where the header has 3")
    assert str(broken).startswith("x.csv:4: the row is broken")


def test_a_short_row_is_read_with_a_note(tmp_path: Path) -> None:
    """Cells that are missing at the end are empty; empty ones too many are nothing."""
    short, long = run(tmp_path / "x.csv", "title,date,text\na,2001\nb,2002,y,,,\n")
    assert isinstance(short, Draft)
    assert short.notes == ("the row ends after 2 of 3 cells",)
    assert isinstance(long, Draft)
    assert (long.title, long.notes) == ("b", ())


def test_a_quote_that_never_closes(tmp_path: Path) -> None:
    """The error names the row that opens it and how far it swallowed the file."""
    found = titles(run(tmp_path / "x.csv", 'title,text\na,b\nc,"never\nclosed\nd,e\n'))
    assert found[0] == "a"
    assert str(found[1]).startswith("x.csv:3: a quote opens in this row and is never closed")
    assert "line 5" in str(found[1])


def test_a_row_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An endless row is refused before it fills the memory."""
    monkeypatch.setattr(table, "MAX_RECORD_BYTES", 2**16)
    monkeypatch.setattr(bounded, "MAX_RECORD_BYTES", 2**16)
    rows = 'title,text\na,b\nc,"' + "x\n" * 2**16
    first, error = run(tmp_path / "x.csv", rows)
    assert isinstance(first, Draft)
    assert str(error).startswith("x.csv:3: the record that starts here is longer")


def test_a_long_cell_is_no_error(tmp_path: Path) -> None:
    """The csv module's own limit of 128 KiB is lifted, and stays what it was."""
    before = csv.field_size_limit()
    (draft,) = run(tmp_path / "x.csv", "title,text\na," + "word " * 100_000)
    assert isinstance(draft, Draft)
    assert len(draft.paragraphs[0]) == 499_999
    assert csv.field_size_limit() == before


@pytest.mark.parametrize("rows", ["1,2,3\n4,5,6\n", "date,country\n2001,PE\n"])
def test_a_header_is_required(tmp_path: Path, rows: str) -> None:
    """A table whose first row names no text is refused with an example."""
    (error,) = titles(run(tmp_path / "x.csv", rows))
    assert str(error).startswith("x.csv:1: the first row names no column of titles or texts")
    assert "id,title,date,text" in str(error)


def test_lines_above_the_header_are_no_rows(tmp_path: Path) -> None:
    """The title of an exported sheet is passed over; each post says so, and where it stands."""
    rows = 'Letters we sent,,\n"as of 5 May, 2014",,\n,,\ntitle,date,text\na,2001,x\nb,2002,y\n'
    found = run(tmp_path / "x.csv", rows)
    assert titles(found) == ["a", "b"]
    for number, draft in enumerate(found, 5):
        assert isinstance(draft, Draft)
        assert draft.span.line_start == number
        assert draft.notes == ("2 lines above the table's header not read",)


def test_cells_that_hold_nothing_or_lists(tmp_path: Path) -> None:
    """What programs write for nothing is nothing; lists as they print them are lists."""
    rows = (
        "title,date,tags,tags,countries,text\n"
        'a,NULL,"[\'x\', \'y\']",z,"[""Peru"", ""Chile""]",nan\n'
    )
    (draft,) = run(tmp_path / "x.csv", rows)
    assert isinstance(draft, Draft)
    assert (draft.date, draft.paragraphs) == (None, ())
    assert draft.source_tags == ("x", "y", "z")
    assert draft.source_countries == ("Peru", "Chile")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_tables_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    """Spreadsheets save in what their country uses."""
    rows = "title,text\nЗаголовок,Текст о правах человека\n"
    (draft,) = run(tmp_path / "x.csv", rows.encode(encoding))
    assert isinstance(draft, Draft)
    assert (draft.title, draft.paragraphs) == ("Заголовок", ("Текст о правах человека",))


def test_line_ends_of_old_macs(tmp_path: Path) -> None:
    """A file whose lines end with CR alone is a table too."""
    assert titles(run(tmp_path / "x.csv", "title,text\ra,b\rc,d\r")) == ["a", "c"]


def test_a_header_is_told_from_prose() -> None:
    """A first line counts as a header only if it names a title or a text."""
    assert known_columns("id,title,date,text") == 4
    assert known_columns("date,country") == 0
    assert known_columns("Freedom of the press, ten years on") == 0


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("05.06.2020", "25.06.2020"), ["2020-06-05 order-of-column", "2020-06-25"]),
        (("06/05/2020 10:30", "6/25/2020"), ["2020-06-05 order-of-column", "2020-06-25"]),
        (("05.06.2020", "07.08.2020"), ["2020 ambiguous-day-month"] * 2),
        (
            ("05.06.2020", "25.06.2020", "06/25/2020"),
            ["2020 ambiguous-day-month", "2020-06-25", "2020-06-25"],
        ),
        (("05.05.2020", "25.06.2020", ""), ["2020-05-05", "2020-06-25", ""]),
    ],
)
def test_dates_of_a_column_are_read_alike(
    tmp_path: Path, dates: tuple[str, ...], expected: list[str]
) -> None:
    """A day above twelve tells the order of all; where two contradict, none is believed."""
    for delimiter in ",;":
        rows = [f'"A, b{delimiter} {day}"{delimiter}{day}' for day in dates]
        text = "\n".join(["Report of all", f"title{delimiter}Fecha", *rows, '"open'])
        found = run(tmp_path / "a.csv", text)[: len(dates)]
        read = [draft.date for draft in found if isinstance(draft, Draft)]
        assert [" ".join((each.iso, *each.flags)) if each else "" for each in read] == expected


def test_a_column_says_nothing_of_another(tmp_path: Path) -> None:
    """When a program changed a row may be written in another order than when it happened."""
    rows = "title,date,updated\na,05/06/2020,6/25/2020\nb,07/08/2020,6/7/2020\n"
    read = [draft for draft in run(tmp_path / "a.csv", rows) if isinstance(draft, Draft)]
    dates = [each.iso for draft in read for each in (draft.date, draft.updated) if each]
    assert dates == ["2020", "2020-06-25", "2020", "2020-06-07"]
