"""The judged queries: whole, well-formed, and about posts that are there."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from evaluation.data import CORPUS
from evaluation.queries import JUDGEMENTS, key_of, read_queries
from rights_search.ingest import read
from rights_search.post import Post


def test_there_are_enough_queries_of_every_kind() -> None:
    """At least 60 queries, each with an id of its own, a need and something to find."""
    queries = read_queries()
    assert len({query.id for query in queries}) == len(queries) >= 60
    assert min(Counter(query.kind for query in queries).values()) >= 4
    for query in queries:
        assert query.query
        assert query.need.endswith(".")
        assert query.relevant


def test_every_judgement_is_of_a_query_and_a_post() -> None:
    """Grades are 0 to 3; a post whose title changed is not passed over."""
    lines = (JUDGEMENTS / "judgements.tsv").read_text(encoding="utf-8").splitlines()[1:]
    posts = {
        key_of(post.provenance.path, post.title) for post in read(CORPUS) if isinstance(post, Post)
    }
    ids = {query.id for query in read_queries()}
    seen = set()
    for line in lines:
        query, grade, path, title = line.split("\t")
        assert query in ids
        assert grade in {"0", "1", "2", "3"}
        assert key_of(path, title) in posts
        seen.add((query, path, title))
    assert len(seen) == len(lines)


def test_queries_are_read(tmp_path: Path) -> None:
    """A query has its own grades, quotes in a title stay, and 0 is not relevant."""
    record = {"id": "q", "kind": "names", "query": "x", "need": "Who x is."}
    (tmp_path / "queries.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    rows = ["query\tgrade\tpath\ttitle", 'q\t2\ta.txt\tThe "x"', "q\t0\ta.txt\tY", "p\t3\ta.txt\tY"]
    (tmp_path / "judgements.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (query,) = read_queries(tmp_path)
    assert query.grades == {key_of("a.txt", 'The "x"'): 2, key_of("a.txt", "Y"): 0}
    assert query.relevant == {key_of("a.txt", 'The "x"')}
