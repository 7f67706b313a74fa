"""The names of members in archives: how they are shown, and which are not read.

No member is ever written under its name: a name is text that is shown, and may
hold anything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from rights_search.ingest.exports.account import FILES, Account, Kind, kind_of
from rights_search.ingest.files import display_name, why_no_post
from rights_search.ingest.source import INSIDE, Member, Skipped, Source
from rights_search.ingest.spool import MAX_MEMBER_BYTES

MAX_SHOWN_CHARS = 400
"""Longer names are cut in the middle."""

_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_DRIVE = re.compile(r"[A-Za-z]:")


def shown(path: str) -> str:
    """Return a member's path fit to be shown and stored: one line, nothing that acts."""
    path = _UNSHOWABLE.sub(lambda found: ascii(found[0])[1:-1], display_name(path))
    half = MAX_SHOWN_CHARS // 2
    return path if len(path) <= MAX_SHOWN_CHARS else f"{path[:half]}…{path[-half:]}"


def member_name(source: Source, path: str) -> str:
    """Return the name under which a member that is not read is reported."""
    return f"{source.name}{INSIDE}{shown(path)}"


def why_refused(path: str, size: int) -> str | None:
    """Return why a member is not even opened, or None.

    Args:
        path: as the archive spells it.
        size: how large it is, by the word of the archive.
    """
    pure = PurePosixPath(path.replace("\\", "/"))
    if pure.is_absolute() or ".." in pure.parts or _DRIVE.match(path):
        return "its name leads out of the archive, so it is not read; unpack it with care"
    if size > MAX_MEMBER_BYTES:
        claimed = f"{size / 2**30:,.1f} GiB"
        return f"is {claimed} large by its own word, more than {MAX_MEMBER_BYTES // 2**30} GiB"
    return None


def why_unread(path: str) -> str | None:
    """Return why a member of this path is taken to hold no post, or None.

    Args:
        path: as the archive spells it.
    """
    for part in PurePosixPath(path).parts[:-1]:
        if part.startswith(".") or part == "__MACOSX":
            return "hidden"
    return why_no_post(PurePosixPath(path).name)


def is_account(path: str) -> bool:
    """Tell whether a member of this path may say who has an account."""
    return path.rpartition("/")[2] in FILES


def may_have_account(path: str) -> bool:
    """Tell whether a member of this path may hold posts of somebody whom another member names."""
    return kind_of(path.rpartition("/")[2]) is not None


@dataclass(frozen=True, slots=True)
class Accounts:
    """What members of an archive say of who wrote the posts in others.

    Args:
        posts: path of a member with posts → its kind of download, and what is said of it.
        beside: path of a member that lies beside such posts → why it is not read.
    """

    posts: Mapping[PurePosixPath, tuple[Kind, Account]] = field(default_factory=dict)
    beside: Mapping[PurePosixPath, str] = field(default_factory=dict)

    def why_unread(self, path: str) -> str | None:
        """Return why a member of this path is not read, or None."""
        told = self.beside.get(PurePosixPath(path)) if self.beside else None
        return told or why_unread(path)

    def member(self, path: str, offset: int | None) -> Member:
        """Return what is known of a member that is read."""
        found = self.posts.get(PurePosixPath(path)) if self.posts else None
        if found is None:
            return Member(path, offset=offset)
        kind, account = found
        return Member(path, offset=offset, account=account.authors, account_origin=kind.origin)


def accounts_among(paths: Iterable[str], read: Callable[[PurePosixPath], Account]) -> Accounts:
    """Return what the members of these paths say of one another's authors.

    Args:
        paths: as the archive spells them.
        read: called with the path of a file of an account, once for each that is needed.
    """
    posts, files = [], set()
    for path in paths:
        if is_account(path):
            files.add(PurePosixPath(path))
        elif may_have_account(path):
            posts.append(PurePosixPath(path))
    known: dict[PurePosixPath, Account] = {}
    told: dict[PurePosixPath, tuple[Kind, Account]] = {}
    beside: dict[PurePosixPath, str] = {}
    for post in posts if files else ():
        kind = kind_of(post.name)
        candidates = kind.candidates(post.parent) if kind is not None else ()
        place = next((place for place in candidates if place in files), None)
        if kind is None or place is None:
            continue
        if place not in known:
            known[place] = read(place)
        told[post] = kind, known[place]
        if kind.is_beside:
            beside[place] = known[place].reason
    return Accounts(told, beside)


class Tally:
    """Counts what was left out of a container: one line for a kind, not for a member."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._counts: Counter[str] = Counter()

    def add(self, reason: str, count: int = 1) -> None:
        """Count members that were left out."""
        self._counts[reason] += count

    def told(self, kind: str = "member") -> Iterator[Skipped]:
        """Yield what was left out and how often; ``kind`` is what the container calls it."""
        for reason, count in self._counts.items():
            what = f"1 {kind}" if count == 1 else f"{count:,} {kind}s"
            yield Skipped(self._name, f"{what} left out: {reason}")
