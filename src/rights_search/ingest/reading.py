"""One file on disk → posts, through every container that it holds.

The readers of containers give out open members; here each is stored within bounds,
sniffed and read as a file would be. What a whole file may expand to, how deep it
may nest and how many members it may have is counted in one place.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, cast

from rights_search.errors import ReadError
from rights_search.ingest import witness
from rights_search.ingest.bounded import MAX_EXPANSION
from rights_search.ingest.decisions import decisions
from rights_search.ingest.files import os_reason
from rights_search.ingest.member_names import shown
from rights_search.ingest.posts import PostMaker
from rights_search.ingest.readers import NOTHING, READERS
from rights_search.ingest.source import INSIDE, Draft, Enclosed, Skipped, Source
from rights_search.ingest.spool import stored
from rights_search.ingest.time_bound import OverTimeError, seconds_for, within
from rights_search.post import Post

if TYPE_CHECKING:
    from rights_search.ingest.sniffing import Choice

MAX_DEPTH = 8
"""How many containers a member may stand in: a mail in a mailbox in a tar file is 3."""

MAX_MEMBERS = 200_000
"""How many members of a file on disk are read, those of its containers included."""

FREE_TOTAL_BYTES = 256 * 2**20
"""What the members of a file of any size may add up to before `MAX_EXPANSION` counts."""

MAX_TOTAL_BYTES = 64 * 2**30
"""What the members of a file on disk may add up to at the very most."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file, or a member of an archive, for which a reader was chosen.

    Args:
        name: what people see, as in `Source`.
        choice: the reader, and why.
    """

    name: str
    choice: Choice


@dataclass(frozen=True, slots=True)
class Explained:
    """A post, and where its values come from.

    Args:
        post: as `read_file` gives it.
        origins: field → where its value was found, or what it was derived from.
    """

    post: Post
    origins: Mapping[str, str]


_Found: TypeAlias = Post | ReadError | Skipped | Opened | Explained


def read_file(source: Source) -> Iterator[Post | ReadError | Skipped]:
    """Yield the posts of one file, with an error for each record that was skipped.

    What the system, the encoding or the size of the file does wrong is one error
    with the file's name, or its member's; what the program does wrong is raised.
    """
    yield from cast("Iterator[Post | ReadError | Skipped]", _read_file(source, explain=False))


def explain_file(source: Source) -> Iterator[Opened | Explained | ReadError | Skipped]:
    """Yield what `read_file` does, with every decision that was taken on the way."""
    found = _read_file(source, explain=True)
    yield from cast("Iterator[Opened | Explained | ReadError | Skipped]", found)


def _read_file(source: Source, *, explain: bool) -> Iterator[_Found]:
    try:
        size = source.stored_size()
        seconds = seconds_for(size)
        with witness.reading(source.name, size):
            yield from within(seconds, _Reading(explain=explain).read(source, 0))
    except OSError as error:
        yield ReadError(source.name, os_reason(error), fatal=True)
    except _Exhausted as error:
        yield ReadError(source.name, str(error), fatal=True)
    except OverTimeError:
        reason = f"took more processor time than a file of its size may take, which is {seconds} s"
        yield ReadError(source.name, reason, fatal=True)


class _Exhausted(Exception):  # noqa: N818 - no error of its own: it ends the whole file
    """What a file on disk may hold is used up."""


class _Reading:
    """Reads one file on disk, and counts what comes out of its containers."""

    def __init__(self, *, explain: bool) -> None:
        self._explain = explain
        self._bytes_left: int | None = None
        self._names: dict[str, int] = {}
        self._ids: set[int] = set()

    def read(self, source: Source, depth: int) -> Iterator[_Found]:
        """Yield what stands in a file or a member, ``depth`` containers deep."""
        try:
            yield from self._posts(source, depth)
        except ReadError as error:
            yield ReadError(error.source, error.reason, line=error.line, fatal=True)
        except OSError as error:
            yield ReadError(source.name, os_reason(error), fatal=True)
        except (EOFError, zlib.error) as error:
            yield ReadError(source.name, f"its compressed data is damaged: {error}", fatal=True)
        except UnicodeError as error:
            yield ReadError(source.name, f"cannot be decoded: {error}", fatal=True)
        except RecursionError:
            yield ReadError(source.name, "nests too deeply to be read", fatal=True)
        except MemoryError:
            yield ReadError(source.name, "is too large for this machine's memory", fatal=True)

    def _posts(self, source: Source, depth: int) -> Iterator[_Found]:
        from rights_search.ingest.sniffing import choose, sniff  # noqa: PLC0415

        if self._explain:
            choice = choose(source)
            name = choice.reader
            yield Opened(source.name, choice)
        else:
            name = sniff(source)
        maker = PostMaker(source, name, self._ids)
        is_empty = True
        for record in READERS[name](source):
            is_empty = False
            match record:
                case Draft():
                    made = self._made(maker, record, source)
                    if made is not None:
                        yield made
                case Enclosed():
                    yield from self._enclosed(source, record, depth)
                case _:
                    yield record
        if is_empty:
            yield Skipped(source.name, NOTHING.get(name, "no post in it"))

    def _made(self, maker: PostMaker, draft: Draft, source: Source) -> _Found | None:
        """Return the post of a draft, or what is wrong with it; None for one not wanted."""
        made = maker.make(draft) if source.is_next_wanted else maker.count(draft)
        if isinstance(made, ReadError):
            return made
        source.note_post()
        if not isinstance(made, Post):
            return None
        return Explained(made, decisions(draft, source)) if self._explain else made

    def _enclosed(self, outer: Source, found: Enclosed, depth: int) -> Iterator[_Found]:
        member = replace(found.member, path=self._path(outer, found.member.path))
        name = f"{outer.file_name}{INSIDE}{member.path}"
        if depth >= MAX_DEPTH:
            reason = f"stands {MAX_DEPTH} archives deep, and what it holds is not read; unpack it"
            raise ReadError(outer.name, reason, fatal=True)
        if self._bytes_left is None:
            size = MAX_EXPANSION * outer.stored_size()
            self._bytes_left = min(MAX_TOTAL_BYTES, max(FREE_TOTAL_BYTES, size))
        try:
            with stored(found, name, self._spend) as kept:
                inner = replace(
                    outer,
                    name=name,
                    settings=outer.settings.inside(member.account, member.account_origin),
                    path=kept.path or outer.path,
                    content=kept.content,
                    url=member.url,
                    charset=member.charset,
                    member=member,
                )
                yield from self.read(inner, depth + 1)
        except ReadError as error:
            yield error

    def _spend(self, size: int) -> None:
        self._bytes_left = (self._bytes_left or 0) - size
        if self._bytes_left < 0:
            reason = "what it holds expands beyond the limit for one file; was it made to do so?"
            raise _Exhausted(f"{reason} If not, unpack it yourself")

    def _path(self, outer: Source, path: str) -> str:
        """Return the path of a member from the file on disk; no two of them are the same."""
        above = "" if outer.member is None else f"{outer.member.path}{INSIDE}"
        plain = whole = f"{above}{shown(path)}"
        ordinal = self._names.get(plain, 1)
        while whole in self._names:
            ordinal += 1
            whole = f"{above}{ordinal}:{shown(path)}"
        self._names[whole] = 1
        self._names[plain] = ordinal
        if len(self._names) > MAX_MEMBERS:
            raise _Exhausted(f"holds more than {MAX_MEMBERS:,} members; split it")
        return whole
