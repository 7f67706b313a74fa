"""Programs that index a folder of HTML files from the command line, and answer from it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contenders.ours import PROGRAM, index_command
from benchmarks.contenders.protocol import installed_version, output_of


@dataclass(frozen=True, slots=True)
class Command:
    """What is run.

    Args:
        words: the program and its arguments.
        env: variables of its environment besides ours.
        codes: exit codes that are no failure.
    """

    words: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    codes: tuple[int, ...] = (0,)


class PageTool:
    """A program; what it has no command for is None.

    Args of the methods are the folder of pages and one for the index.
    """

    is_incremental = True
    """False if it reads everything again in any case."""

    def version(self) -> str | None:
        """Return its version, None where it is not installed."""
        raise NotImplementedError

    def index(self, pages: Path, folder: Path) -> Command | None:
        """Return what indexes the pages, or brings the index up to date."""
        raise NotImplementedError

    def query(self, word: str, pages: Path, folder: Path) -> Command | None:
        """Return what shows the pages with a word."""
        raise NotImplementedError


class OursOverPages(PageTool):
    """This program.

    Args:
        engine: that of the index.
    """

    def __init__(self, engine: str) -> None:
        self._engine = engine

    def version(self) -> str | None:
        """See `PageTool`."""
        if self._engine == "tantivy" and installed_version("tantivy") is None:
            return None
        return installed_version("rights-search")

    def index(self, pages: Path, folder: Path) -> Command:
        """See `PageTool`."""
        return Command(tuple(index_command(pages, folder / "index", self._engine)))

    def query(self, word: str, pages: Path, folder: Path) -> Command:  # noqa: ARG002 - the index knows
        """See `PageTool`."""
        return Command((*PROGRAM, "query", word, "--index", str(folder / "index")))


class Recoll(PageTool):
    """Recoll, with a configuration of its own that names the folder and nothing else."""

    def version(self) -> str | None:
        """See `PageTool`."""
        with tempfile.TemporaryDirectory() as folder, suppress(OSError):
            # It says so, and then that there is no index.
            command = ["recollq", "-c", folder, "-Q", "word"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
            found = re.search(r"Recoll ([\w.]+)", done.stdout + done.stderr)
            return found[1] if found and shutil.which("recollindex") else None
        return None

    def index(self, pages: Path, folder: Path) -> Command:
        """See `PageTool`."""
        (folder / "recoll.conf").write_text(f"topdirs = {pages}\n", encoding="utf-8")
        return Command(("recollindex",), _recoll_env(folder))

    def query(self, word: str, pages: Path, folder: Path) -> Command:  # noqa: ARG002 - as above
        """See `PageTool`."""
        return Command(("recollq", "-n", "10", word), _recoll_env(folder))


def _recoll_env(folder: Path) -> Mapping[str, str]:
    return {"RECOLL_CONFDIR": str(folder)}


class Pagefind(PageTool):
    """Pagefind: pages of a site; its answers are looked up in a browser."""

    is_incremental = False

    def version(self) -> str | None:
        """See `PageTool`."""
        return installed_version("pagefind-bin")

    def index(self, pages: Path, folder: Path) -> Command:
        """See `PageTool`."""
        program = (sys.executable, "-m", "pagefind_bin", "--silent")
        return Command((*program, "--site", str(pages), "--output-path", str(folder / "pagefind")))

    def query(self, word: str, pages: Path, folder: Path) -> None:
        """See `PageTool`."""
        del word, pages, folder


class RipgrepOverPages(PageTool):
    """ripgrep: nothing is indexed."""

    def version(self) -> str | None:
        """See `PageTool`."""
        told = output_of("rg", "--version")
        return told.split()[1] if told else None

    def index(self, pages: Path, folder: Path) -> None:
        """See `PageTool`."""
        del pages, folder

    def query(self, word: str, pages: Path, folder: Path) -> Command:  # noqa: ARG002 - as above
        """See `PageTool`."""
        return Command(("rg", "--files-with-matches", "--ignore-case", rf"\b{word}\b", str(pages)))


PAGE_TOOLS: dict[str, PageTool] = {
    "rights-search": OursOverPages("whoosh"),
    "rights-search, Tantivy": OursOverPages("tantivy"),
    "Recoll": Recoll(),
    "Pagefind": Pagefind(),
    "ripgrep": RipgrepOverPages(),
}
"""Name → program, ours first."""
