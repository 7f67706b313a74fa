"""Time this program beside others on the same posts, in one run: ``make bench``.

Every step is a process of its own, and the programs take turns in every round, so that a
busy minute of the machine touches all of them. Ratios travel from machine to machine,
times do not.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import made_posts, report
from benchmarks.contenders import CONTENDERS, Question, installed, records
from rights_search.analysis import terms

_TELLING_CHARS = 5
"""A shorter word may be on a list of stop words."""

_REPOSITORY = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run the benchmark and write its table and plots."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[1000, 10_000], help="sizes")
    parser.add_argument("--made", action="store_true", help="made posts, also where real ones are")
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    parser.add_argument("--rounds", type=int, default=3, help="of every step (3)")
    parser.add_argument("--out", type=Path, default=_REPOSITORY / "benchmarks" / "results")
    options = parser.parse_args()
    is_made = options.made or not made_posts.REAL.is_file()
    names = installed(options.only)
    for count in options.posts:
        with tempfile.TemporaryDirectory(prefix="rights-search-bench-") as scratch:
            found = measure(names, count, options.rounds, Path(scratch), is_made=is_made)
        versions = {name: CONTENDERS[name].version() for name in names}
        report.write(options.out, count, found, versions, is_made=is_made)


def measure(
    names: Sequence[str], count: int, rounds: int, scratch: Path, *, is_made: bool
) -> dict[str, dict[str, list[Any]]]:
    """Return program → step → what each round gave.

    Args:
        names: of the programs.
        count: of posts.
        rounds: how often each step is done.
        scratch: a folder for posts and indexes.
        is_made: True for made posts.
    """
    posts, more = scratch / "posts.jsonl", scratch / "more.jsonl"
    made_posts.write(posts, count, is_made=is_made)
    made_posts.write(more, max(1, count // 100), is_made=is_made, skip=count)
    asked = questions(posts)
    found: dict[str, dict[str, list[Any]]] = {name: {} for name in names}
    for number in range(rounds):
        for name in names:
            folder = scratch / f"{number}-{name}".replace(" ", "-")
            folder.mkdir()
            steps = {
                "build": _step(name, "build", posts, folder),
                "size": _size(folder),
                "ask": _step(
                    name, "ask", posts, folder, json.dumps([asdict(one) for one in asked]), "7"
                ),
                "cold": _step(name, "ask", posts, folder, json.dumps([asdict(asked[0])]), "1"),
                "add": _step(name, "add", more, folder),
            }
            for step, value in steps.items():
                found[name].setdefault(step, []).append(value)
            print(f"{count:,} posts, round {number + 1}: {name}", file=sys.stderr)
    for name in names:
        found[name]["questions"] = [asdict(one) for one in asked]
    return found


def questions(posts: Path) -> list[Question]:
    """Return what is asked of an index of these posts, by how often words stand in them."""
    held: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    countries: Counter[str] = Counter()
    count = 0
    for record in records(posts):
        words = terms(record["text"])
        held.update(filter(_is_telling, set(words)))
        pairs.update(pair for pair in pairwise(words) if all(map(_is_telling, pair)))
        countries.update(record["country"])
        count += 1
    common = [word for word, held_by in held.most_common() if held_by < count * 0.5][:5]
    rare = next(word for word, held_by in held.most_common() if held_by <= max(2, count // 1000))
    phrase = pairs.most_common(1)[0][0]
    country = countries.most_common(1)[0][0]
    return [
        Question("common", (common[0],)),
        Question("rare", (rare,)),
        Question("and of 2", tuple(common[:2])),
        Question("or of 2", tuple(common[:2]), "or"),
        Question("or of 5", tuple(common), "or"),
        Question("phrase", phrase, "phrase"),
        Question("prefix", (common[0][:4],), "prefix"),
        Question("fuzzy", (common[1],), "fuzzy"),
        Question("filter", (common[0],), country=country),
        Question("facets", (common[0],), facets=True),
        Question("snippets", (common[0],), snippets=True),
    ]


def _is_telling(word: str) -> bool:
    """Tell whether every program takes a word for one: some leave out what stands everywhere."""
    return word.isascii() and word.isalpha() and len(word) >= _TELLING_CHARS


def _step(name: str, step: str, *arguments: object) -> Any:
    command = [sys.executable, "-m", "benchmarks.step", name, step, *map(str, arguments)]
    done = subprocess.run(  # noqa: S603 - our own module
        command, capture_output=True, text=True, check=False, cwd=_REPOSITORY
    )
    if done.returncode:
        raise SystemExit(f"{name} failed to {step}:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def _size(folder: Path) -> int:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files)


if __name__ == "__main__":
    main()
