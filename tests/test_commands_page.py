"""The reference of the commands is whole, and what it shows works."""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import click
import pytest

from manual.commands import all_commands, epilog, options, page
from rights_search.__main__ import main
from rights_search.archive import Archive

CONTEXTS = list(all_commands())
NAMES = [context.command_path for context in CONTEXTS]


@pytest.mark.parametrize("context", CONTEXTS, ids=NAMES)
def test_every_command_says_what_it_does(context: click.Context) -> None:
    """A command has a help, a short help, and examples, options have a help each."""
    command = context.command
    assert command.help
    assert command.short_help
    assert "Examples:\n" in epilog(command)
    for option in options(command):
        assert option.help, option.name
        assert option.help.endswith("."), option.name
        assert option.is_flag or option.metavar or isinstance(option.type, click.Choice), (
            option.name
        )


def test_every_command_and_option_is_on_the_page() -> None:
    """Each has its place, hidden ones too: there are none."""
    text = page()
    for context in CONTEXTS:
        name = context.command_path.removeprefix("rights-search ")
        section = re.search(rf"^##+ {name}\n(.*?)(?=^##+ |\Z)", text, re.DOTALL | re.MULTILINE)
        assert section, name
        for param in context.command.params:
            if isinstance(param, click.Option):
                assert f"`{param.opts[0]}" in section[1], (name, param.opts)


@pytest.fixture(scope="module")
def folder(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the examples mean something."""
    here = tmp_path_factory.mktemp("examples")
    shutil.copytree(repository / "tests" / "fixtures" / "cli" / "corpus", here / "corpus")
    (here / "corpus" / "espanol").mkdir()
    (here / "corpus" / "espanol" / "entradas.csv").write_text("title,body\nUno,Dos tres\n")
    shutil.copytree(here / "corpus", here / "posts")
    (here / "queries.csv").write_text("query\ntorture\n")
    themes = '[themes.nets]\nlabel = "Nets"\nterms.en.strong = ["net"]\n'
    (here / "my-themes.toml").write_text(themes)
    (here / "bin").mkdir()
    for name in ("xdg-open", "open"):
        opener = here / "bin" / name
        opener.write_text("#!/bin/sh\nexit 0\n")
        opener.chmod(0o755)
    return here


def examples() -> list[str]:
    """Return the examples, in the order of the page."""
    texts = (epilog(context.command) for context in CONTEXTS)
    found = [
        line.strip() for text in texts for line in text.partition("Examples:\n")[2].splitlines()
    ]
    return list(dict.fromkeys(found))


def test_every_example_works(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Run one behind the other, each ends as a search does: with 0 or 1, and no message."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("RIGHTS_SEARCH_INDEX", raising=False)
    assert main(["index", "corpus/", "--quiet"]) == 0
    with Archive.open("index") as archive:
        post_id = next(archive.posts()).id
    for line in examples():
        command, typed = of_line(line.replace("/data/index", "index"), post_id)
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = main(command)
        error = capfd.readouterr().err
        assert code in (0, 1), (line, error)
        assert "rights-search: " not in error, (line, error)


def of_line(line: str, post_id: str) -> tuple[list[str], str]:
    """Return the arguments of a line and what is piped into it; pipes behind it are cut."""
    typed = ""
    piped = re.match(r"printf '(.*)' \| (.*)", line)
    if piped:
        typed, line = piped[1].replace("\\n", "\n"), piped[2]
    line = re.split(r" (?:>|\|\|?) ", line)[0]
    words = [os.path.expanduser(word) for word in shlex.split(line)]  # noqa: PTH111 - as a shell
    assert words[0] == "rights-search", line
    return [post_id if re.match(r"3f2a[0-9a-f]*\Z", word) else word for word in words[1:]], typed
