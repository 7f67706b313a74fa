"""An engine alone, and all of the program, in one process and in two."""

from __future__ import annotations

from pathlib import Path

from benchmarks.contenders import CONTENDERS
from benchmarks.contenders.ours import Ours, index_command
from benchmarks.page_tools import Command
from benchmarks.parts.work import Version, Work, do, fresh, present, run, size_of, write_posts
from benchmarks.running import Taken
from benchmarks.store import Found

_STOCK, _READ = "stock Whoosh", "reading and tagging alone, 1"
_ENGINES, _PROCESSES = ("Whoosh", "Tantivy"), (1, 2)
_ALONE, _WHOLE = (
    {f"{name}, {engine}, {n}": (engine.lower(), n) for engine in _ENGINES for n in _PROCESSES}
    for name in ("engine alone", "rights-search")
)
"""Name → engine and number of processes."""

NAMES = (_READ, _STOCK, *_ALONE, *_WHOLE)
"""What was read and tagged comes first: an engine alone is given it."""


def engine_part(work: Work, found: Found) -> None:
    """Index posts with stock Whoosh, with an engine alone, and with the whole program."""
    posts, _ = write_posts(work, found)
    tagged = work.scratch / "tagged.jsonl"
    names = present(work, found, {name: _version(name) for name in NAMES})
    for _ in range(work.rounds):
        for name in names:
            folder = fresh(work.scratch / "index")
            work.note(found, name, "build", _build(work, name, posts, tagged, folder))
            if name != _READ:
                work.note(found, name, "size", {"bytes": size_of(folder)})


def _version(name: str) -> Version:
    engine, _ = (_ALONE | _WHOLE).get(name, ("whoosh", 1))
    return CONTENDERS[_STOCK].version if name == _STOCK else Ours(engine).version


def _build(work: Work, name: str, posts: Path, tagged: Path, folder: Path) -> Taken:
    if name == _READ:
        return work.runner.run("tag", {"posts": str(posts), "tagged": str(tagged)})
    if name in _ALONE:
        engine, processes = _ALONE[name]
        told = {"engine": engine, "posts": str(tagged), "folder": str(folder)}
        return work.runner.run("engine", told | {"processes": processes})
    if name in _WHOLE:
        engine, processes = _WHOLE[name]
        words = index_command(posts, folder / "index", engine, processes=processes)
        return run(work, Command(tuple(words)))
    return do(work, name, "build", folder, posts=posts)
