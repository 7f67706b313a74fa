"""Documents and tables of office programs, made to do harm, or of any form at all."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_search.errors import ReadError
from rights_search.ingest import Skipped, Source, read_file
from rights_search.ingest.office import xml as office_xml
from rights_search.ingest.office.ods import read_ods
from rights_search.ingest.source import Draft, Enclosed
from rights_search.ingest.tables.cells import DateFormat, date_format
from rights_search.ingest.tables.sheet import read_sheet
from rights_search.post import Post

FOLDER = Path(__file__).resolve().parent / "fixtures" / "ingest"
ENTITIES = "".join(f"<!ENTITY a{number} '{f'&a{number - 1};' * 10}'>" for number in range(1, 10))
LAUGHS = f"<!DOCTYPE x [<!ENTITY a0 'ha'>{ENTITIES}<!ENTITY f SYSTEM 'file:///etc/hostname'>]>"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style", "meta")
)


def found(data: bytes, name: str = "case") -> list[Post | ReadError | Skipped]:
    """Return what a file is read as, by its content."""
    return list(read_file(Source(Path(name), name, "0" * 64, content=data)))


def packed(**parts: str) -> bytes:
    """Return a ZIP file; the name ``a__b_xml`` is that of the part ``a/b.xml``."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return target.getvalue()


def odt(text: str, doctype: str = "", **parts: str) -> bytes:
    """Return a text document."""
    root = "office:document-content"
    content = f"{doctype}<{root} {SPACES}><office:text>{text}</office:text></{root}>"
    kind = "application/vnd.oasis.opendocument.text"
    return packed(mimetype=kind, content_xml=content, **parts)


ENCRYPTED = (
    '<manifest><file-entry full-path="content.xml"><encryption-data/></file-entry></manifest>'
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(odt("<text:p>&a9; &f;</text:p>", LAUGHS), "has a document type", id="laughs"),
        pytest.param(odt("<text:p>" * 3), "its text is broken XML", id="broken"),
        pytest.param(odt("<text:p>" * 300 + "</text:p>" * 300), "nests too deeply", id="nested"),
        pytest.param(odt("", **{"META-INF__manifest_xml": ENCRYPTED}),
                     "is encrypted; save it without a password", id="encrypted"),
        pytest.param(odt("  "), "a document without text", id="empty"),
        pytest.param(packed(mimetype="application/vnd.oasis.opendocument.text"),
                     "has no part content.xml", id="no part"),
    ],
)  # fmt: skip
def test_a_bad_document_is_one_reason(data: bytes, message: str) -> None:
    """Each is one line, which says what is wrong."""
    (item,) = found(data)
    assert isinstance(item, (ReadError, Skipped))
    assert message in item.reason
    assert len(str(item).splitlines()) == 1


def test_a_document_that_is_too_large_is_one_reason() -> None:
    """Apart from the others, which each process makes that imports this."""
    test_a_bad_document_is_one_reason(odt("x" * 70 * 2**20), "its text is larger than 64 MiB")


def test_broken_properties_cost_no_text() -> None:
    """They are not needed; that entities stand in them does no harm."""
    for meta in ("<meta", f"{LAUGHS}<meta:title {SPACES}>&a9;</meta:title>"):
        (post,) = found(odt("<text:p>The text.</text:p>", meta_xml=meta))
        assert isinstance(post, Post)
        assert post.paragraphs == ("The text.",)


ROW = "<table:table-cell><text:p>{}</text:p></table:table-cell><table:covered-table-cell/>"
WRAPPERS = (
    "<text:p>{}</text:p>",
    "<text:h>{}</text:h>",
    "<text:list><text:list-item><text:p>{}</text:p></text:list-item></text:list>",
    "<text:section><text:p><text:span>{}</text:span></text:p></text:section>",
    f"<table:table><table:table-row>{ROW}</table:table-row></table:table>",
    "<text:p><text:a>{}</text:a><text:s/></text:p>",
)
UNSEEN = (
    "<text:tracked-changes><text:p>{}</text:p></text:tracked-changes>",
    "<text:p><office:annotation><text:p>{}</text:p></office:annotation></text:p>",
    "<text:table-of-content><text:p>{}</text:p></text:table-of-content>",
)


