"""The names of the files that an index consists of: for those who remove or skip them."""

from __future__ import annotations

import re

_TABLE = re.compile(r"_MAIN_\d+\.toc\Z")
_ANY = re.compile(
    r"(?:_MAIN_\d+\.toc|MAIN_[a-z0-9]{16}\..+|MAIN_WRITELOCK|MAIN\.tmp"
    r"|manifest-\d+\.(?:json|tmp))\Z"
)


def is_table(name: str) -> bool:
    """Tell whether a file of this name is a table of contents: its folder holds an index."""
    return _TABLE.match(name) is not None


def is_index_file(name: str) -> bool:
    """Tell whether a file or folder of this name, beside a table, is a part of the index."""
    return _ANY.match(name) is not None
