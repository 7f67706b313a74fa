"""Bringing an index up to date with a corpus folder, in one commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from rights_search.engines.protocol import Writer
from rights_search.indexing.accounts import (
    Tally,
    unclear_dates,
    without_posts,
)
from rights_search.indexing.file_reading import POSTS_A_MESSAGE, FileReader, Reading, Task
from rights_search.indexing.manifest import FileEntry
from rights_search.indexing.sync_plan import Plan
from rights_search.indexing.sync_results import Fate, FileReport, Problem, Progress, SyncSummary
from rights_search.indexing.versions import state_of
from rights_search.indexing.workers import Calls, Part, Tell
from rights_search.ingest import Listed
from rights_search.ingest.source import INSIDE
from rights_search.links.linker import Linker
from rights_search.links.relations import Links
from rights_search.links.state import State
from rights_search.post import Post

ReadAll: TypeAlias = Callable[[Sequence[Task], Calls], Sequence[Reading]]
"""Does tasks in other processes: see `rights_search.indexing.workers.read`."""


class SameIdError(Exception):
    """Files hold posts of one identifier, of which a search would lose one.

    Args:
        files: name → why it is to be refused, for all but one of each such files.
    """

    def __init__(self, files: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in files.items()))
        self.files = files


@dataclass(slots=True)
class Sync:
    """One run of a plan: counts what happens and collects the new manifest entries.

    Args:
        known: the manifest's files.
        writer: takes the posts.
        linker: takes what their links are found by.
        progress: called before each file, now and then in a long one, and once at the end.
        read_all: reads the files elsewhere; None to read them here, one after the other.
        refused: name → reason for files that are not to be read, see `SameIdError`.
    """

    known: Mapping[str, FileEntry]
    writer: Writer
    linker: Linker
    progress: Callable[[Progress], None] | None = None
    read_all: ReadAll | None = None
    refused: Mapping[str, str] = field(default_factory=dict)
    entries: dict[str, FileEntry] = field(default_factory=dict)
    fates: dict[str, Fate] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    files_read: int = 0
    files_renewed: int = 0

    def run(self, work: Plan) -> SyncSummary:
        """Do the work; the caller commits.

        Raises:
            SameIdError: if files hold posts of one identifier; nothing may be committed then.
        """
        self.problems.extend(work.problems)
        for name, entry in work.kept.items():
            self._leave(name, entry)
        for name in work.gone:
            self.fates[name] = "removed"
            self.removed += len(self.known[name].posts)
            if self.known[name].posts:
                self.writer.delete_source(name)
        for listed in work.read:
            if listed.name in self.refused:
                problem = Problem(listed.name, self.refused[listed.name], is_failure=True)
                self._keep(listed.name, self.known.get(listed.name, _NOTHING), [problem])
        tasks = [self._task(listed) for listed in work.read if listed.name not in self.refused]
        for task, reading in zip(tasks, self._readings(tasks), strict=True):
            self._apply(task.listed, reading)
        self._check_ids({task.listed.name for task in tasks})
        return self._summary(work)

    def _task(self, listed: Listed) -> Task:
        before = self.known.get(listed.name, _NOTHING)
        return Task(listed, before.sha256, before.state)

    def _readings(self, tasks: Sequence[Task]) -> Iterator[Reading]:
        """Yield what comes of each task, in their order."""
        total = sum(task.size for task in tasks)

        def tell(files: int, size: int, posts: int, name: str) -> None:
            if self.progress is not None:
                kept = self.added + self.changed + self.unchanged
                self.progress(Progress(files, len(tasks), size, total, kept + posts, name))

        if self.read_all is None:
            yield from self._readings_here(tasks, tell)
        else:
            yield from self.read_all(tasks, Calls(tell, self._join, self._restart))
        tell(len(tasks), total, 0, "")

    def _readings_here(self, tasks: Sequence[Task], tell: Tell) -> Iterator[Reading]:
        """Read the files; say before each, and now and then within, how many posts there are."""
        at = size = posts = 0

        def take(batch: Sequence[Post]) -> None:
            nonlocal posts
            self._take(batch)
            before, posts = posts, posts + len(batch)
            if posts // POSTS_A_MESSAGE > before // POSTS_A_MESSAGE:
                tell(at, size, posts, tasks[at].listed.name)

        def entered() -> Iterator[Reading]:
            nonlocal posts
            for reading in reader.done():
                yield reading
                posts -= reading.post_count

        reader = FileReader(take, self._gather)
        for at, task in enumerate(tasks):
            tell(at, size, posts, task.listed.name)
            reader.read(task)
            yield from entered()
            size += task.size
        reader.settle()
        yield from entered()

    def _take(self, posts: Sequence[Post]) -> None:
        if posts:
            self.writer.add(*posts)

    def _gather(self, posts: Sequence[Post]) -> None:
        self.linker.add(*posts)

    def _join(self, part: Part) -> None:
        """Take in what another process has finished, while it goes on."""
        posts, gathered = part
        self.writer.join(posts)
        self.linker.load(gathered)

    def _restart(self) -> None:
        """Forget what was taken in: all of it will come again."""
        self.writer.restart()
        self.linker.restart()

    def reports(self) -> Iterator[FileReport]:
        """Yield what became of each file, after `run`, in the order of their names."""
        problems: dict[str, list[Problem]] = {}
        for problem in self.problems:
            problems.setdefault(self._file_of(problem.source), []).append(problem)
        for name in sorted({*self.fates, *problems}):
            entry, found = self.entries.get(name, _NOTHING), problems.get(name, [])
            # What only the listing of a folder knows has no fate of its own.
            yield FileReport(
                name,
                self.fates.get(name) or without_posts(found),
                entry.sha256,
                entry.readers,
                len(entry.posts),
                tuple(found),
                unclear_dates(entry.unclear_dates),
            )

    def _file_of(self, name: str) -> str:
        """Return the file that a file, or a member of an archive in it, lies in."""
        file = name
        while file and file not in self.fates:
            file = file.rpartition(INSIDE)[0]
        return file or name

    def links(self, before: State | None) -> tuple[State, Links]:
        """Return what to remember of all posts now, and their links.

        Args:
            before: what was remembered, None for nothing.
        """
        names = sorted(self.entries)
        ids = [post_id for name in names for post_id in self.entries[name].posts]
        return self.linker.finish(before, ids)

    def _apply(self, listed: Listed, reading: Reading) -> None:
        """Enter what came of a file."""
        before = self.known.get(listed.name, _NOTHING)
        if not reading.sha256:
            self._keep(listed.name, before, reading.problems)
        elif reading.is_same:
            self._touch(listed, before)
        else:
            self._enter(listed, reading, before)

    def _enter(self, listed: Listed, reading: Reading, before: FileEntry) -> None:
        is_renewed = before.sha256 == reading.sha256
        self.files_read += 1
        self.files_renewed += is_renewed
        posts = dict(reading.posts)
        if reading.post_count != len(posts):
            raise AssertionError(f"{listed.name}: of {reading.post_count} posts some have one id")
        problems = list(reading.problems)
        if before.posts and not posts and any(problem.is_failure for problem in problems):
            self._keep(listed.name, before, problems)
            return
        if before.posts:
            self.writer.delete_source(listed.name)
        self._count(before.posts, posts)
        self.problems.extend(problems)
        if not posts and not problems:
            reason = "gave neither a post nor a reason why; please report it"
            problems.append(Problem(listed.name, reason))
        notes = tuple(map(_note, problems))
        self.entries[listed.name] = FileEntry(
            size=listed.size,
            mtime_ns=listed.mtime_ns,
            sha256=reading.sha256,
            state=state_of(listed.settings),
            posts=posts,
            problems=notes,
            readers=reading.readers,
            unclear_dates=reading.unclear_dates,
        )
        is_first = not before.sha256 and not before.posts
        fate: Fate = "renewed" if is_renewed else "added" if is_first else "changed"
        if not posts and not before.posts:
            fate = without_posts(problems)
        self.fates[listed.name] = fate

    def _keep(self, name: str, before: FileEntry, problems: Iterable[Problem]) -> None:
        """Leave the posts of a file that can no longer be read as they were."""
        if before.posts:
            kept = f"its {len(before.posts)} posts are kept as they were read before"
            problems = [
                replace(problem, reason=f"{problem.reason}; {kept}") for problem in problems
            ]
        told = [
            replace(problem, is_known=_note(problem) in before.problems) for problem in problems
        ]
        self.problems.extend(told)
        self.fates[name] = "failed"
        # Without a size and a digest the next sync will try the file again.
        notes = tuple(map(_note, told))
        self.entries[name] = replace(before, size=0, mtime_ns=0, sha256="", problems=notes)
        self.unchanged += len(before.posts)

    def _touch(self, listed: Listed, before: FileEntry) -> None:
        """Take the new time stamp of a file whose bytes are the same."""
        self._leave(listed.name, replace(before, size=listed.size, mtime_ns=listed.mtime_ns))

    def _leave(self, name: str, entry: FileEntry) -> None:
        """Count a file that did not change, and say again what is wrong with it."""
        self.entries[name] = entry
        problems = [
            Problem(at, why, line, bad, is_known=True) for at, line, why, bad in entry.problems
        ]
        self.fates[name] = "kept" if entry.posts else without_posts(problems)
        self.unchanged += len(entry.posts)
        self.problems.extend(problems)

    def _count(self, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        self.added += len(after.keys() - before.keys())
        self.removed += len(before.keys() - after.keys())
        shared = after.keys() & before.keys()
        same = sum(after[post_id] == before[post_id] for post_id in shared)
        self.unchanged += same
        self.changed += len(shared) - same

    def _summary(self, work: Plan) -> SyncSummary:
        self._check_sums()
        tally = self._tally()
        return SyncSummary(
            added=self.added,
            changed=self.changed,
            removed=self.removed,
            unchanged=self.unchanged,
            files=work.files,
            files_read=self.files_read,
            files_renewed=self.files_renewed,
            files_removed=len(work.gone),
            skipped=tally.skipped,
            failed=tally.files_failed,
            problems=tuple(self.problems),
            files_skipped=tally.files_skipped,
            members_failed=tally.members_failed,
            unclear_dates=sum(entry.unclear_dates for entry in self.entries.values()),
        )

    def _tally(self) -> Tally:
        tally = Tally()
        for item in self.reports():
            if item.path in self.fates:
                posts = 0 if item.fate == "failed" else item.posts
                if item.fate != "removed":
                    tally.opened(item.path, posts, item.problems)
            else:
                for problem in item.problems:
                    tally.listed(problem)
        return tally

    def _check_ids(self, read: set[str]) -> None:
        """Check that no two files hold posts of one identifier.

        Args:
            read: the names of the files that were read in this run.
        """
        posts = {name: entry.posts for name, entry in self.entries.items() if entry.posts}
        if not read or len(set().union(*posts.values())) == sum(map(len, posts.values())):
            return
        # What was there before stays, then what comes first.
        owners: dict[str, str] = {}
        refused: dict[str, str] = {}
        for name in sorted(posts, key=lambda name: (name in read, name not in self.known, name)):
            taken = owners.keys() & posts[name].keys()
            if taken:
                post_id = min(taken)
                refused[name] = (
                    f"its post {post_id} has the identifier of one in {owners[post_id]}, which "
                    "hardly is chance: not read; rename one of the two files to have both"
                )
            else:
                owners |= dict.fromkeys(posts[name], name)
        raise SameIdError(refused)

    def _check_sums(self) -> None:
        """Check that each post that files hold now was counted once in this run."""
        counted = self.added + self.changed + self.unchanged
        held = sum(len(entry.posts) for entry in self.entries.values())
        if counted != held:
            raise AssertionError(f"{counted:,} posts were counted where files hold {held:,}")


def _note(problem: Problem) -> tuple[str, int | None, str, bool]:
    """Return a problem as the manifest has it."""
    return problem.source, problem.line, problem.reason, problem.is_failure


_NOTHING = FileEntry(0, 0, "")
