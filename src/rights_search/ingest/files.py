"""Walking a corpus folder: every file becomes a source, a reason or an error.

Real files come first, in an order that depends on their names alone; what is
reached only through a symbolic link comes last, and each real folder or file
once, so a loop of links ends. A link that leads out of the corpus could name
anything on the machine: it is followed only where that was asked for.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from io import FileIO
from pathlib import Path
from typing import TypeAlias

from rights_search.errors import ReadError
from rights_search.index_files import is_beside_index, is_table
from rights_search.ingest.exports.account import Account, Kind, account_at, kind_of, kinds_of
from rights_search.ingest.settings import FILE_NAME, NONE, Scope, Settings
from rights_search.ingest.settings_file import is_own, read_scope, read_scopes_above
from rights_search.ingest.source import Skipped, Source


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that may hold posts, as the folder lists it: nothing of it was read yet.

    Args:
        path: where it is on disk.
        name: its path relative to the corpus root, with ``/``.
        size: in bytes, on disk.
        mtime_ns: when it was last changed, in nanoseconds since 1970.
        settings: what the settings files of its folders say of it.
    """

    path: Path
    name: str
    size: int
    mtime_ns: int
    settings: Settings = NONE


def list_files(root: Path, *, follow_links: bool = False) -> Iterator[Listed | Skipped | ReadError]:
    """Yield each file below ``root``, or ``root`` itself if it is a file; reads none.

    Args:
        root: a folder or a file.
        follow_links: True to read what symbolic links lead to outside of ``root``.

    Yields:
        A `Listed` for a file that may hold posts, a `Skipped` for one that holds
        none by its name or kind, a `ReadError` for one that cannot be looked at. Where a
        folder's settings file cannot be understood, the error has the name of that file
        and nothing else comes from the folder.

    Raises:
        ReadError: if the settings that hold for all of ``root`` cannot be understood.
    """
    name = display_name(root.name or str(root))
    try:
        status = root.stat()
    except OSError as error:
        missing = "there is no such file or folder"
        yield ReadError(name, os_reason(error, missing=missing), fatal=True)
        return
    if stat.S_ISDIR(status.st_mode):
        # Patterns in settings count from real folders.
        root = root.resolve()
        yield from _Walk(root, read_scopes_above(root), follow_links).folders()
    elif stat.S_ISREG(status.st_mode):
        folder = root.parent.resolve()
        scope = _with_accounts(read_scopes_above(folder), folder, folder, (root.name,))
        settings = scope.settings_of(folder / root.name)
        yield Listed(root, name, status.st_size, status.st_mtime_ns, settings)
    else:
        yield ReadError(name, "is neither a file nor a folder", fatal=True)


def open_source(listed: Listed) -> Source | ReadError:
    """Return a listed file as a source, which takes one pass over its bytes.

    A small file is opened for that only: its source holds what was read.
    """
    try:
        content = _content(listed)
        if content is None:
            with _opened(listed.path) as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        else:
            digest = hashlib.sha256(content).hexdigest()
            # Another process opens it, by its path.
            content = None if content.startswith(b"%PDF") else content
    except OSError as error:
        return ReadError(listed.name, os_reason(error), fatal=True)
    return Source(listed.path, listed.name, digest, listed.settings, content)


KEPT_BYTES = 2**20
"""The bytes of a smaller file are kept from its digest to its last post."""


