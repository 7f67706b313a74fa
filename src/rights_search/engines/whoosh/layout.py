"""How our fields stand in the files of a Whoosh index: what a reader must know, without Whoosh.

`schema` tells Whoosh the same with its own classes, for writing and for stock Whoosh.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from rights_search import fields
from rights_search.values import dataclass

INDEX = "MAIN"
"""The name of an index in its folder: Whoosh keeps several apart by it."""

VALUE_SEPARATOR = "\t"
"""Joins the values of a facet in its column; inside a value it becomes a space."""

NO_DATE = 0
"""Stands for a missing date in the date columns: no ordinal day has it."""

POSTS = "post"
"""The column of stored posts."""

# Facets of which a segment has few distinct values: Whoosh's compact column holds 65,535
# and drops the rest with a warning, so no segment of ours has more documents.
_MANY_VALUES = frozenset({"id", "location", "mentions"})
MAX_DOCUMENTS = 65_000
"""A segment has no more."""

LENGTHS = tuple(round((1.033**code - 1) * 27) for code in range(256))
"""Code → number of tokens: Whoosh rounds the length of a field to what a byte holds."""

MAGIC = b"W3Bl"
"""What the postings of a term begin with."""

POSTINGS_FILE, TERMS_FILE, WHOLE_FILE = ".pst", ".trm", ".seg"
"""Ends of names: of the postings, of the table of terms, and of the one file that holds all."""

Kind: TypeAlias = Literal["numbers", "values", "references", "posts"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a segment.

    Args:
        kind: numbers of one size; strings of bytes; strings of which each is stored once;
            stored posts.
        code: of numbers, as `array` has it.
    """

    kind: Kind
    code: str = ""


LENGTH_CODES = Column("numbers", "B")
"""The column of the lengths of a text field, see `lengths_of`."""

STORED_NAME = "_stored"
"""Whoosh's column of stored fields, of which our documents have none."""


def _columns() -> Mapping[str, Column]:
    days = Column("numbers", "i")
    columns = {POSTS: Column("posts"), "date_first": days, "date_last": days}
    for field in fields.FIELDS:
        if field.kind == "facet":
            many = field.name in _MANY_VALUES
            columns[field.name] = Column("values" if many else "references")
    return columns


COLUMNS = _columns()
"""Field → its column."""

TEXTS = frozenset(field.name for field in fields.FIELDS if field.kind == "text")
"""The fields whose postings have positions, and whose lengths are known."""

SOURCE = "path"
"""The field of the file that a post is from."""


def value_bytes(field: str) -> int | None:
    """Return how long what is stored with each posting of a field is; None if it varies.

    Whoosh stores positions of texts, frequencies of facets, and nothing of other fields.
    """
    return None if field in TEXTS else 4 if field in COLUMNS else 0


def column_file(field: str) -> str:
    """Return how the name of the file of a column ends."""
    return f".{field}.col"


def lengths_of(field: str) -> str:
    """Return the name of the column of the lengths of a text field."""
    return f"_{field}_len"
