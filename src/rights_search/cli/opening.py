"""Open the index that a command works on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rights_search.archive import Archive


def opened(index: str) -> Archive:
    """Open an index until the command ends; what is shown speaks of its vocabulary.

    Raises:
        IndexUnavailableError: if there is none that can be opened.
    """
    from rights_search.archive import Archive  # noqa: PLC0415 - not for --help
    from rights_search.vocabulary import using  # noqa: PLC0415

    context = click.get_current_context()
    archive = context.with_resource(Archive.open(index))
    context.with_resource(using(archive.vocabulary))
    return archive
