"""Writing a segment: Whoosh's compound file, made in one pass.

Stock Whoosh makes a file a column in a temporary folder, and copies all of them together at the
end. Here each part is written where it stays: the stored posts as they come, then postings,
terms and columns. A test compares the result with what the stock writer makes of the same posts.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.util import find_spec
from itertools import chain
from pickle import dumps
from typing import Any, TypeAlias

from rights_search.engines.whoosh import column_writing, layout
from rights_search.engines.whoosh.inverter import Inverter, encoded_field
from rights_search.engines.whoosh.layout import COLUMNS, POSTS, TEXTS, value_bytes
from rights_search.engines.whoosh.library import length_to_byte, random_name
from rights_search.engines.whoosh.posts_column import PostsWriter
from rights_search.engines.whoosh.schema import Document
from rights_search.engines.whoosh.segment import Segment
from rights_search.engines.whoosh.table_writing import TableWriter

_DIRECTORY = struct.Struct("!qi")
_EXTENT = struct.Struct("!qi")
_ID_CHARS = 16


class _Output:
    """A file that is written, and how far.

    What writes a part of it is given this, and not the writer of the segment: that would hold
    what holds it, and all terms would be kept until somebody looks for garbage.
    """

    def __init__(self, file: Any) -> None:
        self.file = file
        self.place = 0

    def write(self, data: bytes | bytearray) -> None:
        """Write behind what is there."""
        self.file.write(data)
        self.place += len(data)


class SegmentWriter:
    """Writes the file of a segment, in this order: posts, fields with their terms, columns.

    Args:
        storage: where it goes.
    """

    def __init__(self, storage: Any) -> None:
        self.segment = Segment(random_name(_ID_CHARS), 0)
        self._out = _Output(storage.create_file(self.segment.file(layout.WHOLE_FILE)))
        self._directory: dict[str, dict[str, int]] = {}
        self._out.write(bytes(_DIRECTORY.size))
        self._began = self._out.place
        self._posts = PostsWriter(self._out.write)
        self._rows = bytearray()
        self._table = TableWriter(self._rows.extend)

    def add_post(self, stored: bytes) -> None:
        """Add what is stored of the next document."""
        self._posts.add(stored)

    def end_posts(self) -> None:
        """Say that all posts have been added."""
        self._posts.finish()
        self._end_column(POSTS)

    def add_field(self, name: str, terms: Iterable[tuple[bytes, tuple[bytes, bytes]]]) -> None:
        """Add a field; they come in order.

        Args:
            name: of the field.
            terms: its terms in order, each with its blocks and its row, as `encoded` makes them.
        """
        self._table.begin(name)
        for term, (blocks, row) in terms:
            self._table.add(term, row + _EXTENT.pack(self._out.place - self._began, len(blocks)))
            self._out.write(blocks)

    def finish(
        self,
        columns: Mapping[str, Sequence[Any]],
        lengths: Mapping[str, bytes],
        totals: Mapping[str, int],
        count: int,
    ) -> Segment:
        """Write the rest; return the segment.

        Args:
            columns: field → value of each document.
            lengths: field → length code of each document.
            totals: field → number of its tokens.
            count: of the documents.
        """
        self._end(layout.POSTINGS_FILE)
        self._table.finish()
        self._out.write(self._rows)
        self._rows.clear()
        self._end(layout.TERMS_FILE)
        for name, values in columns.items():
            self._out.write(column_writing.column(COLUMNS[name], values))
            self._end_column(name)
        for name, codes in lengths.items():
            self._out.write(codes)
            self._end_column(layout.lengths_of(name))
        self._out.write(column_writing.nothing(count))
        self._end_column(layout.STORED_NAME)
        self._close()
        self.segment.count = count
        self.segment.lengths = dict(totals)
        return self.segment

    def cancel(self) -> None:
        """Close the file: whoever cancels the transaction removes it."""
        self._out.file.close()

    def _end_column(self, name: str) -> None:
        self._end(layout.column_file(name))

    def _end(self, extension: str) -> None:
        """End a file within the file."""
        name = self.segment.file(extension)
        length = self._out.place - self._began
        self._directory[name] = {"offset": self._began, "length": length, "modified": 0}
        self._began = self._out.place

    def _close(self) -> None:
        directory = dumps(self._directory, 2) + dumps({}, 2)
        file = self._out.file
        file.write(directory)
        file.seek(0)
        file.write(_DIRECTORY.pack(self._out.place, len(directory)))
        file.close()


class SegmentBuilder:
    """Makes a segment of new documents.

    Args:
        storage: where it goes.
    """

    def __init__(self, storage: Any) -> None:
        self._writer = SegmentWriter(storage)
        self._inverter = Inverter()
        self._lengths = {name: list[int]() for name in sorted(TEXTS)}
        self._columns = {name: list[Any]() for name in sorted(COLUMNS) if name != POSTS}
        self._count = 0
        self._encode: _Encoder | None = None

    @property
    def size(self) -> int:
        """Return how many occurrences of terms have been added."""
        return self._inverter.size

    @property
    def count(self) -> int:
        """Return how many documents have been added."""
        return self._count

    def add(self, documents: Sequence[Document]) -> None:
        """Add documents, a field of all of them at a time."""
        numbered = list(enumerate(documents, self._count))
        for field in dict.fromkeys(chain.from_iterable(each.terms for each in documents)):
            for number, document in numbered:
                if field in document.terms:
                    self._inverter.add(field, document.terms[field], number)
        for field, lengths in self._lengths.items():
            for number, document in numbered:
                texts = document.texts.get(field)
                lengths.append(self._inverter.add_texts(field, texts, number) if texts else 0)
        for field, values in self._columns.items():
            values += [document.columns[field] for document in documents]
        for document in documents:
            self._writer.add_post(document.stored)
        self._count += len(documents)
        if self._encode is None and self.size >= MIN_TOKENS_IN_ARRAYS:
            # NumPy will be needed: whatever is glad of it can have it from now on.
            self._encode = _encoder(self.size)

    def finish(self) -> Segment:
        """Write the segment and return it."""
        self._writer.end_posts()
        codes = {
            name: bytes(map(length_to_byte, lengths))
            for name, lengths in self._lengths.items()
            if any(lengths)
        }
        encode = self._encode or _encoder(self.size)
        for field in self._inverter.fields:
            terms = encode(self._inverter.take(field), codes.get(field), value_bytes(field))
            self._writer.add_field(field, terms)
        columns = {name: values for name, values in self._columns.items() if any(values)}
        totals = {name: sum(self._lengths[name]) for name in codes}
        return self._writer.finish(columns, codes, totals, self._count)

    def cancel(self) -> None:
        """Close the file."""
        self._writer.cancel()


MIN_TOKENS_IN_ARRAYS = 100_000
"""With fewer tokens in a segment, NumPy, which takes 0.1 s to import, costs more than it saves."""


_Encoder: TypeAlias = Callable[..., Iterable[tuple[bytes, tuple[bytes, bytes]]]]


def _encoder(tokens: int) -> _Encoder:
    """Return what encodes the fields of a segment of so many tokens: see `encoded_field`."""
    if tokens >= MIN_TOKENS_IN_ARRAYS and find_spec("numpy"):
        from rights_search.engines.whoosh import array_encoding  # noqa: PLC0415

        return array_encoding.encoded_field
    return encoded_field
