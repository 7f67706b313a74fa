"""Python imports this at its start where ``PYTHONPATH`` names the folder: no sockets.

So every process that a command starts is watched, not only its own. What is tried is
written down and refused. The namespace of `runner` stops what is not Python.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

TRIED = Path(os.environ["RIGHTS_SEARCH_TEST_TRIED"])


def _refuse(event: str, args: tuple[object, ...]) -> None:
    if event.startswith("socket."):
        with TRIED.open("a", encoding="utf-8") as stream:
            stream.write(f"{event} {args!r}\n")
        raise PermissionError(f"no network in this test: {event}")


sys.addaudithook(_refuse)
