"""How much of an article's text the HTML reader finds, and how much that is none.

On the pages that trafilatura is evaluated with, or others of that form: a folder
``extraction`` in the folder of the data, with ``evaldata.json`` (address → ``file``, texts
that must be ``with`` and texts that must be ``without``) and the pages in ``cache``,
``eval`` or beside it. The project ships none of them: take ``tests`` of
https://github.com/adbar/trafilatura for that folder.

A text counts as found if it stands in what was read, white space aside. The measure is
theirs: a text of ``with`` that is found is a true positive, one of ``without`` a false
positive. The text is that of the paragraphs of all posts of a page, without titles.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.metrics import Tally
from evaluation.rows import Row, not_here
from rights_search.errors import MissingExtraError
from rights_search.ingest import Source, read_file
from rights_search.ingest.html.trafilatura import extractor
from rights_search.post import Post

DATA = "trafilatura pages"
_OURS = ("precision", "recall", "F1", "F1, half read", "F1, other half")
_THEIRS = ("F1 with the extra", "F1 of trafilatura, fast", "F1 of trafilatura")
_FOLDERS = ("cache", "eval", "")


@dataclass(frozen=True, slots=True)
class Page:
    """A page and what is expected of it.

    Args:
        content: its bytes.
        wanted: texts that must be found.
        unwanted: texts that must not.
        is_read: whether it belongs to the half that was looked at while the reader was
            written; of the other half only these figures were seen.
    """

    content: bytes
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    is_read: bool


def score(folder: Path, *, quick: bool = False) -> list[Row]:
    """Measure the text of articles, with and without the extra, and trafilatura's own."""
    pages_folder = folder / "extraction"
    if not (pages_folder / "evaldata.json").is_file():
        return not_here(DATA, pages_folder, *_OURS, *_THEIRS)
    pages = list(_pages(pages_folder))[:: 4 if quick else 1]
    size = f"{len(pages):,} pages"
    with _base_install():
        tallies = [_tally(page, _read(page.content)) for page in pages]
    whole = _sum(tallies)
    halves = [
        _sum([tally for tally, page in zip(tallies, pages, strict=True) if page.is_read == is_read])
        for is_read in (True, False)
    ]
    values = (whole.precision, whole.recall, whole.f1, *(half.f1 for half in halves))
    rows = [Row(DATA, name, value, size) for name, value in zip(_OURS, values, strict=True)]
    try:
        theirs = extractor()
    except MissingExtraError as error:
        return [*rows, *not_here(DATA, error, *_THEIRS)]
    finders: Sequence[Callable[[bytes], str]] = (
        _read,
        lambda content: theirs(content, fast=True) or "",
        lambda content: theirs(content, fast=False) or "",
    )
    for name, find in zip(_THEIRS, finders, strict=True):
        total = _sum([_tally(page, find(page.content)) for page in pages])
        rows.append(Row(DATA, name, total.f1, size))
    return rows


def _pages(folder: Path) -> Iterator[Page]:
    expected: dict[str, Any] = json.loads((folder / "evaldata.json").read_text(encoding="utf-8"))
    for address, item in sorted(expected.items()):
        paths = (folder / name / item["file"] for name in _FOLDERS)
        path = next((path for path in paths if path.is_file()), None)
        if path is not None:
            is_read = hashlib.sha256(address.encode()).digest()[0] % 2 == 0
            yield Page(path.read_bytes(), tuple(item["with"]), tuple(item["without"]), is_read)


def _read(content: bytes) -> str:
    """Return the text of a page as the program reads it."""
    items = read_file(Source(Path("page.html"), "page.html", "0" * 64, content=content))
    return "\n".join(item.body for item in items if isinstance(item, Post))


def _tally(page: Page, text: str) -> Tally:
    found = _plain(text)
    right = sum(_plain(piece) in found for piece in page.wanted)
    wrong = sum(_plain(piece) in found for piece in page.unwanted)
    return Tally(right, wrong, len(page.wanted) - right)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _sum(tallies: Sequence[Tally]) -> Tally:
    return Tally(
        sum(tally.right for tally in tallies),
        sum(tally.wrong for tally in tallies),
        sum(tally.missed for tally in tallies),
    )


@contextmanager
def _base_install() -> Iterator[None]:
    """Read as an installation without the extra does."""
    installed = sys.modules.get("trafilatura")
    sys.modules["trafilatura"] = None  # type: ignore[assignment] # so Python says "not there"
    extractor.cache_clear()
    try:
        yield
    finally:
        del sys.modules["trafilatura"]
        if installed is not None:
            sys.modules["trafilatura"] = installed
        extractor.cache_clear()
