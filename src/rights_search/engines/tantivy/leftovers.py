"""Removing what a process that died left in the folder of a Tantivy index.

Tantivy removes the files that it has registered and does not need, but not all that are
there are registered, and it refuses to write a file that is there: the deletions of a
commit that did not happen would keep the next one from happening.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from rights_search.engines.tantivy.index import MAX_META_BYTES, META, TantivyIndex, damaged
from rights_search.index_files import TANTIVY_FOLDER, UNFINISHED_TANTIVY, read_whole
from rights_search.json_text import read_json

_SEGMENT_FILE = re.compile(r"([0-9a-f]{32})\.(?:(\d+)\.)?[a-z]+\Z")
_TEMPORARY = ".tmp"


def remove_leftovers(handle: TantivyIndex) -> None:
    """Remove every file that the newest commit does not name; the lock must be held.

    Raises:
        IndexUnavailableError: if that commit cannot be read.
    """
    if handle.folder is None:
        return
    inside = handle.folder / TANTIVY_FOLDER
    named = _named(handle.folder, inside / META)
    for path in inside.iterdir():
        match = _SEGMENT_FILE.match(path.name)
        is_old = match is not None and not _is_named(match, named)
        if is_old or path.name.startswith(_TEMPORARY):
            path.unlink(missing_ok=True)
    for path in handle.folder.iterdir():
        if path.name.startswith(UNFINISHED_TANTIVY):
            shutil.rmtree(path, ignore_errors=True)


def files_named(folder: Path) -> list[Path]:
    """Return the files of segments that are there and that the newest commit names."""
    inside = folder / TANTIVY_FOLDER
    named = _named(folder, inside / META)
    matches = ((path, _SEGMENT_FILE.match(path.name)) for path in sorted(inside.iterdir()))
    return [path for path, match in matches if match is not None and _is_named(match, named)]


def _named(folder: Path, meta: Path) -> dict[str, int | None]:
    """Return segment → number of its deletions, None for a segment that has none."""
    try:
        segments = read_json(read_whole(meta, MAX_META_BYTES))["segments"]
        return {
            segment["segment_id"].replace("-", ""): (segment["deletes"] or {}).get("opstamp")
            for segment in segments
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(folder, error) from error


def _is_named(match: re.Match[str], named: dict[str, int | None]) -> bool:
    segment, deletions = match.groups()
    if segment not in named:
        return False
    return deletions is None or int(deletions) == named[segment]
