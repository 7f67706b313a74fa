"""A second opinion on pages that do not mark their text: trafilatura, if it is installed.

It is an extra, for it brings a dozen packages and takes some thirty times as long as
reading a marked page.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from rights_search.errors import MissingExtraError
from rights_search.ingest.paragraphs import tidy

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


@dataclass(frozen=True, slots=True)
class Guess:
    """A text that nothing marks.

    Args:
        paragraphs: the text.
        note: who found it, as a sentence of the post's notes.
    """

    paragraphs: tuple[str, ...]
    note: str


def second_opinion(markup: str, body: Element, ours: tuple[str, ...]) -> Guess:
    """Return the text of a page as trafilatura finds it, or ours where it cannot.

    Args:
        markup: the page.
        body: its body.
        ours: the paragraphs that we would take.
    """
    unasked = _why_unasked(markup, body)
    if unasked is not None:
        return Guess(ours, unasked)
    try:
        theirs = _ask(markup, _LEAST_SHARE * sum(map(len, ours)))
    except MissingExtraError as error:
        return Guess(ours, f"{_OURS} ({error})")
    except Exception as error:  # noqa: BLE001 - others' code on others' pages
        return Guess(ours, f"{_OURS} (trafilatura failed: {type(error).__name__})")
    # Pages whose frame is a table come back as that table.
    if not theirs or any(line.startswith("|") for line in theirs):
        return Guess(ours, f"{_OURS} (trafilatura found no text in it)")
    return Guess(theirs, f"{_UNMARKED}: trafilatura found it, which is a guess")


def _why_unasked(markup: str, body: Element) -> str | None:
    """Return the note on a page that is too small, deep or large to ask; None if it is not."""
    if len(markup) < MIN_CHARS:
        return _OURS
    if is_costly(body):
        return f"{_OURS} (its tags nest too deeply for trafilatura)"
    return f"{_OURS} (it is too large for trafilatura)" if len(markup) > MAX_CHARS else None


def is_costly(root: Element) -> bool:
    """Say whether trafilatura would take too long for a page, as it asks elements for all around.

    Args:
        root: its body.
    """
    from lxml import etree  # noqa: PLC0415

    depth = asked = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        if depth > _FREE_DEPTH:
            asked += depth
            if asked > _MAX_ASKED:
                return True
    return False


_FREE_DEPTH = 50
"""Pages of sites hardly nest deeper."""

_MAX_ASKED = 300_000
"""How many elements stand around those that are deeper, each counted for each: half a second."""

MIN_CHARS = 2000
"""A smaller page has no room for much beside its text."""

MAX_CHARS = 2 * 2**20
"""A larger page is not handed to trafilatura, whose time and memory have no bound."""

_UNMARKED = "the page does not mark its text"
_OURS = f"{_UNMARKED}: the part with the most running text was taken, which is a guess"
_LEAST_SHARE = 0.5


def _ask(markup: str, least_chars: float) -> tuple[str, ...]:
    """Return what trafilatura finds, if it is not much less than we did.

    Its fast mode is asked first, then its default, which compares several ways.
    """
    extract = extractor()
    for is_fast in (True, False):
        text = extract(markup, fast=is_fast) or ""
        if len(text) >= least_chars:
            lines = (tidy(line.removeprefix("- ")) for line in text.splitlines())
            return tuple(filter(None, lines))
    return ()


@cache
def extractor() -> Any:
    """Return trafilatura's function, imported at its first use.

    Raises:
        MissingExtraError: if it is not installed.
    """
    try:
        from trafilatura import extract  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("trafilatura", "articles") from error
    # It logs what it passes over; the library never logs, the notes say it.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    return partial(extract, include_comments=False, include_tables=True)
