"""Whoosh by itself, used as its guide does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.contenders.protocol import Ask, Contender, Question, installed_version, records


class StockWhoosh(Contender):
    """Whoosh 2.7.4 by itself."""

    def version(self) -> str | None:
        """See `Contender`."""
        return installed_version("Whoosh")

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
