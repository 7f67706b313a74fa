"""Walking a corpus folder: every file becomes a source, a reason or an error.

Real files come first, in an order that depends on their names alone; what is
reached only through a symbolic link comes last, and each real folder or file
once, so a loop of links ends.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from rights_search.errors import ReadError
from rights_search.index_files import is_index_file, is_table
from rights_search.ingest.source import GZIP_MAGIC, Source


@dataclass(frozen=True, slots=True)
class Skipped:
    """Name a file that was left out on purpose, and why.

    Args:
        name: its path relative to the corpus root, with ``/``.
        reason: why there is no post in it, as the end of a sentence.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that may hold posts, as the folder lists it: nothing of it was read yet.

    Args:
        path: where it is on disk.
        name: its path relative to the corpus root, with ``/``.
        size: in bytes, on disk.
        mtime_ns: when it was last changed, in nanoseconds since 1970.
    """

    path: Path
    name: str
    size: int
    mtime_ns: int


def list_files(root: Path) -> Iterator[Listed | Skipped | ReadError]:
    """Yield each file below ``root``, or ``root`` itself if it is a file; reads none.

    Yields:
        A `Listed` for a file that may hold posts, a `Skipped` for one that holds
        none by its name or kind, a `ReadError` for one that cannot be looked at.
    """
    name = display_name(root.name or str(root))
    try:
        status = root.stat()
    except OSError as error:
        missing = "there is no such file or folder"
        yield ReadError(name, os_reason(error, missing=missing), fatal=True)
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _Walk(root).folders()
    elif stat.S_ISREG(status.st_mode):
        yield Listed(root, name, status.st_size, status.st_mtime_ns)
    else:
        yield ReadError(name, "is neither a file nor a folder", fatal=True)


def open_source(
    listed: Listed,
    *,
    day_first: bool | None = None,
    page_country: str | None = None,
    language: str | None = None,
) -> Source | ReadError:
    """Return a listed file as a source, which takes one pass over its bytes.

    Args:
        listed: the file.
        day_first: how ``03/04/2019`` is to be read in it.
        page_country: ISO code of the country that it is about.
        language: ISO 639-1 code of the language that it is in.
    """
    try:
        with listed.path.open("rb") as stream:
            is_gzip = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            stream.seek(0)
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        return ReadError(listed.name, os_reason(error), fatal=True)
    return Source(listed.path, listed.name, digest, is_gzip, day_first, page_country, language)


def iter_sources(
    root: Path,
    *,
    day_first: bool | None = None,
    page_country: str | None = None,
    language: str | None = None,
) -> Iterator[Source | Skipped | ReadError]:
    """Yield each file of `list_files` as a source; the settings are those of `open_source`."""
    for found in list_files(root):
        if isinstance(found, Listed):
            yield open_source(
                found, day_first=day_first, page_country=page_country, language=language
            )
        else:
            yield found


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
    if name.startswith("."):
        return "hidden"
    if name.endswith("~"):
        return "an editor's backup"
    if _ABOUT.fullmatch(name) or _ABOUT_SHOUTED.match(name):
        return "about the folder, not a post"
    return _NOT_POSTS.get(Path(name.lower()).suffix)


_Found: TypeAlias = Listed | Skipped | ReadError


@dataclass(slots=True)
class _Walk:
    """What one walk has to remember: the way back to the root, and what it has seen."""

    root: Path
    seen: set[tuple[int, int]] = field(default_factory=set)
    links: list[Path] = field(default_factory=list)

    def folders(self) -> Iterator[_Found]:
        yield from self.below(self.root)
        # Links inside of linked folders are appended while this runs.
        for link in self.links:
            yield from self.linked(link)

    def below(self, top: Path) -> Iterator[_Found]:
        """Walk with a stack of our own: folders may nest deeper than Python's."""
        waiting = [top]
        while waiting:
            folder = waiting.pop()
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
                entries = [entry for entry in entries if not is_index_file(entry.name)]
            inner: list[Path] = []
            for entry in entries:
                yield from self.entry(entry, inner)
            waiting.extend(reversed(inner))

    def entry(self, entry: os.DirEntry[str], inner: list[Path]) -> Iterator[_Found]:
        path = Path(entry.path)
        reason = why_no_post(entry.name)
        if reason is not None and (reason == "hidden" or not entry.is_dir(follow_symlinks=False)):
            yield Skipped(self.name(path), reason)
        elif entry.is_symlink():
            self.links.append(path)
        elif entry.is_dir(follow_symlinks=False):
            inner.append(path)
        elif entry.is_file(follow_symlinks=False):
            yield self.file(path)
        else:
            yield Skipped(self.name(path), "a device, pipe or socket")

    def linked(self, link: Path) -> Iterator[_Found]:
        name = self.name(link)
        try:
            status = link.stat()
        except OSError as error:
            # ELOOP, a link to itself, arrives here too.
            yield ReadError(name, os_reason(error, missing="is a link to nothing"), fatal=True)
            return
        if (status.st_dev, status.st_ino) in self.seen:
            yield Skipped(name, "a link to what is read already")
        elif stat.S_ISDIR(status.st_mode):
            yield from self.below(link)
        elif stat.S_ISREG(status.st_mode):
            yield self.file(link)
        else:
            yield Skipped(name, "a link to a device, pipe or socket")

    def file(self, path: Path) -> Listed | ReadError:
        try:
            status = path.stat()
        except OSError as error:
            return ReadError(self.name(path), os_reason(error), fatal=True)
        self.seen.add((status.st_dev, status.st_ino))
        return Listed(path, self.name(path), status.st_size, status.st_mtime_ns)

    def name(self, path: Path) -> str:
        return display_name(path.relative_to(self.root).as_posix())


# Notes about a folder, by their exact names: "license-to-kill.md" is a post.
_ABOUT_NAMES = "readme|licen[cs]e|copying|changelog|contributing|code_of_conduct|notice"
_ABOUT = re.compile(rf"(?:{_ABOUT_NAMES})(?:[._-]\w\w)?(?:\.\w+)?", re.IGNORECASE)
_ABOUT_SHOUTED = re.compile(rf"(?:{_ABOUT_NAMES.upper()})(?:[._-]|\Z)")

_KINDS = {
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
