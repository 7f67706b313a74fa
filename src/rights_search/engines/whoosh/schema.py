"""Our fields as a Whoosh schema, and a post as a Whoosh document.

Only stock Whoosh classes go into the schema, so that Whoosh 2.7.4 opens the index
without this package. The schema's own analyser serves people who search the
index with Whoosh directly; our documents bring the terms of `rights_search.analysis`.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

from whoosh import columns as whoosh_columns
from whoosh.analysis import LowercaseFilter, RegexTokenizer
from whoosh.fields import COLUMN, ID, KEYWORD, STORED, TEXT, Schema

from rights_search import fields
from rights_search.analysis import terms
from rights_search.engines.whoosh.inflating import inflated
from rights_search.post import Post, from_dict, to_dict
from rights_search.values import dataclass

VALUE_SEPARATOR = "\t"
"""Joins the values of a facet in its column; inside a value it becomes a space."""

NO_DATE = 0
"""Stands for a missing date in the date columns: no ordinal day has it."""

MAX_POST_BYTES = 256 * 1024 * 1024
"""The stored form of a post is no longer when it is inflated."""

_COMPRESSION_LEVEL = 6
# Facets of which a segment can only have few distinct values: Whoosh's compact
# column holds 65,535 and drops the rest with a warning, so the others must not use it.
_FEW_VALUES = frozenset({"year", "language"})


def make_schema() -> Schema:
    """Return the schema of a new index."""
    analyser = RegexTokenizer(r"[^\W_]+") | LowercaseFilter()
    schema = Schema(
        path=ID(),
        post=STORED(),
        date_first=COLUMN(whoosh_columns.NumericColumn("i", default=NO_DATE)),
        date_last=COLUMN(whoosh_columns.NumericColumn("i", default=NO_DATE)),
    )
    for field in fields.FIELDS:
        match field.kind:
            case "text":
                schema.add(field.name, TEXT(analyzer=analyser, phrase=True))
            case "facet":
                keyword = KEYWORD(commas=True)
                keyword.column_type = (
                    whoosh_columns.RefBytesColumn()
                    if field.name in _FEW_VALUES
                    else whoosh_columns.VarBytesColumn()
                )
                schema.add(field.name, keyword)
            case "date" | "derived":
                pass  # dates are two columns, above
    return schema


@dataclass(frozen=True, slots=True)
class Document:
    """A post as the index takes it.

    Args:
        terms: field → its terms in order.
        columns: field → value of its column.
        stored: field → value to be stored.
    """

    terms: dict[str, list[str]]
    columns: dict[str, Any]
    stored: dict[str, Any]


def document(post: Post) -> Document:
    """Return the post as terms, column values and its stored form."""
    words: dict[str, list[str]] = {"path": [source_key(post.provenance.path)]}
    columns: dict[str, Any] = {}
    for field in fields.FIELDS:
        values = field.values(post)
        match field.kind:
            case "text":
                words[field.name] = [term for text in values for term in terms(text)]
            case "facet":
                whole = [value.replace(VALUE_SEPARATOR, " ") for value in values]
                words[field.name] = [field.key(value) for value in whole]
                columns[field.name] = VALUE_SEPARATOR.join(whole)
            case "date":
                if post.date is not None:
                    columns["date_first"] = post.date.start.toordinal()
                    columns["date_last"] = post.date.last.toordinal()
    return Document(words, columns, {"post": pack(post)})


def source_key(path: str) -> str:
    """Return the term that a source file is found by: a name may not be valid UTF-8."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def pack(post: Post) -> bytes:
    """Return the stored form of a post: compressed JSON, which cannot run code."""
    text = json.dumps(to_dict(post), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _COMPRESSION_LEVEL)


def unpack(stored: bytes) -> Post:
    """Return the post that `pack` made ``stored`` of.

    Raises:
        ValueError: if it is damaged, or is no post.
    """
    text = inflated(stored, MAX_POST_BYTES).decode("utf-8", "surrogatepass")
    try:
        return from_dict(json.loads(text))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"it is no post: {error}") from error
