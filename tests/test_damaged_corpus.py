"""A corpus with damaged files: all the others are found; each of these is named with a reason."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import damaged_corpus
from fuzzing import FACTOR
from rights_search import Archive
from rights_search.cli.app import main

FILES, DAMAGED = (200, len(damaged_corpus.WAYS)) if FACTOR == 1 else (10_000, 500)


def test_the_good_are_found_and_the_damaged_are_named(tmp_path: Path) -> None:
    """Each good post by a word of its own; of each damaged file the fate and the reason.

    Posts in are posts indexed and records skipped with a reason.
    """
    corpus, index, report = (tmp_path / name for name in ("corpus", "index", "report.jsonl"))
    corpus.mkdir()
    good, damaged = damaged_corpus.make(corpus, FILES, DAMAGED)
    command = ["index", str(corpus), "--index", str(index), "--report", str(report)]
    main([*command, "--jobs", "1", "--quiet"])
    fates = {item["path"]: item for item in map(json.loads, report.read_text().splitlines())}
    assert fates.keys() == {*damaged, *(item.path for item in good)}
    for item in good:
        fate = fates[item.path]
        assert (fate["fate"], fate["posts"], fate["skipped"]) == ("added", 1, [])
    for path, way in damaged.items():
        fate = fates[path]
        assert fate["posts"] == way.posts, fate
        assert fate["fate"] in ({"added"} if way.posts else {"failed", "skipped"})
        assert next(one["reason"] for one in fate["skipped"])
    beside = sum(way.posts for way in damaged.values())
    years = Counter(str(item.year) for item in good) + Counter({"2014": beside})
    with Archive.open(index) as archive:
        for item in good:
            (hit,) = archive.search(item.word, copies="all", mode="exact", limit=2)
            assert hit.post.provenance.path == item.path
        held = archive.search("", copies="all", limit=0, facets=("year",))
        again = archive.sync(corpus)
    assert {year: count for year, count in held.facets["year"].items() if count} == years
    assert held.total == again.unchanged == len(good) + beside
    assert {problem.source.partition("!/")[0] for problem in again.problems} == {*damaged}
