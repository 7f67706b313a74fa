"""Nothing of the package can speak over a network; `test_commands_page` runs all of it without."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FORBIDDEN = frozenset(
    "socket ssl http urllib.request urllib.robotparser ftplib smtplib imaplib poplib nntplib "
    "telnetlib socketserver xmlrpc asyncio webbrowser requests httpx aiohttp urllib3".split()
)


def imported(path: Path) -> Iterator[str]:
    """Yield the dotted names that a module imports, at its top or at use."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names):
                yield from (name.name for name in names)
            case ast.ImportFrom(str(module), names, 0):
                yield from (module, *(f"{module}.{name.name}" for name in names))
            case ast.Call(
                ast.Name("import_module" | "__import__"), [ast.Constant(str(module)), *_]
            ):
                yield module
            case _:
                pass


def forbidden(path: Path) -> list[str]:
    """Return what a module imports of the modules that reach a network."""
    return [
        name
        for name in imported(path)
        if not FORBIDDEN.isdisjoint({name, name.split(".")[0], ".".join(name.split(".")[:2])})
    ]


def test_no_module_of_the_package_can_reach_a_network(repository: Path) -> None:
    """None imports what opens a connection, at its top or within a function."""
    modules = sorted((repository / "src").rglob("*.py"))
    assert len(modules) > 100
    assert {str(path): found for path in modules if (found := forbidden(path))} == {}


@pytest.mark.parametrize(
    "line",
    ["import socket", "from urllib import request", "import urllib.request as r",
     "def f():\n    from http.client import HTTPConnection", "import_module('ssl')"],
)  # fmt: skip
def test_what_reaches_a_network_is_seen(tmp_path: Path, line: str) -> None:
    """However it is imported, it is found."""
    path = tmp_path / "module.py"
    path.write_text(line + "\n")
    assert forbidden(path)
