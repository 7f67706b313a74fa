"""The names of members in archives: how they are shown, and which are not read.

No member is ever written under its name: a name is text that is shown, and may
hold anything.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from rights_search.ingest.exports.account import ACCOUNT, Account, is_posts
from rights_search.ingest.files import display_name, why_no_post
from rights_search.ingest.source import INSIDE, Skipped, Source
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


def why_unread(path: str, account: Account | None = None) -> str | None:
    """Return why a member of this path is taken to hold no post, or None.

    Args:
        path: as the archive spells it.
        account: what the file of an account in its folder says.
    """
    for part in PurePosixPath(path).parts[:-1]:
        if part.startswith(".") or part == "__MACOSX":
            return "hidden"
    name = PurePosixPath(path).name
    return why_no_post(name) if account is None or name != ACCOUNT else account.reason


def authors_of(path: str, account: Account | None) -> tuple[str, ...]:
    """Return who wrote the posts of a member by what the file of an account beside it says."""
    return account.authors if account is not None and is_posts(PurePosixPath(path).name) else ()


class Tally:
    """Counts what was left out of a container: one line for a kind, not for a member."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._counts: Counter[str] = Counter()

    def add(self, reason: str) -> None:
        """Count one member that was left out."""
        self._counts[reason] += 1

    def told(self, kind: str = "member") -> Iterator[Skipped]:
        """Yield what was left out and how often; ``kind`` is what the container calls it."""
        for reason, count in self._counts.items():
            what = f"1 {kind}" if count == 1 else f"{count:,} {kind}s"
            yield Skipped(self._name, f"{what} left out: {reason}")
