"""What stands in the cells of a table of posts, and in JSON that strict readers take."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from rights_search.post import Post
from rights_search.safe_text import safe, without_surrogates
from rights_search.search import facet_labels

POST_COLUMNS: Mapping[str, Callable[[Post], str | int | None]] = {
    "id": lambda post: post.id,
    "date": lambda post: None if post.date is None else str(post.date),
    "date_notes": lambda post: (
        None if post.date is None else "; ".join(facet_labels.date_doubts(post.date))
    ),
    "date_origin": lambda post: None if post.date is None else post.date.origin,
    "updated": lambda post: None if post.updated is None else str(post.updated),
    "title": lambda post: post.title,
    "countries": lambda post: "; ".join(facet_labels.country(tag.value) for tag in post.countries),
    "themes": lambda post: "; ".join(facet_labels.theme(tag.value) for tag in post.themes),
    "groups": lambda post: "; ".join(facet_labels.group(tag.value) for tag in post.groups),
    "authors": lambda post: "; ".join(post.authors),
    "language": lambda post: post.language,
    "source": lambda post: post.source,
    "url": lambda post: post.url,
    "path": lambda post: post.provenance.name,
    "line": lambda post: post.provenance.line_start,
}
"""Column of a table of posts → its value; several values are joined by ``; ``."""

# A spreadsheet runs a cell that begins so as a formula; the wide forms too, in East Asia.
_FORMULA_STARTS = tuple("=+-@＝＋－＠")
# Where the comma parts whole numbers from their fractions, which is most of the world, a
# spreadsheet takes a semicolon for the end of a cell, quoted or not.
_BEHIND_SEMICOLON = re.compile(r"(;[\s\"'’]*)(?=[=+\-@＝＋－＠])")


def cell(value: str | float | None) -> str | int | float:
    """Return what stands in a cell of a table: one line that no spreadsheet runs."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    text = safe(value)
    # Tabs and returns in front have become spaces; a reader may trim those.
    starts_formula = value.startswith(("\t", "\r")) or text.lstrip().startswith(_FORMULA_STARTS)
    text = _BEHIND_SEMICOLON.sub(r"\1'", text)
    return f"'{text}" if starts_formula else text


def valid(value: Any) -> Any:
    """Return JSON values whose texts are valid Unicode: strict readers refuse surrogates."""
    match value:
        case str():
            return without_surrogates(value)
        case Mapping():
            return {valid(key): valid(item) for key, item in value.items()}
        case list() | tuple():
            return [valid(item) for item in value]
        case _:
            return value
