"""Files → posts: the front of the ingester.

`read` walks a corpus and gives back posts, files that were left out, and errors,
in an order that depends on the files alone. Its steps are `list_files`, `open_source`
and `read_file`, for callers that decide between them which files to read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rights_search.errors import ReadError
from rights_search.ingest.files import (
    Listed,
    display_name,
    iter_sources,
    list_files,
    open_source,
)
from rights_search.ingest.posts import PostMaker, make_post
from rights_search.ingest.readers import READERS
from rights_search.ingest.reading import Explained, Opened, explain_file, read_file
from rights_search.ingest.settings_file import vocabulary_above
from rights_search.ingest.source import (
    Draft,
    Enclosed,
    Member,
    Reader,
    Record,
    Skipped,
    Source,
    Span,
)
from rights_search.post import Post
from rights_search.vocabulary.vocabulary import current, using

VERSION = 19
"""Raised whenever a change of the readers gives other posts for the same file: every
index then reads its files again. Data files count by themselves."""

__all__ = [
    "READERS",
    "VERSION",
    "Draft",
    "Enclosed",
    "Explained",
    "Listed",
    "Member",
    "Opened",
    "PostMaker",
    "ReadError",
    "Reader",
    "Record",
    "Skipped",
    "Source",
    "Span",
    "explain_file",
    "iter_sources",
    "list_files",
    "make_post",
    "open_source",
    "read",
    "read_file",
]


def read(root: Path | str) -> Iterator[Post | ReadError | Skipped]:
    """Yield every post below ``root``, and a reason for all that gave none.

    A folder that gave no post at all ends with an error that says so.

    Args:
        root: a folder, or one file; what its settings files say is followed.

    Raises:
        ReadError: if the settings that hold for all of ``root`` cannot be understood.
    """
    root = Path(root)
    posts = files = 0
    with using(vocabulary_above(root) or current()):
        for found in list_files(root):
            files += isinstance(found, Listed)
            for item in _read(found):
                posts += isinstance(item, Post)
                yield item
    if not posts and root.is_dir():
        reason = f"there is no post in this folder ({files} files were read)"
        yield ReadError(display_name(root.name or str(root)), reason, fatal=True)


def _read(found: Listed | Skipped | ReadError) -> Iterator[Post | ReadError | Skipped]:
    if not isinstance(found, Listed):
        yield found
        return
    source = open_source(found)
    yield from (source,) if isinstance(source, ReadError) else read_file(source)
