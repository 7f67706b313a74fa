"""A short fingerprint of a post, by which a sync tells whether it changed."""

from __future__ import annotations

import hashlib
import json
from operator import attrgetter

from rights_search.post import PartialDate, Post
from rights_search.values import field_names

VERSION = 2
"""Raised whenever the same post would have another digest."""

_DIGITS = 15

_VALUES = attrgetter(*(name for name in field_names(Post) if name != "provenance"))


def _plain(date: PartialDate) -> tuple[str, str, tuple[str, ...]]:
    return date.iso, date.origin, date.flags


# To a list that JSON can spell tags are, being tuples; `to_dict` would take most of the time.
_spelt = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_plain
).encode


def digest(post: Post) -> str:
    """Return a short fingerprint of everything in a post, provenance left out."""
    text = _spelt(_VALUES(post))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
