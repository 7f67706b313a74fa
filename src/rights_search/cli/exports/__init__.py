"""Whole results as files for other programs: one module a format.

Each module offers ``write(posts, stream)``, which writes one post at a time, so that a
result of any length takes no more memory than a short one. To add a format, add its
module and a row here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TextIO, TypeAlias

from rights_search.post import Post

Write: TypeAlias = Callable[[Iterable[Post], TextIO], None]

FORMATS: Mapping[str, str] = {
    "jsonl": "lines",
    "csv": "table",
    "bibtex": "bibtex",
    "ris": "ris",
    "csl-json": "csl",
    "markdown": "markdown",
}
"""Name of a format → the module that writes it."""


def writer(name: str) -> Write:
    """Return what writes a format; only its module is imported."""
    write: Write = import_module(f"{__name__}.{FORMATS[name]}").write
    return write