def _opened(path: Path) -> FileIO:
    """Open a file that was a plain one when it was listed, and may be a pipe by now."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return FileIO(handle)
    os.close(handle)
    raise OSError(errno.EINVAL, "it is no plain file any more")


def _content(listed: Listed) -> bytes | None:
    """Return the bytes of a small file, or None for a large one, or one that changes."""
    if listed.size > KEPT_BYTES:
        return None
    with _opened(listed.path) as stream:
        content = stream.read(listed.size + 1)
    return content if len(content) == listed.size else None


def iter_sources(root: Path) -> Iterator[Source | Skipped | ReadError]:
    """Yield each file of `list_files` as a source."""
    for found in list_files(root):
        yield open_source(found) if isinstance(found, Listed) else found


def display_name(name: str) -> str:
    """Return a file name with undecodable bytes spelt out, fit to be stored and shown."""
    # A backslash that is there already is doubled, so that no two names look alike.
    return os.fsencode(name.replace("\\", "\\\\")).decode("utf-8", "backslashreplace")


def os_reason(error: OSError, *, missing: str = "is gone; was it moved meanwhile?") -> str:
    """Return in plain words why the system would not give a file."""
    match error:
        case FileNotFoundError():
            return missing
        case PermissionError():
            return "may not be read; check its permissions"
        case _:
            return f"cannot be read: {error.strerror or error}"


def why_no_post(name: str) -> str | None:
    """Return why a file of this name is taken to hold no post, or None."""
    if name == FILE_NAME:
        return "settings, which are followed only where they lie in a folder on disk"
    # Windows keeps small pictures in the former two, macOS the picture of a folder in the last,
    # and both hide them.
    if name.startswith(".") or name.lower() in {"thumbs.db", "ehthumbs.db", "icon\r"}:
        return "hidden"
    if name.endswith("~") or _EDITORS.match(name):
        return "an editor's backup or lock"
    if _ABOUT.fullmatch(name) or _ABOUT_SHOUTED.match(name):
        return "about the folder, not a post"
    # Its other files of this kind hold none.
    if kind_of(name) is not None:
        return None
    return _NOT_POSTS.get(Path(name.lower()).suffix)


_Found: TypeAlias = Listed | Skipped | ReadError


@dataclass(slots=True)
class _Walk:
    """What one walk has to remember: the way back to the root, and what it has seen."""

    root: Path
    scope: Scope
    follow_links: bool
    seen: set[tuple[int, int]] = field(default_factory=set)
    links: list[tuple[Path, Scope]] = field(default_factory=list)

    def folders(self) -> Iterator[_Found]:
        yield from self.below(self.root, self.scope)
        # Links inside of linked folders are appended while this runs.
        for link, scope in self.links:
            yield from self.linked(link, scope)

    def below(self, top: Path, outer: Scope) -> Iterator[_Found]:
        """Walk with a stack of our own: folders may nest deeper than Python's."""
        waiting = [(top, outer)]
        while waiting:
            folder, scope = waiting.pop()
            try:
                status = folder.stat()
                with os.scandir(folder) as listing:
                    entries = sorted(listing, key=lambda entry: entry.name)
            except OSError as error:
                yield ReadError(self.name(folder), os_reason(error), fatal=True)
                continue
            self.seen.add((status.st_dev, status.st_ino))
            # Only beside a table of contents do the other names say that they are an index.
            if any(is_table(entry.name) for entry in entries):
                yield Skipped(self.name(folder), "holds a search index, which is no part of it")
                entries = [entry for entry in entries if not is_beside_index(entry.name)]
            # Those of the root are in its scope, with those above it.
            if folder != self.root and any(entry.name == FILE_NAME for entry in entries):
                try:
                    scope = read_scope(folder, self.name(folder / FILE_NAME), scope)
                except ReadError as error:
                    yield error
                    continue
            names = [entry.name for entry in entries]
            scope = _with_accounts(scope, self.root, folder, names)
            inner: list[Path] = []
            for entry in entries:
                if entry.name != FILE_NAME:
                    yield from self.entry(entry, scope, inner)
            waiting.extend((path, scope) for path in reversed(inner))

    def entry(self, entry: os.DirEntry[str], scope: Scope, inner: list[Path]) -> Iterator[_Found]:
        path = Path(entry.path)
        is_folder = entry.is_dir(follow_symlinks=False)
        by_name = why_no_post(entry.name)
        for kind, account in scope.accounts:
            if kind.is_beside and kind.file == entry.name:
                by_name = account.reason
        # A folder may be called "readme" or "x.js", but hidden is hidden.
        reason = None if is_folder and by_name != "hidden" else by_name
        reason = reason or scope.why_ignored(path, is_folder=is_folder)
        if reason is not None:
            yield Skipped(self.name(path), reason)
        elif entry.is_symlink():
            self.links.append((path, scope))
        elif is_folder:
            inner.append(path)
        elif entry.is_file(follow_symlinks=False):
            yield self.file(path, scope)
        else:
            yield Skipped(self.name(path), "a device, pipe or socket")

    def linked(self, link: Path, scope: Scope) -> Iterator[_Found]:
        name = self.name(link)
        try:
            status = link.stat()
        except OSError as error:
            # ELOOP, a link to itself, arrives here too.
            yield ReadError(name, os_reason(error, missing="is a link to nothing"), fatal=True)
            return
        if (status.st_dev, status.st_ino) in self.seen:
            yield Skipped(name, "a link to what is read already")
        elif not self.follow_links and not link.resolve().is_relative_to(self.root):
            yield Skipped(name, "a link that leads out of the folder; --follow-links reads it")
        elif stat.S_ISDIR(status.st_mode):
            yield from self.below(link, scope)
        elif stat.S_ISREG(status.st_mode):
            yield self.file(link, scope)
        else:
            yield Skipped(name, "a link to a device, pipe or socket")

    def file(self, path: Path, scope: Scope) -> Listed | ReadError:
        try:
            status = path.stat()
        except OSError as error:
            return ReadError(self.name(path), os_reason(error), fatal=True)
        self.seen.add((status.st_dev, status.st_ino))
        settings = scope.settings_of(path)
        return Listed(path, self.name(path), status.st_size, status.st_mtime_ns, settings)

    def name(self, path: Path) -> str:
        return display_name(path.relative_to(self.root).as_posix())


