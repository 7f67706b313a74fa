"""CSV: a row for each post, that a spreadsheet shows and does not run."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from typing import TextIO

from rights_search.exports import citation
from rights_search.exports.cells import POST_COLUMNS, cell
from rights_search.post import Post

COLUMNS: Mapping[str, Callable[[Post], str | int | None]] = {
    "citation": citation.text,
    **POST_COLUMNS,
    "line_end": lambda post: post.provenance.line_end,
    "byte_start": lambda post: post.provenance.byte_start,
    "byte_end": lambda post: post.provenance.byte_end,
    "file": lambda post: post.provenance.path,
    "sha256": lambda post: post.provenance.sha256,
}
"""Column → its value; ``path`` names a member of an archive too, ``file`` what is hashed."""


def write(posts: Iterable[Post], stream: TextIO) -> None:
    """Write a header and a row for each post."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for post in posts:
        writer.writerow([cell(value(post)) for value in COLUMNS.values()])
