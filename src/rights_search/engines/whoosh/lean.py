"""Importing Whoosh without what it imports and never uses.

Whoosh 2.7.4 imports ``urllib.request`` for a function of the time of Python 2, and with it
HTTP, mail and TLS: more than half of the time that Whoosh itself takes to be imported.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_NAME = "urllib.request"


@contextmanager
def imports() -> Iterator[None]:
    """Import Whoosh here for the first time: another module stands in for the one it does not use.

    Where somebody has imported the real one before, nothing stands in for it.
    """
    if _NAME in sys.modules:
        yield
        return
    stand_in = ModuleType(_NAME)
    stand_in.urlretrieve = _urlretrieve  # type: ignore[attr-defined]
    sys.modules[_NAME] = stand_in
    try:
        yield
    finally:
        if sys.modules.get(_NAME) is stand_in:
            del sys.modules[_NAME]


def _urlretrieve(*_: Any, **__: Any) -> Any:
    raise RuntimeError("nothing here opens a connection")
