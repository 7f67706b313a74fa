"""What the parts of the benchmark share: what they are done with, and how a step is done."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

from benchmarks import made_posts
from benchmarks.contenders import CONTENDERS
from benchmarks.page_tools import Command
from benchmarks.running import Runner, Taken
from benchmarks.store import Found

Version: TypeAlias = Callable[[], str | None]

SHORT_ROUNDS = 5
"""To start a process is short: in each round it is done so often."""

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
        without: programs that are not.
        steps: of `benchmarks.parts.posts.STEPS`.
        is_made: True for made posts, also where there are enough real ones.
        save: is called after every step.
    """

    runner: Runner
    scratch: Path
    rounds: int
    only: Sequence[str] | None
    without: Sequence[str]
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


def present(work: Work, found: Found, versions: Mapping[str, Version]) -> Sequence[str]:
    """Return the programs to be timed; note the versions, and why others are left out."""
    here = []
    for name, version in versions.items():
        if work.only is not None and name not in work.only:
            continue
        told = version()
        if name in work.without:
            found.left_out[name] = "not asked for"
        elif told is None:
            found.left_out[name] = "not here"
        elif work.only is None and found.kind == "posts" and found.count >= _limit(name):
            found.left_out[name] = "too slow for so many posts"
        else:
            found.versions[name] = told
            here.append(name)
    return here


def _limit(name: str) -> float:
    return _TOO_SLOW.get(name, float("inf"))


def write_posts(work: Work, found: Found) -> tuple[Path, Path]:
    """Write the part's posts, and one per cent more; return both files."""
    more = max(1, found.count // 100)
    is_made = work.is_made or not made_posts.holds_real(found.count + more)
    found.about = f"{found.count:,} {'made' if is_made else 'real'} posts"
    paths = work.scratch / "posts.jsonl", work.scratch / "more.jsonl"
    made_posts.write(paths[0], found.count, is_made=is_made)
    made_posts.write(paths[1], more, is_made=is_made, skip=found.count)
    return paths


def do(work: Work, name: str, step: str, folder: Path, **more: object) -> Taken:
    """Do a step of a program in its folder."""
    told: dict[str, object] = {"name": name, "folder": str(folder)}
    told |= {key: str(value) if isinstance(value, Path) else value for key, value in more.items()}
    return work.runner.run(step, told, python=CONTENDERS[name].interpreter())


def run(work: Work, command: Command) -> Taken:
    """Run a command to its end."""
    return work.runner.run("run", asdict(command))


def fresh(folder: Path) -> Path:
    """Return a folder with nothing in it."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    return folder


def size_of(folder: Path) -> int:
    """Return the bytes of the files in a folder; what links lead to is not in it."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files)
