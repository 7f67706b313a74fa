"""The programs that are timed: ours with each engine, and what people use instead.

Each is used plainly, as its guide does, and is given the same posts and questions. To add
one, write a class with the methods of `Contender` and name it in `CONTENDERS`.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import sqlite3
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from benchmarks.made_posts import Record


@dataclass(frozen=True, slots=True)
class Question:
    """A search, in no program's language.

    Args:
        kind: what it stands for, such as ``common`` or ``phrase``.
        words: the words.
        how: ``and``, ``or``, ``phrase``, ``prefix`` or ``fuzzy``.
        country: a filter, or nothing.
        facets: True to count countries, years and themes over all that matches.
        snippets: True to show ten passages with the words marked.
    """

    kind: str
    words: tuple[str, ...]
    how: str = "and"
    country: str = ""
    facets: bool = False
    snippets: bool = False


Ask = Callable[[Question], int]
"""Answers a question with its ten best posts; returns how many match."""


class Contender(Protocol):
    """A program that indexes posts and answers questions."""

    def version(self) -> str | None:
        """Return its version, None where it is not installed."""
        ...

    def build(self, posts: Path, folder: Path) -> None:
        """Index the posts of a JSON Lines file."""
        ...

    def add(self, posts: Path, folder: Path) -> None:
        """Add the posts of another file and commit."""
        ...

    def open(self, folder: Path) -> Ask:
        """Return what answers; a question that it cannot answer raises NotImplementedError."""
        ...


def records(path: Path) -> Iterator[Record]:
    """Yield the posts of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


@dataclass(frozen=True, slots=True)
class Ours:
    """The whole of `rights-search`: read, tag, link, index; search with posts and passages."""

    engine: str
    mode: Any = "exact"

    def version(self) -> str | None:
        """See `Contender`."""
        if self.engine == "tantivy" and importlib.util.find_spec("tantivy") is None:
            return None
        return importlib.metadata.version("rights-search")

    def build(self, posts: Path, folder: Path) -> None:
        """See `Contender`."""
        from rights_search import Archive  # noqa: PLC0415 - one contender a process

        corpus = folder / "corpus"
        corpus.mkdir()
        (corpus / posts.name).symlink_to(posts)
        with Archive.create(folder / "index", engine=self.engine) as archive:
            archive.sync(corpus, follow_links=True)

    def add(self, posts: Path, folder: Path) -> None:
        """See `Contender`."""
        from rights_search import Archive  # noqa: PLC0415

        (folder / "corpus" / posts.name).symlink_to(posts)
        with Archive.open(folder / "index") as archive:
            archive.sync(folder / "corpus", follow_links=True)

    def open(self, folder: Path) -> Ask:
        """See `Contender`."""
        from rights_search import Archive  # noqa: PLC0415

        archive = Archive.open(folder / "index")
        signs = {"and": " ", "or": " OR "}

        def ask(question: Question) -> int:
            match question.how:
                case "phrase":
                    query = f'"{" ".join(question.words)}"'
                case "prefix":
                    query = f"{question.words[0]}*"
                case "fuzzy":
                    query = f"{question.words[0]}~"
                case how:
                    query = signs[how].join(question.words)
            results = archive.search(
                query,
                country=question.country or None,
                mode=self.mode,
                copies="all",
                facets=("country", "year", "theme") if question.facets else (),
                snippet_chars=240 if question.snippets else 1,
            )
            return results.total

        return ask


class StockWhoosh:
    """Whoosh 2.7.4 by itself."""

    def version(self) -> str | None:
        """See `Contender`."""
        return importlib.metadata.version("Whoosh")

    def build(self, posts: Path, folder: Path) -> None:
        """See `Contender`."""
        from whoosh import fields, index  # noqa: PLC0415

        kept = {"stored": True, "commas": True, "sortable": True}
        schema = fields.Schema(
            id=fields.ID(stored=True),
            title=fields.TEXT(stored=True),
            text=fields.TEXT(stored=True),
            date=fields.ID(stored=True, sortable=True),
            country=fields.KEYWORD(**kept),
            themes=fields.KEYWORD(**kept),
            year=fields.ID(stored=True, sortable=True),
        )
        self._write(index.create_in(str(folder), schema), posts)

    def add(self, posts: Path, folder: Path) -> None:
        """See `Contender`."""
        from whoosh import index  # noqa: PLC0415

        self._write(index.open_dir(str(folder)), posts)

    @staticmethod
    def _write(index: Any, posts: Path) -> None:
        writer = index.writer(limitmb=256)
        for record in records(posts):
            writer.add_document(
                **{**record, "country": ",".join(record["country"])}
                | {"themes": ",".join(record["themes"]), "year": record["date"][:4]}
            )
        writer.commit()

    def open(self, folder: Path) -> Ask:  # noqa: C901 - every kind of question in its words
        """See `Contender`."""
        from whoosh import index, query, sorting  # noqa: PLC0415

        searcher = index.open_dir(str(folder)).searcher()

        def of_field(question: Question, field: str) -> Any:
            words = question.words
            match question.how:
                case "phrase":
                    return query.Phrase(field, list(words))
                case "prefix":
                    return query.Prefix(field, words[0])
                case "fuzzy":
                    return query.FuzzyTerm(field, words[0], maxdist=1, prefixlength=1)
            raise AssertionError(question.how)

        def ask(question: Question) -> int:
            if question.how in {"and", "or"}:
                each = [
                    query.Or([query.Term("title", word), query.Term("text", word)])
                    for word in question.words
                ]
                node = (query.And if question.how == "and" else query.Or)(each)
            else:
                node = query.Or([of_field(question, name) for name in ("title", "text")])
            options: dict[str, Any] = {}
            if question.country:
                options["filter"] = query.Term("country", question.country)
            if question.facets:
                overlap = {"allow_overlap": True}
                options["groupedby"] = {
                    "country": sorting.FieldFacet("country", maptype=sorting.Count, **overlap),
                    "themes": sorting.FieldFacet("themes", maptype=sorting.Count, **overlap),
                    "year": sorting.FieldFacet("year", maptype=sorting.Count),
                }
            found = searcher.search(node, limit=10, **options)
            if question.snippets:
                for hit in found:
                    hit.highlights("text")
            return len(found)

        return ask