def _with_accounts(scope: Scope, root: Path, folder: Path, names: Collection[str]) -> Scope:
    """Return what holds in a folder with files of these names, of which some may be posts."""
    kinds = kinds_of(names)
    if not kinds:
        # Those of the folder above are for that folder alone.
        return replace(scope, accounts=()) if scope.accounts else scope
    # Through a link it is the folder that the link leads to.
    real = folder.resolve()
    found = [(kind, _account(scope, root, kind, real)) for kind in kinds]
    told = tuple((kind, account) for kind, account in found if account is not None)
    return replace(scope, accounts=told)


def _account(scope: Scope, root: Path, kind: Kind, folder: Path) -> Account | None:
    """Return what the file of an account says of posts in ``folder``; None where there is none.

    As with settings, above the corpus only a file of the same user counts.
    """
    for path in kind.candidates(folder):
        if not os.path.lexists(path) or _is_ignored(scope, path):
            continue
        if path.is_relative_to(root) or is_own(path):
            return account_at(path)
    return None


def _is_ignored(scope: Scope, path: Path) -> bool:
    if not scope.ignored:
        return False
    above = any(scope.why_ignored(parent, is_folder=True) for parent in path.parents)
    return above or scope.why_ignored(path) is not None


# Notes about a folder, by their exact names: "license-to-kill.md" is a post.
_ABOUT_NAMES = "readme|licen[cs]e|copying|changelog|contributing|code_of_conduct|notice"
_ABOUT = re.compile(rf"(?:{_ABOUT_NAMES})(?:[._-]\w\w)?(?:\.\w+)?", re.IGNORECASE)
_ABOUT_SHOUTED = re.compile(rf"(?:{_ABOUT_NAMES.upper()})(?:[._-]|\Z)")

# What Word writes while a document is open, and leaves there where it is not closed.
_EDITORS = re.compile(r"~\$|~WR[A-Z]\d+\.tmp\Z", re.IGNORECASE)

_KINDS = {
    "a link to a place elsewhere": "desktop lnk url webloc",
    "a picture": "avif bmp gif ico jpeg jpg png svg tif tiff webp",
    "sound or film": "aac avi flac m4a mkv mov mp3 mp4 ogg wav webm",
    "a font": "eot otf ttf woff woff2",
    "a program, style or setting": (
        "bat c cfg cjs conf cpp css dtd go h ini java js less lock map mjs php pl ps1 py pyc r "
        "rb rs sass scss sh sql toml ts tsx xsd xsl xslt yaml yml"
    ),
}
_NOT_POSTS = {
    f".{suffix}": kind for kind, suffixes in _KINDS.items() for suffix in suffixes.split()
}
