"""Each file of tests/fixtures/ingest against the ``.expected.json`` beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rights_search.errors import ReadError
from rights_search.ingest import Skipped, read
from rights_search.post import Post
from rights_search.post_records import to_dict

FOLDER = Path(__file__).resolve().parent / "fixtures" / "ingest"
pytestmark = pytest.mark.usefixtures("base_install")
EXPECTED = ".expected.json"
FILES = sorted(
    path for path in FOLDER.rglob("*") if path.is_file() and not path.name.endswith(EXPECTED)
)


def shape(item: Post | ReadError | Skipped) -> dict[str, Any]:
    """Return an item as the expectations spell it: dates as text, nothing that is a digest."""
    match item:
        case ReadError():
            return {"error": str(item), "fatal": item.fatal}
        case Skipped():
            return {"skipped": item.reason}
    record = to_dict(item)
    del record["id"]
    place = record["provenance"]
    told = {"path", "sha256"}
    record["provenance"] = {
        name: value for name, value in place.items() if name not in told and value is not None
    }
    for name in ("date", "updated"):
        if name in record:
            record[name] = " ".join([record[name]["iso"], *record[name]["flags"]])
    return record


def test_there_are_fixtures_of_every_structured_format() -> None:
    """The folder is not empty, and each file has its expectation."""
    suffixes = {path.suffix for path in FILES}
    assert {".md", ".json", ".jsonl", ".csv", ".tsv", ".html"} <= suffixes
    assert [path.name for path in FILES if not Path(f"{path}{EXPECTED}").exists()] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_file_gives_what_stands_beside_it(path: Path) -> None:
    """Every field of every post, every error and every span is as expected."""
    expected = json.loads(Path(f"{path}{EXPECTED}").read_text(encoding="utf-8"))
    assert [shape(item) for item in read(path)] == expected