@settings(max_examples=40)
@given(wrappers=st.lists(st.sampled_from((*WRAPPERS, *UNSEEN)), min_size=1, max_size=8))
def test_a_text_is_all_of_its_words_that_are_seen(wrappers: list[str]) -> None:
    """Each once, whatever it stands in; what nobody sees is not among them."""
    blocks = [wrapper.format(f"word{place}") for place, wrapper in enumerate(wrappers)]
    posts = [item for item in found(odt("".join(blocks))) if isinstance(item, Post)]
    texts = [text for post in posts for text in post.paragraphs]
    texts += [post.title for post in posts if not post.title_derived]
    seen = [f"word{place}" for place, wrapper in enumerate(wrappers) if wrapper not in UNSEEN]
    assert sorted(re.findall(r"word\d", " ".join(texts))) == seen


@pytest.mark.parametrize(
    "name", ["odt/tracked.odt", "xlsx/xlsxwriter-1904.xlsx", "ods/libreoffice.ods"]
)
def test_a_damaged_file_is_refused_or_read(name: str) -> None:
    """Whichever byte of it is another one, or where it ends, each reason is one line."""
    data = (FOLDER / name).read_bytes()

    @settings(max_examples=40)
    @given(place=st.integers(0, len(data) - 1), flipped=st.integers(0, 255))
    def read_damaged(place: int, flipped: int) -> None:
        damaged = bytearray(data[: place + 1] if flipped == 0 else data)
        damaged[place] ^= flipped
        for item in found(bytes(damaged)):
            assert isinstance(item, Post) or len(str(item).splitlines()) == 1

    read_damaged()


# --- Tables ------------------------------------------------------------------

SHEET = '<sheet name="S" sheetId="1" r:id="r1" xmlns:r="urn:r"/>'
BOOK = f"<workbook>{{}}<sheets>{SHEET}</sheets></workbook>"
RELATIONS = (
    '<Relationships><Relationship Id="r1" Type="urn:x/worksheet" Target="worksheets/a.xml"/>'
    '<Relationship Id="r2" Type="urn:x/sharedStrings" Target="strings.xml"/>'
    '<Relationship Id="r3" Type="urn:x/styles" Target="/xl/styles.xml"/></Relationships>'
)
HEADER = '<row r="1"><c t="inlineStr"><is><t>title</t></is></c><c t="str"><v>text</v></c></row>'


def xlsx(
    rows: str, strings: str = "", doctype: str = "", settings: str = "", behind: str = ""
) -> bytes:
    """Return a workbook of one sheet; style 1 is that of a date, style 2 of a month."""
    target = io.BytesIO()
    styles = '<numFmt numFmtId="164" formatCode="d/m/yyyy"/><cellXfs><xf/><xf numFmtId="164"/>'
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", BOOK.format(settings))
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/strings.xml", f"<sst>{strings}</sst>")
        archive.writestr("xl/styles.xml", f'<styles>{styles}<xf numFmtId="17"/></cellXfs></styles>')
        sheet = f"{doctype}<worksheet><sheetData>{rows}</sheetData>{behind}</worksheet>"
        archive.writestr("xl/worksheets/a.xml", sheet)
    return target.getvalue()


def ods(rows: str, doctype: str = "", name: str = "S") -> bytes:
    """Return a document of one sheet."""
    root = "office:document-content"
    table = f'<table:table table:name="{name}">{rows}</table:table>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return packed(mimetype=kind, content_xml=f"{doctype}<{root} {SPACES}>{table}</{root}>")


def ods_row(*texts: str, row: str = "", cell: str = "") -> str:
    """Return a row of a sheet."""
    cells = "".join(
        f"<table:table-cell {cell}><text:p>{text}</text:p></table:table-cell>" for text in texts
    )
    return f"<table:table-row {row}>{cells}</table:table-row>"


