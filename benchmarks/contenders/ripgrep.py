"""ripgrep: no index at all."""

from __future__ import annotations

import subprocess
from pathlib import Path

from benchmarks.contenders.protocol import Ask, Contender, Question, output_of


class Ripgrep(Contender):
    """ripgrep over the file: no index, no ranking."""

    def version(self) -> str | None:
        """See `Contender`."""
        told = output_of("rg", "--version")
        return told.split()[1] if told else None

    def build(self, posts: Path, folder: Path) -> None:
        """See `Contender`: there is nothing to build."""
        (folder / "posts.jsonl").symlink_to(posts)

    def open(self, folder: Path) -> Ask:
        """See `Contender`."""
        file = folder / "posts.jsonl"

        def ask(question: Question) -> int:
            if question.country or question.facets or question.snippets or question.how == "fuzzy":
                raise NotImplementedError
            if question.how == "and" and len(question.words) > 1:
                raise NotImplementedError
            joint = {"or": "|", "phrase": " ", "and": "", "prefix": ""}[question.how]
            end = "" if question.how == "prefix" else r"\b"
            pattern = rf"\b(?:{joint.join(question.words)}){end}"
            command = ["rg", "-ci", pattern, str(file)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
            return int(done.stdout or 0)

        return ask
