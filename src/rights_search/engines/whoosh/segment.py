"""A segment: what the table of contents says of it, and the readers of its files.

All that is read of an index is read here, without Whoosh: its classes take what a file says on
trust, and importing them took as long as a search. What is written names Whoosh's own classes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rights_search.engines.whoosh import columns, layout
from rights_search.engines.whoosh.files import IndexFile
from rights_search.engines.whoosh.layout import Column
from rights_search.engines.whoosh.storage import CompoundFiles
from rights_search.engines.whoosh.terms import Terms
from rights_search.values import dataclass, field


@dataclass(slots=True)
class Segment:
    """What is known of a segment.

    Args:
        segid: tells it from others.
        count: of its documents, deleted ones counted.
        deleted: the numbers of its deleted documents.
        lengths: text field → number of its tokens.
        is_compound: True if one file holds all others.
    """

    segid: str
    count: int
    deleted: set[int] = field(default_factory=set)
    lengths: dict[str, int] = field(default_factory=dict)
    is_compound: bool = True

    @property
    def name(self) -> str:
        """Return what the names of its files begin with."""
        return f"{layout.INDEX}_{self.segid}"

    @property
    def live(self) -> int:
        """Return how many of its documents are not deleted."""
        return self.count - len(self.deleted)

    def file(self, end: str) -> str:
        """Return the name of a file of it."""
        return self.name + end

    def files(self, storage: Any) -> list[str]:
        """Return the names of all files of it in a storage."""
        return [name for name in storage.list() if name.startswith(f"{self.name}.")]

    def stock(self) -> Any:
        """Return it as Whoosh's own, for a table of contents that Whoosh can read."""
        from whoosh.codec.whoosh3 import W3Codec, W3Segment  # noqa: PLC0415 - not for reading

        stock = object.__new__(W3Segment)
        stock.__dict__.update(
            indexname=layout.INDEX,
            segid=self.segid,
            _codec=W3Codec(),
            _doccount=self.count,
            _deleted=self.deleted or None,
            compound=self.is_compound,
            _fieldlengths=self.lengths,
        )
        return stock


class SegmentReader:
    """The terms and the columns of a segment.

    Args:
        storage: where it is.
        segment: it.

    Raises:
        FileNotFoundError: if a file of it is gone.
        IndexUnavailableError: if it is damaged.
    """

    def __init__(self, storage: Any, segment: Segment) -> None:
        self.segment = segment
        self._opened: list[IndexFile] = []
        try:
            self._files = self._files_of(storage)
            self.terms = Terms(
                self._open(layout.TERMS_FILE), self._open(layout.POSTINGS_FILE), segment.count
            )
            stored = self._open(layout.column_file(layout.STORED_NAME))
            # Each document has its length there, a byte if it is 0: up to so many are believed.
            if stored.length < segment.count:
                stored.fail(f"cannot hold {segment.count:,} posts")
        except BaseException:
            self.close()
            raise

    def column(self, name: str, column: Column | None = None) -> Any:
        """Return a reader of a column: of values alike if the segment has no such column.

        Args:
            name: of a field, or of a column that Whoosh adds.
            column: what kind it is; that of the field by default.
        """
        wanted = column or layout.COLUMNS[name]
        if not self._files.file_exists(self.segment.file(layout.column_file(name))):
            return Same(0 if wanted.kind == "numbers" else b"", self.segment.count)
        return columns.reader(wanted, self._open(layout.column_file(name)), self.segment.count)

    def length_codes(self, field: str) -> bytes:
        """Return the length code of a text field for each document."""
        return bytes(self.column(layout.lengths_of(field), layout.LENGTH_CODES).load())

    def close(self) -> None:
        """Close the files."""
        for file in self._opened:
            file.close()

    def _files_of(self, storage: Any) -> Any:
        if not self.segment.is_compound:
            return storage
        whole = self._kept(storage.open_file(self.segment.file(layout.WHOLE_FILE)))
        return CompoundFiles(whole, f"{self.segment.name}.")

    def _open(self, end: str) -> IndexFile:
        return self._kept(self._files.open_file(self.segment.file(end)))

    def _kept(self, file: IndexFile) -> IndexFile:
        self._opened.append(file)
        return file


class Same:
    """A column in which every document has one value."""

    def __init__(self, value: Any, count: int) -> None:
        self._value = value
        self._count = count

    def __getitem__(self, document: int) -> Any:
        return self._value

    def __iter__(self) -> Iterator[Any]:
        return iter(self.load())

    def load(self) -> Sequence[Any]:
        """Return the value of each document."""
        return [self._value] * self._count
