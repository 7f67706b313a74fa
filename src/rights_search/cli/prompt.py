"""Ask a person for lines: editing, completion and, where it is wanted, a history.

Python's own ``readline`` does it: it costs nothing at start-up and nothing to install.
Where it is missing, on Windows, the console edits the line itself and nothing completes.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

from rights_search.errors import RightsSearchError
from rights_search.index_files import write_whole
from rights_search.safe_text import safe

PROMPT = "rights-search> "

MAX_HISTORY = 1_000
"""Most lines of a history; older ones go."""


def lines(candidates: Callable[[str], list[str]], history: Path | None) -> Iterator[str]:
    """Yield the lines that someone types, until Ctrl-D.

    Args:
        candidates: the line up to the cursor → what its last word may become.
        history: a file that lines are read from and added to; None for no file.

    Raises:
        RightsSearchError: if the history cannot be read or written.
    """
    readline = _readline(candidates)
    if history is not None:
        for line in load(history):
            if readline is not None:
                readline.add_history(line)
    while True:
        try:
            line = input(PROMPT)
        except EOFError:
            print()  # noqa: T201 - what comes next begins a line
            return
        except KeyboardInterrupt:
            print()  # noqa: T201 - the line is cancelled, not the session
            continue
        if history is not None and line.strip():
            append(history, line)
        yield line


def _readline(candidates: Callable[[str], list[str]]) -> ModuleType | None:
    try:
        import readline  # noqa: PLC0415 - only here, and not on Windows
    except ImportError:
        return None
    found: list[str] = []

    def complete(_: str, state: int) -> str | None:
        if state == 0:
            # Of an error here readline tells nothing: then there is nothing to offer.
            found[:] = candidates(readline.get_line_buffer()[: readline.get_endidx()])
        return found[state] if state < len(found) else None

    readline.set_completer(complete)
    readline.set_completer_delims(" \t")
    # The BSD library, as Python on macOS has it, speaks another language.
    is_bsd = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if is_bsd else "tab: complete")
    return readline


def load(history: Path) -> list[str]:
    """Return the lines of a history, none if there is no file yet; it is cut to its bound.

    Raises:
        RightsSearchError: if it cannot be read or written.
    """
    try:
        with os.fdopen(_opened(history), "rb") as stream:
            text = stream.read().decode(errors="replace")
        known = [safe(line) for line in text.split("\n") if line.strip()]
        if len(known) > MAX_HISTORY:
            known = known[-MAX_HISTORY:]
            write_whole(history, "".join(f"{line}\n" for line in known).encode())
    except OSError as error:
        raise _unusable(history, error) from error
    return known


def append(history: Path, line: str) -> None:
    """Add a line to a history that only its owner can read.

    Raises:
        RightsSearchError: if it cannot be written.
    """
    try:
        with os.fdopen(_opened(history), "ab") as stream:
            stream.write(f"{safe(line)}\n".encode())
    except OSError as error:
        raise _unusable(history, error) from error


def _opened(history: Path) -> int:
    """Open a history, or a new one, as a plain file that its owner alone can read.

    A link could lead to a file that somebody else has chosen, in a folder where others write.

    Raises:
        OSError: if it is none, or cannot be opened.
    """
    if history.is_symlink():
        raise OSError(errno.ELOOP, "it is a link to another place")
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    safely = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(history, flags | safely, 0o600)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no plain file")  # noqa: TRY301 - said as the others
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, 0o600)
        else:
            history.chmod(0o600)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _unusable(history: Path, error: OSError) -> RightsSearchError:
    reason = f"the history cannot be kept here: {error.strerror or error}"
    return RightsSearchError(f"{history}: {reason}")
