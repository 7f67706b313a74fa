"""Bringing an index up to date with a corpus folder, in one commit."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from rights_search.engines.protocol import Writer
from rights_search.errors import ReadError
from rights_search.ingest import Listed, Skipped, Source, list_files, open_source, read_file
from rights_search.ingest.settings import FILE_NAME
from rights_search.links.linker import Linker
from rights_search.links.relations import Links
from rights_search.links.state import State
from rights_search.manifest import FileEntry
from rights_search.post import Post, to_dict
from rights_search.results import Problem, Progress, SyncSummary
from rights_search.tagging import tag
from rights_search.versions import state_of

RACY_NS = 2_000_000_000
"""A file changed this short a time before it was read may have changed again
without a new time stamp: it is read once more."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sync has to do.

    Args:
        read: files that are new or may have changed.
        kept: name → entry of files that did not change.
        gone: names of files that were there before.
        problems: what was left out or could not be opened while listing.
        files: how many files were looked at.
    """

    read: tuple[Listed, ...]
    kept: Mapping[str, FileEntry]
    gone: tuple[str, ...]
    problems: tuple[Problem, ...]
    files: int

    @property
    def is_empty(self) -> bool:
        """Tell whether the index is up to date already."""
        return not self.read and not self.gone


def plan(corpus: Path, known: Mapping[str, FileEntry], synced_ns: int) -> Plan:
    """Compare a corpus with what an index holds of it, by size and time of change.

    Args:
        corpus: a folder or a file.
        known: the manifest's files.
        synced_ns: when the last sync began, in nanoseconds since 1970.
    """
    to_read: list[Listed] = []
    kept: dict[str, FileEntry] = {}
    problems: list[Problem] = []
    seen: set[str] = set()
    files = 0
    for found in list_files(corpus):
        files += 1
        seen.add(found.source if isinstance(found, ReadError) else found.name)
        match found:
            case Skipped(name, reason):
                problems.append(Problem(name, reason, is_failure=False))
                seen.discard(name)
            case ReadError():
                problems.append(problem_of(found, is_failure=True))
                # What cannot be looked at is not gone: neither the file nor, if it is a
                # folder, what lies below it.
                below = _below(found.source)
                for name in known:
                    if name == found.source or name.startswith(below):
                        kept[name] = known[name]
                        seen.add(name)
            case Listed():
                entry = known.get(found.name)
                if entry is not None and _is_up_to_date(found, entry, synced_ns):
                    kept[found.name] = entry
                else:
                    to_read.append(found)
    gone = tuple(name for name in known if name not in seen)
    return Plan(tuple(to_read), kept, gone, tuple(problems), files)


def _below(unread: str) -> str:
    """Return how the names begin that lie in a folder which could not be read.

    Args:
        unread: the folder, or the settings file of the folder.
    """
    if unread == ".":
        return ""
    folder, _, name = unread.rpartition("/")
    return f"{folder}/" if name == FILE_NAME else f"{unread}/"


def _is_up_to_date(found: Listed, entry: FileEntry, synced_ns: int) -> bool:
    same = (found.size, found.mtime_ns) == (entry.size, entry.mtime_ns)
    # A time in the future is no trace of a change: a change would bring it back to now.
    is_racy = abs(entry.mtime_ns - synced_ns) <= RACY_NS
    return same and not is_racy and entry.state == state_of(found.settings)


@dataclass(slots=True)
class Sync:
    """One run of a plan: counts what happens and collects the new manifest entries."""

    known: Mapping[str, FileEntry]
    writer: Writer
    linker: Linker
    progress: Callable[[Progress], None] | None = None
    entries: dict[str, FileEntry] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    files_read: int = 0
    files_renewed: int = 0

    def run(self, work: Plan) -> SyncSummary:
        """Do the work; the caller commits."""
        began = time.perf_counter()
        self.problems.extend(work.problems)
        for name, entry in work.kept.items():
            self._leave(name, entry)
        for name in work.gone:
            self.removed += len(self.known[name].posts)
            if self.known[name].posts:
                self.writer.delete_source(name)
        total = sum(listed.size for listed in work.read)
        done = 0
        for number, listed in enumerate(work.read):
            self._report(number, len(work.read), done, total, listed.name)
            self._file(listed)
            done += listed.size
        self._report(len(work.read), len(work.read), done, total, "")
        return self._summary(work, time.perf_counter() - began)

    def links(self, before: State | None) -> tuple[State, Links]:
        """Return what to remember of all posts now, and their links.

        Args:
            before: what was remembered, None for nothing.
        """
        names = sorted(self.entries)
        ids = [post_id for name in names for post_id in self.entries[name].posts]
        return self.linker.finish(before, ids)

    def _file(self, listed: Listed) -> None:
        before = self.known.get(listed.name, _NOTHING)
        source = open_source(listed)
        if isinstance(source, ReadError):
            self._keep(listed.name, before, [problem_of(source, is_failure=True)])
        elif before.sha256 == source.sha256 and before.state == state_of(listed.settings):
            self._touch(listed, before)
        else:
            self._read(listed, source, before)

    def _read(self, listed: Listed, source: Source, before: FileEntry) -> None:
        self.files_read += 1
        self.files_renewed += before.sha256 == source.sha256
        posts: dict[str, str] = {}
        problems: list[Problem] = []
        label_map = dict(listed.settings.themes)
        for record in read_file(source):
            match record:
                case Post():
                    post = tag(record, label_map)
                    self.writer.add(post)
                    self.linker.add(post)
                    posts[post.id] = digest(post)
                case Skipped(name, reason):
                    problems.append(Problem(name, reason, is_failure=False))
                case ReadError():
                    problems.append(problem_of(record))
        if before.posts and not posts and any(problem.is_failure for problem in problems):
            self._keep(listed.name, before, problems)
            return
        if before.posts:
            self.writer.delete_source(listed.name)
        self._count(before.posts, posts)
        self.problems.extend(problems)
        notes = tuple((item.source, item.line, item.reason, item.is_failure) for item in problems)
        state = state_of(listed.settings)
        self.entries[listed.name] = FileEntry(
            listed.size, listed.mtime_ns, source.sha256, state, posts, notes
        )

    def _keep(self, name: str, before: FileEntry, problems: Iterable[Problem]) -> None:
        """Leave the posts of a file that can no longer be read as they were."""
        if before.posts:
            kept = f"its {len(before.posts)} posts are kept as they were read before"
            problems = [
                replace(problem, reason=f"{problem.reason}; {kept}") for problem in problems
            ]
        self.problems.extend(problems)
        if before is _NOTHING:
            return
        # Without a size and a digest the next sync will try the file again.
        self.entries[name] = replace(before, size=0, mtime_ns=0, sha256="", problems=())
        self.unchanged += len(before.posts)

    def _touch(self, listed: Listed, before: FileEntry) -> None:
        """Take the new time stamp of a file whose bytes are the same."""
        self._leave(listed.name, replace(before, size=listed.size, mtime_ns=listed.mtime_ns))

    def _leave(self, name: str, entry: FileEntry) -> None:
        """Count a file that did not change, and say again what is wrong with it."""
        self.entries[name] = entry
        self.unchanged += len(entry.posts)
        self.problems.extend(Problem(at, why, line, bad) for at, line, why, bad in entry.problems)

    def _count(self, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        self.added += len(after.keys() - before.keys())
        self.removed += len(before.keys() - after.keys())
        shared = after.keys() & before.keys()
        same = sum(after[post_id] == before[post_id] for post_id in shared)
        self.unchanged += same
        self.changed += len(shared) - same

    def _report(self, done: int, total: int, bytes_done: int, bytes_total: int, name: str) -> None:
        if self.progress is not None:
            posts = self.added + self.changed + self.unchanged
            self.progress(Progress(done, total, bytes_done, bytes_total, posts, name))

    def _summary(self, work: Plan, elapsed_s: float) -> SyncSummary:
        failed = {problem.source for problem in self.problems if problem.is_failure}
        return SyncSummary(
            added=self.added,
            changed=self.changed,
            removed=self.removed,
            unchanged=self.unchanged,
            files=work.files,
            files_read=self.files_read,
            files_renewed=self.files_renewed,
            files_removed=len(work.gone),
            skipped=sum(not problem.is_failure for problem in self.problems),
            failed=len(failed),
            problems=tuple(self.problems),
            elapsed_s=elapsed_s,
        )


_NOTHING = FileEntry(0, 0, "")


def problem_of(error: ReadError, *, is_failure: bool = False) -> Problem:
    """Return a reader's error as a problem of the run."""
    return Problem(error.source, error.reason, error.line, is_failure=is_failure or error.fatal)


def digest(post: Post) -> str:
    """Return a short fingerprint of everything in a post, provenance left out."""
    record = {name: value for name, value in to_dict(post).items() if name != "provenance"}
    text = json.dumps(record, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]
