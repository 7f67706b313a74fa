"""Answers as JSON, JSON Lines and CSV, for programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from typing import Any, TextIO

from rights_search.exports.cells import POST_COLUMNS, cell, valid
from rights_search.post import Post
from rights_search.result_records import to_dict
from rights_search.results import Hit, Related, Results

CSV_COLUMNS = ("rank", "score", *POST_COLUMNS, "page", "snippet", "copies", "follows")


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