class Fts5:
    """SQLite's FTS5."""

    def version(self) -> str | None:
        """See `Contender`."""
        return sqlite3.sqlite_version

    def build(self, posts: Path, folder: Path) -> None:
        """See `Contender`."""
        base = sqlite3.connect(folder / "posts.db")
        base.execute(
            "CREATE VIRTUAL TABLE posts USING fts5(title, body, id UNINDEXED, date UNINDEXED,"
            " country UNINDEXED, themes UNINDEXED, tokenize='unicode61')"
        )
        self._write(base, posts)

    def add(self, posts: Path, folder: Path) -> None:
        """See `Contender`."""
        self._write(sqlite3.connect(folder / "posts.db"), posts)

    @staticmethod
    def _write(base: sqlite3.Connection, posts: Path) -> None:
        rows = (
            (each["title"], each["text"], each["id"], each["date"], *map(json.dumps, more))
            for each in records(posts)
            for more in [(each["country"], each["themes"])]
        )
        with base:
            base.executemany("INSERT INTO posts VALUES (?, ?, ?, ?, ?, ?)", rows)
        base.close()

    def open(self, folder: Path) -> Ask:
        """See `Contender`."""
        base = sqlite3.connect(folder / "posts.db")
        facets = [
            f"SELECT value, count(*) FROM posts, json_each(posts.{name}) WHERE posts MATCH ?"  # noqa: S608
            " GROUP BY value"
            for name in ("country", "themes")
        ]
        facets.append(
            "SELECT substr(date, 1, 4), count(*) FROM posts WHERE posts MATCH ? GROUP BY 1"
        )

        def ask(question: Question) -> int:
            match question.how:
                case "fuzzy":
                    raise NotImplementedError
                case "phrase":
                    query = f'"{" ".join(question.words)}"'
                case "prefix":
                    query = f"{question.words[0]}*"
                case how:
                    query = f" {how.upper()} ".join(question.words)
            passage = ", snippet(posts, 1, '[', ']', '…', 40)" if question.snippets else ""
            where, given = "posts MATCH ?", [query]
            if question.country:
                where, given = f"{where} AND country = ?", [query, json.dumps([question.country])]
            base.execute(
                f"SELECT id, title{passage} FROM posts WHERE {where} ORDER BY rank LIMIT 10",  # noqa: S608
                given,
            ).fetchall()
            if question.facets:
                for facet in facets:
                    base.execute(facet, [query]).fetchall()
            counted = base.execute(f"SELECT count(*) FROM posts WHERE {where}", given)  # noqa: S608
            return int(counted.fetchone()[0])

        return ask


