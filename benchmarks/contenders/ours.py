"""This program: the whole of it as people use it, and the engine's work alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.contenders.protocol import Ask, Contender, Question, installed_version

if TYPE_CHECKING:
    from rights_search.search.questions import Request

FACETS = ("country", "year", "theme")

PROGRAM = (sys.executable, "-m", "rights_search")


def index_command(
    corpus: Path, index: Path, engine: str, *, processes: int | None = None
) -> list[str]:
    """Return the command that indexes a folder, in as many processes as there are processors."""
    jobs = [] if processes is None else ["--jobs", str(processes)]
    more = ["--index", str(index), "--engine", engine, "--follow-links", "--quiet", *jobs]
    return [*PROGRAM, "index", str(corpus), *more]


class Ours(Contender):
    """The whole of it: read, tag, link, index; answer with posts, reasons and passages.

    Args:
        engine: that of the index.
        processes: how many to index in; None for as many as there are processors.
    """

    def __init__(self, engine: str, processes: int | None = None) -> None:
        self._engine = engine
        self._processes = processes

    def version(self) -> str | None:
        """See `Contender`."""
        return _version(self._engine)

    def build(self, posts: Path, folder: Path) -> None:
        """See `Contender`."""
        (folder / "corpus").mkdir()
        self.add(posts, folder)

    def add(self, posts: Path, folder: Path) -> None:
        """See `Contender`."""
        (folder / "corpus" / posts.name).symlink_to(posts)
        command = index_command(
            folder / "corpus", folder / "index", self._engine, processes=self._processes
        )
        subprocess.run(command, check=True)  # noqa: S603 - our own program

    def open(self, folder: Path) -> Ask:
        """See `Contender`."""
        from rights_search import Archive  # noqa: PLC0415 - one contender a process

        archive = Archive.open(folder / "index")

        def ask(question: Question) -> int:
            results = archive.search(
                _query(question),
                country=question.country or None,
                mode="exact",
                copies="all",
                facets=FACETS if question.facets else (),
                snippet_chars=240 if question.snippets else 1,
            )
            return results.total

        return ask


class OurEngine(Contender):
    """The query read and the engine asked: the numbers of the ten best posts, no post read.

    Args:
        engine: whose.
        index_of: the program whose index it asks.
    """

    def __init__(self, engine: str, index_of: str) -> None:
        self._engine = engine
        self.index_of = index_of

    def version(self) -> str | None:
        """See `Contender`."""
        return _version(self._engine)

    def open(self, folder: Path) -> Ask:
        """See `Contender`."""
        find = _finder(self._engine, folder / "index")

        def ask(question: Question) -> int:
            if question.snippets:
                raise NotImplementedError
            return find(_request(question))

        return ask


def _finder(engine: str, index: Path) -> Callable[[Request], int]:
    from rights_search import engines  # noqa: PLC0415
    from rights_search.links.relations import Links  # noqa: PLC0415
    from rights_search.search import searching  # noqa: PLC0415
    from rights_search.search.linked import LinkedSnapshot  # noqa: PLC0415

    module = engines.load(engine)
    linked = LinkedSnapshot(module.snapshot(module.open(index)), Links())
    return lambda request: searching.find(request, linked).found.total


def _request(question: Question) -> Request:
    from rights_search.search.questions import Request  # noqa: PLC0415

    return Request(
        _query(question),
        filters=(("country", (question.country,)),) if question.country else (),
        mode="exact",
        facets=FACETS if question.facets else (),
        copies="all",
    )


def _query(question: Question) -> str:
    match question.how:
        case "phrase":
            return f'"{" ".join(question.words)}"'
        case "prefix":
            return f"{question.words[0]}*"
        case "fuzzy":
            return f"{question.words[0]}~"
        case how:
            return {"and": " ", "or": " OR "}[how].join(question.words)


def _version(engine: str) -> str | None:
    if engine == "tantivy" and installed_version("tantivy") is None:
        return None
    return installed_version("rights-search")
