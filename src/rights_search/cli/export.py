"""Answers as JSON, JSON Lines and CSV, for programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from rights_search.cli import labels
from rights_search.cli.terminal import safe, without_surrogates
from rights_search.post import Post
from rights_search.result_records import to_dict
from rights_search.results import Hit, Related, Results
from rights_search.search import facet_labels

POST_COLUMNS: Mapping[str, Callable[[Post], str | int | None]] = {
    "id": lambda post: post.id,
    "date": lambda post: None if post.date is None else str(post.date),
    "date_notes": lambda post: (
        None if post.date is None else "; ".join(labels.date_doubts(post.date))
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

CSV_COLUMNS = ("rank", "score", *POST_COLUMNS, "page", "snippet", "copies", "follows")

# A spreadsheet runs a cell that begins so as a formula; the wide forms too, in East Asia.
_FORMULA_STARTS = tuple("=+-@＝＋－＠")


def shown_record(post: Post, related: Related) -> dict[str, Any]:
    """Return a post as JSON values, with what it has to do with others."""
    return {**to_dict(post), "related": to_dict(related)}


def write_json(record: Mapping[str, Any], stream: TextIO) -> None:
    """Write one object, indented. Beyond ASCII all is escaped, so nothing can act."""
    stream.write(json.dumps(valid(record), indent=2) + "\n")


def write_jsonl(results: Results, stream: TextIO) -> None:
    """Write an object a line for each hit."""
    stream.writelines(json.dumps(valid(to_dict(hit))) + "\n" for hit in results)


def write_csv(results: Results, stream: TextIO) -> None:
    """Write a header and a row for each hit; several values are joined by ``; ``."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows(map(hit_cells, results))


def hit_cells(hit: Hit) -> list[str | int | float]:
    """Return the cells of a hit below `CSV_COLUMNS`."""
    return [cell(value) for value in _row(hit)]


def _row(hit: Hit) -> tuple[str | int | float | None, ...]:
    return (
        hit.rank,
        hit.score,
        *(value(hit.post) for value in POST_COLUMNS.values()),
        hit.page,
        hit.snippet.text,
        "" if hit.copies is None else "; ".join(copy.id for copy in hit.copies.others),
        "" if hit.follows is None else hit.follows.id,
    )


def cell(value: str | float | None) -> str | int | float:
    """Return what stands in a cell of a table: one line that no spreadsheet runs."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    text = safe(value)
    # Tabs and returns in front have become spaces; a reader may trim those.
    starts_formula = value.startswith(("\t", "\r")) or text.lstrip().startswith(_FORMULA_STARTS)
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
