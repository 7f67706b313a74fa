"""Errors that the library raises.

::

    RightsSearchError
    ├── ReadError              a file, or one record in it, cannot be read
    ├── QueryError             a query cannot be understood; points at the place
    ├── IndexUnavailableError  an index is missing, foreign or damaged
    │   └── IndexBusyError     another process is changing it
    ├── NoSuchPostError        no post has that id, or several ids begin so
    └── MissingExtraError      an optional library is not installed

Values stay as attributes; ``str(error)`` is one line that names the place and
says what to do next.
"""

from __future__ import annotations

import unicodedata
from typing import Self


class RightsSearchError(Exception):
    """Base of every error this package raises on purpose."""


class ReadError(RightsSearchError):
    """Say that a source, or one record in it, cannot be read.

    Args:
        source: the file, as a path relative to the corpus root.
        reason: what is wrong and, where there is one, the way out.
        line: the 1-based line where it went wrong, if known.
        fatal: True when nothing after this point of the source was read.
    """

    def __init__(
        self, source: str, reason: str, *, line: int | None = None, fatal: bool = False
    ) -> None:
        self.source = source
        # One line, whatever it quotes.
        self.reason = reason if len(reason.splitlines()) < 2 else " ".join(reason.split())  # noqa: PLR2004
        self.line = line
        self.fatal = fatal
        # Only what the constructor takes by place: else no process could send it back.
        super().__init__(source, reason)

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        return f"{place}: {self.reason}"


class QueryError(RightsSearchError):
    """Say what is wrong with a query or a filter, and where.

    Args:
        query: the whole query text; if a filter is at fault, its value.
        start: offset of the first character at fault, in characters.
        end: offset behind the last character at fault.
        reason: what is wrong, with a suggestion where there is one; it becomes one line,
            whatever value it names.
        option: the filter or other option at fault, such as ``not_country``; None for the
            query itself.
    """

    def __init__(
        self, query: str, start: int, end: int, reason: str, option: str | None = None
    ) -> None:
        self.query = query
        self.start = start
        self.end = max(end, start + 1)
        self.reason = " ".join(reason.splitlines())
        self.option = option
        super().__init__(query, start, end, self.reason, option)

    def __str__(self) -> str:
        return self.reason

    def pointer(self, *, width: int = 76) -> str:
        """Return the reason, the query and a caret line under the place at fault.

        A long query is cut to ``width`` characters around the place.
        """
        # Tabs and line ends would move the caret away from its place.
        text = "".join(char if char.isprintable() else " " for char in self.query)
        left = max(0, min(self.start - width // 3, len(text) - width))
        shown = text[left : left + width]
        before = _columns(text[left : self.start])
        carets = "^" * max(1, _columns(text[self.start : min(self.end, left + width)]))
        return f"{self.reason}\n  {shown}\n  {' ' * before}{carets}"


def _columns(text: str) -> int:
    """Return how many columns of a terminal ``text`` fills: ideographs take two."""
    marks = sum(unicodedata.combining(char) > 0 for char in text)
    wide = sum(unicodedata.east_asian_width(char) in {"W", "F"} for char in text)
    return len(text) - marks + wide


class IndexUnavailableError(RightsSearchError):
    """Say why an index cannot be used, and which command mends it."""

    def __init__(self, index: str, reason: str) -> None:
        self.index = index
        self.reason = reason
        super().__init__(index, reason)

    def __str__(self) -> str:
        return f"{self.index}: {self.reason}"

    @classmethod
    def of_another_version(cls, index: str, what: str) -> Self:
        """Return the error for an index that is whole, and not for this program.

        Args:
            index: its folder.
            what: what is different in it.
        """
        mend = f"run: rights-search index --rebuild CORPUS --index {index}"
        return cls(index, f"was made by another version of rights-search ({what}); {mend}")


class IndexBusyError(IndexUnavailableError):
    """Say that another process is changing an index, or has just done so."""


class NoSuchPostError(RightsSearchError):
    """Say that an id stands for no post, or for several.

    Args:
        post_id: the id that was asked for.
        reason: what is wrong with it.
        candidates: some of the ids that begin so, where there are several.
    """

    def __init__(self, post_id: str, reason: str, candidates: tuple[str, ...] = ()) -> None:
        self.post_id = post_id
        self.reason = reason
        self.candidates = candidates
        super().__init__(post_id, reason, candidates)

    def __str__(self) -> str:
        return self.reason


class MissingExtraError(RightsSearchError):
    """Say which optional library is missing and how to install it.

    From the folder of the program and not by its name: in a registry of packages that name may be
    a stranger's.
    """

    def __init__(self, library: str, extra: str) -> None:
        self.library = library
        self.extra = extra
        super().__init__(library, extra)

    def __str__(self) -> str:
        return (
            f"{self.library} is not installed; in the folder of rights-search, run: "
            f"pip install '.[{self.extra}]'"
        )
