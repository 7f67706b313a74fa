"""Engines: where posts are kept and queries are answered.

To add an engine, write a module with the functions of `protocol.Engine` and name
it in `_MODULES`.
"""

from __future__ import annotations

import importlib
from typing import cast

from rights_search.engines.protocol import Engine

_MODULES = {"whoosh": "rights_search.engines.whoosh"}

DEFAULT = "whoosh"


def load(name: str = DEFAULT) -> Engine:
    """Return the engine of that name, importing it now.

    Raises:
        KeyError: if there is no such engine.
    """
    return cast("Engine", importlib.import_module(_MODULES[name]))


def names() -> tuple[str, ...]:
    """Return the names of all engines."""
    return tuple(_MODULES)
