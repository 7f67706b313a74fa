"""What a sync has to do: a corpus compared with what an index holds of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rights_search.errors import ReadError
from rights_search.indexing.accounts import problem_of
from rights_search.indexing.manifest import FileEntry
from rights_search.indexing.sync_results import Problem
from rights_search.indexing.versions import state_of
from rights_search.ingest import Listed, Skipped, list_files
from rights_search.ingest.settings import FILE_NAME

_SECOND_NS = 1_000_000_000
RACY_NS = 2 * _SECOND_NS
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


def plan(
    corpus: Path,
    known: Mapping[str, FileEntry],
    synced_ns: int,
    *,
    follow_links: bool = False,
) -> Plan:
    """Compare a corpus with what an index holds of it, by size and time of change.

    Args:
        corpus: a folder or a file.
        known: the manifest's files.
        synced_ns: when the last sync began, in nanoseconds since 1970.
        follow_links: as in `rights_search.ingest.list_files`.
    """
    to_read: list[Listed] = []
    kept: dict[str, FileEntry] = {}
    problems: list[Problem] = []
    seen: set[str] = set()
    files = 0
    for found in list_files(corpus, follow_links=follow_links):
        files += 1
        seen.add(found.source if isinstance(found, ReadError) else found.name)
        match found:
            case Skipped(name, reason):
                # One that was read before, and now is not, is news: its posts go.
                was_read = name in known
                is_known = bool(known) and not was_read and _was_there(corpus / name, synced_ns)
                problems.append(Problem(name, reason, is_failure=False, is_known=is_known))
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


def _was_there(path: Path, synced_ns: int) -> bool:
    """Tell whether the last sync saw a file as it is; of one that cannot be asked, no.

    When it began is known to the second.
    """
    try:
        return path.lstat().st_ctime_ns < synced_ns + _SECOND_NS
    except OSError:
        return False


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
