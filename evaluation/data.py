"""Where the data is, and how records are read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from rights_search.post import Post, Provenance

REPOSITORY = Path(__file__).resolve().parent.parent

CORPUS = REPOSITORY / "corpus"
"""The posts that the project ships."""

SHARED_DATA = REPOSITORY.parent / "shared" / "data"
"""Real data that the project does not ship; measured on where it stands beside it."""

_PROVENANCE = Provenance("evaluation", "0" * 64, "evaluation")


def read_records(path: Path, every: int = 1) -> list[dict[str, Any]]:
    """Return every n-th record of a JSON Lines file, gzipped or not."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for number, line in enumerate(lines) if number % every == 0]


def make_post(title: str, body: str, language: str | None = "en") -> Post:
    """Return a post of a title, which may be empty, and a body, for the taggers."""
    paragraphs = tuple(part for part in body.split("\n\n") if part)
    return Post("0" * 12, title, paragraphs, _PROVENANCE, language=language)
