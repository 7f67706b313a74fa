"""What a program must offer to be timed, and what it is asked.

Nothing here or in the modules of other programs needs more than Python's own library when it is
imported: one of them may only be there for the system's own Python.
"""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.made_posts import Record


@dataclass(frozen=True, slots=True)
class Question:
    """A search, in no program's language.

    Args:
        kind: what it stands for, such as ``common`` or ``phrase``.
        words: the words.
        how: ``and``, ``or``, ``phrase``, ``prefix`` or ``fuzzy``.
        country: a filter, or nothing.
        facets: True to count countries, years and themes over all that matches.
        snippets: True to show ten passages with the words marked.
    """

    kind: str
    words: tuple[str, ...]
    how: str = "and"
    country: str = ""
    facets: bool = False
    snippets: bool = False


Ask = Callable[[Question], int]
"""Answers a question with its ten best posts; returns how many match."""


class Contender:
    """A program that indexes posts and answers questions; what it cannot do raises."""

    index_of: str = ""
    """Name of the program whose index it asks; empty if it builds its own."""

    def version(self) -> str | None:
        """Return its version, None where it is not installed."""
        raise NotImplementedError

    def interpreter(self) -> str:
        """Return the Python that has it."""
        return sys.executable

    def build(self, posts: Path, folder: Path) -> None:
        """Index the posts of a JSON Lines file."""
        raise NotImplementedError

    def add(self, posts: Path, folder: Path) -> None:
        """Add the posts of another file and commit."""
        raise NotImplementedError

    def open(self, folder: Path) -> Ask:
        """Return what answers questions."""
        raise NotImplementedError


def installed_version(package: str) -> str | None:
    """Return the version of a Python package, None where it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def output_of(*command: str) -> str | None:
    """Return what a command prints, None where it is not there or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def records(path: Path) -> Iterator[Record]:
    """Yield the posts of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
