"""Queries that the guide shows, with what they must find in ``corpus/``."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TODAY = dt.date(2020, 6, 1)
"""The day that the examples are reckoned from."""

_FILE = Path(__file__).parent / "examples.toml"


@dataclass(frozen=True, slots=True)
class Example:
    """A query and posts of the corpus.

    Args:
        query: the query.
        finds: files of the corpus in which it finds a post; none if it finds nothing
            in the whole corpus.
        not_in: files in which it finds none.
    """

    query: str
    finds: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()


@cache
def examples() -> dict[str, Example]:
    """Return every example by its query."""
    records = tomllib.loads(_FILE.read_text(encoding="utf-8"))["example"]
    found = (
        Example(item["query"], tuple(item["finds"]), tuple(item.get("not_in", ())))
        for item in records
    )
    return {example.query: example for example in found}
