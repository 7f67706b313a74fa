"""One writer at a time for an index folder, whichever engine the index has."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rights_search.errors import IndexBusyError
from rights_search.file_lock import locked
from rights_search.index_files import LOCK

PAUSE_S = 0.05
"""Between two looks at whether another process has let go of an index."""


@contextmanager
def alone(folder: Path | None, until: float = 0) -> Iterator[None]:
    """Keep every other writer out of an index folder.

    The engines have locks of their own, which other programs know. But where one engine
    takes the place of another, who waits for the lock of the old one would get it.

    Args:
        folder: of the index, None for one in memory.
        until: how long to wait for another process, as a moment of `time.monotonic`.

    Raises:
        IndexBusyError: if another process is writing, all the time that was waited.
        OSError: if nothing can be written in the folder.
    """
    with ExitStack() as held:
        if folder is not None:
            _enter(held, folder, until)
        yield


def _enter(held: ExitStack, folder: Path, until: float) -> None:
    while True:
        try:
            held.enter_context(locked(folder / LOCK))
        except BlockingIOError:
            if time.monotonic() >= until:
                reason = "another process is writing to this index; try again when it has ended"
                raise IndexBusyError(str(folder), reason) from None
        else:
            return
        time.sleep(PAUSE_S)
