"""Reading a whole index to see that it is as it was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NoReturn

from whoosh.util.numeric import length_to_byte

from rights_search import fields
from rights_search.engines.whoosh.contents import file_name
from rights_search.engines.whoosh.damage import damaged_file
from rights_search.engines.whoosh.files import PAGE_BYTES
from rights_search.engines.whoosh.handle import Handle
from rights_search.engines.whoosh.segment import SegmentReader
from rights_search.engines.whoosh.segments import split_values
from rights_search.engines.whoosh.terms import Row


def verify(handle: Handle) -> Iterator[tuple[str, str]]:
    """Yield what was verified of an index, as (part, what was found).

    Raises:
        IndexUnavailableError: at the first thing that is not as it was written.
    """
    table = handle.checked_contents()
    yield "contents", f"segments in {file_name(table.generation)}: {len(table.segments)}"
    names = [name for each in table.segments for name in each.files(handle.storage)]
    yield "checksums", _sums(handle, names)
    readers = handle.readers_of(table)
    try:
        counts: Counter[str] = Counter()
        for reader in readers:
            _Verified(reader, handle.folder, counts).verify()
    finally:
        for reader in readers:
            reader.close()
    read = f"{counts['terms']:,} terms, {counts['postings']:,} postings decode"
    yield "postings", f"{read}, and agree with {counts['documents']:,} columns and lengths"


def _sums(handle: Handle, names: list[str]) -> str:
    unknown = [name for name in names if name not in handle.storage.sums]
    pages = 0
    for name in names:
        with handle.storage.open_file(name) as file:
            for start in range(0, file.length, PAGE_BYTES):
                file.get(start, min(PAGE_BYTES, file.length - start))
                pages += 1
    if unknown:
        return f"{', '.join(unknown)} has none; a rebuild makes them"
    return f"right in all files ({len(names):,}) and pages ({pages:,})"


class _Verified:
    """The check of one segment.

    Args:
        reader: of the segment.
        folder: of the index, for messages.
        counts: what was read, added up over segments.
    """

    def __init__(self, reader: SegmentReader, folder: str | None, counts: Counter[str]) -> None:
        self._reader = reader
        self._folder = folder
        self._counts = counts
        self._count = reader.segment.count
        self._name = reader.segment.name

    def verify(self) -> None:
        terms = self._reader.terms
        self._counts["documents"] += self._count
        by_field: dict[str, dict[int, list[bytes]]] = {}
        tokens: dict[str, list[float]] = {}
        before: tuple[str, bytes] | None = None
        for field, term, row in terms.items():
            if before is not None and before[0] == field and term <= before[1]:
                self._fail(f"terms of {field} are not in order")
            before = field, term
            found = self._postings(field, term, terms.row(row))
            self._counts["terms"] += 1
            self._counts["postings"] += len(found)
            kind = fields.BY_NAME[field].kind if field in fields.BY_NAME else ""
            if kind == "facet":
                for document in found:
                    by_field.setdefault(field, {}).setdefault(document, []).append(term)
            elif kind == "text":
                lengths = tokens.setdefault(field, [0.0] * self._count)
                for document, weight in found.items():
                    lengths[document] += weight
        for each in fields.FIELDS:
            if each.kind == "facet":
                self._compare_column(each, by_field.get(each.name, {}))
            elif each.kind == "text":
                self._compare_lengths(each.name, tokens.get(each.name))

    def _postings(self, field: str, term: bytes, row: Row) -> dict[int, float]:
        """Return document → weight of a term that is found by hash, all of it decoded."""
        postings = self._reader.terms.postings(field, term)
        if postings is None:
            self._fail(f"{field}:{term!r} is not found by its hash")
        is_text = field in fields.BY_NAME and fields.BY_NAME[field].kind == "text"
        found: dict[int, float] = {}
        for block, values in postings.valued():
            for document, weight, value in zip(block.documents, block.weights, values, strict=True):
                found[document] = weight
                if is_text and len(postings.places(value)) != weight:
                    self._fail(f"{field}:{term!r} stands elsewhere than it is counted")
        if len(found) != row.documents or row.last != max(found):
            self._fail(f"{field}:{term!r} has other postings than its row says")
        return found

    def _compare_column(self, field: fields.Field, held: dict[int, list[bytes]]) -> None:
        for document, joined in enumerate(self._reader.column(field.name)):
            try:
                wanted = {field.key(value).encode("utf-8") for value in split_values(joined)}
            except UnicodeDecodeError:
                self._fail(f"the column {field.name} holds text that is none")
            if wanted != set(held.get(document, ())):
                self._fail(f"postings and column of {field.name} disagree on document {document}")

    def _compare_lengths(self, field: str, tokens: list[float] | None) -> None:
        held = list(self._reader.length_codes(field))
        counted = [0] * self._count if tokens is None else [length_to_byte(int(n)) for n in tokens]
        if held != counted:
            self._fail(f"lengths and postings of {field} disagree")

    def _fail(self, reason: str) -> NoReturn:
        raise damaged_file(self._folder, self._name, reason)
