"""From the command line: a search that starts cold, and a folder of pages."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

from benchmarks import made_pages
from benchmarks.asking import questions
from benchmarks.contenders import CONTENDERS
from benchmarks.contenders.ours import PROGRAM
from benchmarks.page_tools import PAGE_TOOLS, Command
from benchmarks.parts.work import (
    SHORT_ROUNDS,
    Work,
    do,
    fresh,
    present,
    run,
    size_of,
    write_posts,
)
from benchmarks.store import Found

_AS_INSTALLED = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONUNBUFFERED": ""}
"""Lets Python keep what it compiles, and write what is shown at once: where it may not, each start
compiles all modules again, and each line is written by itself."""


def cold_part(work: Work, found: Found) -> None:
    """Start a search from the command line, again and again, beside a Python that does nothing."""
    posts, _ = write_posts(work, found)
    word = next(one.words[0] for one in questions(posts) if one.kind == "common")
    commands = {
        f"python -c {code}": Command((sys.executable, "-c", code), env=_AS_INSTALLED)
        for code in ("pass", "import click")
    }
    found.versions |= dict.fromkeys(commands, platform.python_version())
    programs = "rights-search", "rights-search, Tantivy", "stock Whoosh"
    for name in present(work, found, {name: CONTENDERS[name].version for name in programs}):
        folder = fresh(work.scratch / name.replace(" ", "-"))
        taken = do(work, name, "build", folder, posts=posts)
        work.note(found, name, "build", taken)
        stock = (sys.executable, "-m", "benchmarks.stock_query", str(folder), word)
        ours = (*PROGRAM, "query", word, "--index", str(folder / "index"))
        commands[name] = Command(stock if name == "stock Whoosh" else ours, env=_AS_INSTALLED)
    for command in commands.values():
        run(work, command)  # compiles what nobody has compiled yet, as installing does
    for _ in range(work.rounds * SHORT_ROUNDS):
        for name, command in commands.items():
            found.add(name, "command", run(work, command))
    work.save(found)


def pages_part(work: Work, found: Found) -> None:
    """Index a folder of HTML files, again with nothing changed, and ask for a word."""
    pages = work.scratch / "pages"
    size = made_pages.write(pages, found.count)
    found.about = f"{found.count:,} made HTML files of {size / found.count / 1000:.1f} KB"
    names = present(work, found, {name: one.version for name, one in PAGE_TOOLS.items()})
    for _ in range(work.rounds):
        for name in names:
            tool, folder = PAGE_TOOLS[name], fresh(work.scratch / "index")
            if (command := tool.index(pages, folder)) is not None:
                taken = run(work, command)
                work.note(found, name, "index", taken)
                if "failed" in taken:
                    continue
                work.note(found, name, "size", {"bytes": size_of(folder)})
                if tool.is_incremental:
                    before = state_of(pages), state_of(folder)
                    taken = run(work, command)
                    written = sum(map(_differences, before, (state_of(pages), state_of(folder))))
                    work.note(found, name, "unchanged", taken | {"written": written})
            if (asked := tool.query("torture", pages, folder)) is not None:
                work.note(found, name, "query", *(run(work, asked) for _ in range(SHORT_ROUNDS)))


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Return path → (size, time of change in nanoseconds) of what is in a folder."""
    return {
        str(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in folder.rglob("*")
    }


def _differences(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> int:
    return sum(before.get(path) != after.get(path) for path in before.keys() | after.keys())