class RawTantivy:
    """tantivy-py by itself: its default tokeniser, three indexed fields."""

    def version(self) -> str | None:
        """See `Contender`."""
        if importlib.util.find_spec("tantivy") is None:
            return None
        return importlib.metadata.version("tantivy")

    def build(self, posts: Path, folder: Path) -> None:
        """See `Contender`."""
        import tantivy  # noqa: PLC0415

        builder = tantivy.SchemaBuilder()
        for name in ("title", "body"):
            builder.add_text_field(name, stored=True)
        for name in ("id", "date", "country", "themes", "year"):
            builder.add_text_field(name, stored=True, tokenizer_name="raw", fast=True)
        self._write(tantivy.Index(builder.build(), path=str(folder)), posts)

    def add(self, posts: Path, folder: Path) -> None:
        """See `Contender`."""
        import tantivy  # noqa: PLC0415

        self._write(tantivy.Index.open(str(folder)), posts)

    @staticmethod
    def _write(index: Any, posts: Path) -> None:
        import tantivy  # noqa: PLC0415

        writer = index.writer(256_000_000)
        for each in records(posts):
            values = {**each, "body": each["text"], "year": each["date"][:4]}
            del values["text"]
            writer.add_document(tantivy.Document(**values))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> Ask:
        """See `Contender`."""
        import tantivy  # noqa: PLC0415

        index = tantivy.Index.open(str(folder))
        searcher = index.searcher()
        counts = json.dumps(
            {
                name: {"terms": {"field": name, "size": 1000}}
                for name in ("country", "themes", "year")
            }
        )

        def ask(question: Question) -> int:
            fields: dict[str, Any] = {}
            match question.how:
                case "phrase":
                    text = f'"{" ".join(question.words)}"'
                case "prefix":
                    raise NotImplementedError
                case "fuzzy":
                    text = question.words[0]
                    fields = {"fuzzy_fields": {"title": (False, 1, True), "body": (False, 1, True)}}
                case how:
                    text = f" {how.upper()} ".join(question.words)
            node = index.parse_query(text, ["title", "body"], **fields)
            if question.country:
                only = tantivy.Query.term_query(index.schema, "country", question.country)
                node = tantivy.Query.boolean_query(
                    [(tantivy.Occur.Must, node), (tantivy.Occur.Must, only)]
                )
            found: Any = searcher.search(node, 10)
            if question.snippets:
                maker = tantivy.SnippetGenerator.create(searcher, node, index.schema, "body")
            for _, address in found.hits:
                document = searcher.doc(address)
                if question.snippets:
                    maker.snippet_from_doc(document).to_html()
            if question.facets:
                searcher.aggregate(node, json.loads(counts))
            return int(found.count or 0)

        return ask


class Bm25s:
    """bm25s: a matrix of scores, any of the words."""

    def version(self) -> str | None:
        """See `Contender`."""
        if importlib.util.find_spec("bm25s") is None:
            return None
        return importlib.metadata.version("bm25s")

    def build(self, posts: Path, folder: Path) -> None:
        """See `Contender`."""
        import bm25s  # noqa: PLC0415

        texts = [f"{each['title']} {each['text']}" for each in records(posts)]
        model = bm25s.BM25()
        model.index(bm25s.tokenize(texts, stopwords=None, show_progress=False), show_progress=False)
        model.save(str(folder / "model"))

    def add(self, posts: Path, folder: Path) -> None:
        """See `Contender`: it cannot."""
        raise NotImplementedError

    def open(self, folder: Path) -> Ask:
        """See `Contender`."""
        import bm25s  # noqa: PLC0415

        model = bm25s.BM25.load(str(folder / "model"))

        def ask(question: Question) -> int:
            is_one = len(question.words) == 1 and question.how == "and"
            if (
                not (question.how == "or" or is_one)
                or question.country
                or question.facets
                or (question.snippets)
            ):
                raise NotImplementedError
            words = [list(question.words)]
            model.retrieve(words, k=10, show_progress=False)
            return -1

        return ask


class Ripgrep:
    """ripgrep over the file: no index, no ranking."""

    def version(self) -> str | None:
        """See `Contender`."""
        try:
            command = ["rg", "--version"]
            done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
        except (OSError, subprocess.CalledProcessError):
            return None
        return done.stdout.split()[1]

    def build(self, posts: Path, folder: Path) -> None:
        """See `Contender`: there is nothing to build."""
        (folder / "posts.jsonl").symlink_to(posts)

    def add(self, posts: Path, folder: Path) -> None:
        """See `Contender`: it cannot."""
        raise NotImplementedError

    def open(self, folder: Path) -> Ask:
        """See `Contender`."""
        file = folder / "posts.jsonl"

        def ask(question: Question) -> int:
            if question.country or question.facets or question.snippets or question.how == "fuzzy":
                raise NotImplementedError
            if question.how == "and" and len(question.words) > 1:
                raise NotImplementedError
            joint = {"or": "|", "phrase": " ", "and": "", "prefix": ""}[question.how]
            end = "" if question.how == "prefix" else r"\b"
            pattern = rf"\b(?:{joint.join(question.words)}){end}"
            command = ["rg", "-ci", pattern, str(file)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
            return int(done.stdout or 0)

        return ask


CONTENDERS: dict[str, Contender] = {
    "rights-search": Ours("whoosh"),
    "rights-search, Tantivy": Ours("tantivy"),
    "stock Whoosh": StockWhoosh(),
    "FTS5": Fts5(),
    "tantivy-py": RawTantivy(),
    "bm25s": Bm25s(),
    "ripgrep": Ripgrep(),
}
"""Name → program, ours first."""


def installed(names: Iterable[str]) -> Sequence[str]:
    """Return those of the named programs that are here."""
    return [name for name in names if CONTENDERS[name].version() is not None]
