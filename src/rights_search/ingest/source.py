"""What a reader is given, and what it gives back.

A reader is a one-pass generator ``reader(source) -> Iterator[Draft | ReadError]``
that is registered by name in `rights_search.ingest.READERS`. A `ReadError` that
it *yields* is one record that was skipped; one that it *raises* ends the source.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypeAlias

from rights_search.errors import ReadError
from rights_search.ingest.settings import NONE, Settings
from rights_search.post import PartialDate

GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a corpus, or one document out of a file that holds several.

    Args:
        path: where it is on disk.
        name: its path relative to the corpus root, with ``/``: what people see.
        sha256: hex digest of its bytes on disk.
        is_gzip: True when it must be decompressed first.
        settings: what holds where the file itself does not say.
        content: its bytes, where they are not the file's own: a record of a web
            archive, a part of a mail.
        url: the address that it was got from, or None: what its relative links
            stand on, and a post's own address where the document names none.
        charset: the encoding that came with it, as a header names it, or None.
    """

    path: Path
    name: str
    sha256: str
    is_gzip: bool = False
    settings: Settings = NONE
    content: bytes | None = field(default=None, repr=False)
    url: str | None = None
    charset: str | None = None

    @property
    def told_encoding(self) -> str | None:
        """Return what its bytes are encoded in if they are not UTF-8, by somebody's word."""
        return self.settings.encoding or self.charset

    def open_stored(self) -> IO[bytes]:
        """Open the bytes as they are stored, perhaps compressed, for one pass.

        Readers use `rights_search.ingest.bounded.open_bounded`, which decompresses.
        """
        if self.content is not None:
            return io.BytesIO(self.content)
        return io.BufferedReader(io.FileIO(self.path, "rb"))

    def stored_size(self) -> int:
        """Return how many bytes are stored."""
        return self.path.stat().st_size if self.content is None else len(self.content)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a record stands in the decompressed source: lines 1-based, inclusive."""

    line_start: int | None = None
    line_end: int | None = None
    byte_start: int | None = None
    byte_end: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader found of one post, before ids, derived titles and tags.

    The fields mean what they mean in `rights_search.post.Post`. ``key`` is the
    source's own identifier of the post, if it has one. ``url`` makes a good key
    too and need not be repeated.
    """

    paragraphs: tuple[str, ...]
    span: Span = field(default_factory=Span)
    key: str | None = None
    title: str | None = None
    date: PartialDate | None = None
    updated: PartialDate | None = None
    authors: tuple[str, ...] = ()
    role: str | None = None
    organisation: str | None = None
    place: str | None = None
    captions: tuple[str, ...] = ()
    calls_to_action: tuple[str, ...] = ()
    url: str | None = None
    page_country: str | None = None
    language: str | None = None
    source_name: str | None = None
    source_countries: tuple[str, ...] = ()
    source_tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    encoding: str = "utf-8"


Record: TypeAlias = Draft | ReadError
Reader: TypeAlias = Callable[[Source], Iterator[Record]]
