"""Engines: where posts are kept and queries are answered.

To add an engine, write a module with the functions of `protocol.Engine`, name it in
`_MODULES` and its files in `rights_search.index_files`.
"""

from __future__ import annotations

import importlib
from typing import cast

from rights_search.engines.protocol import Engine
from rights_search.errors import MissingExtraError

_MODULES = {
    "whoosh": "rights_search.engines.whoosh",
    "tantivy": "rights_search.engines.tantivy",
}

DEFAULT = "whoosh"


def load(name: str = DEFAULT) -> Engine:
    """Return the engine of that name, importing it now.

    Raises:
        ValueError: if there is no such engine.
        MissingExtraError: if its library is not installed.
    """
    if name not in _MODULES:
        raise ValueError(f"no engine {name!r}; there are {', '.join(_MODULES)}")
    try:
        return cast("Engine", importlib.import_module(_MODULES[name]))
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise MissingExtraError(name, name) from None


def names() -> tuple[str, ...]:
    """Return the names of all engines."""
    return tuple(_MODULES)
