"""Where the links of an index are kept: two files a commit, or memory.

``links-<generation>.json`` is what a search reads, ``fingerprints-<generation>.bin``
what the next sync needs. They are written before the engine commits, and count from
that moment on, as the manifest does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rights_search.errors import IndexUnavailableError
from rights_search.index_files import read_whole, write_whole
from rights_search.links import relations
from rights_search.links.relations import Links

if TYPE_CHECKING:
    from rights_search.links.state import State

_T = TypeVar("_T")


class LinkStore:
    """The links of one index.

    Args:
        folder: the index folder, None for an index in memory.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._state: State | None = None
        self._links: tuple[int, Links] | None = None

    def create(self, generation: int) -> None:
        """Write the links of an index that has no posts yet."""
        from rights_search.links.state import State  # noqa: PLC0415 - not for searching

        self.put(generation, State(), Links())

    def put(self, generation: int, remembered: State, links: Links) -> None:
        """Write the links of a commit that is about to happen, and what they rest on."""
        if self._folder is None:
            self._state, self._links = remembered, (generation, links)
            return
        from rights_search.links import state  # noqa: PLC0415 - not for searching

        write_whole(_state_path(self._folder, generation), state.to_bytes(remembered))
        write_whole(_links_path(self._folder, generation), relations.to_bytes(links))

    def links(self, generation: int) -> Links:
        """Return the links of a commit; those of the same one are read once.

        Raises:
            IndexUnavailableError: if their file is missing or damaged.
        """
        if self._links is not None and self._links[0] == generation:
            return self._links[1]
        assert self._folder is not None, "create puts them"  # noqa: S101
        path = _links_path(self._folder, generation)
        found = _read(self._folder, path, relations.from_bytes)
        self._links = generation, found
        return found

    def state(self, generation: int) -> State:
        """Return what is remembered of the posts of a commit.

        That of another version is of no use, so nothing is: the files are read again.

        Raises:
            IndexUnavailableError: if its file is missing or damaged.
        """
        from rights_search.links import state  # noqa: PLC0415 - not for searching

        if self._folder is None:
            return self._state or state.State()
        path = _state_path(self._folder, generation)
        return _read(self._folder, path, state.from_bytes) or state.State()


def _read(folder: Path, path: Path, decode: Callable[[bytes], _T]) -> _T:
    try:
        return decode(read_whole(path))
    except FileNotFoundError:
        reason = f"its file {path.name} is missing"
    except (ValueError, OSError) as error:
        reason = f"its file {path.name} is damaged ({error})"
    hint = f"rebuild it with: rights-search index --rebuild CORPUS --index {folder}"
    raise IndexUnavailableError(str(folder), f"{reason}; {hint}")


def _links_path(folder: Path, generation: int) -> Path:
    return folder / f"links-{generation}.json"


def _state_path(folder: Path, generation: int) -> Path:
    return folder / f"fingerprints-{generation}.bin"
