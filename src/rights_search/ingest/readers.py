"""The readers by name: the first of the three extension points."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import cast

from rights_search.ingest.source import Reader, Record, Source


def _lazy(module: str, function: str) -> Reader:
    """Return a reader that is imported when the first file needs it: few are light."""

    def read(source: Source) -> Iterator[Record]:
        reader = cast("Reader", getattr(import_module(f"rights_search.ingest.{module}"), function))
        return reader(source)

    return read


READERS: dict[str, Reader] = {
    "markdown": _lazy("markdown.reader", "read_markdown"),
    "json": _lazy("json.reader", "read_json"),
    "jsonl": _lazy("json.lines", "read_jsonl"),
    "table": _lazy("tables.reader", "read_table"),
    "html": _lazy("html.reader", "read_html"),
    "listing": _lazy("listing.reader", "read_listing"),
    "plain": _lazy("plain.reader", "read_plain"),
    "chat": _lazy("plain.chat", "read_chat_text"),
    "subtitles": _lazy("plain.subtitles", "read_subtitles"),
    "xml": _lazy("xml.reader", "read_xml"),
    "feed": _lazy("feeds.reader", "read_feed"),
    "docx": _lazy("office.docx", "read_docx"),
    "odt": _lazy("office.odt", "read_odt"),
    "rtf": _lazy("rtf.reader", "read_rtf"),
    "doc": _lazy("ole.word", "read_doc"),
    "msg": _lazy("ole.message", "read_msg"),
    "xlsx": _lazy("office.xlsx", "read_xlsx"),
    "ods": _lazy("office.ods", "read_ods"),
    "sheet": _lazy("tables.sheet", "read_sheet"),
    "pdf": _lazy("pdf.reader", "read_pdf"),
    "mail": _lazy("mail.reader", "read_mail"),
    "mbox": _lazy("mail.mbox", "read_mbox"),
    "epub": _lazy("books.epub", "read_epub"),
    "chapter": _lazy("books.chapter", "read_chapter"),
    "zip": _lazy("archives.zip", "read_zip"),
    "tar": _lazy("archives.tar", "read_tar"),
    "warc": _lazy("archives.warc", "read_warc"),
}

NOTHING = {
    "markdown": "a section page without text",
    "html": "no post in this page",
    "json": "no record in it",
    "jsonl": "no record in it",
    "table": "a header without rows",
    "chat": "a chat without messages",
    "subtitles": "subtitles without words",
    "feed": "a feed without items",
    "docx": "a document without text",
    "odt": "a document without text",
    "rtf": "a document without text",
    "doc": "a document without text",
    "xlsx": "a workbook without sheets",
    "ods": "a document without sheets",
    "sheet": "a sheet without rows below a header",
    "msg": "an item of Outlook that is no mail",
    "mbox": "a mailbox without mails",
    "epub": "a book without chapters",
    "chapter": "a page of a book without words",
    "zip": "an empty archive",
    "tar": "an empty archive",
    "warc": "a web archive without records",
}
"""What is said of a file in which a reader found nothing at all."""
