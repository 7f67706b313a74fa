"""tantivy-py by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.contenders.protocol import Ask, Contender, Question, installed_version, records


class RawTantivy(Contender):
    """tantivy-py by itself: its default tokeniser, three indexed fields."""

    def version(self) -> str | None:
        """See `Contender`."""
        return installed_version("tantivy")

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
            node = _query(tantivy, index, question)
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


def _query(tantivy: Any, index: Any, question: Question) -> Any:
    make = tantivy.Query
    fields = ["title", "body"]
    match question.how:
        case "prefix":
            each = [
                make.regex_query(index.schema, name, f"{question.words[0]}.*") for name in fields
            ]
            return make.boolean_query([(tantivy.Occur.Should, one) for one in each])
        case "fuzzy":
            near = dict.fromkeys(fields, (False, 1, True))
            return index.parse_query(question.words[0], fields, fuzzy_fields=near)
        case "phrase":
            text = f'"{" ".join(question.words)}"'
        case how:
            text = f" {how.upper()} ".join(question.words)
    return index.parse_query(text, fields)
