"""SQLite's full-text search."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from benchmarks.contenders.protocol import Ask, Contender, Question, records


class Fts5(Contender):
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
