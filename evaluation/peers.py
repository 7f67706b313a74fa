"""How other programs rank the judged collections, used plainly, as their guides do.

They are measured beside us in one run, so that a figure of ours stands next to what
anybody could have had. Two come with what the project needs anyway (stock Whoosh and
SQLite); the others with the extra ``evaluation``.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

Texts: TypeAlias = Sequence[Mapping[str, Any]]
"""Documents with ``id``, ``title`` and ``text``."""

Rank: TypeAlias = Callable[[str], list[str]]
"""The text of a query → the ids of documents, the best first."""

_WORD = re.compile(r"\w+")


def fts5(documents: Texts, depth: int) -> Rank:
    """Rank with SQLite FTS5: Porter stemmer, BM25, any of the words."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE posts USING fts5(title, body, tokenize='porter unicode61')")
    base.executemany(
        "INSERT INTO posts(rowid, title, body) VALUES (?, ?, ?)",
        ((number, each["title"], each["text"]) for number, each in enumerate(documents)),
    )

    def rank(text: str) -> list[str]:
        query = " OR ".join(f'"{word}"' for word in _WORD.findall(text))
        rows = base.execute(
            "SELECT rowid FROM posts WHERE posts MATCH ? ORDER BY bm25(posts) LIMIT ?",
            (query, depth),
        )
        return [str(documents[number]["id"]) for (number,) in rows]

    return rank


def whoosh(documents: Texts, depth: int) -> Rank:
    """Rank with stock Whoosh: stemming analyser, BM25F, any of the words."""
    from whoosh.analysis import StemmingAnalyzer  # noqa: PLC0415 - a peer at a time
    from whoosh.fields import ID, TEXT, Schema  # noqa: PLC0415
    from whoosh.filedb.filestore import RamStorage  # noqa: PLC0415
    from whoosh.qparser import MultifieldParser, OrGroup  # noqa: PLC0415

    text_field = TEXT(analyzer=StemmingAnalyzer())
    index = RamStorage().create_index(Schema(id=ID(stored=True), title=text_field, body=text_field))
    writer = index.writer()
    for each in documents:
        writer.add_document(id=str(each["id"]), title=each["title"], body=each["text"])
    writer.commit()
    searcher = index.searcher()
    parser = MultifieldParser(["title", "body"], index.schema, group=OrGroup)

    def rank(text: str) -> list[str]:
        query = parser.parse(" ".join(_WORD.findall(text)).lower())
        return [hit["id"] for hit in searcher.search(query, limit=depth)]

    return rank


def tantivy(documents: Texts, depth: int) -> Rank:
    """Rank with Tantivy: its English stemmer, BM25, any of the words."""
    import tantivy as library  # noqa: PLC0415

    builder = library.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in ("title", "body"):
        builder.add_text_field(name, tokenizer_name="en_stem")
    index = library.Index(builder.build())
    writer = index.writer()
    for each in documents:
        document = library.Document(id=str(each["id"]), title=each["title"], body=each["text"])
        writer.add_document(document)
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def rank(text: str) -> list[str]:
        words = " ".join(_WORD.findall(text)).lower()
        query = index.parse_query(words, ["title", "body"])
        found = searcher.search(query, depth).hits
        return [searcher.doc(address)["id"][0] for _, address in found]

    return rank


def bm25s(documents: Texts, depth: int) -> Rank:
    """Rank with bm25s: Snowball stemmer, English stop words, title and text as one."""
    import bm25s as library  # noqa: PLC0415
    import Stemmer  # noqa: PLC0415

    stemmer = Stemmer.Stemmer("english")

    def tokens(texts: list[str]) -> Any:
        return library.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)

    model = library.BM25()
    texts = [f"{each['title']} {each['text']}" for each in documents]
    model.index(tokens(texts), show_progress=False)
    most = min(depth, len(documents))

    def rank(text: str) -> list[str]:
        found, scores = model.retrieve(tokens([text]), k=most, show_progress=False)
        return [
            str(documents[number]["id"])
            for number, score in zip(found[0], scores[0], strict=True)
            if score > 0
        ]

    return rank


PEERS: dict[str, Callable[[Texts, int], Rank]] = {
    "FTS5": fts5,
    "stock Whoosh": whoosh,
    "Tantivy": tantivy,
    "bm25s": bm25s,
}
"""Name → what ranks documents."""
