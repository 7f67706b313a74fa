"""Posts of one length to time things on.

They are country texts of ``../shared/data`` where these stand beside the checkout, else
the sample corpus, put together and cut.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from rights_search.ingest import read
from rights_search.post import Post, Provenance

_REPOSITORY = Path(__file__).resolve().parent.parent
_TEXTS = _REPOSITORY.parent / "shared" / "data" / "freedomhouse-en.jsonl.gz"
_PROVENANCE = Provenance("benchmark", "0" * 64, "benchmark")


def posts(chars: int, *, corpus: bool = False) -> Iterator[Post]:
    """Yield posts of so many characters, each with the title of its first text.

    Args:
        chars: length of the body.
        corpus: True for the sample corpus in any case.
    """
    return _cut(_corpus() if corpus or not _TEXTS.is_file() else _country_texts(), chars)


def _cut(texts: Iterable[tuple[str, str]], most: int) -> Iterator[Post]:
    title, parts, chars = "", list[str](), 0
    for next_title, text in texts:
        title = title or next_title
        parts.append(text[: most - chars])
        chars += len(parts[-1]) + 2  # the blank line between paragraphs
        if chars >= most:
            yield Post(f"{0:012}", title, tuple(parts), _PROVENANCE)
            title, parts, chars = "", [], 0


def _country_texts() -> Iterator[tuple[str, str]]:
    with gzip.open(_TEXTS, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["title"], record["text"]


def _corpus() -> Iterator[tuple[str, str]]:
    for post in read(_REPOSITORY / "corpus"):
        if isinstance(post, Post):
            yield from ((post.title, paragraph) for paragraph in post.paragraphs)
