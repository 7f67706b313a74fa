"""Empty indexes: made in a folder that has none, or to take the place of another engine's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rights_search import engines
from rights_search.engines.protocol import Handle
from rights_search.errors import IndexUnavailableError
from rights_search.index_files import has_index, make_folder, remove_engine, sidecars
from rights_search.indexing import manifest
from rights_search.indexing.index_lock import alone
from rights_search.indexing.manifest import Manifest
from rights_search.links.store import LinkStore
from rights_search.open_index import OpenIndex, no_write


def create(folder: Path | None, engine: str, *, overwrite: bool = False) -> OpenIndex:
    """Make an empty index.

    Args:
        folder: where; None for memory.
        engine: name of its engine.
        overwrite: True to replace an index that is there.

    Raises:
        IndexUnavailableError: if there is an index already, or the folder cannot be made.
    """
    module = engines.load(engine)
    try:
        with prepared(folder, overwrite=overwrite):
            if folder is not None:
                # Before the engine's table, with which there is an index.
                now = manifest.now()
                LinkStore(folder).create(0)
                manifest.write(folder, Manifest(engine, 0, "", now, now))
            index = OpenIndex(folder, engine, module.create(folder))
            if folder is None:
                index.links.create(0)
                index.put_manifest(index.new_manifest())
    except OSError as error:
        raise no_write(folder, error) from error
    return index


@contextmanager
def prepared(folder: Path | None, *, overwrite: bool) -> Iterator[None]:
    """Make a folder that holds no index, and keep other writers out of it.

    Args:
        folder: None for an index in memory.
        overwrite: True to remove an index that is there.
    """
    if folder is not None:
        if folder.exists() and not folder.is_dir():
            raise IndexUnavailableError(str(folder), "is a file; an index needs a folder")
        # For its owner only: what a researcher indexes can endanger people.
        make_folder(folder)
    with alone(folder):
        if folder is not None and has_index(folder):
            if not overwrite:
                reason = "there is an index already; open it, or create with overwrite=True"
                raise IndexUnavailableError(str(folder), reason)
            _remove_index(folder)
        yield


def successor(folder: Path | None, engine: str, generation: int) -> Handle:
    """Return an empty index that takes the place of one of another engine.

    It does so with its first commit; until then the other one is what is opened.

    Args:
        folder: where.
        engine: the engine that it has.
        generation: the newest commit of the other one.
    """
    module = engines.load(engine)
    if folder is not None:
        remove_engine(folder, engine)
    return module.create(folder, after=generation)


def _remove_index(folder: Path) -> None:
    for engine in engines.names():
        remove_engine(folder, engine)
    for path, _ in sidecars(folder):
        path.unlink(missing_ok=True)
