"""Values that are worked out once and kept, within a bound."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sized
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value", bound=Sized)


class Kept(Generic[Key, Value]):
    """Values by key; all go when they are too many, which a long session never notices.

    Args:
        most: what their lengths may add up to; each takes one more, lest empty ones be free.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._values: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        """Return the value that is kept, None for none."""
        return self._values.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Keep a value, in place of the one that was kept."""
        earlier = self._values.pop(key, None)
        self._size += len(value) + 1 - (0 if earlier is None else len(earlier) + 1)
        if self._size > self._most:
            self._values.clear()
            self._size = len(value) + 1
        self._values[key] = value

    def made(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return the value that is kept, or the one that is made now."""
        found = self._values.get(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found
