"""The pager: when one is started, which, in what surroundings."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from rights_search import Archive
from rights_search.cli.pager import environment as pager_environment
from terminals import Terminal
from test_cli import PROGRAM, environment, run, run_in_terminal

PAGED = "-- paged --"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of posts that fill a screen."""
    folder = tmp_path_factory.mktemp("pager")
    (folder / "corpus").mkdir()
    for number in range(12):
        record = {"title": f"Strike {number}", "body": "A strike.", "date": str(2000 + number)}
        (folder / "corpus" / f"{number}.json").write_text(json.dumps(record))
    with Archive.create(folder / "index") as archive:
        archive.sync(folder / "corpus")
    return folder / "index"


@pytest.fixture
def pager(tmp_path: Path) -> str:
    """Return a pager that says that it is one and shows all."""
    program = tmp_path / "a pager"
    program.write_text(f'#!/bin/sh\necho "{PAGED} $*"\ncat\necho\necho "$LESSSECURE|$LESSOPEN"\n')
    program.chmod(0o755)
    return f"'{program}' --wide"


def shown(index: Path, env: Mapping[str, str], *more: str, rows: int = 24) -> str:
    """Return what a query shows in a terminal in which someone can press keys."""
    command = (*PROGRAM, "query", "strike", "--index", str(index), *more)
    with Terminal(command, environment(env), rows=rows) as terminal:
        code, text = terminal.end()
    assert code == 0
    return text


def test_what_is_longer_than_the_screen_is_paged(index: Path, pager: str) -> None:
    """With its own words as arguments, all of the answer, and nothing that it could run."""
    text = shown(index, {"PAGER": pager, "LESSOPEN": "|evil %s"})
    assert f"{PAGED} --wide\n" in text
    assert text.count("A strike.") == 10
    assert text.endswith("\n1|\n")
    assert PAGED in shown(index, {"PAGER": pager}, "--limit", "1", "--no-facets", "--pager")


@pytest.mark.parametrize(
    ("more", "rows", "use"),
    [
        (("--limit", "1", "--no-facets"), 24, "{pager}"),
        ((), 200, "{pager}"),
        (("--no-pager",), 24, "{pager}"),
        ((), 24, "cat"),
        ((), 24, ""),
        ((), 24, "/nowhere/pager"),
        ((), 24, "'unbalanced"),
        (("--json",), 24, "{pager}"),
    ],
)
def test_where_no_pager_is_of_use(
    index: Path, pager: str, more: tuple[str, ...], rows: int, use: str
) -> None:
    """What fits, what is for programs, what is unwanted, and pagers that are not there."""
    text = shown(index, {"PAGER": use.format(pager=pager)}, *more, rows=rows)
    assert PAGED not in text
    assert "Strike 1" in text


def test_without_a_keyboard_or_a_terminal_there_is_no_pager(index: Path, pager: str) -> None:
    """Nobody could press a key in it."""
    asked = ("query", "strike", "--index", index, "--pager")
    assert PAGED not in run_in_terminal(*asked, env={"PAGER": pager}).out
    assert PAGED not in run(*asked, env={"PAGER": pager}).out


@pytest.mark.skipif(shutil.which("less") is None, reason="needs less")
def test_less_shows_pages_and_leaves(index: Path) -> None:
    """It takes keys, shows colours as colours, and what was read stays on the screen."""
    command = (*PROGRAM, "query", "strike", "--index", str(index))
    with Terminal(command, environment(), rows=12) as terminal:
        first = terminal.expect("\n:")
        assert "12 posts match" in first
        assert "ESC[" not in first
        # In its safe mode a shell is refused.
        terminal.type("!")
        terminal.expect("not available")
        terminal.type("\nq")
        code, _ = terminal.end()
    assert code == 0


@pytest.mark.skipif(os.name != "posix", reason="pipes break so on POSIX")
def test_leaving_a_pager_early_is_no_error(index: Path, tmp_path: Path) -> None:
    """Whoever leaves has seen enough: the search was answered."""
    program = tmp_path / "leaves"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    command = (*PROGRAM, "query", "strike", "--limit", "0", "--index", str(index), "--pager")
    env = environment({"PAGER": str(program)})
    with Terminal(command, env) as terminal:
        assert terminal.end() == (0, "")


def test_the_surroundings_of_a_pager_are_safe() -> None:
    """Whatever the user's own are; the options for less stay theirs."""
    ours = {"LESSOPEN": "|x", "LESSCLOSE": "x", "LESSSECURE": "0", "LESS": "-i", "HOME": "/h"}
    safe = pager_environment(ours)
    assert safe.keys() - {"LESSCHARSET"} == {"HOME", "LESS", "LESSSECURE", "LESSHISTFILE"}
    assert (safe["LESS"], safe["LESSSECURE"], safe["LESSHISTFILE"]) == ("-i", "1", "-")
    assert pager_environment({})["LESS"] == "FRX"
