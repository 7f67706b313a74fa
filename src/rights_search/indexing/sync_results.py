"""The frozen values that a sync and a look at files give back."""

from __future__ import annotations

from typing import Literal, TypeAlias

from rights_search.values import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or a record in one, that was not indexed.

    Args:
        source: the file, relative to the corpus root.
        reason: why, and what to do.
        line: 1-based line, if known.
        is_failure: True when the file could not be read, False for a file or a
            record that was skipped on purpose.
        is_known: True when an earlier sync came upon it and the file is as it was.
    """

    source: str
    reason: str
    line: int | None = None
    is_failure: bool = True
    is_known: bool = False

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        return f"{place}: {self.reason}"


Fate: TypeAlias = Literal["added", "changed", "renewed", "kept", "removed", "skipped", "failed"]
"""What became of a file. ``renewed`` is one that was read again although its bytes are
as before, ``failed`` one that could not be read; posts of earlier runs are kept then. A file
that never gave a post has failed or was skipped, whether it was read in this run or not."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What a sync did with one file.

    Args:
        path: relative to the corpus root.
        fate: what became of it.
        sha256: hex digest of the bytes that were read; empty where none were.
        readers: names of the readers that gave its posts.
        posts: how many posts the index holds of it now.
        problems: what was not indexed of it, with reasons.
        hints: what would have it read better.
    """

    path: str
    fate: Fate
    sha256: str = ""
    readers: tuple[str, ...] = ()
    posts: int = 0
    problems: tuple[Problem, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncSummary:
    """What a sync did. Posts are counted once each.

    A record without a key or an address of its own is known by its title, date and text: when
    one of these is edited, one post is removed and another added.

    Args:
        added, changed, removed, unchanged: posts. A post is changed when its id
            stayed and its content did not.
        files: files looked at.
        files_read: files that were new or changed, and so were read.
        files_removed: files of the last run that are gone.
        skipped: records left out of files that were read, on purpose or because they are
            broken.
        failed: files that could not be read, or not to their end.
        problems: every skipped or failed thing with its reason.
        elapsed_s: wall-clock seconds.
        files_renewed: files read although their bytes are as before: the program, one of
            its vocabularies or their settings changed.
        files_skipped: files without a post where nothing failed.
        members_failed: members of archives that could not be read.
        unclear_dates: posts of whose dates only the year is certain, see ``day-first`` in
            docs/settings.md.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    files: int = 0
    files_read: int = 0
    files_removed: int = 0
    skipped: int = 0
    failed: int = 0
    problems: tuple[Problem, ...] = ()
    elapsed_s: float = 0.0
    files_renewed: int = 0
    files_skipped: int = 0
    members_failed: int = 0
    unclear_dates: int = 0

    def __repr__(self) -> str:
        """Return a line without the problems, of which a corpus may have thousands."""
        return (
            f"<SyncSummary: {self.added} posts added, {self.changed} changed, "
            f"{self.removed} removed, {self.unchanged} unchanged; {self.files_read} of "
            f"{self.files} files read, {self.failed} failed; {len(self.problems)} problems>"
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a sync stands.

    Args:
        files_done, files_total: files read and to be read.
        bytes_done, bytes_total: their sizes in bytes on disk.
        posts: posts taken in so far.
        name: the file being read.
    """

    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    posts: int
    name: str
