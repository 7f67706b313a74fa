"""Xapian, through the Python binding of Debian, which belongs to the system's own Python."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.contenders.protocol import Ask, Contender, Question, output_of, records

_VERSION = "import xapian; print(xapian.version_string())"
_PYTHONS = (sys.executable, "/usr/bin/python3")

_FACETS = {"country": 0, "themes": 1, "year": 2}
"""Field → number of its value."""


class Xapian(Contender):
    """Xapian: words without stemming, values for what is counted, terms for what filters."""

    def version(self) -> str | None:
        """See `Contender`."""
        return output_of(self.interpreter(), "-c", _VERSION)

    def interpreter(self) -> str:
        """See `Contender`."""
        has = (python for python in _PYTHONS if output_of(python, "-c", _VERSION) is not None)
        return next(has, sys.executable)

    def build(self, posts: Path, folder: Path) -> None:
        """See `Contender`."""
        self._write(posts, folder)

    def add(self, posts: Path, folder: Path) -> None:
        """See `Contender`."""
        self._write(posts, folder)

    @staticmethod
    def _write(posts: Path, folder: Path) -> None:
        import xapian  # noqa: PLC0415 - one contender a process

        base = xapian.WritableDatabase(str(folder / "base"), xapian.DB_CREATE_OR_OPEN)
        words = xapian.TermGenerator()
        for record in records(posts):
            document = xapian.Document()
            words.set_document(document)
            words.index_text(record["title"])
            words.increase_termpos()
            words.index_text(record["text"])
            document.set_data(json.dumps(record, ensure_ascii=False))
            for name in record["country"]:
                document.add_boolean_term(f"XC{name}")
            for name, number in _FACETS.items():
                value = record["date"][:4] if name == "year" else "\n".join(record[name])
                document.add_value(number, value)
            base.add_document(document)
        base.commit()
        base.close()

    def open(self, folder: Path) -> Ask:
        """See `Contender`."""
        import xapian  # noqa: PLC0415

        base = xapian.Database(str(folder / "base"))
        enquire = xapian.Enquire(base)

        def ask(question: Question) -> int:
            enquire.set_query(_query(xapian, question))
            enquire.clear_matchspies()
            spies = [xapian.ValueCountMatchSpy(number) for number in _FACETS.values()]
            if question.facets:
                for spy in spies:
                    enquire.add_matchspy(spy)
            # To count exactly it must look at every post that matches.
            found = enquire.get_mset(0, 10, base.get_doccount())
            for hit in found:
                record = json.loads(hit.document.get_data())
                if question.snippets:
                    found.snippet(record["text"], 240)
            if question.facets:
                for spy in spies:
                    _counted(spy)
            return int(found.get_matches_estimated())

        return ask


def _query(xapian: Any, question: Question) -> Any:
    make = xapian.Query
    match question.how:
        case "fuzzy":
            raise NotImplementedError  # before Xapian 2
        case "prefix":
            query = make(make.OP_WILDCARD, question.words[0], 0, make.WILDCARD_LIMIT_ERROR)
        case how:
            signs = {"and": make.OP_AND, "or": make.OP_OR, "phrase": make.OP_PHRASE}
            query = make(signs[how], list(question.words))
    if question.country:
        query = make(make.OP_FILTER, query, make(f"XC{question.country}"))
    return query


def _counted(spy: Any) -> dict[str, int]:
    """Return value → number of posts; a post's values stand in one, a line each."""
    counts: dict[str, int] = {}
    for item in spy.values():
        for value in item.term.decode().split("\n"):
            counts[value] = counts.get(value, 0) + item.termfreq
    return counts
