"""Our fields as a Whoosh schema, and a post as a Whoosh document.

Only stock Whoosh classes go into the schema, so that Whoosh 2.7.4 opens the index
without this package. The schema's own analyser serves people who search the
index with Whoosh directly; our documents bring the terms of `rights_search.analysis`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from rights_search import fields
from rights_search.engines.stored import pack
from rights_search.engines.whoosh.layout import COLUMNS, NO_DATE, SOURCE, VALUE_SEPARATOR, Kind
from rights_search.engines.whoosh.library import (
    COLUMN,
    ID,
    KEYWORD,
    TEXT,
    LowercaseFilter,
    RegexTokenizer,
    Schema,
)
from rights_search.engines.whoosh.library import columns as whoosh_columns
from rights_search.post import PartialDate, Post
from rights_search.values import dataclass

_KINDS: Mapping[Kind, Callable[[], Any]] = {
    "numbers": lambda: whoosh_columns.NumericColumn("i", default=NO_DATE),
    "values": whoosh_columns.VarBytesColumn,
    "references": whoosh_columns.RefBytesColumn,
    "posts": whoosh_columns.CompressedBlockColumn,
}


def make_schema() -> Schema:
    """Return the schema of a new index."""
    analyser = RegexTokenizer(r"[^\W_]+") | LowercaseFilter()
    columns = {name: _KINDS[column.kind]() for name, column in COLUMNS.items()}
    alone = {name: COLUMN(made) for name, made in columns.items() if name not in fields.BY_NAME}
    schema = Schema(**{SOURCE: ID()}, **alone)
    for field in fields.FIELDS:
        match field.kind:
            case "text":
                schema.add(field.name, TEXT(analyzer=analyser, phrase=True))
            case "facet":
                keyword = KEYWORD(commas=True)
                keyword.column_type = columns[field.name]
                schema.add(field.name, keyword)
            case "date" | "derived":
                pass  # dates are two columns, which stand alone
    return schema


@dataclass(frozen=True, slots=True)
class Document:
    """A post as the index takes it.

    Args:
        texts: field of text → its texts in order; their terms stand one behind the other.
        terms: any other field → its terms in order.
        columns: field → value of its column.
        stored: the post itself.
    """

    texts: dict[str, tuple[str, ...]]
    terms: dict[str, tuple[str, ...]]
    columns: dict[str, Any]
    stored: bytes


def document(post: Post) -> Document:
    """Return the post as terms, column values and its stored form."""
    words: dict[str, tuple[str, ...]] = {SOURCE: (source_key(post.provenance.path),)}
    texts = {name: found for name, texts_of in _TEXTS if (found := texts_of(post))}
    first, last = (NO_DATE, NO_DATE) if post.date is None else _days(post.date.iso)
    columns: dict[str, Any] = {"date_first": first, "date_last": last}
    for name, values_of, key in _FACETS:
        values = values_of(post)
        if not values:
            columns[name] = b""
            continue
        joined = VALUE_SEPARATOR.join(values)
        if joined.count(VALUE_SEPARATOR) >= len(values):
            values = tuple(value.replace(VALUE_SEPARATOR, " ") for value in values)
            joined = VALUE_SEPARATOR.join(values)
        words[name] = values if key is None else tuple(map(key, values))
        columns[name] = joined.encode("utf-8")
    return Document(texts, words, columns, pack(post))


_AS_IT_IS = fields.BY_NAME["id"].key
_TEXTS = tuple((field.name, field.values) for field in fields.FIELDS if field.kind == "text")
# A key is worked out once for each value.
_FACETS = tuple(
    (
        field.name,
        field.values,
        None if field.key is _AS_IT_IS else lru_cache(maxsize=10_000)(field.key),
    )
    for field in fields.FIELDS
    if field.kind == "facet"
)


@lru_cache(maxsize=10_000)
def _days(iso: str) -> tuple[int, int]:
    """Return the ordinals of the first and the last day of a date."""
    date = PartialDate(iso)
    return date.start.toordinal(), date.last.toordinal()


def source_key(path: str) -> str:
    """Return the term that a source file is found by: a name may not be valid UTF-8."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")
