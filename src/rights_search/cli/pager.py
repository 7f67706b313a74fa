"""Show what is longer than the screen in a pager, as git does it.

The pager is started without a shell, and ``less`` in its safe mode: nobody who presses a
key in it, and nothing that it is shown, starts another program or leaves a trace on disk.
"""

from __future__ import annotations

import io
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO, cast

import click

from rights_search.cli import options, terminal

_OFF = ("", "cat")


@contextmanager
def paged() -> Iterator[TextIO]:
    """Give a stream to write to the terminal with, through a pager where that is of use.

    That is where someone can press keys and the text is longer than the screen;
    ``--no-pager`` and an empty ``PAGER`` (or ``cat``) do without.
    """
    ctx = click.get_current_context(silent=True)
    choice = None if ctx is None else ctx.meta.get(options.PAGER)
    command = _command() if choice is not False and terminal.is_terminal(sys.stdin) else None
    if command is None:
        yield sys.stdout
        return
    # What was written before must stand before it.
    sys.stdout.flush()
    rows = 0 if choice else shutil.get_terminal_size().lines
    screen = _Screen(command, rows)
    try:
        yield cast("TextIO", screen)
    finally:
        screen.close()


def _command() -> list[str] | None:
    """Return how to start the pager; None where there is none or none is wanted."""
    chosen = os.environ.get("PAGER")
    if chosen is not None and chosen.strip() in _OFF:
        return None
    try:
        words = [shlex.split(chosen)] if chosen else [["less"], ["more"]]
    except ValueError:
        return None
    for command in words:
        program = shutil.which(command[0])
        if program is not None:
            options = ["-R"] if Path(program).stem == "less" else []
            return [program, *options, *command[1:]]
    return None


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a pager, that of ``less`` made safe.

    LESSSECURE: no shell, no editor, no other files. LESSOPEN and LESSCLOSE would run
    programs on the input. What is searched for in it is not written to a history.
    """
    kept = {name: value for name, value in ours.items() if name not in ("LESSOPEN", "LESSCLOSE")}
    # X leaves what was read on the screen, as git does it.
    kept.setdefault("LESS", "FRX")
    if "utf" in sys.stdout.encoding.lower():
        kept.setdefault("LESSCHARSET", "utf-8")
    return kept | {"LESSSECURE": "1", "LESSHISTFILE": "-"}


class _Screen(io.TextIOBase):
    """Holds a text back until it is longer than the screen, then feeds it to a pager.

    Args:
        command: how to start the pager.
        rows: of the screen; the prompt that follows needs one of them.
    """

    def __init__(self, command: list[str], rows: int) -> None:
        self._command = command
        self._rows = rows
        self._held: list[str] = []
        self._lines = 0
        self._pager: subprocess.Popen[str] | None = None
        self._has_left = False

    @property
    def encoding(self) -> str:  # type: ignore[override] # typeshed has a plain attribute
        """Return the terminal's encoding."""
        return sys.stdout.encoding

    def write(self, text: str, /) -> int:
        """Take a part of the text."""
        if self._pager is not None:
            self._feed(self._pager, text)
            return len(text)
        self._held.append(text)
        self._lines += text.count("\n")
        if self._lines >= self._rows:
            self._start()
        return len(text)

    def close(self) -> None:
        """Show what was held back, or wait until the reader leaves the pager."""
        pager, self._pager = self._pager, None
        if pager is not None:
            self._wait(pager)
        sys.stdout.write("".join(self._held))
        self._held.clear()
        super().close()

    def _start(self) -> None:
        try:
            self._pager = subprocess.Popen(  # noqa: S603 - the user's own pager, and no shell
                self._command,
                stdin=subprocess.PIPE,
                env=environment(os.environ),
                encoding=self.encoding,
                errors="replace",
            )
        except OSError:
            # What cannot be started must not hide the answer.
            self._rows = sys.maxsize
            return
        self._feed(self._pager, "".join(self._held))
        self._held.clear()

    def _feed(self, pager: subprocess.Popen[str], text: str) -> None:
        """Write to the pager; whoever leaves it has seen enough."""
        assert pager.stdin is not None, "it was started with a pipe"  # noqa: S101
        if self._has_left:
            return
        try:
            pager.stdin.write(text)
        except BrokenPipeError:
            self._has_left = True

    def _wait(self, pager: subprocess.Popen[str]) -> None:
        assert pager.stdin is not None, "it was started with a pipe"  # noqa: S101
        with suppress(BrokenPipeError):
            pager.stdin.close()
        while True:
            # Ctrl-C goes to the pager, too, which means something by it.
            with suppress(KeyboardInterrupt):
                pager.wait()
                return
