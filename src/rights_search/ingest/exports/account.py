"""Whose posts an archive of Twitter, now X, holds: ``account.js``, which lies beside them.

The posts tell it nowhere. What the file says is a default like those of settings: it is part of
the state of the files that it speaks of, so that they are read again when it changes. It comes
with the corpus and may be hostile: it is small, it is data, and no link to it is followed.

Loaded to list files: it imports little.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rights_search.ingest.exports.values import assigned

ACCOUNT = "account.js"
"""The name of the file that says who has the account."""

MAX_ACCOUNT_BYTES = 64 * 2**10
"""The largest such file that is read; a genuine one has less than one KiB."""

_POSTS = re.compile(
    r"(?:(?:deleted-)?tweets?|(?:community|note|twitter-circle)-tweet)(?:-part\d+)?\.js"
)
_ASSIGNED = re.compile(rf"\s*{assigned('account')}")


@dataclass(frozen=True, slots=True)
class Account:
    """What the file of an account says.

    Args:
        authors: who wrote the posts beside it; none if that is not to be learnt.
        trouble: why not, as the end of a sentence.
    """

    authors: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def reason(self) -> str:
        """Return why there is no post in the file, and what it is good for."""
        if self.trouble:
            return f"does not tell who wrote the posts beside it: {self.trouble}"
        return "tells who wrote the posts beside it, and holds none"


def is_posts(name: str) -> bool:
    """Tell whether a file of this name holds posts of an archive."""
    return _POSTS.fullmatch(name) is not None


def read_account(stream: IO[bytes]) -> Account:
    """Return what the file of an account says; of its bytes no more than a few are read."""
    import json  # noqa: PLC0415 - hardly a folder holds such a file

    data = stream.read(MAX_ACCOUNT_BYTES + 1)
    if len(data) > MAX_ACCOUNT_BYTES:
        return Account(trouble=f"it is larger than {MAX_ACCOUNT_BYTES // 2**10} KiB, the limit")
    try:
        value = json.loads(_ASSIGNED.sub("", data.decode("utf-8-sig"), count=1))
    except (ValueError, RecursionError):
        return Account(trouble="it is no JSON behind an assignment")
    name = _name(value)
    return Account((name,)) if name else Account(trouble="it names nobody")


def account_in(folder: Path) -> Account:
    """Return what the file of an account in ``folder`` says."""
    path = folder / ACCOUNT
    # Neither a link, which could lead anywhere, nor a pipe, which would never end.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return Account(trouble="it is a link or no regular file")
        with os.fdopen(os.open(path, flags), "rb") as stream:
            return read_account(stream)
    except OSError as error:
        return Account(trouble=f"it cannot be read: {error.strerror or error}")


def _name(value: Any) -> str:
    """Return the name that is shown with the posts, else that of the account."""
    from rights_search.ingest.paragraphs import plain_line  # noqa: PLC0415

    for item in value if isinstance(value, list) else ():
        account = item.get("account") if isinstance(item, dict) else None
        if isinstance(account, dict):
            for key in ("accountDisplayName", "username"):
                name = account.get(key)
                if isinstance(name, str) and plain_line(name):
                    return plain_line(name)
    return ""
