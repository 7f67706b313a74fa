"""The reference of the commands is whole, and what it shows works."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest

from manual.commands import all_commands, epilog, options, page
from rights_search.archive import Archive

OFFLINE = Path(__file__).resolve().parent / "offline"
REMOTE = "rights-search index remote/ --index remote-index --quiet"
"""Reads files that name addresses wherever a program might be led to follow them."""

_FAR = "http://example.org"
REMOTE_FILES = {
    "page.html": (
        f'<!DOCTYPE html SYSTEM "{_FAR}/a.dtd"><html><head><base href="{_FAR}/">'
        f'<link rel="stylesheet" href="{_FAR}/a.css"><script src="{_FAR}/a.js"></script>'
        f'<meta http-equiv="refresh" content="0;url={_FAR}/"><title>A page</title></head>'
        f'<body><article><h1>A page</h1><img src="{_FAR}/a.png"><p>Words of a page that stand '
        f'here for a reader to find.</p><iframe src="{_FAR}/"></iframe></article></body></html>'
    ),
    "feed.xml": (
        f'<?xml version="1.0"?><?xml-stylesheet href="{_FAR}/a.xsl"?>'
        f'<!DOCTYPE rss PUBLIC "-//x//y" "{_FAR}/rss.dtd" [<!ENTITY far SYSTEM "{_FAR}/e">]>'
        f'<rss xmlns:xi="http://www.w3.org/2001/XInclude"><channel><title>F</title><item>'
        f"<title>An item</title><link>{_FAR}/1</link><description>Words of an item &far; "
        f'<xi:include href="{_FAR}/2"/></description></item></channel></rss>'
    ),
    "note.md": f"# A note\n\nIts text, ![a picture]({_FAR}/a.png) and [a link]({_FAR}/).\n",
}

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
    (here / "remote").mkdir()
    for name, text in REMOTE_FILES.items():
        (here / "remote" / name).write_text(text)
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


@dataclass(frozen=True, slots=True)
class Runs:
    """What came of the examples, run in a process that can reach no network.

    Args:
        results: line → exit code and what was written to standard error.
        tried: what a process tried with a socket, a line each.
        interfaces: of the network, those that the commands could see.
        is_apart: True if they ran in a network namespace of their own.
    """

    results: Mapping[str, tuple[int, str]]
    tried: str
    interfaces: tuple[str, ...]
    is_apart: bool


@pytest.fixture(scope="module")
def runs(folder: Path) -> Runs:
    """Run the examples one behind the other, and what reads files that name addresses."""
    tried = folder / "tried.txt"
    environment = {
        **{name: value for name, value in os.environ.items() if name != "RIGHTS_SEARCH_INDEX"},
        "HOME": str(folder),
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(OFFLINE),
        "RIGHTS_SEARCH_TEST_TRIED": str(tried),
    }
    tried.touch()
    with Archive.create(folder / "index") as archive:
        archive.sync(folder / "corpus")
        post_id = next(archive.posts()).id
    found, is_apart = _run([*examples(), REMOTE], post_id, folder, environment)
    *results, interfaces = found
    return Runs(
        {result["line"]: (result["code"], result["error"]) for result in results},
        tried.read_text(encoding="utf-8"),
        tuple(interfaces),
        is_apart,
    )


def _run(
    lines: list[str], post_id: str, folder: Path, environment: Mapping[str, str]
) -> tuple[list[Any], bool]:
    wanted = []
    for line in lines:
        here = line.replace("/data/index", "index").replace(" ~/", f" {folder}/")
        arguments, typed = of_line(here, post_id)
        wanted.append({"line": line, "args": arguments, "typed": typed})
    (folder / "lines.json").write_text(json.dumps(wanted), encoding="utf-8")
    command = [sys.executable, str(OFFLINE / "runner.py"), "lines.json", "results.json"]
    apart = ["unshare", "--map-root-user", "--net", "--"]
    is_apart = bool(shutil.which("unshare")) and not subprocess.call(
        [*apart, "true"], stderr=subprocess.DEVNULL
    )
    subprocess.run(
        [*(apart if is_apart else ()), *command], cwd=folder, env=environment, check=True
    )
    return json.loads((folder / "results.json").read_text(encoding="utf-8")), is_apart


def test_every_example_works(runs: Runs) -> None:
    """Run one behind the other, each ends as a search does: with 0 or 1, and no message."""
    for line in (*examples(), REMOTE):
        code, error = runs.results[line]
        assert code in (0, 1), (line, error)
        assert "rights-search: " not in error, (line, error)


def test_examples_show_every_command() -> None:
    """No command is left out of what is run without a network."""
    shown = "\n".join(examples())
    groups = {context.parent.command_path for context in CONTEXTS if context.parent}
    for name in set(NAMES) - groups:
        assert f"{name} " in f"{shown}\n" or f"{name}\n" in f"{shown}\n", name


def test_no_command_opens_a_socket(runs: Runs) -> None:
    """No process of any example asks Python for a socket, a name or an address."""
    assert not runs.tried


def test_the_watch_over_sockets_sees_them(tmp_path: Path) -> None:
    """Whoever opens a socket under it is stopped and written down."""
    tried = tmp_path / "tried.txt"
    environment = {"PYTHONPATH": str(OFFLINE), "RIGHTS_SEARCH_TEST_TRIED": str(tried)}
    program = "import urllib.request as u; u.urlopen('http://example.org/')"
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=False
    )
    assert done.returncode
    assert "socket.getaddrinfo ('example.org', 80" in tried.read_text(encoding="utf-8")


def test_every_command_works_without_a_network_interface(runs: Runs) -> None:
    """In a namespace with none but a loopback that is down, all of the above holds."""
    if not runs.is_apart:
        pytest.skip("not here: this system lets nobody make a network namespace (unshare -rn)")
    assert runs.interfaces == ()


def of_line(line: str, post_id: str) -> tuple[list[str], str]:
    """Return the arguments of a line and what is piped into it; pipes behind it are cut."""
    typed = ""
    piped = re.match(r"printf '(.*)' \| (.*)", line)
    if piped:
        typed, line = piped[1].replace("\\n", "\n"), piped[2]
    line = re.split(r" (?:>|\|\|?) ", line)[0]
    words = shlex.split(line)
    assert words[0] == "rights-search", line
    return [post_id if re.match(r"3f2a[0-9a-f]*\Z", word) else word for word in words[1:]], typed
