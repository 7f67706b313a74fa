"""How rankings of judged collections are measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.peers import fts5, whoosh
from evaluation.ranking import measure, our_ranking, plain_words, read_collection

DOCUMENTS = """\
{"id": "7", "title": "Prison", "text": "The prisoners were tortured in prison."}
{"id": "3", "title": "Strike", "text": "The miners were on strike."}
{"id": "9", "title": "Harvest", "text": "The harvest was good."}
"""
QUERIES = '{"id": "1", "text": "Torture in prisons?"}\n{"id": "2", "text": "nobody judged this"}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a judged collection of three documents."""
    (tmp_path / "docs.jsonl").write_text(DOCUMENTS, encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(QUERIES, encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("1\t7\t1\n1\t3\t0\n", encoding="utf-8")
    return tmp_path


def test_queries_without_a_relevant_document_are_left_out(folder: Path) -> None:
    """A mean over queries that nothing can answer would say nothing."""
    collection = read_collection(folder)
    assert dict(collection.queries) == {"1": "Torture in prisons?"}
    assert collection.judgements == {"1": {"7": 1}}


@pytest.mark.parametrize("ranker", [None, fts5, whoosh], ids=["ours", "FTS5", "stock Whoosh"])
def test_a_ranking_names_documents(folder: Path, ranker: object) -> None:
    """The one document that answers comes first, and the measures say so."""
    collection = read_collection(folder)
    documents = [
        {"id": "7", "title": "Prison", "text": "The prisoners were tortured in prison."},
        {"id": "3", "title": "Strike", "text": "The miners were on strike."},
    ]
    rank = our_ranking(collection) if ranker is None else ranker(documents, 10)  # type: ignore[operator]
    assert rank("Torture in prisons?")[0] == "7"
    assert measure(collection, rank) == {"MAP": 1.0, "nDCG@10": 1.0, "recall@100": 1.0}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('What is -NOT- (here): "quoted"?', "what is not- here quoted"),
        ("heat-transfer AND the people's", "heat-transfer and the people's"),
    ],
)
def test_nothing_in_a_text_is_an_operator(text: str, words: str) -> None:
    """Signs and capitals of the query language are taken away, words stay."""
    assert plain_words(text) == words
