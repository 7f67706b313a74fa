"""A program in a terminal of its own, that a test types into and reads from."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

TIMEOUT_S = 60
"""Nothing takes so long: only a test that fails waits for it."""

STYLE = re.compile(r"\x1b(?:\[[0-9;?]*[a-zA-Z]|[=>])")


class Terminal:
    """A program in a pseudo-terminal.

    Args:
        command: what to run.
        env: its environment.
        columns, rows: size of the window.
    """

    def __init__(
        self, command: tuple[str, ...], env: Mapping[str, str], *, columns: int = 80, rows: int = 24
    ) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

        def become_leader() -> None:
            # So that Ctrl-C reaches it, also where whoever runs the tests ignores it, as a shell
            # makes of what it starts in the background.
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            signal.signal(signal.SIGINT, signal.SIG_DFL)

        self._process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=env,
            start_new_session=True,
            preexec_fn=become_leader,  # noqa: PLW1509 - no threads here
        )
        os.close(theirs)
        self._text = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(TIMEOUT_S)
        os.close(self._ours)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C once the program waits for a key.

        While Python's readline handles a key it only notes the signal, and answers it with the
        next one: an interrupt in that moment is as good as lost.
        """
        until = time.monotonic() + TIMEOUT_S
        while not self._is_waiting():
            assert time.monotonic() < until, "it never waits for a key"
            os.sched_yield()
        self.type("\x03")

    def expect(self, text: str) -> str:
        """Read until a text appears; return all that came with it, without styles."""
        while text not in self._text:
            part = self._read()
            assert part, f"ended without {text!r}: {self._text!r}"
            self._text += part
        end = self._text.index(text) + len(text)
        found, self._text = self._text[:end], self._text[end:]
        return found

    def end(self) -> tuple[int, str]:
        """Read until the program ends; return its exit code and the rest of what it wrote."""
        while part := self._read():
            self._text += part
        return self._process.wait(TIMEOUT_S), self._text

    def _is_waiting(self) -> bool:
        stat = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8", errors="replace")
        # The state is the first field behind the name, which may hold anything but a last ")".
        return stat.rpartition(")")[2].split()[0] == "S"

    def _read(self) -> str:
        ready, _, _ = select.select([self._ours], [], [], TIMEOUT_S)
        assert ready, f"nothing more came: {self._text!r}"
        try:
            part = os.read(self._ours, 65536)
        except OSError:  # Linux reports the closed other end of a terminal so.
            return ""
        text = part.decode(errors="replace").replace("\r\n", "\n")
        return STYLE.sub("", text)
