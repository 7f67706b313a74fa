"""Verifying a whole index: every block, every count, every post, and where its posts come from."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal, TypeAlias

from rights_search import engines
from rights_search.archive import Archive
from rights_search.engines.protocol import Snapshot
from rights_search.errors import IndexBusyError, IndexUnavailableError
from rights_search.index_files import is_on_network
from rights_search.indexing.manifest import FileEntry, Manifest
from rights_search.indexing.post_digests import digest
from rights_search.links.relations import Links
from rights_search.links.store import LinkStore

Level: TypeAlias = Literal["right", "note", "damaged"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was verified.

    Args:
        level: ``right``; ``note`` for what somebody should know of, while all answers are
            right; ``damaged`` for what an index must not be.
        part: what was looked at, such as ``postings`` or ``sources``.
        text: one line.
    """

    level: Level
    part: str
    text: str


def verify(folder: Path) -> Iterator[Finding]:
    """Yield what is found in the index in ``folder``, its sources included; nothing is changed.

    Sources are looked for, and their sizes compared; they are not read again. If another
    process commits meanwhile, the files of before are gone: it is begun anew.

    Raises:
        IndexBusyError: if that happens again and again.
    """
    for _ in range(_TRIES):
        try:
            with Archive.open(folder) as archive:
                yield from _steadily(archive, folder)
                return
        except _OvertakenError:
            yield Finding("note", "index", "it was changed while it was read: begun anew")
        except IndexUnavailableError as error:
            yield Finding("damaged", "index", error.reason)
            return
    reason = "it is changed again and again; verify it when no other process writes to it"
    raise IndexBusyError(str(folder), reason)


_TRIES = 5


class _OvertakenError(Exception):
    """What was being verified is no longer the newest commit."""


def _steadily(archive: Archive, folder: Path) -> Iterator[Finding]:
    """Yield findings as long as the commit that they speak of is the newest."""
    told = archive.manifest
    try:
        for finding in _verify(archive, told, folder):
            if finding.level == "damaged" and archive.manifest.generation != told.generation:
                raise _OvertakenError
            yield finding
    except (IndexUnavailableError, OSError) as error:
        if archive.manifest.generation != told.generation:
            raise _OvertakenError from error
        raise


def _verify(archive: Archive, told: Manifest, folder: Path) -> Iterator[Finding]:
    files, posts = len(told.files), told.post_count
    yield Finding(
        "right", "manifest", f"commit {told.generation}: {posts:,} posts of {files:,} files"
    )
    module = engines.load(archive.engine)
    handle = module.open(folder)
    deep = getattr(module, "verify", None)
    if deep is None:
        yield Finding(
            "note", "engine", f"the files of {archive.engine} are not read block by block"
        )
    else:
        for part, text in deep(handle):
            yield Finding("note" if " has none;" in text else "right", part, text)
    snapshot = module.snapshot(handle)
    try:
        yield _posts(snapshot, told)
        store = LinkStore(folder)
        state = store.state(told.generation)
        yield _links(store.links(told.generation), told)
        if len(state) and {state.post_id(row) for row in range(len(state))} != _ids(told):
            yield Finding("damaged", "links", "fingerprints are those of other posts")
    finally:
        snapshot.close()
    yield from _sources(told)


def _ids(told: Manifest) -> set[str]:
    return {post_id for entry in told.files.values() for post_id in entry.posts}


def _posts(snapshot: Snapshot, told: Manifest) -> Finding:
    """Read every post, and compare it with what the manifest says of it."""
    expected = {
        post_id: (name, found)
        for name, entry in told.files.items()
        for post_id, found in entry.posts.items()
    }
    held = snapshot.documents(expected.keys())
    if len(held) != len(expected) or snapshot.post_count() != len(expected):
        text = f"holds {snapshot.post_count():,} where its files gave {len(expected):,}"
        return Finding("damaged", "posts", text)
    for post_id, document in held.items():
        post = snapshot.post(document)
        name, told_digest = expected[post_id]
        is_same = (post.id, post.provenance.path) == (post_id, name)
        if not (is_same and told_digest == digest(post)):
            return Finding("damaged", "posts", f"{post_id} is not as it was read")
    return Finding("right", "posts", f"all {len(held):,} are as they were read")


def _links(links: Links, told: Manifest) -> Finding:
    named = {post_id for cluster in links.clusters for post_id in cluster.ids}
    named.update(links.follows, (target for target, _ in links.follows.values()))
    if not named <= _ids(told) or len(links.copy_ids) != len(set(links.copy_ids)):
        return Finding("damaged", "links", "name posts that are not there, or one twice")
    copies, follows = len(links.copy_ids), len(links.follows)
    return Finding("right", "links", f"{copies:,} copies and {follows:,} follow-ups are posts")


def _sources(told: Manifest) -> Iterator[Finding]:
    """Look for the file of every post; only its place, kind and size are looked at."""
    root = folder = Path(told.corpus)
    count = sum(bool(entry.posts) for entry in told.files.values())
    if is_on_network(told.corpus):
        yield Finding("note", "sources", f"{root} is on a network: not looked at")
        return
    try:
        folder = root if stat.S_ISDIR(root.stat().st_mode) else root.parent
    except (OSError, ValueError) as error:
        # One line: the archive was moved, or its disk is not there or another user's.
        reason = getattr(error, "strerror", error)
        if count:
            text = f"{root} is not there ({reason}); the posts of its {count:,} files"
            yield Finding("note", "sources", f"{text} are in the index")
            return
    present = 0
    for name, entry in told.files.items():
        problem = _problem(folder, name, entry) if entry.posts else None
        if problem is None:
            present += bool(entry.posts)
        else:
            yield Finding(*problem)
    yield Finding("right", "sources", f"{present:,} files are where they were read, in {root}")


def _problem(folder: Path, name: str, entry: FileEntry) -> tuple[Level, str, str] | None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        return "damaged", "sources", f"{name} leads out of the corpus"
    count = len(entry.posts)
    posts = "post is in the index" if count == 1 else f"{count:,} posts are in the index"
    try:
        found = (folder / name).lstat()
    except OSError as error:
        return "note", "sources", f"{name} is not there ({error.strerror}); its {posts}"
    is_same = stat.S_ISREG(found.st_mode) and entry.size in {found.st_size, 0}
    if not is_same or (entry.size and found.st_mtime_ns != entry.mtime_ns):
        return "note", "sources", f"{name} has changed since it was read; its {posts}"
    return None
