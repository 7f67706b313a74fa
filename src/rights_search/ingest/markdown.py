"""The reader of Markdown: one post a file, with or without front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rights_search.ingest.decoding import read_text, whole_span
from rights_search.ingest.front_matter import split_front_matter
from rights_search.ingest.markdown_blocks import read_document
from rights_search.ingest.records import Setting, to_draft
from rights_search.ingest.source import Draft, Record, Source


def read_markdown(source: Source) -> Iterator[Record]:
    """Yield the one post of a Markdown file; nothing for a section page without text.

    Hugo keeps the keys of a whole section in a file called ``_index.md``. Such a
    file with a text of its own is a post like any other.

    Raises:
        ReadError: if the file is no text or its front matter is broken.
    """
    decoded = read_text(source)
    front = split_front_matter(decoded.text, source.name)
    document = read_document(front.body)
    if not document.blocks.paragraphs and _SECTION.search(source.name):
        return
    setting = Setting(source, "front matter", whole_span(decoded), decoded.encoding, decoded.notes)
    draft = to_draft(front.values, setting, document.blocks)
    if document.title is not None:
        draft = _with_heading(draft, document.title)
    yield draft


_SECTION = re.compile(r"(?:\A|[/_])_index(?:\.\w\w)?\.\w+(?:\.gz)?\Z")


def _with_heading(draft: Draft, heading: str) -> Draft:
    """Put the first heading where it belongs: it is the title where there is no other."""
    if draft.title is None:
        origins = (*draft.origins, ("title", "first heading"))
        return replace(draft, title=heading, origins=origins)
    if draft.title.casefold() == heading.casefold():
        return draft
    return replace(draft, paragraphs=(heading, *draft.paragraphs))
