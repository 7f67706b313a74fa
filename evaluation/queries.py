"""The search on judged queries over ``corpus/``: ``tests/judgements/README.md``."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evaluation.data import CORPUS, REPOSITORY, read_records
from evaluation.metrics import average_precision, mean, ndcg, recall_at
from evaluation.rows import Row
from rights_search import Archive
from rights_search.results import Mode

JUDGEMENTS = REPOSITORY / "tests" / "judgements"
MODES: tuple[Mode, ...] = ("default", "broad", "exact")

_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Query:
    """A query with its judged posts.

    Args:
        id: stable name of the query.
        kind: what it tries, such as ``names``.
        query: the query as typed.
        need: the information need, one sentence.
        grades: key of a post → grade, 0 to 3; see `key_of`.
    """

    id: str
    kind: str
    query: str
    need: str
    grades: dict[str, int]

    @property
    def relevant(self) -> set[str]:
        """Return the keys of all posts that bear on the need at all."""
        return {key for key, grade in self.grades.items() if grade}


def score(folder: Path, *, quick: bool = False) -> list[Row]:
    """Measure the search in each mode; both arguments make no difference."""
    del folder, quick  # the project ships these data, and they are small
    return list(_measure())


@cache
def _measure() -> tuple[Row, ...]:
    queries = read_queries()
    rows = []
    with Archive.create(None) as archive:
        archive.sync(CORPUS)
        for mode in MODES:
            rankings = [_ranking(archive, query.query, mode) for query in queries]
            rows += _rows(f"corpus, {mode}", queries, rankings)
            if mode == "default":
                rows += _by_kind(f"corpus, {mode}", queries, rankings)
    return tuple(rows)


def read_queries(folder: Path = JUDGEMENTS) -> list[Query]:
    """Return the judged queries, in the order of the file."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    with (folder / "judgements.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            grades[row["query"]][key_of(row["path"], row["title"])] = int(row["grade"])
    records = read_records(folder / "queries.jsonl")
    return [Query(**record, grades=grades[record["id"]]) for record in records]


def key_of(path: str, title: str) -> str:
    """Return what names a post here: its id would change with its text."""
    return f"{path}\t{title}"


def _ranking(archive: Archive, query: str, mode: Mode) -> list[str]:
    hits = archive.search(query, mode=mode, limit=_DEPTH)
    return [key_of(hit.post.provenance.path, hit.post.title) for hit in hits]


def _rows(data: str, queries: list[Query], rankings: list[list[str]]) -> list[Row]:
    pairs = list(zip(queries, rankings, strict=True))
    values = {
        "nDCG@10": mean(ndcg(found, query.grades) for query, found in pairs),
        "MAP": mean(average_precision(found, query.relevant) for query, found in pairs),
        "recall@100": mean(recall_at(found, query.relevant) for query, found in pairs),
        "judged of the top 10": mean(
            key in query.grades for query, found in pairs for key in found[:10]
        ),
    }
    return [Row(data, measure, value, f"{len(pairs)} queries") for measure, value in values.items()]


def _by_kind(data: str, queries: list[Query], rankings: list[list[str]]) -> list[Row]:
    kinds: dict[str, list[float]] = defaultdict(list)
    for query, found in zip(queries, rankings, strict=True):
        kinds[query.kind].append(ndcg(found, query.grades))
    return [
        Row(f"{data}, {kind}", "nDCG@10", mean(values), f"{len(values)} queries")
        for kind, values in kinds.items()
    ]
