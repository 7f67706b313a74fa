"""The reader of documents of Word 97 to 2003 (``.doc``): the one post that a document is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rights_search.ingest.document_facts import with_facts
from rights_search.ingest.office.document import document_draft
from rights_search.ingest.ole.compound import CompoundFile
from rights_search.ingest.ole.properties import SUMMARY, facts_of
from rights_search.ingest.ole.word_text import word_paragraphs
from rights_search.ingest.source import Record, Source
from rights_search.ingest.spool import open_seekable


def read_doc(source: Source) -> Iterator[Record]:
    """Yield the post that a document is; nothing for one without text.

    Footnotes and endnotes follow the text; the header of the first page may be a letterhead. What
    the properties say counts only where the text says nothing.

    Raises:
        ReadError: if it is encrypted, older than Word 97, damaged or too large.
    """
    with open_seekable(source) as stream:
        file = CompoundFile(stream, source.name)
        paragraphs, header = word_paragraphs(file, source.name)
        facts = facts_of(file.read(SUMMARY))
    seen = [one for one in paragraphs if not one.style.startswith("toc ")]
    draft = document_draft(seen, source, [one.text for one in header])
    if draft is not None:
        yield with_facts(replace(draft, url=source.url), facts, source)
