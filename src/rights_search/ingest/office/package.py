"""What a package of Office (DOCX, XLSX) says of its parts: which of them is the main one."""

from __future__ import annotations

import posixpath
import zipfile
from typing import TYPE_CHECKING

from rights_search.errors import ReadError
from rights_search.ingest.archives.zip import read_tree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAIN_PART = "word/document.xml"
"""Where the text of nearly all documents is."""

DOCUMENT = (
    "wordprocessingml.document.main+xml",
    "wordprocessingml.template.main+xml",
    "ms-word.document.macroEnabled.main+xml",
    "ms-word.template.macroEnabledTemplate.main+xml",
)
"""How the types of a text end."""

WORKBOOK = (
    "spreadsheetml.sheet.main+xml",
    "spreadsheetml.template.main+xml",
    "ms-excel.sheet.macroEnabled.main+xml",
    "ms-excel.template.macroEnabled.main+xml",
)
"""How the types of a workbook end."""


def main_part(archive: zipfile.ZipFile, kinds: tuple[str, ...]) -> str | None:
    """Return the path of the part that has one of these types, or None where there is none."""
    types = part_tree(archive, "[Content_Types].xml")
    for override in () if types is None else types.iter("{*}Override"):
        if override.get("ContentType", "").endswith(kinds):
            return override.get("PartName", "").removeprefix("/")
    return None


def related_part(archive: zipfile.ZipFile, part: str, relation: str | None) -> str | None:
    """Return the path of the part that a relation of another names, or None without one."""
    folder, _, name = part.rpartition("/")
    tree = part_tree(archive, f"{folder}/_rels/{name}.rels") if relation else None
    for found in () if tree is None else tree.iter("{*}Relationship"):
        if found.get("Id") == relation:
            # One from the root begins with "/", and joining forgets the folder then.
            return posixpath.normpath(posixpath.join("/", folder, found.get("Target", "")))[1:]
    return None


def part_tree(archive: zipfile.ZipFile, path: str) -> Element | None:
    """Return a part that is not needed as a tree; None where it is missing or broken."""
    from lxml import etree  # noqa: PLC0415

    if path not in archive.namelist():
        return None
    try:
        return read_tree(archive, path)
    except (ReadError, etree.XMLSyntaxError):
        return None
