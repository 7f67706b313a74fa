"""How files are read as JSON and JSON Lines, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from rights_search.cli import export
from rights_search.cli.report import problem_record
from rights_search.cli.views.check import setting_rows
from rights_search.exports.cells import valid
from rights_search.indexing.checking import Checked, CheckedFile, CheckedPart, CheckedPost
from rights_search.indexing.sync_results import Problem
from rights_search.result_records import to_dict


def write_jsonl(items: Iterable[Checked], stream: TextIO, limit: int | None) -> None:
    """Write an object a line as files are read; its ``kind`` says what it is.

    ``file``, then ``part`` for it and for each member of an archive, ``post``,
    ``skipped`` and ``failed``.
    """
    stream.writelines(json.dumps(valid(record(item))) + "\n" for item in _limited(items, limit))


def write_json(items: Iterable[Checked], stream: TextIO, limit: int | None) -> None:
    """Write one object: files with their parts, posts and problems."""
    files: list[dict[str, Any]] = []
    outside: list[dict[str, Any]] = []
    for item in _limited(items, limit):
        one = record(item)
        kind = one.pop("kind")
        match item:
            case CheckedFile():
                files.append({**one, "parts": [], "posts": [], "problems": []})
            case CheckedPart():
                files[-1]["parts"].append(one)
            case CheckedPost():
                files[-1]["posts"].append(one)
            case Problem():
                # What the listing of a folder left out is no part of a file that was read.
                is_inside = files and one["place"].startswith(files[-1]["name"])
                target = files[-1]["problems"] if is_inside else outside
                target.append({"kind": kind, **one})
    export.write_json({"files": files, "problems": outside}, stream)


def record(item: Checked) -> dict[str, Any]:
    """Return one thing that was read, or not, as JSON values."""
    match item:
        case CheckedFile():
            rows = setting_rows(item.settings)
            settings = [{"key": key, "value": value, "from": file} for key, value, file in rows]
            return {"kind": "file", "name": item.name, "size": item.size, "settings": settings}
        case CheckedPart():
            return {
                "kind": "part",
                "name": item.name,
                "reader": item.reader,
                "reason": item.reason,
                "encoding": item.encoding or None,
                "told_by": item.told_by or None,
            }
        case CheckedPost():
            post = to_dict(item.post)
            # It depends on the folder that is indexed, which may be another one.
            del post["id"]
            return {
                "kind": "post",
                "post": post,
                "origins": dict(item.origins),
                "hints": item.hints,
            }
        case Problem():
            place = problem_record(item)
            return {"kind": "failed" if place.pop("failed") else "skipped", **place}


def _limited(items: Iterable[Checked], limit: int | None) -> Iterator[Checked]:
    posts = 0
    for item in items:
        posts = 0 if isinstance(item, CheckedFile) else posts + isinstance(item, CheckedPost)
        if limit is None or not isinstance(item, CheckedPost) or posts <= limit:
            yield item
