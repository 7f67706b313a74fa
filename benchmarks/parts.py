"""The parts of the benchmark: posts of some size, an engine alone, a cold start, pages.

A part can be run without the others, and one of its steps can fail without the others.
"""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

from benchmarks import made_pages, made_posts
from benchmarks.asking import questions
from benchmarks.contenders import CONTENDERS
from benchmarks.contenders.ours import PROGRAM, Ours, index_command
from benchmarks.contenders.protocol import Question
from benchmarks.page_tools import PAGE_TOOLS, Command
from benchmarks.running import Runner, Taken
from benchmarks.store import Found

Version: TypeAlias = Callable[[], str | None]

STEPS = ("ask", "cold", "readers", "add")
"""What is done with an index besides building it."""

READERS = (1, 2, 4, 8)
_READ_KINDS = ("common", "rare", "and of 2", "or of 2", "phrase")
_READ_SECONDS = 1.0
_TIMES = 3
_COLD_ROUNDS = 5
"""Starting a process is short: in each round it is done so often."""

_LARGE = 50_000
_HUGE = 500_000
_TOO_SLOW = {"stock Whoosh": _LARGE, "bm25s": _HUGE, "Xapian": _HUGE, "FTS5": _HUGE}
_TOO_SLOW |= {"rights-search": _HUGE, "Whoosh engine alone": _HUGE, "ripgrep": _HUGE}
"""Program → number of posts from which on it is timed only if it is named."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a part is done with.

    Args:
        runner: runs the steps.
        scratch: an empty folder.
        rounds: how often each step is done.
        only: the programs to be timed, None for all.
        steps: of `STEPS`.
        is_made: True for made posts, also where there are enough real ones.
        save: is called after every step.
    """

    runner: Runner
    scratch: Path
    rounds: int
    only: Sequence[str] | None
    steps: Sequence[str]
    is_made: bool
    save: Callable[[Found], None]

    def note(self, found: Found, program: str, step: str, *taken: Taken) -> None:
        """Keep what a step gave, several times if it is short, and say so."""
        for each in taken:
            found.add(program, step, each)
        self.save(found)
        if said := _said(taken[-1]):
            print(f"  {program}: {step}: {said}", file=sys.stderr, flush=True)


def _said(taken: Taken) -> str:
    match taken:
        case {"failed": reason}:
            return f"failed, {reason}"
        case {"cannot": _}:
            return "cannot"
        case {"per_second": times}:
            return f"{times:.0f} a second"
        case {"wall": seconds}:
            return f"{seconds:.2f} s"
        case _:
            return ""


# --- posts -----------------------------------------------------------------------


def posts_part(work: Work, found: Found) -> None:
    """Build an index of posts with each program, ask it, and add one per cent."""
    names = _present(work, found, {name: one.version for name, one in CONTENDERS.items()})
    posts, more = _posts(work, found)
    asked = questions(posts)
    found.answers = [question.kind for question in asked]
    for number in range(work.rounds):
        for name in names:
            if CONTENDERS[name].index_of:
                continue
            folder = _fresh(work.scratch / "index")
            taken = _step(work, name, "build", folder, posts=posts)
            work.note(found, name, "build", taken)
            if "failed" in taken:
                continue
            work.note(found, name, "size", {"bytes": size_of(folder)})
            for asker in names:
                if name in {asker, CONTENDERS[asker].index_of}:
                    _ask(work, found, asker, folder, asked)
                    if "readers" in work.steps and number == 0:
                        _let_read(work, found, asker, folder, asked)
            if "add" in work.steps:
                work.note(found, name, "add", _step(work, name, "add", folder, posts=more))


def _ask(work: Work, found: Found, name: str, folder: Path, asked: Sequence[Question]) -> None:
    given = [asdict(question) for question in asked]
    if "ask" in work.steps:
        taken = _step(work, name, "ask", folder, questions=given, times=_TIMES)
        work.note(found, name, "ask", taken)
    if "cold" in work.steps:
        first = given[:1]
        cold = [_step(work, name, "cold", folder, questions=first) for _ in range(_COLD_ROUNDS)]
        work.note(found, name, "cold", *cold)


def _let_read(work: Work, found: Found, name: str, folder: Path, asked: Sequence[Question]) -> None:
    """Let more and more processes answer at once."""
    given = [asdict(question) for question in asked if question.kind in _READ_KINDS]
    told = {"name": name, "folder": str(folder), "questions": given, "seconds": _READ_SECONDS}
    for count in READERS:
        taken = work.runner.read(told, count, python=CONTENDERS[name].interpreter())
        work.note(found, name, f"readers {count}", taken)


def _step(work: Work, name: str, step: str, folder: Path, **more: object) -> Taken:
    told: dict[str, object] = {"name": name, "folder": str(folder)}
    told |= {key: str(value) if isinstance(value, Path) else value for key, value in more.items()}
    return work.runner.run(step, told, python=CONTENDERS[name].interpreter())


