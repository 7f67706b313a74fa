"""The reader of XML that is none of the formats that have a reader: the records in it.

Content systems and databases export their posts so, each under names of its own: an element is
taken for what JSON would have as a key, and found by the same names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rights_search.errors import ReadError
from rights_search.ingest.encodings.decoding import read_text
from rights_search.ingest.exports.known import as_record
from rights_search.ingest.exports.values import LeftOut
from rights_search.ingest.json.search import records_in
from rights_search.ingest.member_names import Tally
from rights_search.ingest.page_words import is_prose
from rights_search.ingest.records.draft import Setting, to_draft
from rights_search.ingest.source import Draft, Record, Source, Span
from rights_search.ingest.xml.tree import XmlValues


def read_xml(source: Source) -> Iterator[Record]:
    """Yield the records of an XML document, in its order.

    An element is a record if it holds one with a title or a text. But many XML files have names
    and descriptions in them and no posts, so at least one must have a date, or a sentence.

    Raises:
        ReadError: if it is no well-formed XML, defines entities, nests too deeply or is too
            large, or if there is no such record in it.
    """
    decoded = read_text(source)
    values = XmlValues(decoded.text, source.name)
    name, root = values.value()
    left_out = Tally(source.name)
    found: list[Draft] = []
    for value, holder in records_in({name: root}):
        if not isinstance(value, (dict, LeftOut)):
            continue
        record: Mapping[str, Any] | LeftOut
        record = as_record(value, holder) if isinstance(value, dict) else value
        if isinstance(record, LeftOut):
            left_out.add(record.reason, record.count)
            continue
        span = Span(*values.lines.get(id(value), (None, None)))
        setting = Setting(source, "XML", span, decoded.encoding, decoded.notes)
        found.append(to_draft(record, setting))
    if not any(map(_is_post, found)):
        reason = (
            f"is XML that opens with <{name}>, in which there are no posts: no elements with names "
            "such as title, date and text; save it as HTML, or turn it into JSONL"
        )
        raise ReadError(source.name, reason, fatal=True)
    yield from found
    yield from left_out.told("record")


def _is_post(draft: Draft) -> bool:
    return bool(draft.paragraphs) and (
        draft.date is not None or any(map(is_prose, draft.paragraphs))
    )
