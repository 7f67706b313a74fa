"""The one error for an index that is damaged, or made to do harm."""

from __future__ import annotations

from pathlib import Path

from rights_search.errors import IndexUnavailableError


def damaged(folder: Path | str | None, reason: str) -> IndexUnavailableError:
    """Return the error for an index in ``folder`` (None for memory) that cannot be used."""
    where = "(memory)" if folder is None else str(folder)
    mend = f"rights-search index --rebuild CORPUS --index {where}"
    return IndexUnavailableError(
        where, f"the index is damaged ({reason}); build it again with: {mend}"
    )


def damaged_file(folder: Path | str | None, name: str, reason: str) -> IndexUnavailableError:
    """Return the error for one file of an index."""
    return damaged(folder, f"{name}: {reason}")
