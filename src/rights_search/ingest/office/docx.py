"""The reader of DOCX documents: the one post that a document is."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from rights_search.errors import ReadError
from rights_search.ingest.archives.zip import open_zip, read_part
from rights_search.ingest.document_facts import DocumentFacts, with_facts
from rights_search.ingest.office.document import CELL_MARK, document_draft
from rights_search.ingest.office.docx_body import local_attribute, read_body
from rights_search.ingest.office.package import (
    DOCUMENT,
    MAIN_PART,
    main_part,
    part_tree,
    related_part,
)
from rights_search.ingest.source import Record, Source
from rights_search.ingest.spool import open_seekable

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def read_docx(source: Source) -> Iterator[Record]:
    """Yield the post that a document is; nothing for one without text.

    Footnotes and endnotes follow the text. Headers, footers and comments are no part
    of it; the header of the first page may be a letterhead. What the file's properties say is
    weak evidence: it counts only where the text says nothing.

    Raises:
        ReadError: if the document is damaged, broken or too large.
    """
    with open_seekable(source) as stream, open_zip(stream, source.name) as archive:
        main = main_part(archive, DOCUMENT) or MAIN_PART
        styles = _styles(part_tree(archive, "word/styles.xml"))
        body, section = read_body(read_part(archive, main, source.name), source.name, styles)
        paragraphs = list(body)
        for notes in ("word/footnotes.xml", "word/endnotes.xml"):
            if notes in archive.namelist():
                part = read_part(archive, notes, source.name)
                paragraphs += read_body(part, source.name, styles)[0]
        header = _header(archive, related_part(archive, main, section.first_header), source)
        facts = _facts(part_tree(archive, "docProps/core.xml"))
    seen = [found for found in paragraphs if not found.style.startswith(_CONTENTS)]
    draft = document_draft(seen, source, header)
    if draft is not None:
        yield with_facts(replace(draft, url=source.url), facts, source)


_CONTENTS = "toc "


def _header(archive: zipfile.ZipFile, path: str | None, source: Source) -> list[str]:
    """Return the lines of a header; none where it is broken, for it is not needed."""
    if path is None or path not in archive.namelist():
        return []
    try:
        found, _ = read_body(read_part(archive, path, source.name), source.name, {}, tab=CELL_MARK)
    except ReadError:
        return []
    return [paragraph.text for paragraph in found]


def _styles(tree: Element | None) -> dict[str, str]:
    """Return id → name of the styles: ids are translated in every language's program."""
    styles: dict[str, str] = {}
    for style in () if tree is None else tree.iter("{*}style"):
        key = local_attribute(style, "styleId")
        names = (local_attribute(node, "val") for node in style.iter("{*}name"))
        name = next(names, None)
        if key and name:
            styles[key] = name
    return styles


def _facts(tree: Element | None) -> DocumentFacts:
    texts = {} if tree is None else {str(node.tag).rpartition("}")[2]: node.text for node in tree}
    return DocumentFacts(texts.get("title"), texts.get("creator"), texts.get("created"))
