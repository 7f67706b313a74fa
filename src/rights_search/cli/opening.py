"""Open the index that a command works on, once for a command or once for a session."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rights_search.cli.options import SESSION

if TYPE_CHECKING:
    from rights_search.archive import Archive

_LISTED = "rights_search.listed"


class Warm:
    """An index that stays open from one command to the next.

    Args:
        index: its folder.
    """

    def __init__(self, index: str) -> None:
        self.index = index
        self._archive: Archive | None = None
        self._state: tuple[str, int, int] | None = None

    def archive(self) -> Archive:
        """Return the index, opened again if another one has taken its place.

        A new commit in the same index the archive notices by itself.

        Raises:
            IndexUnavailableError: if there is none that can be opened.
        """
        from rights_search.archive import Archive  # noqa: PLC0415 - not for --help

        state = _newest_manifest(Path(self.index))
        if self._archive is None or state != self._state:
            self.close()
            self._archive = Archive.open(self.index)
            self._state = state
        return self._archive

    def close(self) -> None:
        """Let go of the index."""
        archive, self._archive = self._archive, None
        if archive is not None:
            archive.close()


def _newest_manifest(folder: Path) -> tuple[str, int, int] | None:
    """Return what tells a commit of an index from every other: also one in another's place."""
    from rights_search.index_files import sidecars  # noqa: PLC0415 - not for --help

    try:
        found = ((number, path) for path, number in sidecars(folder) if "manifest" in path.name)
        _, path = max(found, default=(0, folder))
        status = path.stat()
    except OSError:
        return None
    return path.name, status.st_ino, status.st_mtime_ns


def opened(index: str) -> Archive:
    """Open an index until the command ends; what is shown speaks of its vocabulary.

    In a session its own index is open already, and stays so.

    Raises:
        IndexUnavailableError: if there is none that can be opened.
    """
    from rights_search.archive import Archive  # noqa: PLC0415 - not for --help
    from rights_search.vocabulary.vocabulary import using  # noqa: PLC0415

    context = click.get_current_context()
    session: Warm | None = context.meta.get(SESSION)
    if session is not None and session.index == index:
        archive = session.archive()
    else:
        archive = context.with_resource(Archive.open(index))
    context.with_resource(using(archive.vocabulary))
    return archive


def list_posts(ids: Iterable[tuple[int, str]], context: click.Context | None = None) -> None:
    """Remember which posts a command lists, as (number, id), for the rest of a session.

    Args:
        ids: the posts by the numbers that they are shown with.
        context: that of the command, by default the one that is running.
    """
    (context or click.get_current_context()).meta[_LISTED] = dict(ids)


def listed(context: click.Context) -> dict[int, str]:
    """Return the posts that were listed last in a session, by their numbers."""
    posts: dict[int, str] = context.meta.get(_LISTED, {})
    return posts