ODS_HEADER = ods_row("title", "text")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(xlsx(HEADER, doctype=LAUGHS), "has a document type", id="laughs"),
        pytest.param(xlsx("<row>" * 3), "its text is broken XML", id="broken"),
        pytest.param(xlsx("<row><c>" * 200), "nests too deeply", id="nested"),
        pytest.param(xlsx('<row r="1"><c r="ZZZ1"><v>1</v></c></row>'), "beyond", id="column"),
        pytest.param(xlsx('<row r="99999999"><c><v>1</v></c></row>'), "beyond", id="row"),
        pytest.param(xlsx(f'<row r="9"><c><v>1</v></c></row>{HEADER}'), "not in order", id="order"),
        pytest.param(xlsx('<row><c t="s"><v>7</v></c></row>'), "text that is not in it", id="text"),
        pytest.param(xlsx('<row><c t="s"><v>-1</v></c></row>'), "that is none", id="number"),
        pytest.param(xlsx("<row><c t='s'><v>0</v></c>" + "<c t='s'><v>0</v></c>" * 9_000 + "</row>",
                          f"<si><t>{'x' * 9_000}</t></si>"), "is longer than 16 MiB", id="wide"),
        pytest.param(xlsx(HEADER + "<row><c t='s'><v>0</v></c><c t='s'><v>0</v></c></row>" * 900,
                          f"<si><t>{'x' * 30_000}</t></si>"), "200 times its size", id="shared"),
        pytest.param(xlsx(""), "a sheet without rows", id="empty"),
        pytest.param(xlsx('<row><c t="str"><v>code</v></c></row>'), "names no column", id="header"),
        pytest.param(packed(xl__workbook_xml="x"), "broken XML", id="workbook"),
        pytest.param(packed(xl__workbook_xml="<workbook/>"), "has no part xl/_rels", id="no part"),
        pytest.param(ods(ODS_HEADER, LAUGHS), "has a document type", id="ods laughs"),
        pytest.param(ods(ods_row("a", row='table:number-rows-repeated="9999999"')),
                     "beyond", id="ods rows"),
        pytest.param(ods(ods_row("a" * 999, row='table:number-rows-repeated="999999"')),
                     "200 times its size", id="ods bomb"),
        pytest.param(ods(ods_row("a", cell='table:number-columns-repeated="16385"')),
                     "beyond", id="ods columns"),
        pytest.param(ods(ods_row("a" * 1100, cell='table:number-columns-repeated="16384"')),
                     "is longer than 16 MiB", id="ods wide"),
        pytest.param(ods(ods_row("a", row='table:number-rows-repeated="many"')),
                     "that is no number", id="ods number"),
        pytest.param(ods(""), "1 sheet left out: empty", id="ods empty"),
    ],
)  # fmt: skip
def test_a_bad_table_is_one_reason(data: bytes, message: str) -> None:
    """A cell where none can be, texts that refer to nothing, rows that repeat without end."""
    (item,) = found(data)
    assert isinstance(item, (ReadError, Skipped))
    assert message in item.reason
    assert len(str(item).splitlines()) == 1


def test_blank_rows_that_repeat_to_the_end_cost_nothing() -> None:
    """So LibreOffice writes every sheet; the numbers of the rows behind them are kept."""
    blank = '<table:table-row table:number-rows-repeated="{}"><table:table-cell/></table:table-row>'
    rows = ODS_HEADER + blank.format(40_000) + ods_row("One", "Its text.")
    (post,) = found(ods(rows + blank.format(1_048_576 - 40_002)))
    assert isinstance(post, Post)
    assert str(post.provenance) == "case!/S:40002"


def test_a_sheet_takes_no_memory_for_cells_that_repeat() -> None:
    """Four kilobytes, packed, stood for 130 million cells: 64 KiB of them were there at a time."""
    wide = ods_row("a", cell='table:number-columns-repeated="16384"')
    data = ods(ODS_HEADER + 400 * wide)
    tracemalloc.start()
    sheet = next(read_ods(Source(Path("case"), "case", "0" * 64, content=data)))
    assert isinstance(sheet, Enclosed)
    assert sheet.stream.read(8) == b'{"0": "t'
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 32 * 2**20


