"""The reader of Excel workbooks (XLSX): each sheet is a member, its rows are posts."""

from __future__ import annotations

from collections.abc import Iterator
from zipfile import ZipFile

from rights_search.ingest.archives.zip import open_zip, read_part
from rights_search.ingest.member_names import Tally
from rights_search.ingest.office.xlsx_book import Book, read_book
from rights_search.ingest.office.xlsx_cells import read_rows
from rights_search.ingest.source import Record, Source
from rights_search.ingest.spool import open_seekable
from rights_search.ingest.tables.sheet import Row, enclosed_sheet


def read_xlsx(source: Source) -> Iterator[Record]:
    """Yield the sheets of a workbook in their order, each a member of it.

    Hidden sheets are counted, and so are charts. Of a formula its last result is read.

    Raises:
        ReadError: if the workbook is damaged, broken or too large.
    """
    left_out = Tally(source.name)
    with open_seekable(source) as stream, open_zip(stream, source.name) as archive:
        book = read_book(archive, source.name)
        for sheet in book.sheets:
            kind, path = book.parts.get(sheet.part, ("", ""))
            if sheet.is_hidden:
                left_out.add("hidden")
            elif kind != "worksheet":
                left_out.add("a chart or a dialogue")
            else:
                rows = _rows(archive, path, book, source.name)
                stored = sum(_stored(archive, part) for part in (path, book.strings_path))
                yield enclosed_sheet(sheet.name, rows, source.name, stored)
    yield from left_out.told("sheet")


def _rows(archive: ZipFile, path: str, book: Book, name: str) -> Iterator[Row]:
    yield from read_rows(read_part(archive, path, name), book, name)


def _stored(archive: ZipFile, path: str) -> int:
    return archive.getinfo(path).compress_size if path in archive.namelist() else 0
