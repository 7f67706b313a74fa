"""JSON Lines: an object for each post, with all that is known of it and its citation."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from rights_search.exports import citation
from rights_search.exports.cells import valid
from rights_search.post import Post
from rights_search.result_records import to_dict


def write(posts: Iterable[Post], stream: TextIO) -> None:
    """Write an object a line. Beyond ASCII all is escaped, so nothing can act."""
    for post in posts:
        record = {"citation": citation.text(post), **to_dict(post)}
        stream.write(json.dumps(valid(record)) + "\n")