@pytest.mark.parametrize("name", ["odt/libreoffice.odt", "xlsx/libreoffice.xlsx"])
def test_a_part_is_the_same_in_many_pieces(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever its XML is cut, in the middle of a letter too."""
    data = (FOLDER / name).read_bytes()
    whole = found(data)
    monkeypatch.setattr(office_xml, "_STEP_BYTES", 7)
    cut = found(data)
    assert list(map(repr, cut)) == list(map(repr, whole))
    assert told(cut) == told(whole)


@pytest.mark.parametrize(
    ("serial", "style", "is_1904", "date"),
    [
        ("41722", 1, False, "2014-03-24"),
        ("40260", 1, True, "2014-03-24"),
        ("41722.604166666664", 1, False, "2014-03-24"),
        ("41760", 2, False, "2014-05"),
        ("41761", 2, False, "2014-05-02"),
        ("1", 1, False, "1900-01-01"),
        ("61", 1, False, "1900-03-01"),
    ],
)
def test_a_number_with_a_style_of_dates_is_a_date(
    serial: str, style: int, date: str, *, is_1904: bool
) -> None:
    """In both systems of days; a month that is shown without a day is a month."""
    settings = '<workbookPr date1904="1"/>' if is_1904 else ""
    header = "".join(f"<c t='str'><v>{name}</v></c>" for name in ("title", "text", "date"))
    cells = f"<c t='str'><v>A</v></c><c t='str'><v>B.</v></c><c s='{style}'><v>{serial}</v></c>"
    (post,) = found(xlsx(f"<row>{header}</row><row>{cells}</row>", settings=settings))
    assert isinstance(post, Post)
    assert post.date is not None
    assert post.date.iso == date


MONTHS = (
    '<number:date-style style:name="N1"><number:month/><number:year/></number:date-style>'
    '<number:date-style style:name="N2"><number:day/><number:month/></number:date-style>'
    '<number:date-style style:name="N3"><number:year/></number:date-style>'
    '<style:style style:name="month" style:data-style-name="N1"/>'
    '<style:style style:name="child" style:parent-style-name="month"/>'
    '<style:style style:name="day" style:data-style-name="N2"/>'
    '<style:style style:name="year" style:data-style-name="N3"/>'
    '<style:style style:name="loop" style:parent-style-name="loop"/>'
)


@pytest.mark.parametrize(
    ("styles", "value", "date"),
    [
        (("", "", "month"), "2014-03-01", "2014-03"),
        (("", "", "child"), "2014-03-01", "2014-03"),
        (("", "", "year"), "2014-01-01", "2014"),
        (("", "", "year"), "2014-03-01", "2014-03"),
        (("", "", "month"), "2014-03-02", "2014-03-02"),
        (("month", "", ""), "2014-03-01", "2014-03"),
        (("month", "day", ""), "2014-03-01", "2014-03-01"),
        (("month", "month", "day"), "2014-03-01", "2014-03-01"),
        (("loop", "", ""), "2014-03-01", "2014-03-01"),
    ],
)
@pytest.mark.parametrize("is_beside", [False, True])
def test_a_month_of_a_sheet_is_a_month(
    styles: tuple[str, str, str], value: str, date: str, *, is_beside: bool
) -> None:
    """By the format of its cell, else of its row, else of its column, wherever formats stand."""
    column, row, cell = styles
    spaces = f'{SPACES} xmlns:number="urn:oasis:names:tc:opendocument:xmlns:number:1.0"'
    head = ods_row("title", "text", "date")
    columns = (
        '<table:table-column table:number-columns-repeated="2"/>'
        f'<table:table-column table:default-cell-style-name="{column}"/>'
    )
    dated = f'office:value-type="date" office:date-value="{value}" table:style-name="{cell}"'
    cells = "".join(
        f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in "AB"
    )
    cells += f"<table:table-cell {dated}><text:p>x</text:p></table:table-cell>"
    body = f'{columns}{head}<table:table-row table:default-cell-style-name="{row}">{cells}'
    table = f'<table:table table:name="S">{body}</table:table-row></table:table>'
    formats = f"<office:styles {spaces}>{MONTHS}</office:styles>"
    root = "office:document-content"
    data = packed(
        mimetype="application/vnd.oasis.opendocument.spreadsheet",
        content_xml=f"<{root} {spaces}>{'' if is_beside else formats}{table}</{root}>",
        styles_xml=formats if is_beside else "<broken",
    )
    (post,) = found(data)
    assert isinstance(post, Post)
    assert post.date is not None
    assert post.date.iso == date


def test_a_workbook_is_one_wherever_its_main_part_stands() -> None:
    """Its types name it; what it refers to stands beside it."""
    types = (
        '<Types><Override PartName="/books/one.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    )
    moved = {
        "xl/workbook.xml": "books/one.xml",
        "xl/_rels/workbook.xml.rels": "books/_rels/one.xml.rels",
    }
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(HEADER + TITLED))) as source,
        zipfile.ZipFile(target, "w") as archive,
    ):
        archive.writestr("[Content_Types].xml", types)
        for name in source.namelist():
            place = moved.get(name, name.replace("xl/", "books/"))
            archive.writestr(place, source.read(name).replace(b"/xl/styles", b"/books/styles"))
    (post,) = found(target.getvalue())
    assert isinstance(post, Post)
    assert (post.title, post.paragraphs) == ("A", ("B.",))


TITLED = "<row><c t='str'><v>A</v></c><c t='str'><v>B.</v></c></row>"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("General", None),
        ('0.00 "days"', None),
        ("[Red]0.00", None),
        ("[h]:mm:ss", None),
        ("h:mm AM/PM", None),
        ("#,##0\\ [$\u20ac-407]_-", None),
        ("dd/mm/yyyy", DateFormat()),
        ('[$-F800]dddd, mmmm "the" d yyyy', DateFormat()),
        ("yyyy\\-mm\\-dd\\ hh:mm;@", DateFormat()),
        ("mmm-yy", DateFormat(has_day=False)),
        ("yyyy", DateFormat(has_month=False, has_day=False)),
    ],
)
def test_a_format_tells_whether_a_number_is_a_date(code: str, shown: DateFormat | None) -> None:
    """By what it shows: not by what stands in quotes, brackets or behind a backslash."""
    assert date_format(code) == shown


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
TABLES = st.lists(st.tuples(TEXTS, TEXTS), max_size=6)


def test_dates_of_a_sheet_s_column_are_read_alike() -> None:
    """As those of a CSV file: a day above twelve tells the order of all that are text."""
    days = ("05.06.2020", "25.06.2020", "")
    rows = [ods_row("title", "date"), *(ods_row("A", day) for day in days)]
    dates = [post.date for post in found(ods("".join(rows))) if isinstance(post, Post)]
    read = [(date.iso, date.flags) if date else None for date in dates]
    assert read == [("2020-06-05", ("order-of-column",)), ("2020-06-25", ()), None]


def test_rows_before_a_broken_one_are_read() -> None:
    """That dates are decided by the first rows must not cost those before an error."""
    lines = b'{"0": "title", "1": "text"}\n{"0": "A", "1": "a"}\n{"0": "B", "1": "b"}\n[]\n'
    drafts = read_sheet(Source(Path("case"), "case", "0" * 64, content=lines))
    read = [next(drafts), next(drafts)]
    assert [draft.title for draft in read if isinstance(draft, Draft)] == ["A", "B"]
    with pytest.raises(ReadError, match="is no sheet of a workbook"):
        next(drafts)


@settings(max_examples=40)
@given(rows=TABLES, is_ods=st.booleans())
def test_a_sheet_is_read_as_its_rows_in_csv_are(
    rows: list[tuple[str, str]], *, is_ods: bool
) -> None:
    """The same posts, in the same places, whatever stands in the cells."""
    # What OpenDocument leaves of white space is not what CSV does.
    rows = [(" ".join(title.split()), " ".join(text.split())) for title, text in rows]
    target = io.StringIO()
    csv.writer(target).writerows([("title", "text", ""), *((*row, "") for row in rows)])
    expected = found(target.getvalue().encode(), "case.csv")
    escaped = [(escape(title), escape(text)) for title, text in rows]
    if is_ods:
        data = ods(ODS_HEADER + "".join(ods_row(*row) for row in escaped))
    else:
        cells = ["".join(f"<c t='str'><v>{text}</v></c>" for text in row) for row in escaped]
        data = xlsx(HEADER + "".join(f"<row>{row}</row>" for row in cells))
    assert told(found(data)) == told(expected)


def told(items: list[Post | ReadError | Skipped]) -> list[tuple[object, ...]]:
    """Return what the posts among items say, and where they stand."""
    return [
        (item.title, item.paragraphs, item.provenance.line_start)
        for item in items
        if isinstance(item, Post)
    ]


@pytest.mark.parametrize(
    ("header", "organisation"),
    [
        ("<text:p>Example Office</text:p><text:p>PRESS RELEASE</text:p>", "Example Office"),
        ("<text:p>PRESS RELEASE<text:tab/>Example Office</text:p>", "Example Office"),
        ("<text:p>Example Office<text:tab/>Press release<text:tab/>1/3</text:p>", "Example Office"),
        # A running title is no letterhead, and neither is the title again or a name alone.
        ("<text:p>Example Office</text:p>", None),
        ("<text:p>The situation in three districts</text:p>", None),
        ("<text:p>Water cut off</text:p><text:p>PRESS RELEASE</text:p>", None),
        ("<text:p>Page 1 of 3</text:p><text:p>PRESS RELEASE</text:p>", None),
    ],
)
def test_a_page_header_names_the_office_where_it_is_a_letterhead(
    header: str, organisation: str | None
) -> None:
    """What stands above a page says who publishes it, and is never text or title."""
    page = f'<style:master-page style:name="Standard"><style:header>{header}</style:header>'
    styles = f"<office:document-styles {SPACES}>{page}</style:master-page></office:document-styles>"
    texts = ("Water cut off", "Hospitals reported a growing number of cases.", "It was said today.")
    body = "".join(f"<text:p>{text}</text:p>" for text in texts)
    (post,) = found(odt(body, styles_xml=styles))
    assert isinstance(post, Post)
    assert (post.title, post.organisation) == (texts[0], organisation)
    assert post.paragraphs == texts[1:]
