"""Importing a library without those of its imports that nothing here ever calls.

They are a third of the time that click takes to be imported: Python's own parser, catalogues of
translations. Something stands in for such a module meanwhile, and imports the real one should
anybody call it after all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

Functions = Mapping[str, Mapping[str, Callable[..., Any] | None]]
"""Module → the functions and classes that the library takes out of it when it is imported, and
what does as well as one of them; None for the real one, which is imported when it is called."""


@contextmanager
def stand_ins(functions: Functions) -> Iterator[None]:
    """Import a library here for the first time: other modules stand in for those it does not use.

    Where somebody has imported the real one before, nothing stands in for it.
    """
    absent = {name: _stand_in(name, functions[name]) for name in functions.keys() - sys.modules}
    sys.modules.update(absent)
    try:
        yield
    finally:
        for name, module in absent.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


def _stand_in(name: str, functions: Mapping[str, Callable[..., Any] | None]) -> ModuleType:
    module = ModuleType(name)
    for function, instead in functions.items():
        setattr(module, function, instead or _late(name, function))

    def missing(wanted: str) -> Any:
        if wanted.startswith("__") or sys.modules.get(name) is module:
            raise AttributeError(f"what stands in for {name} has no {wanted}")
        return getattr(import_module(name), wanted)

    # Python asks it for what the module does not have.
    module.__getattr__ = missing  # type: ignore[method-assign]
    return module


def _late(module: str, name: str) -> type:
    """Return what does as the function or class of that name does when it is called."""

    def call(_: type, *args: Any, **more: Any) -> Any:
        return getattr(import_module(module), name)(*args, **more)

    # A class, lest the library asks whether something is an instance of it.
    return type(name, (), {"__new__": call})
