"""Whose posts a download holds: a file of it that says so, for posts that name nobody.

In what Twitter, Facebook, Instagram and Reddit let one download, the posts do not tell who wrote
them; a file beside them, or in another folder of the download, does. What it says is a default
like those of settings: it is part of the state of the files that it speaks of, so that they are
read again when it changes. It comes with the corpus and may be hostile: it is small, it is data,
and no link to it is followed.

Where the files stand, and what is in them, is as in public programs that read such downloads.
Loaded to list files: it imports little.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, TypeVar

MAX_ACCOUNT_BYTES = 256 * 2**10
"""The largest such file that is read; a genuine one has a few KiB."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the file of an account says.

    Args:
        authors: who wrote the posts that it speaks of; none if that is not to be learnt.
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


_AnyPath = TypeVar("_AnyPath", bound=PurePath)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of download.

    Args:
        file: the name of the file that says who has the account.
        posts: the names of the files of posts by that account, and of no others.
        places: how many folders above the posts its folder stands, and its path from there.
    """

    file: str
    posts: re.Pattern[str]
    places: tuple[tuple[int, str], ...] = ((0, ""),)

    @property
    def is_beside(self) -> bool:
        """Tell whether the file lies in the folder of the posts."""
        return self.places == ((0, ""),)

    @property
    def origin(self) -> str:
        """Return where an author was found, for people."""
        return f"{self.file} beside it" if self.is_beside else f"{self.file} of its download"

    def candidates(self, folder: _AnyPath) -> Iterator[_AnyPath]:
        """Yield where the file may be for posts in ``folder``, the nearest place first.

        Two folders above only where the download has a folder for what one did, such as
        ``your_facebook_activity``: else what lies there may be another download.
        """
        for levels, place in self.places:
            if levels > 1 and not folder.parent.name.startswith("your_"):
                continue
            above = folder
            for _ in range(levels):
                above = above.parent
            yield above / place / self.file


_TWITTER = Kind(
    "account.js",
    re.compile(
        r"(?:(?:deleted-)?tweets?|(?:community|note|twitter-circle)-tweet)(?:-part\d+)?\.js"
    ),
)
_PROFILE = "profile_information"
_FACEBOOK = Kind(
    f"{_PROFILE}.json",
    # What others wrote on one's page is a file beside these.
    re.compile(r"(?:your_(?:posts|videos|uncategorized)\w*|group_posts\w*|archive|trash)\.json"),
    (
        (1, _PROFILE),
        (1, f"personal_information/{_PROFILE}"),
        (2, f"personal_information/{_PROFILE}"),
        (2, _PROFILE),
    ),
)
_PERSON = "personal_information"
_INSTAGRAM = Kind(
    f"{_PERSON}.json",
    re.compile(
        r"(?:(?:(?:archived_)?posts|reels|(?:post|reels)_comments)(?:_\d+)?|stories|igtv_videos"
        r"|threads_and_replies)"
        r"\.json"
    ),
    tuple((levels, place) for levels in (1, 2) for place in (f"{_PERSON}/{_PERSON}", _PERSON)),
)
_INSTAGRAM_2018 = Kind("profile.json", re.compile(r"media\.json"))
_REDDIT = Kind("statistics.csv", re.compile(r"(?:posts|comments)\.csv"))

_KINDS = (_TWITTER, _FACEBOOK, _INSTAGRAM, _INSTAGRAM_2018, _REDDIT)
_SUFFIXES = (".js", ".json", ".csv")

FILES = frozenset(kind.file for kind in _KINDS)
"""The names of files that say who has an account."""


def kind_of(name: str) -> Kind | None:
    """Return the kind of download in which a file of this name holds posts, or None."""
    if not name.endswith(_SUFFIXES):
        return None
    return next((kind for kind in _KINDS if kind.posts.fullmatch(name)), None)


def kinds_of(names: Collection[str]) -> list[Kind]:
    """Return the kinds of downloads whose posts are in files of these names, each once."""
    return list(dict.fromkeys(kind for name in names if (kind := kind_of(name)) is not None))


def read_account(stream: IO[bytes], file: str) -> Account:
    """Return what the file of an account says; of its bytes no more than a few are read.

    Args:
        stream: its bytes.
        file: its name, one of `FILES`.
    """
    from rights_search.ingest.exports import profiles  # noqa: PLC0415 - hardly a folder has one

    data = stream.read(MAX_ACCOUNT_BYTES + 1)
    if len(data) > MAX_ACCOUNT_BYTES:
        return Account(trouble=f"it is larger than {MAX_ACCOUNT_BYTES // 2**10} KiB, the limit")
    try:
        name = profiles.name_in(data.decode("utf-8-sig"), file)
    except (ValueError, RecursionError):
        return Account(trouble="it is not as such a file is written")
    return Account((name,)) if name else Account(trouble="it names nobody")


def account_at(path: Path) -> Account:
    """Return what the file of an account at ``path`` says.

    Args:
        path: an absolute path; if a folder on it is a link, so may be where it leads.
    """
    # Neither a link, which could lead anywhere, nor a pipe, which would never end.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if not stat.S_ISREG(path.lstat().st_mode) or path.resolve() != path:
            return Account(trouble="it is a link or no regular file")
        with os.fdopen(os.open(path, flags), "rb") as stream:
            return read_account(stream, path.name)
    except OSError as error:
        return Account(trouble=f"it cannot be read: {error.strerror or error}")
