"""Markdown: a list with a citation and the place in the corpus for each post."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TextIO

from rights_search.exports import citation
from rights_search.post import Post

# Dialects part ways over the rest; these begin markup in one of them.
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&#|~$^!@:=]")
# At the start of an item these would begin another list, a rule or a heading's line.
_AT_START = re.compile(r"\A(\d+(?=[.)])|(?=[-+]))")


def write(posts: Iterable[Post], stream: TextIO) -> None:
    """Write an item of two lines for each post."""
    for post in posts:
        parts = citation.parts(post, escape, "*{}*".format, "<{}>".format)
        stream.write(f"- {'. '.join(parts)}\\\n  {escape(citation.place(post))}\n")


def escape(text: str) -> str:
    """Return a text that Markdown shows as it is, at the start of a line too."""
    return _AT_START.sub(r"\1\\", _SPECIAL.sub(r"\\\g<0>", text))
