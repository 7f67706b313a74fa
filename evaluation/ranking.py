"""Ranking quality on judged collections: one setting for all of them.

Queries are asked as the text that their authors wrote, in broad mode, on documents that
our readers read and our analysis takes apart; they are not tagged.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

from evaluation.data import read_records
from evaluation.metrics import average_precision, mean, ndcg, recall_at
from evaluation.peers import PEERS, Rank
from evaluation.rows import Row, not_here
from rights_search import engines
from rights_search.engines.protocol import Page
from rights_search.ingest import read
from rights_search.links.relations import Links
from rights_search.post import Post
from rights_search.query.feedback import Bag
from rights_search.query.preferences import prefer
from rights_search.query.tuning import TUNED, Tuning
from rights_search.search.broad import ask_broadly
from rights_search.search.linked import LinkedSnapshot
from rights_search.search.questions import Request
from rights_search.search.questions import read as read_request

COLLECTIONS = ("cranfield", "cisi", "npl")
DEPTH = 1000
_QUICK_EVERY = 3
_MEASURES = ("MAP", "nDCG@10", "recall@100")
_NOT_WORDS = re.compile(r"[^\w\s'’-]|(?<!\w)-")


@dataclass(frozen=True, slots=True)
class Collection:
    """A judged collection.

    Args:
        name: its name.
        docs: the file of its documents, one JSON object a line.
        queries: query id → text.
        judgements: query id → document id → grade; queries without a relevant
            document are left out.
    """

    name: str
    docs: Path
    queries: Mapping[str, str]
    judgements: Mapping[str, Mapping[str, int]]


def read_collection(folder: Path, every: int = 1) -> Collection:
    """Return the collection in ``folder`` with every n-th of its judged queries."""
    judgements: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, grade = line.split("\t")
        if int(grade) > 0:
            judgements[query][document] = int(grade)
    texts = {record["id"]: record["text"] for record in read_records(folder / "queries.jsonl")}
    judged = [query for query in texts if judgements.get(query)][::every]
    return Collection(
        folder.name,
        folder / "docs.jsonl",
        {query: texts[query] for query in judged},
        {query: judgements[query] for query in judged},
    )


def plain_words(text: str) -> str:
    """Return the words of a text, in which nothing is an operator of the query language."""
    return " ".join(_NOT_WORDS.sub(" ", text).lower().split())


Ask: TypeAlias = Callable[[str, Tuning], list[str]]
"""The text of a query and a setting → the ids of documents, the best first."""


def our_ranking(collection: Collection) -> Rank:
    """Return how this program ranks a collection, in broad mode."""
    ask = our_settings(collection)
    return lambda text: ask(text, TUNED)


def our_settings(collection: Collection) -> Ask:
    """Return how this program ranks a collection in broad mode, with any setting of it."""
    # The readers make ids of their own; the line in the file says which document it is.
    names = [record["id"] for record in read_records(collection.docs)]
    engine = engines.load()
    handle = engine.create(None)
    writer = engine.writer(handle)
    for post in read(collection.docs):
        if isinstance(post, Post):
            writer.add(post)
    writer.commit()
    snapshot = engine.snapshot(handle)
    linked = LinkedSnapshot(snapshot, Links())

    @cache
    def name_of(document: int) -> str:
        return str(names[(snapshot.post(document).provenance.line_start or 0) - 1])

    bags: dict[int, Bag] = {}
    page = Page("relevance", DEPTH, 0, (), ())

    def ask(text: str, tuning: Tuning) -> list[str]:
        question = read_request(Request(plain_words(text), mode="broad"), linked)
        found = ask_broadly(snapshot, prefer(question.node), page, tuning, bags)
        return [name_of(document) for document, _ in found.page]

    return ask


def measure(collection: Collection, rank: Rank) -> dict[str, float]:
    """Return measure → its mean over the queries of a collection."""
    precision, gain, recall = [], [], []
    for query, text in collection.queries.items():
        grades = collection.judgements[query]
        ranking = rank(text)
        precision.append(average_precision(ranking, grades))
        gain.append(ndcg(ranking, grades))
        recall.append(recall_at(ranking, grades))
    return dict(zip(_MEASURES, map(mean, (precision, gain, recall)), strict=True))


def score(folder: Path, *, quick: bool = False) -> list[Row]:
    """Return MAP, nDCG@10 and recall@100 of every collection, and those of other programs."""
    rows: list[Row] = []
    for name in COLLECTIONS:
        path = folder / "ir" / name
        if not path.is_dir():
            rows.extend(not_here(name, path, *_MEASURES))
            continue
        collection = read_collection(path, _QUICK_EVERY if quick else 1)
        rows.extend(_rows(name, collection, our_ranking(collection)))
        if not quick:
            rows.extend(_peer_rows(collection))
    return rows


def _rows(data: str, collection: Collection, rank: Rank) -> list[Row]:
    size = f"{len(collection.queries)} queries"
    figures = measure(collection, rank)
    return [Row(data, name, value, size) for name, value in figures.items()]


def _peer_rows(collection: Collection) -> Iterator[Row]:
    documents = read_records(collection.docs)
    for peer, ranker in PEERS.items():
        data = f"{collection.name}, {peer}"
        try:
            rank = ranker(documents, DEPTH)
        except ModuleNotFoundError as error:
            yield from not_here(data, f"pip install {error.name}", *_MEASURES)
            continue
        yield from _rows(data, collection, rank)