def _posts(work: Work, found: Found) -> tuple[Path, Path]:
    """Write the posts, and one per cent more; return both files."""
    more = max(1, found.count // 100)
    is_made = work.is_made or not made_posts.holds_real(found.count + more)
    found.about = f"{found.count:,} {'made' if is_made else 'real'} posts"
    paths = work.scratch / "posts.jsonl", work.scratch / "more.jsonl"
    made_posts.write(paths[0], found.count, is_made=is_made)
    made_posts.write(paths[1], more, is_made=is_made, skip=found.count)
    return paths


def _present(work: Work, found: Found, versions: Mapping[str, Version]) -> Sequence[str]:
    """Return the programs to be timed; note the versions, and why others are left out."""
    present = []
    for name, version in versions.items():
        if work.only is not None and name not in work.only:
            continue
        told = version()
        if told is None:
            found.left_out[name] = "not here"
        elif work.only is None and found.kind == "posts" and found.count >= _limit(name):
            found.left_out[name] = "too slow for so many posts"
        else:
            found.versions[name] = told
            present.append(name)
    return present


def _limit(name: str) -> float:
    return _TOO_SLOW.get(name, float("inf"))


# --- the engine alone ------------------------------------------------------------


def engine_part(work: Work, found: Found) -> None:
    """Index posts with stock Whoosh, with an engine alone, and with the whole program."""
    posts, _ = _posts(work, found)
    whole = {f"rights-search, {engine}, {n}": (engine, n) for engine in ENGINES for n in PROCESSES}
    alone = {f"{engine} engine alone, {n}": (engine, n) for engine in ENGINES for n in PROCESSES}
    versions: dict[str, Version] = {"stock Whoosh": CONTENDERS["stock Whoosh"].version}
    versions |= {
        name: Ours(engine.lower()).version for name, (engine, _) in (alone | whole).items()
    }
    names = _present(work, found, versions)
    for _ in range(work.rounds):
        for name in names:
            folder = _fresh(work.scratch / "index")
            if name in alone:
                engine, processes = alone[name]
                told = {"engine": engine.lower(), "posts": str(posts), "folder": str(folder)}
                taken = work.runner.run("engine", told | {"processes": processes})
            elif name in whole:
                engine, processes = whole[name]
                words = index_command(posts, folder / "index", engine.lower(), processes=processes)
                taken = _run(work, Command(tuple(words)))
            else:
                taken = _step(work, name, "build", folder, posts=posts)
            work.note(found, name, "build", taken)
            work.note(found, name, "size", {"bytes": size_of(folder)})


ENGINES = ("Whoosh", "Tantivy")
PROCESSES = (1, 2)


# --- cold ------------------------------------------------------------------------


def cold_part(work: Work, found: Found) -> None:
    """Start a search from the command line, again and again, beside a Python that does nothing."""
    posts, _ = _posts(work, found)
    word = next(one.words[0] for one in questions(posts) if one.kind == "common")
    commands = {
        f"python -c {code}": Command((sys.executable, "-c", code))
        for code in ("pass", "import click")
    }
    found.versions |= dict.fromkeys(commands, platform.python_version())
    programs = "rights-search", "rights-search, Tantivy", "stock Whoosh"
    for name in _present(work, found, {name: CONTENDERS[name].version for name in programs}):
        folder = _fresh(work.scratch / name.replace(" ", "-"))
        taken = _step(work, name, "build", folder, posts=posts)
        work.note(found, name, "build", taken)
        stock = (sys.executable, "-m", "benchmarks.stock_query", str(folder), word)
        ours = (*PROGRAM, "query", word, "--index", str(folder / "index"))
        commands[name] = Command(stock if name == "stock Whoosh" else ours)
    for _ in range(work.rounds * _COLD_ROUNDS):
        for name, command in commands.items():
            found.add(name, "command", _run(work, command))
    work.save(found)


# --- pages -----------------------------------------------------------------------


def pages_part(work: Work, found: Found) -> None:
    """Index a folder of HTML files, again with nothing changed, and ask for a word."""
    pages = work.scratch / "pages"
    size = made_pages.write(pages, found.count)
    found.about = f"{found.count:,} made HTML files of {size / found.count / 1000:.1f} KB"
    names = _present(work, found, {name: one.version for name, one in PAGE_TOOLS.items()})
    for _ in range(work.rounds):
        for name in names:
            tool, folder = PAGE_TOOLS[name], _fresh(work.scratch / "index")
            if (command := tool.index(pages, folder)) is not None:
                taken = _run(work, command)
                work.note(found, name, "index", taken)
                if "failed" in taken:
                    continue
                work.note(found, name, "size", {"bytes": size_of(folder)})
                if tool.is_incremental:
                    before = state_of(pages), state_of(folder)
                    taken = _run(work, command)
                    written = sum(map(_differences, before, (state_of(pages), state_of(folder))))
                    work.note(found, name, "unchanged", taken | {"written": written})
            if (asked := tool.query("torture", pages, folder)) is not None:
                work.note(found, name, "query", *(_run(work, asked) for _ in range(_COLD_ROUNDS)))


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Return path → (size, time of change in nanoseconds) of what is in a folder."""
    return {
        str(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in folder.rglob("*")
    }


def _differences(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> int:
    return sum(before.get(path) != after.get(path) for path in before.keys() | after.keys())


def size_of(folder: Path) -> int:
    """Return the bytes of the files in a folder; what links lead to is not in it."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files)


def _run(work: Work, command: Command) -> Taken:
    return work.runner.run("run", asdict(command))


def _fresh(folder: Path) -> Path:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    return folder


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of part.

    Args:
        run: does it.
        title: what its table is called, the posts or pages before it.
        seconds: how long a round takes about, whatever the size.
        seconds_each: and more for each post or page.
    """

    run: Callable[[Work, Found], None]
    title: str
    seconds: float
    seconds_each: float

    def estimate(self, count: int, rounds: int) -> float:
        """Return about how many seconds it takes on two processors of a quiet machine."""
        return rounds * (self.seconds + self.seconds_each * count)


KINDS = {
    "posts": Kind(posts_part, "indexed, asked and added to", 60, 0.008),
    "engine": Kind(engine_part, "indexed by an engine alone and by the whole program", 15, 0.012),
    "cold": Kind(cold_part, "searched from the command line", 10, 0.005),
    "pages": Kind(pages_part, "indexed from the command line", 10, 0.01),
}
