"""What the README shows is what happens."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import rights_search as rs
from rights_search.__main__ import main

BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(readme: Path, language: str) -> list[str]:
    """Return the code blocks of one language."""
    text = readme.read_text(encoding="utf-8")
    return [match["code"] for match in BLOCK.finditer(text) if match["language"] == language]


@pytest.fixture
def checkout(repository: Path, tmp_path: Path) -> Path:
    """Return a folder that looks like a checkout, with the corpus in it."""
    (tmp_path / "corpus").symlink_to(repository / "corpus")
    return tmp_path


def run(command: list[str], folder: Path) -> str:
    """Run a command in a folder and return what it printed."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    environment.pop("RIGHTS_SEARCH_INDEX", None)
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_library_example_runs_and_prints_what_it_says(repository: Path, checkout: Path) -> None:
    """Every Python block runs; its output is the text block behind it, word for word."""
    programs = blocks(repository / "README.md", "python")
    expected = blocks(repository / "README.md", "text")
    assert programs
    assert len(programs) <= len(expected)
    for program, output in zip(programs, expected, strict=False):
        assert run([sys.executable, "-c", program], checkout) == output


def test_the_page_of_the_library_prints_what_it_says(repository: Path, checkout: Path) -> None:
    """Its Python is one program, and its text blocks are what that prints."""
    page = repository / "docs" / "library.md"
    program = "".join(blocks(page, "python"))
    assert run([sys.executable, "-c", program], checkout) == "".join(blocks(page, "text"))


def test_every_public_name_has_a_place_on_the_page_of_the_library(repository: Path) -> None:
    """A name that is new is explained there, too."""
    page = (repository / "docs" / "library.md").read_text(encoding="utf-8")
    missing = [name for name in rs.__all__ if f"`{name}`" not in page]
    assert not missing


def test_every_shown_command_works(
    repository: Path,
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each `rights-search` line of the shell blocks ends well."""
    shown = "\n".join(blocks(repository / "README.md", "sh"))
    commands = [line for line in shown.splitlines() if line.startswith("rights-search ")]
    assert len(commands) >= 5
    monkeypatch.chdir(checkout)
    monkeypatch.delenv("RIGHTS_SEARCH_INDEX", raising=False)
    for line in commands:
        _, *args = shlex.split(line, comments=True)
        assert main(args) == 0, (line, capsys.readouterr().err)
