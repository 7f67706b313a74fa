"""What may interrupt: works that change an index, and what must hold behind each of them."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from rights_search import Archive, engines
from rights_search.index_files import LOCK, has_index
from rights_search.indexing.sync_results import SyncSummary
from rights_search.indexing.verification import verify

OTHER = {"whoosh": "tantivy", "tantivy": "whoosh"}

State: TypeAlias = tuple[str, frozenset[str]] | None
"""The engine of an index and the ids of its posts; None if there is no index."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a work is done.

    Args:
        index: the index folder.
        corpus: what it is brought in line with.
        engine: of the index before the work, or to be made.
    """

    index: Path
    corpus: Path
    engine: str

    def put(self, name: str, title: str, text: str = "Police held a journalist.") -> None:
        """Write a post into the corpus."""
        (self.corpus / name).write_text(f"# {title}\n\n2014\n\n{text}\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Work:
    """Something that changes an index.

    Args:
        prepare: makes the index and the corpus that the work starts from.
        run: does the work.
        again: what a user would run next; None for the work itself.
    """

    prepare: Callable[[Place], None]
    run: Callable[[Place], object]
    again: Callable[[Place], object] | None = None

    def repeat(self, place: Place) -> None:
        """Run what comes next, without any help."""
        (self.again or self.run)(place)


def state(index: Path) -> State:
    """Return the posts of an index, all of which was verified."""
    if not has_index(index):
        return None
    wrong = [finding for finding in verify(index) if finding.level == "damaged"]
    assert not wrong, wrong
    with Archive.open(index) as archive:
        hits = archive.search("", copies="all", limit=1000)
        return archive.engine, frozenset(hit.post.id for hit in hits)


def litter(index: Path) -> list[str]:
    """Return the files and folders that nothing of an index names, beside locks."""
    with Archive.open(index) as archive:
        generation, engine = archive.manifest.generation, archive.engine
    names = {str(path.relative_to(index)) for path in index.rglob("*")}
    names -= {LOCK} | {f"{stem}-{generation}.{end}" for stem, end in _SIDECARS}
    return sorted(name for name in names if not _OURS[engine](index, name))


_SIDECARS = (("manifest", "json"), ("links", "json"), ("fingerprints", "bin"))


def _is_whoosh(index: Path, name: str) -> bool:
    handle = engines.load("whoosh").open(index)
    contents = handle.contents()  # type: ignore[attr-defined]
    files = {file for segment in contents.segments for file in segment.files(handle.storage)}  # type: ignore[attr-defined]
    return name in files | {"MAIN_WRITELOCK", f"_MAIN_{contents.generation}.toc"}


def _is_tantivy(index: Path, name: str) -> bool:
    plain = {".managed.json", "meta.json", ".tantivy-writer.lock", ".tantivy-meta.lock"}
    if name == "MAIN.tantivy" or name in {f"MAIN.tantivy/{each}" for each in plain}:
        return True
    match = re.fullmatch(r"MAIN\.tantivy/([0-9a-f]{32})\.[a-z0-9.]+", name)
    if match is None:
        return False
    segment = match[1]
    dashed = "-".join(segment[a:b] for a, b in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
    return dashed in (index / "MAIN.tantivy" / "meta.json").read_text(encoding="utf-8")


_OURS = {"whoosh": _is_whoosh, "tantivy": _is_tantivy}


# --- the works -----------------------------------------------------------------------------


def _old_posts(place: Place) -> None:
    place.put("changed.md", "To be changed")
    place.put("gone.md", "To be removed")
    place.put("kept.md", "Always there")


def _new_posts(place: Place) -> None:
    place.put("changed.md", "Was changed", "Prison in Cairo.")
    (place.corpus / "gone.md").unlink()
    place.put("new.md", "Is new")


def _index_of_old(place: Place) -> None:
    _old_posts(place)
    _sync(place)


def _before_sync(place: Place) -> None:
    _index_of_old(place)
    _new_posts(place)


def _before_merge(place: Place) -> None:
    """Make an index of so many segments that the next commit merges them."""
    _old_posts(place)
    for number in range(9):
        place.put(f"more-{number}.md", f"Another post {number}")
        _sync(place)
    _new_posts(place)


def _sync(place: Place) -> None:
    with Archive.open_or_create(place.index, engine=place.engine) as archive:
        archive.sync(place.corpus, processes=1)


def _sync_any(place: Place) -> None:
    with Archive.open(place.index) as archive:
        archive.sync(place.corpus, processes=1)


def _rebuild(place: Place) -> None:
    with Archive.open_for_rebuild(place.index, engine=place.engine) as archive:
        archive.sync(place.corpus, rebuild=True, processes=1)


def _rebuild_with_other(place: Place) -> None:
    with Archive.open_for_rebuild(place.index, engine=OTHER[place.engine]) as archive:
        archive.sync(place.corpus, rebuild=True, processes=1)


def _convert(place: Place) -> None:
    with Archive.open(place.index) as archive:
        archive.convert(OTHER[place.engine]).close()


WORKS = {
    "build": Work(_old_posts, _sync),
    "sync": Work(_before_sync, _sync),
    "merge": Work(_before_merge, _sync),
    "rebuild": Work(_before_sync, _rebuild),
    "rebuild with the other engine": Work(_before_sync, _rebuild_with_other),
    "convert": Work(_index_of_old, _convert, _sync_any),
}


def in_processes(place: Place) -> SyncSummary:
    """Do what ``sync`` does in two more processes."""
    with Archive.open(place.index) as archive:
        return archive.sync(place.corpus, processes=2)


class Trial:
    """A work in a place of its own, which can be set up again and again.

    Args:
        folder: empty; everything is made in it.
        work: what is done.
        engine: with which engine.
    """

    def __init__(self, folder: Path, work: Work, engine: str) -> None:
        self._work = work
        self._first = Place(folder / "first", folder / "corpus", engine)
        self.place = Place(folder / "index", folder / "corpus", engine)
        self.place.corpus.mkdir()
        work.prepare(self._first)
        self.old = state(self._first.index)
        self.reset()
        work.run(self.place)
        self.new = state(self.place.index)
        assert self.new != self.old

    def reset(self) -> None:
        """Put the index back to what it was before the work."""
        self.empty()
        if self._first.index.exists():
            shutil.copytree(self._first.index, self.place.index)

    def keep(self, folder: Path) -> None:
        """Copy the index as it is now, if there is one."""
        if self.place.index.exists():
            shutil.copytree(self.place.index, folder)

    def empty(self) -> None:
        """Remove the index, for another to be put in its place.

        At once under another name: a thread of Tantivy, which looks after every index that is
        opened, may make its lock in the folder at any later moment.
        """
        if self.place.index.exists():
            gone = tempfile.mkdtemp(dir=self.place.index.parent)
            shutil.rmtree(self.place.index.rename(gone))

    def run(self) -> object:
        """Do the work."""
        return self._work.run(self.place)

    def repeat(self) -> None:
        """Do what a user would do next."""
        self._work.repeat(self.place)

    def check(self) -> bool:
        """Check that all is well behind an interruption; tell whether the work was done.

        The index is as it was or as it should be, all of it can be read, and what is run
        next ends in the new state and leaves nothing lying about.
        """
        found = state(self.place.index)
        is_empty = found == (self.place.engine, frozenset())
        assert found in {self.old, self.new} or (self.old is None and is_empty), found
        self.repeat()
        # What is converted in vain stays what it was: to sync it is no conversion.
        wanted = self.new if self._work.again is None else found
        assert state(self.place.index) == wanted
        left = litter(self.place.index)
        assert not left, left
        return found == self.new
