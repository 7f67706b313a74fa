"""What the settings files of a corpus say, for a folder and for one file in it.

`rights_search.ingest.settings_file` reads the files; here is what they mean: the
nearest file wins, key by key, but what one of them ignores stays ignored.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias, TypeVar

from rights_search.ingest.exports.account import Account, Kind, kind_of

FILE_NAME = ".rights-search.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """Defaults for one file: what holds where the file itself does not say.

    Args:
        country: ISO code of the country that the file is about.
        language: ISO 639-1 code of what it is written in.
        day_first: how ``03/04/2019`` is to be read; None leaves it ambiguous.
        source: name of the publication.
        encoding: codec of bytes that are not UTF-8.
        reader: name of the reader, instead of a look at the content.
        themes: (label of the source in `rights_search.post.label_key` form, theme ids) pairs.
        authors: who wrote posts that name nobody. Not what somebody set: the file of an
            account says it, see `rights_search.ingest.exports.account`.
        origins: (key, path of the settings file) pairs: who said it; for ``authors`` the file
            of the account. They change nothing.
    """

    country: str | None = None
    language: str | None = None
    day_first: bool | None = None
    source: str | None = None
    encoding: str | None = None
    reader: str | None = None
    themes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    authors: tuple[str, ...] = ()
    origins: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def inside(self, authors: tuple[str, ...], origin: str) -> Settings:
        """Return the settings of a member of this file, whose posts have these authors."""
        # What holds for the name of a file says nothing of what is inside of it.
        if not authors:
            return replace(self, reader=None, authors=())
        origins = (*self.origins, ("authors", origin))
        return replace(self, reader=None, authors=authors, origins=origins)


NONE = Settings()


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern of file names, and what holds for the files that it fits.

    Args:
        folder: where its settings file is; patterns count from there.
        pattern: ``*.txt`` fits a name at any depth, ``old/*.txt`` a path, ``old/``
            folders only.
        value: the name of a reader, or nothing.
        origin: the settings file, as it is to be named.
    """

    folder: Path
    pattern: str
    value: str
    origin: str

    def fits(self, path: Path, *, is_folder: bool = False) -> bool:
        """Tell whether the pattern means ``path``: nothing but what lies below `folder`."""
        pattern = self.pattern.removesuffix("/")
        if pattern != self.pattern and not is_folder:
            return False
        if "/" not in pattern:
            return fnmatchcase(path.name, pattern)
        is_below = path.is_relative_to(self.folder)
        return is_below and fnmatchcase(path.relative_to(self.folder).as_posix(), pattern)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the settings files from the top down to one folder say together.

    Args:
        settings: what holds for every file.
        readers: rules that name a reader; the last that fits wins.
        ignored: rules for what is left out.
        accounts: what the files of accounts say of posts in this very folder, by the kinds of
            downloads that these are from.
    """

    settings: Settings = NONE
    readers: tuple[Rule, ...] = ()
    ignored: tuple[Rule, ...] = ()
    accounts: tuple[tuple[Kind, Account], ...] = ()

    def settings_of(self, path: Path) -> Settings:
        """Return the settings of one file of the folder."""
        settings = self.settings
        if self.accounts:
            settings = self._with_authors(settings, kind_of(path.name))
        for rule in reversed(self.readers):
            if rule.fits(path):
                origins = (*settings.origins, ("reader", rule.origin))
                return replace(settings, reader=rule.value, origins=origins)
        return settings

    def _with_authors(self, settings: Settings, wanted: Kind | None) -> Settings:
        for kind, account in self.accounts:
            if kind is wanted and account.authors:
                origins = (*settings.origins, ("authors", kind.origin))
                return replace(settings, authors=account.authors, origins=origins)
        return settings

    def why_ignored(self, path: Path, *, is_folder: bool = False) -> str | None:
        """Return why a file or folder is left out, or None."""
        for rule in self.ignored:
            if rule.fits(path, is_folder=is_folder):
                return f"ignored by {rule.origin}: {rule.pattern}"
        return None


EVERYWHERE = Scope()
"""The scope of a folder without any settings file."""


def merged(outer: Settings, inner: Settings) -> Settings:
    """Return what two settings say together: ``inner`` wins, key by key and label by label."""
    said = {
        name: value
        for name in ("country", "language", "day_first", "source", "encoding", "reader")
        if (value := getattr(inner, name)) is not None
    }
    return replace(
        outer,
        **said,
        themes=_united(outer.themes, inner.themes),
        origins=_united(outer.origins, inner.origins),
    )


@lru_cache(maxsize=1024)
def fingerprint(settings: Settings) -> str:
    """Return 8 hex digits that differ where two settings read a file differently.

    Empty for no settings at all: most corpora have none.
    """
    if settings == NONE:
        return ""
    told = repr(replace(settings, origins=()))
    return hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()[:8]


_T = TypeVar("_T")
_Pairs: TypeAlias = tuple[tuple[str, _T], ...]


def _united(outer: _Pairs[_T], inner: _Pairs[_T]) -> _Pairs[_T]:
    # Sorted: the order of lines in a file is no difference.
    return tuple(sorted({**dict(outer), **dict(inner)}.items()))
