"""What a page may hold before a tree is made of it, which nothing can stop half way."""

from __future__ import annotations

import re

from rights_search.errors import ReadError

MAX_TAGS = 1_000_000
"""How many tags a page may have: a tree of so many takes some 600 MB and ten seconds."""

MAX_ATTRIBUTES = 10_000
"""How many attributes a tag may have: the parser compares each with all before it."""


def check_bounds(text: str, name: str) -> None:
    """Raise a `ReadError` for a page whose tree would take without measure.

    Args:
        text: the page.
        name: what people see of the file.
    """
    # No page of fewer characters can be beyond either, and most are of fewer.
    if len(text) < _FREE_CHARS:
        return
    if text.count("<") > MAX_TAGS:
        reason = f"holds more than {MAX_TAGS:,} tags, the limit for one page; split it"
        raise ReadError(name, reason, fatal=True)
    # Taken at once, for to look at each as it is found takes half as long again.
    if max(map(len, _TAG.findall(text)), default=0) <= MAX_ATTRIBUTES:
        return
    for tag in _TAG.finditer(text):
        if len(tag[0]) > MAX_ATTRIBUTES and _attributes(tag[0]) > MAX_ATTRIBUTES:
            line = text.count("\n", 0, tag.start()) + 1
            reason = f"a tag has more than {MAX_ATTRIBUTES:,} attributes, the limit; mend the page"
            raise ReadError(name, reason, line=line, fatal=True)


_FREE_CHARS = 128 * 2**10
# Angle brackets in quotes do not end a tag; what was matched is not looked at again.
_TAG = re.compile(r"<[A-Za-z][^'\"<>]*+(?:(?:\"[^\"]*+\"|'[^']*+')[^'\"<>]*+)*+")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_ATTRIBUTE = re.compile(r"\s[^\s=>]")


def _attributes(tag: str) -> int:
    return len(_ATTRIBUTE.findall(_QUOTED.sub("", tag)))
