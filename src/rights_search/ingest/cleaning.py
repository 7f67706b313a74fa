"""White space and control characters: what every reader does to a piece of text."""

from __future__ import annotations

import re

# Form feeds, next-line and the Unicode separators stand between words, so they
# are white space (as Python's \s has it) and not dropped with the other controls.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_SPACES = re.compile(r"\s+")


def normalise(text: str) -> str:
    """Return ``text`` on one line, each run of white space one space, no controls.

    No-break and thin spaces, tabs, line ends and form feeds are white space.
    C0 and C1 controls are dropped; every other character stays, direction marks
    and joiners included.
    """
    return _SPACES.sub(" ", _CONTROLS.sub("", text)).strip()
