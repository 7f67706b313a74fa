"""What an Excel workbook says of its sheets, and what their cells refer to: texts and styles."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field

from rights_search.ingest.archives.zip import read_part
from rights_search.ingest.office import package
from rights_search.ingest.office.xml import Attributes, parse_part
from rights_search.ingest.tables.cells import BUILT_IN, DateFormat, date_format

WORKBOOK = "xl/workbook.xml"
"""What names the sheets of nearly every workbook."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as the workbook names it."""

    name: str
    part: str
    is_hidden: bool


@dataclass(slots=True)
class Book:
    """Gathers what a workbook says of its sheets, and all that their cells refer to."""

    sheets: list[Sheet] = field(default_factory=list)
    parts: dict[str, tuple[str, str]] = field(default_factory=dict)
    strings: list[str] = field(default_factory=list)
    strings_path: str = ""
    formats: list[DateFormat | None] = field(default_factory=list)
    is_1904: bool = False
    folder: str = ""

    def start(self, tag: str, attributes: Attributes) -> None:
        """Take an element of the workbook or of its relationships."""
        if tag == "sheet":
            is_hidden = attributes.get("state", "visible") != "visible"
            name = attributes.get("name", "")
            self.sheets.append(Sheet(name, attributes.get("id", ""), is_hidden))
        elif tag == "workbookPr":
            self.is_1904 = attributes.get("date1904") in _YES
        elif tag == "Relationship":
            kind = posixpath.basename(attributes.get("Type", ""))
            target = posixpath.join("/", self.folder, attributes.get("Target", ""))
            path = posixpath.normpath(target)
            self.parts[attributes.get("Id", "")] = kind, path.removeprefix("/")

    def data(self, text: str) -> None:
        """All is said in attributes."""

    def end(self, tag: str) -> None:
        """An element says all when it begins."""


def read_book(archive: zipfile.ZipFile, name: str) -> Book:
    """Return what a workbook says of all its sheets.

    Raises:
        ReadError: if a part is missing, damaged, broken or too large.
    """
    main = WORKBOOK
    if main not in archive.namelist():
        main = package.main_part(archive, package.WORKBOOK) or main
    folder, own = posixpath.split(main)
    book = Book(folder=folder)
    for part in (main, posixpath.join(folder, "_rels", f"{own}.rels")):
        parse_part(read_part(archive, part, name), book, name)
    for kind, path in book.parts.values():
        if kind == "sharedStrings":
            texts = _Strings()
            parse_part(read_part(archive, path, name), texts, name)
            book.strings, book.strings_path = texts.found, path
        elif kind == "styles":
            styles = _Styles()
            parse_part(read_part(archive, path, name), styles, name)
            book.formats = styles.found
    return book


class Texts:
    """Gathers the pieces of a text; how it is pronounced (``rPh``) is none of them."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._is_open = False
        self._unseen = 0

    def start(self, tag: str) -> None:
        """Take the start of any element."""
        self._unseen += tag == "rPh"
        self._is_open = tag in ("t", "v") and not self._unseen

    def data(self, text: str) -> None:
        """Take a piece of text, which counts inside of some elements only."""
        if self._is_open:
            self.pieces.append(text)

    def end(self, tag: str) -> None:
        """Take the end of any element."""
        self._unseen -= tag == "rPh"
        self._is_open = False

    def take(self) -> str:
        """Return the text, and be ready for the next."""
        text = "".join(self.pieces)
        self.pieces.clear()
        return text


def unescaped(text: str) -> str:
    """Return a text with the characters that XML cannot hold, which Excel writes ``_x000D_``."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


_YES = ("1", "true", "on")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class _Strings:
    """Gathers the texts that cells share."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._texts = Texts()
        self.data = self._texts.data

    def start(self, tag: str, _: Attributes) -> None:
        self._texts.start(tag)

    def end(self, tag: str) -> None:
        self._texts.end(tag)
        if tag == "si":
            self.found.append(unescaped(self._texts.take()))


class _Styles:
    """Gathers what the styles of cells show of a date; None for a style of numbers."""

    def __init__(self) -> None:
        self.found: list[DateFormat | None] = []
        self._formats: dict[str, DateFormat | None] = {
            str(number): shown for number, shown in BUILT_IN.items()
        }
        self._is_of_cells = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "numFmt":
            code = attributes.get("formatCode", "")
            self._formats[attributes.get("numFmtId", "")] = date_format(code)
        elif tag == "cellXfs":
            self._is_of_cells = True
        elif tag == "xf" and self._is_of_cells:
            self.found.append(self._formats.get(attributes.get("numFmtId", "")))

    def data(self, text: str) -> None:
        """Nothing stands in styles."""

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._is_of_cells = False
