"""Regular expressions that are compiled when they are first used.

Compiling takes 0.1 to 10 ms. What a search imports has seventy expressions, of which it uses ten.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_METHODS = "finditer findall fullmatch match search split sub subn".split()


class _Late:
    """Stands for a `re.Pattern`; what is asked for once is an attribute of its own then."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._text, self._flags)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


def late(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a pattern as `re.compile` does; a mistake in it shows when it is first used."""
    return cast("re.Pattern[AnyStr]", _Late(text, flags))
