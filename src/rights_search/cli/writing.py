"""Write a file as a whole, or leave what was there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from rights_search.errors import RightsSearchError


@contextmanager
def output_to(path: str | None, *, force: bool = False) -> Iterator[TextIO]:
    """Give the stream to write to; a file takes its name when all of it is written.

    Args:
        path: a file, of which the folder must be there; None for the standard output.
        force: True to replace a file that is there.

    Raises:
        RightsSearchError: if the file is there and is not to be replaced, or its folder
            cannot be written to.
        OSError: if the disk is full; what was there before is unchanged.
    """
    if path is None:
        yield sys.stdout
        return
    # A link stays a link, its target is what is written.
    target = Path(os.path.realpath(path))
    if not target.exists() and os.path.islink(path) and not force:  # noqa: PTH114 - a name as given
        # Who can write into the folder chose where it leads: not there, unless it is meant.
        raise RightsSearchError(
            f"{path}: is a link to {target}, which is not there; use --force to make that file"
        )
    if target.exists() and not target.is_file():
        # A device or a pipe has no name to take.
        with target.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    if target.exists() and not force:
        raise RightsSearchError(
            f"{path}: is there already; use --force to replace it, or another name"
        )
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with _opened(part, path) as stream:
            yield stream
        _take_name(part, target, path, force=force)
    finally:
        part.unlink(missing_ok=True)


def _opened(part: Path, path: str) -> TextIO:
    try:
        return part.open("x", encoding="utf-8", newline="")
    except OSError as error:
        raise RightsSearchError(f"{path}: cannot be written: {error.strerror}") from error


def _take_name(part: Path, target: Path, path: str, *, force: bool) -> None:
    """Give a file its name; one that has come there meanwhile stays unless ``force``."""
    if not force:
        try:
            target.open("x").close()
        except FileExistsError:
            reason = "has come into being meanwhile; use --force to replace it"
            raise RightsSearchError(f"{path}: {reason}") from None
    part.replace(target)
