"""Posts: indexed, asked and added to by every program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.asking import questions
from benchmarks.contenders import CONTENDERS
from benchmarks.contenders.protocol import Question
from benchmarks.parts.work import SHORT_ROUNDS, Work, do, fresh, present, size_of, write_posts
from benchmarks.store import Found

STEPS = ("ask", "cold", "readers", "add")
"""What is done with an index besides building it."""

READERS = (1, 2, 4, 8)
_READ_KINDS = ("common", "rare", "and of 2", "or of 2", "phrase")
_READ_SECONDS = 1.0
_TIMES = 3


def posts_part(work: Work, found: Found) -> None:
    """Build an index of posts with each program, ask it, and add one per cent."""
    names = present(work, found, {name: one.version for name, one in CONTENDERS.items()})
    posts, more = write_posts(work, found)
    asked = questions(posts)
    found.answers = [question.kind for question in asked]
    builders = dict.fromkeys(CONTENDERS[name].index_of or name for name in names)
    for number in range(work.rounds):
        for name in builders:
            folder = fresh(work.scratch / "index")
            taken = do(work, name, "build", folder, posts=posts)
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
                work.note(found, name, "add", do(work, name, "add", folder, posts=more))


def _ask(work: Work, found: Found, name: str, folder: Path, asked: Sequence[Question]) -> None:
    given = [asdict(question) for question in asked]
    if "ask" in work.steps:
        taken = do(work, name, "ask", folder, questions=given, times=_TIMES)
        work.note(found, name, "ask", taken)
    if "cold" in work.steps:
        first = given[:1]
        cold = [do(work, name, "cold", folder, questions=first) for _ in range(SHORT_ROUNDS)]
        work.note(found, name, "cold", *cold)


def _let_read(work: Work, found: Found, name: str, folder: Path, asked: Sequence[Question]) -> None:
    """Let more and more processes answer at once."""
    given = [asdict(question) for question in asked if question.kind in _READ_KINDS]
    told = {"name": name, "folder": str(folder), "questions": given, "seconds": _READ_SECONDS}
    for count in READERS:
        taken = work.runner.read(told, count, python=CONTENDERS[name].interpreter())
        work.note(found, name, f"readers {count}", taken)
