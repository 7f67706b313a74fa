"""What a finished part leaves behind in the process that made it."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from rights_search import engines
from rights_search.engines.whoosh import segment_writing
from rights_search.post import Post, Provenance


def _post(number: int) -> Post:
    return Post(
        id=f"{number:012x}",
        title=f"Report {number}",
        paragraphs=(f"Word{number} stands beside what all of them have.",),
        provenance=Provenance("posts.jsonl", "0" * 64, "jsonl", number),
    )


def _write_part(engine: str, folder: Path) -> None:
    module = engines.load(engine)
    part = module.part(module.open(folder))
    part.add(*map(_post, range(20)))
    part.finish()


@pytest.mark.parametrize("in_arrays", [False, True])
@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_finished_part_is_freed_though_nobody_looks_for_garbage(
    engine: str, in_arrays: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Terms of a segment that wait for the collector are a hundred megabytes in a worker."""
    if in_arrays:
        pytest.importorskip("numpy")
        monkeypatch.setattr(segment_writing, "MIN_TOKENS_IN_ARRAYS", 1)
    module = engines.load(engine)
    module.create(tmp_path)
    _write_part(engine, tmp_path)  # what is made once, by imports above all, does not count
    gc.collect()
    gc.disable()
    try:
        _write_part(engine, tmp_path)
        left = gc.collect()
    finally:
        gc.enable()
    assert left == 0
