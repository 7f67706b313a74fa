"""What a reader is given, and what it gives back.

A reader is a one-pass generator ``reader(source) -> Iterator[Record]`` that is
registered by name in `rights_search.ingest.READERS`. A `ReadError` that it *yields*
is one record that was skipped; one that it *raises* ends the source. The reader of
a container yields its members as `Enclosed` values, which are read in their turn.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TypeAlias

from rights_search.errors import ReadError
from rights_search.ingest.settings import NONE, Settings
from rights_search.post import PartialDate

WEAK = "file-property"
"""The flag of a date that stands only in the properties of a file."""

NAMED = "file-name"
"""The flag of a date that stands only in the name of a file."""

LETTERHEAD = "letterhead"
"""The origin of an organisation that is named above a press release."""

INSIDE = "!/"
"""Stands between a container and the path of its member: ``press.zip!/2014/a.eml``."""


@dataclass(frozen=True, slots=True)
class Member:
    """What a container says of one document inside of it.

    Args:
        path: where it stands in the container, as the container spells it; fit to
            be shown, and never used as a path.
        offset: the byte at which it begins in the container as stored, or None
            where that leads nowhere.
        url: the address that it was got from.
        charset: its encoding, as a header names it.
        media_type: its media type, lower case, without parameters.
        captured: when it was got, ISO 8601 in UTC: ``2014-03-24T10:00:00Z``.
        date: the date of a post that names none itself.
        source_name: the publication of a post that names none itself.
        authors: those of a post that names none itself.
        account: who wrote such a post by the file of an account.
        account_origin: where that file was found, for people.
        notes: what was doubtful about it, for each of its posts.
        reader: the reader that it needs, where its container knows that.
    """

    path: str
    offset: int | None = None
    url: str | None = None
    charset: str | None = None
    media_type: str | None = None
    captured: str | None = None
    date: PartialDate | None = None
    source_name: str | None = None
    authors: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    account_origin: str = ""
    notes: tuple[str, ...] = ()
    reader: str | None = None


RUN = 64
"""Posts of a file that stay together when several processes share it."""


@dataclass(slots=True, eq=False)
class Share:
    """Which posts of a file are wanted: of the runs of `RUN` posts every so many-th.

    Args:
        number: of the runs those are wanted whose number leaves this remainder.
        shares: how many processes share the file; 1 for a file that is wanted whole.
        posts: how many there were so far, wanted or not.
    """

    number: int = 0
    shares: int = 1
    posts: int = 0

    @property
    def has_next(self) -> bool:
        """Tell whether the next post is wanted."""
        return self.shares == 1 or self.posts // RUN % self.shares == self.number

    @property
    def run(self) -> int:
        """Return the number of the run that the last post stands in."""
        return (self.posts - 1) // RUN


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a corpus, or one member of a file that is a container.

    Args:
        path: where its bytes are on disk.
        name: what people see: the file's path relative to the corpus root, with
            ``/``, and behind `INSIDE` that of the member.
        sha256: hex digest of the file's bytes on disk.
        settings: what holds where the file itself does not say.
        content: its bytes, where they are at hand; those of a member stand nowhere else.
        url: the address that it was got from, or None: what its relative links
            stand on, and a post's own address where the document names none.
        charset: the encoding that came with it, as a header names it, or None.
        member: what its container says of it; None for a file. Its path leads
            from the file on disk, through every container.
        share: which of its posts are wanted; None for all.
    """

    path: Path
    name: str
    sha256: str
    settings: Settings = NONE
    content: bytes | None = field(default=None, repr=False)
    url: str | None = None
    charset: str | None = None
    member: Member | None = None
    share: Share | None = field(default=None, repr=False, compare=False)

    @property
    def is_next_wanted(self) -> bool:
        """Tell whether the next post is wanted.

        Of one that is not a reader may say less: what its id is made of, and its title. What
        is wrong with it must be found all the same.
        """
        return self.share is None or self.share.has_next

    def note_post(self) -> None:
        """Count a post, wanted or not."""
        if self.share is not None:
            self.share.posts += 1

    @property
    def file_name(self) -> str:
        """Return the name of the file on disk, whatever stands inside of it."""
        return self.name.removesuffix("" if self.member is None else INSIDE + self.member.path)

    @property
    def told_encoding(self) -> str | None:
        """Return what its bytes are encoded in if they are not UTF-8, by somebody's word."""
        return self.settings.encoding or self.charset

    def open_stored(self) -> io.BufferedReader:
        """Open the bytes as they are stored, perhaps compressed, for one pass.

        Readers use `rights_search.ingest.bounded.open_bounded`, which decompresses.
        """
        if self.content is not None:
            return io.BufferedReader(io.BytesIO(self.content))
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
    too and need not be repeated. ``pages`` is as in `rights_search.post.Provenance`.
    ``origins`` says of fields where the reader found them, such as ``("title",
    "front matter: headline")``: for people who look at how a file is read, and kept
    nowhere. Dates have an origin of their own.
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
    message_id: str | None = None
    answers: tuple[str, ...] = ()
    page_country: str | None = None
    language: str | None = None
    source_name: str | None = None
    source_countries: tuple[str, ...] = ()
    source_tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    encoding: str = "utf-8"
    pages: tuple[int, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()


def with_origins(draft: Draft, **origins: str) -> Draft:
    """Return ``draft`` with where some of its fields were found, instead of what it said."""
    return replace(draft, origins=tuple({**dict(draft.origins), **origins}.items()))


@dataclass(frozen=True, slots=True)
class Skipped:
    """Name a file, or members of one, that were left out on purpose, and why.

    Args:
        name: the file's path relative to the corpus root, with ``/``.
        reason: why there is no post in it, as the end of a sentence.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A member of a container on its way to a reader of its own.

    Args:
        member: what the container says of it.
        stream: its bytes, to be read before the container's reader goes on; a
            `ReadError` in between is that of the member.
        stored: how many bytes of the container it fills, where that is known:
            what it expands to is measured by it.
    """

    member: Member
    stream: IO[bytes]
    stored: int | None = None


Record: TypeAlias = Draft | ReadError | Skipped | Enclosed
Reader: TypeAlias = Callable[[Source], Iterator[Record]]
